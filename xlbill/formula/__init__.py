"""Excel formulas: parse, evaluate exactly, write with cell references.

    expr = parse("=ROUND(MAX(used-included,0)*price,2)")
    names(expr)                                   # ('used', 'included', 'price')
    evaluate(expr, lambda node: figures[node.name])   # Decimal('12.50')
    write(expr, lambda node: cells[node.name])    # 'ROUND(MAX(用量!$C$34-D5,0)*E5,2)'

`docs/formulas.md` describes the language.
"""

from .blanks import empty_is_not_zero
from .compile import Compiled, compiled
from .doubles import Doubles, as_excel_does, differs
from .evaluate import Lookup, evaluate
from .faults import Fault
from .parse import parse
from .registry import FUNCTIONS, VOLATILE, Function
from .serial import from_serial, to_serial
from .traverse import names, references, rename, spread, substitute, walk
from .tree import (
    Array,
    Binary,
    Bool,
    Call,
    Err,
    Expr,
    Let,
    Local,
    Missing,
    Name,
    Num,
    Percent,
    Range,
    Ref,
    Text,
    Unary,
)
from .values import ExcelError, Number, Rows, Value, as_decimal, is_number
from .workbook import TooMuchWork, recalculate
from .write import spell, write

__all__ = [
    "FUNCTIONS",
    "VOLATILE",
    "Array",
    "Binary",
    "Bool",
    "Call",
    "Compiled",
    "Doubles",
    "Err",
    "ExcelError",
    "Expr",
    "Fault",
    "Function",
    "Let",
    "Local",
    "Lookup",
    "Missing",
    "Name",
    "Num",
    "Number",
    "Percent",
    "Range",
    "Ref",
    "Rows",
    "Text",
    "TooMuchWork",
    "Unary",
    "Value",
    "as_decimal",
    "as_excel_does",
    "compiled",
    "differs",
    "empty_is_not_zero",
    "evaluate",
    "from_serial",
    "is_number",
    "names",
    "parse",
    "recalculate",
    "references",
    "rename",
    "spell",
    "spread",
    "substitute",
    "to_serial",
    "walk",
    "write",
]
