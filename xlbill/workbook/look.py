"""What a reader sees of a workbook besides its contents, in plain lines that a file and a layout can be compared by.

A number format can show ¥1.00 for 4,299; a hidden row, white ink, a merge or a picture over it hide a total. For each
sheet an aspect is a tuple of lines (`28.9 ¥#,##0.00`: row, column, format); the manifest keeps a digest of each. What
programs change when they only save (zoom, selection, ids of styles) is no part of it.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TypeAlias

from xlbill.cells import a1
from xlbill.workbook.layout import ConditionalFormat, Highlight, Icons, Page, Ranked, Sheet
from xlbill.workbook.style import CellStyle

ASPECTS = (
    "formats",
    "fonts",
    "sizes",
    "merges",
    "conditions",
    "headers",
    "print",
    "view",
    "drawings",
    "texts",
    "charts",
)
"""The aspects of a sheet, in the order of their digests; records of older versions lack the last ones."""
BOOK_ASPECTS = ("book", "usual")

SheetLook: TypeAlias = Mapping[str, tuple[str, ...]]
BOOK = ""
"""Under this name stands what belongs to no sheet: their order, which of them are hidden, and defined names."""

USUAL_WIDTH, USUAL_HEIGHT = 64, 20  # pixels
FAR = 15
"""An indent beyond this, of three characters a step, can push what a cell shows out of it."""

DIGEST = 8  # characters of the digest of an aspect
_SELF = re.compile(r"\\([-+/():!^&'~{}<>=$ ])")  # characters that a number format shows without a backslash
_INK = re.compile(r"&K[0-9A-Fa-f]{6}")  # the code of a colour in headers
_QUOTED = re.compile(r'"([^"]*)"')


def with_headers(digested: str, header: str, footer: str) -> str:
    """The digests of a sheet with another header and footer."""
    start = ASPECTS.index("headers") * DIGEST
    own = digest(header_lines({"oddHeader": header, "oddFooter": footer}))
    return digested[:start] + own + digested[start + DIGEST :]


def book_digests(book: SheetLook) -> str:
    """The digests of what belongs to no sheet."""
    return "".join(digest(book[aspect]) for aspect in BOOK_ASPECTS)


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


def usual_lines(name: str, size: float, not_printed: str) -> tuple[str, ...]:
    """The font by whose digits the widths of columns are counted, and the sheets that stay out of PDF files."""
    return (f"font {name} {size:g}", f"not printed {not_printed}")


# --- a sheet of a layout -------------------------------------------------------------------------------------------


def sheet_look(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """The lines of a sheet that is laid out, but for its drawings, which its bytes alone have."""
    cells = sorted((c.row, c.column, id(c.style)) for c in sheet.cells if c.content is not None and c.content != "")
    styles = {id(c.style): c.style for c in sheet.cells}  # by identity, which costs less than comparing
    formats = {number: plain_format(style.number_format) for number, style in styles.items()}
    inks = {number: _ink(style) for number, style in styles.items()}
    texts = {number: _text_look(style) for number, style in styles.items()}
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
        "view": view_lines(frozen=sheet.frozen, flags=_view_flags(sheet)),
        "texts": tuple(f"{row}.{column} {texts[style]}" for row, column, style in cells),
    }


def _view_flags(sheet: Sheet) -> Iterator[str]:
    yield from (link_flag(a1(cell.row, cell.column)) for cell in sheet.cells if cell.file is not None)
    if sheet.filtered is not None:
        yield f"filter {sheet.filtered}"


@cache
def _ink(style: CellStyle) -> str:
    font, alignment = style.font, style.alignment
    across = alignment.horizontal or ""
    if alignment.indent and across not in ("left", "right", "distributed"):
        across = "left" if alignment.vertical not in ("top", "bottom", "distributed") else across
    flags = ink_flags(alignment.indent, alignment.rotation)
    return ink(font.name, font.size, font.colour, style.fill, across, strike=font.strike, flags=flags)


@cache
def _text_look(style: CellStyle) -> str:
    font, alignment = style.font, style.alignment
    return text_look(
        font.underline or "", alignment.vertical or "", font.bold, font.italic, alignment.wrap, alignment.shrink
    )


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


def text_look(underline: str, vertical: str, bold: bool, italic: bool, wrap: bool, shrink: bool) -> str:
    """How a text is set: what is not wrapped, or shrunk to its cell, may show little of itself."""
    marks = (("bold", bold), ("italic", italic), ("wrap", wrap), ("shrink", shrink))
    named = [name for name, so in marks if so]
    return " ".join([*named, f"underline {underline}" if underline else "", "" if vertical == "bottom" else vertical])


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
