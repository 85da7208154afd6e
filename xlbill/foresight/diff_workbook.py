"""A difference as a workbook: what rose in red, what fell in green, new and gone rows in their colours."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlbill.files import written
from xlbill.foresight.diff import Change, Difference, shown
from xlbill.foresight.diff_text import HEADINGS, KINDS, cells, summary, title
from xlbill.formula import to_serial
from xlbill.language import Label, Language
from xlbill.problems import Problems

if TYPE_CHECKING:
    import xlsxwriter

INK, GREY = "#0F4C81", "#6B7280"
_FILLS = {"added": "#E3F4E8", "removed": "#F3F4F6"}
_RISEN, _FALLEN = "#B42318", "#067647"
_SHEETS = (Label("价格与规则", "Prices and rules"), Label("名称与备注", "Names and remarks"))
_KIND = Label("类别", "kind")
_WIDTHS = (10, 16, 40, 24, 28, 28, 12)
_HEADING_ROW = 4
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - the same difference gives the same bytes


def write_workbook(difference: Difference, path: Path, shown_as: str, language: Language) -> Problems:
    """Write the difference to a workbook: what bills follow from; on a second sheet mere words that differ, if any."""
    return written(path, shown_as, lambda target: _write(difference, target, language))


def _write(difference: Difference, path: Path, language: Language) -> None:
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"created": _MADE})
    for label, changes in zip(_SHEETS, (difference.computed, difference.words), strict=True):
        if changes or label is _SHEETS[0]:
            _write_sheet(workbook, label.text(language), difference, changes, language)
    workbook.close()


def _write_sheet(
    workbook: "xlsxwriter.Workbook", name: str, difference: Difference, changes: tuple[Change, ...], language: Language
) -> None:
    sheet = workbook.add_worksheet(name)
    font: dict[str, Any] = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
    sheet.hide_gridlines(2)
    big = workbook.add_format(font | {"bold": True, "font_size": 14, "font_color": INK})
    sheet.write_string(0, 0, title(difference), big)
    sheet.write_string(1, 0, summary(difference, language), workbook.add_format(font | {"font_color": GREY}))
    head = workbook.add_format(font | {"bold": True, "bg_color": INK, "font_color": "#FFFFFF", "text_wrap": True})
    head_of_sides = workbook.add_format(
        font | {"bold": True, "bg_color": INK, "font_color": "#FFFFFF", "align": "right"}
    )
    for at, heading in enumerate((_KIND.text(language), *HEADINGS[language])):
        sheet.write_string(_HEADING_ROW - 1, at, heading, head if at < 4 else head_of_sides)
        sheet.set_column(at, at, _WIDTHS[at])
    for row, change in enumerate(changes, start=_HEADING_ROW):
        look = font | {"bottom": 4, "bottom_color": "#D1DBE6", "text_wrap": True}
        look |= {"bg_color": _FILLS[change.kind]} if change.kind in _FILLS else {}
        texts = (KINDS[change.kind].text(language), *cells(difference, change, language)[:3])
        for at, text in enumerate(texts):
            sheet.write_string(row, at, text, workbook.add_format(look))
        _write_side(workbook, sheet, row, 4, change.old, look)
        _write_side(workbook, sheet, row, 5, change.new, look)
        _write_rise(workbook, sheet, row, change, look)
    sheet.freeze_panes(_HEADING_ROW, 3)
    sheet.autofilter(_HEADING_ROW - 1, 0, _HEADING_ROW - 1 + max(len(changes), 1), len(_WIDTHS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING_ROW - 1)
    sheet.set_footer("&L&A&R&P / &N")


def _write_side(
    workbook: "xlsxwriter.Workbook", sheet: Any, row: int, at: int, fact: object, look: dict[str, Any]
) -> None:
    """One side of a change: figures and days as such, formulas as their text."""
    look = look | {"align": "right"}
    if isinstance(fact, Decimal):
        places = "#,##0.########" if fact != fact.to_integral_value() else "#,##0"
        sheet.write_number(row, at, float(fact), workbook.add_format(look | {"num_format": places}))
    elif isinstance(fact, date) and not isinstance(fact, datetime):
        format_of_days = workbook.add_format(look | {"num_format": "yyyy-mm-dd"})
        sheet.write_number(row, at, int(to_serial(fact)), format_of_days)
    else:
        sheet.write_string(row, at, shown(fact), workbook.add_format(look))  # type: ignore[arg-type]


def _write_rise(workbook: "xlsxwriter.Workbook", sheet: Any, row: int, change: Change, look: dict[str, Any]) -> None:
    """By how much a figure rose, as a live formula over both sides."""
    if change.percent is None:
        sheet.write_blank(row, 6, None, workbook.add_format(look))
        return
    colour = _RISEN if change.percent > 0 else _FALLEN
    form = workbook.add_format(look | {"num_format": "+0.0#%;-0.0#%", "font_color": colour, "bold": True})
    assert isinstance(change.old, Decimal) and isinstance(change.new, Decimal)
    exact = (change.new - change.old) / abs(change.old)
    sheet.write_formula(row, 6, f"=(F{row + 1}-E{row + 1})/ABS(E{row + 1})", form, float(exact))
