"""Usage tables as csv, xlsx and parquet; each holds the same, and gives back the others."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlbill.formula import to_serial
from xlbill.inert import inert
from xlbill.money import plain
from xlbill.problems import Problems
from xlbill.sheets import safe_sheet_name
from xlbill.sheets.cell import exact
from xlbill.usage.tables import UsageTable, Value

BOM = "\ufeff"
_MOST_DIGITS = 38  # of a decimal in parquet
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - the same table gives the same bytes


def csv_text(table: UsageTable) -> str:
    """The table as csv that Excel opens as it is, and that executes nothing."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([inert(heading) for heading in table.headings])
    writer.writerows([_csv_value(value) for value in row] for row in table.rows)
    return BOM + text.getvalue()


def _csv_value(value: Value) -> str:
    if isinstance(value, Decimal):
        text = plain(value)
        return (
            f"{text}0" if len(text.partition(".")[2]) == 3 else text
        )  # 6.125 is six thousand to some, 6.1250 to nobody
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else inert(value)


def write_xlsx(tables: Sequence[UsageTable], path: Path) -> None:
    """The tables as sheets of a workbook, headings frozen, days as days."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"created": _MADE})
    bold = workbook.add_format({"bold": True, "bg_color": "#0F4C81", "font_color": "#FFFFFF"})
    figure, day = (
        workbook.add_format({"num_format": "#,##0.########"}),
        workbook.add_format({"num_format": "yyyy-mm-dd"}),
    )
    text = workbook.add_format({"num_format": "@"})
    names: list[str] = []
    for table in tables:
        names.append(safe_sheet_name(table.name, names))
        sheet = workbook.add_worksheet(names[-1])
        for at, heading in enumerate(table.headings):
            sheet.write_string(0, at, heading, bold)
            sheet.set_column(at, at, min(max(len(heading) + 4, 12), 40))
        for row, values in enumerate(table.rows, start=1):
            for at, value in enumerate(values):
                if isinstance(value, Decimal):
                    sheet.write_number(row, at, float(value), figure)
                elif isinstance(value, date):
                    sheet.write_number(row, at, int(to_serial(value)), day)
                elif value is not None:
                    sheet.write_string(row, at, value, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table.rows), 1), max(len(table.headings) - 1, 0))
    workbook.close()


def not_held(table: UsageTable) -> Problems:
    """Figures that a workbook's cell would change."""
    found = Problems()
    for row in table.rows:
        for value in row:
            if isinstance(value, Decimal) and exact(float(value)) != value:
                found.add("figure-not-held", table.place, found=plain(value))
    return found


def write_parquet(table: UsageTable, path: Path) -> None:
    """The table as parquet: figures as exact decimals, days as days, all else as text."""
    import pyarrow
    from pyarrow import parquet

    arrays = [_array(pyarrow, [row[at] for row in table.rows]) for at in range(len(table.headings))]
    parquet.write_table(pyarrow.table(arrays, names=list(table.headings)), path)


def _array(pyarrow: Any, values: list[Value]) -> Any:
    filled = [value for value in values if value is not None]
    if filled and all(isinstance(value, Decimal) for value in filled):
        texts = [plain(value).lstrip("-").partition(".") for value in filled if isinstance(value, Decimal)]
        scale = max(len(rest) for _, _, rest in texts)
        if max(len(whole) for whole, _, _ in texts) + scale <= _MOST_DIGITS:
            return pyarrow.array(values, pyarrow.decimal128(_MOST_DIGITS, scale))
    if filled and all(isinstance(value, date) for value in filled):
        return pyarrow.array(values, pyarrow.date32())
    texts_only = [
        None if value is None else plain(value) if isinstance(value, Decimal) else str(value) for value in values
    ]
    return pyarrow.array(texts_only, pyarrow.string())
