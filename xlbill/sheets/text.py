"""Sheets as text: csv and tsv in the encodings and with the separators that people's programs write."""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

KnowsHeading = Callable[[str], bool]
SEPARATORS = (",", "\t", ";", "|")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE_LINES = 40
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text file is read: its encoding and what separates its columns."""

    encoding: str
    separator: str


def detect(path: Path, knows: KnowsHeading | None = None) -> TextForm | None:
    """How a file is to be read, None where no encoding makes sense of it.

    A byte order mark first, then strict UTF-8, then GB18030. GB18030 decodes almost anything: where `knows` tells
    known headings, it is taken only if one stands in the first lines.
    """
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return _with_separator(path, encoding, knows) if _decodes(path, encoding) else None
    if _decodes(path, "utf-8"):
        return _with_separator(path, "utf-8", knows)
    if not _decodes(path, "gb18030"):
        return None
    form = _with_separator(path, "gb18030", knows)
    return form if knows is None or any(knows(value) for row in _sample(path, form) for value in row) else None


def rows(path: Path, form: TextForm) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers as a spreadsheet program counts them; csv.Error where a quoted value has no end."""
    with path.open(encoding=form.encoding, newline="") as file:
        yield from enumerate(csv.reader(file, delimiter=form.separator), start=1)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _with_separator(path: Path, encoding: str, knows: KnowsHeading | None) -> TextForm:
    """The separator under which most headings are known; among equals, the one that cuts rows most evenly."""
    forms = [TextForm(encoding, separator) for separator in SEPARATORS]
    return max(forms, key=lambda form: _merit(_sample(path, form), knows))


def _merit(sample: Sequence[Sequence[str]], knows: KnowsHeading | None) -> tuple[int, int, int]:
    known = max((sum(map(knows, row)) for row in sample), default=0) if knows else 0
    widths = [len(row) for row in sample if len(row) > 1]
    commonest = max(widths, key=widths.count, default=0)
    return known, widths.count(commonest) if commonest else 0, commonest


def _sample(path: Path, form: TextForm) -> list[list[str]]:
    try:
        return [values for _, values in islice(rows(path, form), _SAMPLE_LINES)]
    except csv.Error:
        return []
