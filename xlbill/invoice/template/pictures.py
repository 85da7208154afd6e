"""The pictures of a template's sheets, with their place and size, read from the file's own drawings.

openpyxl reads pictures only where Pillow is installed; their bytes and anchors are all that an invoice needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from xlbill.cells import Place
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.sheets.xlsx import Package, relations
from xlbill.workbook.layout import ColumnWidth, Picture
from xlbill.workbook.measure import points_wide

_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_POINT = 12_700  # EMU in a point
_SHAPE = Label("图形或文本框", "a shape or text box")
_FLOATING = Label("浮动图形", "a floating drawing")
_CROP = Label("图片的裁剪（请先裁好图片再插入）", "the crop of a picture (cut the picture itself)")
_PICTURE_KIND = Label("此格式的图片", "a picture of this kind")
_KINDS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")


@dataclass(frozen=True, slots=True)
class Measures:
    """How wide the columns of a sheet are, and how high its rows."""

    columns: Mapping[int, ColumnWidth]
    heights: Mapping[int, float]
    usual_height: float

    def across(self, first: int, last: int) -> float:
        """Points from a column's left to that of a later one."""
        return sum(points_wide(self.columns.get(number)) for number in range(first, last))

    def down(self, first: int, last: int) -> float:
        """Points from a row's top to that of a later one."""
        return sum(self.heights.get(number, self.usual_height) for number in range(first, last))


@dataclass(frozen=True, slots=True)
class _Corner:
    """A corner of a drawing: a cell, and how many points to the right of and below its upper left it is."""

    column: int
    x: float
    row: int
    y: float


def read_pictures(
    package: Package, sheet_part: str, grid: Measures, place: Place, found: Problems
) -> tuple[Picture, ...]:
    """The pictures of one sheet; shapes, text boxes and kinds that cannot be carried over are problems."""
    pictures = []
    for kind, drawing in relations(package.archive, package.parts, sheet_part).values():
        if kind != "drawing" or drawing not in package.parts:
            continue
        related = relations(package.archive, package.parts, drawing)
        for anchor in fromstring(package.archive.read(package.parts[drawing])):
            kind, part = related.get(_embedded(anchor), ("", ""))
            data = package.archive.read(package.parts[part]) if kind == "image" and part in package.parts else b""
            picture = _picture(anchor, data, grid, place, found)
            pictures += [picture] if picture is not None else []
    return tuple(pictures)


def _embedded(anchor: Element) -> str:
    """The id of a drawing's picture."""
    blip = anchor.find(f".//{_DRAWING}blip")
    return blip.get(f"{_ID}embed", "") if blip is not None else ""


def _picture(anchor: Element, data: bytes, grid: Measures, place: Place, found: Problems) -> Picture | None:
    start = _corner(anchor, "from")
    if start is None:
        found.add("template-not-carried", place, feature=_FLOATING)
        return None
    at = place.at(start.row, start.column)
    if anchor.find(f"{_ANCHOR}graphicFrame") is not None:
        return None  # a chart: openpyxl tells of it
    if anchor.find(f"{_ANCHOR}pic") is None or not data.startswith(_KINDS):
        found.add("template-not-carried", at, feature=_PICTURE_KIND if data else _SHAPE)
        return None
    cropped = anchor.find(f".//{_DRAWING}srcRect")
    if cropped is not None and any(value.strip("0%") for value in cropped.attrib.values()):
        found.add("template-not-carried", at, feature=_CROP)
    width, height = _size(anchor, start, grid)
    named = anchor.find(f".//{_ANCHOR}cNvPr")
    description = named.get("descr", "") if named is not None else ""
    return Picture(start.row, start.column, start.x, start.y, width, height, data, description)


def _corner(anchor: Element, name: str) -> _Corner | None:
    """The corner of a drawing that its anchor calls `from` or `to`."""
    corner = anchor.find(f"{_ANCHOR}{name}")
    if corner is None:
        return None
    column, x, row, y = (int(corner.findtext(f"{_ANCHOR}{part}", "0")) for part in ("col", "colOff", "row", "rowOff"))
    return _Corner(column + 1, x / _POINT, row + 1, y / _POINT)


def _size(anchor: Element, start: _Corner, grid: Measures) -> tuple[float, float]:
    """Width and height of a drawing: what it says, else what lies between the two cells that hold it."""
    for size in (anchor.find(f".//{_DRAWING}xfrm/{_DRAWING}ext"), anchor.find(f"{_ANCHOR}ext")):
        if size is not None and int(size.get("cx", "0")):
            return int(size.get("cx", "0")) / _POINT, int(size.get("cy", "0")) / _POINT
    end = _corner(anchor, "to") or start
    width, height = grid.across(start.column, end.column), grid.down(start.row, end.row)
    return width - start.x + end.x, height - start.y + end.y
