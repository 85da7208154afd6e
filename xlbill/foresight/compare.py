"""Two files compared: price books or accounts, as workbooks, YAML or JSON."""

from pathlib import Path

from xlbill.book.data import Document
from xlbill.book.data_files import read_document
from xlbill.book.data_grid import lay_out
from xlbill.cells import Place
from xlbill.foresight.diff import Difference, difference
from xlbill.problems import Problems


def compare_files(old: Path, new: Path, shown: tuple[str, str]) -> tuple[Difference | None, Problems]:
    """What changed from one file to another; None where one cannot be read or they are of different kinds.

    What stands beside tables is left out: it means nothing to anybody who computes.
    """
    left, found = read_document(old, shown[0], lossy=True)
    right, also = read_document(new, shown[1], lossy=True)
    found += also
    if left is None or right is None:
        return None, found
    compared, problems = compare_documents(left, right)
    found += problems
    return compared, found


def compare_documents(old: Document, new: Document) -> tuple[Difference | None, Problems]:
    """What changed from one to another; None where they are of different kinds, or a formula of one has no sense."""
    found = Problems()
    if old.form is not new.form:
        found.add("diff-of-unlike", Place(new.file), one=old.form.title, other=new.form.title)
        return None, found
    before, after = lay_out(old), lay_out(new)
    found += [*before[1], *after[1]]
    return (None if found.errors else difference((old, before[0]), (new, after[0]))), found
