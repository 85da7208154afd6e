"""The usage sheet: a block for each app, its meters side by side, a row a day, the peak day marked, a chart of it.

The template has one column for each kind: `{{ column.usage }}` repeats for each dimension of a meter, that of
`{{ total.usage }}` stands where a meter has day totals, `{{ quota.usage }}` where a quota can be compared with them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from xlbill.cells import a1
from xlbill.invoice.pages.rows import PlacedCell, PlacedSheet, Spread, Spreading
from xlbill.invoice.pages.subjects import Subjects, shown
from xlbill.invoice.presented import AppUsage, BillView, UsageCell, dated, has_quota, quota_by_day
from xlbill.invoice.template.compiled import SheetTemplate, all_rows
from xlbill.invoice.template.marked import Marked, is_drawing, slots_of
from xlbill.language import Label
from xlbill.rating.bill import MeterUsage
from xlbill.workbook.layout import Area, Chart, ChartLine, Highlight
from xlbill.workbook.style import PLAIN, CellStyle

USUAL_COLOUR, USUAL_QUOTA_COLOUR = "1F4E5F", "B8860B"
QUOTA = Label("额度", "Quota")
COLUMN_SCOPES = ("column", "total", "quota")


class UsageSpreading(Spreading):
    """Columns of usage: each app has its own, one after the other, meter by meter.

    Columns to the right of them give way: they move where something stands in them, else they stay as far as there is
    room (a chart may reach over them).
    """

    def __init__(self, sheet: SheetTemplate, view: BillView) -> None:
        super().__init__(sheet)
        self._kinds = _kinds(sheet)
        slots = (slot for row in all_rows(sheet.blocks) for slot in row.slots)
        self._monthly = any(slot.mark.key == "quota.month" for slot in slots)
        self._first, self._last = min(self._kinds), max(self._kinds)
        self._widest: tuple[Spread, ...] = max((self._zone(app, None) for app in view.usage), key=len, default=())
        self._before = tuple(Spread(column, column) for column in range(1, self._first))
        self._after = self._columns_after(sheet)

    def of(self, subjects: Subjects) -> tuple[Spread, ...]:
        """The columns of an app in its rows; in rows of no app only their looks, for the widest app."""
        if "usage" in subjects:
            zone = self._zone(subjects["usage"], subjects.get("day", subjects.get("month")))
            return *self._before, *zone, *self._after
        sources = [spread.source for spread in self._widest]
        looks = tuple(
            Spread(spread.source, spread.target, filled=spread.source not in sources[:number])
            for number, spread in enumerate(self._widest)
        )
        return *self._before, *(looks or self.plain[self._first - 1 : self._last]), *self._after

    def _columns_after(self, sheet: SheetTemplate) -> tuple[Spread, ...]:
        columns = range(self._last + 1, sheet.width + 1)
        end = self._first + max(len(self._widest), self._last - self._first + 1) - 1
        cells = (row.cells.get(column) for row in all_rows(sheet.blocks) for column in columns)
        if any(cell is not None and cell.content is not None for cell in cells):
            return tuple(Spread(column, column + end - self._last) for column in columns)
        return tuple(Spread(column, column) for column in columns if column > end)

    def _zone(self, app: AppUsage, row: Any) -> tuple[Spread, ...]:
        spreads: list[Spread] = []
        for meter in app.meters:
            sources = range(self._first, self._last + 1)
            own = [entry for source in sources for entry in self._of_meter(source, meter, row)]
            for number, (source, subjects) in enumerate(own):
                target = self._first + len(spreads)
                spreads.append(Spread(source, target, subjects, True, len(own) if number == 0 else 0))
        return tuple(spreads)

    def _of_meter(self, source: int, meter: MeterUsage, row: Any) -> list[tuple[int, Mapping[str, object]]]:
        """What a column of the template becomes for one meter."""
        kind = self._kinds.get(source, "meter")
        if kind == "column":
            return [(source, {"meter": meter, kind: UsageCell(meter, part, row)}) for part in meter.columns]
        if kind == "meter":
            return [(source, {"meter": meter})]
        compared = has_quota(meter) if self._monthly else quota_by_day(meter)
        shown = meter.daily if kind == "total" else compared
        return [(source, {"meter": meter, kind: UsageCell(meter, None, row)})] if shown else []


def _kinds(sheet: SheetTemplate) -> dict[int, str]:
    """Which columns of the template are those of dimensions, totals and quotas."""
    kinds: dict[int, str] = {}
    for row in all_rows(sheet.blocks):
        for column, cell in row.cells.items():
            scopes = {slot.mark.scope for slot in slots_of(cell.content)}
            scope = next((name for name in (*COLUMN_SCOPES, "meter") if name in scopes), None)
            if scope is not None and kinds.get(column, "meter") == "meter":
                kinds[column] = scope
    return kinds


# --- peak days and charts ------------------------------------------------------------------------------------------


def highlights(placed: PlacedSheet, view: BillView) -> tuple[Highlight, ...]:
    """A conditional format for each meter of which the peak counts: the highest day, the last of several."""
    style = _look(placed, "peak")
    found = []
    peaks = [meter for app in view.usage for meter in app.charts if meter.method == "peak"]
    for meter in peaks if style is not None else ():
        area = _column_area(meter, placed)
        here = a1(area.top, area.left)
        corners = (a1(area.top, area.left, absolute=True), a1(area.bottom, area.right, absolute=True))
        rest = f"{here}:{a1(area.bottom, area.left, absolute=True)}"
        formula = f"AND({here}>0,{here}=MAX({':'.join(corners)}),COUNTIF({rest},{here})=1)"
        found.append(Highlight((area,), formula, style or PLAIN))
    return tuple(found)


def _look(placed: PlacedSheet, name: str) -> CellStyle | None:
    """A look that a cell of the template lends: that of peak days by `{{ look peak }}`."""
    for row in all_rows(placed.template.blocks):
        for cell in row.cells.values():
            if isinstance(cell.content, Marked) and cell.content.look == name:
                return cell.style
    return None


def charts(placed: PlacedSheet) -> tuple[Chart, ...]:
    """The charts in the cells that ask for them; each fills its cell, merged or not."""
    quota = _look(placed, "quota")
    quota_colour = quota.font.colour if quota is not None else None
    drawn = [cell for cell in placed.cells if is_drawing(cell.content)]
    return tuple(_chart(cell, placed, quota_colour or USUAL_QUOTA_COLOUR) for cell in drawn)


def _chart(cell: PlacedCell, placed: PlacedSheet, quota_colour: str) -> Chart:
    meter: MeterUsage = cell.subjects["chart"]
    area = _column_area(meter, placed)
    language = cell.subjects["bill"].language
    unit = meter.columns[0].unit if len(meter.columns) == 1 else None
    title = meter.title.text(language)
    by_unit = (title + ("（{}）" if language == "zh" else " ({})").format(unit.text(language))) if unit else title
    series = [ChartLine(by_unit, area)]
    quota = _area_of("quota", meter, placed, lambda value: value is not None) if quota_by_day(meter) else None
    if quota is not None:
        series.append(ChartLine(QUOTA.text(language), quota, dashed=True))
    filled = next(
        (merge for merge in placed.merges if (merge.top, merge.left) == (cell.row, cell.column)),
        Area(cell.row, cell.column, cell.row, cell.column),
    )
    dates = _dates_column(placed)
    days_area = Area(area.top, dates, area.bottom, dates)
    font = cell.template.style.font
    colours = (font.colour or USUAL_COLOUR, quota_colour)
    return Chart(filled, days_area, tuple(series), colours, font, meter.method == "sum")


def _column_area(meter: MeterUsage, placed: PlacedSheet) -> Area:
    """The cells in which a meter's days show their totals, below each other; another meter may show the same ones."""
    figures = {figure for _, figure in dated(meter)}
    area = _area_of("total" if meter.daily else "column", meter, placed, lambda value: value in figures)
    assert area is not None, "a template without these marks is refused"
    return area


def _area_of(scope: str, meter: MeterUsage, placed: PlacedSheet, counts: Callable[[object], bool]) -> Area | None:
    """The cells of a meter under a scope, as far as what they show counts; None where none does."""
    cells = [
        cell
        for cell in placed.cells
        if cell.only is not None
        and cell.only.mark.scope == scope
        and cell.subjects[scope].meter is meter
        and counts(shown(cell.only, cell.subjects))
    ]
    return Area(cells[0].row, cells[0].column, cells[-1].row, cells[-1].column) if cells else None


def _dates_column(placed: PlacedSheet) -> int:
    """The column in which the days stand."""
    return next((cell.column for cell in placed.cells if cell.only and cell.only.mark.scope == "day"), 1)
