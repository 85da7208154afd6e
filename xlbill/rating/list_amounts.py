"""What lines under a contract would cost at the list's prices, and what the contract saves: 官网价, 优惠, 应付.

The same model over the same figures, with the list's price in place of the agreed one and no discount: the quantities
are those that are billed. So an amount, what is saved of it, and the amount at list prices tie line by line, and the
sums over a bill do, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xlbill.formula import is_number
from xlbill.rating.bill import AtListPrice, Line
from xlbill.rating.figures import Figure, Source, computed, given, our

SAVED, UNCHANGED = our("=list_amount-amount"), our("=amount")


def with_list_amounts(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with what each costs at list prices; none says so on a bill on which no contract saves anything."""
    listed = [_list_amount(line) for line in lines]
    if not any(listed):
        return tuple(lines)
    return tuple(replace(line, at_list=_tied(line, amount)) for line, amount in zip(lines, listed, strict=True))


def _tied(line: Line, list_amount: Figure | None) -> AtListPrice:
    if list_amount is None:
        return AtListPrice(computed("list_amount", UNCHANGED, {"amount": line.amount}))
    return AtListPrice(list_amount, computed("saved", SAVED, {"list_amount": list_amount, "amount": line.amount}))


def _list_amount(line: Line) -> Figure | None:
    """What a line costs at list prices; None where no contract makes it less."""
    instead = dict(_at_list(line)) if line.contract else {}
    if not instead:
        return None
    at_list = _over(line.amount, instead, set(line.figures.values()))
    if not is_number(at_list.value) or at_list.number <= line.amount.number:
        return None
    return replace(at_list, name="list_amount")


def _at_list(line: Line) -> Iterable[tuple[Figure, Figure]]:
    """The figures of a line that a contract changed, each with the list's.

    Tiers of a contract's own are not cut as the list's are: what would fall into which of these is not known.
    """
    price, discount = line.figures.get("price"), line.figures.get("discount")
    own_tiers = not line.contracts and any(line.number(bound) is not None for bound in ("from", "to"))
    if price is not None and line.list_price is not None and not own_tiers:
        yield price, line.list_price
    if discount is not None and discount.value:
        yield discount, given("discount", 0)


def _over(figure: Figure, instead: Mapping[Figure, Figure], own: set[Figure]) -> Figure:
    """A figure with others in place of some of the line's own figures, and of what is made of them."""
    if figure in instead:
        return instead[figure]
    if figure.formula is None or figure not in own:
        return figure
    inputs: dict[str, Source] = {}
    for name, source in figure.inputs.items():
        inputs[name] = source if isinstance(source, tuple) else _over(source, instead, own)
    if all(inputs[name] is source for name, source in figure.inputs.items()):
        return figure
    return computed(figure.name, figure.formula, inputs, figure.place)
