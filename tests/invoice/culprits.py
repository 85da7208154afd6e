"""Templates with mistakes that no table of cells can show, for the gallery of problems."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment

from xlbill.invoice import load_template
from xlbill.problems import Problem

TEMPLATES = Path(__file__).parent / "templates"


def read_template(files: list[Path]) -> list[Problem]:
    """A template, as the month's run reads it."""
    return load_template(files[0], files[0].name)[1]


def template_with_macros(folder: Path) -> Path:
    """The shipped template, saved with macros in it."""
    path = folder / "invoice.xlsx"
    path.write_bytes((TEMPLATES / "invoice.xlsx").read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macros")
    return path


def template_with_a_comment(folder: Path) -> Path:
    """The shipped template with a note to a colleague at the amount."""
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.xlsx")
    workbook["账单"]["I20"].comment = Comment("含税？", "财务")
    workbook.save(folder / "invoice.xlsx")
    return folder / "invoice.xlsx"


def template_with_a_figure_in_its_footer(folder: Path) -> Path:
    """The shipped template with the total in the footer."""
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.xlsx")
    workbook["账单"].oddFooter.center.text = "{{ bill.total }}"
    workbook.save(folder / "invoice.xlsx")
    return folder / "invoice.xlsx"


def template_with_a_long_footer(folder: Path) -> Path:
    """The shipped template with its terms of payment in the footer."""
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.xlsx")
    workbook["账单"].oddFooter.center.text = "付款条款：" + "请于收到账单后三十日内付款。" * 20 + "{{ seller.name }}"
    workbook.save(folder / "invoice.xlsx")
    return folder / "invoice.xlsx"


BUILDERS: dict[str, Callable[[Path], Path]] = {
    builder.__name__: builder
    for builder in (
        template_with_macros,
        template_with_a_comment,
        template_with_a_figure_in_its_footer,
        template_with_a_long_footer,
    )
}
