"""Two files compared: price books or accounts, as workbooks, YAML or JSON."""

from pathlib import Path

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
    if left.form is not right.form:
        found.add("diff-of-unlike", Place(shown[1]), one=left.form.title, other=right.form.title)
        return None, found
    found += [*lay_out(left)[1], *lay_out(right)[1]]
    return (None if found.errors else difference(left, right)), found
