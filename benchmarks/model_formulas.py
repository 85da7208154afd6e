"""The shipped models' formulas: the walk over the tree, the compiled function, its twin in doubles; and their share of
rating a customer.

    python benchmarks/model_formulas.py [rounds]

Medians of several rounds. The ratios of one run can be compared between machines, the seconds cannot.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import geometric_mean, median

from xlbill.accounts import by_customer
from xlbill.book.load import load_book
from xlbill.formula import Expr, Name, Value, as_excel_does, compiled, evaluate, write
from xlbill.inputs import load_inputs
from xlbill.periods import Month
from xlbill.rating.bill import Bill
from xlbill.rating.figures import Figure
from xlbill.rating.rate import rate
from xlbill.workspace import Workspace

ROOT = Path(__file__).parent.parent
BOOK = ROOT / "price_tables" / "easemob-im-2026.xlsx"


def seconds(work: Callable[[], object], times: int, rounds: int) -> float:
    """The median time of one call, over rounds of so many calls."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - start) / times)
    return median(found)


def shipped_formulas() -> Iterator[tuple[str, Expr, dict[str, Value]]]:
    """Each formula of the shipped models with its worked example's figures."""
    book, _ = load_book(BOOK)
    assert book is not None
    for model in book.models.values():
        values = dict(model.sample)
        for name, formula in model.formulas:
            yield f"{model.code}.{name}", formula, values
            values[name] = walked(formula, values)


def walked(formula: Expr, values: Mapping[str, Value]) -> Value:
    """What the walk over the tree gives."""
    return evaluate(formula, lambda node: values.get(node.name) if isinstance(node, Name) else None)


def formulas(rounds: int) -> None:
    """Each formula three ways."""
    ratios, twins = [], []
    print(f"{'model':24}{'walk':>9}{'compiled':>10}{'doubles':>9}{'walk / compiled':>17}{'walk / doubles':>16}")
    for name, formula, values in shipped_formulas():
        exact, twin = compiled(formula).compute, as_excel_does(formula).compute
        given = [values.get(used) for used in compiled(formula).names]
        walk = seconds(lambda f=formula, v=values: walked(f, v), 200, rounds)  # type: ignore[misc]
        fast = seconds(lambda f=exact, v=given: f(*v), 2_000, rounds)  # type: ignore[misc]
        excel = seconds(lambda f=twin, v=given: f(*v), 2_000, rounds)  # type: ignore[misc]
        if not isinstance(formula, Name):  # a name alone is nothing to compute
            ratios.append(walk / fast)
            twins.append(walk / excel)
        print(
            f"{name:24}{walk * 1e6:6.1f} us{fast * 1e6:7.2f} us{excel * 1e6:6.2f} us{walk / fast:15.0f} x"
            f"{walk / excel:14.0f} x   {write(formula)}"
        )
    for heading, found in (("walk / compiled", ratios), ("walk / doubles", twins)):
        print(f"{heading}: least {min(found):.0f} x, median {median(found):.0f} x, mean {geometric_mean(found):.0f} x")


def behind(bill: Bill) -> list[Figure]:
    """The computed figures of a bill, each once."""
    found: dict[int, Figure] = {}
    waiting = [bill.total, bill.prepaid, bill.due, *(figure for line in bill.lines for figure in line.figures.values())]
    while waiting:
        figure = waiting.pop()
        if id(figure) not in found:
            found[id(figure)] = figure
            waiting.extend(figure.sources())
    return [figure for figure in found.values() if figure.formula is not None]


def customers(rounds: int) -> None:
    """Rating the example's customers, and what of it is formulas."""
    month = Month(2026, 4)
    inputs, _ = load_inputs(Workspace(ROOT / "examples"), month)
    assert inputs is not None
    own = by_customer(inputs.accounts)
    for customer in inputs.accounts.customers:
        rest = (own[customer.code], inputs.books, inputs.usage, inputs.balances, month)
        bill = rate(customer, *rest).bill
        assert bill is not None
        whole = seconds(lambda c=customer, r=rest: rate(c, *r), 3, rounds)  # type: ignore[misc]
        figures = behind(bill)
        again = seconds(lambda f=figures: [compiled(one.formula).compute(*cells(one)) for one in f], 3, rounds)  # type: ignore[misc]
        print(
            f"{customer.code}: {whole * 1000:5.2f} ms, {len(figures):3} formulas are {again / whole:4.0%} of it; "
            f"{len(bill.lines)} lines"
        )


def cells(figure: Figure) -> Iterator[object]:
    """The values behind a figure's formula."""
    assert figure.formula is not None
    for name in compiled(figure.formula).names:
        source = figure.inputs.get(name)
        if isinstance(source, tuple):
            yield (tuple(part.value for part in source),)
        else:
            yield source.value if source is not None else None


def main(rounds: int = 5) -> None:
    formulas(rounds)
    customers(rounds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
