"""How the register's sheets print: A4 landscape, all at one scale, headings on each page."""

from collections.abc import Iterable
from dataclasses import replace

from xlbill.workbook.layout import ColumnWidth, Page
from xlbill.workbook.measure import POINTS_PER_UNIT, points_wide

SCALE = 70  # per cent, at which a page has some 210 characters
MAX_ACROSS = 226.0  # what is fitted into a page, hardly smaller; a wider sheet takes two
NARROW = 180.0  # what surely fits at that scale, whatever a program takes for a character


def page_of(columns: Iterable[ColumnWidth], title: str, heading: int | None = None, named: int = 0) -> Page:
    """A page wide (two where there are many columns); the second page says again what the rows are of.

    `heading` is the row of the headings; `named` are the first columns, which say whose a row is.
    """
    wide = sum(map(points_wide, columns)) / POINTS_PER_UNIT
    page = Page(
        landscape=True,
        margins=(0.5, 0.5, 0.6, 0.6),
        footer=f"&L{title.replace('&', '&&')}&R&P / &N",
        titles=(heading, heading) if heading is not None else None,
    )
    if wide < NARROW:
        return replace(page, scale=SCALE)
    if wide <= MAX_ACROSS:
        return replace(page, fit=(1, 0))
    return replace(page, fit=(2, 0), named=named)
