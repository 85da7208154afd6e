"""The look of a template's cells, as openpyxl read it, in neutral terms: theme colours and tints become plain ones."""

import colorsys
import math
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from openpyxl.cell import Cell as OpenpyxlCell
from openpyxl.styles.colors import COLOR_INDEX

from xlbill.workbook.style import Alignment, Borders, CellStyle, Colour, Edge, Font

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SWAPPED = {0: 1, 1: 0, 2: 3, 3: 2}  # the scheme lists dark before light, cells count light before dark
_OFFICE_THEME = ("000000", "FFFFFF", "1F497D", "EEECE1", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646")


class Palette:
    """The colours of a template's theme."""

    def __init__(self, theme: bytes | None) -> None:
        scheme = fromstring(theme).find(f".//{_DRAWING}clrScheme") if theme else None
        self._colours = tuple(_scheme_colour(entry) for entry in scheme) if scheme is not None else _OFFICE_THEME

    def colour(self, colour: Any) -> Colour | None:
        """An openpyxl colour as red, green and blue; None for automatic."""
        if colour is None:
            return None
        if colour.type == "theme":
            index = _SWAPPED.get(colour.theme, colour.theme)
            return _tinted(self._colours[index], colour.tint) if index < len(self._colours) else None
        if colour.type == "indexed":
            return COLOR_INDEX[colour.indexed][-6:] if colour.indexed < len(COLOR_INDEX) else None
        return _tinted(colour.rgb[-6:].upper(), colour.tint) if colour.type == "rgb" else None


class StylesOfCells:
    """The looks of a workbook's cells, most of which share one with others."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self._known: dict[int, CellStyle] = {}

    def of(self, cell: OpenpyxlCell) -> CellStyle:
        """The look of one cell."""
        number = cell.style_id
        if number not in self._known:
            self._known[number] = _style_of(cell, self._palette)
        return self._known[number]


def _style_of(cell: OpenpyxlCell, palette: Palette) -> CellStyle:
    border, alignment = cell.border, cell.alignment
    return CellStyle(
        font_of(cell.font, palette),
        palette.colour(cell.fill.fgColor) if cell.fill.fill_type == "solid" else None,
        Borders(*(_edge(getattr(border, side), palette) for side in ("left", "right", "top", "bottom"))),
        Alignment(
            alignment.horizontal if alignment.horizontal != "general" else None,
            alignment.vertical,
            bool(alignment.wrap_text),
            bool(alignment.shrink_to_fit),
            int(alignment.indent or 0),
            int(alignment.text_rotation or 0),
        ),
        cell.number_format or "General",
    )


def font_of(font: Any, palette: Palette) -> Font:
    """A typeface."""
    return Font(
        font.name or "Calibri",
        float(font.sz or 11),
        bool(font.b),
        bool(font.i),
        font.u,
        bool(font.strike),
        palette.colour(font.color),
    )


def _edge(side: Any, palette: Palette) -> Edge | None:
    return Edge(side.style, palette.colour(side.color)) if side is not None and side.style else None


def _scheme_colour(entry: Element) -> Colour:
    colour = entry[0]
    return colour.get("lastClr") or colour.get("val") or "000000"


def _tinted(colour: Colour, tint: float) -> Colour:
    """A colour made darker (tint below 0) or lighter, as Excel does: in its lightness."""
    if not tint:
        return colour
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    mixed = colorsys.hls_to_rgb(hue, light, saturation)
    return "".join(f"{math.floor(part * 255 + 0.5):02X}" for part in mixed)
