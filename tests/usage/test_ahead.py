"""Workbooks that other processes read ahead say what they say when this one reads them: figures, cells and problems."""

import os
import random
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cases import cases
from tests.usage.test_bulk import APPS, KINDS, sheet
from tests.workbooks import write_workbook
from xlbill.periods import Month
from xlbill.problems import Problem
from xlbill.sheets import ahead, text
from xlbill.usage import Usage, read_usage


@pytest.fixture(autouse=True)
def few_files_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbill.processes.JOBS_EACH", 1)
    monkeypatch.setattr(ahead, "FILES_AT_A_TIME", 2)


def read(paths: Sequence[Path], processes: int) -> tuple[Usage, list[Problem]]:
    usage, found = read_usage([(path, path.name) for path in paths], Month(2026, 4), APPS, KINDS, None, processes)
    return usage, list(found)


@pytest.mark.parametrize("seed", range(cases(4, 1_000)))
def test_files_of_any_content(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    monkeypatch.setattr(ahead, "MOST_ROWS", dice.choice([60, 10_000]))
    paths = [_file(tmp_path / f"usage-{number}", dice) for number in range(9)]
    assert read(paths, 2) == read(paths, 1)


def _file(path: Path, dice: random.Random) -> Path:
    """A file such as people send: a workbook of a sheet or two, some cut off, a csv file, nothing."""
    as_csv = path.with_suffix(".csv")
    as_csv.write_bytes(sheet(dice))
    if dice.random() < 0.2:
        return as_csv
    form = text.detect(as_csv)
    rows = (
        [["" if value is None else value for value in values] for _, values in text.rows(as_csv, form)] if form else []
    )
    book = write_workbook(
        path.with_suffix(".xlsx"), {f"Sheet{number}": rows for number in range(dice.choice([1, 1, 2]))}
    )
    if dice.random() < 0.2:
        content = book.read_bytes()
        book.write_bytes(content[: dice.randrange(len(content))])
    return book if dice.random() < 0.95 else path.with_suffix(".xlsm")


def test_what_a_killed_process_was_reading_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["app", "date", "meter", "quantity"], ["shop-1", "2026-04-01", "dau", "7"]]
    paths = [write_workbook(tmp_path / f"{number}.xlsx", {"Usage": rows}) for number in range(5)]
    plain, here = read(paths, 1), os.getpid()
    read_whole = ahead._read_whole

    def killed(path: Path, shown: str) -> ahead.ReadFile | None:
        if path == paths[2] and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return read_whole(path, shown)

    monkeypatch.setattr(ahead, "_read_whole", killed)
    assert read(paths, 2) == plain
