"""How a cell looks: a neutral description that a template gives and a writer turns into its own formats."""

from dataclasses import dataclass

Colour = str
"""Red, green and blue in hexadecimal: `1F4E5F`."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One border of a cell: Excel's name of the line (thin, hair, medium ...) and its colour."""

    line: str
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Font:
    """A typeface: `Font("Arial", 9, bold=True)`."""

    name: str = "Calibri"
    size: float = 11
    bold: bool = False
    italic: bool = False
    underline: str | None = None  # single, double, singleAccounting ...
    strike: bool = False
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Borders:
    """The four borders of a cell."""

    left: Edge | None = None
    right: Edge | None = None
    top: Edge | None = None
    bottom: Edge | None = None


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where the content stands in its cell."""

    horizontal: str | None = None
    vertical: str | None = None
    wrap: bool = False
    shrink: bool = False
    indent: int = 0
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class CellStyle:
    """Everything about a cell's look."""

    font: Font = Font()
    fill: Colour | None = None
    borders: Borders = Borders()
    alignment: Alignment = Alignment()
    number_format: str = "General"


PLAIN = CellStyle()
