"""A template that asks for more time or memory than any template needs is refused before anybody gives it."""

import time
from pathlib import Path

import openpyxl
import pytest

from tests.invoice.culprits import TEMPLATES
from tests.workbooks import edit_xml
from xlbill.audit.captions import one_language
from xlbill.cells import Place
from xlbill.formula import Fault, parse
from xlbill.invoice import load_template
from xlbill.invoice.template.marked import read_formula, read_text
from xlbill.problems import Problems

SECONDS = 10  # on a busy machine; each takes some hundredths of one
MILLION = 1_000_000


@pytest.mark.parametrize("text", ["{", "{{", "{{ ", "}}", "{{a ", "{{ with ", "{{\n", "{{ é", "{}", " "], ids=repr)
@pytest.mark.parametrize("read", [read_text, read_formula])
def test_marks_are_found_in_a_time_that_grows_with_the_text_alone(read: object, text: str) -> None:
    began = time.monotonic()
    read(text * (MILLION // len(text)), Place("t.xlsx"), Problems())  # type: ignore[operator]
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("text", ["账", "a", "账 ", " ", "é ", "a账", "(", "1"], ids=repr)
def test_captions_are_taken_apart_in_a_time_that_grows_with_the_text_alone(text: str) -> None:
    began = time.monotonic()
    one_language(text * (MILLION // len(text)), "zh")
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("text", ["(", "A1+", "-", '"', "'", "IF(", "{", "&", "%", "A1:", "1E", "["], ids=repr)
def test_formulas_are_refused_in_a_time_that_grows_with_the_text_alone(text: str) -> None:
    began = time.monotonic()
    assert isinstance(parse(text * (MILLION // len(text))), Fault)
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{{ bill.number }}", set()),
        ("{{ bill.number }", {"template-mark-broken"}),
        ("{{{ bill.number }}", {"template-mark-broken"}),
        ("{{ bill.number }}}", {"template-mark-broken"}),
        ("{{ {{ bill.number }}", {"template-mark-broken"}),
        ("{{ " + "x" * 300 + " }}", {"template-mark-broken"}),
        ("{{ " + "x" * 100 + " }}", {"template-mark-unknown"}),
        ("{ a: 1 }", set()),
    ],
)
def test_braces_that_are_no_mark_are_told(text: str, codes: set[str]) -> None:
    found = Problems()
    read_text(text, Place("t.xlsx"), found)
    assert {problem.code for problem in found} == codes


@pytest.mark.parametrize("ref", ["A1:XFD1048576", "A1:CV501", "A1:A1048576"])
def test_an_area_that_covers_more_than_a_template_is_refused(tmp_path: Path, ref: str) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.xlsx")
    workbook.worksheets[0].merge_cells("A90:B91")
    workbook.save(tmp_path / "t.xlsx")
    edit_xml(tmp_path / "t.xlsx", "xl/worksheets/sheet1.xml", 'ref="A90:B91"', f'ref="{ref}"')
    began = time.monotonic()
    template, found = load_template(tmp_path / "t.xlsx")
    assert template is None
    assert [problem.code for problem in found] == ["template-too-large"]
    assert time.monotonic() - began < SECONDS


def test_a_cell_far_away_costs_no_cells_between(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.xlsx")
    workbook.worksheets[0]["XFD1048576"].value = "far"
    workbook.save(tmp_path / "t.xlsx")
    began = time.monotonic()
    assert "template-too-large" in {problem.code for problem in load_template(tmp_path / "t.xlsx")[1]}
    assert time.monotonic() - began < SECONDS


def test_a_file_that_is_larger_than_any_template_is_refused(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.xlsx")
    for row in range(100, 400):
        workbook.worksheets[0].cell(row, 1).value = f"{row} " * 8_000
    workbook.save(tmp_path / "t.xlsx")
    template, found = load_template(tmp_path / "t.xlsx")
    assert template is None
    assert [problem.code for problem in found] == ["template-too-large"]


def test_a_cell_that_stands_twice_in_a_template_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes((TEMPLATES / "invoice.xlsx").read_bytes())
    edit_xml(path, "xl/worksheets/sheet1.xml", '(<c r="[A-Z]+1"[^>]*?(?:/>|>.*?</c>))', r"\1\1")
    template, found = load_template(path, "t.xlsx")
    assert template is None
    assert [(problem.code, problem.place.row) for problem in found] == [("cell-twice", 1)]
