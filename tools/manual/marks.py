"""The tables of marks that the manual prints: generated from the same declarations that the template loader checks."""

from tools.manual.tables import sentence, table
from xlbill.invoice.template.marks import MARKS, OWN_FIELDS, OWN_FIGURES, Shows
from xlbill.invoice.template.scopes import DIRECTIVES, SCOPES, MarkScope
from xlbill.language import Label, Language

REPEATS = {
    "rows": Label("每项一行。", "A row for each."),
    "columns": Label("每项一列。", "A column for each."),
}
WITHIN = Label("在 `{parent}` 之内。", "Within `{parent}`.")
OWN = Label("公式表中自定的数量，按其名称", "a quantity of your own models, by its name")
FIELD = Label("该工作表中您自己的列，按其列名", "a column of your own of that sheet, by its heading")
MARK, SHOWS, ABOUT = Label("标记", "mark"), Label("显示", "shows"), Label("内容", "what")


def marks_text(language: Language) -> str:
    """A section for each scope with its marks, and one for the directives."""
    sections = [_section(scope, language) for scope in SCOPES.values()]
    rows = ((f"`{{{{ {name} }}}}`", sentence(about, language)) for name, about in DIRECTIVES.items())
    return "\n\n".join([*sections, "### with, without, look", table((MARK, ABOUT), rows, language)])


def _section(scope: MarkScope, language: Language) -> str:
    said = sentence(scope.about, language)
    words = [said[0].upper() + said[1:]]
    words += [REPEATS[scope.repeats].text(language)] if scope.repeats else []
    words += [WITHIN.text(language).format(parent=scope.parent)] if scope.parent else []
    rows = [
        (f"`{{{{ {mark.key} }}}}`", mark.kind.value.text(language), mark.about.text(language))
        for mark in MARKS
        if mark.scope == scope.name
    ]
    if scope.name in OWN_FIGURES:
        rows.append((f"`{{{{ {scope.name}.figures.… }}}}`", Shows.QUANTITY.value.text(language), OWN.text(language)))
    if scope.name in OWN_FIELDS:
        rows.append((f"`{{{{ {scope.name}.… }}}}`", Shows.TEXT.value.text(language), FIELD.text(language)))
    text = ("" if language == "zh" else " ").join(words)
    return f"### {scope.name}\n\n{text}\n\n{table((MARK, SHOWS, ABOUT), rows, language)}"
