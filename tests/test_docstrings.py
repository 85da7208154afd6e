"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil
from decimal import Decimal
from fractions import Fraction
from types import ModuleType

import pytest

import xlbill
from xlbill.formula import parse

NAMES = {"Decimal": Decimal, "Fraction": Fraction, "parse": parse}
"""What an example may use without importing it, beside what its own module has."""

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(xlbill.__path__, "xlbill.")
    if found.name not in ("xlbill.__main__", "xlbill.apart.child")
]
EXAMPLES = [
    example
    for module in MODULES
    for example in doctest.DocTestFinder().find(module, globs={**NAMES, **vars(module)})
    if example.examples
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_example_of_a_docstring_is_true(example: doctest.DocTest) -> None:
    report: list[str] = []
    failed, tried = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=report.append)
    assert (failed, tried > 0) == (0, True), "".join(report)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 20
    assert all(isinstance(module, ModuleType) for module in MODULES)
