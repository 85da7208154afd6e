"""How the register's cells look: one typeface, thin lines, figures to the right."""

from dataclasses import replace
from functools import cache

from xlbill.register.columns import Holds
from xlbill.workbook.formats import ISO_DATE, with_decimals
from xlbill.workbook.style import Alignment, Borders, CellStyle, Edge, Font

INK, TINT, LINE, BLUE = "1B3A4B", "F1F4F5", "C9D1D5", "1F5FA8"
FONT = Font("Microsoft YaHei", 9)
_LEFT = Alignment("left", "center", indent=1)
_UNDER = Borders(bottom=Edge("hair", LINE))
TITLE = CellStyle(replace(FONT, size=14, bold=True, colour=INK), alignment=Alignment(vertical="center"))
PLAIN_TEXT = CellStyle(FONT)
TOTAL = replace(TITLE, font=replace(FONT, bold=True, colour=INK))
HEADING = replace(TOTAL, fill=TINT, borders=Borders(bottom=Edge("thin", LINE)))
FIGURE = CellStyle(FONT, borders=_UNDER, alignment=Alignment("right", "center"))
TEXT = replace(FIGURE, alignment=_LEFT)
WRAPPED = replace(FIGURE, alignment=replace(_LEFT, wrap=True))
LINKED = replace(TEXT, font=replace(FONT, colour=BLUE, underline="single"))
DATE = replace(TEXT, number_format=ISO_DATE)
LOOKS = {Holds.LINK: LINKED, Holds.DATE: DATE, Holds.NOTE: WRAPPED, Holds.TEXT: WRAPPED}


@cache
def figure_look(decimals: int, *, strong: bool = False) -> CellStyle:
    """A figure with so many decimals."""
    style = replace(FIGURE, number_format=with_decimals("#,##0", decimals))
    return replace(style, font=TOTAL.font) if strong else style
