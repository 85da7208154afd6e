"""Every model of a price book with its formulas in words, as a sheet to print: a price's arithmetic, model by model.

No loader reads it: it is made anew whenever a book is written, and says what the Formulas sheet had then.
"""

from collections.abc import Iterator
from dataclasses import replace

from xlbill.book import data

TITLE = "算法说明 How models compute"
_ABOVE = "按“公式”表生成，供打印和核对；改动请改“公式”表 Made from the Formulas sheet, to be printed and checked"
_NOT_SAID = ("model", "name", "name_en", "about")


def with_models(document: data.Document) -> data.Document:
    """A price book with the sheet of its models, in place of one from before."""
    pages = tuple(page for page in document.pages if page.title != TITLE)
    table = document.tables.get("formulas")
    rows = tuple(_rows(table)) if table is not None else ()
    return replace(document, pages=(*pages, data.OwnSheet(TITLE, ((TITLE,), (_ABOVE,), *rows))) if rows else pages)


def without_models(document: data.Document) -> data.Document:
    """A price book without that sheet."""
    return replace(document, pages=tuple(page for page in document.pages if page.title != TITLE))


def _rows(table: data.DataTable) -> Iterator[tuple[data.Content, ...]]:
    for row in table.rows:
        said = [text for key in _NOT_SAID[1:] if isinstance(text := row.values.get(key), str) and text]
        yield ()
        yield (row.values.get("model"), " · ".join(said))
        for key in table.columns:
            content = row.values.get(key)
            if isinstance(content, data.NamedFormula):
                column = table.column(key)
                yield (None, f"{column.heading if column is not None else key} = {content.text.removeprefix('=')}")
