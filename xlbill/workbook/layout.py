"""A workbook before any writer sees it: sheets of neutral cells, with their look, print setup, charts and pictures.

`Layout` is what `lay_out` gives and `write_layout` takes. Rows and columns count from 1, measures are Excel's own:
column widths as a template's file keeps them, heights and offsets in points.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from xlbill.cells import NOWHERE, Address, Place, a1
from xlbill.formula import Value
from xlbill.language import Label
from xlbill.workbook.style import PLAIN, CellStyle, Colour, Font


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula, without its `=`, and the value that it has."""

    text: str
    value: Value


CellContent: TypeAlias = str | Decimal | bool | Formula | None
"""What stands in a cell: a text, a number (dates are serial numbers), a logical value, a formula, or nothing."""


@dataclass(frozen=True, slots=True)
class LaidCell:
    """One cell with its content and its look; `file` is one beside the workbook, to which its text leads."""

    row: int
    column: int
    content: CellContent = None
    style: CellStyle = PLAIN
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A block of cells, from its upper left to its lower right."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def single(self) -> bool:
        """Whether it is one cell alone."""
        return (self.top, self.left) == (self.bottom, self.right)

    def meets(self, other: "Area") -> bool:
        """Whether two areas have a cell in common."""
        above, beside = self.top <= other.bottom and other.top <= self.bottom, self.left <= other.right
        return above and beside and other.left <= self.right

    def __str__(self) -> str:
        first = a1(self.top, self.left)
        return first if self.single else f"{first}:{a1(self.bottom, self.right)}"


@dataclass(frozen=True, slots=True)
class ColumnWidth:
    """The width of a column as the file keeps it, None for the sheet's usual one."""

    width: float | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Highlight:
    """A conditional format: cells of some areas that fulfil a formula (written for the first cell) get a look."""

    areas: tuple[Area, ...]
    formula: str
    style: CellStyle


@dataclass(frozen=True, slots=True)
class Graded:
    """A conditional format by degrees: a bar in each cell (`limits`: its ends), or a scale of two or three colours."""

    areas: tuple[Area, ...]
    kind: Literal["bar", "scale"]
    colours: tuple[Colour, ...]
    limits: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A conditional format for cells by what the others of their areas hold: duplicates, the top ten, an average.

    `kind` is Excel's own; `rank` so many (or per cent of them), `lower` from the bottom, or below the average.
    """

    areas: tuple[Area, ...]
    kind: Literal["duplicateValues", "uniqueValues", "top10", "aboveAverage"]
    style: CellStyle
    rank: int = 10
    percent: bool = False
    lower: bool = False
    equal: bool = False  # the average itself is among them
    deviations: int = 0  # so many standard deviations from it


@dataclass(frozen=True, slots=True)
class Icons:
    """A conditional format that draws one of some icons into each cell, `name` being Excel's: 3Arrows.

    `limits` are where the second, third ... icon begins: by per cent, percentile or number, and whether it is included.
    """

    areas: tuple[Area, ...]
    name: str
    limits: tuple[tuple[str, float, bool], ...]
    turned: bool = False
    alone: bool = False  # without the figure


ConditionalFormat: TypeAlias = Highlight | Graded | Ranked | Icons


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One line of a chart: its name's cell, its values, and the look of it."""

    name: str
    values: Area
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of daily figures over their dates, filling an area of cells."""

    area: Area
    days: Area
    series: tuple[ChartLine, ...]
    colours: tuple[str, ...]
    font: Font = PLAIN.font
    summed: bool = False  # days add up: a column for each, in place of a line


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of one bar for each of some names, filling an area of cells."""

    area: Area
    title: str
    names: Area
    values: Area
    colour: str
    font: Font = PLAIN.font


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture over cells: the bytes of a PNG, JPEG, GIF or BMP, its place and its size in points."""

    row: int
    column: int
    x: float
    y: float
    width: float
    height: float
    data: bytes = field(repr=False)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Print setup: paper by Excel's number (9 is A4), margins in inches, header and footer in Excel's codes."""

    paper: int = 9
    landscape: bool = False
    margins: tuple[float, float, float, float] = (0.7, 0.7, 0.75, 0.75)  # left, right, top, bottom
    header_margin: float = 0.3
    footer_margin: float = 0.3
    centred: bool = False
    header: str = ""
    footer: str = ""
    scale: int = 100
    fit: tuple[int, int] | None = None  # pages across, pages down; 0 as many as it takes
    area: Area | None = None
    titles: tuple[int, int] | None = None  # rows repeated on every page
    breaks: tuple[int, ...] = ()  # a page ends after each of these rows
    named: int = 0  # so many first columns repeated on every page


@dataclass(frozen=True, slots=True)
class MoreRows:
    """The rows below a sheet's cells, of a sheet too large to be held: texts and figures from the first column on.

    `rows` are made while they are written: the number of each, and a key for each of its cells. `cell` says what stands
    in the cells of a key and how it looks; it is asked once for many.
    """

    rows: Callable[[], Iterator[tuple[int, Sequence[Hashable]]]]
    cell: Callable[[Any], tuple[CellContent, CellStyle]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, its cells row by row."""

    name: str
    cells: tuple[LaidCell, ...]
    columns: Mapping[int, ColumnWidth] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    merges: tuple[Area, ...] = ()
    highlights: tuple[ConditionalFormat, ...] = ()
    charts: tuple[Chart | Bars, ...] = ()
    pictures: tuple[Picture, ...] = ()
    page: Page = Page()
    frozen: tuple[int, int] = (0, 0)  # rows and columns that stay when scrolling
    gridlines: bool = False
    zoom: int = 100
    tab_colour: str | None = None
    filtered: Area | None = None  # headings with filters, and the rows below them
    printed: bool = True  # False: it stays out of PDF files
    more: MoreRows | None = None


UNNAMED = Label("", "")


@dataclass(frozen=True, slots=True)
class Traced:
    """A figure in the cell that is its own: its name in formulas, what it belongs to, and where it was read.

    `line` is the number of the line on which it stands, from 1; `day` that of daily usage. `source` is the cell of the
    price book, of the accounts or of the usage sheet; of a computed figure it is the model's.
    """

    cell: Address
    name: str
    about: Label = UNNAMED
    line: int | None = None
    day: date | None = None
    source: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole workbook; `names` are defined names and the cells that they stand for (`账单!$I$40`).

    `trace` says of every figure where it stands and where it came from.
    """

    sheets: tuple[Sheet, ...]
    title: str
    author: str
    created: date
    font: Font = PLAIN.font
    names: Mapping[str, str] = field(default_factory=dict)
    trace: tuple[Traced, ...] = ()
