"""The pictures of a template's sheets, with their place and size, read from the file's own drawings.

openpyxl reads pictures only where Pillow is installed; their bytes and anchors are all that an invoice needs.
"""

import posixpath
import zipfile
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from xlbill.cells import Place
from xlbill.invoice.layout import Picture
from xlbill.language import Label
from xlbill.problems import Problem, problem

_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_POINT = 12_700  # EMU in a point
_SHAPE = Label("图形或文本框", "a shape or text box")
_PICTURE_KIND = Label("此格式的图片", "a picture of this kind")
_KINDS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")


def read_pictures(archive: zipfile.ZipFile, sheet_part: str, place: Place, found: list[Problem]) -> tuple[Picture, ...]:
    """The pictures of one sheet; shapes, text boxes and kinds that cannot be carried over are problems."""
    pictures = []
    for drawing in _targets(archive, sheet_part, "/drawing").values():
        images = _targets(archive, drawing, "/image")
        for anchor in fromstring(archive.read(drawing)):
            picture = _picture(archive, anchor, images, place, found)
            pictures += [picture] if picture is not None else []
    return tuple(pictures)


def _picture(
    archive: zipfile.ZipFile, anchor: Element, images: dict[str, str], place: Place, found: list[Problem]
) -> Picture | None:
    start = anchor.find(f"{_ANCHOR}from")
    blip = anchor.find(f".//{_DRAWING}blip")
    if start is None:
        found.append(problem("template-not-carried", place, feature=Label("浮动图形", "a floating drawing")))
        return None
    column, x, row, y = (int(start.findtext(f"{_ANCHOR}{part}", "0")) for part in ("col", "colOff", "row", "rowOff"))
    at = place.at(row + 1, column + 1)
    if anchor.find(f"{_ANCHOR}graphicFrame") is not None:
        return None  # a chart: openpyxl tells of it
    part = images.get(blip.get(f"{_ID}embed", "")) if blip is not None else None
    data = archive.read(part) if part is not None else b""
    if anchor.find(f"{_ANCHOR}pic") is None or not data.startswith(_KINDS):
        found.append(problem("template-not-carried", at, feature=_PICTURE_KIND if data else _SHAPE))
        return None
    size = anchor.find(f".//{_DRAWING}xfrm/{_DRAWING}ext")
    if size is None or not int(size.get("cx", "0")):
        size = anchor.find(f"{_ANCHOR}ext")
    width, height = (int(size.get(side, "0")) / _POINT if size is not None else 0.0 for side in ("cx", "cy"))
    named = anchor.find(f".//{_ANCHOR}cNvPr")
    description = named.get("descr", "") if named is not None else ""
    return Picture(row + 1, column + 1, x / _POINT, y / _POINT, width, height, data, description)


def _targets(archive: zipfile.ZipFile, part: str, kind: str) -> dict[str, str]:
    """The parts of a kind that a part refers to, by their ids."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in archive.namelist():
        return {}
    targets = {}
    for relation in fromstring(archive.read(relations)).iter(f"{_REL}Relationship"):
        if relation.get("Type", "").endswith(kind) and relation.get("TargetMode") != "External":
            target = relation.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            targets[relation.get("Id", "")] = full
    return targets


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet of a workbook lies in its file, by the sheet's name."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    (workbook,) = _targets(archive, "", "/officeDocument").values() or ("xl/workbook.xml",)
    parts = _targets(archive, workbook, "/worksheet")
    sheets = fromstring(archive.read(workbook)).iter(f"{main}sheet")
    ids = {sheet.get("name", ""): sheet.get(f"{_ID}id", "") for sheet in sheets}
    return {name: parts[number] for name, number in ids.items() if number in parts}
