"""Which prices no worked bill protects: cells that none reaches, and cells whose change none would notice.

A cell is reached where the graph of figures behind a worked bill's amounts ends in it. It is protected where one step
more in it makes a worked bill differ that comes out as expected: one that differs anyhow notices nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from xlbill.book.load import book_in
from xlbill.book.objects import PriceBook
from xlbill.book.worked_bills import Case
from xlbill.boundary import InternalFault, attempt
from xlbill.cells import Address
from xlbill.foresight.price_cells import BY_ROW, PriceCell, price_cells, with_cells
from xlbill.foresight.prices import positions_of
from xlbill.processes import Lost, mapped
from xlbill.rating.bill import Bill
from xlbill.rating.figures import Figure
from xlbill.rating.rate import Outcome
from xlbill.rating.worked import differences, rate_case
from xlbill.sheets import Workbook


@dataclass(frozen=True, slots=True)
class Covered:
    """A price cell and the worked bills that reach it; `unnoticed` where none of them notices a change of it."""

    cell: PriceCell
    cases: tuple[str, ...]
    unnoticed: bool = False

    @property
    def reached(self) -> bool:
        """Whether any worked bill follows from it."""
        return bool(self.cases)


@dataclass(frozen=True, slots=True)
class Coverage:
    """All price cells of a book; `mutated` says whether it was tried what a change of each does.

    `differing` are the worked bills that do not come out as expected, and protect nothing.
    """

    cells: tuple[Covered, ...]
    mutated: bool = False
    differing: tuple[str, ...] = ()

    @property
    def unreached(self) -> tuple[Covered, ...]:
        """The cells that no worked bill follows from."""
        return tuple(each for each in self.cells if not each.reached)

    @property
    def unnoticed(self) -> tuple[Covered, ...]:
        """The cells that a worked bill follows from, and whose change none notices."""
        return tuple(each for each in self.cells if each.unnoticed)

    @property
    def whole(self) -> bool:
        """Whether every price is protected."""
        return not self.unreached and not self.unnoticed and not self.differing

    def by_sheet(self) -> Mapping[str, tuple[int, int, int]]:
        """Of each sheet: how many cells are reached, how many of those pass unnoticed, and how many there are."""
        sheets = dict.fromkeys(each.cell.at.sheet for each in self.cells)
        return {
            name: (sum(e.reached for e in here), sum(e.unnoticed for e in here), len(here))
            for name in sheets
            for here in ([each for each in self.cells if each.cell.at.sheet == name],)
        }


def coverage(
    book: PriceBook,
    workbook: Workbook,
    *,
    mutate: bool = False,
    processes: int = 1,
    watch: Callable[[int, int], object] = lambda done, of: None,
) -> Coverage:
    """Which cells the worked bills of a book reach; with `mutate`, which of these could change unnoticed."""
    columns = _columns(workbook)
    reached: dict[Address, list[str]] = {}
    differing: list[str] = []
    for case in book.cases:
        outcome = rate_case(case, book)
        differing += [case.code] if any(True for _ in differences(case, outcome, book)) else []
        for at in _reached(outcome, case, book, columns):
            reached.setdefault(at, []).append(case.code)
    cells = [Covered(cell, tuple(reached.get(cell.at, ()))) for cell in price_cells(book, workbook)]
    if mutate:
        holding = frozenset(case.code for case in book.cases).difference(differing)
        given, cells, mutated = cells, [], partial(_mutated, book=book, workbook=workbook, holding=holding)
        for done in mapped(mutated, given, processes):
            cells.append(mutated(done.job) if isinstance(done, Lost) else done)
            watch(len(cells), len(given))
    return Coverage(tuple(cells), mutate, tuple(differing))


def reached_by(outcome: Outcome, case: Case, book: PriceBook, workbook: Workbook) -> Iterable[Address]:
    """The cells that one rated case follows from."""
    return _reached(outcome, case, book, _columns(workbook))


def _columns(workbook: Workbook) -> dict[str, int | None]:
    return {name: positions_of(workbook, kind).get(key) for name, (kind, key) in BY_ROW.items()}


def figures_of(bill: Bill) -> Iterator[Figure]:
    """Every figure that a bill's amounts follow from, each once."""
    waiting: list[Figure] = list(bill.sums.values())
    waiting += [figure for tax in bill.taxes for figure in (tax.net, tax.tax, tax.gross)]
    waiting += [pack.closing for pack in bill.packs]
    seen: set[Figure] = set()
    while waiting:
        figure = waiting.pop()
        if figure not in seen:
            seen.add(figure)
            yield figure
            waiting.extend(figure.sources())


def _reached(outcome: Outcome, case: Case, book: PriceBook, columns: Mapping[str, int | None]) -> Iterable[Address]:
    """The cells behind a worked bill. A coefficient of 1 is in no formula; it is reached where its usage is."""
    found: set[Address] = set()
    for figure in figures_of(outcome.bill) if outcome.bill is not None else ():
        at = figure.place.address
        if at is not None:
            column = columns.get(figure.name)
            found.add(at)
            found |= {Address(at.sheet, at.row, column)} if column is not None else set()
    for row in case.rows if outcome.bill is not None else ():
        meter, _, dimension = (row.meter or "").partition(":")
        measuring = [m for m in book.meters.values() if meter in (m.code, m.taken_from)]
        used = [m.dimensions[dimension].place.address for m in measuring if dimension in m.dimensions]
        found |= {at for at in used if at is not None and row.quantity}
        found |= _limits(meter, book) if case.problems and row.quantity else set()
    return found


def _limits(meter: str, book: PriceBook) -> set[Address]:
    """The quotas over which one is warned and never charged: reached where a worked bill expects to be told."""
    limits = [c.parameters.get("included") for c in book.charges if c.meter and c.meter.code == meter and not c.sold]
    return {at for limit in limits if limit is not None and (at := limit.place.address) is not None}


def _mutated(covered: Covered, book: PriceBook, workbook: Workbook, holding: Collection[str]) -> Covered:
    """The same cell, told whether one step more in it would pass all worked bills that are `holding`."""
    cell = covered.cell
    if not covered.reached or cell.value is None:
        return covered
    other, _ = book_in(with_cells(workbook, {cell.at: stepped(cell.value)}), book.edition.digest)
    if other is None or not other.sound:
        return covered  # refused by the check: noticed
    cases = {case.code: case for case in other.cases if case.code in holding}
    noticed = any(_differs(cases[code], other) for code in covered.cases if code in cases)
    return Covered(cell, covered.cases, unnoticed=not noticed)


def stepped(value: Decimal) -> Decimal:
    """A figure one step higher, in the last place that it is written with: 1,299 is 1,300, 0.57 is 0.58."""
    exponent = value.normalize().as_tuple().exponent
    return value + Decimal(1).scaleb(min(0, exponent if isinstance(exponent, int) else 0))


def _differs(case: Case, book: PriceBook) -> bool:
    outcome = attempt(lambda: rate_case(case, book))
    return isinstance(outcome, InternalFault) or any(True for _ in differences(case, outcome, book))
