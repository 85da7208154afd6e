"""Odd and hostile spreadsheets, made when a test needs them: nothing binary is committed.

Each function writes one file into a folder and returns its path. The gallery of problems names them:
`builder: zip_bomb`.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from tests.workbooks import edit_xml

Rows = Sequence[Sequence[object]]

TABLE: Rows = (
    ("app", "date", "meter", "quantity"),
    ("shop-1", "2026-04-01", "dau", 100),
    ("shop-1", "2026-04-02", "dau", 120),
)
"""A usage sheet with nothing wrong."""

_CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"


# Workbooks from tables


def xlsx(path: Path, rows: Rows = TABLE, sheet: str = "usage") -> Path:
    """An ordinary workbook; text that begins with = is a formula without a result."""
    workbook = xlsxwriter.Workbook(path)
    made = workbook.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and value.startswith("="):
                made.write_formula(number, column, value, value="")
            elif value is not None:
                made.write(number, column, value)
    workbook.close()
    return path


def csv_bytes(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> bytes:
    """A table as text."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def package(
    path: Path, sheet: str, extra: Mapping[str, str] | None = None, *, strict: bool = False, book: str = ""
) -> Path:
    """A workbook of one sheet, from the XML inside its `<worksheet>`."""
    main, office = (_STRICT_MAIN, _STRICT_OFFICE) if strict else (_MAIN, _OFFICE)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": f'{head}<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}">{book}<sheets>'
        '<sheet name="usage" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}">{sheet}</worksheet>',
        **(extra or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def inline(ref: str, value: object) -> str:
    """A cell of sheet XML."""
    if isinstance(value, str):
        return f'<c r="{ref}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{ref}"><v>{value}</v></c>'


def sheet_data(rows: Rows = TABLE, prefix: str = "") -> str:
    """A table as sheet XML."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(inline(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row) if value is not None)
        lines.append(f'<row r="{number}">{cells}</row>')
    return f"{prefix}<sheetData>{''.join(lines)}</sheetData>"


# Odd, and to be read all the same


def strict_workbook(folder: Path) -> Path:
    """Saved by Excel as "Strict Open XML": openpyxl sees no sheet in it."""
    return package(folder / "strict.xlsx", sheet_data(), strict=True)


def wrong_dimension(folder: Path) -> Path:
    """Says that it ends in A1, and does not."""
    return package(folder / "dimension.xlsx", sheet_data(prefix='<dimension ref="A1"/>'))


def absurd_dimension(folder: Path) -> Path:
    """Claims all cells that Excel has, with a formatted empty one in the farthest corner."""
    data = sheet_data(prefix='<dimension ref="A1:XFD1048576"/>')
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    return package(folder / "absurd.xlsx", data.replace("</sheetData>", far))


def prefixed_names(folder: Path) -> Path:
    """Every element has a prefix, as some libraries write."""
    path = package(folder / "prefixed.xlsx", sheet_data())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    body = parts[name].replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("<x:?", "<?")
    parts[name] = body.replace("xmlns=", "xmlns:x=")
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def counted_from_1904(folder: Path) -> Path:
    """Days are counted from 1904, as old Macs did; 1 April 2026 is 44651."""
    rows = (TABLE[0], ("shop-1", 44651, "dau", 100))
    return package(folder / "mac.xlsx", sheet_data(rows), book='<workbookPr date1904="1"/>')


# Hostile, damaged, or something else


def missing(folder: Path) -> Path:
    """A file that is not there."""
    return folder / "missing.xlsx"


def empty(folder: Path) -> Path:
    """Nothing at all."""
    path = folder / "empty.xlsx"
    path.touch()
    return path


def password(folder: Path) -> Path:
    """An OLE container with the stream of an encrypted workbook."""
    path = folder / "secret.xlsx"
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + name + bytes(512))
    return path


def cut_off(folder: Path) -> Path:
    """The first half of a workbook."""
    path = xlsx(folder / "half.xlsx")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def picture(folder: Path) -> Path:
    """A picture that is called a workbook."""
    path = folder / "picture.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return path


def web_page(folder: Path) -> Path:
    """The "xls" of many a reporting system."""
    path = folder / "report.xls"
    path.write_text("<html><table><tr><td>app</td><td>dau</td></tr></table></html>", encoding="utf-8")
    return path


def csv_called_xlsx(folder: Path) -> Path:
    """Text under the name of a workbook."""
    path = folder / "usage.xlsx"
    path.write_bytes(csv_bytes(TABLE))
    return path


def entity_bomb(folder: Path) -> Path:
    """A billion laughs in a sheet."""
    entities = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    path = package(folder / "laughs.xlsx", sheet_data())
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part).decode() for part in archive.namelist()}
    parts[name] = parts[name].replace("?>", f"?><!DOCTYPE worksheet [{entities}]>", 1).replace("shop-1", "&j;")
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def zip_bomb(folder: Path) -> Path:
    """Forty megabytes of blanks, packed into forty kilobytes."""
    return package(folder / "bomb.xlsx", sheet_data(), {"xl/media/blank.bin": " " * 40 * 2**20})


def thousand_parts(folder: Path) -> Path:
    """An archive of more parts than any workbook has."""
    return package(folder / "parts.xlsx", sheet_data(), {f"xl/media/{n}.bin": "" for n in range(1_001)})


def part_twice(folder: Path) -> Path:
    """A zip with two sheets of one name: one for each reader."""
    path = package(folder / "twice.xlsx", sheet_data())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/Sheet1.xml", archive.read("xl/worksheets/sheet1.xml"))
    return path


def cell_twice(folder: Path) -> Path:
    """A sheet whose row 2 stands in it once more, with other figures."""
    data = sheet_data()
    row = re.findall(r'<row r="2".*?</row>', data, re.DOTALL)[0]
    return package(folder / "twice.xlsx", data.replace(row, row + row))


def sheet_twice(folder: Path) -> Path:
    """A workbook that lists one sheet under one name twice."""
    path = package(folder / "twice.xlsx", sheet_data())
    edit_xml(path, "xl/workbook.xml", "(<sheet [^>]*?)/>", r"\1/>\1/>")
    return path


def lying_size(folder: Path) -> Path:
    """A zip whose directory promises less than is in it."""
    path = package(folder / "liar.xlsx", sheet_data([*TABLE, *TABLE[1:] * 500]))
    content = bytearray(path.read_bytes())
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    path.write_bytes(content)
    return path


def endless_sheet(folder: Path) -> Path:
    """An ods of two kilobytes whose one cell is repeated fifty million times."""
    cell = '<table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/>'
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="a"><table:table-row table:number-rows-repeated="50000">{cell}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return ods(folder / "endless.ods", content)


def ods(path: Path, content: str) -> Path:
    """An OpenDocument spreadsheet from its content."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def unknown_encoding(folder: Path) -> Path:
    """Bytes that are neither UTF-8 nor, read as GB18030, known headings."""
    path = folder / "usage.csv"
    path.write_bytes("größe;menge\nä;5\n".encode("latin-1"))
    return path


def quote_without_end(folder: Path) -> Path:
    """A text file in which a quote is opened and never closed."""
    path = folder / "usage.csv"
    path.write_bytes(csv_bytes(TABLE) + b'shop-1,"' + b"x" * 200_000)
    return path


def hidden_row(folder: Path) -> Path:
    """A row that nobody sees."""
    return package(folder / "hidden.xlsx", sheet_data().replace('<row r="2"', '<row r="2" hidden="1"'))


def hidden_column(folder: Path) -> Path:
    """A column that nobody sees."""
    return package(folder / "hidden.xlsx", sheet_data(prefix='<cols><col min="4" max="4" hidden="1"/></cols>'))


def hidden_sheet(folder: Path) -> Path:
    """A sheet that nobody sees, beside one without usage."""
    path = folder / "hidden.xlsx"
    workbook = xlsxwriter.Workbook(path)
    workbook.add_worksheet("notes").write(0, 0, "see the other sheet")
    sheet = workbook.add_worksheet("usage")
    for number, row in enumerate(TABLE):
        sheet.write_row(number, 0, row)
    sheet.hide()
    workbook.close()
    return path


def error_cell(folder: Path) -> Path:
    """A figure that Excel could not compute."""
    error = '<c r="D3" t="e"><f>1/0</f><v>#DIV/0!</v>'
    return package(folder / "error.xlsx", sheet_data().replace('<c r="D3"><v>120</v>', error))


def book_with_a_comment(folder: Path) -> Path:
    """A sheet of plans with somebody's comment on a price."""
    rows = (
        ("product", "plan", "price", "model", "pay", "term"),
        ("im", "pro", 100, "fee", "prepaid", "anniversary"),
    )
    path = folder / "workbook.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("Plans")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    sheet.write_comment("C2", "to be confirmed")
    workbook.close()
    return path


BUILDERS: dict[str, Callable[[Path], Path]] = {
    make.__name__: make
    for make in (
        strict_workbook,
        wrong_dimension,
        absurd_dimension,
        prefixed_names,
        counted_from_1904,
        missing,
        empty,
        password,
        cut_off,
        picture,
        web_page,
        csv_called_xlsx,
        entity_bomb,
        zip_bomb,
        thousand_parts,
        part_twice,
        cell_twice,
        sheet_twice,
        lying_size,
        endless_sheet,
        unknown_encoding,
        quote_without_end,
        hidden_row,
        hidden_column,
        hidden_sheet,
        error_cell,
        book_with_a_comment,
    )
}
