"""What can be ordered and agreed on by the price books, as a sheet of the accounts from which cells drop down.

No loader reads it: it is made anew whenever accounts are written beside price books, and says what these had then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from xlbill.book import data
from xlbill.book.objects import Extension, Meter, Model, Pack, Plan, PriceBook, Product
from xlbill.language import Label

TITLE = "可选项 Choices"
_ABOVE = (TITLE, "价目表中的订阅项、选项和价目表代码，供各表下拉选择 What the price books offer, for the drop-downs")
FIRST_ROW = 5
_USAGE = Label("用量", "usage")
_KINDS = ((Plan, Label("套餐", "plan")), (Extension, Label("扩展服务", "extension")), (Pack, Label("加油包", "pack")))
_LISTS: dict[str, tuple[str, ...]] = {
    "items": ("订阅项 item", "名称 name", "种类 kind"),
    "options": ("选项 option", "属于 of", "名称 name"),
    "books": ("价目表 price book",),
    "products": ("产品 product", "名称 name"),
    "meters": ("计量项 meter", "名称 name"),
    "models": ("计价模型 model", "名称 name"),
}
"""The lists of the sheet, side by side with a blank column between them, and their headings."""
_KIND = 3  # the third column of the items
DROPPED = {
    ("subscriptions", "item"): "items",
    ("contracts", "item"): "items",
    ("subscriptions", "option"): "options",
    ("contracts", "option"): "options",
    ("contracts", "book"): "books",
    ("apps", "book"): "books",
    ("contract_charges", "item"): "items",
    ("contract_charges", "product"): "products",
    ("contract_charges", "meter"): "meters",
    ("contract_charges", "model"): "models",
    ("contract_charges", "prorate"): "models",
    ("contract_charges", "rollover"): "models",
}
"""Which columns of the accounts drop which list of the sheet down."""


def with_offers(document: data.Document, books: Iterable[PriceBook]) -> data.Document:
    """Accounts with the sheet of what some books offer, in place of one from before."""
    pages = tuple(page for page in document.pages if page.title != TITLE)
    known = tuple(books)
    return replace(document, pages=(*pages, _page(known)) if known else pages)


def offered(document: data.Document, sheet: str, key: str) -> tuple[int, int, int] | None:
    """Where the choices of a column stand: their column, the first and the last row; None where there are none."""
    name = DROPPED.get((sheet, key))
    page = next((page for page in document.pages if page.title == TITLE), None)
    if page is None or name is None:
        return None
    column = _column(name)
    rows = [row for row in page.rows[FIRST_ROW - 1 :] if len(row) >= column and row[column - 1]]
    if sheet == "subscriptions" and name == "items":  # usage is not ordered, but agreed on
        rows = [row for row in rows if row[_KIND - 1] != str(_USAGE)]
    return (column, FIRST_ROW, FIRST_ROW + len(rows) - 1) if rows else None


def _column(name: str) -> int:
    """The first column of a list."""
    before = takewhile(lambda each: each != name, _LISTS)
    return 1 + sum(len(_LISTS[each]) + 1 for each in before)


def _page(books: Sequence[PriceBook]) -> data.OwnSheet:
    lists: dict[str, Sequence[tuple[str, ...]]] = {
        "items": _items(books),
        "options": _options(books),
        "books": [(code,) for code in dict.fromkeys(book.edition.code for book in books)],
        "products": _named(each for book in books for each in book.products.values()),
        "meters": _named(each for book in books for each in book.meters.values()),
        "models": _named(each for book in books for each in book.models.values()),
    }
    headings = _side_by_side({name: [words] for name, words in _LISTS.items()})
    return data.OwnSheet(TITLE, (*((line,) for line in _ABOVE), (), *headings, *_side_by_side(lists)))


def _named(coded: Iterable[Product | Meter | Model]) -> list[tuple[str, ...]]:
    """Codes, each once with its name."""
    return [*{each.code: (each.code, str(each.name)) for each in coded}.values()]


def _items(books: Sequence[PriceBook]) -> list[tuple[str, str, str]]:
    """What is ordered, and after it what is used, each once with its name and its kind."""
    items: dict[tuple[str, str], str] = {}
    for book in books:
        for item in book.items:
            kind = next(str(label) for own, label in _KINDS if isinstance(item, own))
            items.setdefault((item.code, kind), str(item.name))
    for charge in (charge for book in books for charge in book.charges):
        items.setdefault((charge.item, str(_USAGE)), str(charge.name))
    ordered = [(code, name, kind) for (code, kind), name in items.items()]
    return sorted(ordered, key=lambda row: row[2] == str(_USAGE))


def _options(books: Sequence[PriceBook]) -> list[tuple[str, ...]]:
    """The options of extensions, each once, with those that have it."""
    found: dict[str, dict[str, str]] = {}
    for book in books:
        for item in book.items:
            if isinstance(item, Extension) and item.option:
                found.setdefault(item.option, {})[item.extension] = str(item.name)
    return [(option, "、".join(of), "、".join(of.values())) for option, of in found.items()]


def _side_by_side(lists: Mapping[str, Sequence[tuple[str, ...]]]) -> Iterable[tuple[data.Content, ...]]:
    """The rows of lists beside each other, a blank column between them."""
    for number in range(max(map(len, lists.values()))):
        row: list[data.Content] = []
        for name, headings in _LISTS.items():
            rows = lists[name]
            own = rows[number] if number < len(rows) else (None,) * len(headings)
            row += [*own, None]
        yield tuple(row[:-1])
