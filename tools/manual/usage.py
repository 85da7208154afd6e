"""Usage sheets in the manual: the columns that they may have, and what is refused, from the declarations."""

from tools.manual.problems import MEANING, PROBLEM, ending, entries
from tools.manual.tables import sentence, table
from xlbill.language import Label, Language
from xlbill.usage.columns import USAGE

HEADING, ALSO, NOTE = Label("列名", "heading"), Label("也认作", "also read"), Label("说明", "note")


def usage_columns_text(language: Language) -> str:
    """A row for each column of a usage sheet: what else it may be called."""
    rows = (
        (
            column.heading.text(language),
            "、".join(column.aliases) if language == "zh" else ", ".join(column.aliases),
            sentence(column.note, language),
        )
        for column in USAGE.columns
    )
    return table((HEADING, ALSO, NOTE), rows, language)


def refused_text(language: Language) -> str:
    """A row for each error of a usage sheet, with its page."""
    rows = (
        (f"[`{code}`](problems/usage{ending(language)}#{code})", entry[language]["about"])
        for code, entry in entries("usage").items()
        if entry["severity"] == "error"
    )
    return table((PROBLEM, MEANING), rows, language)
