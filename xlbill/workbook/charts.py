"""Charts in XlsxWriter's terms: thin lines for days, the quota dashed, bars for sums; no ornament."""

from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from xlbill.workbook.layout import Area, Bars, Chart, ChartLine, Sheet
from xlbill.workbook.measure import points_wide

_GREY, _LIGHT = "#7F7F7F", "#E3E3E3"
_POINTS_PER_PIXEL = 0.75


def add_charts(workbook: xlsxwriter.Workbook, written: Worksheet, sheet: Sheet) -> None:
    """Insert a sheet's charts, each over the area that it fills."""
    for chart in sheet.charts:
        drawn = _lines(workbook, chart, sheet.name) if isinstance(chart, Chart) else _bars(workbook, chart, sheet.name)
        drawn.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
        drawn.set_plotarea({"fill": {"none": True}})
        drawn.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
        drawn.set_plotarea({"fill": {"none": True}})
        area = chart.area
        width = sum(points_wide(sheet.columns.get(c)) for c in range(area.left, area.right + 1))
        height = sum(sheet.heights[row] for row in range(area.top, area.bottom + 1))
        drawn.set_size({"width": width / _POINTS_PER_PIXEL, "height": height / _POINTS_PER_PIXEL})
        placed = written.insert_chart(area.top - 1, area.left - 1, drawn, {"object_position": 2})
        assert placed == 0, "XlsxWriter refused a chart"


def _bars(workbook: xlsxwriter.Workbook, chart: Bars, sheet: str) -> Any:
    small = {"name": chart.font.name, "size": 8, "color": _GREY, "bold": False}
    drawn = workbook.add_chart({"type": "bar"})
    drawn.add_series(
        {
            "categories": _cells(sheet, chart.names),
            "values": _cells(sheet, chart.values),
            "fill": {"color": f"#{chart.colour}"},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "#,##0", "font": small},
        }
    )
    drawn.set_title({"name": chart.title, "name_font": {**small, "size": 10}, "overlay": False})
    drawn.set_legend({"none": True})
    names = {"label_position": "low", "line": {"color": _LIGHT}, "major_tick_mark": "none"}  # clear of bars below zero
    drawn.set_y_axis({"reverse": True, "num_font": small, **names})
    drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    return drawn


def _lines(workbook: xlsxwriter.Workbook, chart: Chart, sheet: str) -> Any:
    drawn = workbook.add_chart({"type": "column" if chart.summed else "line"})
    for number, series in enumerate(chart.series):
        drawn.add_series(_series(chart, series, sheet, chart.colours[number % len(chart.colours)]))
    _dress(drawn, chart)
    return drawn


def _series(chart: Chart, series: ChartLine, sheet: str, colour: str) -> dict[str, Any]:
    line: dict[str, Any] = {"color": f"#{colour}", "width": 1.25 if series.dashed else 2}
    if series.dashed:
        line["dash_type"] = "dash"
    look = {"fill": {"color": f"#{colour}"}, "gap": 60} if chart.summed else {"line": line, "marker": {"type": "none"}}
    return {
        "name": series.name,
        "categories": _cells(sheet, chart.days),
        "values": _cells(sheet, series.values),
        **look,
    }


def _cells(sheet: str, area: Area) -> list[Any]:
    return [sheet, area.top - 1, area.left - 1, area.bottom - 1, area.right - 1]


def _dress(drawn: Any, chart: Chart) -> None:
    small = {"name": chart.font.name, "size": 8, "color": _GREY, "bold": False}
    drawn.set_title({"none": True})
    drawn.set_legend({"position": "top", "font": small})
    drawn.set_x_axis(
        {
            "date_axis": True,
            "num_format": "mm-dd",
            "num_font": small,
            "major_unit": 7,
            "major_unit_type": "days",
            "line": {"color": _LIGHT},
            "major_tick_mark": "none",
        }
    )
    drawn.set_y_axis(
        {
            "num_format": "#,##0",
            "num_font": small,
            "min": 0,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": _LIGHT, "width": 0.5}},
            "major_tick_mark": "none",
        }
    )
