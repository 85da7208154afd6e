"""Tables of what the loaders declare: columns of sheets, quantities, the list of price changes."""

from collections.abc import Iterable, Mapping

from xlbill.foresight.change_list import CHANGES
from xlbill.language import Label, Language
from xlbill.methods import BY_DAY, METHODS, by_day
from xlbill.quantities import DECLARED
from xlbill.sheets import Column, Kind, SheetKind

KINDS = {
    Kind.TEXT: Label("文本", "text"),
    Kind.CODE: Label("代码", "code"),
    Kind.CODES: Label("代码，逗号分隔", "codes, separated by commas"),
    Kind.NUMBER: Label("数字", "number"),
    Kind.DATE: Label("日期", "date"),
    Kind.MONTH: Label("月份", "month"),
    Kind.YES: Label("是或否", "yes or no"),
    Kind.CHOICE: Label("选项", "choice"),
}
REQUIRED = Label("**必填。**", "**required.**")


def table(headings: Iterable[Label], rows: Iterable[Iterable[str]], language: Language) -> str:
    """A table of markdown."""
    names = [heading.text(language) for heading in headings]
    lines = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def sentence(label: Label | None, language: Language) -> str:
    """A note as a sentence of its language."""
    words = label.text(language) if label is not None else ""
    stop = "。" if language == "zh" else "."
    return words if not words or words.endswith(stop) else words + stop


def columns_text(sheets: Iterable[SheetKind], settings: Mapping[str, Mapping[str, Column]], language: Language) -> str:
    """A section for each sheet: its columns with what they hold; a settings sheet lists its settings."""
    parts = []
    for sheet in sheets:
        note = f"\n{sentence(sheet.note, language)}\n" if sheet.note else ""
        columns = settings[sheet.key].values() if sheet.key in settings else sheet.columns
        parts.append(f"### {sheet.title}\n{note}\n{columns_table(columns, language)}")
    return "\n\n".join(parts)


def columns_table(columns: Iterable[Column], language: Language) -> str:
    """A row for each column: its heading, what it holds, whether it must be there, its note."""
    headings = (Label("列名", "heading"), Label("内容", "holds"), Label("说明", "note"))
    return table(headings, (_column_row(column, language) for column in columns), language)


def _column_row(column: Column, language: Language) -> tuple[str, str, str]:
    holds = KINDS[column.kind].text(language)
    if column.choices:
        shown = 0 if language == "zh" else 1
        holds = " / ".join(words[shown] if len(words) > shown else words[0] for words in column.choices.values())
    required = REQUIRED.text(language) if column.required else ""
    gap = " " if required and column.note and language == "en" else ""
    return column.heading.text(language), holds, f"{required}{gap}{sentence(column.note, language)}"


def changes_text(language: Language) -> str:
    """The columns of a list of price changes."""
    return columns_table(CHANGES.columns, language)


def quantities_text(language: Language) -> str:
    """A row for each quantity that models may take or give: its name, who gives it, what it is."""
    headings = (Label("名称", "name"), Label("列名", "heading"), Label("来源", "given by"), Label("含义", "what it is"))
    rows = (
        (
            f"`{quantity.key}`" + (" †" if quantity.referable else ""),
            quantity.heading.text(language),
            quantity.giver.value.text(language),
            quantity.about.text(language),
        )
        for quantity in DECLARED
    )
    return table(headings, rows, language)


def methods_text(language: Language) -> str:
    """A row for each method by which a month can be summed up."""
    headings = (Label("月度汇总", "month"), Label("当月数", "the month's figure"), Label("公式", "formula"))
    rows = (
        (method.word.text(language), sentence(method.about, language), f"`{method.formula}`")
        for method in METHODS.values()
        if method.formula is not None
    )
    return table(headings, rows, language)


def days_text(language: Language) -> str:
    """What the times of a day come to under each method, where the meter does not say."""
    headings = (Label("月度汇总", "month"), Label("单日汇总留空时", "where day is blank"))
    rows = (
        (method.word.text(language), BY_DAY[by_day(method.key)].text(language))
        for method in METHODS.values()
        if method.formula is not None
    )
    return table(headings, rows, language)
