"""The conditional formats of a template: those that an invoice can have, wherever their cells come to stand.

A rule with a formula (`=$F12<0`), a comparison with a value, a data bar, a colour scale, icons, and what compares cells
of an area with each other (duplicates, the top ten, averages) are carried over. Icons and scales whose limits are
formulas, and rules for days of the calendar (last week), are not.
"""

from dataclasses import dataclass
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from xlbill.cells import Place, a1
from xlbill.formula import Expr, Fault, Name, parse, walk
from xlbill.invoice.template.styles import Palette, font_of
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.workbook.conditions import ICONS
from xlbill.workbook.layout import Area, Graded, Icons, Ranked
from xlbill.workbook.style import CellStyle

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
_OVER_ALL = ("dataBar", "colorScale", "iconSet", "duplicateValues", "uniqueValues", "top10", "aboveAverage")
_BY_FORMULA = ("expression", "containsText", "notContainsText", "beginsWith", "endsWith", "containsBlanks")


@dataclass(frozen=True, slots=True)
class TemplateRule:
    """A rule over cells of the template, its formula written for the upper left of them; or over them as a whole."""

    areas: tuple[Area, ...]
    formula: Expr | None = None
    style: CellStyle | None = None
    whole: Graded | Ranked | Icons | None = None


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
    if rule.type in _OVER_ALL:
        whole = _whole(rule, areas, palette)
        return TemplateRule(areas, whole=whole) if whole is not None else None
    text = _formula(rule, areas)
    expr = parse(f"={text}") if text is not None else None
    if expr is None or isinstance(expr, Fault) or any(isinstance(node, Name) for node in walk(expr)):
        return None
    return TemplateRule(areas, expr, _style(rule.dxf, palette))


def _whole(rule: Any, areas: tuple[Area, ...], palette: Palette) -> Graded | Ranked | Icons | None:
    """A rule for cells by what the other cells of its areas hold."""
    if rule.type == "iconSet":
        return _icons(rule.iconSet, areas)
    if rule.type == "dataBar":
        colour = palette.colour(rule.dataBar.color)
        return Graded(areas, "bar", (colour or "638EC6",), _limits(rule.dataBar.cfvo))
    if rule.type == "colorScale":
        colours = tuple(palette.colour(colour) or "FFFFFF" for colour in rule.colorScale.color)
        plain = all(value.type in ("min", "max", "percentile") for value in rule.colorScale.cfvo)
        return Graded(areas, "scale", colours) if plain and len(colours) in (2, 3) else None
    lower = bool(rule.bottom) if rule.type == "top10" else rule.aboveAverage is False
    return Ranked(
        areas,
        rule.type,
        _style(rule.dxf, palette),
        rank=int(rule.rank or 10),
        percent=bool(rule.percent),
        lower=lower,
        equal=bool(rule.equalAverage),
        deviations=int(rule.stdDev or 0),
    )


def _icons(icons: Any, areas: tuple[Area, ...]) -> Icons | None:
    """A set of icons whose limits are figures; None for other ones, and for sets of newer programs."""
    values = icons.cfvo[1:]
    name = icons.iconSet or "3TrafficLights1"
    if name not in ICONS or any(value.type not in ("percent", "percentile", "num") for value in values):
        return None
    limits = tuple((value.type, float(value.val or 0), value.gte is not False) for value in values)
    return Icons(areas, name, limits, bool(icons.reverse), icons.showValue is False)


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
