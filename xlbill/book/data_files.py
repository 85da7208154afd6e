"""Documents from files and to files, by their endings: workbooks, YAML and JSON."""

from collections.abc import Callable, Mapping
from pathlib import Path

from xlbill.book import data
from xlbill.book.data_lost import lost_parts
from xlbill.book.data_parse import parse_data
from xlbill.book.data_sheets import read_data
from xlbill.book.data_text import as_json, as_yaml
from xlbill.book.data_workbook import write_data
from xlbill.cells import Place
from xlbill.files import content, written
from xlbill.problems import Problems, problem

LOSSES = frozenset({"cell-not-carried", "part-not-carried"})
"""What may be left out where its owner says so; everything else that cannot be carried would change a meaning."""

YAML, JSON = (".yaml", ".yml"), (".json",)
WORKBOOK = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TEXTS: Mapping[str, Callable[[data.Document], str]] = {
    **dict.fromkeys(YAML, as_yaml),
    **dict.fromkeys(JSON, as_json),
}


def read_document(path: Path, shown_as: str, *, lossy: bool = False) -> tuple[data.Document | None, Problems]:
    """The document of a file; None where it cannot be had whole. With `lossy` what stands beside tables is left out."""
    ending = path.suffix.lower()
    if ending in TEXTS:
        return parse_bytes(path.read_bytes(), shown_as, is_json=ending in JSON)
    document, found = read_data(path, shown_as)
    found += lost_parts(path, document) if document is not None else ()
    if lossy:
        found = Problems(p for p in found if p.code not in LOSSES)
    return (None if found.errors else document), found


def parse_bytes(text: bytes, shown: str, *, is_json: bool) -> tuple[data.Document | None, Problems]:
    """The document of a text in UTF-8, with all that its formulas name checked."""
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, Problems([problem("encoding-unknown", Place(shown))])
    return parse_data(decoded, shown, is_json=is_json)


def write_document(document: data.Document, path: Path, shown_as: str) -> Problems:
    """Write a document in the format that the file's name says."""
    if (text := TEXTS.get(path.suffix.lower())) is not None:
        return written(path, shown_as, content(text(document)))
    return write_data(document, path, shown_as)
