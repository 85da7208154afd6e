"""How a file looks, read from its own parts into the lines that `xlbill.workbook.look` makes of a layout."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.styles.numbers import BUILTIN_FORMATS

from xlbill.cells import position
from xlbill.sheets.xlsx import CHUNK, Attributes, Package, SheetPart, local, open_package, parser, unescape
from xlbill.workbook.look import (
    BOOK,
    USUAL_HEIGHT,
    USUAL_WIDTH,
    SheetLook,
    book_lines,
    condition,
    drawing_lines,
    header_lines,
    ink,
    pixels_high,
    pixels_wide,
    plain_format,
    plain_target,
    print_lines,
    size_lines,
    view_lines,
)

MAX_COLUMNS = 16_384
_HEADERS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_MARGINS = ("left", "right", "top", "bottom", "header", "footer")
_PRINT_NAMES = {"_xlnm.print_area": "area", "_xlnm.print_titles": "titles"}


def look_of(path: Path) -> dict[str, SheetLook]:
    """How the sheets of an xlsx file look, and under the name BOOK how they stand in it; raises what reading raises."""
    package = open_package(path)
    with package.archive:
        theme, mixed = _Theme(), _Mixed()
        for part, entry in package.parts.items():
            if part.startswith("xl/theme/") and entry.file_size:
                _feed(theme, package, part)
        if package.strings_part in package.parts:
            _feed(mixed, package, package.strings_part)
        styles = _Styles(theme.dark, frozenset(mixed.found))
        if package.styles_part in package.parts:
            _feed(styles, package, package.styles_part)
        names = _Names()
        _feed(names, package, package.book)
        states = [(sheet.name, sheet.hidden) for sheet in package.sheets]
        looks: dict[str, SheetLook] = {BOOK: {"book": book_lines(states, names.of_book)}}
        for number, sheet in enumerate(package.sheets):
            looks[sheet.name] = _sheet_look(package, sheet, styles, names.of_sheets.get(str(number), {}))
        return looks


def _sheet_look(package: Package, sheet: SheetPart, styles: "_Styles", names: Mapping[str, str]) -> SheetLook:
    seen = _Sheet(styles)
    _feed(seen, package, sheet.part)
    return {**seen.look(names), "drawings": drawing_lines(package.archive, package.parts, sheet.part)}


class _Part:
    """What is told of the elements of a part, prefixes left off."""

    def start(self, name: str, a: Attributes) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """A piece of text."""


def _feed(reader: _Part, package: Package, part: str) -> None:
    made = parser(
        lambda name, a: reader.start(local(name), {local(key): value for key, value in a.items()}),
        lambda name: reader.end(local(name)),
        reader.text,
    )
    with package.archive.open(package.parts[part]) as file:
        while chunk := file.read(CHUNK):
            made.Parse(chunk, False)
    made.Parse(b"", True)


# --- names ---------------------------------------------------------------------------------------------------------


class _Names(_Part):
    """The defined names: those of the book, and of each sheet its print area and titles."""

    def __init__(self) -> None:
        self.of_book: dict[str, str] = {}
        self.of_sheets: dict[str, dict[str, str]] = {}
        self._into: tuple[dict[str, str], str] | None = None

    def start(self, name: str, a: Attributes) -> None:
        self._into = None
        if name == "definedName" and "localSheetId" not in a:
            self._into = (self.of_book, a.get("name", ""))
        elif name == "definedName" and a.get("name", "").lower() not in (*_PRINT_NAMES, "_xlnm._filterdatabase"):
            self._into = (self.of_book, f"{a['localSheetId']}!{a.get('name', '')}")
        elif name == "definedName" and (known := _PRINT_NAMES.get(a.get("name", "").lower())):
            self._into = (self.of_sheets.setdefault(a["localSheetId"], {}), known)

    def text(self, data: str) -> None:
        if self._into is not None:
            names, name = self._into
            names[name] = names.get(name, "") + plain_target(data)

    def end(self, name: str) -> None:
        self._into = None


# --- texts and theme -----------------------------------------------------------------------------------------------


class _Theme(_Part):
    """The colour of a theme in which automatic text is written."""

    def __init__(self) -> None:
        self.dark = "000000"
        self._inside = False

    def start(self, name: str, a: Attributes) -> None:
        if name == "dk1":
            self._inside = True
        elif self._inside:
            self.dark = a.get("lastClr", a.get("val", "000000")).upper()
            self._inside = False


class _Mixed(_Part):
    """The numbers of the shared texts whose parts look different."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._number = -1

    def start(self, name: str, a: Attributes) -> None:
        self._number += name == "si"
        if name == "rPr":
            self.found.add(str(self._number))


# --- styles --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Shade:
    """A font, or a fill: what is told of either."""

    name: str = ""
    size: float = 11
    colour: str | None = None
    strike: bool = False
    fill: str | None = None
    pattern: str = ""


@dataclass(slots=True)
class _Light:
    """The look of a conditional format."""

    colour: str | None = None
    fill: str | None = None
    number_format: str = ""


class _Styles(_Part):
    """The number format and the ink of each style of a workbook."""

    def __init__(self, dark: str, mixed: frozenset[str]) -> None:
        self.mixed = mixed
        self._dark = None if dark == "000000" else dark
        self.formats: list[str] = []
        self.inks: list[str] = []
        self.lights: list[_Light] = []
        self._codes: dict[str, str] = {}
        self._fonts: list[_Shade] = []
        self._fills: list[_Shade] = []
        self._inside = self._part = ""
        self._cell: tuple[Attributes, str] | None = None

    def start(self, name: str, a: Attributes) -> None:
        if name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "numFmts"):
            self._inside = name
        elif self._inside == "numFmts" and name == "numFmt":
            self._codes[a.get("numFmtId", "")] = a.get("formatCode", "")
        elif self._inside == "fonts":
            self._font(name, a)
        elif self._inside == "fills":
            self._fill(name, a)
        elif self._inside == "cellXfs":
            self._style(name, a)
        elif self._inside == "dxfs":
            self._light(name, a)

    def end(self, name: str) -> None:
        if name == "xf" and self._inside == "cellXfs" and self._cell is not None:
            a, across = self._cell
            font, fill = _at(self._fonts, a.get("fontId")), _at(self._fills, a.get("fillId"))
            code = self._codes.get(a.get("numFmtId", "0"))
            known = code if code is not None else BUILTIN_FORMATS.get(_integer(a.get("numFmtId")), "General")
            self.formats.append(plain_format(known))
            self.inks.append(ink(font.name, font.size, font.colour, _filled(fill), across, strike=font.strike))
            self._cell = None

    def _font(self, name: str, a: Attributes) -> None:
        if name == "font":
            self._fonts.append(_Shade())
        elif not self._fonts:
            return
        elif name == "name":
            self._fonts[-1].name = a.get("val", "")
        elif name == "sz":
            self._fonts[-1].size = float(a.get("val", "11"))
        elif name == "color":
            self._fonts[-1].colour = _colour(a) or self._dark
        elif name == "strike":
            self._fonts[-1].strike = a.get("val", "1") not in ("0", "false")

    def _fill(self, name: str, a: Attributes) -> None:
        if name == "fill":
            self._fills.append(_Shade())
        elif not self._fills:
            return
        elif name == "patternFill":
            self._fills[-1].pattern = a.get("patternType", "none")
        elif name == "gradientFill":
            self._fills[-1].pattern = "gradient"
        elif name == "fgColor":
            self._fills[-1].fill = _colour(a)

    def _style(self, name: str, a: Attributes) -> None:
        if name == "xf":
            self._cell = (a, "")
        elif name == "alignment" and self._cell is not None:
            across = a.get("horizontal", "")
            self._cell = (self._cell[0], across if across != "general" else "")

    def _light(self, name: str, a: Attributes) -> None:
        if name == "dxf":
            self.lights.append(_Light())
        elif name in ("font", "fill", "border"):
            self._part = name
        elif name == "numFmt":
            self.lights[-1].number_format = a.get("formatCode", "")
        elif name == "color" and self._part == "font":
            self.lights[-1].colour = _colour(a)
        elif name == "bgColor" and self._part == "fill":
            self.lights[-1].fill = _colour(a)


def _colour(a: Attributes) -> str | None:
    """A colour in six digits; None for the automatic one, a name of its own for one of the theme."""
    if "rgb" in a:
        return a["rgb"][-6:].upper()
    if a.get("theme") == "1" and not float(a.get("tint", "0")):
        return None
    if "theme" in a:
        return f"theme {a['theme']} {a.get('tint', '0')}"
    return None if a.get("indexed", "64") == "64" else f"indexed {a['indexed']}"


def _filled(fill: _Shade) -> str | None:
    if fill.pattern in ("", "none"):
        return None
    return fill.fill if fill.pattern == "solid" else f"{fill.pattern} {fill.fill}"


def _at(shades: list[_Shade], number: str | None) -> _Shade:
    place = _integer(number)
    return shades[place] if place < len(shades) else _Shade()


# --- a sheet -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Rule:
    """A conditional format as it is read."""

    area: str
    kind: str
    light: str
    formulas: list[str] = field(default_factory=list)


class _Sheet(_Part):
    """Everything of a sheet that a reader sees besides its values."""

    def __init__(self, styles: _Styles) -> None:
        self._styles = styles
        self._row = self._column = 0
        self._open: tuple[int, int, int] | None = None
        self._kind = ""
        self._mixed: list[str] = []
        self._filled: list[tuple[int, int, int]] = []
        self._columns: dict[int, tuple[int, bool]] = {}
        self._rows: dict[int, tuple[int, bool]] = {}
        self._usual = [USUAL_WIDTH, USUAL_HEIGHT]
        self._merges: list[str] = []
        self._area, self._rules = "", list[_Rule]()
        self._texts: dict[str, str] = {}
        self._header_flags: list[str] = []
        self._view_flags: list[str] = []
        self._frozen = (0, 0)
        self._print: dict[str, str] = {}
        self._setup: dict[str, str] = {}
        self._breaks: list[int] = []
        self._print_flags: list[str] = []
        self._sink = ""
        self._starts: dict[str, Callable[[Attributes], None]] = {
            "c": self._cell,
            "row": self._start_row,
            "col": self._start_columns,
            "sheetFormatPr": self._usual_sizes,
            "mergeCell": lambda a: self._merges.append(a.get("ref", "")),
            "conditionalFormatting": self._start_conditions,
            "cfRule": lambda a: self._rules.append(_Rule(self._area, a.get("type", ""), a.get("dxfId", ""))),
            "headerFooter": self._start_headers,
            "sheetView": self._start_view,
            "pane": self._start_pane,
            "pageMargins": lambda a: self._print.update(a),
            "pageSetup": lambda a: self._setup.update(a),
            "pageSetUpPr": lambda a: self._setup.update({"fit": a.get("fitToPage", "0")}),
            "printOptions": self._start_options,
            "brk": lambda a: self._breaks.append(_integer(a.get("id"))),
        }

    def start(self, name: str, a: Attributes) -> None:
        self._sink = name if name in (*_HEADERS, "formula", "f", "sqref") else ""
        if name in ("v", "f", "is") and self._open is not None:
            self._filled.append(self._open)
            self._open = None
            self._sink = "text" if name == "v" and self._kind == "s" else self._sink
        elif name == "rPr" and self._kind == "inlineStr":
            self._mixed.append(f"{self._row}.{self._column} mixed")
        elif name in self._starts:
            self._starts[name](a)

    def end(self, name: str) -> None:
        self._sink = ""
        if name == "c":
            self._open = None

    def text(self, data: str) -> None:
        if self._sink == "text" and data in self._styles.mixed:
            self._mixed.append(f"{self._row}.{self._column} mixed")
        elif self._sink in _HEADERS:
            self._texts[self._sink] = self._texts.get(self._sink, "") + data
        elif self._sink == "formula" and self._rules:
            self._rules[-1].formulas.append(data)
        elif self._sink in ("f", "sqref") and self._area == "extended" and self._rules:
            self._rules[-1].formulas.append(data)  # an extended rule keeps its area and formulas in texts

    def _cell(self, a: Attributes) -> None:
        at = position(a["r"]) if "r" in a else (self._row, self._column + 1)
        self._row, self._column = at or (self._row, self._column + 1)
        self._open = (self._row, self._column, _integer(a.get("s")))
        self._kind = a.get("t", "")

    def _start_row(self, a: Attributes) -> None:
        self._row, self._column = _integer(a["r"]) if "r" in a else self._row + 1, 0
        height = pixels_high(float(a["ht"])) if "ht" in a else self._usual[1]
        self._rows[self._row] = (height, a.get("hidden", "0") in ("1", "true"))

    def _start_columns(self, a: Attributes) -> None:
        width = pixels_wide(float(a["width"])) if "width" in a else self._usual[0]
        for number in range(_integer(a.get("min")), min(_integer(a.get("max")), MAX_COLUMNS) + 1):
            self._columns[number] = (width, a.get("hidden", "0") in ("1", "true"))

    def _usual_sizes(self, a: Attributes) -> None:
        if "defaultColWidth" in a:
            self._usual[0] = pixels_wide(float(a["defaultColWidth"]))
        if "defaultRowHeight" in a:
            self._usual[1] = pixels_high(float(a["defaultRowHeight"]))
        if a.get("zeroHeight", "0") in ("1", "true"):
            self._usual[1] = 0

    def _start_conditions(self, a: Attributes) -> None:
        self._area = a.get("sqref", "extended")

    def _start_headers(self, a: Attributes) -> None:
        self._header_flags += [
            name for name in ("differentFirst", "differentOddEven") if a.get(name, "0") in ("1", "true")
        ]

    def _start_view(self, a: Attributes) -> None:
        self._view_flags += [f"{name} off" for name in ("showZeros",) if a.get(name, "1") in ("0", "false")]
        self._view_flags += [name for name in ("showFormulas", "rightToLeft") if a.get(name, "0") in ("1", "true")]

    def _start_pane(self, a: Attributes) -> None:
        across, down = (int(float(a.get(name, "0"))) for name in ("xSplit", "ySplit"))
        if a.get("state", "split").startswith("frozen"):
            self._frozen = (down, across)
        else:
            self._view_flags.append("split")

    def _start_options(self, a: Attributes) -> None:
        self._setup["centred"] = a.get("horizontalCentered", "0")

    def look(self, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        cells = sorted(self._filled)
        last_row, last_column = max((c[0] for c in cells), default=0), max((c[1] for c in cells), default=0)
        formats, inks = self._styles.formats or [""], self._styles.inks or [""]
        return {
            "formats": tuple(f"{row}.{column} {formats[min(s, len(formats) - 1)]}" for row, column, s in cells),
            "fonts": (
                *(f"{row}.{column} {inks[min(s, len(inks) - 1)]}" for row, column, s in cells),
                *sorted(self._mixed),
            ),
            "sizes": size_lines(self._columns, self._rows, last_column, last_row, (self._usual[0], self._usual[1])),
            "merges": tuple(sorted(self._merges)),
            "conditions": tuple(sorted(map(self._condition, self._rules))),
            "headers": header_lines({n: unescape(text) for n, text in self._texts.items()}, self._header_flags),
            "print": self._print_lines(names),
            "view": view_lines(frozen=self._frozen, flags=self._view_flags),
        }

    def _condition(self, rule: _Rule) -> str:
        place = _integer(rule.light) if rule.light else len(self._styles.lights)
        light = self._styles.lights[place] if place < len(self._styles.lights) else _Light()
        return condition(rule.area, rule.kind, rule.formulas, light.colour, light.fill, light.number_format)

    def _print_lines(self, names: Mapping[str, str]) -> tuple[str, ...]:
        setup = self._setup
        fits = setup.get("fit", "0") in ("1", "true")
        titles = [part.rpartition("!")[2] for part in names.get("titles", "").split(",")]
        area = ",".join(part.rpartition("!")[2] for part in names.get("area", "").split(","))
        first, _, last = area.partition(":")
        return print_lines(
            paper=_integer(setup.get("paperSize", "1")),
            landscape=setup.get("orientation") == "landscape",
            margins=[float(self._print.get(name, "0")) for name in _MARGINS],
            scale=100 if fits else _integer(setup.get("scale", "100")),
            fit=(_integer(setup.get("fitToWidth", "1")), _integer(setup.get("fitToHeight", "1"))) if fits else None,
            centred=setup.get("centred", "0") in ("1", "true"),
            area=first if first == last else area,
            titles=",".join(titles),
            breaks=self._breaks,
            flags=[name for name in ("draft", "blackAndWhite") if setup.get(name, "0") in ("1", "true")],
        )


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
