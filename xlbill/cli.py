"""The commands: parse the words, call the API, print. Exit status 0 all well, 1 problems in the data, 2 wrong use."""

import json
import locale
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from xlbill import __version__
from xlbill.check import Checked, annotated, check
from xlbill.invoice.explain import Explained, explain
from xlbill.invoice.explain_text import explanation_text
from xlbill.invoice.live import open_live
from xlbill.invoice.pdf import to_pdf
from xlbill.invoice.verify import Verified, verify
from xlbill.language import LANGUAGES, Language
from xlbill.money import Currency, plain
from xlbill.periods import Month
from xlbill.problems import Problem, has_errors, render
from xlbill.rating.bill import Line
from xlbill.run import Billed, Result, bill_month
from xlbill.workspace import Workspace, create


def as_month(context: click.Context, parameter: click.Parameter, word: str | None) -> Month | None:
    """A billing period as it is typed: 2026-04."""
    month = Month.parse(word) if word is not None else None
    if word is not None and month is None:
        raise click.BadParameter(f"{word!r} is not a month; write it as 2026-04 (账期写作 2026-04)", context, parameter)
    return month


def default_language() -> Language:
    """The language of the locale: Chinese where it says so, English elsewhere."""
    words = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    chosen = next((word for word in words if word), locale.getlocale()[0] or "")
    return "zh" if chosen.lower().startswith(("zh", "chinese")) else "en"


language_option = click.option("--lang", type=click.Choice(LANGUAGES), default=None, help="Language of messages.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
workspace_option = click.option(
    "-w",
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder with accounts.xlsx, usage/, price_tables/ ... (default: here).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="xlbill")
def main() -> None:
    """Price workbooks and usage sheets in, invoice workbooks out. 价目表与用量表进，账单工作簿出。"""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@language_option
def init(directory: Path, lang: Language | None) -> None:
    """Make a workspace in DIRECTORY: price tables, templates, accounts and an example month."""
    written = create(directory)
    zh = (lang or default_language()) == "zh"
    said = f"已写入 {len(written)} 个文件，" if zh else f"wrote {len(written)} files; "
    then = "接下来：" if zh else "next: "
    click.echo(f"{said}{then}cd {directory} && xlbill bill 2026-04")


@main.command()
@click.argument("period", callback=as_month)
@workspace_option
@click.option("--prices", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Folder of price books.")
@click.option("--accounts", type=click.Path(path_type=Path, dir_okay=False), help="The accounts workbook.")
@click.option("--usage", type=click.Path(path_type=Path, exists=True), multiple=True, help="Usage sheet or folder.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the invoices.")
@click.option("--customer", "customers", multiple=True, metavar="CODE", help="Only this customer (repeatable).")
@click.option("--pdf", is_flag=True, help="Print the invoices to PDF as well (needs LibreOffice).")
@json_option
@language_option
def bill(
    period: Month,
    workspace: Path,
    prices: Path | None,
    accounts: Path | None,
    usage: tuple[Path, ...],
    out: Path | None,
    customers: tuple[str, ...],
    pdf: bool,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Write the invoices of a month and print who pays what."""
    language = lang or default_language()
    place = Workspace(workspace, prices, accounts, usage, out)
    result, problems = bill_month(place, period, [c for word in customers for c in word.split(",") if c])
    if pdf and result is not None and result.billed:
        problems += tuple(to_pdf([billed.file for billed in result.billed], place.invoices(period)))
    if as_json:
        click.echo(json.dumps(_result_json(period, result, problems, language), ensure_ascii=False, indent=2))
    else:
        _print_problems(problems, language)
        if result is not None:
            _print_result(result, language)
    sys.exit(2 if result is None or not result.billed else 1 if result.left_out or _has_gaps(problems) else 0)


def _has_gaps(problems: Sequence[Problem]) -> bool:
    """Whether anything was left out of the bills; a worked bill of the price book that fails leaves nothing out."""
    return has_errors(p for p in problems if p.code not in ("case-differs", "case-fails"))


@main.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@workspace_option
@click.option("--period", callback=as_month, help="Month of usage whose file or folder does not say it.")
@click.option(
    "--annotate", type=click.Path(path_type=Path, file_okay=False), help="Write marked copies to this folder."
)
@json_option
@language_option
def check_command(
    paths: tuple[Path, ...],
    workspace: Path,
    period: Month | None,
    annotate: Path | None,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Look for problems in price books, accounts, usage and templates; all of the workspace by default."""
    language, place = lang or default_language(), Workspace(workspace)
    checked = check(paths, place, period or Month.of(date.today()).plus(-1))  # noqa: DTZ011 - the local day is meant
    if as_json:
        problems = [problem_json(p, language) for p in checked.problems]
        files = [{"file": place.shown(file), "kind": sort.value} for file, sort in checked.files]
        click.echo(json.dumps({"files": files, "problems": problems}, ensure_ascii=False, indent=2))
    else:
        click.echo(check_text(checked, place, language))
    for copy in annotated(checked, place, annotate, language) if annotate is not None else ():
        click.echo(str(copy), err=True)
    sys.exit(1 if has_errors(checked.problems) else 0)


@main.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@language_option
def convert(source: Path, target: Path, lang: Language | None) -> None:
    """Print the invoice SOURCE (.xlsx) to TARGET (.pdf)."""
    if target.suffix.lower() != ".pdf":
        raise click.BadParameter(f"{target} does not end in .pdf", param_hint="TARGET")
    with tempfile.TemporaryDirectory() as folder:
        problems = to_pdf([source], Path(folder))
        if not problems:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(folder) / source.with_suffix(".pdf").name, target)
    _print_problems(problems, lang or default_language())
    sys.exit(2 if problems else 0)


@main.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
@language_option
def verify_command(files: tuple[Path, ...], as_json: bool, lang: Language | None) -> None:
    """Recompute every formula of invoices and compare with what they show."""
    language = lang or default_language()
    results = {file: verify(file) for file in files}
    problems = [p for result in results.values() for p in (result if isinstance(result, tuple) else result.problems)]
    if as_json:
        click.echo(
            json.dumps({"problems": [problem_json(p, language) for p in problems]}, ensure_ascii=False, indent=2)
        )
    else:
        _print_problems(problems, language)
        for file, result in results.items():
            if isinstance(result, Verified) and not has_errors(result.problems):
                said = (
                    f"{result.formulas} 个公式全部一致" if language == "zh" else f"all {result.formulas} formulas hold"
                )
                click.echo(f"✓ {file}: {said}")
    unread = any(isinstance(result, tuple) for result in results.values())
    sys.exit(2 if unread else 1 if has_errors(problems) else 0)


@main.command("explain")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("wanted", required=False, metavar="[CELL|LINE]")
@language_option
def explain_command(file: Path, wanted: str | None, lang: Language | None) -> None:
    """Say how a figure comes about: the total, a CELL (I22, 'Sheet 1'!B5), or a LINE by number or title."""
    language = lang or default_language()
    live, problems = open_live(file)
    explained = explain(live, wanted) if live is not None else None
    if live is None or not isinstance(explained, Explained):
        _print_problems([*problems, *([explained] if isinstance(explained, Problem) else [])], language)
        sys.exit(2)
    click.echo(explanation_text(explained, live, language))


def check_text(checked: Checked, workspace: Workspace, language: Language) -> str:
    """The problems of each file, worst first, and a line of figures for every file."""
    parts = []
    for file, sort in checked.files:
        here = [p for p in checked.problems if p.place.file == workspace.shown(file)]
        errors = sum(p.severity == "error" for p in here)
        warnings = len(here) - errors
        words = f"{errors} 个错误，{warnings} 个警告" if language == "zh" else f"{errors} errors, {warnings} warnings"
        parts.append(f"{'✗' if errors else '!' if warnings else '✓'} {workspace.shown(file)} ({sort.value}): {words}")
        for severity in ("error", "warning"):
            if told := [p for p in here if p.severity == severity]:
                parts.append(render(told, language) + "\n")
    files = {workspace.shown(file) for file, _ in checked.files}
    if rest := [p for p in checked.problems if p.place.file not in files]:
        parts.append(render(rest, language))
    return "\n".join(parts)


def _print_problems(problems: Sequence[Problem], language: Language) -> None:
    if problems:
        click.echo(render(problems, language) + "\n", err=True)


def _print_result(result: Result, language: Language) -> None:
    """A table of customers with what they prepaid, what is due and the total, and where the invoices lie."""
    zh = language == "zh"
    table = Table(
        title=f"{result.month} 账单" if zh else f"Bills of {result.month}", title_justify="left", box=box.SIMPLE
    )
    for heading in ("客户", "名称") if zh else ("Customer", "Name"):
        table.add_column(heading, no_wrap=heading in ("客户", "Customer"))
    for heading in ("已预付", "本期应付", "合计") if zh else ("Prepaid", "Due", "Total"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("币种" if zh else "Currency")
    for bill in (billed.bill for billed in result.billed):
        figures = (f"{figure.number:,.{bill.currency.decimals}f}" for figure in (bill.prepaid, bill.due, bill.total))
        table.add_row(bill.customer.code, bill.customer.name.text(language), *figures, bill.currency.code)
    Console().print(table)
    for folder in dict.fromkeys(billed.file.parent for billed in result.billed):
        click.echo(f"账单在 {folder}" if zh else f"invoices in {folder}")
    if result.left_out:
        codes = ", ".join(result.left_out)
        click.echo(f"未出账：{codes}（原因见上）" if zh else f"left out: {codes} (see the errors above)", err=True)


# --- JSON ----------------------------------------------------------------------------------------------------------


def _result_json(
    month: Month, result: Result | None, problems: Sequence[Problem], language: Language
) -> dict[str, object]:
    return {
        "period": str(month),
        "bills": [bill_json(billed) for billed in result.billed] if result is not None else [],
        "problems": [problem_json(p, language) for p in problems],
    }


def bill_json(billed: Billed) -> dict[str, object]:
    """A bill as JSON values, every figure a decimal string."""
    bill = billed.bill
    return {
        "customer": bill.customer.code,
        "total": bill.currency.text(bill.total.number),
        "prepaid": bill.currency.text(bill.prepaid.number),
        "due": bill.currency.text(bill.due.number),
        "currency": bill.currency.code,
        "file": str(billed.file),
        "lines": [_line_json(line, bill.currency) for line in bill.lines],
    }


def _line_json(line: Line, currency: Currency) -> dict[str, object]:
    quantity = line.number("quantity")
    billable = line.number("billable")
    units = line.number("units")
    if billable is None:
        billable = quantity
    figures = {
        "quantity": quantity,
        "included": line.number("included"),
        "drawn": line.number("drawn"),
        "billable": billable,
        "units": billable if units is None else units,
    }
    return {
        "app": line.app,
        "product": line.product,
        "item": line.item,
        "kind": line.kind,
        **{name: _decimals(value, 0) for name, value in figures.items()},
        "price": _decimals(line.number("price"), currency.decimals),
        "amount": currency.text(line.amount.number),
        "pay": line.pay,
        "edition": line.edition,
    }


def _decimals(value: Decimal | None, at_least: int) -> str:
    """A figure as a decimal string, nothing as 0: 15000, 0.007, and prices with the currency's decimals, 1299.00."""
    text = plain(value or Decimal(0))
    shown = len(text.partition(".")[2])
    return text if shown >= at_least else f"{Decimal(text):.{at_least}f}"


def problem_json(problem: Problem, language: Language) -> dict[str, object]:
    """A problem as JSON values."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": problem.place.file,
        "sheet": problem.place.sheet,
        "cell": problem.place.cell,
        "message": problem.message(language),
    }
