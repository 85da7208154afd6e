"""What can be ordered and agreed on by the price books, as a sheet of the accounts from which cells drop down.

No loader reads it: it is made anew whenever accounts are written beside price books, and says what these had then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from xlbill.book import data
from xlbill.book.objects import Extension, Pack, Plan, PriceBook
from xlbill.language import Label

TITLE = "可选项 Choices"
_ABOVE = (TITLE, "价目表中的订阅项、选项和价目表代码，供各表下拉选择 What the price books offer, for the drop-downs")
FIRST_ROW = 5
_USAGE = Label("用量", "usage")
_KINDS = ((Plan, Label("套餐", "plan")), (Extension, Label("扩展服务", "extension")), (Pack, Label("加油包", "pack")))
_HEADINGS = (
    "订阅项 item",
    "名称 name",
    "种类 kind",
    None,
    "选项 option",
    "属于 of",
    "名称 name",
    None,
    "价目表 price book",
)
_ITEM, _KIND, _OPTION, _BOOK = 1, 3, 5, 9
DROPPED = {
    ("subscriptions", "item"): _ITEM,
    ("contracts", "item"): _ITEM,
    ("subscriptions", "option"): _OPTION,
    ("contracts", "option"): _OPTION,
    ("contracts", "book"): _BOOK,
    ("apps", "book"): _BOOK,
}
"""Which columns of the accounts drop which column of the sheet down."""


def with_offers(document: data.Document, books: Iterable[PriceBook]) -> data.Document:
    """Accounts with the sheet of what some books offer, in place of one from before."""
    pages = tuple(page for page in document.pages if page.title != TITLE)
    known = tuple(books)
    return replace(document, pages=(*pages, _page(known)) if known else pages)


def offered(document: data.Document, sheet: str, key: str) -> tuple[int, int, int] | None:
    """Where the choices of a column stand: their column, the first and the last row; None where there are none."""
    column = DROPPED.get((sheet, key))
    page = next((page for page in document.pages if page.title == TITLE), None)
    if page is None or column is None:
        return None
    rows = [row for row in page.rows[FIRST_ROW - 1 :] if len(row) >= column and row[column - 1]]
    if sheet == "subscriptions" and column == _ITEM:  # usage is not ordered, but agreed on
        rows = [row for row in rows if row[_KIND - 1] != str(_USAGE)]
    return (column, FIRST_ROW, FIRST_ROW + len(rows) - 1) if rows else None


def _page(books: Sequence[PriceBook]) -> data.OwnSheet:
    items: dict[tuple[str, str], str] = {}
    for book in books:
        for item in book.items:
            kind = next(str(label) for own, label in _KINDS if isinstance(item, own))
            items.setdefault((item.code, kind), str(item.name))
    for charge in (charge for book in books for charge in book.charges):
        items.setdefault((charge.item, str(_USAGE)), str(charge.name))
    ordered = [(code, name, kind) for (code, kind), name in items.items()]
    ordered.sort(key=lambda row: row[2] == str(_USAGE))
    codes = dict.fromkeys(book.edition.code for book in books)
    lists = (ordered, _options(books), [(code,) for code in codes])
    return data.OwnSheet(TITLE, (*((line,) for line in _ABOVE), (), _HEADINGS, *_beside(lists)))


def _options(books: Sequence[PriceBook]) -> list[tuple[str, ...]]:
    """The options of extensions, each once, with those that have it."""
    found: dict[str, dict[str, str]] = {}
    for book in books:
        for item in book.items:
            if isinstance(item, Extension) and item.option:
                found.setdefault(item.option, {})[item.extension] = str(item.name)
    return [(option, "、".join(of), "、".join(of.values())) for option, of in found.items()]


def _beside(lists: Sequence[Sequence[tuple[str, ...]]]) -> Iterable[tuple[data.Content, ...]]:
    """Lists beside each other, a blank column between them."""
    widths = (3, 3, 1)
    for number in range(max(map(len, lists))):
        row: list[data.Content] = []
        for rows, width in zip(lists, widths, strict=True):
            own = rows[number] if number < len(rows) else (None,) * width
            row += [*own, None]
        yield tuple(row[:-1])
