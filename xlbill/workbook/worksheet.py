"""XlsxWriter's worksheet, which finds out once for each function whether Excel stores it under another name.

XlsxWriter looks for thirty such functions in each formula anew. A register has eight formulas for each customer.
"""

import re
from functools import lru_cache

from xlsxwriter.worksheet import Worksheet

_CALLED = re.compile(r"(?<!\w)\w+\(")
_ASKED = Worksheet()


class QuickWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet that writes what XlsxWriter's writes."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """A formula as the file holds it, without the equals sign."""
        if formula.endswith("}") or any(map(_is_stored_otherwise, _CALLED.findall(formula))):
            prepared: str = super()._prepare_formula(formula, expand_future_functions)
            return prepared
        return formula.removeprefix("=")


@lru_cache(1_024)
def _is_stored_otherwise(called: str) -> bool:
    """Whether XlsxWriter writes a function's name, with its bracket, in another way, wherever in a formula."""
    return any(_ASKED._prepare_formula(text) != text for text in (called, f"({called}"))
