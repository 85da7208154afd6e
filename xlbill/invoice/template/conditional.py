"""The conditional formats of a template: those that an invoice can have, wherever their cells come to stand.

A rule with a formula (`=$F12<0`), a comparison with a value, a data bar and a colour scale are carried over. What
compares cells of an area with each other (duplicates, the top ten, averages) or draws icons is not.
"""

from dataclasses import dataclass
from typing import Any, Literal

from openpyxl.worksheet.worksheet import Worksheet

from xlbill.cells import Place, a1
from xlbill.formula import Expr, Fault, Name, parse, walk
from xlbill.invoice.template.styles import Palette, font_of
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.workbook.layout import Area
from xlbill.workbook.style import CellStyle, Colour

Graded = Literal["bar", "scale"]

_FEATURE = Label("此类条件格式", "a conditional format of this kind")
_COMPARED = {
    "lessThan": "{0}<{1}",
    "lessThanOrEqual": "{0}<={1}",
    "greaterThan": "{0}>{1}",
    "greaterThanOrEqual": "{0}>={1}",
    "equal": "{0}={1}",
    "notEqual": "{0}<>{1}",
    "between": "AND({0}>={1},{0}<={2})",
    "notBetween": "OR({0}<{1},{0}>{2})",
}
_BY_FORMULA = ("expression", "containsText", "notContainsText", "beginsWith", "endsWith", "containsBlanks")


@dataclass(frozen=True, slots=True)
class TemplateRule:
    """A rule over cells of the template, its formula written for the upper left of them; or a bar, or a scale."""

    areas: tuple[Area, ...]
    formula: Expr | None = None
    style: CellStyle | None = None
    graded: Graded | None = None
    colours: tuple[Colour, ...] = ()
    limits: tuple[float, float] | None = None  # of a bar; None: of its own values


def read_rules(sheet: Worksheet, palette: Palette, place: Place, found: Problems) -> tuple[TemplateRule, ...]:
    """The rules of a sheet, in the order in which they count; those that cannot be carried over are told."""
    rules: list[tuple[int, int, TemplateRule]] = []
    for ranges in sheet.conditional_formatting:
        areas = tuple(Area(r.min_row, r.min_col, r.max_row, r.max_col) for r in ranges.sqref.ranges)
        for rule in ranges.rules:
            made = _rule(rule, areas, palette)
            if made is None:
                found.add("template-not-carried", place.at(areas[0].top, areas[0].left), feature=_FEATURE)
            else:
                rules.append((int(rule.priority or 0), len(rules), made))
    return tuple(rule for _, _, rule in sorted(rules, key=lambda entry: entry[:2]))


def _rule(rule: Any, areas: tuple[Area, ...], palette: Palette) -> TemplateRule | None:
    if rule.type == "dataBar" and rule.dataBar is not None:
        colour = palette.colour(rule.dataBar.color)
        return TemplateRule(areas, graded="bar", colours=(colour or "638EC6",), limits=_limits(rule.dataBar.cfvo))
    if rule.type == "colorScale" and rule.colorScale is not None:
        colours = tuple(palette.colour(colour) or "FFFFFF" for colour in rule.colorScale.color)
        plain = all(value.type in ("min", "max", "percentile") for value in rule.colorScale.cfvo)
        return TemplateRule(areas, graded="scale", colours=colours) if plain and len(colours) in (2, 3) else None
    text = _formula(rule, areas)
    expr = parse(f"={text}") if text is not None else None
    if expr is None or isinstance(expr, Fault) or any(isinstance(node, Name) for node in walk(expr)):
        return None
    return TemplateRule(areas, expr, _style(rule.dxf, palette))


def _formula(rule: Any, areas: tuple[Area, ...]) -> str | None:
    """The formula of a rule that has one, or says something about its own cell."""
    if rule.type in _BY_FORMULA and rule.formula:
        return str(rule.formula[0])
    if rule.type == "cellIs" and rule.operator in _COMPARED:
        first = min(areas, key=lambda area: (area.top, area.left))
        return _COMPARED[rule.operator].format(a1(first.top, first.left), *(f"({part})" for part in rule.formula))
    return None


def _limits(values: Any) -> tuple[float, float] | None:
    """The ends of a data bar where both are numbers."""
    numbers = [float(value.val) for value in values if value.type == "num" and value.val is not None]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


def _style(change: Any, palette: Palette) -> CellStyle:
    """What a rule changes of a cell's look: the colour and weight of its words, its ground."""
    if change is None:
        return CellStyle()
    fill = change.fill.bgColor if change.fill is not None else None
    font = font_of(change.font, palette) if change.font is not None else CellStyle().font
    return CellStyle(font, palette.colour(fill) if fill is not None else None)
