"""Workbooks that are broken at random: whatever comes of it is cells or problems, never an exception."""

import random
import zipfile
from pathlib import Path

import pytest

from tests.problems.readers import APPS, METERS
from tests.sheets import build
from xlbill.periods import Month
from xlbill.sheets import read_workbook
from xlbill.usage import read_usage

SHEET = "xl/worksheets/sheet1.xml"
SPLINTERS = (
    b"<",
    b"</",
    b"/>",
    b'"',
    b"&",
    b"&#0;",
    b"\xff\xfe",
    b"-1",
    b"99999999999",
    b"XFE1",
    b't="s"',
    b't="d"',
    b"<f>",
    b"<!--",
    b"UTF-99",
)


def read(path: Path) -> None:
    workbook, found = read_workbook(path, path.name)
    assert workbook is not None or found
    usage, problems = read_usage([(path, path.name)], Month(2026, 4), APPS, METERS)
    assert usage.series or problems


@pytest.mark.parametrize("seed", range(120))
def test_broken_bytes(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    make = dice.choice([build.xlsx, lambda path: path.write_bytes(build.csv_bytes(build.TABLE, "utf-16"))])
    path = tmp_path / "broken.xlsx"
    make(path)
    content = bytearray(path.read_bytes())
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(content))
        match dice.randrange(3):
            case 0:
                content[at] = dice.randrange(256)
            case 1:
                del content[at : at + dice.randint(1, 40)]
            case _:
                content[at:at] = dice.randbytes(dice.randint(1, 10))
    path.write_bytes(content)
    read(path)


@pytest.mark.parametrize("seed", range(120))
def test_broken_xml(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    path = build.package(tmp_path / "broken.xlsx", build.sheet_data())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = dice.choice([SHEET, SHEET, SHEET, *parts])
    content = bytearray(parts[name])
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(content))
        content[at : at + dice.randint(0, 6)] = dice.choice(SPLINTERS)
    parts[name] = bytes(content)
    with zipfile.ZipFile(path, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    read(path)
