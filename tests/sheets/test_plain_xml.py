"""Sheets whose rows are cut out by patterns: they say what the parser reads, and what is not plain is the parser's."""

import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from tests.cases import cases
from xlbill.sheets import stream, xlsx
from xlbill.sheets.isolated import value_of
from xlbill.sheets.parts import SMALL, read_part
from xlbill.sheets.plain_xml import NotPlain, plain_rows
from xlbill.sheets.workbook import CANNOT_READ, why_unreadable
from xlbill.sheets.xlsx import Style
from xlbill.sheets.xlsx_sheet import SheetReader

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="m"><cols><col min="2" max="2" hidden="1"/></cols>'
TAIL = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
STRINGS = ("app", " 一 ", "", "x_x000D_y", "a&b")
STYLES = (
    Style(),
    Style(date=True),
    Style(grouped=True),
    Style(percent=True),
    Style(elapsed=True),
    Style(multiple="万"),
)

PLAIN = {
    "numbers": '<row r="1"><c r="A1"><v>12</v></c><c r="B1" t="n"><v>-0.1</v></c><c r="C1"><v>1.5E-3</v></c></row>',
    "days, percentages and spans": '<row r="2"><c r="A2" s="1"><v>46113.5</v></c><c r="B2" s="3"><v>0.1</v></c>'
    '<c r="C2" s="4"><v>1.5</v></c><c r="D2" s="99"><v>7</v></c><c r="E2" s="5"><v>25</v></c></row>',
    "texts": '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>99</v></c><c r="C1" t="s"><v>2</v></c></row>',
    "texts of the cell": '<row r="1"><c r="A1" t="inlineStr"><is><t>a_x0041_</t></is></c><c r="B1"><v>1</v></c></row>',
    "truths": '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="C1" t="b"><v>0</v></c></row>',
    "blank cells and rows": '<row r="1" spans="1:3"/><row r="5" ht="20.5"><c r="A5" s="1"/><c r="B5"></c></row>'
    '<row r="6"><c r="B6"><v>1</v></c><c r="AA6"><v>2</v></c><c r="AB6" s="1"/></row>',
    "hidden rows": '<row r="3" hidden="1"><c r="A3"><v>1</v></c></row><row r="4" ht="0"><c r="A4"><v>1</v></c></row>',
    "nothing": "",
}
OTHERS = {
    "a formula": '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>',
    "an error": '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>',
    "a text that is a number's": '<row r="1"><c r="A1"><v>x</v></c></row>',
    "no number": '<row r="1"><c r="A1"><v>1.2.3</v></c></row>',
    "no finite number": '<row r="1"><c r="A1"><v>1E999</v></c></row>',
    "a formula's text": '<row r="1"><c r="A1" t="str"><v>x</v></c></row>',
    "a number in place of a text": '<row r="1"><c r="A1"><is><t>nan</t></is></c></row>',
    "an entity": '<row r="1"><c r="A1" t="inlineStr"><is><t>a&amp;b</t></is></c></row>',
    "rich text": '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>',
    "blanks between": '<row r="1"><c r="A1"><v>1</v></c> <c r="B1"><v>2</v></c></row>',
    "a comment": '<row r="1"><!-- --><c r="A1"><v>1</v></c></row>',
    "rows without numbers": "<row><c><v>1</v></c></row>",
    "rows in another order": '<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
    "columns in another order": '<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>',
    "a row twice": '<row r="1"><c r="A1"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
    "a cell twice": '<row r="1"><c r="A1"><v>2</v></c><c r="A1"><v>1</v></c></row>',
    "a row that is none": '<row r="1048577"><c r="A1"><v>2</v></c></row>',
    "a column that is none": '<row r="1"><c r="XFE1"><v>2</v></c></row>',
    "single quotes": "<row r='1'><c r='A1'><v>2</v></c></row>",
    "an attribute twice": '<row r="1" ht="1" ht="2"><c r="A1"><v>2</v></c></row>',
    "a cell that ends twice": '<row r="1"><c r="A1"/><v>2</v></c></row>',
    "a row that does not end": '<row r="1"><c r="A1"><v>2</v></c>',
    "a text that is none in XML": '<row r="1"><c r="A1" t="inlineStr"><is><t>\x01</t></is></c></row>',
}


class _Package:
    """A workbook of one sheet, its XML in pieces of some size."""

    def __init__(self, data: bytes, piece: int = 2**18) -> None:
        self._pieces = [data[at : at + piece] for at in range(0, len(data), piece)]
        self.strings, self.styles, self.from_1904 = STRINGS, STYLES, False

    def chunks(self, _: object) -> Iterator[bytes]:
        yield from self._pieces


SHEET: Any = xlsx.SheetPart("usage", "sheet1.xml", hidden=False)


def xml(rows: str, head: str = HEAD, tail: str = TAIL) -> bytes:
    return f"{head}<sheetData>{rows}</sheetData>{tail}".encode()


def seen(data: bytes, piece: int = 2**18, *, cut: bool = True) -> Any:
    """What usage is read from: rows, hidden ones, hidden columns and merged cells, or why they cannot be read."""
    package: Any = _Package(data, piece)
    reader, hidden = SheetReader(package, SHEET), set[int]()
    read: list[Any] = []
    try:
        rows = stream._plain_at_once(package, SHEET, reader, hidden) if cut else stream._dense(reader.rows(), hidden)
        read.extend((number, [value_of(value) for value in values]) for number, values in rows)
    except CANNOT_READ as error:
        return str(why_unreadable(error, "a.xlsx"))
    return read, hidden, reader.hidden_columns, reader.merged


def test_every_style_is_tried() -> None:
    assert {field.name for field in fields(Style) for style in STYLES if getattr(style, field.name)} == {
        field.name for field in fields(Style)
    }


def is_plain(data: bytes) -> bool:
    package: Any = _Package(data)
    try:
        list(plain_rows(package, SHEET, lambda _: None))
    except NotPlain:
        return False
    return True


@pytest.mark.parametrize("piece", [2**18, 40])
@pytest.mark.parametrize("rows", PLAIN.values(), ids=PLAIN)
def test_plain_rows(rows: str, piece: int) -> None:
    assert is_plain(xml(rows))
    assert seen(xml(rows), piece) == seen(xml(rows), cut=False)


@pytest.mark.parametrize("rows", OTHERS.values(), ids=OTHERS)
def test_others_are_left_to_the_parser(rows: str) -> None:
    before = '<row r="1" hidden="1"><c r="A1"><v>0</v></c></row>' if rows.startswith('<row r="2') else ""
    assert not is_plain(xml(before + rows))
    assert seen(xml(before + rows)) == seen(xml(before + rows), cut=False)


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ('<?xml version="1.0" encoding="gb18030"?><worksheet>', "</worksheet>"),
        ("<worksheet><!-- <sheetData> -->", "</worksheet>"),
        ("<worksheet>", "</worksheet><more/>"),
        ("<worksheet>", ""),
        ("<worksheet><cols>", "</worksheet>"),
        ('<worksheet><mergeCell ref="A1:B2"/>', "</worksheet>"),
        ("<!DOCTYPE x><worksheet>", "</worksheet>"),
    ],
)
def test_what_stands_around_the_rows_is_read_by_the_parser(head: str, tail: str) -> None:
    for rows in (PLAIN["numbers"], OTHERS["a formula"]):
        assert seen(xml(rows, head, tail)) == seen(xml(rows, head, tail), cut=False)


@pytest.mark.parametrize("seed", range(cases(60, 20_000)))
def test_any_rows(seed: int) -> None:
    """Rows of all kinds, one after the other, some of them damaged by a character."""
    dice = random.Random(seed)
    pool = [*PLAIN.values()] * 4 + [*OTHERS.values()]
    rows = "".join(
        dice.choice(pool).replace('<row r="', f'<row r="{number}') for number in range(1, dice.randrange(2, 30))
    )
    data = xml(rows)
    if dice.random() < 0.5:
        at = dice.randrange(len(data))
        data = data[:at] + dice.choice([b"", b'"', b"<", b">", b"/", b" ", b"9", b"\xff", b"&"]) + data[at + 1 :]
    cut, parsed = seen(data, dice.choice([2**18, 100])), seen(data, cut=False)
    assert cut == parsed


def test_small_parts_are_what_zipfile_reads() -> None:
    """Also of an archive of which one byte is damaged, whichever."""
    file = io.BytesIO()
    contents = {"empty": b"", "一": b"x" * 100, "large": bytes(SMALL + 1), "deflated": bytes(range(64)) * 9}
    with zipfile.ZipFile(file, "w") as archive:
        for number, (name, content) in enumerate(contents.items()):
            archive.writestr(name, content, [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2][number % 3])
    whole = file.getvalue()
    assert _all_parts(whole, read_part) == contents
    for at in range(0, len(whole), cases(3, 1)):
        damaged = whole[:at] + bytes([whole[at] ^ 0x21]) + whole[at + 1 :]
        assert _all_parts(damaged, read_part) == _all_parts(damaged, zipfile.ZipFile.read), at


def _all_parts(content: bytes, read: Any) -> object:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {entry.filename: read(archive, entry) for entry in archive.infolist()}
    except CANNOT_READ as error:
        return type(error)
