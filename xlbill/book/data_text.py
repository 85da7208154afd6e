"""Data as text that people review: YAML or JSON, the same for the same data, every figure exact.

    xlbill: price-book
    settings:
      code: easemob-im-2026
      tax_rate: 6%
    plans:
    - product: im
      plan: pro
      price: 1299

In YAML and JSON alike a text that begins with `=` is a formula, 6% a share, 2026-03-20 a day; what is meant as text
and looks like one of these has an apostrophe before it, as in Excel.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from xlbill.book import data
from xlbill.book.data_formulas import model_inputs
from xlbill.book.data_tree import Tree
from xlbill.inert import json_text
from xlbill.money import plain
from xlbill.sheets.columns import Column, Kind

Written: TypeAlias = str | bool | Decimal | date
"""What a cell is in YAML and JSON: a text, a truth, a bare figure or day."""

HEAD = "xlbill"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,59})(?:\.\d{1,60})?")
_SHARE = re.compile(r"(-?(?:0|[1-9]\d{0,59})(?:\.\d{1,60})?)%")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?")
_BREAKS = re.compile("[\\x85\\u2028\\u2029]")
"""What YAML takes for the end of a line, and folds, besides \\n: written as an escape."""
_WORDS = (Kind.TEXT, Kind.CODE, Kind.CODES, Kind.MONTH, Kind.CHOICE)


# --- cells ---------------------------------------------------------------------------------------------------------


def encode(content: data.Content, column: Column | None) -> Written:
    """A cell's content for a text format; `decode` makes the same of it again."""
    if isinstance(content, bool) or (isinstance(content, date) and not isinstance(content, datetime)):
        return content
    if isinstance(content, Decimal):
        return Decimal(plain(content))
    text = _text(content)
    meant = isinstance(content, str) and decode(text, False, column) != content
    return f"'{text}" if meant else text


def _text(content: data.Content) -> str:
    if isinstance(content, datetime):
        return content.isoformat()
    return data.spelled(content)


def decode(text: str, bare: bool, column: Column | None) -> data.Content:
    """The content of a scalar; `bare` ones have no quotes, so that 180 is a figure and "180" a text.

    In a column of figures, days or truths the words are read as such whether they have quotes or not.
    """
    if not text or (bare and text in ("null", "~")):
        return None
    if text.startswith("=") and len(text) > 1:
        return data.NamedFormula(text)
    if text.startswith("'"):
        return text[1:]
    kind = column.kind if column is not None else None
    if kind in _WORDS:
        return text
    if text in ("true", "false") and (kind is Kind.YES or bare):
        return text == "true"
    if kind in (Kind.NUMBER, None) and _SHARE.fullmatch(text):
        return data.Share(Decimal(text[:-1]).scaleb(-2))
    if (kind is Kind.NUMBER or bare) and _NUMBER.fullmatch(text):
        return Decimal(text)
    if kind in (Kind.DATE, None) and _DAY.fullmatch(text) and (day := _day(text)) is not None:
        return day
    return text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


# --- documents -----------------------------------------------------------------------------------------------------


def tree_of(document: data.Document) -> dict[str, Tree]:
    """A document as mappings, lists and scalars, in the order in which they are written."""
    tree: dict[str, Tree] = {HEAD: document.form.name}
    inputs = model_inputs(document)
    for key, table in document.tables.items():
        tree[key] = _settings(document, table) if key in document.form.settings else _rows(document, table, inputs)
    tree["columns"] = {key: _columns(table) for key, table in document.tables.items()}
    lines: dict[str, Tree] = {
        key: list(table.above) for key, table in document.tables.items() if table.above is not None
    }
    if lines:
        tree["lines"] = lines
    if document.pages:
        tree["pages"] = {page.title: [_page_row(row) for row in page.rows] for page in document.pages}
    return tree


def _columns(table: data.DataTable) -> list[Tree]:
    return [table.own.get(key, key) for key in table.columns]


def _page_row(row: tuple[data.Content, ...]) -> list[Tree]:
    return [None if content is None else encode(content, None) for content in row]


def _rows(document: data.Document, table: data.DataTable, inputs: frozenset[str]) -> list[Tree]:
    notes = data.notes_of(document, table, inputs)
    return [_row(document, table, row, notes) for row in table.rows]


def _row(document: data.Document, table: data.DataTable, row: data.DataRow, notes: frozenset[str]) -> dict[str, Tree]:
    """A row by its columns; finance's own notes stand apart, behind the rest."""
    written: dict[str, Tree] = {}
    apart: dict[str, Tree] = {}
    for key in table.columns:
        if (content := row.values.get(key)) is not None:
            column = data.column_of(document.form, table, row.values, key)
            (apart if key in notes else written)[key] = encode(content, column)
    return written | ({"notes": apart} if apart else {})


def _settings(document: data.Document, table: data.DataTable) -> dict[str, Tree]:
    """A sheet of settings by their names: the value alone, or all columns where more than that is filled."""
    written: dict[str, Tree] = {}
    for row, name in zip(table.rows, data.identities(table.kind, [r.values for r in table.rows]), strict=True):
        cells = _row(document, table, row, frozenset(table.own))
        setting = cells.pop("setting", name)
        key = str(setting) if name == row.values.get("setting") else name
        written[key] = cells["value"] if list(cells) == ["value"] else cells
    return written


# --- formats -------------------------------------------------------------------------------------------------------


def as_yaml(document: data.Document) -> str:
    """A document as YAML."""
    return write_yaml(tree_of(document))


def as_json(document: data.Document) -> str:
    """A document as JSON, figures as bare numbers with all their digits."""
    return "".join(_json(tree_of(document), "\n")) + "\n"


def write_yaml(tree: Mapping[str, Tree]) -> str:
    """A tree as YAML: blocks, with lists of plain words and empty ones in one line, Chinese as it is."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes exact figures, no anchors, and short lists in one line."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def figure(dumper: Any, value: Decimal) -> Any:
        text = plain(value)
        return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)

    def words(dumper: Any, text: str) -> Any:
        style = '"' if _BREAKS.search(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def sequence(dumper: Any, values: list[Tree]) -> Any:
        flat = all(not isinstance(value, (dict, list)) for value in values)
        return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=flat)

    Dumper.add_representer(Decimal, figure)
    Dumper.add_representer(str, words)
    Dumper.add_representer(list, sequence)
    text: str = yaml.dump(dict(tree), Dumper=Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)
    return text


def _json(node: Tree, line: str) -> Iterator[str]:
    """The JSON of a node; `line` is a line break and the indent of the line that it begins in."""
    if isinstance(node, Decimal):
        yield plain(node)
    elif isinstance(node, dict) and node:
        for number, (key, value) in enumerate(node.items()):
            yield f"{'{' if number == 0 else ','}{line}  {json_text(key)}: "
            yield from _json(value, line + "  ")
        yield line + "}"
    elif isinstance(node, list) and any(isinstance(value, (dict, list)) for value in node):
        for number, value in enumerate(node):
            yield f"{'[' if number == 0 else ','}{line}  "
            yield from _json(value, line + "  ")
        yield line + "]"
    elif isinstance(node, list):
        yield "[" + ", ".join("".join(_json(value, line)) for value in node) + "]"
    else:
        yield json_text(node.isoformat() if isinstance(node, date) else node)
