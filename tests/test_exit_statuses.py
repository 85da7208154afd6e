"""Every command in every situation that its help tells: what it is asked, and the status in which it ends.

A story is a workspace and what is done in it, line after line: `status: xlbill COMMAND`, or a step that changes a
file. What the texts of problems are stands elsewhere; here only that no situation ends in another status.
"""

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.several import workspace_of
from xlbill.cli import main
from xlbill.commands import all_commands
from xlbill.commands.statuses import STATUSES

USAGE = Path("usage/2026-04/dau.csv")
GROUPS = {command.name for command in all_commands() if isinstance(command, click.Group)}


def spoil_one() -> None:
    USAGE.write_text(USAGE.read_text().replace("app-K001,2026-04,dau,1", "app-K001,2026-04,dau,many"))


def spoil_all() -> None:
    USAGE.write_text(USAGE.read_text().replace(",dau,", ",dau,many "))


def bank(*rows: str) -> Callable[[], object]:
    text = "\n".join(["date,customer,amount,currency,reference,serial", *rows, ""])
    return lambda: Path("bank.csv").write_text(text)


def changes(row: str) -> Callable[[], object]:
    return lambda: Path("changes.csv").write_text(f"item,change\n{row}\n")


def lose(pattern: str) -> Callable[[], object]:
    return lambda: [path.unlink() for path in Path().glob(pattern)]


def occupy(name: str) -> Callable[[], object]:
    """A file where a folder is wanted."""
    return lambda: Path(name).write_text("")


def cut_short() -> None:
    """A second book, damaged on its way."""
    Path("price_tables/other.xlsx").write_bytes(Path("price_tables/small.xlsx").read_bytes()[:9000])


STORIES: Mapping[str, tuple[str | Callable[[], object], ...]] = {
    "a start": (
        lambda: Path("elsewhere").mkdir(),
        "2: bill 2026-04 -w elsewhere",
        "2: issue 2026-04 -w elsewhere",
        "2: ledger list -w elsewhere",
        "0: init --empty new",
        "2: init --like none new",
        occupy("taken"),
        "2: init --empty taken",
    ),
    "a month": (
        "0: check",
        "0: bill 2026-04 --jobs 1",
        "0: verify invoices/2026-04",
        "2: verify price_tables/none",
        "1: verify price_tables/small.xlsx",
        "0: explain invoices/2026-04/K000-2026-04.xlsx",
        "2: explain invoices/2026-04/K000-2026-04.xlsx 77",
        "2: explain accounts.yaml",
        "0: convert invoices/2026-04/K000-2026-04.xlsx bill.json",
        "2: convert usage/2026-04/dau.csv bill.pdf",
    ),
    "a month with mistakes": (
        spoil_one,
        "1: check",
        "1: bill 2026-04 --jobs 1",
        spoil_all,
        "2: bill 2026-04 --jobs 1",
        "2: bill 2026-05 --jobs 1",
        "2: bill 2026-04 --jobs 1 --customer nobody",
    ),
    "an issue": (
        "2: void 202605-00001 --reason slip",
        "2: ledger list",
        "2: ledger verify",
        "2: ledger export out",
        "2: ledger backup copy.sqlite",
        "2: pay list",
        "2: statement K000",
        "2: issue 2026-04 --on 2026-05-06 --jobs 1",
        "0: bill 2026-04 --jobs 1",
        lose("invoices/2026-04/K001*.xlsx"),
        "1: issue 2026-04 --on 2026-05-06 --jobs 1",
        "0: bill 2026-04 --jobs 1",
        "0: issue 2026-04 --on 2026-05-06 --jobs 1",
        "0: bill 2026-04 --jobs 1 --against-issued",
        "2: issue 2026-04 --on 2026-05-05 --jobs 1 --customer K001",
        "0: ledger list",
        "0: ledger verify",
        "0: ledger export out",
        "0: ledger backup copy.sqlite",
        "0: pay list",
        "0: statement K000 --to 2026-05-31",
        "2: statement nobody",
        "0: void 202605-00001 --reason slip --on 2026-05-07",
        "2: void 202605-00001 --reason slip --on 2026-05-07",
        bank("2026-05-18,K000,1.00,CNY,,S1"),
        "0: pay import bank.csv",
        bank("2026-05-18,K000,1.00,CNY,,S1", "2026-05-19,K000,some,CNY,,S2"),
        "1: pay import bank.csv",
        bank("2026-05-19,K000,some,CNY,,S2"),
        "2: pay import bank.csv",
        lose("issued/2026-04/K000*.xlsx"),
        "1: ledger verify",
    ),
    "prices": (
        "0: prices list",
        "0: prices show small",
        "2: prices show none",
        "0: prices new small-2 --from 2026-06-01",
        "2: prices new small-2 --from 2026-06-01",
        "0: diff price_tables/small.xlsx price_tables/small-2.xlsx",
        changes("im.pro,10 %"),
        "0: prices apply changes.csv --book small-2",
        "1: diff --exit-code price_tables/small.xlsx price_tables/small-2.xlsx",
        changes("im.none,10 %"),
        "2: prices apply changes.csv --book small-2",
        "2: diff price_tables/small.xlsx accounts.xlsx",
        "0: impact price_tables/small-2.xlsx --period 2026-04 --everyone",
        "1: impact price_tables/small-2.xlsx --period 2026-04 --everyone --max-rise 5%",
        "2: impact accounts.xlsx --period 2026-04",
    ),
    "questions": (
        "0: try fee price=3",
        "2: try none price=3",
        "2: try fee price=some",
        "0: quote im.pro",
        "1: quote --compare im.pro talk_30",
        "2: quote im.none",
        "0: examples suggest price_tables/small.xlsx",
        "2: examples suggest accounts.xlsx",
        "1: check --coverage price_tables/small.xlsx",
        cut_short,
        "1: prices list",
        lose("price_tables/*"),
        "2: prices list",
        "2: check --coverage price_tables",
    ),
}


ELSEWHERE = {("void", 1): "tests/issuing/test_faults.py", ("prices apply", 1): "tests/foresight/test_prices.py"}
"""Statuses that need more than a small workspace, and where they are held."""


def ended(asked: str) -> int:
    return CliRunner(env={"LANG": "en_US.UTF-8"}).invoke(main, shlex.split(asked)).exit_code


@pytest.mark.parametrize("story", STORIES)
def test_every_situation_ends_in_its_status(story: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace_of(2, tmp_path))
    wrong = []
    for step in STORIES[story]:
        if not isinstance(step, str):
            step()
        elif (status := ended(step[3:])) != int(step[0]):
            wrong.append(f"{step[3:]} ends in {status}, not {step[0]}")
    assert not wrong, "\n".join(wrong)


def test_the_stories_tell_every_status_of_every_command() -> None:
    asked = [(step[3:].split(), int(step[0])) for story in STORIES.values() for step in story if isinstance(step, str)]
    told = {(" ".join(words[: 2 if words[0] in GROUPS else 1]), status) for words, status in asked}
    assert {(name, status) for name, of in STATUSES.items() for status in of} - told == set(ELSEWHERE)


LEAVES = {
    f"{group.name} {name}" if isinstance(group, click.Group) else name: command
    for group in all_commands()
    for name, command in (group.commands if isinstance(group, click.Group) else {str(group.name): group}).items()
}


@pytest.mark.parametrize("name", LEAVES)
def test_wrong_use_of_every_command_ends_with_2(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An option that there is not, an argument or option that is missing, a value that is none of its kind."""
    monkeypatch.chdir(tmp_path)
    needed = [p for p in LEAVES[name].params if p.required]
    wrong = [f"{name} --frobnicate", *([name] if needed else [])]
    for option in LEAVES[name].params:
        if isinstance(option, click.Option) and isinstance(option.type, click.Choice | click.IntRange):
            wrong.append(f"{name} {option.opts[0]} nothing")
    assert [asked for asked in wrong if ended(asked) != 2] == []
