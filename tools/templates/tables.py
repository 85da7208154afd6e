"""The tables of the first sheet: the summary by app, the lines in their groups, totals, tax, packs, remarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tools.templates.sheet import (
    BODY,
    DATE,
    FIGURE,
    FITS,
    HAIR,
    HEAD,
    INK,
    MONEY,
    QUANTITY,
    RIGHT,
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

DETAIL = 14.25
"""The height of a row of small print: Chinese characters of its size stand clear of the rule below it."""


def summary(sheet: SheetMaker, say: Words) -> None:
    """What each product of each app comes to, before the lines, where there are several apps."""
    tied = "{{ with several apps }}"
    sheet.row(16, ("A:G", say("按应用和产品汇总", "Summary by app and product") + tied, SECTION))
    head = look(HEAD, RULED)
    for also in ("", "{{ with continued }}"):
        sheet.row(
            16,
            ("A", say("应用", "App") + tied + also, head),
            ("B:E", say("产品", "Product"), head),
            ("F:G", say("金额", "Amount"), look(head, RIGHT)),
        )
    cell = look(BODY, UNDER, font_size=8)
    sheet.row(
        12.75,
        ("A", "{{ group.first_of_app }}", look(cell, bold=True)),
        ("B:E", "{{ group.title }}" + tied, cell),
        ("F:G", "{{ group.subtotal }}", look(cell, FIGURE, MONEY)),
    )
    sheet.row(14, ("A", tied, BODY))


def members(sheet: SheetMaker, say: Words) -> None:
    """What each customer comes to, before everything else, on a bill for several."""
    tied = "{{ with member }}"
    sheet.row(16, ("A:G", say("按客户汇总", "Summary by customer") + tied, SECTION))
    head = look(HEAD, RULED)
    names = (say("客户代码", "Code"), say("客户", "Customer"), say("金额", "Amount"))
    for also in ("", "{{ with continued }}"):
        cells = ("A", names[0] + tied + also, head), ("B:E", names[1], head), ("F:G", names[2], look(head, RIGHT))
        sheet.row(16, *cells)
    cell = look(BODY, UNDER, font_size=8.5)
    sheet.row(
        15,
        ("A", "{{ member.code }}", look(cell, bold=True)),
        ("B:E", "{{ member.name }}", look(cell, text_wrap=True)),
        ("F:G", "{{ member.subtotal }}", look(cell, FIGURE, MONEY)),
    )
    sheet.row(14, ("A", tied, BODY))


@dataclass(frozen=True)
class LineColumns:
    """Which columns of the page hold what of a line, on the bills to which `tie` ties the rows."""

    tie: str
    item: str
    figures: tuple[tuple[str, str], ...]  # where each figure stands: used, included ...
    per: str  # where it stands of what the price is
    free: str  # where nothing stands below a line
    was: tuple[str, str]  # where it is said that the price was another, and where that stands

    def of(self, figure: str) -> str:
        """Where a figure stands."""
        return next(where for where, name in self.figures if name == figure)


PLAIN = LineColumns(
    "{{ without bill.balances_drawn }}{{ without bill.saved }}",
    "A:B",
    (("C", "used"), ("D", "included"), ("E", "units"), ("F", "price"), ("G", "amount")),
    "E:F",
    "D",
    ("D:E", "F"),
)
DRAWING = LineColumns(
    "{{ with bill.balances_drawn }}{{ without bill.saved }}",
    "A",
    (("B", "used"), ("C", "included"), ("D", "drawn"), ("E", "units"), ("F", "price"), ("G", "amount")),
    "E:F",
    "C",
    ("D:E", "F"),
)
"""Where lines draw on packs, these take a column of their own, which would else stand empty."""
SAVING = LineColumns(
    "{{ with bill.saved }}",
    "A",
    (("B", "used"), ("C", "units"), ("D", "price"), ("E", "list_amount"), ("F", "saved"), ("G", "amount")),
    "C:D",
    "E",
    ("C", "D"),
)
"""Where contracts save something: the amount at list prices, what is saved, and what is charged. What is included and
drawn of a line stands below it, in words."""
ALL_COLUMNS = (PLAIN, DRAWING, SAVING)


def line_table(sheet: SheetMaker, say: Words, nothing: str) -> None:
    """The lines in their groups, under headings that stand again on each page."""
    said = {
        "used": say("用量", "Quantity", "\n"),
        "included": say("套餐额度", "Included", "\n"),
        "drawn": _of_balances(say, "balances_drawn"),
        "units": say("计费数量", "Billed units", "\n"),
        "price": say("单价", "Unit price", "\n"),
        "list_amount": say("官网价", "List amount", "\n"),
        "saved": say("优惠", "Saved", "\n"),
        "amount": say("金额", "Amount", "\n"),
    }
    head, item = look(HEAD, RULED), say("项目", "Item", "\n")

    def headed(columns: LineColumns) -> int:
        names = {**said, "amount": say("应付", "Amount", "\n")} if columns is SAVING else said
        return sheet.row(
            27 if say.mode == "both" else 18,
            (columns.item, item + "{{ with line }}" + columns.tie, head),
            *((where, names[name], look(head, RIGHT)) for where, name in columns.figures),
        )

    rows = [headed(columns) for columns in ALL_COLUMNS]
    sheet.titles = rows[0], rows[-1]
    _group_headings(sheet, say)
    top = look(BODY, HAIR, valign="bottom")
    figure = look(top, FIGURE)
    for columns in ALL_COLUMNS:
        sheet.row(
            16.5,
            (columns.item, "{{ line.title }}" + columns.tie, look(top, text_wrap=True)),
            *(
                (where, f"{{{{ line.{name} }}}}", look(figure, MONEY if name in _MONEY else QUANTITY))
                for where, name in columns.figures
            ),
        )
    _line_details(sheet, say)
    sheet.row(24, ("A:G", nothing + "{{ without line }}", look(BODY, HAIR)))
    strong, money = look(STRONG, HAIR), look(STRONG, HAIR, FIGURE, MONEY)
    sheet.row(
        18,
        ("A:D", say("合计", "Sum") + "{{ with bill.saved }}", strong),
        ("E", "{{ bill.list_total }}", money),
        ("F", "{{ bill.saved }}", money),
        ("G", "=SUM({{ line.amount }})", money),
    )
    sheet.row(5, band={"bottom": 1, "bottom_color": f"#{INK}"})


_MONEY = {"price", "list_amount", "saved", "amount"}


def _group_headings(sheet: SheetMaker, say: Words) -> None:
    title = look(STRONG, font_size=9.5, font_color=f"#{INK}", valign="bottom")
    app = look(SMALL, RIGHT, valign="bottom")
    of_app = say.before("应用", "App") + "{{ group.app }} · {{ group.owner }}"
    subtotal = look(title, FIGURE, MONEY)
    sheet.row(21, ("A:C", "{{ group.title }}", title), ("D:F", of_app, app), ("G", "{{ group.subtotal }}", subtotal))
    again = say("（续）", " (continued)", "")
    if say.mode == "both":
        again = "（续 continued）"
    sheet.row(21, ("A:C", "{{ group.title }}" + again + "{{ with continued }}", title), ("D:F", of_app, app))


def _line_details(sheet: SheetMaker, say: Words) -> None:
    """The small print of a line: its days, its units, what it cost before, how a sum came about."""
    style = look(SMALL, valign="vcenter")
    wide = look(style, text_wrap=True)
    when = "{{ line.period }} · {{ line.pay }} · " + say.before("税率", "tax") + "{{ line.tax_rate }}"
    for tie, per in (("with", "/ {{ line.block }} {{ line.unit }}"), ("without", "/ {{ line.unit }}")):
        for columns in ALL_COLUMNS:
            sheet.row(
                DETAIL,
                (columns.item, when, look(style, FITS)),
                (columns.free, columns.tie + f"{{{{ {tie} line.block }}}}", look(style, FITS)),
                (columns.of("used"), "{{ line.unit }}", look(style, RIGHT, shrink=True)),
                (columns.per, per, look(style, RIGHT, shrink=True)),
                ("G", say.before("税额", "Tax") + "{{ line.tax }}", look(style, RIGHT, shrink=True)),
            )
    contract = say.before("合同", "Contract") + "{{ line.contract }} · {{ line.saving }}"
    by_days = {"zh": "按天折算：", "en": "By days: ", "both": "按天折算 By days: "}[say.mode]
    by_days += "{{ line.price }} × {{ line.quantity }} × {{ line.days }} ÷ {{ line.of_days }}" + say("天", " days", "")
    by_days += "{{ with line.of_days }}"

    def beside_list_price(words: str, how: Look) -> None:
        for columns in ALL_COLUMNS[1:]:
            label, price = columns.was
            tie = "{{ with bill.saved }}" if columns is SAVING else "{{ without bill.saved }}"
            sheet.row(
                DETAIL,
                ("A" if columns is SAVING else "A:C", words + tie, how),
                (label, say("原价", "List price") + "{{ with line.list_price }}", look(style, RIGHT)),
                (price, "{{ line.list_price }}", look(style, FIGURE, MONEY, font_strikeout=True)),
            )

    beside_list_price(contract + "{{ without line.of_days }}", wide)
    sheet.row(DETAIL, ("A:D", contract + "{{ without line.list_price }}", wide))
    sheet.row(DETAIL, ("A:D", contract + "{{ with line.list_price }}{{ with line.of_days }}", wide))
    quota = say.before("套餐额度", "Included") + "{{ line.included }} · "
    quota += say.before("抵扣", "drawn") + "{{ line.drawn }}"
    sheet.row(DETAIL, ("A:F", quota + "{{ with bill.saved }}", wide))
    sheet.row(DETAIL, ("A:F", "{{ line.remark }}{{ without line.of_days }}", wide))
    beside_list_price(by_days, look(style, FITS))
    sheet.row(DETAIL, ("A:F", by_days + "{{ without line.list_price }}", wide))
    original = say.before("原账期", "Billed in") + "{{ line.refund_month }} · "
    original += say.before("原账单编号", "bill no.") + "{{ line.refund_bill }}"
    sheet.row(DETAIL, ("A:F", original + " · {{ line.reason }}", wide))
    for of_minimum in _minimums(say):
        sheet.row(DETAIL, ("A:F", of_minimum, wide))


def _minimums(say: Words) -> tuple[str, ...]:
    """What a minimum makes up for, a row for each language."""
    zh = "最低消费{{ line.floor }}，本期已计{{ line.subtotal }}，不足部分补足"
    en = "At least {{ line.floor }}; {{ line.subtotal }} charged so far, the rest is made up"
    tie = "{{ with line.floor }}"
    return {"zh": (zh + tie,), "en": (en + tie,), "both": (zh + tie, en + tie)}[say.mode]


Sum: TypeAlias = tuple[str, str]
"""What a sum is called, and its mark (with what its row is tied to in the label)."""


def totals(sheet: SheetMaker, before: Sequence[Sum], main: Sum, after: Sequence[Sum] = ()) -> None:
    """The sums at the foot of the table: what leads to the amount to look at, that amount, what remains."""

    def small(label: str, shown: str) -> None:
        sheet.row(15, ("B:F", label, look(BODY, RIGHT)), ("G", shown, look(BODY, FIGURE, MONEY)))

    for label, shown in before:
        small(label, shown)
    strong = look(STRONG, RIGHT, HAIR, font_size=10.5, font_color=f"#{INK}")
    sheet.row(22, ("C:E", main[0], strong), ("F:G", main[1], look(strong, SIGNED, font_size=13, shrink=True)))
    for label, shown in after:
        small(label, shown)
    sheet.row(6)


def taxes(sheet: SheetMaker, say: Words) -> None:
    head, cell = look(HEAD, UNDER), look(BODY, font_size=8.5)
    places = ("B:C", "D:E", "F", "G")
    names = (say("含税小计", "Sum of items"), say("不含税金额", "Net"), say("税额", "Tax"), say("价税合计", "Gross"))
    sheet.row(
        16,
        ("A", say("税率", "Tax rate"), head),
        *((w, n, look(head, RIGHT)) for w, n in zip(places, names, strict=True)),
    )
    marks = ("lines", "net", "tax", "gross")
    sheet.row(
        15,
        ("A", "{{ tax.rate }}", look(cell, align="left", num_format="0%")),
        *((w, f"{{{{ tax.{m} }}}}", look(cell, FIGURE, MONEY)) for w, m in zip(places, marks, strict=True)),
    )
    sheet.row(13, ("A:G", "{{ tax.title }}", look(cell, font_size=7.5)))  # what a book with several rates calls it
    sheet.row(8)


def _of_balances(say: Words, mark: str) -> str:
    """What a heading says by what the balances are of: packs, allowances, what is counted over a year."""
    return say(f"{{{{ bill.{mark}.zh }}}}", f"{{{{ bill.{mark}.en }}}}", "\n")


def packs(sheet: SheetMaker, say: Words) -> None:
    """The balances; where some of one lapsed, in a column of its own, the unit then stands with the name."""
    named = "{{ pack.title }} · {{ pack.app }}"
    _packs(sheet, say, "{{ without bill.balances_lapsed }}", named, ("unit", "opening", "drawn", "closing"))
    with_unit = named + " · {{ pack.unit }}"
    _packs(sheet, say, "{{ with bill.balances_lapsed }}", with_unit, ("opening", "drawn", "lapsed", "closing"))


def _packs(sheet: SheetMaker, say: Words, tied: str, named: str, marks: Sequence[str]) -> None:
    head, cell, tied = look(HEAD, UNDER), look(BODY, font_size=8.5), "{{ with pack }}" + tied
    said = {
        "bought": _of_balances(say, "balances_since"),
        "expires": say("有效期至", "Valid until", "\n"),
        "unit": say("单位", "Unit", "\n"),
        "opening": say("期初", "Opening", "\n"),
        "drawn": _of_balances(say, "balances_used"),
        "lapsed": _of_balances(say, "balances_lapsed"),
        "closing": say("期末", "Closing", "\n"),
    }
    formats = {"bought": (FIGURE, DATE), "expires": (FIGURE, DATE), "unit": (FIGURE,)}
    columns = tuple(zip("BCDEFG", ("bought", "expires", *marks), strict=True))
    sheet.row(
        27 if say.mode == "both" else 16,
        ("A", _of_balances(say, "balances") + tied, head),
        *((letter, said[mark], look(head, RIGHT)) for letter, mark in columns),
    )
    sheet.row(
        15,
        ("A", named + tied, look(cell, text_wrap=True)),
        *((w, f"{{{{ pack.{mark} }}}}", look(cell, *formats.get(mark, (FIGURE, QUANTITY)))) for w, mark in columns),
    )
    sheet.row(8, ("A", tied, BODY))


def remarks(sheet: SheetMaker, say: Words) -> None:
    sheet.row(16, ("A:G", say("备注", "Remarks") + "{{ with remark }}", look(SECTION, UNDER)))
    sheet.row(14, ("A:G", "{{ remark.text }}", look(BODY, WRAP, font_size=8.5)))
    sheet.row(8, ("A", "{{ with remark }}", BODY))
