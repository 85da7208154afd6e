"""A difference in words: as JSON and as markdown for a pull request."""

from collections.abc import Iterator
from decimal import Decimal

from xlbill.foresight.diff import Change, Difference, shown, signed
from xlbill.foresight.meaning import Fact
from xlbill.language import Label, Language, counted
from xlbill.money import plain

KINDS = {"added": Label("新增", "new"), "removed": Label("删除", "gone"), "changed": Label("变更", "changed")}
HEADINGS = {
    "zh": ("工作表", "项目", "列", "原值", "新值", "变化"),
    "en": ("sheet", "item", "column", "old", "new", "change"),
}
NOTHING = Label("价格与规则没有变化", "no price and no rule changed")


def title(difference: Difference) -> str:
    """What was compared."""
    return f"{difference.old} → {difference.new}"


def summary(difference: Difference, language: Language) -> str:
    """How many changes there are, in one line."""
    computed = difference.computed
    risen = sum(change.percent is not None and change.percent > 0 for change in computed)
    fallen = sum(change.percent is not None and change.percent < 0 for change in computed)
    said = Label(
        f"{len(computed)} 处变更，其中 {risen} 个数字上升、{fallen} 个下降",
        f"{counted(len(computed), 'change|changes')}, {counted(risen, 'figure|figures')} higher and {fallen} lower",
    )
    parts = [said.text(language) if computed else NOTHING.text(language)]
    if difference.words:
        count = len(difference.words)
        words = Label(f"名称与备注变更 {count} 处", f"{counted(count, 'name or remark|names and remarks')} changed")
        parts.append(words.text(language))
    return ("；" if language == "zh" else "; ").join(parts)


def cells(difference: Difference, change: Change, language: Language) -> tuple[str, ...]:
    """A change as the cells of a table, under `HEADINGS`."""
    title = next(kind.title for kind in difference.form.sheets if kind.key == change.sheet)
    rise = signed(change.percent) or ("" if change.kind == "changed" else KINDS[change.kind].text(language))
    sides = shown(change.old), shown(change.new)
    return title.text(language), change.about, change.heading.text(language), *sides, rise


def as_markdown(difference: Difference, language: Language, *, words: bool = False) -> str:
    """A table of the changes, as a comment on a pull request wants it."""
    changes = difference.changes if words else difference.computed
    lines = [f"### {_escaped(title(difference))}", "", summary(difference, language), ""]
    if changes:
        headings = HEADINGS[language]
        lines += [_line(headings), "|---|---|---|---:|---:|---:|"]
        lines += [_line(map(_code_or_text, cells(difference, change, language))) for change in changes]
    return "\n".join(lines).rstrip() + "\n"


def _line(parts: Iterator[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(parts)} |"


def _code_or_text(text: str) -> str:
    formula = " ".join(text.split()).replace("|", "\\|")
    return f"`{formula}`" if text.startswith("=") and "`" not in text else _escaped(text)


def _escaped(text: str) -> str:
    """A text that markdown takes for nothing but text."""
    for mark in "\\`*_{}[]<>|":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())


def as_json(difference: Difference) -> dict[str, object]:
    """The changes as JSON values, figures as decimal texts."""
    return {
        "old": difference.old,
        "new": difference.new,
        "changes": [
            {
                "kind": change.kind,
                "sheet": change.sheet,
                "item": change.name,
                "of": [of for of in change.of if of],
                "column": change.key,
                "old": _json(change.old),
                "new": _json(change.new),
                "percent": None if change.percent is None else f"{change.percent:f}",
                "words": change.words,
            }
            for change in difference.changes
        ],
    }


def _json(fact: Fact) -> str | bool | None:
    if fact is None or isinstance(fact, (bool, str)):
        return fact
    return plain(fact) if isinstance(fact, Decimal) else shown(fact)
