"""What the sheets of a workbook share of its look: names, texts, the theme and styles, read from their own parts."""

from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS

from xlbill.sheets.xlsx import CHUNK, Attributes, Package, local, parser
from xlbill.workbook.look import ink, ink_flags, plain_format, plain_target

_PRINT_NAMES = {"_xlnm.print_area": "area", "_xlnm.print_titles": "titles"}


class PartReader:
    """What is told of the elements of a part, prefixes left off."""

    def start(self, name: str, a: Attributes) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """A piece of text."""


def feed(reader: PartReader, package: Package, part: str) -> None:
    """Read a part, telling the reader of each element."""
    made = parser(
        lambda name, a: reader.start(local(name), {local(key): value for key, value in a.items()}),
        lambda name: reader.end(local(name)),
        reader.text,
    )
    with package.archive.open(package.parts[part]) as file:
        while chunk := file.read(CHUNK):
            made.Parse(chunk, False)
    made.Parse(b"", True)


def _truth(text: str | None) -> str:
    """A value of an attribute, truth and falsehood as 1 and 0 in whatever way they are written."""
    return {"true": "1", "on": "1", "false": "0", "off": "0", None: ""}.get(text, text or "")


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
        self._into: tuple[dict[str, str], str] | None = None

    def start(self, name: str, a: Attributes) -> None:
        self._into = None
        for setting, usual in _USUAL_SETTINGS.get(name, {}).items():
            if (value := _truth(a.get(setting, usual))) != usual:
                self.flags.append(f"{setting} {value}")
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


class MixedTexts(PartReader):
    """The numbers of the shared texts whose parts look different, or that have phonetic ones above them."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._number = -1

    def start(self, name: str, a: Attributes) -> None:
        self._number += name == "si"
        if name in ("rPr", "rPh"):
            self.found.add(str(self._number))


# --- styles --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Shade:
    """A font, or a fill: what is told of either."""

    name: str = ""
    size: float = 11
    colour: str | None = None
    strike: bool = False
    raised: str = ""  # superscript, subscript
    fill: str | None = None
    pattern: str = ""


@dataclass(slots=True)
class LightLook:
    """The look of a conditional format."""

    colour: str | None = None
    fill: str | None = None
    number_format: str = ""


class Styles(PartReader):
    """The number format and the ink of each style of a workbook."""

    def __init__(self, dark: str, mixed: frozenset[str]) -> None:
        self.mixed = mixed
        self._dark = None if dark == "000000" else dark
        self.formats: list[str] = []
        self.inks: list[str] = []
        self.lights: list[LightLook] = []
        self._codes: dict[str, str] = {}
        self._fonts: list[_Shade] = []
        self._fills: list[_Shade] = []
        self._inside = self._part = ""
        self._crossed: list[bool] = []
        self._cell: tuple[Attributes, Attributes] | None = None

    def start(self, name: str, a: Attributes) -> None:
        if name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "numFmts"):
            self._inside = name
        elif self._inside == "numFmts" and name == "numFmt":
            self._codes[a.get("numFmtId", "")] = a.get("formatCode", "")
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
            a, alignment = self._cell
            code = self._codes.get(a.get("numFmtId", "0"))
            known = code if code is not None else BUILTIN_FORMATS.get(integer(a.get("numFmtId")), "General")
            self.formats.append(plain_format(known))
            self.inks.append(self._ink(a, alignment))
            self._cell = None

    def _ink(self, a: Attributes, alignment: Attributes) -> str:
        font, fill = _at(self._fonts, a.get("fontId")), _at(self._fills, a.get("fillId"))
        across, border = alignment.get("horizontal", ""), integer(a.get("borderId"))
        flags = [*ink_flags(integer(alignment.get("indent")), integer(alignment.get("textRotation")))]
        flags += [font.raised] if font.raised else []
        flags += ["crossed"] if border < len(self._crossed) and self._crossed[border] else []
        across = across if across != "general" else ""
        return ink(font.name, font.size, font.colour, _filled(fill), across, strike=font.strike, flags=flags)

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
            self._cell = (a, {})
        elif name == "alignment" and self._cell is not None:
            self._cell = (self._cell[0], a)

    def _light(self, name: str, a: Attributes) -> None:
        if name == "dxf":
            self.lights.append(LightLook())
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
    place = integer(number)
    return shades[place] if place < len(shades) else _Shade()
