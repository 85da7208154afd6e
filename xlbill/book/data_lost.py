"""What a workbook has besides the cells of its sheets, and a conversion would lose."""

import re
import zipfile
from pathlib import Path

from xlbill.book import data
from xlbill.cells import Place
from xlbill.language import Label
from xlbill.problems import Problems

_PARTS = (
    (re.compile(r"xl/media/", re.IGNORECASE), Label("图片", "pictures")),
    (re.compile(r"xl/charts/", re.IGNORECASE), Label("图表", "charts")),
    (re.compile(r"xl/vbaProject\.bin", re.IGNORECASE), Label("宏", "macros")),
    (re.compile(r"xl/pivotTables/", re.IGNORECASE), Label("透视表", "pivot tables")),
    (re.compile(r"xl/externalLinks/", re.IGNORECASE), Label("外部链接", "links to other workbooks")),
)
_COMMENTS = re.compile(r"xl/(?:worksheets/)?comments?/?[^/]*\.xml", re.IGNORECASE)
_REF = re.compile(rb'<(?:\w+:)?comment\s[^>]*?ref="([A-Z]+)([0-9]+)"')


def lost_parts(path: Path, document: data.Document) -> Problems:
    """Pictures, charts, macros and comments of an xlsx workbook; none of a file of another format.

    Notes on headings are not counted: they are made anew from the declarations.
    """
    found = Problems()
    if not zipfile.is_zipfile(path):
        return found
    place = Place(document.file)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        for pattern, label in _PARTS:
            if any(pattern.match(name) for name in names):
                found.add("part-not-carried", place, found=label)
        comments = [_REF.findall(archive.read(name)) for name in names if _COMMENTS.fullmatch(name)]
    headings = _heading_rows(document)
    cells = [
        f"{letters.decode()}{int(row)}" for sheet in comments for letters, row in sheet if int(row) not in headings
    ]
    if cells:
        few = ", ".join(cells[:6]) + (" …" if len(cells) > 6 else "")
        found.add("part-not-carried", place, found=Label(f"批注（{few}）", f"comments on cells ({few})"))
    return found


def _heading_rows(document: data.Document) -> frozenset[int]:
    """The rows in which headings stand, each just above the first row of its table."""
    firsts = (table.rows[0].place.row for table in document.tables.values() if table.rows)
    return frozenset(row - 1 for row in firsts if row is not None)
