"""The command that bills a month: its table and its JSON."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbill.commands.options import (
    as_cluster,
    as_month,
    default_language,
    json_option,
    language_option,
    misused,
    password_option,
    pdf_option,
    print_problems,
    print_result,
    quiet_option,
    sign_option,
    workspace_option,
)
from xlbill.language import Label, Language, bracketed, counted
from xlbill.money import Currency, plain
from xlbill.periods import Month
from xlbill.problems import has_errors
from xlbill.terminal import TextTable, print_table, say
from xlbill.workspace import SHIPPED, Workspace

if TYPE_CHECKING:
    from xlbill.billed import Billed
    from xlbill.rating.bill import Line
    from xlbill.run import Result

_MANIFEST = click.Path(path_type=Path, exists=True, dir_okay=False)
MOST_ROWS = 60  # customers in the table; of more the register has each, and the table their sums
MOST_NAME = 48  # characters of a customer's name in the table


@click.command()
@click.argument("period", required=False, callback=as_month)
@workspace_option
@click.option("--prices", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Folder of price books.")
@click.option("--accounts", type=click.Path(path_type=Path, dir_okay=False), help="The accounts workbook.")
@click.option("--usage", type=click.Path(path_type=Path, exists=True), multiple=True, help="Usage sheet or folder.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the invoices.")
@click.option("--customer", "customers", multiple=True, metavar="CODE", help="Only this customer (repeatable).")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that write invoices (default: one a core).")
@click.option(
    "--executor", metavar="dask://HOST:PORT", callback=as_cluster, help="Bill on this Dask cluster (extra dask)."
)
@quiet_option
@click.option("--replay", type=_MANIFEST, help="Make the run of this manifest again, byte for byte.")
@pdf_option
@sign_option
@click.option("--against-issued", is_flag=True, help="Show what would now be billed otherwise than it was issued.")
@click.option("--adjust", is_flag=True, help="Make these differences adjustments of the next bills.")
@password_option
@json_option
@language_option
def bill(
    period: Month | None,
    workspace: Path,
    prices: Path | None,
    accounts: Path | None,
    usage: tuple[Path, ...],
    out: Path | None,
    customers: tuple[str, ...],
    jobs: int | None,
    executor: str,
    quiet: bool,
    replay: Path | None,
    pdf: bool,
    certificate: Path | None,
    against_issued: bool,
    adjust: bool,
    password: str,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Write the invoices of a month and print who pays what."""
    from xlbill.api import open_workspace
    from xlbill.commands.handing_out import hand_out, opened_key
    from xlbill.commands.progress import BILLING, progress
    from xlbill.commands.replaying import run_again
    from xlbill.manifest import manifest_name
    from xlbill.processes import cores

    language = lang or default_language()
    opened = open_workspace(workspace, prices=prices, accounts=accounts, usage=usage, out=out)
    codes = [code for word in customers for code in word.split(",") if code]
    if replay is not None:
        run_again(opened.folders, replay, out, jobs or cores(), as_json, quiet, language)
    if period is None:
        said = Label(
            "请写账期，如 2026-04，或用 --replay 指定校验清单", "name a month as 2026-04, or a manifest with --replay"
        )
        raise misused(said)
    if adjust and not against_issued:
        raise misused(Label("--adjust 须与 --against-issued 同用", "--adjust goes with --against-issued"))
    if adjust and opened.folders.apart:
        said = Label(
            "--adjust 会写入工作区，不能与 --prices、--accounts、--usage、--out 同用",
            "--adjust writes into the workspace: leave out --prices, --accounts, --usage and --out",
        )
        raise misused(said)
    if against_issued:
        from xlbill.commands.issuing import tell_against

        tell_against(opened.folders, period, codes, adjust, as_json, language)
    key, now = opened_key(certificate, language), datetime.now().astimezone()
    with progress(BILLING, language, quiet) as watch:
        result, problems = opened.month(period).run(
            customers=codes, processes=jobs or cores(), watch=watch, password=password, at=now, executor=executor
        )
    if result is not None and result.billed:
        manifest = opened.folders.invoices(period) / manifest_name(period)
        problems += tuple(
            hand_out(opened.folders, result.billed, manifest, now, pdf=pdf, key=key, language=language, quiet=quiet)
        )
    if as_json:
        print_result(_result_json(period, result), problems, language)
    else:
        print_problems(problems, language)
    if result is not None and not as_json:
        _print_left_out(result, language)
        if not quiet:
            told = [_told(billed, language) for billed in result.billed]
            _print_result(result, told, language)
            say(_prices_text(told, opened.folders, language))
    sys.exit(2 if result is None or not result.billed else 1 if result.left_out or has_errors(problems) else 0)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of a bill: the bill itself lies on disk, and is read once."""

    customer: str
    name: str
    currency: Currency
    sums: Mapping[str, Decimal]
    editions: tuple[str, ...]
    folder: Path


def _told(billed: "Billed", language: Language) -> _Told:
    bill = billed.bill
    return _Told(
        bill.customer.code,
        bill.customer.name.text(language),
        bill.currency,
        {name: bill.sums[name].number for name in _SUMS if name in bill.sums},
        tuple(edition.code for edition in bill.editions),
        billed.file.parent,
    )


def _prices_text(told: Sequence[_Told], workspace: Workspace, language: Language) -> str:
    """By which editions customers were billed, and whether these are the workspace's own or those that ship."""
    editions = {edition for one in told for edition in one.editions}
    folder = workspace.shown(workspace.prices)
    used = ", ".join(sorted(editions)) + bracketed(folder, language) if editions else folder
    shipped = workspace.prices == SHIPPED / "price_tables"
    if language == "zh":
        return f"价目表：{used}" + ("，随 xlbill 提供" if shipped else "")
    return f"prices: {used}" + (", shipped with xlbill" if shipped else "")


_SUMS = {
    "prepaid": Label("预付费费用", "Prepaid"),
    "due": Label("本期应收", "Due"),
    "total": Label("价税合计", "Total"),
    "credit": Label("期末结余", "Credit"),
}
"""What the table says of each bill; credit only where somebody has some."""


def _print_result(result: "Result", bills: Sequence[_Told], language: Language) -> None:
    """A table of customers with what they prepaid, what is due and the total, the sums, and where the invoices lie."""
    zh = language == "zh"
    sums = [name for name in _SUMS if name != "credit" or any("credit" in bill.sums for bill in bills)]
    named = [_SUMS[name].text(language) for name in sums]
    headings = ["客户", "名称", *named, "币种"] if zh else ["Customer", "Name", *named, "Currency"]
    rows, foot = [], []
    for bill in bills if len(bills) <= MOST_ROWS else ():
        figures = [f"{bill.sums[n]:,.{bill.currency.decimals}f}" if n in bill.sums else "" for n in sums]
        rows.append([bill.customer, _cut(bill.name), *figures, bill.currency.code])
    for code, decimals in sorted({bill.currency.code: bill.currency.decimals for bill in bills}.items()):
        of = [bill for bill in bills if bill.currency.code == code]
        added = (sum((b.sums[name] for b in of if name in b.sums), Decimal(0)) for name in sums)
        count = f"{len(of):,} 份账单" if zh else counted(len(of), "bill|bills")
        foot.append(["合计" if zh else "sum", count, *(f"{s:,.{decimals}f}" for s in added), code])
    if bills:
        title = f"{result.month} 账单" if zh else f"Bills of {result.month}"
        print_table(TextTable(headings, rows, (0, 1, len(headings) - 1), title, foot))
    for folder in dict.fromkeys(bill.folder for bill in bills):
        say(f"账单在 {folder}" if zh else f"invoices in {folder}")
    if result.register is not None:
        say(f"出账汇总表：{result.register}" if zh else f"register: {result.register}")
    elif bills and not {p.code for p in result.problems} & {"register-stale", "cannot-write"}:
        say("出账汇总表只随全部客户的出账更新" if zh else "the register is renewed by runs for all customers only")


def _print_left_out(result: "Result", language: Language) -> None:
    """Who got no bill; of many the first, and how many others."""
    if not result.left_out:
        return
    more = len(result.left_out) - MOST_ROWS
    codes = ", ".join(result.left_out[:MOST_ROWS]) + (f" … +{more:,}" if more > 0 else "")
    say(f"未出账：{codes}（原因见上）" if language == "zh" else f"left out: {codes} (see the errors above)", err=True)


def _cut(name: str) -> str:
    """A name that leaves room for the figures; the invoice has all of it."""
    return name if len(name) <= MOST_NAME else name[: MOST_NAME - 1] + "…"


# --- JSON ----------------------------------------------------------------------------------------------------------


def _result_json(month: Month, result: "Result | None") -> dict[str, object]:
    return {
        "period": str(month),
        "bills": [bill_json(billed) for billed in result.billed] if result is not None else [],
        "left_out": list(result.left_out) if result is not None else [],
        "register": str(result.register) if result is not None and result.register is not None else None,
    }


def bill_json(billed: "Billed") -> dict[str, object]:
    """A bill as JSON values, every figure a decimal string."""
    bill = billed.bill
    return {
        "customer": bill.customer.code,
        **{name: bill.currency.text(figure.number) for name, figure in bill.sums.items()},
        "currency": bill.currency.code,
        "file": str(billed.file),
        "lines": [_line_json(line, bill.currency) for line in bill.lines],
    }


def _line_json(line: "Line", currency: Currency) -> dict[str, object]:
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
