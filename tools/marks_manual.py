"""The tables of marks that the manual prints: generated from the same declarations that the template loader checks."""

from xlbill.invoice.template.marks import DIRECTIVES, MARKS, OWN_FIGURES, SCOPES, MarkScope, Shows
from xlbill.language import Label

REPEATS = {"rows": "每项一行。 A row for each.", "columns": "每项一列。 A column for each."}
OWN = Label("公式表中自定的数量，按其名称", "a quantity of your own models, by its name")


def marks_text() -> str:
    """A section for each scope with its marks, and one for the directives."""
    sections = [_section(scope) for scope in SCOPES.values()]
    rows = [f"| `{{{{ {name} }}}}` | {about.zh}。 {about.en}. |" for name, about in DIRECTIVES.items()]
    return "\n\n".join([*sections, "\n".join(["### with, without, look", "", "| mark 标记 | |", "|---|---|", *rows])])


def _section(scope: MarkScope) -> str:
    repeats = REPEATS.get(scope.repeats or "", "")
    within = f" `{scope.parent}` 之内。 Within `{scope.parent}`." if scope.parent else ""
    rows = [
        f"| `{{{{ {mark.key} }}}}` | {mark.kind.value} | {mark.about} |" for mark in MARKS if mark.scope == scope.name
    ]
    if scope.name in OWN_FIGURES:
        rows.append(f"| `{{{{ {scope.name}.figures.… }}}}` | {Shows.QUANTITY.value} | {OWN} |")
    about = scope.about.en[0].upper() + scope.about.en[1:]
    head = f"### {scope.name}\n\n{scope.about.zh}。 {about}. {repeats}{within}".rstrip()
    return "\n".join([head, "", "| mark 标记 | shows 显示 | |", "|---|---|---|", *rows])
