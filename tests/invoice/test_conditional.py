"""Conditional formats of a template stand wherever their cells go, and the manifest knows them again."""

from pathlib import Path

import openpyxl
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule, FormulaRule, IconSetRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle

from tests.invoice import bills
from tests.invoice.laid_out import TEMPLATES, row_with, sheet_of
from xlbill.audit.look import look_of
from xlbill.invoice import lay_out, load_template
from xlbill.workbook import write_layout
from xlbill.workbook.drawn import look_written
from xlbill.workbook.layout import Graded, Highlight, Icons, Ranked
from xlbill.workbook.look import digest


def test_rules_follow_their_cells(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    invoice, usage = workbook["Invoice"], workbook["Usage"]
    red, pale = Font(color="FFC00000", bold=True), PatternFill(bgColor="FFFFF2CC")
    invoice.conditional_formatting.add("I20", CellIsRule("lessThan", ["0"], font=red))
    invoice.conditional_formatting.add("A20:I20", FormulaRule(["$H20>1000"], fill=pale))
    invoice.conditional_formatting.add("I20", DataBarRule("num", 0, "num", 5000, "FF9DB8C2"))
    usage.conditional_formatting.add(
        "C9", ColorScaleRule("min", None, "FFFFFFFF", "max", None, None, "max", None, "FF63BE7B")
    )
    path = tmp_path / "ruled.xlsx"
    workbook.save(path)
    template, found = load_template(path)
    assert template is not None and not found
    layout = lay_out(bills.ordinary("en"), template)
    sheet = sheet_of(layout, "Invoice")
    lines = sorted(
        next(cell.row for cell in sheet.cells if cell.content == title)
        for title in ("Professional", "Callback exception cache", "DAU above the quota")
    )
    below, above = (light for light in sheet.highlights if isinstance(light, Highlight))
    assert [str(area) for area in below.areas] == [f"I{row}" for row in lines]
    assert (below.formula, below.style.font.colour, below.style.font.bold) == (f"I{lines[0]}<0", "C00000", True)
    assert [str(area) for area in above.areas] == [f"A{row}:I{row}" for row in lines]
    assert (above.formula, above.style.fill) == (f"$H{lines[0]}>1000", "FFF2CC")
    (bar,) = (light for light in sheet.highlights if isinstance(light, Graded))
    assert (bar.kind, bar.colours, bar.limits) == ("bar", ("9DB8C2",), (0.0, 5000.0))
    (scale,) = (light for light in sheet_of(layout, "Usage").highlights if isinstance(light, Graded))
    assert (scale.kind, scale.colours, len(scale.areas)) == ("scale", ("FFFFFF", "63BE7B"), 1)
    assert row_with(sheet, "Professional")["A"] == "Professional"
    written = tmp_path / "invoice.xlsx"
    write_layout(layout, written)
    seen = {name: look["conditions"] for name, look in look_of(written).items() if name}
    recorded = look_written(layout, written.read_bytes())
    assert seen["Invoice"] and seen["Usage"]
    assert all(digest(lines) in recorded[name] for name, lines in seen.items())


def test_rules_that_compare_cells_with_each_other_are_over_all_copies(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    formats, look = workbook["Invoice"].conditional_formatting, DifferentialStyle(font=Font(color="FFC00000"))
    for kind, more in (
        ("duplicateValues", {}),
        ("uniqueValues", {}),
        ("top10", {"rank": 3}),
        ("top10", {"rank": 20, "percent": True, "bottom": True}),
        ("aboveAverage", {}),
        ("aboveAverage", {"aboveAverage": False, "stdDev": 2}),
    ):
        formats.add("I20", Rule(kind, dxf=look, **more))
    formats.add("I20", IconSetRule("4Rating", "percent", [0, 25, 50, 75], reverse=True))
    path = tmp_path / "ruled.xlsx"
    workbook.save(path)
    template, found = load_template(path)
    assert template is not None and not found
    layout = lay_out(bills.ordinary("en"), template)
    *ranked, icons = sheet_of(layout, "Invoice").highlights
    kinds = [(r.kind, r.rank, r.percent, r.lower, r.deviations) for r in ranked if isinstance(r, Ranked)]
    assert kinds == [
        ("duplicateValues", 10, False, False, 0),
        ("uniqueValues", 10, False, False, 0),
        ("top10", 3, False, False, 0),
        ("top10", 20, True, True, 0),
        ("aboveAverage", 10, False, False, 0),
        ("aboveAverage", 10, False, True, 2),
    ]
    assert isinstance(icons, Icons) and (icons.name, icons.turned) == ("4Rating", True)
    assert icons.limits == (("percent", 25.0, True), ("percent", 50.0, True), ("percent", 75.0, True))
    assert {len(light.areas) for light in (*ranked, icons)} == {3}, "one rule over the amounts of all lines"
    written = tmp_path / "invoice.xlsx"
    write_layout(layout, written)
    again = [rule for each in openpyxl.load_workbook(written)["Invoice"].conditional_formatting for rule in each.rules]
    assert [rule.type for rule in again] == [*(kind for kind, *_ in kinds), "iconSet"]
    assert [(rule.rank, rule.percent, rule.bottom) for rule in again[2:4]] == [(3, None, None), (20, True, True)]
    assert (again[5].stdDev, again[5].aboveAverage) == (2, False)
    assert [value.val for value in again[6].iconSet.cfvo] == [0, 25, 50, 75]
    recorded = look_written(layout, written.read_bytes())
    assert digest(look_of(written)["Invoice"]["conditions"]) in recorded["Invoice"]


def test_a_rule_of_a_line_looks_at_its_own_line(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    rule = FormulaRule(["AND(I20<0,$I$19<>0)"], font=Font(color="FFC00000"))
    workbook["Invoice"].conditional_formatting.add("A21", rule)
    path = tmp_path / "ruled.xlsx"
    workbook.save(path)
    template, _ = load_template(path)
    assert template is not None
    sheet = sheet_of(lay_out(bills.refunding("en"), template), "Invoice")
    for light in sheet.highlights:
        assert isinstance(light, Highlight)
        first = light.areas[0]
        assert light.formula.startswith(f"AND(I{first.top - 1}<0,$I$"), "the row above, in which the line stands"
