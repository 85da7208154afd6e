"""What the sheets of a workbook share of its look: names, texts, the theme and styles, read from their own parts."""

from dataclasses import dataclass
from xml.parsers.expat import XMLParserType

from openpyxl.styles.numbers import BUILTIN_FORMATS

from xlbill.sheets.xlsx import CHUNK, Attributes, Package, local, parser
from xlbill.workbook.look import ink, ink_flags, plain_format, plain_target, text_look

_SYMBOLS = "2"  # the character set of Wingdings and its like
_PRINT_NAMES = {"_xlnm.print_area": "area", "_xlnm.print_titles": "titles"}


class PartReader:
    """What is told of the elements of a part, prefixes left off."""

    def start(self, name: str, a: Attributes) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """A piece of text."""


class _Spaces:
    """Tells a reader what Excel takes of a part: elements of its own namespace, and the extensions that are known.

    What stands in another namespace, Excel passes over; what stands as an alternative, it may take or not.
    """

    def __init__(self, reader: PartReader) -> None:
        self.strange: list[str] = []
        self._reader = reader
        self._spaces: dict[str, str] = {}
        self._home = ""
        self._open: list[bool] = []  # whether the reader was told of each element that is open
        self._extension = self._alternative = 0  # at which depth one began

    def start(self, name: str, a: Attributes) -> None:
        for key, value in a.items():
            if key.startswith("xmlns") and self._spaces.setdefault(key[6:], value) != value:
                self.strange.append(f"namespace {key[6:]} twice")
        prefix, _, plain = name.rpartition(":")
        space = self._spaces.get(prefix, "")
        self._home = self._home or space
        taken = self._takes(plain, space)
        self._open.append(taken)
        if plain == "ext" and not self._extension:
            self._extension = len(self._open)
        if plain == "AlternateContent" and not self._alternative:
            self._alternative = len(self._open)
        if taken:
            self._reader.start(plain, {local(key): value for key, value in a.items()})

    def _takes(self, plain: str, space: str) -> bool:
        if self._extension:
            return plain in _EXTENDED and space != self._home
        if space == self._home:
            if self._alternative:
                self.strange.append(f"alternative {plain}")
            return True
        if not (self._alternative or plain in _OF_SAVING):
            self.strange.append(f"foreign {plain}")
        return False

    def end(self, name: str) -> None:
        depth = len(self._open)
        if self._open.pop():
            self._reader.end(local(name))
        self._extension = 0 if depth == self._extension else self._extension
        self._alternative = 0 if depth == self._alternative else self._alternative

    def text(self, data: str) -> None:
        if self._open and self._open[-1]:
            self._reader.text(data)


_OF_SAVING = frozenset({"AlternateContent", "revisionPtr"})
"""What Excel puts beside the rest when it saves: alternatives, and a note of which save it was."""

_EXTENDED = frozenset({"conditionalFormatting", "cfRule", "f", "sqref", "dataValidation", "sparklineGroup"})
"""What of newer programs' extensions is told of; the rest changes nothing that stands in cells."""


def feed(reader: PartReader, package: Package, part: str) -> list[str]:
    """Read a part, telling the reader of each element; gives what stands there that Excel may take otherwise."""
    spaces = _Spaces(reader)
    _parse(parser(spaces.start, spaces.end, spaces.text), package, part)
    return sorted(set(spaces.strange))


def _parse(made: XMLParserType, package: Package, part: str) -> None:
    with package.archive.open(package.parts[part]) as file:
        while chunk := file.read(CHUNK):
            made.Parse(chunk, False)
    made.Parse(b"", True)


def _truth(text: str | None) -> str:
    """A value of an attribute, truth and falsehood as 1 and 0 in whatever way they are written."""
    return {"true": "1", "on": "1", "false": "0", "off": "0", None: ""}.get(text, text or "")


def _is(text: str | None) -> bool:
    """Whether an attribute says yes."""
    return _truth(text) == "1"


def integer(text: str | None) -> int:
    """A whole number of an attribute; 0 where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


# --- the workbook --------------------------------------------------------------------------------------------------


_USUAL_SETTINGS = {
    "workbookPr": {"showObjects": "all"},
    "workbookView": {
        "visibility": "visible",
        "minimized": "0",
        "showSheetTabs": "1",
        "showHorizontalScroll": "1",
        "showVerticalScroll": "1",
    },
    "calcPr": {"fullPrecision": "1"},
}
"""Settings of a workbook that hide something, or change figures to what is shown of them: as programs write them."""


class WorkbookPart(PartReader):
    """What the part of a workbook itself says: names of the book, each sheet's print area and titles, and settings."""

    def __init__(self) -> None:
        self.flags: list[str] = []
        self.of_book: dict[str, str] = {}
        self.of_sheets: dict[str, dict[str, str]] = {}
        self.listed: list[str] = []
        self._into: tuple[dict[str, str], str] | None = None

    def start(self, name: str, a: Attributes) -> None:
        self._into = None
        for setting, usual in _USUAL_SETTINGS.get(name, {}).items():
            if (value := _truth(a.get(setting, usual))) != usual:
                self.flags.append(f"{setting} {value}")
        if name == "sheet":
            self.listed.append(a.get("name", ""))
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


class Theme(PartReader):
    """The colour of a theme in which automatic text is written, and its two typefaces."""

    def __init__(self) -> None:
        self.dark = "000000"
        self.faces: dict[str, str] = {}
        self._inside = False
        self._scheme = ""

    def start(self, name: str, a: Attributes) -> None:
        if name in ("majorFont", "minorFont"):
            self._scheme = name.removesuffix("Font")
        elif name == "latin" and self._scheme:
            self.faces[self._scheme] = a.get("typeface", "")
            self._scheme = ""
        elif name == "dk1":
            self._inside = True
        elif self._inside:
            self.dark = a.get("lastClr", a.get("val", "000000")).upper()
            self._inside = False


class MixedTexts(PartReader):
    """The numbers of the shared texts whose parts look different, or that have phonetic ones above them."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._number = -1

    def start(self, name: str, a: Attributes) -> None:
        self._number += name == "si"
        if name in ("rPr", "rPh"):
            self.found.add(str(self._number))


def properties(package: Package, part: str) -> dict[str, str]:
    """The properties that somebody gave a workbook, by name."""
    found: dict[str, str] = {}
    current = [""]

    def start(name: str, a: Attributes) -> None:
        current[0] = a.get("name", "") if local(name) == "property" else current[0]

    def text(data: str) -> None:
        found[current[0]] = found.get(current[0], "") + data

    if part in package.parts:
        _parse(parser(start, None, text), package, part)
    return found


# --- styles --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Shade:
    """A font, or a fill: what is told of either."""

    name: str = ""
    size: float = 11
    colour: str | None = None
    strike: bool = False
    raised: str = ""  # superscript, subscript
    bold: bool = False
    italic: bool = False
    underline: str = ""
    scheme: str = ""  # major, minor: the typeface of the theme, whatever the name says
    flags: tuple[str, ...] = ()  # of what we never write
    fill: str | None = None
    pattern: str = ""


@dataclass(slots=True)
class LightLook:
    """The look of a conditional format."""

    colour: str | None = None
    fill: str | None = None
    number_format: str = ""
    strike: bool = False


class Styles(PartReader):
    """The number format and the ink of each style of a workbook."""

    def __init__(self, theme: Theme, mixed: frozenset[str]) -> None:
        self.mixed = mixed
        self.flags: list[str] = []
        self.texts: list[str] = []
        self._dark = None if theme.dark == "000000" else theme.dark
        self._faces = theme.faces
        self.formats: list[str] = []
        self.inks: list[str] = []
        self.lights: list[LightLook] = []
        self._codes: dict[str, str] = {}
        self._fonts: list[_Shade] = []
        self._fills: list[_Shade] = []
        self._inside = self._part = ""
        self._crossed: list[bool] = []
        self._cell: tuple[Attributes, Attributes, bool] | None = None
        self._usual = 0

    @property
    def usual(self) -> _Shade:
        """The font by whose digits the widths of columns are counted."""
        return self._fonts[self._usual] if self._usual < len(self._fonts) else _Shade()

    def start(self, name: str, a: Attributes) -> None:
        if name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "numFmts"):
            self._inside = name
        elif self._inside == "numFmts" and name == "numFmt":
            if a.get("numFmtId", "") in self._codes:
                self.flags.append(f"number format {a.get('numFmtId', '')} twice")
            self._codes[a.get("numFmtId", "")] = a.get("formatCode", "")
        elif self._inside == "cellStyleXfs" and name == "xf":
            self._usual = self._usual or integer(a.get("fontId"))
        elif self._inside == "fonts":
            self._font(name, a)
        elif self._inside == "fills":
            self._fill(name, a)
        elif self._inside == "borders" and name == "border":
            self._crossed.append("1" in (_truth(a.get("diagonalUp")), _truth(a.get("diagonalDown"))))
        elif self._inside == "cellXfs":
            self._style(name, a)
        elif self._inside == "dxfs":
            self._light(name, a)

    def end(self, name: str) -> None:
        if name == "xf" and self._inside == "cellXfs" and self._cell is not None:
            a, alignment, hidden = self._cell
            code = self._codes.get(a.get("numFmtId", "0"))
            known = code if code is not None else BUILTIN_FORMATS.get(integer(a.get("numFmtId")), "General")
            self.formats.append(plain_format(known))
            self.inks.append(self._ink(a, alignment, hidden))
            font = _at(self._fonts, a.get("fontId"))
            marks = (_is(alignment.get("wrapText")), _is(alignment.get("shrinkToFit")))
            self.texts.append(text_look(font.underline, alignment.get("vertical", ""), font.bold, font.italic, *marks))
            self._cell = None

    def _ink(self, a: Attributes, alignment: Attributes, hidden: bool) -> str:
        font, fill = _at(self._fonts, a.get("fontId")), _at(self._fills, a.get("fillId"))
        across, border = alignment.get("horizontal", ""), integer(a.get("borderId"))
        flags = [*ink_flags(integer(alignment.get("indent")), integer(alignment.get("textRotation")))]
        flags += [font.raised] if font.raised else []
        flags += [*font.flags, *(["formula hidden"] if hidden else [])]
        flags += ["crossed"] if border < len(self._crossed) and self._crossed[border] else []
        across = across if across != "general" else ""
        name = self._faces.get(font.scheme, font.name)
        return ink(name, font.size, font.colour, _filled(fill), across, strike=font.strike, flags=flags)

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
            self._fonts[-1].strike = _is(a.get("val", "1"))
        elif name in ("b", "i"):
            setattr(self._fonts[-1], {"b": "bold", "i": "italic"}[name], _is(a.get("val", "1")))
        elif name == "u":
            self._fonts[-1].underline = a.get("val", "single").replace("none", "")
        elif name in ("outline", "shadow") and _is(a.get("val", "1")):
            self._fonts[-1].flags += (name,)
        elif name == "charset" and a.get("val") == _SYMBOLS:
            self._fonts[-1].flags += ("symbols",)
        elif name == "scheme":
            self._fonts[-1].scheme = a.get("val", "")
        elif name == "vertAlign":
            self._fonts[-1].raised = a.get("val", "").replace("baseline", "")

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
            self._cell = (a, {}, False)
        elif name == "alignment" and self._cell is not None:
            self._cell = (self._cell[0], a, self._cell[2])
        elif name == "protection" and self._cell is not None:
            self._cell = (*self._cell[:2], _is(a.get("hidden")))

    def _light(self, name: str, a: Attributes) -> None:
        if name == "dxf":
            self.lights.append(LightLook())
        elif name in ("font", "fill", "border"):
            self._part = name
        elif name == "strike" and self._part == "font":
            self.lights[-1].strike = _is(a.get("val", "1"))
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
    place = integer(number)
    return shades[place] if place < len(shades) else _Shade()
