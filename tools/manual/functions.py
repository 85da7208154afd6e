"""The table of Excel's functions that formulas may use: generated from the registry that evaluates them."""

from tools.manual.tables import table
from xlbill.formula import FUNCTIONS
from xlbill.language import Label, Language


def functions_text(language: Language) -> str:
    """A row for each function: how it is called, what it does."""
    rows = (
        (f"`{function.usage}`", function.chinese if language == "zh" else function.english)
        for function in FUNCTIONS.values()
    )
    return table((Label("函数", "function"), Label("作用", "what it does")), rows, language)
