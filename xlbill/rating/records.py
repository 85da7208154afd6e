"""Each record by itself: a meter's record model is applied to every row of usage before the month is summed up.

A call is rounded up to whole minutes, a transaction pays its percentage within a minimum and a maximum, the first
hundred are free. Up to RECORDS_SHOWN records of a price the invoice shows each with its formula; beyond that the exact
results of each day, added up.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from xlbill.book.meters import RECORD_RESULTS
from xlbill.book.models import inlined
from xlbill.book.objects import Meter
from xlbill.cells import Place
from xlbill.formula import Binary, ExcelError, Expr, Name, Value, as_decimal, compiled, is_number, names, substitute
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.quantities import QUANTITY
from xlbill.rating.bill import UsageColumn
from xlbill.rating.figures import Figure, Source, cells_of, computed, given, our
from xlbill.rating.results import parameter_figure
from xlbill.sheets.cell import in_15_digits

RECORDS_SHOWN = 2_000
"""So many records of one price an invoice shows; of more it shows each day's sum."""

SUMS = Label("逐条计算后的日合计", "Records, summed by day")
COUNTS = {
    "number": our("=earlier+1"),
    "so_far": our("=earlier+quantity"),
    "so_far_today": our("=earlier+quantity"),
    "charged_today": our("=earlier+counted"),
}
"""What a record model may take of the records before: from the same of the last one, its quantity and its result."""

BY_DAY = frozenset({"so_far_today", "charged_today"})


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a price in their order: as columns with a figure each, and what the model makes of each."""

    columns: tuple[UsageColumn, ...]
    results: tuple[tuple[date | None, Figure], ...]


@dataclass(frozen=True, slots=True)
class _Record:
    """A record: when, in which of the columns, its figure."""

    at: datetime
    column: int
    usage: Figure


def recorded(meter: Meter, columns: Sequence[UsageColumn], in_units: Sequence[bool], found: Problems) -> Records | None:
    """The results of a meter's record model for each record of some columns; None, and a problem, where one has none.

    The model takes a record in the source unit (seconds), where the meter has one; `in_units` says which columns are
    in the meter's own unit, and are converted.
    """
    records = list(_in_order(columns))
    formulas = [_formula(meter, converted) for converted in in_units]
    parameters = {name: parameter_figure(name, value) for name, value in meter.record_parameters.items()}
    if any(in_units):
        parameters["per_unit"] = given("per_unit", meter.per_unit, meter.place)
    if len(records) > RECORDS_SHOWN:
        found.add("records-summed", records[0].usage.place, item=meter.name, count=f"{len(records):,}")
        return _summed_by_day(meter, columns, records, formulas, parameters, found)
    counting: dict[str, list[Figure]] = {name: [] for name in COUNTS if name in set(names(formulas[0]))}
    results: list[tuple[date | None, Figure]] = []
    for number, record in enumerate(records):
        before = (records[number - 1], results[-1][1]) if number else None
        for name, figures in counting.items():
            figures.append(_counted(name, record, before, figures[-1] if figures else None))
        inputs: dict[str, Source] = {**parameters, "quantity": record.usage}
        inputs |= {name: figures[-1] for name, figures in counting.items()}
        result = _result(meter, formulas[record.column], inputs, columns[record.column])
        if not _is_figure(meter, result.value, record.usage.place, found):
            return None
        results.append((record.at, result))
    shown = [
        UsageColumn(
            *(column.app, column.dimension, column.unit, column.coefficient),
            tuple((record.at, record.usage) for record in records if record.column == number),
        )
        for number, column in enumerate(columns)
    ]
    extra = (
        UsageColumn(columns[0].app, QUANTITY[name].heading, None, None, tuple(zip(_moments(records), own, strict=True)))
        for name, own in counting.items()
    )
    return Records((*shown, *extra), tuple(results))


def _in_order(columns: Sequence[UsageColumn]) -> Iterator[_Record]:
    """The records by time, then column; those of one second are told apart by microseconds."""
    own = [
        (day if isinstance(day, datetime) else datetime.combine(day, time()), number, figure)
        for number, column in enumerate(columns)
        for day, figure in column.days
        if day is not None
    ]
    before, same = None, 0
    for moment, number, figure in sorted(own, key=lambda entry: entry[:2]):
        second = moment.replace(microsecond=0)
        before, same = second, same + 1 if second == before else 0
        yield _Record(second + timedelta(microseconds=same), number, figure)


def _moments(records: Sequence[_Record]) -> list[date | None]:
    return [record.at for record in records]


def _formula(meter: Meter, converted: bool) -> Expr:
    """The record model's result as one formula over what it is given, a quantity in units turned into source units."""
    assert meter.record is not None
    formula = inlined(meter.record, next(name for name in RECORD_RESULTS if name in meter.record.outputs))
    if not converted:
        return formula
    in_source = Binary("*", Name("quantity"), Name("per_unit"))
    return substitute(formula, lambda node: in_source if node == Name("quantity") else node)


def _counted(name: str, record: _Record, before: tuple[_Record, Figure] | None, earlier: Figure | None) -> Figure:
    """Which record it is, or what those before it came to; from `earlier`, which is the same of the one `before`.

    What is counted by the day begins anew with each.
    """
    if before is None or earlier is None or (name in BY_DAY and before[0].at.date() != record.at.date()):
        return given(name, 1 if name == "number" else 0, record.usage.place)
    known = {"earlier": earlier, "quantity": before[0].usage, "counted": before[1]}
    return computed(name, COUNTS[name], {used: known[used] for used in names(COUNTS[name])})


def _result(meter: Meter, formula: Expr, inputs: Mapping[str, Source], column: UsageColumn) -> Figure:
    """What a record comes to, times what its dimension counts for."""
    sources = {name: inputs[name] for name in names(formula) if name in inputs}
    blank = {name: given(name, None, meter.place) for name in compiled(formula).strict_names if name not in sources}
    if column.coefficient is None:
        return computed("counted", formula, {**sources, **blank}, meter.place)
    weighted = Binary("*", formula, Name("coefficient"))
    return computed("counted", weighted, {**sources, **blank, "coefficient": column.coefficient}, meter.place)


def _is_figure(meter: Meter, value: Value, place: Place, found: Problems) -> bool:
    if is_number(value):
        return True
    shown = value.value if isinstance(value, ExcelError) else str(value)
    code = meter.record.code if meter.record is not None else ""
    what = Label(f"{meter.name.zh} 的一条记录", f"a record of {meter.name.en}")
    found.add("line-not-computed", place, what=what, model=code, name="amount", found=str(shown))
    return False


def _summed_by_day(
    meter: Meter,
    columns: Sequence[UsageColumn],
    records: Sequence[_Record],
    formulas: Sequence[Expr],
    parameters: Mapping[str, Figure],
    found: Problems,
) -> Records | None:
    """The same results without a figure for each record: only the days' sums are figures."""
    functions = [compiled(formula) for formula in formulas]
    days: dict[date, tuple[Decimal, Place]] = {}
    so_far, today = Decimal(0), (date.min, Decimal(0))
    for number, record in enumerate(records, start=1):
        day = record.at.date()
        today = today if today[0] == day else (day, Decimal(0))
        total, place = days.get(day, (Decimal(0), record.usage.place))
        counts: dict[str, Decimal | int] = {
            "number": number,
            "so_far": so_far,
            "so_far_today": today[1],
            "charged_today": total,
        }
        inputs = {**parameters, "quantity": record.usage, **{name: given(name, n) for name, n in counts.items()}}
        function = functions[record.column]
        value = function.compute(*cells_of(function, inputs, lambda figure: figure.value))
        if not _is_figure(meter, value, record.usage.place, found):
            return None
        coefficient = columns[record.column].coefficient
        counted = as_decimal(value) if is_number(value) else Decimal(0)
        counted = counted if coefficient is None else counted * coefficient.number
        so_far, today = so_far + record.usage.number, (day, today[1] + record.usage.number)
        days[day] = total + counted, place
    sums = tuple((day, given("usage", in_15_digits(total), place)) for day, (total, place) in sorted(days.items()))
    return Records((UsageColumn(columns[0].app, SUMS, meter.unit, None, sums),), ())
