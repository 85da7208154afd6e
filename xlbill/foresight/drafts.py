"""Drafts of worked bills for prices that none reaches: rows to paste, the totals left for finance.

A draft is only suggested where it can be rated and does reach the cell; the total that comes out is not shown, so that
finance works it out from the price list and not from the program.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from xlbill.book.lookup import plan_by_code
from xlbill.book.objects import Charge, Meter, Pack, Parameter, Plan, PriceBook, Product
from xlbill.book.worked_bills import Case, CaseRow
from xlbill.boundary import InternalFault, attempt
from xlbill.cells import NOWHERE, Place
from xlbill.foresight.coverage import Coverage, reached_by
from xlbill.foresight.price_cells import price_cells
from xlbill.inert import inert
from xlbill.periods import Month
from xlbill.rating.worked import rate_case
from xlbill.sheets import Workbook

HEADINGS: tuple[str, ...] = (
    "示例 case",
    "账期 period",
    "订阅项 item",
    "选项 option",
    "份数 count",
    "开始 start",
    "用量 usage",
)
HEADINGS += ("日期 day", "数量 quantity", "预期价税合计 total", "依据 source", "预期问题 expected problem")
_BEYOND = Decimal(25_001)  # usage beyond a quota that is not said


@dataclass(frozen=True, slots=True)
class DraftCase:
    """A worked bill without its total, and the cells that it would reach."""

    case: Case
    covers: tuple[str, ...]


def suggest(book: PriceBook, workbook: Workbook, coverage: Coverage) -> tuple[tuple[DraftCase, ...], tuple[str, ...]]:
    """Drafts for the cells that no worked bill reaches, and the cells for which there is none."""
    names = {cell.at: cell.spoken for cell in price_cells(book, workbook)}
    open_cells = {each.cell.at for each in coverage.unreached}
    month = _month(book)
    drafts: list[DraftCase] = []
    for rows in _candidates(book, month):
        case = Case(f"draft-{len(drafts) + 1}", month, tuple(rows), None, NOWHERE, (), ("",))
        outcome = attempt(partial(rate_case, case, book))
        if isinstance(outcome, InternalFault) or outcome.bill is None:
            continue
        covers = open_cells & set(reached_by(outcome, case, book, workbook))
        if covers:
            open_cells -= covers
            told = tuple(dict.fromkeys(p.code for p in outcome.problems))
            drafts.append(DraftCase(replace(case, problems=told), tuple(names[at] for at in sorted(covers))))
    return tuple(drafts), tuple(names[at] for at in sorted(open_cells))


def as_csv(drafts: Sequence[DraftCase]) -> str:
    """The drafts as rows of the Examples sheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for draft in drafts:
        for number, row in enumerate(draft.case.rows):
            month, source = (str(draft.case.month), "; ".join(draft.covers)) if number == 0 else ("", "")
            figures = [f"{value:f}" if value is not None else "" for value in (row.count, row.quantity)]
            start, day = (value.isoformat() if value else "" for value in (row.start, row.day))
            told = draft.case.problems[number] if number < len(draft.case.problems) else ""
            named = (draft.case.code, month, row.item or "", row.option or "", figures[0], start, row.meter or "", day)
            writer.writerow(map(inert, (*named, figures[1], "", source, told)))
    return text.getvalue()


def _month(book: PriceBook) -> Month:
    """A month with a whole month of the edition before it, in which trials are over."""
    return Month.of(book.edition.effective).plus(2)


def _candidates(book: PriceBook, month: Month) -> Iterator[list[CaseRow]]:
    """Cases that might reach something: each plan with all its usage, each option on each plan, packs, trials."""
    before = month.plus(-1).start
    for plan in book.plans:
        base = _base(plan.product, book, before)
        for rows in base:
            yield [*rows, _item(plan, before), *_usage(book, plan)]
    for extension in book.extensions:
        for code, price in extension.prices.items():
            plan_sold = plan_by_code(book, code)
            if isinstance(price, Parameter) and plan_sold is not None:
                yield [_item(plan_sold, before), _order(extension.extension, extension.option or None, month.start)]
    for pack in book.packs:
        for rows in _base(pack.product, book, before):
            yield [*rows, _order(pack.code, None, month.start), *_drawing(pack)]
    for trial in book.trials:
        for rows in _base(trial.product, book, before):
            plans = [plan for plan in book.plans if plan.product is trial.product]
            yield [*rows, *(_item(plan, month.start) for plan in plans[:1]), *_tried(book, trial.product, month)]


def _base(product: Product, book: PriceBook, start: date) -> list[list[CaseRow]]:
    """The plans that a product needs, each by itself; nothing where it needs none."""
    needed = [plan for need in product.needs[:1] if (plan := plan_by_code(book, need)) is not None]
    return [[_item(plan, start)] for plan in needed] or [[]]


def _usage(book: PriceBook, plan: Plan) -> Iterator[CaseRow]:
    """Usage of everything that a plan's product measures, beyond what is included."""
    seen: set[tuple[str, str | None]] = set()
    for charge in book.charges:
        named = not charge.plans or {w.casefold() for w in charge.plans} & {n.casefold() for n in plan.names}
        if charge.product is plan.product and charge.meter is not None and named:
            for dimension in _dimensions(charge, charge.meter):
                if (charge.meter.code, dimension) not in seen:
                    seen.add((charge.meter.code, dimension))
                    yield _used(charge.meter, dimension, _beyond(charge))


def _dimensions(charge: Charge, meter: Meter) -> Sequence[str | None]:
    """The dimensions that a price is for: its own, else all of its meter."""
    return [charge.dimension] if charge.dimension else [*meter.dimensions] or [None]


def _beyond(charge: Charge) -> Decimal:
    """Usage that no quota covers, and that fills blocks one and a bit."""
    given = {name: p.value for name, p in charge.parameters.items() if isinstance(p.value, Decimal)}
    included, block = given.get("included", Decimal(0)), given.get("block", Decimal(1))
    start = given.get("from", Decimal(0))
    assert isinstance(included, Decimal) and isinstance(block, Decimal) and isinstance(start, Decimal)
    per = charge.meter.per_unit if charge.meter is not None else Decimal(1)
    return (max(included, start) + max(block + 1, _BEYOND)) * per


def _drawing(pack: Pack) -> Iterator[CaseRow]:
    for meter in pack.meters:
        yield _used(meter, next(iter(meter.dimensions), None), (pack.quantity + 10_000_000) * meter.per_unit)


def _tried(book: PriceBook, product: Product, month: Month) -> Iterator[CaseRow]:
    """A day of usage in the trial for each price of a product."""
    for charge in book.charges:
        if charge.product is product and charge.meter is not None:
            dimension = charge.dimension or next(iter(charge.meter.dimensions), None)
            day = month.start + timedelta(1)
            yield replace(_used(charge.meter, dimension, _beyond(charge) * 10), day=day)


def _item(plan: Plan, start: date) -> CaseRow:
    return _order(plan.code, None, start)


def _order(item: str, option: str | None, start: date) -> CaseRow:
    return CaseRow(item, option, None, start, None, None, None, Place())


def _used(meter: Meter, dimension: str | None, quantity: Decimal) -> CaseRow:
    name = f"{meter.code}:{dimension}" if dimension else meter.code
    return CaseRow(None, None, None, None, name, None, quantity, Place())
