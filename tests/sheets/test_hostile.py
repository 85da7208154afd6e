"""Hostile files: each is refused in words, in a moment, and the memory stays where it was."""

import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.sheets import build
from tests.workbooks import edit_xml, write_workbook
from xlbill.sheets import read_workbook
from xlbill.sheets.isolated import read_isolated
from xlbill.sheets.safety import Format
from xlbill.sheets.xlsx import Unreadable

REFUSED = {
    build.missing: "file-unreadable",
    build.empty: "file-empty",
    build.password: "file-encrypted",
    build.cut_off: "file-damaged",
    build.picture: "file-unknown",
    build.web_page: "file-is-markup",
    build.entity_bomb: "file-has-doctype",
    build.zip_bomb: "archive-bomb",
    build.thousand_parts: "archive-of-too-many-parts",
    build.lying_size: "file-damaged",
    build.endless_sheet: "file-takes-too-much-memory",
}


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_it_is_refused_in_a_moment(tmp_path: Path, make: object) -> None:
    path = make(tmp_path)  # type: ignore[operator]
    before, start = peak(), time.monotonic()
    workbook, found = read_workbook(path, path.name)
    assert workbook is None
    assert [problem.code for problem in found] == [REFUSED[make]]  # type: ignore[index]
    assert time.monotonic() - start < 10
    assert peak() - before < 256 * 1024


@pytest.mark.parametrize(
    "part",
    ["[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "docProps/core.xml", "docProps/app.xml"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_part(tmp_path: Path, part: str, encoding: str) -> None:
    made = build.xlsx(tmp_path / "made.xlsx")
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(tmp_path / "odd.xlsx", "w") as odd:
        for name in archive.namelist():
            text = archive.read(name).decode()
            if name == part:
                body = text.partition("?>")[2]
                text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x>{body}'
            odd.writestr(name, text.encode(encoding if name == part else "utf-8"))
    assert [p.code for p in read_workbook(tmp_path / "odd.xlsx")[1]] == ["file-has-doctype"]


def peak() -> int:
    """KiB of this process at its highest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path, tmp_path / "pipe.csv"):
        assert [p.code for p in read_workbook(path)[1]] == ["file-unreadable"]


def test_an_encoding_that_nobody_knows(tmp_path: Path) -> None:
    book = '<?xml version="1.0" encoding="UTF-99"?><workbook/>'
    path = build.package(tmp_path / "odd.xlsx", build.sheet_data(), {"xl/workbook.xml": book})
    assert [p.code for p in read_workbook(path)[1]] == ["file-damaged"]


def test_the_reading_process_takes_nothing_but_plain_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = tmp_path / "evil.py"
    evil.write_text(
        "import pickle, sys\n"
        "class Evil:\n"
        "    def __reduce__(self): return print, ('executed',)\n"
        "data = pickle.dumps(('rows', [Evil()], []))\n"
        "sys.stdout.buffer.write(len(data).to_bytes(4, 'little') + data)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("xlbill.apart.child.__file__", str(evil))
    with pytest.raises(Unreadable):
        list(read_isolated(evil, Format.XLSX))


def test_a_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setattr("xlbill.apart.child.__file__", str(slow))
    monkeypatch.setattr("xlbill.sheets.isolated.BASE_SECONDS", 0.2)
    with pytest.raises(Unreadable, match="file-takes-too-long"):
        list(read_isolated(slow, Format.XLSX))


def test_the_reading_process_starts_with_little_of_xlbill() -> None:
    """It costs some milliseconds because it imports next to nothing."""
    code = "import sys, xlbill.apart.ods, xlbill.apart.xls, xlbill.apart.xlsb; print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = out.stdout.split()
    assert {name for name in loaded if name.startswith("xlbill.") and not name.startswith("xlbill.apart")} == set()
    assert not {"openpyxl", "click", "rich"}.intersection(loaded)


@pytest.mark.parametrize(
    ("pattern", "again", "place"),
    [
        (r'(<c r="B2".*?</c>)', r"\1\1", "t.xlsx › Usage!B2"),
        (r'(<c r="B2".*?</c>)', r'\1<c r="A2"><v>9</v></c>', "t.xlsx › Usage!A2"),
        (r'(<c r="D2"[^>]*>)(<v>.*?</v>)', r"\1\2\2", "t.xlsx › Usage!D2"),
        (r'(<row r="2".*?</row>)', r"\1\1", "t.xlsx › Usage!2"),
    ],
    ids=["a cell", "an earlier cell", "a value", "a row"],
)
def test_what_stands_twice_is_told_at_its_cell(tmp_path: Path, pattern: str, again: str, place: str) -> None:
    rows = "| app | date | meter | quantity |\n| a | 2026-04-01 | dau | 5 |"
    path = write_workbook(tmp_path / "t.xlsx", {"Usage": rows})
    edit_xml(path, "xl/worksheets/sheet1.xml", pattern, again)
    (told,) = read_workbook(path, "t.xlsx")[1]
    assert (told.code, str(told.place)) == ("cell-twice", place)


@pytest.mark.parametrize(
    "part", ["xl/theme/theme1.xml", "xl/styles.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"]
)
def test_a_document_type_in_any_part_is_refused(tmp_path: Path, part: str) -> None:
    """Also in parts that no reader of sheets goes through, and other programs do."""
    made = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    made.add_worksheet().write_comment("A1", "note")
    made.close()
    edit_xml(tmp_path / "a.xlsx", part, r"(<\?xml[^>]*\?>)?", r"\g<0><!DOCTYPE x>")
    assert [p.code for p in read_workbook(tmp_path / "a.xlsx")[1]] == ["file-has-doctype"]
