"""What is used of XlsxWriter without being promised: another version may have other names, or other bytes."""

import ast
import inspect
from collections.abc import Iterator
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from xlsxwriter.format import Format
from xlsxwriter.image import Image
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

PACKAGE = Path(__file__).parents[2] / "xlbill"
KNOWN = {
    "_create_package": Packager,
    "_get_packager": Workbook,
    "_set_filehandle": SharedStrings,
    "_write_si": SharedStrings,
    "_escape_data": SharedStrings,
    "_escape_control_characters": SharedStrings,
    "_width": Image,
    "_height": Image,
    "_x_dpi": Image,
    "_y_dpi": Image,
    "_get_xf_index": Format,
    "_check_dimensions": Worksheet,
    "_write_single_row": Worksheet,
}
"""Each private name with the class that has it."""


def private_names_of_others() -> Iterator[str]:
    """The private names that the modules which know XlsxWriter take from anything but themselves."""
    trees = (ast.parse((PACKAGE / "workbook" / name).read_text(encoding="utf-8")) for name in ("write.py", "rows.py"))
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef) and node.name in KNOWN:
            yield node.name
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            own = isinstance(node.value, ast.Name) and node.value.id == "self"
            yield from () if own else (node.attr,)


def test_every_private_name_is_known() -> None:
    assert set(private_names_of_others()) == set(KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_xlsxwriter_still_has_it(name: str) -> None:
    found = KNOWN[name]
    assert hasattr(found, name) or f"self.{name}" in inspect.getsource(found), f"XlsxWriter {version('xlsxwriter')}"


def test_versions_that_may_be_installed_are_bounded() -> None:
    (asked,) = [line for line in requires("xlbill") or () if line.startswith("xlsxwriter")]
    assert "<4" in asked and ">=3.2.1" in asked, asked
