"""How a file looks, read from its own parts into the lines that `xlbill.workbook.look` makes of a layout."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xlbill.audit.look_styles import (
    LightLook,
    MixedTexts,
    PartReader,
    Styles,
    Theme,
    WorkbookPart,
    feed,
    integer,
    properties,
)
from xlbill.cells import position
from xlbill.sheets.xlsx import Attributes, Package, SheetPart, open_package, relations, unescape
from xlbill.workbook.drawn import chart_lines, drawing_lines
from xlbill.workbook.look import (
    BOOK,
    USUAL_HEIGHT,
    USUAL_WIDTH,
    SheetLook,
    book_lines,
    condition,
    header_lines,
    link_flag,
    pixels_high,
    pixels_wide,
    print_lines,
    size_lines,
    usual_lines,
    view_lines,
)
from xlbill.workbook.write import NOT_PRINTED

MAX_COLUMNS = 16_384
_HEADERS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_CUSTOM = "docprops/custom.xml"
_OF_BOOKS = frozenset(
    [
        "worksheet",
        "theme",
        "styles",
        "sharedstrings",
        "calcchain",
        "sheetmetadata",
        "customxml",
        "printersettings",
        "person",
    ]
)
_OF_PACKAGES = frozenset(
    [
        "officedocument",
        "core-properties",
        "extended-properties",
        "custom-properties",
        "thumbnail",
        "classificationlabels",
    ]
)
"""What a workbook, and its package, lead to when programs save it; the rest shows a reader something else."""
_OF_OTHER_PROGRAMS = ("transitionEvaluation", "transitionEntry")  # formulas as Lotus 1-2-3 computes them
_OF_PRINTS = ("draft", "blackAndWhite", "useFirstPageNumber", "headings", "gridLines")
_MARGINS = ("left", "right", "top", "bottom", "header", "footer")


def look_of(path: Path) -> dict[str, SheetLook]:
    """How the sheets of an xlsx file look, and under the name BOOK how they stand in it; raises what reading raises."""
    with open_package(path) as package:
        theme, mixed, strange = Theme(), MixedTexts(), list[str]()
        for part, entry in package.parts.items():
            if part.startswith("xl/theme/") and entry.file_size:
                feed(theme, package, part)
        if package.strings_part in package.parts:
            strange += feed(mixed, package, package.strings_part)
        styles = Styles(theme, frozenset(mixed.found))
        if package.styles_part in package.parts:
            strange += feed(styles, package, package.styles_part)
        workbook = WorkbookPart()
        strange += feed(workbook, package, package.book)
        states = [(sheet.name, sheet.hidden) for sheet in package.sheets]
        flags = [*workbook.flags, *styles.flags, *strange, *_strangers(package, workbook)]
        usual = usual_lines(styles.usual.name, styles.usual.size, properties(package, _CUSTOM).get(NOT_PRINTED, ""))
        book = {"book": book_lines(states, workbook.of_book, flags), "usual": usual}
        looks: dict[str, SheetLook] = {BOOK: book}
        for number, sheet in enumerate(package.sheets):
            looks[sheet.name] = _sheet_look(package, sheet, styles, workbook.of_sheets.get(str(number), {}))
        return looks


def _sheet_look(package: Package, sheet: SheetPart, styles: "Styles", names: Mapping[str, str]) -> SheetLook:
    seen = _Sheet(styles)
    seen.strange = feed(seen, package, sheet.part)
    drawn, charts = (each(package.archive, package.parts, sheet.part) for each in (drawing_lines, chart_lines))
    return {**seen.look(names), "drawings": drawn, "charts": charts}


def _strangers(package: Package, workbook: WorkbookPart) -> Iterator[str]:
    """What a workbook leads to that no invoice has: sheets of other kinds, macros, other workbooks, its own menus."""
    known = {sheet.name for sheet in package.sheets}
    yield from (f"other sheet {name}" for name in workbook.listed if unescape(name) not in known)
    for part, usual in ((package.book, _OF_BOOKS), ("", _OF_PACKAGES)):
        kinds = {kind for kind, _ in relations(package.archive, package.parts, part).values()}
        yield from (f"with {kind}" for kind in sorted(kinds - usual))


# --- a sheet -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Rule:
    """A conditional format as it is read."""

    area: str
    kind: str
    light: str
    formulas: list[str] = field(default_factory=list)


class _Sheet(PartReader):
    """Everything of a sheet that a reader sees besides its values."""

    def __init__(self, styles: Styles) -> None:
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
        self._frozen, self._scrolled = (0, 0), ""
        self._print: dict[str, str] = {}
        self._setup: dict[str, str] = {}
        self._breaks: list[int] = []
        self._print_flags: list[str] = []
        self.strange: list[str] = []
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
            "hyperlink": lambda a: self._view_flags.append(link_flag(a.get("ref", ""))),
            "dataValidation": lambda a: self._view_flags.append(f"input rule {a.get('sqref', '')}"),
            "pageMargins": lambda a: self._print.update(a),
            "pageSetup": lambda a: self._setup.update(a),
            "pageSetUpPr": lambda a: self._setup.update({"fit": a.get("fitToPage", "0")}),
            "printOptions": self._start_options,
            "brk": lambda a: self._breaks.append(integer(a.get("id"))),
            "autoFilter": lambda a: self._view_flags.append(f"filter {a.get('ref', '')}"),
            "sheetProtection": lambda a: self._view_flags.append("protected"),
            "sparklineGroup": lambda a: self._view_flags.append("sparklines"),
            "customSheetView": lambda a: self._view_flags.append("another view"),
            "sheetPr": self._start_properties,
        }

    def start(self, name: str, a: Attributes) -> None:
        self._sink = name if name in (*_HEADERS, "formula", "f", "sqref") else ""
        if name in ("v", "f", "is") and self._open is not None:
            self._filled.append(self._open)
            self._open = None
            self._sink = "text" if name == "v" and self._kind == "s" else self._sink
        elif name in ("rPr", "rPh") and self._kind == "inlineStr":
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
        self._open = (self._row, self._column, integer(a.get("s")))
        self._kind = a.get("t", "")
        if "vm" in a:
            self._view_flags.append(f"shown otherwise {a.get('r', '')}")

    def _start_properties(self, a: Attributes) -> None:
        self._view_flags += [name for name in _OF_OTHER_PROGRAMS if a.get(name, "0") in ("1", "true")]

    def _start_row(self, a: Attributes) -> None:
        self._row, self._column = integer(a["r"]) if "r" in a else self._row + 1, 0
        height = pixels_high(float(a["ht"])) if "ht" in a else self._usual[1]
        self._rows[self._row] = (height, a.get("hidden", "0") in ("1", "true"))

    def _start_columns(self, a: Attributes) -> None:
        width = pixels_wide(float(a["width"])) if "width" in a else self._usual[0]
        for number in range(integer(a.get("min")), min(integer(a.get("max")), MAX_COLUMNS) + 1):
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
        self._scrolled = a.get("topLeftCell", "A1")
        self._view_flags += [f"{name} off" for name in ("showZeros",) if a.get(name, "1") in ("0", "false")]
        self._view_flags += [name for name in ("showFormulas", "rightToLeft") if a.get(name, "0") in ("1", "true")]

    def _start_pane(self, a: Attributes) -> None:
        across, down = (int(float(a.get(name, "0"))) for name in ("xSplit", "ySplit"))
        if a.get("state", "split").startswith("frozen"):
            self._frozen = (down, across)
            if self._scrolled != "A1":  # what is above of what stays can never be scrolled to
                self._view_flags.append(f"from {self._scrolled}")
        else:
            self._view_flags.append("split")

    def _start_options(self, a: Attributes) -> None:
        self._setup |= {**a, "centred": a.get("horizontalCentered", "0")}

    def look(self, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        cells = sorted(self._filled)
        last_row, last_column = max((c[0] for c in cells), default=0), max((c[1] for c in cells), default=0)
        formats, inks, texts = (each or [""] for each in (self._styles.formats, self._styles.inks, self._styles.texts))
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
            "view": view_lines(frozen=self._frozen, flags=[*self._view_flags, *self.strange]),
            "texts": tuple(f"{row}.{column} {texts[min(s, len(texts) - 1)]}" for row, column, s in cells),
        }

    def _condition(self, rule: _Rule) -> str:
        place = integer(rule.light) if rule.light else len(self._styles.lights)
        light = self._styles.lights[place] if place < len(self._styles.lights) else LightLook()
        struck = ["struck"] if light.strike else []
        return condition(rule.area, rule.kind, [*rule.formulas, *struck], light.colour, light.fill, light.number_format)

    def _print_lines(self, names: Mapping[str, str]) -> tuple[str, ...]:
        setup = self._setup
        fits = setup.get("fit", "0") in ("1", "true")
        titles = [part.rpartition("!")[2] for part in names.get("titles", "").split(",")]
        area = ",".join(part.rpartition("!")[2] for part in names.get("area", "").split(","))
        first, _, last = area.partition(":")
        return print_lines(
            paper=integer(setup.get("paperSize", "1")),
            landscape=setup.get("orientation") == "landscape",
            margins=[float(self._print.get(name, "0")) for name in _MARGINS],
            scale=100 if fits else integer(setup.get("scale", "100")),
            fit=(integer(setup.get("fitToWidth", "1")), integer(setup.get("fitToHeight", "1"))) if fits else None,
            centred=setup.get("centred", "0") in ("1", "true"),
            area=first if first == last else area,
            titles=",".join(titles),
            breaks=self._breaks,
            flags=[name for name in _OF_PRINTS if setup.get(name, "0") in ("1", "true")],
        )
