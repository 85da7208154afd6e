"""Commands about worked bills: which prices they protect, one run alone, drafts of more."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from xlbill.commands.options import (
    default_language,
    language_option,
    print_problems,
    print_result,
    workspace_option,
)
from xlbill.files import content, written
from xlbill.language import Label, Language, colon, counted
from xlbill.problems import render
from xlbill.terminal import say
from xlbill.workspace import Workspace


def run_worked_bills(
    paths: Sequence[Path],
    workspace: Workspace,
    case: str | None,
    results: Path | None,
    language: Language,
    as_json: bool,
) -> int:
    """Rate the worked bills, or one of them; gives the exit status."""
    from xlbill.foresight.book_files import book_files
    from xlbill.foresight.cases import run_cases, summary, write_results

    files, found = book_files(paths, workspace)
    ran = run_cases(files, case, found)
    if results is not None:
        found += write_results(ran, results, language)
    wrong = [problem for result in ran for problem in result.problems]
    if as_json:
        totals = [str(result.total) if result.total is not None else None for result in ran]
        said = [
            {"case": r.case.code, "total": total, "as_expected": not r.problems}
            for r, total in zip(ran, totals, strict=True)
        ]
        print_result({"cases": said}, (*found, *wrong), language)
    else:
        for result in ran if case is not None else ():
            total = "—" if result.total is None else f"{result.total:,f}"
            say(f"{'✗' if result.problems else '✓'} {result.file.shown} {result.case.code}{colon(language)}{total}")
        if ran or case is None:
            say(summary(ran, language))
        if wrong:
            say(render(wrong, language))
        print_problems(found, language)
    return 2 if not ran else 1 if wrong or found.errors else 0


def run_coverage(
    paths: Sequence[Path],
    workspace: Workspace,
    mutate: bool,
    copies: Path | None,
    language: Language,
    as_json: bool,
    quiet: bool = False,
) -> int:
    """Say which prices the worked bills protect; gives the exit status: 1 where some are not."""
    from functools import partial

    from xlbill.commands.progress import MUTATING, progress
    from xlbill.foresight import coverage_text
    from xlbill.foresight.book_files import book_files
    from xlbill.foresight.coverage import coverage
    from xlbill.processes import cores

    files, found = book_files(paths, workspace)
    covered = []
    for file in files:
        with progress(MUTATING, language, quiet) as watch:
            each = coverage(file.book, file.workbook, mutate=mutate, processes=cores(), watch=watch)
            covered.append((file, each))
    for file, each in covered if copies is not None else ():
        assert copies is not None
        target = copies / f"{file.path.stem}.xlsx"
        write = partial(coverage_text.write_coloured, each, file.path, language=language)
        found += written(target, target.as_posix(), lambda path, write=write: write(path))  # type: ignore[misc]
    if as_json:
        books = [coverage_text.as_json(each, file.shown) for file, each in covered]
        print_result({"books": books}, [p for p in found if p.severity == "error"], language)
    elif not quiet:
        for file, each in covered:
            for line in coverage_text.lines(each, file.shown, language):
                say(line)
        print_problems([p for p in found if p.severity == "error"], language)
    return 2 if not covered else 0 if all(each.whole for _, each in covered) and not found.errors else 1


@click.group("examples")
def examples() -> None:
    """Worked bills of price books."""


@examples.command("suggest")
@click.argument("book", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the rows as csv.")
@workspace_option
@language_option
def suggest_command(book: Path | None, output: Path | None, workspace: Path, lang: Language | None) -> None:
    """Draft worked bills for prices that none reaches; their totals are left for finance."""
    from xlbill.foresight.book_files import book_files
    from xlbill.foresight.coverage import coverage
    from xlbill.foresight.drafts import DraftCase, as_csv, suggest

    language, place = lang or default_language(), Workspace(workspace)
    files, found = book_files([book] if book is not None else [], place)
    if not files:
        print_problems(found, language)
        sys.exit(2)
    drafts: list[DraftCase] = []
    without: list[str] = []
    for file in files:
        made, left = suggest(file.book, file.workbook, coverage(file.book, file.workbook))
        drafts += made
        without += left
    if output is not None:
        failed = written(output, output.as_posix(), content("\ufeff" + as_csv(drafts)))
        print_problems(failed, language)
        sys.exit(2) if failed.errors else None
    elif drafts:
        say("\n".join(as_csv(drafts).splitlines()))
    many = counted(len(drafts), "draft|drafts")
    words = Label(f"{len(drafts)} 个草稿，预期价税合计请财务填写", f"{many}; finance fills in the totals")
    say(words.text(language), err=True)
    none = Label("没有草稿：{cells}", "no draft for {cells}")
    if without:
        say(none.text(language).format(cells=", ".join(without)), err=True)
