"""The head of a first sheet: who issues it, to whom it goes, and the facts beside that."""

from collections.abc import Sequence

from tools.templates.sheet import (
    BODY,
    DATE,
    GREY,
    INK,
    RIGHT,
    RULED,
    SMALL,
    SPELLED,
    STRONG,
    WRAP,
    Cell,
    SheetMaker,
    Words,
    look,
)

TITLE = look(font_size=20, font_color=f"#{INK}", align="right", valign="bottom")
NOTE = look(SMALL, font_color=f"#{GREY}", **WRAP)


def letterhead(sheet: SheetMaker, say: Words, title: str, number: str = "", draft: str = "") -> None:
    """Name, address and tax id of the seller, and at the right what this is; a draft says so."""
    sheet.row(26, ("E:G", title, TITLE))  # without a mark: it stands whatever is known of the seller
    name = look(STRONG, font_size=13, font_color=f"#{INK}", valign="bottom", text_wrap=True)
    beside: tuple[Cell, ...] = ()
    if number:
        told = look(STRONG, RIGHT, valign="bottom", font_color=f"#{INK}")
        beside = (("E:G", say.before("编号", "No.") + number, told),)
    sheet.row(19, ("A:D", "{{ seller.name }}", name), *beside)
    tax_id = say.before("统一社会信用代码", "Tax ID")
    sheet.row(26, ("A:D", "{{ seller.address }} · {{ seller.phone }}\n" + tax_id + "{{ seller.tax_id }}", NOTE))
    if draft:
        sheet.row(14, ("E:G", draft + "{{ with draft }}", look(SMALL, RIGHT, bold=True, font_color="#9A5B00")))
    sheet.row(6, band=RULED)
    sheet.row(9)


def parties(
    sheet: SheetMaker, say: Words, facts: Sequence[tuple[str, str]], to: str, *more: str, across: str = "A:B"
) -> None:
    """The customer to the left, in one cell that grows downwards; facts to the right, row by row.

    `more` are further lines of the customer's, each left out where its mark is blank; it stands `across` these columns.
    """
    sheet.row(14, ("A:C", to, SMALL))
    value = look(BODY, RIGHT, SPELLED if say.mode == "zh" else DATE, font_size=8.5, shrink=True, valign="top")
    first = len(sheet.rows) + 1
    for number, (label, shown) in enumerate(facts):
        name: tuple[Cell, ...] = ()
        if number == 0:
            name = ((across, "{{ customer.name }}", look(STRONG, font_size=11, text_wrap=True, valign="top")),)
        sheet.row(17 if number == 0 else 15, *name, ("D:E", label, look(SMALL, valign="top")), ("F:G", shown, value))
    contact = say.before("联系人", "Attn.")
    sheet.row(4)
    details = "\n".join(("{{ customer.address }}", *more, contact + "{{ customer.contact }}"))
    sheet.down(across, first + 1, len(sheet.rows) - 1, details, look(BODY, WRAP, font_size=8.5))
    sheet.row(6)
