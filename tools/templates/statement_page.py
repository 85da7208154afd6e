"""The statement of account: what was billed and paid, what is open and since when, and where it is confirmed."""

from tools.templates.head import NOTE, letterhead, parties
from tools.templates.sheet import (
    BODY,
    DATE,
    FIGURE,
    HAIR,
    HEAD,
    INK,
    MONEY,
    QUANTITY,
    RIGHT,
    RULE,
    RULED,
    SECTION,
    SIGNED,
    SMALL,
    STRONG,
    UNDER,
    WRAP,
    Look,
    SheetMaker,
    Words,
    look,
)

WIDTHS = (13.0, 21.0, 27.0, 11.0, 14.5, 14.5, 16.0)
SMALLER = look(BODY, font_size=8.5)


def statement_page(say: Words) -> SheetMaker:
    """The statement's page."""
    sheet = SheetMaker(say("对账单", "Statement"), WIDTHS)
    letterhead(sheet, say, say("对账单", "STATEMENT"))
    facts = [
        (say("对账期间", "Period"), "{{ statement.period }}"),
        (say("截止日", "As of"), "{{ statement.until }}"),
        (say("制表日", "Made on"), "{{ statement.made }}"),
        (say("币种", "Currency"), "{{ statement.currency_name }}"),
        (say("客户编号", "Customer"), "{{ customer.code }}"),
    ]
    tax_id = say.before("统一社会信用代码", "Tax ID") + "{{ customer.tax_id }}"
    parties(sheet, say, facts, say("购买方", "Customer"), tax_id, across="A:C")
    _documents(sheet, say)
    _open(sheet, say)
    _ageing(sheet, say)
    _foot(sheet, say)
    return sheet


def _documents(sheet: SheetMaker, say: Words) -> None:
    """What was billed and paid, and what is owed after each document."""
    head, cell = look(HEAD, RULED), look(SMALLER, UNDER)
    names: tuple[tuple[str, Look], ...] = (
        *((say("日期", "Date"), {}), (say("类别", "Kind"), {}), (say("编号或附言", "Number or reference"), {})),
        *((say("账期", "Month"), {}), (say("应收", "Charged"), RIGHT), (say("收款", "Paid"), RIGHT)),
        (say("余额", "Balance"), RIGHT),
    )
    row = sheet.row(18, *((w, name, look(head, to)) for w, (name, to) in zip("ABCDEFG", names, strict=True)))
    sheet.titles = row, row
    strong = look(STRONG, FIGURE, MONEY, UNDER, font_size=8.5)
    opening = say("期初余额", "Opening balance")
    sheet.row(17, ("A:F", opening, look(cell, bold=True)), ("G", "{{ statement.opening }}", strong))
    money = look(cell, FIGURE, MONEY)
    sheet.row(
        16,
        ("A", "{{ entry.date }}", look(cell, DATE, align="left")),
        ("B", "{{ entry.kind }}", look(cell, text_wrap=True)),
        ("C", "{{ entry.reference }}", look(cell, text_wrap=True)),
        ("D", "{{ entry.month }}", cell),
        ("E", "{{ entry.charged }}", money),
        ("F", "{{ entry.paid }}", money),
        ("G", "{{ entry.balance }}", money),
    )
    nothing = say("本期没有往来", "Nothing was billed or paid in this period")
    sheet.row(18, ("A:G", nothing + "{{ without entry }}", look(cell, SMALL)))
    whole = look(STRONG, HAIR, font_color=f"#{INK}", top_color=f"#{INK}")
    figure = look(whole, FIGURE, MONEY)
    sheet.row(
        19,
        ("A:D", say("合计与期末余额", "Total, and closing balance"), whole),
        *((w, f"{{{{ statement.{m} }}}}", figure) for w, m in zip("EFG", ("charged", "paid", "closing"), strict=True)),
    )
    verdict = look(STRONG, RIGHT, font_size=10.5, font_color=f"#{INK}")
    closing = look(verdict, FIGURE, SIGNED, font_size=13)
    sheet.row(24, ("A:E", "{{ statement.verdict }}", verdict), ("F:G", "=ABS({{ statement.closing }})", closing))
    words = say("（大写）", "In words: ", "") + "{{ statement.closing_words }}"
    sheet.row(15, ("A:G", words, look(SMALLER, RIGHT, text_wrap=True)))
    sheet.row(8)


def _open(sheet: SheetMaker, say: Words) -> None:
    """The bills that are not paid in full."""
    tied, head, cell = "{{ with open }}", look(HEAD, UNDER), look(SMALLER, UNDER)
    sheet.row(16, ("A:G", say("未结账单", "Open bills") + tied, SECTION))
    names: tuple[tuple[str, str, Look], ...] = (
        *(("A:B", say("账单编号", "Number") + tied, {}), ("C", say("账期", "Month"), {})),
        *(("D:E", say("最晚付款日", "Due date"), RIGHT), ("F", say("逾期天数", "Days overdue"), RIGHT)),
        ("G", say("未结金额", "Open"), RIGHT),
    )
    sheet.row(16, *((where, name, look(head, to)) for where, name, to in names))
    sheet.row(
        16,
        ("A:B", "{{ open.number }}", cell),
        ("C", "{{ open.month }}", cell),
        ("D:E", "{{ open.due_on }}", look(cell, RIGHT, DATE)),
        ("F", "{{ open.late }}", look(cell, FIGURE, QUANTITY)),
        ("G", "{{ open.amount }}", look(cell, FIGURE, MONEY)),
    )
    sheet.row(8, ("A", tied, BODY))


def _ageing(sheet: SheetMaker, say: Words) -> None:
    """What is open by how long it is overdue, less the money that is assigned to no bill: the closing balance again."""
    cell = look(SMALLER, UNDER)
    money = look(cell, FIGURE, MONEY)
    sheet.row(16, ("A:G", say("账龄", "Ageing"), look(SECTION, UNDER)))
    sheet.row(16, ("A:F", "{{ age.title }}", cell), ("G", "{{ age.amount }}", money))
    unassigned = say("减：未分配款项", "Less money that is assigned to no bill")
    sheet.row(16, ("A:F", unassigned, cell), ("G", "{{ statement.unassigned }}", money))
    strong = look(STRONG, font_size=8.5)
    whole = say("合计（等于期末余额）", "Total, equal to the closing balance")
    sheet.row(
        17,
        ("A:E", whole, strong),
        ("F", "{{ statement.agrees }}", look(strong, RIGHT)),
        ("G", "{{ statement.aged }}", look(strong, FIGURE, MONEY)),
    )
    sheet.row(8)


def _foot(sheet: SheetMaker, say: Words) -> None:
    """Where to pay, until when to object, and where both sides sign."""
    account = say("收款账号：", "Pay to: ") + "{{ seller.name }} · {{ seller.bank }} · {{ seller.account }}"
    sheet.row(15, ("A:G", account, look(SMALLER, WRAP)))
    sheet.row(15, ("A:G", say("对账联系：", "Questions to: ") + "{{ seller.contact }}", look(SMALLER, WRAP)))
    told = say(
        "付款时请在附言中写明账单编号。收到本对账单后请核对；如有异议，请于十个工作日内书面提出。本对账单不作为发票或报销凭证。",
        "Please quote the invoice number with each payment. Let us know of any difference within ten working days. "
        "This statement is no tax invoice.",
    )
    sheet.row(15, ("A:G", told, NOTE))
    sheet.row(6)

    def box(**sides: int) -> Look:
        return look(SMALLER, **sides, **{f"{side}_color": f"#{RULE}" for side in sides})

    first, middle, last = {"top": 1}, dict[str, int](), {"bottom": 1}
    agreed, other = say("□ 核对无误", "□ Agreed"), say("□ 有异议（请附说明）", "□ Differences (please enclose)")
    rows = (
        (18, say("客户确认", "Customer"), "", say("销售方", "Seller"), first),
        (16, agreed, other, say("制表：", "Prepared by:"), middle),
        (24, say("签字（盖章）：", "Signature, seal:"), "", say("盖章：", "Seal:"), middle),
        (18, say("日期：", "Date:"), "", say("日期：", "Date:"), last),
    )
    for height, left, right, seller, sides in rows:
        bold = {"bold": True} if sides is first else {}
        sheet.row(
            height,
            ("A:B", left, look(box(left=1, **sides), bold, indent=1)),
            ("C", right, box(right=1, **sides)),
            ("D:G", seller, look(box(right=1, **sides), bold, indent=1)),
        )
