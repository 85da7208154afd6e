"""Coverage in the terminal, and as colours in a copy of the book."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xlbill.foresight.coverage import Coverage, Covered
from xlbill.language import Label, Language, bracketed, colon
from xlbill.money import plain

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_GREEN, _YELLOW, _RED = "D8F0DF", "FFF1C2", "F9D3CF"
_NONE = Label("没有示例账单用到", "no worked bill reaches it")
_UNNOTICED = Label("改动一步，示例 {cases} 都看不出", "changed by one step, none notices: {cases}")
_ALL = Label(
    "{shown}：{count} 个价格单元格，{reached} 个由示例账单用到", "{shown}: {reached} of {count} price cells reached"
)
_DIFFERING = Label(
    "结果与预期不符的示例账单不起保护作用：{cases}",
    "worked bills that come out otherwise than expected protect nothing: {cases}",
)
_SEEN = Label("，{noticed} 个改动可被发现", ", a change of {noticed} is noticed")


def percent(part: int, whole: int) -> str:
    """A share in whole percent, never rounded up to 100."""
    return f"{part * 100 // whole if whole else 100} %"


def lines(coverage: Coverage, shown: str, language: Language) -> Iterator[str]:
    """A line for the book, one for each sheet, one for each cell that nothing protects."""
    count = len(coverage.cells)
    reached = count - len(coverage.unreached)
    said = _ALL.text(language).format(shown=shown, count=count, reached=reached)
    seen = _SEEN.text(language).format(noticed=reached - len(coverage.unnoticed)) if coverage.mutated else ""
    yield f"{said}{bracketed(percent(reached, count), language)}{seen}"
    comma = "，" if language == "zh" else ", "
    for sheet, (here, unnoticed, of) in coverage.by_sheet().items():
        noticed = f"{comma}{here - unnoticed}/{of}" if coverage.mutated else ""
        yield f"  {sheet}{colon(language)}{here}/{of}{bracketed(percent(here, of), language)}{noticed}"
    if coverage.differing:
        yield f"  {_DIFFERING.text(language).format(cases=', '.join(coverage.differing))}"
    for each in (*coverage.unreached, *coverage.unnoticed):
        yield f"  {each.cell.at}  {each.cell.spoken} = {_value(each)}{colon(language)}{why(each, language)}"


def why(covered: Covered, language: Language) -> str:
    """What is wrong with a cell, in words; blank where worked bills protect it."""
    if not covered.reached:
        return _NONE.text(language)
    return _UNNOTICED.text(language).format(cases=", ".join(covered.cases[:5])) if covered.unnoticed else ""


def as_json(coverage: Coverage, shown: str) -> dict[str, object]:
    """Coverage as JSON values."""
    sheets = {name: {"reached": r, "unnoticed": u, "cells": n} for name, (r, u, n) in coverage.by_sheet().items()}
    open_cells = [
        {"cell": str(each.cell.at), "price": each.cell.spoken, "value": _value(each), "cases": list(each.cases)}
        for each in (*coverage.unreached, *coverage.unnoticed)
    ]
    return {"book": shown, "sheets": sheets, "unprotected": open_cells, "differing": list(coverage.differing)}


def write_coloured(coverage: Coverage, source: Path, target: Path, language: Language) -> None:
    """Write a copy of the book to look at: protected cells green, unnoticed ones yellow, unreached ones red."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    from xlbill.annotate import write_copy

    def mark(_: object, sheets: "Mapping[str, Worksheet]") -> None:
        for each in coverage.cells:
            cell = sheets[each.cell.at.sheet].cell(each.cell.at.row, each.cell.at.column)
            colour = _RED if not each.reached else _YELLOW if each.unnoticed else _GREEN
            cell.fill = PatternFill("solid", fgColor=colour)
            words = why(each, language) or ", ".join(each.cases)
            cell.comment = Comment(words, "xlbill", width=280, height=90)

    write_copy(source, mark, target)


def _value(covered: Covered) -> str:
    return plain(covered.cell.value) if covered.cell.value is not None else "=…"
