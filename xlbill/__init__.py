"""xlbill: price workbooks and usage sheets in, invoice workbooks out.

>>> book = open_book("price_tables/easemob-im-2026.xlsx")
>>> print(book.quote("im.pro", usage={"dau": 31_000}, month="2026-04").total)
4299.00

Everything is in `xlbill.api`, which is loaded when the first of its names is used: `import xlbill` costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlbill.api import Amount, Bill, Book, Line, MonthOf, Order, Refused, Workspace, open_book, open_workspace

__version__ = "0.2.0"

__all__ = [
    "Amount",
    "Bill",
    "Book",
    "Line",
    "MonthOf",
    "Order",
    "Refused",
    "Workspace",
    "__version__",
    "open_book",
    "open_workspace",
]


def __getattr__(name: str) -> Any:
    """A name of the front door, loaded now."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from xlbill import api

    value = getattr(api, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
