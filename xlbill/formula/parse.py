"""A formula's text as a tree.

>>> parse("=-2^2")  # Excel: the sign binds tighter, so this is 4
Binary(operator='^', left=Unary(operator='-', operand=Num(value=Decimal('2'))), right=Num(value=Decimal('2')))

Whatever the text, the result is a tree or a `Fault` that says what is wrong; nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from .arithmetic import negate
from .faults import Fault
from .functions.formats import SUPPORTED, is_supported
from .operands import ascii_spelling, operand
from .operators import PRECEDENCE
from .registry import FILE_PREFIX, FUNCTIONS, LOCAL_PREFIX, VOLATILE, ArgumentKind
from .tokens import Token, tokenize
from .traverse import height
from .tree import Array, Binary, Bool, Call, Err, Expr, Let, Local, Missing, Name, Num, Percent, Range, Ref, Text, Unary
from .values import Value
from .write import write

MAX_NESTING = 64  # brackets, functions and signs within each other, as in Excel
MAX_HEIGHT = 200  # operators in a row, which make a tree as high: a longer sum is SUM's work
MAX_LITERAL = 255  # characters of a text in a formula, as in Excel

LET = "LET(name, value, ..., result)"

_END = Token("end", "", -1)
# Excel takes neither a point nor what looks like a row or a column (R, C, R1C1) for a name within a LET.
_LOCAL = re.compile(r"(?![Rr]?\d*[Cc]?\d*$)[^\W\d]\w*")


_GIVES_CELLS = frozenset({"INDEX", "CHOOSE", "IF", "IFS", "SWITCH", "XLOOKUP"})


def _may_be_cells(argument: Expr) -> bool:
    """Whether Excel takes an argument where it wants cells: it does not even open a file with `COUNTIF({1,2},1)`."""
    cells = isinstance(argument, (Name, Local, Ref, Range, Missing, Let, Err))
    return cells or (isinstance(argument, Call) and argument.function in _GIVES_CELLS)


class _Stopped(Exception):
    """Ends the descent with the fault that it found."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def parse(text: str) -> Expr | Fault:
    """The tree of a formula, given with or without its leading `=`, or what is wrong with it."""
    tokens = tokenize(text)
    if isinstance(tokens, Fault):
        return tokens
    try:
        expr = _Parser(text, tokens).formula()
    except _Stopped as stopped:
        return stopped.fault
    if height(expr) > MAX_HEIGHT:
        return Fault("too-long", text, str(height(expr)), str(MAX_HEIGHT))
    return expr


class _Parser:
    """Precedence climbing over the tokens, one method per level of the grammar."""

    def __init__(self, text: str, tokens: tuple[Token, ...]) -> None:
        self.text = text
        self.tokens = tokens
        self.next = 0
        self.nesting = 0
        self.locals: dict[str, str] = {}  # what the LETs around have named, ignoring case, as first spelled

    def formula(self) -> Expr:
        expr = self.expression(0)
        if self.peek().kind != "end":
            raise self.unexpected(self.peek(), expr)
        return expr

    def peek(self) -> Token:
        return self.tokens[self.next] if self.next < len(self.tokens) else _END

    def take(self) -> Token:
        token = self.peek()
        self.next += 1
        return token

    def expression(self, binding: int) -> Expr:
        """Operands joined by operators that bind tighter than a level; equal levels group to the left."""
        left = self.signed()
        while (token := self.peek()).kind == "infix" and PRECEDENCE.get(token.text, 0) > binding:
            self.take()
            left = Binary(token.text, left, self.expression(PRECEDENCE[token.text]))
        return left

    def signed(self) -> Expr:
        """An operand with the signs before it, then the percent signs behind: -5% is (-5)%."""
        expr = self.prefixed()
        while self.peek().kind == "postfix":
            self.take()
            expr = Percent(expr)
        return expr

    def prefixed(self) -> Expr:
        if self.peek().kind != "prefix":
            return self.primary()
        sign = self.enter()
        expr = Unary(sign.text, self.prefixed())
        self.nesting -= 1
        return expr

    def primary(self) -> Expr:
        token = self.peek()
        if token.kind == "operand":
            return self.literal(self.take())
        if token.kind == "call":
            self.enter()
            return self.let(token) if self.bare_name(token) == "LET" else self.call(token)
        if token.kind == "open-array":
            return self.array(self.take())
        if token.kind != "open":
            raise self.unexpected(token)
        self.enter()
        expr = self.expression(0)
        self.close(expr)
        return expr

    def enter(self) -> Token:
        """Take a token that nests what follows it."""
        token = self.take()
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise self.fault("too-long", token, str(MAX_NESTING))
        return token

    def close(self, inside: Expr | None = None) -> None:
        token = self.take()
        if token.kind != "close":
            raise self.unexpected(token, inside, ")")
        self.nesting -= 1

    def literal(self, token: Token) -> Expr:
        node = operand(token.text)
        if node is None:
            raise self.fault("syntax", token, ascii_spelling(token.text))
        if isinstance(node, Text) and len(node.value) > MAX_LITERAL:
            raise self.fault("too-long", token, str(MAX_LITERAL))
        if isinstance(node, Name):
            local = self.locals.get(node.name.casefold().removeprefix(LOCAL_PREFIX))
            return node if local is None else Local(local)
        return node

    def array(self, opening: Token) -> Expr:
        """An array's constants, row by row; all rows are equally long."""
        rows: list[tuple[Value, ...]] = []
        row: list[Value] = []
        kind = "row"
        while kind != "close-array":
            row.append(self.constant())
            kind = self.peek().kind
            if kind not in ("separator", "row", "close-array"):
                raise self.unexpected(self.peek(), expected="}")
            self.take()
            if kind != "separator":
                rows.append(tuple(row))
                row = []
        if len({len(row) for row in rows}) > 1:
            raise self.fault("syntax", opening)
        return Array(tuple(rows))

    def constant(self) -> Value:
        """A number with or without a sign, a text, a logical value or an error."""
        sign = self.take().text if self.peek().kind == "prefix" else ""
        token = self.peek()
        node = self.literal(self.take()) if token.kind == "operand" else None
        if isinstance(node, Num):
            return negate(node.value) if sign == "-" else node.value
        if sign or not isinstance(node, (Text, Bool, Err)):
            raise self.unexpected(token)
        return node.value

    def let(self, token: Token) -> Expr:
        """The names and values of a LET, then its result; a name holds from its value on."""
        outer, bindings = self.locals, dict[str, tuple[str, Expr]]()
        while (name := self.bound(bindings)) is not None:
            value = self.argument()
            if self.peek().kind != "separator":
                raise self.fault("arity", token, LET, found=f"LET: {2 * len(bindings) + 2}")
            self.take()
            bindings[name.casefold()] = (name, value)
            self.locals = {**self.locals, name.casefold(): name}
        result = self.argument()
        self.close(result)
        self.locals = outer
        if not bindings:
            raise self.fault("arity", token, LET, found="LET: 1")
        return Let(tuple(bindings.values()), result)

    def bound(self, before: Mapping[str, object]) -> str | None:
        """The name at the beginning of a pair, or None where the result stands."""
        token, following = self.peek(), self.tokens[self.next + 1 : self.next + 2]
        if token.kind != "operand" or not following or following[0].kind != "separator":
            return None
        node = operand(token.text)
        name = re.sub(f"^{re.escape(LOCAL_PREFIX)}", "", token.text, flags=re.IGNORECASE)
        if not isinstance(node, Name) or not _LOCAL.fullmatch(name) or name.casefold() in before:
            raise self.fault("syntax", token)
        self.take()
        self.take()
        return name

    def call(self, token: Token) -> Expr:
        name = self.known(token)
        arguments = self.arguments()
        function = FUNCTIONS[name]
        if not function.accepts(len(arguments)):
            raise self.fault("arity", token, function.usage, found=f"{name}: {len(arguments)}")
        if name == "TEXT" and isinstance(arguments[1], Text) and not is_supported(arguments[1].value):
            raise self.fault("unsupported", token, " ".join(SUPPORTED), found=f'TEXT: "{arguments[1].value}"')
        for kind, argument in zip(function.kinds_of(len(arguments)), arguments, strict=True):
            if kind is ArgumentKind.RANGE and not _may_be_cells(argument):
                raise self.fault("unsupported", token, f"{name}: C3:C9; SUMPRODUCT", found=f"{name}: {write(argument)}")
        return Call(name, arguments)

    def known(self, token: Token) -> str:
        """The name of a supported function."""
        name = self.bare_name(token)
        if name in FUNCTIONS:
            return name
        if name in VOLATILE:
            raise self.fault("volatile-function", token, found=name)
        if ":" in name:
            raise self.fault("unsupported", token, found=":")
        folded = ascii_spelling(name)
        nearest = folded or next(iter(get_close_matches(name[:40], FUNCTIONS, 1)), None)
        raise self.fault("syntax" if folded else "unknown-function", token, nearest, found=name)

    @staticmethod
    def bare_name(token: Token) -> str:
        """A function's name without the prefixes that files carry."""
        name = token.text[:-1].upper()
        for prefix in (FILE_PREFIX, "_XLWS."):
            name = name.removeprefix(prefix.upper())
        return name

    def arguments(self) -> tuple[Expr, ...]:
        """The arguments up to the closing bracket; one that is left out is Missing."""
        if self.peek().kind == "close":
            self.close()
            return ()
        found = [self.argument()]
        while self.peek().kind == "separator":
            self.take()
            found.append(self.argument())
        self.close(found[-1])
        return tuple(found)

    def argument(self) -> Expr:
        return Missing() if self.peek().kind in ("separator", "close") else self.expression(0)

    def unexpected(self, token: Token, before: Expr | None = None, expected: str | None = None) -> _Stopped:
        """The fault of a token that cannot stand where it does."""
        if token.text == ";":
            return self.fault("syntax", token, ",")
        follows = isinstance(before, (Ref, Range, Name)) and operand(token.text)
        if token.text == "," or (follows and isinstance(follows, (Ref, Range))):
            return self.fault("unsupported", token)  # the union and the intersection of references
        return self.fault("syntax", token, expected)

    def fault(self, kind: str, token: Token, hint: str | None = None, found: str | None = None) -> _Stopped:
        position = token.position if token is not _END else len(self.text)
        return _Stopped(Fault(kind, self.text, token.text if found is None else found, hint, position))
