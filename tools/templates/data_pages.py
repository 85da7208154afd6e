"""The sheets behind an invoice: the prices that it uses, and the usage day by day. They stay out of print."""

from tools.templates.sheet import (
    BODY,
    DATE,
    FIGURE,
    GREY,
    HEAD,
    INK,
    MONEY,
    QUANTITY,
    RIGHT,
    RULE,
    RULED,
    SMALL,
    STRONG,
    UNDER,
    WRAP,
    SheetMaker,
    Words,
    look,
)

TITLE = look(font_size=16, font_color=f"#{INK}", valign="vcenter")
UNPRINTED = "{{ sheet not printed }}"
FIGURES = (
    ("price", "单价", "Price"),
    ("list_price", "原价", "List price"),
    ("discount", "优惠比例", "Discount"),
    ("quantity", "用量", "Quantity"),
    ("included", "套餐额度", "Included"),
    ("drawn", "抵扣", "Drawn"),
    ("billable", "计费用量", "Billable"),
    ("block", "每份用量", "Block"),
    ("from", "从", "From"),
    ("to", "至", "To"),
    ("minimum", "最低", "Minimum"),
    ("maximum", "最高", "Maximum"),
    ("subtotal", "小计", "Subtotal"),
    ("days", "天数", "Days"),
    ("of_days", "总天数", "Of days"),
    ("quota", "额度", "Quota"),
)
_MONEY = {"price", "list_price", "minimum", "maximum", "subtotal"}


def price_page(say: Words) -> SheetMaker:
    """The prices that the bill uses."""
    sheet = SheetMaker(say("价目", "Prices"), (34.0, 17.0, 14.0, 15.0, *(12.0 for _ in FIGURES)))
    sheet.landscape = True
    sheet.row(32, ("A:C", say("所用价目", "Prices used") + UNPRINTED, TITLE))
    starts = "{{ edition.effective }}"
    told = say("{{ edition.name }}，自" + starts + "起生效", "{{ edition.name }}, in force from " + starts)
    if say.mode == "both":
        told = "{{ edition.name }}，自" + starts + "起生效 in force from " + starts
    sheet.row(16, ("A:H", told, SMALL))
    sheet.row(16, ("A:H", "{{ edition.conditions }}", look(SMALL, WRAP)))
    sheet.row(10)
    head = look(HEAD, RULED)
    letters = [chr(69 + number) for number in range(len(FIGURES))]
    headings = sheet.row(
        27 if say.mode == "both" else 18,
        ("A", say("项目", "Item", "\n"), head),
        ("B", say("应用", "App", "\n"), head),
        ("C", say("套餐", "Plan", "\n"), head),
        ("D", say("合同", "Contract", "\n"), head),
        *((w, say(zh, en, "\n"), look(head, RIGHT)) for w, (_, zh, en) in zip(letters, FIGURES, strict=True)),
    )
    sheet.titles = headings, headings
    cell = look(BODY, UNDER, font_size=8.5)
    sheet.row(
        17,
        ("A", "{{ price.title }}", look(cell, text_wrap=True)),
        ("B", "{{ price.app }}", look(cell, SMALL, text_wrap=True)),
        ("C", "{{ price.plan }}", look(cell, SMALL, shrink=True)),
        ("D", "{{ price.contract }}", look(cell, SMALL, shrink=True)),
        *(
            (w, f"{{{{ price.{name} }}}}", look(cell, FIGURE, MONEY if name in _MONEY else QUANTITY, _rate(name)))
            for w, (name, _, _) in zip(letters, FIGURES, strict=True)
        ),
    )
    return sheet


def _rate(name: str) -> dict[str, str]:
    return {"num_format": "0%"} if name == "discount" else {}


def usage_page(say: Words, *, inputs: bool = False) -> SheetMaker:
    """Daily usage, a block for each app; `inputs`: a quotation's figures are there to be changed."""
    sheet = SheetMaker(say("用量", "Usage"), (14.0, 2.0, *(13.0 for _ in range(7))))
    changed = {"bg_color": "#FFF8DC"} if inputs else {}
    peak = look(SMALL, bold=True, font_color=f"#{INK}", bg_color="#DCE7EA", align="center")
    sheet.row(28, ("A:E", say("用量明细", "Usage") + UNPRINTED, TITLE))
    sheet.row(15, ("A", say("峰值日", "Peak day") + "{{ look peak }}", peak))
    sheet.row(8)
    sheet.row(24, ("A", "{{ usage.app }}", look(STRONG, font_size=11, font_color=f"#{INK}")))
    meter = look(STRONG, font_size=8.5, align="left", text_wrap=True, indent=1)
    sheet.row(16, ("B", "{{ meter.title }}", meter), *((c, "", meter) for c in "CDE"))
    small = look(SMALL, text_wrap=True)
    sheet.row(
        15,
        ("A", say("日期", "Date"), SMALL),
        ("C", "{{ column.title }}", look(small, RIGHT)),
        ("D", say("合计", "Total"), look(small, RIGHT)),
        ("E", say("额度", "Quota") + "{{ look quota }}", look(SMALL, RIGHT, font_color="#A8741A")),
    )
    sheet.row(12, ("A", say("单位", "Unit"), SMALL), ("C", "{{ column.unit }}", look(SMALL, RIGHT)))
    sheet.row(
        12,
        ("A", say("系数", "Coefficient"), SMALL),
        ("C", "{{ column.coefficient }}", look(SMALL, RIGHT, QUANTITY)),
    )
    day = look(BODY, top=1, top_color=f"#{RULE}", font_size=8)
    sheet.row(
        12,
        ("A", "{{ day.date }}", look(day, DATE, align="left", font_color=f"#{GREY}")),
        ("C", "{{ column.usage }}", look(day, FIGURE, QUANTITY, changed)),
        ("D", "{{ total.usage }}", look(day, FIGURE, QUANTITY, bold=True)),
        ("E", "{{ quota.usage }}", look(day, FIGURE, QUANTITY, font_color=f"#{GREY}")),
    )
    month = look(STRONG, top=1, top_color=f"#{INK}", font_size=8.5, font_color=f"#{INK}")
    sheet.row(
        15,
        ("A", "{{ month.title }}", month),
        ("C", "{{ column.month }}", look(month, FIGURE, QUANTITY)),
        ("D", "{{ total.month }}", look(month, FIGURE, QUANTITY)),
        ("E", "{{ quota.month }}", look(month, FIGURE, QUANTITY)),
    )
    share = look(SMALL, RIGHT, num_format="0%", font_color=f"#{INK}")
    last = len(sheet.rows)
    label = say("已用额度", "Used")
    used = sheet.row(
        14,
        ("A", f'=IF(SUM(E{last + 1})>0,"{label}","")', SMALL),
        ("E", f'=IF(MAX(E{last})>0,MAX(C{last}:D{last})/MAX(E{last}),"")', share),
    )
    sheet.bars.append((f"E{used}", "9DB8C2"))
    sheet.row(8)
    sheet.breaks.append(sheet.row(98, ("A:I", "{{ chart.drawing }}", look(SMALL, font_color=f"#{INK}"))))
    return sheet
