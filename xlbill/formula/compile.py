"""A parsed formula as a Python function: `=MAX(used-included,0)*price` becomes one line over its three values.

>>> compiled(parse("=MAX(used-included,0)*price"))(Decimal(120), Decimal(100), Decimal("0.5"))
Decimal('10.0')

The walk over the tree (`evaluate`) says what a formula means. A function is made from it for the types that the values
really have: the first for numbers alone, others when they are met (an open tier is an empty cell, days are a range).
So Excel's coercions are decided once, when the source is written, wherever the types are known. The source covers what
is usual; whatever is not (an error, a text taken for a number, 1/3 that nothing rounds, a number of a hundred digits)
raises `Left` or another ArithmeticError, and the formula is left to the walk: slower, and the same by definition.
Nothing that stands in a formula gets into the source, which names its values v0, v1 ... and its constants c0, c1 ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from .blanks import empty_is_not_zero
from .dialect import COMPARISONS, PLACES, Code, Dialect, Exact, Left, Type
from .evaluate import Lookup, apply_function, evaluate, operand_of
from .registry import ArgumentKind
from .traverse import height, names, walk
from .tree import Binary, Bool, Call, Err, Expr, Missing, Name, Num, Percent, Range, Ref, Reference, Text, Unary
from .values import ZERO, Grid, Operand, Rows, Value, single

Cells: TypeAlias = "Value | Rows | Grid"
Function: TypeAlias = Callable[..., Value]

MAX_HEIGHT = 40  # Python's own parser gives up at two hundred brackets within each other
_MOST = 4_096  # formulas kept ready: xlbill's own and those of some dozen price books are a few hundred
MAX_VARIANTS = 32  # of one formula; values of more kinds than that are not worth a function each

_NUMBERS = {Type.NUMBER, Type.EMPTY}
_FALSE = Code("False", Type.LOGICAL)


class Compiled:
    """A formula ready to be computed again and again, and what is asked of it each time."""

    def __init__(self, expr: Expr, dialect: Dialect, otherwise: Function) -> None:
        self.expr = expr
        self.inputs = inputs_of(expr)
        self.names = names(expr)
        self.spelled = tuple(node.name if isinstance(node, Name) else "" for node in self.inputs)
        """The inputs as the formula spells them; "" for one that is no name."""
        self.strict_names = empty_is_not_zero(expr)
        self._dialect = dialect
        self.by_walk = otherwise
        """The same by the walk, slowly: what `compute` is held to."""
        self._variants: dict[tuple[type, ...], Function] = {}
        self.compute = self._variant((Decimal,) * len(self.inputs))
        """Its value for the values of its inputs, each as a lookup gives it."""

    def __call__(self, *values: Cells) -> Value:
        return self.compute(*values)

    def _by_types(self, *values: Cells) -> Value:
        """The way of values that are not all numbers: a function of its own for each combination of types."""
        types = tuple(map(type, values))
        variant = self._variants.get(types)
        if variant is None:
            if len(self._variants) >= MAX_VARIANTS:
                return self.by_walk(*values)
            variant = self._variant(types)
        return variant(*values)

    def _variant(self, types: tuple[type, ...]) -> Function:
        """The function for values of certain types; the walk where no source can be written."""
        function = self.by_walk
        if height(self.expr) <= MAX_HEIGHT:
            writer = _Writer(self._dialect, dict(zip(map(same_input, self.inputs), types, strict=True)))
            try:
                source = writer.function(self.expr, is_first=not self._variants)
            except Left:  # too long
                pass
            else:
                space = writer.constants | {"walk": self.by_walk, "by_types": self._by_types}
                exec(compile(source, f"<formula {self.names}>", "exec"), space)
                function = space["formula"]  # type: ignore[assignment]
        self._variants[types] = function
        return function


def inputs_of(expr: Expr) -> tuple[Reference, ...]:
    """What a formula takes, once each and in order: names (the same ignoring case), cells and ranges."""
    found: dict[Reference | str, Reference] = {}
    for node in walk(expr):
        if isinstance(node, (Name, Ref, Range)):
            found.setdefault(same_input(node), node)
    return tuple(found.values())


def same_input(node: Reference) -> Reference | str:
    return node.name.casefold() if isinstance(node, Name) else node


class _Writer:
    """Writes the source of one function; every method gives the code of one kind of expression."""

    def __init__(self, dialect: Dialect, types: dict[Reference | str, type]) -> None:
        self.dialect = dialect
        self.types = types
        self.parameters = {node: f"v{number}" for number, node in enumerate(types)}
        self.constants: dict[str, object] = {
            "D": Decimal, "Z": ZERO, "grid": Grid.of, "single": single, "apply": apply_function,
            "logical": _logical, **dialect.helpers,
        }  # fmt: skip
        self.temporaries = 0

    def function(self, expr: Expr, *, is_first: bool) -> str:
        """The whole function; the first looks whether its values are numbers, a table of types does for the others."""
        values = ",".join(self.parameters.values())
        guard = " and ".join(f"type({value}) is D" for value in self.parameters.values()) if is_first else ""
        return (
            f"def formula({values}):\n"
            f" if {guard or True}:\n"
            f"  try:\n   return {self.result(expr)}\n"
            f"  except ArithmeticError:\n   return walk({values})\n"
            f" return by_types({values})\n"
        )

    def result(self, expr: Expr) -> str:
        code = self.binary(expr, last=True) if isinstance(expr, Binary) else self.code(expr)
        return f"shown({self.value(code)})" if code.type in (Type.OPERAND, Type.EMPTY) else self.value(code)

    # Codes

    def code(self, node: Expr) -> Code:
        match node:
            case Name() | Ref() | Range():
                return self.reference(node)
            case Num(value):
                number = self.dialect.constant(value)
                return Code(self.constant(value), Type.OPERAND) if number is None else self.number(number)
            case Bool(value):
                return Code(str(value), Type.LOGICAL)
            case Text(value) | Err(value):
                return Code(self.constant(value), Type.OPERAND)
            case Missing():
                return Code("None", Type.EMPTY)
            case Unary("-", operand):
                return self.dialect.negative(self.as_number(self.code(operand)))
            case Unary(_, operand):
                return self.unchanged(self.code(operand))
            case Percent(operand):
                return self.dialect.percent(self.as_number(self.code(operand)))
            case Binary():
                return self.binary(node)
            case Call():
                return self.call(node)
        raise Left  # arrays and LET: rare in prices, and the walk knows how operators spread over them

    def reference(self, node: Reference) -> Code:
        value = self.parameters[same_input(node)]
        match self.types[same_input(node)]:
            case kind if kind is Decimal:
                return Code(self.dialect.name(value), Type.NUMBER, cells=f"grid({value})")
            case kind if kind is type(None):
                return Code("None", Type.EMPTY, cells="grid(None)")
        return Code(value, Type.OPERAND, cells=f"grid({value})")

    def unchanged(self, code: Code) -> Code:
        """A plus sign before an expression: its value, but not the cell that it came from."""
        if code.type is Type.OPERAND:
            return Code(self.value(code), Type.OPERAND)
        return Code(code.text, code.type, code.over, small=code.small)

    def binary(self, node: Binary, *, last: bool = False) -> Code:
        left, right = self.code(node.left), self.code(node.right)
        if node.operator in COMPARISONS:
            return self.comparison(node, left, right)
        if node.operator in "+-*/":
            return self.dialect.binary(node.operator, self.as_number(left), self.as_number(right), last=last)
        compute = self.constant(self.dialect.arithmetic.operators[node.operator])
        text = f"{compute}({self.value(left)},{self.value(right)})"
        return Code(f"taken({text})", Type.NUMBER) if node.operator == "^" else Code(text, Type.OPERAND)

    def comparison(self, node: Binary, left: Code, right: Code) -> Code:
        if {left.type, right.type} <= _NUMBERS:
            sides = (self.dialect.settled(self.as_number(code)) for code in (left, right))
            return Code(self.dialect.comparison(node.operator, *sides), Type.LOGICAL)
        compute = self.dialect.arithmetic.operators[node.operator]
        if isinstance(node.left, (Name, Ref)) and left.type in _NUMBERS and isinstance(node.right, Text):
            known = None if left.type is Type.EMPTY else ZERO  # any text is larger than any number
            return Code(str(compute(known, node.right.value)), Type.LOGICAL)
        text = f"{self.constant(compute)}({self.value(left)},{self.value(right)})"
        return Code(f"logical({text})", Type.LOGICAL)

    # Calls

    def call(self, node: Call) -> Code:
        match node.function, node.arguments:
            case ("ROUND" | "ROUNDUP" | "ROUNDDOWN" | "TRUNC", (number, Num(digits))) if digits in PLACES:
                return self.dialect.rounding(node.function, self.as_number(self.code(number)), int(digits))
            case ("INT" | "TRUNC", (number,)):
                return self.dialect.rounding(node.function, self.as_number(self.code(number)), 0)
            case ("IF", (condition, then, *otherwise)):
                return self.choice(self.code(condition), self.code(then), *map(self.code, otherwise))
            case (("TRUE" | "FALSE") as value, ()):
                return Code(value.title(), Type.LOGICAL)
            case ("NOT", (condition,)):
                return Code(f"(not {self.condition(self.code(condition))})", Type.LOGICAL)
            case ("AND" | "OR", _):
                return self.conditions(node) or self.registered(node)
            case ("SUM" | "MAX" | "MIN", _):
                return self.series(node) or self.registered(node)
        return self.registered(node)

    def choice(self, condition: Code, then: Code, otherwise: Code = _FALSE) -> Code:
        test = self.condition(condition)
        cells = f"({self.operand(then)} if {test} else {self.operand(otherwise)})"
        if then.type is otherwise.type is Type.NUMBER:
            then, otherwise = (Code(self.dialect.settled(code), code.type) for code in (then, otherwise))
        elif not then.type is otherwise.type is Type.LOGICAL:
            return Code(cells, Type.OPERAND)
        return Code(f"({then.text} if {test} else {otherwise.text})", then.type, cells=cells)

    def conditions(self, node: Call) -> Code | None:
        """AND, OR: empty cells do not count; all conditions are computed, as an error in any is the result."""
        codes = [self.code(argument) for argument in node.arguments]
        codes = [code for code in codes if code.cells is None or code.type is not Type.EMPTY]
        if not codes or any(code.type is Type.OPERAND for code in codes):
            return None
        sign = "&" if node.function == "AND" else "|"
        return Code(f"({sign.join(map(self.condition, codes))})", Type.LOGICAL)

    def series(self, node: Call) -> Code | None:
        """SUM, MAX, MIN: numbers in cells that are referred to, and whatever is given, as a number."""
        texts, columns = [], []
        for argument in node.arguments:
            code = self.code(argument)
            if isinstance(argument, (Name, Ref, Range)):
                if code.type is Type.OPERAND:
                    columns.append(f"*numbers({self.parameters[same_input(argument)]})")
                elif code.type is Type.NUMBER:
                    texts.append(code.text)
            elif code.type is Type.OPERAND:
                return None
            else:
                texts.append(self.dialect.settled(self.as_number(code)))
        if columns:
            return self.over_columns(node.function, [*columns, *texts])
        return self.over_numbers(node.function, texts)

    def over_columns(self, function: str, items: Sequence[str]) -> Code:
        numbers = ",".join(items)
        if function == "SUM":
            return Code(f"total([{numbers}])", Type.NUMBER)
        return Code(f"{function.lower()}([{numbers}],default=zero)", Type.NUMBER)

    def over_numbers(self, function: str, texts: Sequence[str]) -> Code:
        if not texts:
            return Code("zero", Type.NUMBER, small=True)
        first, *rest = texts
        if function == "SUM":
            return Code(f"total([{','.join(texts)}])", Type.NUMBER)
        order = ">=" if function == "MAX" else "<="
        for text in rest:
            self.temporaries += 1
            one, other = f"a{self.temporaries}", f"b{self.temporaries}"
            first = f"({one} if ({one}:={first}){order}({other}:={text}) else {other})"
        return Code(first, Type.NUMBER)

    def registered(self, node: Call) -> Code:
        """Any function of the registry: its arguments as the walk prepares them, those that it may not need later."""
        function = self.dialect.arithmetic.functions[node.function]
        kinds = function.kinds_of(len(node.arguments))
        codes = [
            None if kind is ArgumentKind.ARRAY else self.code(argument)
            for kind, argument in zip(kinds, node.arguments, strict=True)
        ]
        if kinds and all(kind is ArgumentKind.NUMBER for kind in kinds):
            numbers = (self.dialect.spelled(self.dialect.settled(self.as_number(code))) for code in codes if code)
            return Code(f"taken({self.constant(function.compute)}({','.join(numbers)}))", Type.NUMBER)
        arguments = (
            self.cell_by_cell(argument)
            if code is None
            else f"{'lambda:' if kind is ArgumentKind.LATER else ''}{self.operand(code)}"
            for kind, code, argument in zip(kinds, codes, node.arguments, strict=True)
        )
        return Code(f"apply({self.constant(function)},{self.constant(kinds)},[{','.join(arguments)}])", Type.OPERAND)

    def cell_by_cell(self, argument: Expr) -> str:
        """What is computed for every cell of a range is left to the walk."""
        over = lookup_in(tuple(self.types))

        def walked(*values: Cells) -> Operand:
            return operand_of(argument, over(*values), True, self.dialect.arithmetic)

        return f"{self.constant(walked)}({','.join(self.parameters.values())})"

    # What a code is taken for

    def as_number(self, code: Code) -> Code:
        match code.type:
            case Type.NUMBER:
                return code
            case Type.LOGICAL:
                return Code(f"(one if {code.text} else zero)", Type.NUMBER, small=True)
            case Type.EMPTY:
                return Code("zero", Type.NUMBER, small=True)
        return Code(f"taken({code.text})", Type.NUMBER)

    def condition(self, code: Code) -> str:
        match code.type:
            case Type.NUMBER:
                return f"bool({self.dialect.settled(code)})"
            case Type.LOGICAL:
                return code.text
            case Type.EMPTY:
                return "False"
        return f"bool(taken({code.text}))"

    def operand(self, code: Code) -> str:
        """As the walk gives it: a name is the cell that it refers to."""
        if code.type is Type.OPERAND:
            return code.cells or code.text
        return code.cells or self.value(code)

    def value(self, code: Code) -> str:
        """As one cell holds it."""
        match code.type:
            case Type.NUMBER:
                return self.dialect.spelled(self.dialect.settled(code))
            case Type.OPERAND:
                return f"single({code.cells or code.text})"
        return code.text

    def number(self, number: object) -> Code:
        return Code(self.constant(number), Type.NUMBER, small=True)

    def constant(self, value: object) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name


def _logical(value: Value) -> bool:
    """What a comparison gave, unless it is an error."""
    if isinstance(value, bool):
        return value
    raise Left


def lookup_in(inputs: Sequence[Reference | str]) -> Callable[..., Lookup]:
    """The lookup of the walk, over values in the order of the inputs."""

    def over(*values: Cells) -> Lookup:
        known = dict(zip(inputs, values, strict=True))
        return lambda node: known[same_input(node)]

    return over


def once(make: Callable[[Expr], Compiled]) -> Callable[[Expr], Compiled]:
    """A function of formulas that is called once for each: the very same tree is found by identity, which costs
    nothing, an equal one by value.
    """
    by_value = lru_cache(_MOST)(make)
    by_identity: dict[int, tuple[Expr, Compiled]] = {}

    def found(expr: Expr) -> Compiled:
        known = by_identity.get(id(expr))
        if known is None:
            if len(by_identity) >= _MOST:
                by_identity.clear()
            known = by_identity[id(expr)] = expr, by_value(expr)  # the tree stays, so that its identity stays its own
        return known[1]

    return found


@once
def compiled(expr: Expr) -> Compiled:
    """The function of a formula in exact numbers."""
    over = lookup_in(tuple(map(same_input, inputs_of(expr))))
    return Compiled(expr, Exact(), lambda *values: evaluate(expr, over(*values)))
