"""What lies on the sheets of a workbook, from its bytes: pictures, charts, shapes, in lines that can be compared."""

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO

from xlbill.sheets.safety import part_name
from xlbill.sheets.xlsx import Attributes, local, parser, relations
from xlbill.workbook.layout import Layout
from xlbill.workbook.look import (
    BOOK,
    book_digests,
    book_lines,
    digests,
    plain_format,
    plain_target,
    sheet_look,
    usual_lines,
)

_OF_CHARTS = re.compile(r"<(?:\w+:)?(f|t|\w+Chart)(?:\s[^>]*)?>([^<]*)")
_NEVER_IN_CHARTS = re.compile(r"<(?:\w+:)?(builtInUnit|custUnit|max|logBase|userShapes)\b([^>]*)>")
_SHOWN_IN_CHARTS = re.compile(r"<(?:\w+:)?(orientation|numFmt)\b([^>]*)>")
_AS_EVER = re.compile(r'val="minMax"|sourceLinked="1"')
_THINGS = ("pic", "sp", "cxnSp", "grpSp", "graphicFrame", "contentPart")
_HARMLESS = ("printersettings", "drawing")  # what programs add when they save; drawings are told one by one


def look_written(layout: Layout, content: bytes) -> dict[str, str]:
    """The digests of a workbook that is being written: of its layout, and of the drawings in its bytes."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {part_name(entry.filename): entry for entry in archive.infolist()}
        files = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(layout.sheets) + 1)]
        drawn = [(drawing_lines(archive, parts, file), chart_lines(archive, parts, file)) for file in files]
    looks = {
        sheet.name: {**sheet_look(sheet), "drawings": things, "charts": charts}
        for sheet, (things, charts) in zip(layout.sheets, drawn, strict=True)
    }
    names = {name: plain_target(target) for name, target in layout.names.items()}
    states = [(sheet.name, False) for sheet in layout.sheets]
    kept = "/".join(sheet.name for sheet in layout.sheets if not sheet.printed)
    book = {"book": book_lines(states, names), "usual": usual_lines(layout.font.name, layout.font.size, kept)}
    return {BOOK: book_digests(book), **digests(looks)}


def drawing_lines(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], sheet: str) -> tuple[str, ...]:
    """Everything that lies on a sheet: pictures by their bytes, charts by their cells, shapes by their words."""
    found: list[str] = []
    for kind, part in relations(archive, parts, sheet).values():
        if kind == "drawing" and part in parts:
            related = relations(archive, parts, part)
            shown = {
                number: (kind, archive.read(parts[part])) for number, (kind, part) in related.items() if part in parts
            }
            found += _drawn(archive.read(parts[part]), shown)
        elif kind not in _HARMLESS:
            found.append(f"with {kind}")
    return tuple(sorted(found))


def chart_lines(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], sheet: str) -> tuple[str, ...]:
    """How the charts on a sheet show their figures: formats of their own, and axes that run backwards."""
    drawings = [part for kind, part in relations(archive, parts, sheet).values() if kind == "drawing"]
    charts = {
        part
        for drawing in drawings
        for kind, part in relations(archive, parts, drawing).values()
        if kind == "chart" and part in parts
    }
    found = (shown for part in charts for shown in _SHOWN_IN_CHARTS.findall(archive.read(parts[part]).decode()))
    told = ((name, plain_format(_as_text(_value(rest)))) for name, rest in found if not _AS_EVER.search(rest))
    return tuple(sorted(f"{name} {value}" for name, value in told))


def _drawn(drawing: bytes, shown: Mapping[str, tuple[str, bytes]]) -> Iterator[str]:
    """A line for each thing of a drawing: what it is, where it lies (cells, and EMU), what it shows."""
    where: list[str] = []
    things: list[str] = []
    for depth, name, attributes, text in _elements(drawing):
        if depth == 1:
            yield from (f"{thing} at {' '.join(where)}" for thing in things)
            where, things = [name], []
        elif name in ("col", "colOff", "row", "rowOff"):
            where.append(text)
        elif depth == 2 and name in ("ext", "pos"):
            where += attributes.values()
        elif name in _THINGS:
            things.append(name)
        elif name == "cNvPr" and things and attributes.get("hidden", "0") in ("1", "true"):
            things[-1] += " hidden"
        elif name in ("srcRect", "alphaModFix") and things and attributes:
            things[-1] += f" {name} {' '.join(f'{key} {value}' for key, value in sorted(attributes.items()))}"
        elif name == "t" and things:
            things[-1] += f" {text}"
        related = [shown[value] for key, value in attributes.items() if key in ("r:embed", "r:id") and value in shown]
        for kind, content in related if things else ():
            things[-1] += f" {kind} {_chart(content) if kind == 'chart' else hashlib.sha256(content).hexdigest()[:16]}"
    yield from (f"{thing} at {' '.join(where)}" for thing in things)


def _chart(content: bytes) -> str:
    """A chart by its kinds, its words and the cells that it shows."""
    xml = content.decode()
    told = [found[1] if found[1] not in ("f", "t") else found[2] for found in _OF_CHARTS.finditer(xml)]
    never = (f"{name} {_value(rest)}" for name, rest in _NEVER_IN_CHARTS.findall(xml))
    return plain_target(_as_text(" ".join([*told, *never])))


def _value(attributes: str) -> str:
    """The value, or the format, of an element of a chart."""
    found = re.search(r'(?:val|formatCode)="([^"]*)"', attributes)
    return found[1] if found is not None else ""


def _as_text(xml: str) -> str:
    """Text of XML as it is read; xml.sax, which has this as well, imports half of the network."""
    return xml.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")


def _elements(content: bytes) -> list[tuple[int, str, Attributes, str]]:
    """The elements of a part in their order, prefixes left off: depth, name, attributes, text."""
    found: list[tuple[int, str, Attributes, list[str]]] = []
    open_ones: list[list[str]] = []

    def start(name: str, attributes: Attributes) -> None:
        pieces: list[str] = []
        found.append((len(open_ones), local(name), attributes, pieces))
        open_ones.append(pieces)

    def end(_: str) -> None:
        open_ones.pop()

    made = parser(start, end, lambda text: open_ones[-1].append(text))
    made.Parse(content, True)
    return [(depth, name, attributes, "".join(pieces)) for depth, name, attributes, pieces in found]
