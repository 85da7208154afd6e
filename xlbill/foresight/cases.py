"""Worked bills in the workspace's books: rated one by one, and their results as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xlbill.book.worked_bills import Case
from xlbill.files import written
from xlbill.foresight.book_files import BookFile
from xlbill.foresight.pages import Entry, Pages, TableColumn
from xlbill.language import Label, Language, counted
from xlbill.problems import Problem, Problems, render_one
from xlbill.rating.worked import differences, rate_case
from xlbill.sheets import nearest


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A worked bill, what it comes to (None: no bill), and what does not come out."""

    file: BookFile
    case: Case
    total: Decimal | None
    problems: tuple[Problem, ...]


def run_cases(files: Sequence[BookFile], only: str | None, found: Problems) -> tuple[CaseResult, ...]:
    """The worked bills of some books, or the one of an id; an unknown id is answered with the nearest."""
    every = [(file, case) for file in files for case in file.book.cases]
    chosen = [(file, case) for file, case in every if only is None or case.code.casefold() == only.casefold()]
    if only is not None and not chosen:
        known = [case.code for _, case in every]
        found.add("case-unknown", found=only, nearest=nearest(only, known) or ", ".join(known[:12]))
    return tuple(_result(file, case) for file, case in chosen)


def _result(file: BookFile, case: Case) -> CaseResult:
    outcome = rate_case(case, file.book)
    total = outcome.bill.total.number if outcome.bill is not None else None
    return CaseResult(file, case, total, tuple(differences(case, outcome, file.book)))


_HEADINGS = (
    (Label("价目表", "price book"), "text", 30),
    (Label("示例", "case"), "text", 22),
    (Label("账期", "period"), "text", 10),
    (Label("预期价税合计", "expected total"), "money", 14),
    (Label("算得", "comes to"), "money", 14),
    (Label("结果", "result"), "text", 16),
    (Label("说明", "what differs"), "text", 70),
)
_SHEET, _TITLE = Label("示例结果", "Worked bills"), Label("示例账单的结果", "What the worked bills come to")
_OK, _NOT = Label("✓ 一致", "✓ as expected"), Label("✗ 不一致", "✗ differs")


def write_results(results: Sequence[CaseResult], path: Path, language: Language) -> Problems:
    """Write the results as a workbook; what does not come out stands first."""
    return written(path, path.as_posix(), lambda target: _write(results, target, language))


def _write(results: Sequence[CaseResult], path: Path, language: Language) -> None:
    columns = [TableColumn(label.text(language), shape, width) for label, shape, width in _HEADINGS]  # type: ignore[arg-type]
    ordered = sorted(results, key=lambda result: not result.problems)
    with Pages(path) as pages:
        page = pages.page(_SHEET.text(language), _TITLE.text(language), summary(results, language), columns)
        for result in ordered:
            page.row(_row(result, language), **({"bg_color": "#FDECEA"} if result.problems else {}))
        page.filtered(5, page.next - 1)


def _row(result: CaseResult, language: Language) -> list[Entry]:
    told = "\n".join(render_one(problem, language) for problem in result.problems)
    said = (_NOT if result.problems else _OK).text(language)
    case = result.case
    return [result.file.shown, case.code, str(case.month), case.total, result.total, said, told]


def summary(results: Sequence[CaseResult], language: Language) -> str:
    """How many come out, in a line."""
    wrong = sum(bool(result.problems) for result in results)
    many = counted(len(results), "worked bill|worked bills")
    return Label(f"{len(results)} 个示例账单，{wrong} 个不一致", f"{many}, {wrong} not as expected").text(language)
