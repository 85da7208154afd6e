"""A file that cannot be read is closed all the same, at once: Windows locks what is open, Python warns at random."""

import gc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter

from tests.problems.readers import APPS, METERS
from xlbill.audit.look import look_of
from xlbill.invoice.template.read import load_template
from xlbill.periods import Month
from xlbill.sheets import read_workbook
from xlbill.sheets.parts import SMALL
from xlbill.usage import read_usage

OPEN_FILES = Path("/proc/self/fd")
READERS: dict[str, Callable[[Path], object]] = {
    "workbook": read_workbook,
    "usage": lambda path: read_usage([(path, path.name)], Month(2026, 4), APPS, METERS),
    "template": load_template,
    "look": look_of,
}
DAMAGE = {
    "missing": None,
    "empty": b"",
    "breaks off": b"<?xml version='1.0'?><a><b",
    "breaks off late": b"<a>" + b"\n" * SMALL + b"<b",
    "of others": b"<html/>",
}


@pytest.fixture
def no_collection() -> Iterator[None]:
    """Nothing is closed by chance, when Python happens to collect garbage."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="the system does not list a process's open files there")
@pytest.mark.parametrize("damage", DAMAGE)
def test_unreadable_files_are_closed(damage: str, tmp_path: Path, no_collection: None) -> None:
    for broken in _broken(tmp_path, DAMAGE[damage]):
        for name, read in READERS.items():
            with suppress(Exception):  # what it raises is another test's matter
                read(broken)
            assert broken not in _open_now(), (name, broken.name)


def _broken(folder: Path, content: bytes | None) -> Iterator[Path]:
    """A small workbook once for each of its parts, with that part damaged."""
    with xlsxwriter.Workbook(folder / "sound.xlsx") as workbook:
        workbook.add_worksheet().write_row(0, 0, ["app", "date", "meter", "quantity"])
    with zipfile.ZipFile(folder / "sound.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number, part in enumerate(parts):
        with zipfile.ZipFile(path := folder / f"{number}.xlsx", "w") as archive:
            for name, sound in parts.items():
                if name != part or content is not None:
                    archive.writestr(name, content if name == part and content is not None else sound)
        yield path


def _open_now() -> set[Path]:
    found = set()
    for handle in OPEN_FILES.iterdir():
        with suppress(OSError):  # the handle of this listing
            found.add(handle.readlink())
    return found
