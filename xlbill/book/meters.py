"""The meters of a price book, with their dimensions and the time bands that they name."""

from collections.abc import Mapping
from typing import Any, cast

from xlbill.book.bands import MINUTES, Schedule, read_schedules
from xlbill.book.models import inlined
from xlbill.book.objects import Dimension, Meter, Model, Parameter
from xlbill.book.parameters import read_parameters
from xlbill.book.rows import ONE, Known, names_of
from xlbill.book.tables import Tables, rows_of
from xlbill.book.taken_meters import measured_anew
from xlbill.formula import names
from xlbill.language import Label
from xlbill.methods import EACH, METHODS, by_day
from xlbill.problems import Problems
from xlbill.quantities import columns_of
from xlbill.sheets import Row, nearest

SUPPLIED_TO_RECORDS = frozenset({"quantity", "number", "so_far", "so_far_today", "charged_today"})
"""What a record model takes of the record itself and of those before it."""

_NOTHING_WHERE_BLANK = frozenset(q.key for q in columns_of("meters") if q.may_be_blank) - {"block"} | {"drawn"}
"""What a meter's row may leave blank: no pack is drawn for a record, and no contract gives it a price later."""

RECORD_RESULTS = ("amount", "units", "billable")
"""Which result of a record model is summed up: the first of these that it gives."""


def read_meters(tables: Tables, known: Known, found: Problems) -> dict[str, Meter]:
    """The meters with their dimensions; a coefficient of an unknown meter is a problem."""
    schedules = read_schedules(rows_of(tables, "bands"), rows_of(tables, "holidays"), found)
    dimensions: dict[str, dict[str, Dimension]] = {}
    rows = rows_of(tables, "meters")
    codes = [row.peek("meter") or "" for row in rows]
    for row in rows_of(tables, "coefficients"):
        meter, dimension = row.code("meter", found), _read_dimension(row, found)
        if meter is None or dimension is None:
            continue
        if meter not in codes:
            found.tell(row.problem("unknown-meter", "meter", nearest=nearest(meter, codes) or ", ".join(codes)))
        elif dimension.code in dimensions.setdefault(meter, {}):
            first = str(dimensions[meter][dimension.code].place.row)
            found.tell(row.problem("code-twice", "dimension", first=first))
        else:
            dimensions[meter][dimension.code] = dimension
    meters: dict[str, Meter] = {}
    for row, code in zip(rows, codes, strict=True):
        if code in meters:
            found.tell(row.problem("code-twice", "meter", first=str(meters[code].place.row)))
        elif (read := _read_meter(row, dimensions.get(code, {}), schedules, known, found)) is not None:
            meters[code] = read
    return measured_anew(meters, {code: row for row, code in zip(rows, codes, strict=True)}, found)


def _read_meter(
    row: Row,
    dimensions: Mapping[str, Dimension],
    schedules: Mapping[str, Schedule],
    known: Known,
    found: Problems,
) -> Meter | None:
    """A row of the Meters sheet, with its rows of the Coefficients sheet."""
    code, month = row.code("meter", found), row.choice("month", found)
    per_unit = row.number("per_unit", found)
    if per_unit is not None and per_unit <= 0:
        found.tell(row.problem("not-positive", "per_unit"))
        return None
    if per_unit not in (None, ONE) and row.cell("source_unit").blank and row.cell("source_unit_en").blank:
        found.tell(row.problem("per-unit-of-nothing", "per_unit"))
        return None
    if code is None or month is None:
        return None
    settings = _method_settings(row, month, found)
    minutes = row.number("sample_minutes", found)
    if minutes is not None and (minutes != int(minutes) or not 0 < minutes <= MINUTES or MINUTES % minutes):
        found.tell(row.problem("sample-minutes-bad", "sample_minutes"))
        minutes = None
    if settings is None:
        return None
    record = known.model(row, "record", found)
    if record is not None and (month != "sum" or not row.cell("by_day").blank):
        found.tell(row.problem("record-not-summed", "record"))
    return Meter(
        code,
        names_of(row, code, found),
        _label(row, "unit", found),
        cast(Any, month),
        _label(row, "source_unit", found),
        per_unit or ONE,
        cast(Any, row.choice("rounding", found) or "none"),
        row.choice("pooled", found) == "customer",
        row.yes("daily", found) or False,
        row.yes("whole", found) or False,
        row.number("request_limit", found),
        dimensions,
        row.cell("meter").place,
        cast(Any, row.choice("default_unit", found)),
        EACH if record is not None else row.choice("by_day", found) or by_day(month),
        settings,
        None if minutes is None else int(minutes),
        _schedule(row, schedules, found),
        record,
        _record_parameters(row, record, known, found),
        row.code("taken_from", found),
    )


def _record_parameters(row: Row, record: Model | None, known: Known, found: Problems) -> dict[str, Parameter]:
    """What a meter's row gives to its record model: figures, as no line is there yet to which a formula could refer."""
    parameters = read_parameters(row, record, known.exact, found, without=SUPPLIED_TO_RECORDS)
    for name, parameter in parameters.items():
        if parameter.formula is not None:
            found.tell(row.problem("not-a-figure", name))
    for quantity in columns_of("meters"):
        if not row.cell(quantity.key).blank and (record is None or quantity.key not in record.inputs):
            model = record.code if record is not None else "—"
            found.tell(row.problem("record-parameter-idle", quantity.key, model=model))
    if record is None:
        return parameters
    if not set(RECORD_RESULTS) & set(record.outputs):
        found.tell(row.problem("model-lacks-result", "record", model=record.code, missing=" / ".join(RECORD_RESULTS)))
        return parameters
    used = names(inlined(record, next(name for name in RECORD_RESULTS if name in record.outputs)))
    given = SUPPLIED_TO_RECORDS | _NOTHING_WHERE_BLANK
    needed = (name for name in used if name not in given and record.sample.get(name) is not None)
    if blank := [name for name in needed if name not in parameters]:
        facts = {"item": row.peek("meter") or "", "model": record.code, "blank": ", ".join(blank)}
        found.tell(row.problem("parameter-blank", "record", **facts))
    return parameters


def _schedule(row: Row, schedules: Mapping[str, Schedule], found: Problems) -> Schedule | None:
    """The time bands that a meter's row names."""
    code = row.code("bands", found)
    by_word = {known.casefold(): schedule for known, schedule in schedules.items()}
    if code is None or code.casefold() in by_word:
        return by_word.get(code.casefold()) if code is not None else None
    found.tell(
        row.problem("unknown-schedule", "bands", nearest=nearest(code, schedules) or ", ".join(schedules) or "—")
    )
    return None


def _method_settings(row: Row, month: str, found: Problems) -> dict[str, Parameter] | None:
    """What a meter's method takes besides its figures; None, and a problem, where that is not in the row."""
    method, settings = METHODS[month], {}
    for key in ("nth", "percentile"):
        number, taken = row.number(key, found), key in method.settings
        if number is None:
            if taken and row.cell(key).blank:
                found.tell(row.problem("method-setting-blank", key, method=method.word))
            if taken:
                return None
        elif not taken:
            found.tell(row.problem("method-setting-idle", key, method=method.word))
        elif number <= 0 or (number > 1 if key == "percentile" else number != int(number)):
            found.tell(row.problem("method-setting-bad", key, method=method.word))
            return None
        else:
            settings[key] = Parameter(number, None, row.cell(key).place)
    return settings


def _read_dimension(row: Row, found: Problems) -> Dimension | None:
    """A row of the Coefficients sheet."""
    if (code := row.code("dimension", found)) is None:
        return None
    coefficient = row.number("coefficient", found)
    if coefficient is None:
        return None
    if coefficient <= 0:
        found.tell(row.problem("not-positive", "coefficient"))
        return None
    name, medium = names_of(row, code, found), row.code("medium", found)
    return Dimension(code, name, medium, coefficient, row.cell("coefficient").place)


def _label(row: Row, key: str, found: Problems) -> Label | None:
    zh, en = row.text(key, found) or "", row.text(f"{key}_en", found) or ""
    return Label(zh, en) if zh or en else None
