"""The cells of a price book that bills follow from: prices, quotas, blocks, coefficients, terms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from xlbill.book import columns
from xlbill.book.meter_columns import METERS
from xlbill.book.objects import Charge, Parameter, PriceBook
from xlbill.cells import Address, Place
from xlbill.foresight.prices import positions_of
from xlbill.sheets import Cell, Workbook
from xlbill.sheets.columns import SheetKind


@dataclass(frozen=True, slots=True)
class PriceCell:
    """One such cell: where it is, of what it is what, and its figure (None where it holds a formula over names)."""

    at: Address
    item: str
    name: str
    value: Decimal | None

    @property
    def spoken(self) -> str:
        """How it is called: `im.pro.price`."""
        return f"{self.item}.{self.name}"


def price_cells(book: PriceBook, workbook: Workbook) -> tuple[PriceCell, ...]:
    """All of them, each once, in the order of the sheets. A cell that several prices share is one cell."""
    found: dict[Address, PriceCell] = {}
    for item, name, place, value in (*_of_rows(book), *_of_columns(book, workbook)):
        at = place.address
        if at is not None:
            found.setdefault(at, PriceCell(at, item, name, value))
    order = {sheet.name: number for number, sheet in enumerate(workbook.sheets)}
    return tuple(sorted(found.values(), key=lambda cell: (order.get(cell.at.sheet, 0), cell.at.row, cell.at.column)))


_Cell = tuple[str, str, Place, Decimal | None]


def _of_rows(book: PriceBook) -> Iterator[_Cell]:
    """What the objects of the book know the cell of."""
    for plan in book.plans:
        yield from _parameters(plan.code, plan.parameters)
    for charge in book.charges:
        yield from _parameters(f"{charge.product.code}.{charge.item}", _that_count(charge))
    for extension in book.extensions:
        offered = {f"price.{plan}": price for plan, price in extension.prices.items() if isinstance(price, Parameter)}
        yield from _parameters(extension.code, {**extension.parameters, **offered})
    for pack in book.packs:
        yield from _parameters(pack.code, pack.parameters)
    for meter in book.meters.values():
        for dimension in meter.dimensions.values():
            yield f"{meter.code}:{dimension.code}", "coefficient", dimension.place, dimension.coefficient
    for trial in book.trials:
        yield f"{trial.product.code}.{trial.of}", "quota", trial.place, trial.quota
    for rule in book.taxes:
        yield from _parameters(" ".join(("tax", *filter(None, (rule.customers, rule.products)))), {"rate": rule.rate})
    for rate in book.rates:
        yield rate.code, str(rate.since or ""), rate.place, rate.value
    for meter in book.meters.values():
        yield from _parameters(meter.code, {**meter.settings, **meter.record_parameters})
    yield from _parameters("book", {"tax_rate": book.tax_rate})


def _that_count(charge: Charge) -> Mapping[str, Parameter]:
    """What bills follow from in a usage price: of one that is never charged (—) the quota, over which one is warned.

    Of one without a price nothing: contracts give it, and worked bills have none.
    """
    if not charge.sold:
        return {name: given for name, given in charge.parameters.items() if name == "included"}
    unpriced = "price" in charge.model.inputs and "price" not in charge.parameters
    return {} if unpriced else charge.parameters


def _parameters(item: str, parameters: Mapping[str, Parameter]) -> Iterator[_Cell]:
    for name, parameter in parameters.items():
        if parameter.formula is not None or isinstance(parameter.value, Decimal):
            yield item, name, parameter.place, parameter.value if isinstance(parameter.value, Decimal) else None


def _of_columns(book: PriceBook, workbook: Workbook) -> Iterator[_Cell]:
    """What the objects know by their row alone: found in its column."""
    per_unit = positions_of(workbook, METERS).get("per_unit")
    for meter in book.meters.values():
        if meter.per_unit != 1 and per_unit is not None:
            yield meter.code, "per_unit", _in(meter.place, per_unit), meter.per_unit
    quantity = positions_of(workbook, columns.PACKS).get("quantity")
    for pack in book.packs if quantity is not None else ():
        yield pack.code, "quantity", _in(pack.place, quantity), pack.quantity


def _in(place: Place, column: int | None) -> Place:
    return place.at(place.row, column)


BY_ROW: Mapping[str, tuple[SheetKind, str]] = {
    "per_unit": (METERS, "per_unit"),
    "opening": (columns.PACKS, "quantity"),
}
"""Figures whose place is their row's first cell: by their names, the sheet and the column in which they stand."""


def with_cells(workbook: Workbook, changes: Mapping[Address, Decimal]) -> Workbook:
    """A workbook as read, with other figures in some cells; a formula there gives way to the figure."""
    sheets = []
    for sheet in workbook.sheets:
        here = {(at.row, at.column): new for at, new in changes.items() if at.sheet == sheet.name}
        cells = {**sheet.cells, **{at: _changed(sheet.cells.get(at), sheet.name, at, new) for at, new in here.items()}}
        sheets.append(replace(sheet, cells=cells) if here else sheet)
    return replace(workbook, sheets=tuple(sheets))


def _changed(cell: Cell | None, sheet: str, at: tuple[int, int], new: Decimal) -> Cell:
    place = cell.place if cell is not None else Place(None, sheet, *at)
    return Cell(new, place, None, f"{new:f}")
