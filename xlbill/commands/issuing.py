"""The commands that make invoices of drafts, and take invoices back."""

import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from xlbill.commands.options import (
    as_day,
    as_month,
    default_language,
    json_option,
    language_option,
    password_option,
    pdf_option,
    print_problems,
    print_result,
    quiet_option,
    sign_option,
    workspace_option,
)
from xlbill.language import Language, counted
from xlbill.periods import Month
from xlbill.problems import has_errors
from xlbill.terminal import TextTable, print_table, say
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.issuing import Against, IssueDone
    from xlbill.issuing.against import LineDifference

on_option = click.option("--on", "day", callback=as_day, metavar="DATE", help="The date of issue (default: today).")


@click.command("issue")
@click.argument("period", callback=as_month)
@workspace_option
@on_option
@click.option("--customer", "customers", multiple=True, metavar="CODE", help="Only this customer (repeatable).")
@click.option(
    "--approved",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The register in whose sheet Review somebody approved: only these are issued.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that write invoices (default: one a core).")
@pdf_option
@sign_option
@quiet_option
@password_option
@json_option
@language_option
def issue_command(
    period: Month,
    workspace: Path,
    day: date | None,
    customers: tuple[str, ...],
    approved: Path | None,
    jobs: int | None,
    pdf: bool,
    certificate: Path | None,
    quiet: bool,
    password: str,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Make the drafts of a month invoices: numbered, dated, in the ledger; all that can be, as one step."""
    from xlbill.commands.handing_out import hand_out, opened_key
    from xlbill.commands.progress import ISSUING, progress
    from xlbill.issuing import IssueOrder, issue_month
    from xlbill.manifest import manifest_name
    from xlbill.processes import cores

    language, now = lang or default_language(), datetime.now().astimezone()
    codes = tuple(code for word in customers for code in word.split(",") if code)
    key, place = opened_key(certificate, language), Workspace(workspace)
    with progress(ISSUING, language, quiet) as watch:
        order = IssueOrder(day or now.date(), now, codes, approved, jobs or cores(), watch, password)
        done, problems = issue_month(place, period, order)
    if done is not None and (done.issued or done.registers):
        billed = [each for _, each in done.issued]
        manifest = place.issued(period) / manifest_name(period)
        problems += tuple(hand_out(place, billed, manifest, now, pdf=pdf, key=key, language=language, quiet=quiet))
    if as_json:
        content = _done_json(done)
        print_result({"period": str(period), **content}, problems, language)
    else:
        print_problems(problems, language)
    if done is not None and not as_json and not quiet:
        _print_done(done, language)
    failed = has_errors(problems) or (done is not None and bool(done.left_out))
    sys.exit(2 if done is None or not (done.issued or done.registers) else 1 if failed else 0)


@click.command("void")
@click.argument("number")
@click.option("--reason", required=True, help="Why; it stands on the credit note and in the ledger.")
@on_option
@workspace_option
@sign_option
@password_option
@json_option
@language_option
def void_command(
    number: str,
    reason: str,
    day: date | None,
    workspace: Path,
    certificate: Path | None,
    password: str,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Take the invoice NUMBER back by a credit note; its month can then be billed and issued anew."""
    from xlbill.commands.handing_out import hand_out, opened_key
    from xlbill.issuing import void_invoice
    from xlbill.manifest import manifest_name

    language, now = lang or default_language(), datetime.now().astimezone()
    on: date = day or now.date()
    key, place = opened_key(certificate, language), Workspace(workspace)
    voided, problems = void_invoice(place, number, reason, on, now, password)
    if voided is not None:
        manifest = voided.file.parent / manifest_name(voided.note.month)
        problems += tuple(hand_out(place, (), manifest, now, pdf=False, key=key, language=language, quiet=True))
    if as_json:
        note = voided.note if voided is not None else None
        content = {
            "number": note.number.text if note is not None else None,
            "of": number,
            "total": note.currency.text(note.total) if note is not None else None,
            "currency": note.currency.code if note is not None else None,
            "file": str(voided.file) if voided is not None else None,
        }
        print_result(content, problems, language)
    else:
        print_problems(problems, language)
    if voided is not None and not as_json:
        note = voided.note
        amount = f"{note.currency.code} {note.total:,.{note.currency.decimals}f}"
        zh, en = (
            f"{number} 已作废：贷项 {note.number}，{amount}",
            f"{number} is void: credit note {note.number}, {amount}",
        )
        say(zh if language == "zh" else en)
        say(str(voided.file))
    sys.exit(2 if voided is None else 1 if has_errors(problems) else 0)


def _done_json(done: "IssueDone | None") -> dict[str, object]:
    if done is None:
        return {"invoices": [], "left_out": [], "issued_before": [], "registers": []}
    invoices = [
        {
            "number": head.number.text,
            "customer": billed.bill.customer.code,
            "issued": head.issued.isoformat(),
            "due_on": head.due_on.isoformat(),
            "total": billed.bill.currency.text(billed.bill.total.number),
            "due": billed.bill.currency.text(billed.bill.due.number),
            "currency": billed.bill.currency.code,
            "file": str(billed.file),
        }
        for head, billed in done.issued
    ]
    told = {"left_out": list(done.left_out), "issued_before": list(done.before), "not_approved": list(done.waiting)}
    told_all = {**told, "payments": done.payments}
    return {"invoices": invoices, **told_all, "registers": [str(path) for path in done.registers]}


def _print_done(done: "IssueDone", language: Language) -> None:
    """A closing table with the sums of each currency, the numbers, and where the invoices lie."""
    zh = language == "zh"
    _print_sums(done, zh)
    if done.payments:
        say(
            f"先记收款 {done.payments:,} 笔"
            if zh
            else f"took {counted(done.payments, 'payment|payments')} of the accounts first"
        )
    if done.issued:
        first, last = done.issued[0][0], done.issued[-1][0]
        if first is last:
            say(f"编号 {first.number}" if zh else f"number {first.number}")
        else:
            say(f"编号 {first.number} 至 {last.number}" if zh else f"numbers {first.number} to {last.number}")
        say(f"最晚付款日 {first.due_on}" if zh else f"due on {first.due_on}")
        say(f"账单在 {done.issued[0][1].file.parent}" if zh else f"invoices in {done.issued[0][1].file.parent}")
    if done.before:
        say(f"此前已出账 {len(done.before):,} 份" if zh else f"{counted(len(done.before), 'was|were')} issued before")
    if done.waiting:
        say(f"未批准 {len(done.waiting):,} 份" if zh else f"{counted(len(done.waiting), 'is|are')} not approved")
    for register in done.registers:
        say(f"出账汇总表：{register}" if zh else f"register: {register}")
    if done.left_out:
        say(f"未出账：{', '.join(done.left_out)}" if zh else f"left out: {', '.join(done.left_out)}", err=True)


def _print_sums(done: "IssueDone", zh: bool) -> None:
    """What was issued in each currency: how many invoices, prepaid, due, total."""
    headings = ("币种", "账单", "预付费费用", "本期应收", "价税合计")
    rows = []
    bills = [billed.bill for _, billed in done.issued]
    for code, decimals in sorted({(bill.currency.code, bill.currency.decimals) for bill in bills}):
        of = [bill for bill in bills if (bill.currency.code, bill.currency.decimals) == (code, decimals)]
        sums = (sum((getattr(b, name).number for b in of), Decimal(0)) for name in ("prepaid", "due", "total"))
        rows.append([code, f"{len(of):,}", *(f"{amount:,.{decimals}f}" for amount in sums)])
    if rows:
        english = ("Currency", "Invoices", "Prepaid", "Due", "Total")
        print_table(TextTable(headings if zh else english, rows, left=(0,)))


# --- bill --against-issued -----------------------------------------------------------------------------------------


def tell_against(
    workspace: Workspace, period: Month, customers: Sequence[str], adjust: bool, as_json: bool, language: Language
) -> NoReturn:
    """Say what would be billed otherwise than it was issued, and end: with 1 where something would."""
    from xlbill.issuing import against_issued

    against, problems = against_issued(workspace, period, customers, adjust=adjust)
    differences = against.differences if against is not None else ()
    if as_json:
        files = [str(path) for path in against.written] if against is not None else []
        content = {"differences": [_difference_json(one) for one in differences], "adjustments": files}
        print_result({"period": str(period), **content}, problems, language)
    else:
        print_problems(problems, language)
    if against is not None and not as_json:
        _print_against(against, language)
    sys.exit(2 if against is None else 1 if differences or has_errors(problems) else 0)


def _difference_json(one: "LineDifference") -> dict[str, object]:
    days = {name: day.isoformat() if day is not None else None for name, day in _days_of(one).items()}
    amounts = {"issued": one.issued, "now": one.now, "difference": one.amount}
    return {
        "customer": one.customer,
        "number": one.number,
        "app": one.key.app,
        "line": {"zh": one.key.title.zh, "en": one.key.title.en},
        **days,
        **{name: one.currency.text(amount) for name, amount in amounts.items()},
        "currency": one.currency.code,
    }


def _days_of(one: "LineDifference") -> dict[str, date | None]:
    return {"first": one.key.first, "last": one.key.last}


def _print_against(against: "Against", language: Language) -> None:
    """A table of the lines that differ, and what they come to by currency."""
    zh = language == "zh"
    headings = (
        ("客户", "账单", "应用", "项目", "服务期间", "已出账", "现应为", "差额", "币种")
        if zh
        else ("Customer", "Invoice", "App", "Line", "Service", "Issued", "Now", "Difference", "Currency")
    )
    rows = []
    for one in against.differences:
        first, last = _days_of(one).values()
        named = (one.customer, one.number, one.key.app or "—", one.key.title.text(language))
        amounts = (f"{amount:,.{one.currency.decimals}f}" for amount in (one.issued, one.now, one.amount))
        days = f"{first} – {last}" if first is not None else "—"
        rows.append([*named, days, *amounts, one.currency.code])
    if rows:
        print_table(TextTable(headings, rows, left=(0, 1, 2, 3, 4, 8)))
    count = len(against.differences)
    looked_at, differing = counted(against.looked_at, "invoice|invoices"), counted(count, "line differs|lines differ")
    zh_said = f"核对 {against.looked_at:,} 份已出账单：{count:,} 行不同"
    say(zh_said if zh else f"looked at {looked_at}: {differing}")
    for path in against.written:
        say(f"已写入下期调账：{path}" if zh else f"adjustments of the next bill: {path}")
