"""Sheets in the other formats that spreadsheet programs write: xls (of 1992), xlsb, ods. Rows of cells, one sheet each.

A cell is None, a text, True or False, an error's text ("#N/A"), or a number with its format. Written from the
specifications ([MS-XLSB], OpenDocument 1.3, the OpenOffice description of BIFF4), not from what reads them.
"""

import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import openpyxl

from tests.sheets import build


@dataclass(frozen=True)
class Number:
    """A number and how its cell shows it."""

    value: float
    format: str = "General"


Content = None | str | bool | Number
Rows = Sequence[Sequence[Content]]
ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


def _formats(rows: Rows) -> list[str]:
    """The formats of all numbers, the general one first."""
    return list(dict.fromkeys(["General", *(c.format for row in rows for c in row if isinstance(c, Number))]))


def _filled(rows: Rows) -> Iterator[tuple[int, list[tuple[int, Content]]]]:
    for number, row in enumerate(rows):
        yield number, [(at, cell) for at, cell in enumerate(row) if cell is not None]


def xlsx(path: Path, rows: Rows, hidden: Sequence[int] = ()) -> Path:
    """As openpyxl writes it."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for number, row in enumerate(rows, start=1):
        for at, content in enumerate(row, start=1):
            cell = sheet.cell(number, at, content.value if isinstance(content, Number) else content)
            if isinstance(content, Number):
                cell.number_format = content.format
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    workbook.save(path)
    return path


def xls(path: Path, rows: Rows, hidden: Sequence[int] = ()) -> Path:
    """A stream of BIFF4 records: one sheet, its texts in Latin letters."""
    formats, made = _formats(rows), [_biff(0x0409, struct.pack("<HHH", 4, 0x10, 0))]
    made.append(_biff(0x0231, struct.pack("<HHH", 200, 0, 0x7FFF) + b"\x05Arial"))
    made += [_biff(0x041E, b"\0\0" + bytes([len(code)]) + code.encode("latin-1")) for code in formats]
    made += [_biff(0x0443, struct.pack("<BBHBBHI", 0, at, 0, 0, 0, 0, 0)) for at in range(len(formats))]
    for number in range(len(rows)):
        flags = 0x20 if number + 1 in hidden else 0
        made.append(_biff(0x0208, struct.pack("<HHHHHHHH", number, 0, 256, 255, 0, 0, flags, 0)))
    for number, cells in _filled(rows):
        made += [_biff_cell(number, at, content, formats) for at, content in cells]
    path.write_bytes(b"".join([*made, _biff(0x000A, b"")]))
    return path


def _biff(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _biff_cell(row: int, at: int, content: Content, formats: list[str]) -> bytes:
    if isinstance(content, bool):
        return _biff(0x0205, struct.pack("<HHHBB", row, at, 0, content, 0))
    if isinstance(content, Number):
        return _biff(0x0203, struct.pack("<HHHd", row, at, formats.index(content.format), content.value))
    assert content is not None
    if content in ERRORS:
        return _biff(0x0205, struct.pack("<HHHBB", row, at, 0, ERRORS[content], 1))
    return _biff(0x0204, struct.pack("<HHHH", row, at, 0, len(content)) + content.encode("latin-1"))


_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsb(path: Path, rows: Rows, hidden: Sequence[int] = ()) -> Path:
    """Records of a binary workbook: its numbers as real ones, its texts within their cells."""
    formats = _formats(rows)
    styles = _record(278) + _record(615, struct.pack("<I", len(formats)))
    styles += b"".join(_record(44, struct.pack("<H", 200 + at) + _wide(code)) for at, code in enumerate(formats))
    styles += _record(616) + _record(617, struct.pack("<I", len(formats)))
    styles += b"".join(
        _record(47, struct.pack("<HHHHHBBHH", 0xFFFF, 200 + at if at else 0, 0, 0, 0, 0, 0, 0, 0))
        for at in range(len(formats))
    )
    size = struct.pack("<IIII", 0, len(rows), 0, max(map(len, rows)))
    sheet = _record(129) + _record(148, size) + _record(145)
    for number, cells in _filled(rows):
        flags = 0x10 if number + 1 in hidden else 0
        sheet += _record(0, struct.pack("<IIHBBB", number, 0, 300, 0, flags, 0) + struct.pack("<I", 0))
        sheet += b"".join(_binary_cell(at, content, formats) for at, content in cells)
    parts = {
        "xl/workbook.bin": _record(131)
        + _record(143)
        + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Sheet"))
        + _record(144)
        + _record(132),
        "xl/styles.bin": styles + _record(618) + _record(279),
        "xl/worksheets/sheet1.bin": sheet + _record(146) + _record(130),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_RELATION}/worksheet" Target="worksheets/sheet1.bin"/><Relationship Id="rId2" '
        f'Type="{_RELATION}/styles" Target="styles.bin"/></Relationships>',
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _record(kind: int, data: bytes = b"") -> bytes:
    return _sevens(kind) + _sevens(len(data)) + data


def _sevens(number: int) -> bytes:
    made = bytearray()
    while number >= 0x80:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def _binary_cell(at: int, content: Content, formats: list[str]) -> bytes:
    if isinstance(content, bool):
        return _record(4, struct.pack("<II", at, 0) + bytes([content]))
    if isinstance(content, Number):
        style = formats.index(content.format)
        whole = content.value == int(content.value) and abs(content.value) < 2**29
        if whole:  # thirty bits of a whole number, as Excel writes what fits into them
            return _record(2, struct.pack("<IIi", at, style, int(content.value) << 2 | 2))
        return _record(5, struct.pack("<IId", at, style, content.value))
    assert content is not None
    if content in ERRORS:
        return _record(3, struct.pack("<II", at, 0) + bytes([ERRORS[content]]))
    return _record(6, struct.pack("<II", at, 0) + _wide(content))


_NAMES = ("office", "table", "text", "calcext")


def ods(path: Path, rows: Rows, hidden: Sequence[int] = ()) -> Path:
    """As LibreOffice writes it: the value, its kind, and the text that is shown; equal neighbours are written once."""
    names = " ".join(f'xmlns:{name}="urn:{name}"' for name in _NAMES)
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(map(_open_cell, row))
        seen = ' table:visibility="collapse"' if number in hidden else ""
        lines.append(f"<table:table-row{seen}>{cells}</table:table-row>")
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Sheet">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return build.ods(path, content)


def _open_cell(content: Content) -> str:
    if content is None:
        return "<table:table-cell/>"
    if isinstance(content, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(content).lower()}"/>'
    if isinstance(content, Number):
        return f"<table:table-cell {_open_number(content)}/>"
    if content in ERRORS:
        kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
        return f"<table:table-cell {kind}><text:p>{escape(content)}</text:p></table:table-cell>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(content)}</text:p></table:table-cell>'


def _open_number(number: Number) -> str:
    if "%" in number.format:
        return f'office:value-type="percentage" office:value={quoteattr(repr(number.value))}'
    if "h" in number.format:
        minutes, seconds = divmod(round(number.value * 86_400), 60)
        return f'office:value-type="time" office:time-value="PT{minutes // 60}H{minutes % 60:02d}M{seconds:02d}S"'
    return f'office:value-type="float" office:value={quoteattr(repr(number.value))}'


WRITERS: Mapping[str, Callable[[Path, Rows, Sequence[int]], Path]] = {"xls": xls, "xlsb": xlsb, "ods": ods}
