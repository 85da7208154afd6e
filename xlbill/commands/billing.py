"""The command that bills a month: its table and its JSON."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from xlbill.commands.options import (
    as_month,
    default_language,
    json_option,
    language_option,
    print_json,
    print_problems,
    problem_json,
    workspace_option,
)
from xlbill.language import Language
from xlbill.money import Currency, plain
from xlbill.periods import Month
from xlbill.problems import Problem, has_errors
from xlbill.processes import cores
from xlbill.rating.bill import Line
from xlbill.run import Billed, Result, bill_month
from xlbill.workbook.pdf import to_pdf
from xlbill.workspace import SHIPPED, Workspace

MOST_NAME = 48  # characters of a customer's name in the table


@click.command()
@click.argument("period", callback=as_month)
@workspace_option
@click.option("--prices", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Folder of price books.")
@click.option("--accounts", type=click.Path(path_type=Path, dir_okay=False), help="The accounts workbook.")
@click.option("--usage", type=click.Path(path_type=Path, exists=True), multiple=True, help="Usage sheet or folder.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the invoices.")
@click.option("--customer", "customers", multiple=True, metavar="CODE", help="Only this customer (repeatable).")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that write invoices (default: one a core).")
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
    jobs: int | None,
    pdf: bool,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Write the invoices of a month and print who pays what."""
    language = lang or default_language()
    place = Workspace(workspace, prices, accounts, usage, out)
    codes = [code for word in customers for code in word.split(",") if code]
    with _progress(language) as watch:
        result, problems = bill_month(place, period, codes, processes=jobs or cores(), watch=watch)
    if pdf and result is not None and result.billed:
        problems += tuple(to_pdf([billed.file for billed in result.billed], place.invoices(period)))
    if as_json:
        print_json(_result_json(period, result, problems, language))
    else:
        print_problems(problems, language)
        if result is not None:
            _print_result(result, language)
            click.echo(_prices_text(result, place, language))
        if customers:
            zh = language == "zh"
            click.echo(
                "登记表只随全部客户的出账更新" if zh else "the register is renewed by runs for all customers only"
            )
    sys.exit(2 if result is None or not result.billed else 1 if result.left_out or has_errors(problems) else 0)


def _prices_text(result: Result, workspace: Workspace, language: Language) -> str:
    """By which editions customers were billed, and whether these are the workspace's own or those that ship."""
    editions = {edition.code for billed in result.billed for edition in billed.bill.editions}
    used = f"{', '.join(sorted(editions)) or '—'} ({workspace.shown(workspace.prices)})"
    shipped = workspace.prices == SHIPPED / "price_tables"
    if language == "zh":
        return f"价目表：{used}" + ("，随 xlbill 提供" if shipped else "")
    return f"prices: {used}" + (", shipped with xlbill" if shipped else "")


@contextmanager
def _progress(language: Language) -> Iterator[Callable[[int, int], object]]:
    """A bar on the error stream while customers are billed, where somebody watches it."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("出账" if language == "zh" else "billing", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


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
        table.add_row(bill.customer.code, _cut(bill.customer.name.text(language)), *figures, bill.currency.code)
    if result.billed:
        Console().print(table)
    for folder in dict.fromkeys(billed.file.parent for billed in result.billed):
        click.echo(f"账单在 {folder}" if zh else f"invoices in {folder}")
    if result.register is not None:
        click.echo(f"登记表：{result.register}" if zh else f"register: {result.register}")
    if result.left_out:
        codes = ", ".join(result.left_out)
        click.echo(f"未出账：{codes}（原因见上）" if zh else f"left out: {codes} (see the errors above)", err=True)


def _cut(name: str) -> str:
    """A name that leaves room for the figures; the invoice has all of it."""
    return name if len(name) <= MOST_NAME else name[: MOST_NAME - 1] + "…"


# --- JSON ----------------------------------------------------------------------------------------------------------


def _result_json(
    month: Month, result: Result | None, problems: Sequence[Problem], language: Language
) -> dict[str, object]:
    return {
        "period": str(month),
        "bills": [bill_json(billed) for billed in result.billed] if result is not None else [],
        "left_out": list(result.left_out) if result is not None else [],
        "register": str(result.register) if result is not None and result.register is not None else None,
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
        **{name: plain(days) for name in ("days", "of_days") if (days := line.number(name)) is not None},
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
