"""Functions over any number of values: SUM, MAX, COUNT, AVERAGE, SUBTOTAL, SUMPRODUCT.

What a reference points to and what a formula is given differ: =SUM(A1) passes over a text "3" in A1, =SUM("3") is 3.
https://support.microsoft.com/office/sum-function-043e1c7d-7726-4e80-8f32-07b23e057f89
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from ..arithmetic import add, divide, multiply, whole
from ..coercion import to_number
from ..values import ONE, ZERO, ExcelError, Grid, Number, Operand, Value, is_number

Figures = list[Number]


def figures(operands: Iterable[Operand]) -> Figures | ExcelError:
    """The numbers to be counted in: those of the cells referred to, and all values given."""
    found: Figures = []
    for operand in operands:
        if isinstance(operand, Grid):
            for cell in operand.cells:
                if isinstance(cell, ExcelError):
                    return cell
                if is_number(cell):
                    found.append(cell)
        else:
            number = to_number(operand)
            if isinstance(number, ExcelError):
                return number
            found.append(number)
    return found


def _over(compute: Callable[[Figures], Operand]) -> Callable[..., Operand]:
    """A function of numbers as a function of operands: an error among them is the result."""

    def apply(*operands: Operand) -> Operand:
        found = figures(operands)
        return found if isinstance(found, ExcelError) else compute(found)

    return apply


def fold(step: Callable[[Number, Number], Number | ExcelError], start: Number, numbers: Figures) -> Number | ExcelError:
    """One number after another combined: a running sum or product, until it leaves the limits."""
    result = start
    for number in numbers:
        combined = step(result, number)
        if isinstance(combined, ExcelError):
            return combined
        result = combined
    return result


def mean(numbers: Figures) -> Number | ExcelError:
    total = fold(add, ZERO, numbers)
    return total if isinstance(total, ExcelError) else divide(total, Decimal(len(numbers)))


sum_ = _over(lambda numbers: fold(add, ZERO, numbers))
product = _over(lambda numbers: fold(multiply, ONE, numbers) if numbers else ZERO)
average = _over(mean)
maximum = _over(lambda numbers: max(numbers, default=ZERO))
minimum = _over(lambda numbers: min(numbers, default=ZERO))


def count(*operands: Operand) -> Number:
    """COUNT: how many numbers; a text given (not referred to) counts if it spells a number."""
    return Decimal(sum(_counts(operand) for operand in operands))


def _counts(operand: Operand) -> int:
    if isinstance(operand, Grid):
        return sum(map(is_number, operand.cells))
    return int(not isinstance(to_number(operand), ExcelError))


def count_all(*operands: Operand) -> Number:
    """COUNTA: how many cells that are not empty, and all values given; "" is not empty, `=COUNTA(,1)` is 2."""
    return Decimal(sum(_fills(operand) for operand in operands))


def _fills(operand: Operand) -> int:
    return sum(cell is not None for cell in operand.cells) if isinstance(operand, Grid) else 1


def flatten(operands: Iterable[Operand]) -> Iterator[Value]:
    """All values of all operands, row after row."""
    for operand in operands:
        if isinstance(operand, Grid):
            yield from operand.cells
        else:
            yield operand


_SUBTOTALS: dict[int, Callable[..., Operand]] = {
    1: average, 2: count, 3: count_all, 4: maximum, 5: minimum, 6: product, 9: sum_,
}  # fmt: skip


def subtotal(code: Number, *ranges: Grid) -> Operand:
    """SUBTOTAL: 9 SUM, 4 MAX, 5 MIN, 1 AVERAGE, 2 COUNT, 3 COUNTA, 6 PRODUCT; 101 to 109 are the same here.

    https://support.microsoft.com/office/subtotal-function-7b027003-f060-4ade-9040-e478765b9939
    """
    number = whole(code)
    compute = _SUBTOTALS.get(number - 100 if number > 100 else number)
    return ExcelError.VALUE if compute is None else compute(*ranges)


def sum_product(*grids: Grid) -> Operand:
    """SUMPRODUCT: the cells in the same place multiplied, then added; texts and logical values are 0.

    https://support.microsoft.com/office/sumproduct-function-16753e75-9f68-4874-94ac-4d2145a2fd2e
    """
    if len({(grid.height, grid.width) for grid in grids}) > 1:
        return ExcelError.VALUE
    products: Figures = []
    for cells in zip(*(grid.cells for grid in grids), strict=True):
        error = next((cell for cell in cells if isinstance(cell, ExcelError)), None)
        if error is not None:
            return error
        value = fold(multiply, ONE, [cell if is_number(cell) else ZERO for cell in cells])
        if isinstance(value, ExcelError):
            return value
        products.append(value)
    return fold(add, ZERO, products)
