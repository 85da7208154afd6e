"""Contracts as they stand in the accounts: what was agreed for a customer or one of its apps, a row each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from xlbill.account_strangers import parameter_headings
from xlbill.cells import Place
from xlbill.money import plain
from xlbill.problems import Problems
from xlbill.quantities import columns_of
from xlbill.sheets import Row, Table
from xlbill.sheets.values import narrow

Agreed = tuple[Decimal, Place]


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed for a customer or one app: a parameter overridden, a discount, a minimum, a whole book."""

    customer: str | None
    app: str | None
    item: str | None
    option: str | None
    overrides: Mapping[str, Agreed]  # price, included, or any other parameter of a model
    discount: Agreed | None
    minimum: Agreed | None
    book: str | None
    start: date
    end: date | None  # its last day
    reference: str
    place: Place
    narrow: bool = False  # its item is a thing's own name in the price book: not its product's other things


@dataclass(frozen=True, slots=True)
class AgreedCharge:
    """A usage price that a contract brings of its own: a row like those of a price list, which its book reads."""

    customer: str | None
    app: str | None
    start: date
    end: date | None  # its last day
    reference: str
    row: Row

    @property
    def place(self) -> Place:
        """Where it stands in the accounts."""
        return self.row.place


def read_agreed_charge(row: Row, found: Problems) -> AgreedCharge | None:
    """A row of the Contract charges sheet: whose it is, and when it holds."""
    customer, app = row.code("customer", found), row.code("app", found)
    start, end = row.date("start", found), row.date("end", found)
    if customer is None and app is None:
        found.tell(row.problem("contract-of-nobody", "customer"))
    if start is not None and end is not None and end < start:
        found.tell(row.problem("end-before-start", "end", start=str(start - timedelta(days=1))))
    if start is None:
        return None
    return AgreedCharge(customer, app, start, end, row.text("reference", found) or "", row)


def read_contract(row: Row, table: Table, found: Problems) -> Contract | None:
    """A row of the Contracts sheet; what it says about money is told where it can be understood in two ways."""
    customer, app = row.code("customer", found), row.code("app", found)
    start, end = row.date("start", found), row.date("end", found)
    figures = {key: (n, row.cell(key).place) for key in figure_keys(table) if (n := row.number(key, found)) is not None}
    minimum, discount = figures.pop("minimum", None), _discount(row, found)
    if customer is None and app is None:
        found.tell(row.problem("contract-of-nobody", "customer"))
    said = (*figure_keys(table), "discount", "book")
    if all(row.cell(key).blank for key in said):
        found.tell(row.problem("contract-empty", "item"))
    if not row.cell("book").blank and not row.cell("item").blank:
        found.tell(row.problem("contract-book-of-item", "book", item=row.peek("item") or ""))
    if row.cell("item").blank:
        of_nothing = [*figures, *([] if row.cell("option").blank else ["option"])]
        of_nothing += ["minimum"] if minimum is not None and app is not None else []  # of the customer it may be
        found += [row.problem("contract-item-blank", key, name=key) for key in of_nothing]
    found += [row.problem("negative-figure", key) for key, (number, _) in figures.items() if number < 0]
    if minimum is not None and minimum[0] < 0:
        found.tell(row.problem("negative-figure", "minimum"))
    if discount is not None and "price" in figures:
        found.tell(row.problem("price-and-discount", "discount"))
    if start is not None and end is not None and end < start:
        found.tell(row.problem("end-before-start", "end", start=str(start - timedelta(days=1))))
    if start is None:
        return None
    return Contract(
        customer,
        app,
        row.code("item", found),
        row.code("option", found),
        figures,
        discount,
        minimum,
        row.code("book", found),
        start,
        end,
        row.text("reference", found) or "",
        row.cell("item").place,
    )


def figure_keys(table: Table) -> tuple[str, ...]:
    """The columns of the sheet that hold figures but the discount: declared ones, and any that names a parameter."""
    declared = tuple(quantity.key for quantity in columns_of("contracts") if quantity.key != "discount")
    return (*declared, *(heading.key for heading in parameter_headings(table)))


def _discount(row: Row, found: Problems) -> Agreed | None:
    """The part that is taken off: 10%, 0.1, or in words, 九折, 88折, 90% off.

    A figure above a half is an error: 0.9 where 九折 was meant would leave a tenth to pay. Words say which is meant.
    """
    cell = row.cell("discount")
    if isinstance(cell.value, str) and (worded := discount_in_words(cell.value)) is not None:
        return worded, cell.place
    discount = row.number("discount", found)
    if discount is None:
        return None
    if not 0 <= discount <= 1:
        found.tell(row.problem("discount-out-of-range", "discount"))
    elif discount > Decimal("0.5"):
        left, off = f"{plain(100 - discount * 100)}%", f"{plain(discount * 100)}% off"
        found.tell(row.problem("discount-over-half", "discount", left=left, off=off))
    return discount, cell.place


_TO_PAY = re.compile(r"打?([1-9])(?:\.([0-9])|([1-9]))?折")
_TAKEN_OFF = re.compile(r"(?:(?:减免?|优惠)(\d+(?:\.\d+)?)%|(\d+(?:\.\d+)?)%(?:off|减免))")
_CHINESE = str.maketrans("一二三四五六七八九", "123456789")


def discount_in_words(text: str) -> Decimal | None:
    """The part that words take off: 九折 and 9折 leave nine tenths, 88折 and 8.8折 88 %, 90% off leaves a tenth.

    >>> discount_in_words("九折"), discount_in_words("88折"), discount_in_words("90% off"), discount_in_words("0.9")
    (Decimal('0.1'), Decimal('0.12'), Decimal('0.9'), None)
    """
    bare = "".join(narrow(text).casefold().split()).translate(_CHINESE)
    if to_pay := _TO_PAY.fullmatch(bare):
        whole, tenths = to_pay[1], to_pay[2] or to_pay[3]
        return 1 - Decimal(f"0.{whole}{tenths or ''}")
    if off := _TAKEN_OFF.fullmatch(bare):
        part = Decimal(off[1] or off[2]) / 100
        return part if part <= 1 else None
    return None
