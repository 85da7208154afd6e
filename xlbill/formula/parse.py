"""A formula's text as a tree.

>>> parse("=-2^2")  # Excel: the sign binds tighter, so this is 4
Binary(operator='^', left=Unary(operator='-', operand=Num(value=Decimal('2'))), right=Num(value=Decimal('2')))

Whatever the text, the result is a tree or a `Fault` that says what is wrong; nothing raises.
"""

from __future__ import annotations

from difflib import get_close_matches

from .faults import Fault
from .functions.formats import SUPPORTED, is_supported
from .operands import ascii_spelling, operand
from .operators import PRECEDENCE
from .registry import FILE_PREFIX, FUNCTIONS, VOLATILE
from .tokens import Token, tokenize
from .traverse import height
from .tree import Binary, Call, Expr, Missing, Name, Percent, Range, Ref, Text, Unary

MAX_NESTING = 64  # brackets, functions and signs within each other, as in Excel
MAX_HEIGHT = 200  # operators in a row, which make a tree as high: a longer sum is SUM's work
MAX_LITERAL = 255  # characters of a text in a formula, as in Excel

_END = Token("end", "", -1)


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
            return self.call(self.enter())
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
        return node

    def call(self, token: Token) -> Expr:
        name = self.known(token)
        arguments = self.arguments()
        function = FUNCTIONS[name]
        if not function.accepts(len(arguments)):
            raise self.fault("arity", token, function.usage, found=f"{name}: {len(arguments)}")
        if name == "TEXT" and isinstance(arguments[1], Text) and not is_supported(arguments[1].value):
            raise self.fault("unsupported", token, " ".join(SUPPORTED), found=f'TEXT: "{arguments[1].value}"')
        return Call(name, arguments)

    def known(self, token: Token) -> str:
        """The name of a supported function, without the prefixes that files carry."""
        name = token.text[:-1].upper()
        for prefix in (FILE_PREFIX, "_XLWS."):
            name = name.removeprefix(prefix.upper())
        if name in FUNCTIONS:
            return name
        if name in VOLATILE:
            raise self.fault("volatile-function", token, found=name)
        if ":" in name:
            raise self.fault("unsupported", token, found=":")
        folded = ascii_spelling(name)
        nearest = folded or next(iter(get_close_matches(name[:40], FUNCTIONS, 1)), None)
        raise self.fault("syntax" if folded else "unknown-function", token, nearest, found=name)

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
