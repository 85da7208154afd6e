"""A month's usage out of many files, summed up while it is read."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import localcontext
from functools import partial
from itertools import chain
from pathlib import Path

from xlbill.cells import Place
from xlbill.periods import Month
from xlbill.problems import Fact, Problems
from xlbill.sheets.ahead import ReadFile, read_ahead
from xlbill.sheets.headings import SEARCHED_ROWS
from xlbill.sheets.strangers import is_note
from xlbill.sheets.stream import Batch, SheetRows, stream_sheets
from xlbill.usage.findings import Findings
from xlbill.usage.layout import Top, UsageLayout, find_layout, knows_heading, titles_above
from xlbill.usage.ledger import Tally
from xlbill.usage.long import read_long
from xlbill.usage.objects import MeterKind, Usage
from xlbill.usage.sense import check_sense
from xlbill.usage.sheet import UsageReading, UsageSheet
from xlbill.usage.wide import read_wide
from xlbill.usage.words import Apps, Meters, UnknownApp, stated_unit

_DIGITS = 60  # sums of figures with 28 digits stay exact


def read_usage(
    paths: Iterable[tuple[Path, str]],
    month: Month,
    apps: Collection[str],
    meters: Mapping[str, MeterKind],
    opened: Mapping[str, date] | None = None,
    processes: int = 1,
) -> tuple[Usage, Problems]:
    """The usage of a month in some files, each with the name by which problems call it.

    Every problem is about the app whose usage it spoils, about nobody where that is not known. An error leaves out the
    figure at which it stands, nothing else: what to do with the app is for the caller to decide. No day is missing
    before an app was `opened`. Where there are hundreds of small workbooks, they are read in other processes; what they
    say is understood here, file by file.
    """
    files = tuple(paths)
    findings = Findings()
    register = UsageReading(month, Apps(apps), Meters(meters), Tally(findings), findings)
    of_files = Problems()
    with localcontext(prec=_DIGITS):
        for ahead, (path, shown) in zip(read_ahead(files, processes), files, strict=True):
            register.ledger.rest()
            _read_file(path, shown, ahead, register, of_files)
        register.ledger.settle()
        check_sense(register.ledger, month, opened or {}, findings)
    of_files += findings.problems()
    return replace(register.ledger.usage(), strangers=tuple(findings.strangers), silent=not files), of_files


def _read_file(path: Path, shown: str, ahead: ReadFile | None, register: UsageReading, found: Problems) -> None:
    """All usage sheets of a file, which may be read already; others are left alone where one is a usage sheet."""
    here, anything, first_column = found.apart(), False, register.ledger.columns
    half: list[tuple[Place, UsageLayout | None]] = []
    knows = partial(knows_heading, register.meters)
    for rows in ahead.sheets(here) if ahead is not None else stream_sheets(path, shown, here, knows):
        top, rows.rows = _top(rows)
        layout = find_layout(top, rows.merged, register.meters, rows.place)
        if layout is None or not layout.complete:
            half.append((rows.place, layout))
            continue
        anything = True
        _read_sheet(rows, layout, [*titles_above(top, layout), rows.place.sheet or "", path.stem], register)
    found += here
    if here.errors:
        for app in register.ledger.apps_since(first_column):
            register.findings.tell("usage-cut-off", Place(shown), app, None, subject=app)
        return
    for place, layout in half or [(Place(shown), None)]:
        if not anything or (layout is not None and layout.known > 1):
            _tell_incomplete(place, layout, register)


def _top(rows: SheetRows) -> tuple[Top, Iterator[Batch]]:
    """The first rows of a sheet, and all rows again."""
    first: Batch = next(rows.rows, [])
    return dict(first[:SEARCHED_ROWS]), chain([first], rows.rows)


def _read_sheet(rows: SheetRows, layout: UsageLayout, names: list[str], register: UsageReading) -> None:
    own_app = _own_app(layout, names, register)
    sheet = UsageSheet(register, rows, layout, own_app, stated_unit(names))
    for at in layout.twice:
        place = layout.place.at(layout.heading_row, at + 1)
        app = own_app or ""
        first = layout.place.at(layout.heading_row, 1 + _first_like(layout, at)).cell or ""
        register.findings.tell("heading-twice", place, app, None, found=layout.texts[at], first=first)
    if layout.long and rows.columns is not None:
        from xlbill.usage.bulk import read_long_columns

        read_long_columns(sheet, rows.columns(layout.last_heading_row))
    else:
        (read_long if layout.long else read_wide)(sheet, rows)
    sheet.tell_remarks()
    _tell_hidden(rows, layout, own_app or "", register)


def _own_app(layout: UsageLayout, names: list[str], register: UsageReading) -> str | None:
    """The app that a title, the sheet's name or the file's name mentions; None where they mention several."""
    if "app" in layout.columns:
        return None
    labelled = register.apps.labelled_in(names)
    if labelled is not None:
        app = register.apps.app(labelled)
        if isinstance(app, UnknownApp):
            facts: dict[str, Fact] = {"found": labelled, "subject": labelled, "nearest": app.nearest}
            register.findings.tell("usage-unknown-app", layout.place, "", None, **facts)
            register.findings.strangers.setdefault(labelled)
            return None
        return app
    for name in (names[:-2], names[-2:-1], names[-1:]):
        mentioned = register.apps.named_in(name)
        if mentioned:
            return next(iter(mentioned)) if len(mentioned) == 1 else None
    return None


def _first_like(layout: UsageLayout, at: int) -> int:
    """The column whose heading a later one repeats."""
    same = [column for column, meter in layout.meters.items() if meter == layout.meters.get(at)]
    return min([*same, *(column for column, text in layout.texts.items() if text == layout.texts[at]), at])


def _tell_hidden(rows: SheetRows, layout: UsageLayout, app: str, register: UsageReading) -> None:
    """Hidden rows, columns and sheets count like any other; people forget that they are there."""
    hidden_rows = sorted(row for row in rows.hidden_rows if row > layout.last_heading_row)
    used = {*layout.columns.values(), *layout.meters}
    hidden_columns = sorted(column for column in rows.hidden_columns if column - 1 in used)
    if rows.hidden:
        register.findings.tell("hidden-sheet", rows.place, app)
    if hidden_rows:
        register.findings.tell("hidden-rows", rows.place.at(hidden_rows[0]), app, None, count=len(hidden_rows))
    if hidden_columns:
        place = rows.place.at(None, hidden_columns[0])
        register.findings.tell("hidden-columns", place, app, None, count=len(hidden_columns))


def _tell_incomplete(place: Place, layout: UsageLayout | None, register: UsageReading) -> None:
    """A sheet without the headings of a usage sheet, or with some of them only."""
    if layout is None:
        register.findings.tell("usage-headings-missing", place, "")
        return
    known = {*layout.columns.values(), *layout.meters}
    unknown = [text for at, text in sorted(layout.texts.items()) if at not in known and not is_note(text)]
    shown = ", ".join(unknown or [layout.texts[at] for at in sorted(known)])
    dated = "date" in layout.columns or "month" in layout.columns
    code = "usage-without-meters" if dated else "usage-without-days"
    register.findings.tell(code, layout.place, "", None, found=shown)
