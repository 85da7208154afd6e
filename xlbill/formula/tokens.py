"""A formula's text in pieces, each with its position.

openpyxl's tokenizer knows Excel's texts, quoted sheets and signs; what it cannot read becomes a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from openpyxl.formula.tokenizer import Token as Piece
from openpyxl.formula.tokenizer import Tokenizer, TokenizerError

from .faults import Fault

# https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
MAX_LENGTH = 8_192

_TEXT = r'"(?:[^"]|"")*"?'
_TEXT_OR_BREAK = re.compile(rf"{_TEXT}|[\t\r\n]")
_TEXTS = re.compile(_TEXT)
_NOT_SUPPORTED = re.compile(r"[\[\]@]")  # structured references, other workbooks, intersection
_EXPONENT = tuple(re.compile(part, re.ASCII) for part in (r"(?:\d+(?:\.\d*)?|\.\d+)[eE]", r"[+-]", r"\d+"))
_KINDS = {
    (Piece.OPERAND, ""): "operand",
    (Piece.FUNC, Piece.OPEN): "call",
    (Piece.PAREN, Piece.OPEN): "open",
    (Piece.FUNC, Piece.CLOSE): "close",
    (Piece.PAREN, Piece.CLOSE): "close",
    (Piece.SEP, Piece.ARG): "separator",
    (Piece.SEP, Piece.ROW): "row",
    (Piece.ARRAY, Piece.OPEN): "open-array",
    (Piece.ARRAY, Piece.CLOSE): "close-array",
    (Piece.OP_PRE, ""): "prefix",
    (Piece.OP_IN, ""): "infix",
    (Piece.OP_POST, ""): "postfix",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula: an operand, an operator, a bracket; `call` is a function's name with its bracket."""

    kind: str
    text: str
    position: int


def tokenize(text: str) -> tuple[Token, ...] | Fault:
    """The pieces of a formula with or without its leading `=`, blanks left out."""
    if len(text) > MAX_LENGTH:
        return Fault("too-long", text[:80], str(len(text)), str(MAX_LENGTH))
    formula = text if text.startswith("=") else f"={text}"
    shift = len(text) - len(formula)
    # openpyxl pulls two operands together over a line break, and takes very long over thousands of brackets.
    formula = _TEXT_OR_BREAK.sub(lambda found: found[0] if found[0].startswith('"') else " ", formula)
    refused = _NOT_SUPPORTED.search(_TEXTS.sub(lambda found: "x" * len(found[0]), formula))
    if refused:
        return Fault("unsupported", text, refused[0], None, refused.start() + shift)
    try:
        pieces = Tokenizer(formula).items
    except (TokenizerError, IndexError):  # IndexError: a closing bracket that nothing opened
        return Fault("syntax", text, formula[1:], None)
    tokens = _placed(pieces, formula, shift)
    return Fault("syntax", text, formula[1:], None) if tokens is None else tuple(_joined(tokens))


def _placed(pieces: list[Piece], formula: str, shift: int) -> list[Token] | None:
    """The pieces with their positions, which openpyxl does not tell: it shortens blanks and nothing else.

    None where the pieces are out of order, as they are for `A1:"x"`.
    """
    tokens: list[Token] = []
    offset = 1
    for piece in pieces:
        offset = formula.find(piece.value, offset)
        if offset < 0:
            return None
        if piece.type != Piece.WSPACE:
            subtype = "" if piece.type == Piece.OPERAND else piece.subtype
            tokens.append(Token(_KINDS.get((piece.type, subtype), "other"), piece.value, offset + shift))
        offset += len(piece.value)
    return tokens


def _joined(tokens: list[Token]) -> Iterator[Token]:
    """Numbers like 10E-2, which openpyxl takes apart, in one piece again."""
    held: list[Token] = []
    for token in tokens:
        held.append(token)
        if _is_exponent_start(held):
            if len(held) < 3:
                continue
            first = held[0]
            held = [Token("operand", "".join(part.text for part in held), first.position)]
        yield from held
        held = []
    yield from held


def _is_exponent_start(held: list[Token]) -> bool:
    """Whether the tokens begin `10E`, `10E -`, `10E - 2` without a blank in between."""
    adjacent = all(one.position + len(one.text) == other.position for one, other in pairwise(held))
    return adjacent and all(shape.fullmatch(token.text) for shape, token in zip(_EXPONENT, held, strict=False))
