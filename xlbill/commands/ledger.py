"""Commands about what was issued and paid: the ledger itself, payments, statements of account."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from xlbill.commands.options import (
    default_language,
    json_option,
    language_option,
    misused,
    print_problems,
    print_result,
    quiet_option,
    workspace_option,
)
from xlbill.language import Label, Language, colon, counted
from xlbill.problems import Problem, has_errors
from xlbill.terminal import TextTable, print_table, say
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.ledger.records import Head
    from xlbill.ledger.store import Ledger


@click.group("ledger")
def ledger_group() -> None:
    """What was issued: list it, verify it, export it for an auditor, back it up."""


@ledger_group.command("list")
@workspace_option
@click.option("--customer", metavar="CODE", help="Only this customer.")
@json_option
@language_option
def ledger_list(workspace: Path, customer: str | None, as_json: bool, lang: Language | None) -> None:
    """List invoices and credit notes in the order of issue, with what is open of each."""
    language = lang or default_language()
    with reading(workspace, language, as_json) as ledger:
        from xlbill.ledger.wallets import open_bills

        waiting = {bill.number: bill.amount for bill in open_bills(ledger)}
        rows = [
            {
                "number": row["number"],
                "kind": row["kind"] if row["kind"] == "credit" or row["standing"] else "voided",
                "customer": row["customer"],
                "month": row["month"],
                "issued": row["issued"],
                "due_on": row["due_on"],
                "currency": row["currency"],
                "total": _money(Decimal(row["total"]), row["decimals"]),
                "open": _money(waiting.get(row["number"], Decimal(0)), row["decimals"]),
                "of": row["of"],
            }
            for row in ledger.rows("SELECT * FROM bills ORDER BY entry")
            if customer is None or row["customer"].casefold() == customer.casefold()
        ]
        if as_json:
            head = {"entry": ledger.head.entry, "sha256": ledger.head.sha256}
            print_result({"head": head, "bills": rows}, (), language)
        else:
            _print_bills(rows, language)


@ledger_group.command("verify")
@workspace_option
@click.option("--head", "kept", metavar="ENTRY:SHA256", help="The chain's head as a register or a manifest has it.")
@quiet_option
@json_option
@language_option
def ledger_verify(workspace: Path, kept: str | None, quiet: bool, as_json: bool, lang: Language | None) -> None:
    """Check the chain, the tables, the numbers, the balances, and every issued file against its entry."""
    language = lang or default_language()
    with reading(workspace, language, as_json) as ledger:
        from xlbill.commands.progress import VERIFYING, progress
        from xlbill.issuing.filing import kept_head
        from xlbill.ledger.store import behind
        from xlbill.ledger.verify import verify_ledger

        head = ledger.head
        with progress(VERIFYING, language, quiet) as watch:
            found = verify_ledger(ledger, watch)
        known = _as_head(kept) if kept is not None else kept_head(Workspace(workspace))
        if known is not None and (told := behind(ledger, known)) is not None:
            found.append(told)
        if as_json:
            told_head = {"entry": head.entry, "sha256": head.sha256}
            print_result({"head": told_head}, found, language)
        else:
            print_problems(found, language)
            if not found and not quiet:
                said = f"{head.entry} 条分录全部衔接" if language == "zh" else f"all {head.entry} entries are chained"
                say(f"✓ {said}{colon(language)}{head.entry}:{head.sha256}")
        sys.exit(1 if has_errors(found) else 0)


@ledger_group.command("export")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@workspace_option
@language_option
def ledger_export(directory: Path, workspace: Path, lang: Language | None) -> None:
    """Write to DIRECTORY what an auditor needs to check the ledger without xlbill."""
    language = lang or default_language()
    with reading(workspace, language) as ledger:
        from xlbill.ledger.export import export_ledger

        found = export_ledger(ledger, directory)
        print_problems(found, language)
        if not found:
            say(str(directory))
        sys.exit(2 if found else 0)


@ledger_group.command("backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@workspace_option
@language_option
def ledger_backup(target: Path, workspace: Path, lang: Language | None) -> None:
    """Copy the ledger to TARGET, also while it is in use."""
    with reading(workspace, lang or default_language()) as ledger:
        from xlbill.ledger.store import backed_up

        backed_up(ledger, target)
        say(f"{target} {ledger.head.entry}:{ledger.head.sha256}")


@click.group("pay")
def pay_group() -> None:
    """What was paid: take in a bank's sheet, list payments."""


@pay_group.command("import")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@workspace_option
@json_option
@language_option
def pay_import(file: Path | None, workspace: Path, as_json: bool, lang: Language | None) -> None:
    """Take the payments of a bank's sheet or csv: date, payer or customer, amount, reference.

    Without FILE those of the accounts' sheet Payments.
    """
    language, place = lang or default_language(), Workspace(workspace)
    now = datetime.now().astimezone()
    if file is None and not place.accounts.is_file():
        said = Label("没有指定文件，也没有客户档案 {accounts}", "no FILE, and no {accounts}")
        raise misused(said, accounts=place.accounts)
    with _writing(workspace, "pay import", now, language, as_json) as (ledger, found):
        from xlbill.issuing.paying import accounts_of, names_in, take_account_payments
        from xlbill.ledger.bank import known_payers
        from xlbill.ledger.pay import import_payments

        accounts = accounts_of(place)
        if file is None:
            done = take_account_payments(ledger, place, accounts, now.date(), now)
        else:
            payers = known_payers(ledger, names_in(accounts))
            done = import_payments(ledger, file, payers, now.date(), now, place.shown(file))
        problems = (*found, *done.problems)
        if as_json:
            taken = [
                {
                    "customer": p.customer,
                    "date": p.date.isoformat(),
                    "amount": f"{p.amount:f}",
                    "currency": p.currency,
                    "reference": p.reference,
                    "row": p.row,
                }
                for p in done.taken
            ]
            print_result({"taken": taken, "known": done.known}, problems, language)
        else:
            print_problems(problems, language)
            zh = f"已记 {len(done.taken)} 笔收款，{done.known} 笔此前已记"
            en = f"took {counted(len(done.taken), 'payment|payments')}; {counted(done.known, 'was|were')} taken before"
            say(zh if language == "zh" else en)
        nothing = has_errors(problems) and not done.taken and not done.known
        sys.exit(2 if nothing else 1 if has_errors(problems) else 0)


@pay_group.command("list")
@workspace_option
@click.option("--customer", metavar="CODE", help="Only this customer.")
@json_option
@language_option
def pay_list(workspace: Path, customer: str | None, as_json: bool, lang: Language | None) -> None:
    """List the payments that were taken."""
    language = lang or default_language()
    with reading(workspace, language, as_json) as ledger:
        keys = ("date", "customer", "currency", "amount", "payer", "reference", "file", "row")
        rows = [
            {key: row[key] for key in keys}
            for row in ledger.rows("SELECT * FROM payments ORDER BY date, entry")
            if customer is None or row["customer"].casefold() == customer.casefold()
        ]
        if as_json:
            print_result({"payments": rows}, (), language)
        else:
            _print_payments(rows, language)


# --- what the commands share ---------------------------------------------------------------------------------------


@contextmanager
def reading(workspace: Path, language: Language, as_json: bool = False) -> Iterator["Ledger"]:
    """The ledger of a workspace, to read; where it cannot be used the command ends and says why."""
    from xlbill.ledger.session import opened
    from xlbill.ledger.store import NAME

    path = workspace / NAME
    with opened(path, Workspace(workspace).shown(path)) as (ledger, found):
        if ledger is None:
            _end(found, language, as_json)
        yield ledger


@contextmanager
def _writing(
    workspace: Path, doing: str, now: datetime, language: Language, as_json: bool
) -> Iterator[tuple["Ledger", list[Problem]]]:
    """The ledger of a workspace under its lock, what a killed run began brought to an end; with what was told then."""
    from xlbill.issuing.filing import kept_head
    from xlbill.ledger.session import writing
    from xlbill.ledger.store import NAME, behind

    path = workspace / NAME
    with writing(path, doing, now, Workspace(workspace).shown(path)) as (ledger, found):
        if ledger is None:
            _end(found, language, as_json)
        kept = kept_head(Workspace(workspace))
        if kept is not None and (older := behind(ledger, kept)) is not None:
            _end([older], language, as_json)
        yield ledger, found


def _end(found: Sequence[Problem], language: Language, as_json: bool) -> NoReturn:
    print_result({}, found, language) if as_json else print_problems(found, language)
    sys.exit(2)


def _as_head(text: str) -> "Head":
    from xlbill.ledger.records import Head

    entry, _, sha256 = text.partition(":")
    if not entry.isdecimal() or len(sha256) != 64:
        said = Label("--head 写作 分录号:哈希，而不是 {text!r}", "--head is written ENTRY:SHA256, not {text!r}")
        raise misused(said, text=text)
    return Head(int(entry), sha256)


def _money(amount: Decimal, decimals: int) -> str:
    return f"{amount:.{decimals}f}"


def _print_payments(rows: list[dict[str, Any]], language: Language) -> None:
    """The payments as a table; the file that one came in stands in the JSON."""
    headings = (
        ("日期", "客户", "付款人", "附言", "金额", "币种")
        if language == "zh"
        else ("Date", "Customer", "Payer", "Reference", "Amount", "Currency")
    )
    keys = ("date", "customer", "payer", "reference")
    texts = [[*(row[key] or "" for key in keys), f"{Decimal(row['amount']):,f}", row["currency"]] for row in rows]
    print_table(TextTable(headings, texts, left=(0, 1, 2, 3, 5)))


def _print_bills(rows: list[dict[str, str]], language: Language) -> None:
    """The bills as a table."""
    zh = language == "zh"
    kinds = {
        "invoice": ("已出账", "invoice"),
        "voided": ("已作废", "voided"),
        "credit": ("贷项（红字）", "credit note"),
    }
    headings = (
        ("编号", "客户", "账期", "出账日", "状态", "价税合计", "未结", "币种")
        if zh
        else ("Number", "Customer", "Period", "Issued", "State", "Total", "Open", "Currency")
    )
    texts = []
    for row in rows:
        named = (row[key] for key in ("number", "customer", "month", "issued"))
        sums = (f"{Decimal(row[key]):,f}" for key in ("total", "open"))
        texts.append([*named, kinds[row["kind"]][0 if zh else 1], *sums, row["currency"]])
    print_table(TextTable(headings, texts, left=(0, 1, 2, 3, 4, 7)))
