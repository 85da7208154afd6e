"""What a reader sees of a workbook besides its contents, in plain lines that a file and a layout can be compared by.

A number format can show ¥1.00 for 4,299; a hidden row, white ink, a merge or a picture over it hide a total. For each
sheet an aspect is a tuple of lines (`28.9 ¥#,##0.00`: row, column, format); the manifest keeps a digest of each. What
programs change when they only save (zoom, selection, ids of styles) is no part of it.
"""

import hashlib
import re
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import TypeAlias

from xlbill.cells import a1
from xlbill.sheets.safety import part_name
from xlbill.sheets.xlsx import Attributes, local, parser, relations
from xlbill.workbook.layout import ConditionalFormat, Highlight, Icons, Layout, Page, Ranked, Sheet
from xlbill.workbook.style import CellStyle

ASPECTS = ("formats", "fonts", "sizes", "merges", "conditions", "headers", "print", "view", "drawings")
"""The aspects of a sheet, in the order of their digests."""

SheetLook: TypeAlias = Mapping[str, tuple[str, ...]]
BOOK = ""
"""Under this name stands what belongs to no sheet: their order, which of them are hidden, and defined names."""

USUAL_WIDTH, USUAL_HEIGHT = 64, 20  # pixels
_OF_CHARTS = re.compile(r"<(?:\w+:)?(f|t|\w+Chart)(?:\s[^>]*)?>([^<]*)")
FAR = 15
"""An indent beyond this, of three characters a step, can push what a cell shows out of it."""

DIGEST = 8  # characters of the digest of an aspect
_THINGS = ("pic", "sp", "cxnSp", "grpSp", "graphicFrame", "contentPart")
_SELF = re.compile(r"\\([-+/():!^&'~{}<>=$ ])")  # characters that a number format shows without a backslash
_INK = re.compile(r"&K[0-9A-Fa-f]{6}")  # the code of a colour in headers
_QUOTED = re.compile(r'"([^"]*)"')
_HARMLESS = ("printersettings", "drawing")  # what programs add when they save; drawings are told one by one


def look_written(layout: Layout, content: bytes) -> dict[str, str]:
    """The digests of a workbook that is being written: of its layout, and of the drawings in its bytes."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {part_name(entry.filename): entry for entry in archive.infolist()}
        files = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(layout.sheets) + 1)]
        drawings = [drawing_lines(archive, parts, file) for file in files]
    looks = {s.name: {**_look(s), "drawings": drawn} for s, drawn in zip(layout.sheets, drawings, strict=True)}
    names = {name: plain_target(target) for name, target in layout.names.items()}
    return {BOOK: digest(book_lines([(sheet.name, False) for sheet in layout.sheets], names)), **digests(looks)}


def with_headers(digested: str, header: str, footer: str) -> str:
    """The digests of a sheet with another header and footer."""
    start = ASPECTS.index("headers") * DIGEST
    own = digest(header_lines({"oddHeader": header, "oddFooter": footer}))
    return digested[:start] + own + digested[start + DIGEST :]


def digests(looks: Mapping[str, SheetLook]) -> dict[str, str]:
    """For each sheet the digests of its aspects, one after the other."""
    return {sheet: "".join(digest(look[aspect]) for aspect in ASPECTS) for sheet, look in looks.items()}


def digest(lines: Iterable[str]) -> str:
    """A short digest of some lines: it tells changes from none, and is no seal."""
    hashed = hashlib.blake2b("\n".join(lines).encode("utf-8", "surrogatepass"), digest_size=DIGEST * 6 // 8)
    return urlsafe_b64encode(hashed.digest()).decode()


def book_lines(
    sheets: Iterable[tuple[str, bool]], names: Mapping[str, str], flags: Iterable[str] = ()
) -> tuple[str, ...]:
    """The sheets in their order, whether each is hidden, what the defined names stand for, and settings of the whole.

    The flags are settings that we never write: a window without tabs, pictures not shown, figures cut to their formats.
    """
    states = (f"{name} {'hidden' if hidden else 'visible'}" for name, hidden in sheets)
    return (*states, *sorted(f"{name}={target}" for name, target in names.items()), *sorted(flags))


# --- a sheet of a layout -------------------------------------------------------------------------------------------


def _look(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    cells = sorted((c.row, c.column, id(c.style)) for c in sheet.cells if c.content is not None and c.content != "")
    styles = {id(c.style): c.style for c in sheet.cells}  # by identity, which costs less than comparing
    formats = {number: plain_format(style.number_format) for number, style in styles.items()}
    inks = {number: _ink(style) for number, style in styles.items()}
    last_row, last_column = max((c[0] for c in cells), default=0), max((c[1] for c in cells), default=0)
    widths = {n: (_pixels_wide(c.width), c.hidden) for n, c in sheet.columns.items()}
    heights = {n: (pixels_high(h), n in sheet.hidden_rows) for n, h in sheet.heights.items()}
    return {
        "formats": tuple(f"{row}.{column} {formats[style]}" for row, column, style in cells),
        "fonts": tuple(f"{row}.{column} {inks[style]}" for row, column, style in cells),
        "sizes": size_lines(widths, heights, last_column, last_row, (USUAL_WIDTH, USUAL_HEIGHT)),
        "merges": tuple(sorted(map(str, sheet.merges))),
        "conditions": tuple(sorted(line for light in sheet.highlights for line in _conditions(light))),
        "headers": header_lines({"oddHeader": sheet.page.header, "oddFooter": sheet.page.footer}),
        "print": _print_lines(sheet.page),
        "view": view_lines(
            frozen=sheet.frozen, flags=(link_flag(a1(c.row, c.column)) for c in sheet.cells if c.file is not None)
        ),
    }


@cache
def _ink(style: CellStyle) -> str:
    font, alignment = style.font, style.alignment
    across = alignment.horizontal or ""
    if alignment.indent and across not in ("left", "right", "distributed"):
        across = "left" if alignment.vertical not in ("top", "bottom", "distributed") else across
    flags = ink_flags(alignment.indent, alignment.rotation)
    return ink(font.name, font.size, font.colour, style.fill, across, strike=font.strike, flags=flags)


def _conditions(light: ConditionalFormat) -> Iterator[str]:
    """A conditional format; a bar stands in a file twice, once more in the terms of newer programs."""
    areas = " ".join(map(str, light.areas))
    if isinstance(light, Highlight):
        yield condition(areas, "expression", (light.formula,), light.style.font.colour, light.style.fill, "")
    elif isinstance(light, Ranked):
        yield condition(areas, light.kind, (), light.style.font.colour, light.style.fill, "")
    elif isinstance(light, Icons):
        yield condition(areas, "iconSet", (), None, None, "")
    elif light.kind == "scale":
        yield condition(areas, "colorScale", (), None, None, "")
    else:
        yield condition(areas, "dataBar", (), None, None, "")
        yield condition("extended", "dataBar", (*map(str, light.limits or ()), areas), None, None, "")


def _pixels_wide(width: float | None) -> int:
    return USUAL_WIDTH if width is None else pixels_wide(width)


def _print_lines(page: Page) -> tuple[str, ...]:
    return print_lines(
        paper=page.paper,
        landscape=page.landscape,
        margins=(*page.margins, page.header_margin, page.footer_margin),
        scale=page.scale if page.fit is None else 100,
        fit=page.fit,
        centred=page.centred,
        area=str(page.area) if page.area is not None else "",
        titles=f"{page.titles[0]}:{page.titles[1]}" if page.titles is not None else "",
        breaks=page.breaks,
    )


# --- lines that layouts and files share ----------------------------------------------------------------------------


@cache
def plain_format(code: str) -> str:
    """A number format without the quotes and backslashes that programs put differently."""
    spelled = _QUOTED.sub(lambda match: "".join(f"\\{char}" for char in match[1]), code)
    return _SELF.sub(r"\1", spelled)


def ink(
    name: str,
    size: float,
    colour: str | None,
    fill: str | None,
    across: str,
    *,
    strike: bool,
    flags: Iterable[str] = (),
) -> str:
    """How a cell's characters appear; black is what automatic colours are."""
    shown = "" if colour in (None, "000000") else str(colour).upper()
    rest = "".join(f" {flag}" for flag in (*(("struck",) if strike else ()), *flags))
    return f"{name} {size:g} {shown} on {(fill or '').upper()} {across}{rest}"


def ink_flags(indent: int, rotation: int) -> tuple[str, ...]:
    """Characters that are turned, or so far from their cell's edge that they may stand outside of it."""
    far = (f"indent {indent}",) if indent > FAR else ()
    return (*far, *((f"turned {rotation}",) if rotation else ()))


def size_lines(
    columns: Mapping[int, tuple[int, bool]],
    rows: Mapping[int, tuple[int, bool]],
    last_column: int,
    last_row: int,
    usual: tuple[int, int],
) -> tuple[str, ...]:
    """The columns and rows in which something stands: pixels, or that they are hidden."""
    wide = ((n, *columns.get(n, (usual[0], usual[0] == 0))) for n in range(1, last_column + 1))
    high = ((n, *rows.get(n, (usual[1], usual[1] == 0))) for n in range(1, last_row + 1))
    return (
        *(f"column {n} {'hidden' if hidden or not size else size}" for n, size, hidden in wide),
        *(f"row {n} {'hidden' if hidden or not size else size}" for n, size, hidden in high),
    )


def pixels_wide(width: float) -> int:
    """A column's width as files keep it, in pixels."""
    return int(width * 7 + 0.5)


def pixels_high(height: float) -> int:
    """A row's height in points, in pixels."""
    return int(height * 4 / 3 + 0.5)


def condition(
    area: str, kind: str, formulas: Iterable[str], colour: str | None, fill: str | None, number_format: str
) -> str:
    """A conditional format."""
    look = f"{(colour or '').upper()} on {(fill or '').upper()} {plain_format(number_format)}"
    return f"{area} {kind} {' '.join(formulas)} {look}"


def header_lines(texts: Mapping[str, str], flags: Iterable[str] = ()) -> tuple[str, ...]:
    """Headers and footers with their codes, and whether first or even pages have others."""
    inked = {name: _INK.sub(lambda match: match[0].upper(), text) for name, text in texts.items() if text}
    return (*(f"{name} {text}" for name, text in sorted(inked.items())), *sorted(flags))


def print_lines(
    *,
    paper: int,
    landscape: bool,
    margins: Iterable[float],
    scale: int,
    fit: tuple[int, int] | None,
    centred: bool,
    area: str,
    titles: str,
    breaks: Iterable[int],
    flags: Iterable[str] = (),
) -> tuple[str, ...]:
    """Print setup: paper, margins, scale, area, repeated rows and page ends."""
    return (
        f"paper {paper} {'landscape' if landscape else 'portrait'}{' centred' if centred else ''}",
        "margins " + " ".join(f"{margin:.2f}" for margin in margins),
        f"scale {scale}" if fit is None else f"fit {fit[0]} {fit[1]}",
        f"area {area}",
        f"titles {titles}",
        "breaks " + " ".join(map(str, sorted(breaks))),
        *sorted(flags),
    )


def view_lines(*, frozen: tuple[int, int], flags: Iterable[str] = ()) -> tuple[str, ...]:
    """What of a window hides cells or shows others: frozen panes, zeros not shown, links, words on input."""
    return (f"frozen {frozen[0]} {frozen[1]}", *sorted(flags))


def link_flag(address: str) -> str:
    """A cell that leads somewhere."""
    return f"link {address}"


def plain_target(target: str) -> str:
    """What a name stands for without the quotes and dollars that programs put differently."""
    return target.replace("$", "").replace("'", "")


# --- drawings ------------------------------------------------------------------------------------------------------


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
        elif name == "t" and things:
            things[-1] += f" {text}"
        related = [shown[value] for key, value in attributes.items() if key in ("r:embed", "r:id") and value in shown]
        for kind, content in related if things else ():
            things[-1] += f" {kind} {_chart(content) if kind == 'chart' else hashlib.sha256(content).hexdigest()[:16]}"
    yield from (f"{thing} at {' '.join(where)}" for thing in things)


def _chart(content: bytes) -> str:
    """A chart by its kinds, its words and the cells that it shows."""
    told = (found[1] if found[1] not in ("f", "t") else found[2] for found in _OF_CHARTS.finditer(content.decode()))
    return plain_target(_as_text(" ".join(told)))


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
