"""Commands about what a month is billed from: a new workspace, and what is wrong in one."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbill.commands.options import (
    as_month,
    as_workbook,
    default_language,
    json_option,
    language_option,
    misused,
    print_problems,
    print_result,
    quiet_option,
    workspace_option,
)
from xlbill.language import Label, Language, bracketed, colon, counted
from xlbill.periods import Month
from xlbill.problems import has_errors, render
from xlbill.terminal import say
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.check import Checked

STARTERS = ("seats", "cloud", "telecom", "utility")  # those of xlbill.starting, which is loaded when it is needed
SORTS = {
    "price book": Label("价目表", "price book"),
    "accounts": Label("客户档案", "accounts"),
    "template": Label("模板", "template"),
    "usage": Label("用量", "usage"),
}


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--empty", is_flag=True, help="The smallest sound price book, accounts and usage sheet, with notes.")
@click.option("--like", type=click.Choice(STARTERS), help="A small worked price book of an invented vendor.")
@language_option
def init(directory: Path, empty: bool, like: str | None, lang: Language | None) -> None:
    """Make a workspace in DIRECTORY: price tables, templates, accounts and an example month.

    --like seats: software by seat. cloud: by usage, in tiers. telecom: quotas and packs. utility: bands and ladders.
    """
    from xlbill.starting import EMPTY, LIKE, MONTH, start, start_like

    language = lang or default_language()
    if empty and like is not None:
        raise misused(Label("--empty 与 --like 只能用一个", "--empty or --like, not both"))
    started = start_like(like or EMPTY, directory) if empty or like is not None else start(directory)
    print_problems(started.problems, language)
    count, then = len(started.written), f"cd {directory} && xlbill bill {MONTH}"
    words = Label(f"已写入 {count} 个文件，接下来：{then}", f"wrote {counted(count, 'file|files')}; next: {then}")
    say(words.text(language))
    if like is not None:
        say(LIKE[like].text(language))
    sys.exit(2 if started.problems.errors else 0)


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path, exists=True))
@workspace_option
@click.option("--period", callback=as_month, help="Month of usage whose file or folder does not say it.")
@click.option(
    "--annotate", type=click.Path(path_type=Path, file_okay=False), help="Write marked copies to this folder."
)
@click.option("--coverage", is_flag=True, help="Which prices no worked bill reaches (--annotate: copies in colour).")
@click.option("--mutate", is_flag=True, help="With --coverage: whose change would no worked bill notice.")
@click.option("--case", metavar="ID", help="Rate one worked bill alone.")
@click.option(
    "--results",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=as_workbook,
    help="Write the worked bills' results.",
)
@quiet_option
@json_option
@language_option
def check_command(
    paths: tuple[Path, ...],
    workspace: Path,
    period: Month | None,
    annotate: Path | None,
    coverage: bool,
    mutate: bool,
    case: str | None,
    results: Path | None,
    quiet: bool,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Look for problems in price books, accounts, usage and templates; all of the workspace by default."""
    from xlbill.check import annotated, check
    from xlbill.commands.covering import run_coverage, run_worked_bills
    from xlbill.commands.progress import CHECKING, progress

    language, place = lang or default_language(), Workspace(workspace)
    if coverage or mutate:
        sys.exit(run_coverage(paths, place, mutate, annotate, language, as_json, quiet))
    if case is not None or results is not None:
        sys.exit(run_worked_bills(paths, place, case, results, language, as_json))
    month = period or Month.of(date.today()).plus(-1)  # noqa: DTZ011 - the local day is meant
    with progress(CHECKING, language, quiet) as watch:
        checked = check(paths, place, month, watch)
    copies, refused = annotated(checked, place, annotate, language) if annotate is not None else ([], ())
    if as_json:
        files = [{"file": place.shown(file), "kind": sort.value} for file, sort in checked.files]
        print_result({"files": files}, (*checked.problems, *refused), language)
    elif quiet:
        print_problems(checked.problems, language)
    else:
        say(check_text(checked, place, language))
    for copy in copies:
        say(str(copy), err=True)
    if not as_json:
        print_problems(refused, language)
    sys.exit(2 if refused else 1 if has_errors(checked.problems) else 0)


def check_text(checked: "Checked", workspace: Workspace, language: Language) -> str:
    """The problems of each file, worst first, and a line of figures for every file."""
    parts = []
    for file, sort in checked.files:
        here = [p for p in checked.problems if p.place.file == workspace.shown(file)]
        errors = sum(p.severity == "error" for p in here)
        warnings = len(here) - errors
        many = f"{counted(errors, 'error|errors')}, {counted(warnings, 'warning|warnings')}"
        words = f"{errors} 个错误，{warnings} 个警告" if language == "zh" else many
        mark, kind = "✗" if errors else "!" if warnings else "✓", SORTS[sort.value].text(language)
        parts.append(f"{mark} {workspace.shown(file)}{bracketed(kind, language)}{colon(language)}{words}")
        for severity in ("error", "warning"):
            if told := [p for p in here if p.severity == severity]:
                parts.append(render(told, language) + "\n")
    files = {workspace.shown(file) for file, _ in checked.files}
    if rest := [p for p in checked.problems if p.place.file not in files]:
        parts.append(render(rest, language))
    return "\n".join(parts)
