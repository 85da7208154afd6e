"""The template's number formats, adapted to the bill's currency and to the decimals that a figure really has."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

from xlbill.formula import Value, as_decimal, is_number
from xlbill.invoice.pages.rows import PlacedCell
from xlbill.invoice.template.marked import slots_of
from xlbill.invoice.template.marks import Shows
from xlbill.money import Currency
from xlbill.workbook.formats import (
    ISO_DATE,
    aligned,
    decimals_of,
    for_money,
    is_date_format,
    places_of,
    with_decimals,
)
from xlbill.workbook.layout import Formula, LaidCell
from xlbill.workbook.style import CellStyle


def adapted(number_format: str, kind: Shows, value: Value, currency: Currency) -> str:
    """The template's format for a figure of a kind: money in the bill's currency, nothing cut off what is shown."""
    if kind is Shows.DATE:
        return number_format if is_date_format(number_format) else ISO_DATE
    if not is_number(value):
        return number_format
    if kind is Shows.MONEY:
        return for_money(_numeric(number_format, "#,##0.00"), currency)
    number = as_decimal(value)
    if kind is Shows.PRICE:
        priced = for_money(_numeric(number_format, "#,##0.00"), currency)
        return with_decimals(priced, max(decimals_of(number), currency.decimals))
    if kind is Shows.RATE:
        return with_decimals(number_format if "%" in number_format else "0%", decimals_of(number * 100))
    return with_decimals(_numeric(number_format, "#,##0"), decimals_of(number))


def _numeric(number_format: str, usual: str) -> str:
    """A format of numbers; the usual one where the cell has none, or one of dates or text."""
    plain = number_format in ("General", "@", "") or is_date_format(number_format)
    return usual if plain else number_format


# --- below each other ----------------------------------------------------------------------------------------------

_ALIGNED = frozenset({Shows.PRICE, Shows.QUANTITY})
"""What has decimals of its own; money has those of its currency throughout."""


def in_columns(placed: Sequence[PlacedCell], cells: Sequence[LaidCell]) -> tuple[LaidCell, ...]:
    """Cells whose figures stand with their points below each other: in one column, about things of one kind."""
    columns = [_column_of(cell, laid) for cell, laid in zip(placed, cells, strict=True)]
    most: dict[Hashable, int] = {}
    least: dict[Hashable, int] = {}
    for column, laid in zip(columns, cells, strict=True):
        if column is not None:
            places = places_of(laid.style.number_format)
            most[column] = max(most.get(column, 0), places)
            least[column] = min(least.get(column, places), places)
    made: dict[tuple[int, int], CellStyle] = {}

    def fitted(laid: LaidCell, column: Hashable) -> LaidCell:
        if column is None or least[column] == most[column]:
            return laid
        key = id(laid.style), most[column]
        if key not in made:
            made[key] = replace(laid.style, number_format=aligned(laid.style.number_format, most[column]))
        return replace(laid, style=made[key])

    return tuple(fitted(laid, column) for laid, column in zip(cells, columns, strict=True))


def _column_of(cell: PlacedCell, laid: LaidCell) -> Hashable:
    """In which column of figures a cell stands; None for one that holds no figure with decimals of its own."""
    slots = slots_of(cell.content)
    value = laid.content.value if isinstance(laid.content, Formula) else laid.content
    struck = laid.style.font.strike  # a line through the blanks, too, would be one through nothing
    if not slots or struck or slots[0].mark.kind not in _ALIGNED or not is_number(value):
        return None
    return cell.column, slots[0].mark.scope, id(cell.subjects.get("usage"))
