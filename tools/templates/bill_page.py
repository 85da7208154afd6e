"""The first sheet of an invoice or a quotation: what a customer's finance reads, pays and files."""

from tools.templates.head import NOTE, letterhead, parties
from tools.templates.sheet import (
    BAND,
    BODY,
    FIGURE,
    FITS,
    INK,
    MONEY,
    PALE,
    RULE,
    SECTION,
    SIGNED,
    SMALL,
    STRONG,
    UNDER,
    WRAP,
    Cell,
    SheetMaker,
    Words,
    look,
)
from tools.templates.tables import line_table, members, packs, remarks, summary, taxes, totals

SHADED = {"bg_color": f"#{BAND}"}
DUE = "{{ bill.due }}"
WIDTHS = (36.0, 14.0, 12.0, 11.5, 10.0, 13.5, 14.0)


def invoice_page(say: Words) -> SheetMaker:
    """The invoice's page."""
    sheet = SheetMaker(say("账单", "Invoice"), WIDTHS)
    letterhead(sheet, say, say("账单", "INVOICE"), "{{ bill.number }}", _draft(say))
    parties(sheet, say, _invoice_facts(say), say("购买方", "Bill to"))
    _due(sheet, say)
    members(sheet, say)
    summary(sheet, say)
    line_table(sheet, say, say("本期无费用", "No charges in this period"))
    due = say("本期应付金额", "Amount due")
    credit = "{{ with bill.credit }}"
    totals(
        sheet,
        (
            (say("价税合计", "Total"), "{{ bill.total }}"),
            (say("其中：预付费费用", "of it prepaid charges"), "{{ bill.prepaid }}"),
            (say("本期退款", "Refunded") + "{{ with bill.refunded }}", "{{ bill.refunded }}"),
            (say("上期结余", "Credit brought forward") + "{{ with bill.credit_opening }}", "{{ bill.credit_opening }}"),
            (say("结余抵减", "Credit used") + credit, "{{ bill.credit_used }}"),
        ),
        (_by_sign(due, say("应退金额", "Due back"), due), DUE),
        (
            (say("期末结余", "Credit carried forward") + credit, "{{ bill.credit }}"),
            (say("收款前未结金额", "Open before these payments"), "{{ bill.brought }}"),
            (say("本期已收", "Received since the last bill"), "{{ bill.received }}"),
            (say("往期未结金额", "Open from earlier bills"), "{{ bill.owed }}"),
            (say("累计应付金额（含本期）", "Account balance with this bill"), "{{ bill.balance }}"),
        ),
    )
    taxes(sheet, say)
    packs(sheet, say)
    remarks(sheet, say)
    _settling(sheet, say)
    _confirmation(sheet, say)
    return sheet


def quotation_page(say: Words) -> SheetMaker:
    """The quotation's page: the same table, and how to use it."""
    sheet = SheetMaker(say("报价", "Quotation"), WIDTHS)
    letterhead(sheet, say, say("报价单", "QUOTATION"), "{{ bill.number }}", _draft(say))
    facts = [
        (say("报价日期", "Quoted on"), "{{ bill.issued }}"),
        (say("有效期至", "Valid until"), "{{ bill.valid_until }}"),
        (say("计费月份", "Month"), "{{ bill.period }}"),
        (say("币种", "Currency"), "{{ bill.currency_name }}"),
    ]
    parties(sheet, say, facts, say("报价对象", "Quoted to"))
    sheet.row(
        18,
        *_panel_labels(say("报价合计", "Total"), say("预付费费用", "Prepaid charges"), say("按用量后付", "By usage")),
        band=SHADED,
    )
    sheet.row(32, *_panel_figures("{{ bill.total }}", "{{ bill.prepaid }}", DUE), band=SHADED)
    sheet.row(12)
    summary(sheet, say)
    line_table(sheet, say, say("未选择任何项目", "Nothing is quoted"))
    totals(
        sheet,
        ((say("预付费费用", "Prepaid charges"), "{{ bill.prepaid }}"), (say("按用量后付", "Payable by usage"), DUE)),
        (say("报价合计", "Total"), "{{ bill.total }}"),
    )
    taxes(sheet, say)
    packs(sheet, say)
    remarks(sheet, say)
    sheet.row(18, ("A:G", say("使用说明", "How to use this quotation"), look(SECTION, UNDER)))
    how = say(
        "修改“用量”表中浅黄色的数字，或本页订阅项的数量，各行金额与合计随公式更新。",
        "Change the pale yellow figures of the usage sheet, or quantities here: all amounts follow.",
        "\n",
    )
    holds = say(
        "本报价在有效期内有效；实际费用按当月用量和价目表计算。",
        "Holds until the date above; actual charges follow the usage of the month and the price list.",
        "\n",
    )
    sheet.row(15, ("A:G", how, NOTE))
    sheet.row(15, ("A:G", holds, NOTE))
    return sheet


# --- the head ------------------------------------------------------------------------------------------------------


def _draft(say: Words) -> str:
    return say("草稿，仅供核对", "DRAFT, for review only", " · ")


def _invoice_facts(say: Words) -> list[tuple[str, str]]:
    return [
        (say("账期", "Period"), "{{ bill.period }}"),
        (say("出账日期", "Issued"), "{{ bill.issued }}"),
        (say("最晚付款日", "Due date") + "{{ with bill.due_on }}", f'=IF({DUE}>0,{{{{ bill.due_on }}}},"—")'),
        (say("币种", "Currency"), "{{ bill.currency_name }}"),
        (say("客户编号", "Customer"), "{{ customer.code }}"),
        (say("合同号", "Contract no."), "{{ customer.contract_no }}"),
        (say("订单号", "Order no."), "{{ customer.order_no }}"),
        (say("状态", "Status") + "{{ without draft }}", "{{ bill.status }}"),
    ]


# --- what to do now ------------------------------------------------------------------------------------------------


def _by_sign(due: str, back: str, nothing: str) -> str:
    """A formula of the template that says one of three things by the sign of what is due."""
    return f'=IF({DUE}>0,"{due}",IF({DUE}<0,"{back}","{nothing}"))'


def _panel_labels(*labels: str) -> tuple[Cell, ...]:
    style = look(SMALL, SHADED, valign="bottom", align="left", text_wrap=True)
    return tuple(
        (where, label, look(style, indent=1 if where == "A:C" else 0))
        for where, label in zip(("A:C", "D:E", "F:G"), labels, strict=True)
    )


def _panel_figures(main: str, second: str, third: str) -> tuple[Cell, ...]:
    large = look(SHADED, SIGNED, font_size=20, bold=True, font_color=f"#{INK}", align="left", indent=1, shrink=True)
    plain = look(SHADED, SIGNED, font_size=11, align="left", shrink=True)
    return (("A:C", main, large), ("D:E", second, plain), ("F:G", third, plain))


def _due(sheet: SheetMaker, say: Words) -> None:
    due = say("本期应付金额", "Amount due")
    label = _by_sign(due, say("应退金额", "Amount due back"), due)
    labels = _panel_labels(label, say("预付费费用", "Prepaid charges", "\n"), say("价税合计", "Total", "\n"))
    sheet.row(30 if say.mode == "both" else 19, *labels, band=SHADED)
    sheet.row(31, *_panel_figures(f"=ABS({DUE})", "{{ bill.prepaid }}", "{{ bill.total }}"), band=SHADED)
    by_sign = f'=IF({DUE}<0,"{say("应退金额（大写）", "Amount due back, in words")}",'
    by_sign += f'"{say("应付金额（大写）", "Amount due, in words")}")'
    sheet.row(14, ("A:G", by_sign, look(SHADED, SMALL, align="left", indent=1, valign="bottom")), band=SHADED)
    words = look(SHADED, BODY, font_size=8.5, align="left", indent=1, text_wrap=True)
    sheet.row(15, ("A:G", "{{ bill.due_words }}", words), band=SHADED)
    pay = look(SHADED, STRONG, FITS, font_size=8.5, align="left", indent=1, valign="top")
    due_on = '"&TEXT({{ bill.due_on }},"yyyy-mm-dd")&"'
    spelled = '"&YEAR({{ bill.due_on }})&"年"&MONTH({{ bill.due_on }})&"月"&DAY({{ bill.due_on }})&"日'
    by = f'"{say(f"请于{spelled}（含当日）前付款。", f"Please pay by {due_on}.")}"'
    back = say("应退金额将按约定退还或抵扣后续账单。", "It will be paid back, or set off against later bills.")
    nothing = say("本期无需付款。", "Nothing to pay.")
    kept = say("本期无需付款，结余抵减后续账单。", "Nothing to pay; your credit is used for later bills.")
    otherwise = f'IF({DUE}<0,"{back}",IF(SUM({{{{ bill.credit }}}})>0,"{kept}","{nothing}"))'
    review = say("出账后按正式账单付款。", "Payable once it is issued.")
    for tie, due in (("with", by), ("without", f'"{review}"')):
        now = f"=IF({DUE}>0,{due},{otherwise})"
        sheet.row(18, ("A:F", now, pay), ("G", f"{{{{ {tie} bill.due_on }}}}", look(SHADED, FITS)), band=SHADED)
    sheet.row(10)


# --- the foot ------------------------------------------------------------------------------------------------------


def _settling(sheet: SheetMaker, say: Words) -> None:
    """How to pay, and what the tax invoice needs: each block one cell, so that nothing is torn apart by blanks."""
    section = look(SECTION, UNDER)
    sheet.row(
        16,
        ("A:B", say("付款信息", "How to pay"), section),
        ("D:G", say("开票信息", "For the tax invoice"), section),
    )
    colon = "：" if say.mode == "zh" else ": "

    def fields(*entries: tuple[str, str, str]) -> str:
        return "\n".join(f"{say(zh, en)}{colon}{{{{ {mark} }}}}" for zh, en, mark in entries)

    pay = fields(
        ("户名", "Account name", "seller.name"),
        ("开户行", "Bank", "seller.bank"),
        ("账号", "Account no.", "seller.account"),
        ("联行号", "Bank code", "seller.bank_code"),
        ("付款附言", "Payment reference", "bill.reference"),
        ("对账联系", "Questions to", "seller.contact"),
    )
    invoice = fields(
        ("名称", "Name", "customer.name"),
        ("纳税人识别号", "Tax ID", "customer.tax_id"),
        ("开户行及账号", "Bank account", "customer.bank"),
        ("发票类型", "Kind", "customer.invoice_type"),
        ("开票项目", "Item", "seller.invoice_item"),
        ("收票邮箱", "Send to", "customer.invoice_email"),
    )
    style = look(BODY, WRAP, font_size=8.5)
    sheet.row(15, ("A:B", pay, style), ("D:G", invoice, style))
    terms = f'=IF({DUE}>0,{{{{ seller.terms }}}},"")'
    amount = (
        ("D:F", say("本期可开票金额", "Amount to be invoiced") + colon.rstrip(), look(style, valign="vcenter")),
        ("G", "{{ bill.total }}", look(style, FIGURE, MONEY, valign="vcenter")),
    )
    sheet.row(20, ("A:B", terms, NOTE), ("C", "{{ with seller.terms }}", BODY), *amount)
    sheet.row(20, ("C", "{{ without seller.terms }}", BODY), *amount)


def _confirmation(sheet: SheetMaker, say: Words) -> None:
    """Where the customer confirms, and where the seal goes."""
    box = {"border": 1, "border_color": f"#{RULE}"}
    confirm = say("客户确认：以上内容核对无误", "Confirmed by the customer")
    sign = say("签字（盖章）：", "Signature, seal: ")
    when = say("日期：", "Date: ")
    made, checked = say("制单：", "Prepared by: "), say("复核：", "Checked by: ")
    style = look(SMALL, box, WRAP, align="left", indent=1)
    sheet.row(
        54,
        ("A:C", f"{confirm}\n\n\n{sign}{' ' * 40}{when}", style),
        ("D:G", f"{say('销售方盖章：', 'Seal of the seller:')}\n\n\n{made}{' ' * 28}{checked}", style),
    )
    sheet.row(15, ("A:G", "{{ seller.objections }}", look(SMALL, text_wrap=True)))
    note = say(
        "本账单为费用结算凭据，不作为发票或报销凭证。",
        "This bill is a statement of charges; it is not a tax invoice.",
    )
    sheet.row(15, ("A:G", note, look(SMALL, font_color=f"#{PALE}")))
