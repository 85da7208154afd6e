"""A bank's sheet or csv, read as payments of customers: found by its headings, told where it is not clear.

A row is whose its customer code says; without one, whose name or code the payer has, and whose bill the reference
names. Where these are nobody, or two, the row is told and left out. Who writes the code into the row decides.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from xlbill.account_columns import PAYMENTS
from xlbill.cells import Place
from xlbill.language import Label
from xlbill.ledger.canonical import canonical, sha256_of_text
from xlbill.ledger.store import Ledger
from xlbill.money import minor_digits, round_half_up
from xlbill.problems import Problems
from xlbill.sheets import Row, Table, find_sheet, find_table, nearest, read_workbook
from xlbill.sheets.values import narrow, visible

_OTHER_WORDS: Mapping[str, tuple[str, ...]] = {
    "date": ("交易日期", "交易时间", "入账日期", "记账日期", "到账日期", "value date", "booking date"),
    "payer": ("付款方", "对方户名", "对方名称", "对方账户名称", "付款人名称", "付款人户名", "counterparty"),
    "amount": ("收入", "收入金额", "贷方金额", "贷方发生额", "入账金额", "到账金额", "收款金额", "credit"),
    "paid_out": ("支出金额", "借方金额", "借方发生额", "debit"),
    "reference": ("摘要", "用途", "备注", "转账附言", "付款附言", "remittance information", "memo"),
    "serial": ("交易流水号", "银行流水号", "transaction id"),
}
"""What banks call the columns of the accounts' own sheet of payments."""

BANK = replace(
    PAYMENTS,
    columns=tuple(replace(c, aliases=(*c.aliases, *_OTHER_WORDS.get(c.key, ()))) for c in PAYMENTS.columns),
    note=Label("银行流水：每行一笔收款", "A bank's sheet, a payment a row"),
)
_WORD = re.compile(r"[A-Za-z0-9_./#-]+")


@dataclass(frozen=True, slots=True)
class Payer:
    """A customer who may pay: the code, and every name that it is known by."""

    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment as a bank's row tells it; a negative amount was paid back to the customer.

    `place` is the amount's cell, `bill` a bill of the customer that the reference names. `identity` tells the row from
    every other one.
    """

    customer: str
    date: date
    currency: str
    amount: Decimal
    payer: str
    reference: str
    bill: str | None
    place: Place
    identity: str

    @property
    def row(self) -> int:
        """The number of its row."""
        return self.place.row or 0


def read_payments(
    path: Path, shown_as: str, ledger: Ledger, payers: Sequence[Payer], today: date
) -> tuple[tuple[Payment, ...], Problems]:
    """The payments of a bank's file and what is wrong with its other rows; the same row twice is one payment."""
    workbook, found = read_workbook(path, shown_as)
    tables = []
    for sheet in workbook.sheets if workbook is not None else ():
        told = Problems()
        if (table := find_table(sheet, BANK, told)) is not None:
            tables.append(table)
            found += told
        elif len(workbook.sheets if workbook else ()) == 1:
            found += told
    if workbook is not None and not tables and not found:
        find_table(workbook.sheets[0], BANK, found)
    return _payments_in(tables, _Bench(ledger, payers, today), found), found


def read_account_payments(
    path: Path, shown_as: str, ledger: Ledger, payers: Sequence[Payer], today: date
) -> tuple[tuple[Payment, ...], Problems]:
    """The payments of the accounts' sheet 收款 Payments, matched as a bank's are; none where there is no such sheet."""
    workbook, found = read_workbook(path, shown_as)
    sheet = find_sheet(workbook, PAYMENTS) if workbook is not None else None
    table = find_table(sheet, PAYMENTS, found) if sheet is not None else None
    return _payments_in([table] if table is not None else [], _Bench(ledger, payers, today), found), found


def _payments_in(tables: Sequence[Table], bench: "_Bench", found: Problems) -> tuple[Payment, ...]:
    """The payments of some tables, those that stand there twice once."""
    payments: dict[str, Payment] = {}
    for table in tables:
        for payment, row in bench.payments(table, found):
            if payment.identity in payments:
                found.tell(row.problem("payment-twice", "amount", first=payments[payment.identity].row))
            else:
                payments[payment.identity] = payment
    return tuple(payments.values())


class _Bench:
    """What rows are held against: the customers by code and by name, and the ledger."""

    def __init__(self, ledger: Ledger, payers: Sequence[Payer], today: date) -> None:
        self._ledger, self._today = ledger, today
        self._codes = {payer.code.casefold(): payer.code for payer in payers}
        self._names: dict[str, set[str]] = {}
        for payer in payers:
            for name in (payer.code, *payer.names):
                self._names.setdefault(folded(name), set()).add(payer.code)
        self._own_currencies = _currencies(ledger)
        self._decimals = {
            row["currency"]: int(row["most"])
            for row in ledger.rows("SELECT currency, max(decimals) AS most FROM bills GROUP BY currency")
        }

    def payments(self, table: Table, found: Problems) -> Iterable[tuple[Payment, Row]]:
        """Each payment of a table with its row."""
        for row in table.rows:
            if row.cell("amount").blank and not row.cell("paid_out").blank:
                continue  # money that went out: nothing that a customer paid
            told = Problems()
            payment = self._payment(row, told)
            found += told
            if payment is not None:
                yield payment, row

    def _payment(self, row: Row, found: Problems) -> Payment | None:
        day, amount = row.date("date", found), row.number("amount", found)
        payer, reference = row.text("payer", found) or "", row.text("reference", found) or ""
        code, serial = row.code("customer", found), row.code("serial", found) or ""
        given = row.code("currency", found)
        if row.cell("amount").blank:
            found.tell(row.problem("cell-blank", "amount"))
        if found or day is None or amount is None:
            return None
        customer, bill = self._whose(row, code, payer, reference, found)
        currency = self._currency(row, customer, bill, given, found) if customer else None
        if customer is None or currency is None:
            return None
        if day > self._today:
            found.tell(row.problem("payment-in-future", "date", today=self._today.isoformat()))
        decimals = self._decimals.get(currency, minor_digits(currency))
        if amount != round_half_up(amount, decimals):
            found.tell(row.problem("payment-not-rounded", "amount", currency=currency, decimals=decimals))
        if found or not amount:
            return None
        identity = identity_of(day, currency, amount, payer or customer, reference, serial)
        return Payment(customer, day, currency, amount, payer, reference, bill, row.cell("amount").place, identity)

    def _whose(
        self, row: Row, code: str | None, payer: str, reference: str, found: Problems
    ) -> tuple[str | None, str | None]:
        """The customer of a row and the bill that it names; None and a problem where it is nobody's, or two's."""
        bills = _bills_named(self._ledger, reference)
        named, called = set(bills.values()), self._names.get(folded(payer), set())
        own = self._codes.get(code.casefold()) if code else None
        evidence = [{own} if own else set(), named] if code else [called, named]
        told = [customers for customers in evidence if customers]
        common = set.intersection(*told) if told else set()
        if (code and own is None) or not told:
            key = "customer" if code else "payer" if payer else "reference"
            hint = nearest(code or payer, [*self._codes.values()] if code else [*self._names])
            found.tell(row.problem("payment-unmatched", key, nearest=hint or "—"))
            return None, None
        if len(common) != 1:
            customers = ", ".join(sorted(set.union(*told)))
            found.tell(row.problem("payment-ambiguous", "customer" if code else "payer", customers=customers))
            return None, None
        (customer,) = common
        return customer, next((number for number, whose in bills.items() if whose == customer), None)

    def _currency(self, row: Row, customer: str, bill: str | None, given: str | None, found: Problems) -> str | None:
        """The currency of a row: its own, else that of the bill it names, else the only one of the customer's bills."""
        if given:
            return given.upper()
        if bill is not None and (known := self._ledger.row("SELECT currency FROM bills WHERE number = ?", bill)):
            return str(known["currency"])
        own = self._own_currencies.get(customer.casefold(), set())
        if len(own) != 1:
            found.tell(row.problem("payment-currency-unknown", "amount", customer=customer))
            return None
        return next(iter(own))


def identity_of(day: date, currency: str, amount: Decimal, payer: str, reference: str, serial: str) -> str:
    """What tells a bank's row from every other one: its serial number, else all that it says."""
    said = [serial] if serial else [folded(payer), folded(reference)]
    return sha256_of_text(canonical([day, currency, amount, *said]))


def folded(name: str) -> str:
    """A name as it is compared: without case, width and blanks."""
    return "".join(narrow(visible(name)).casefold().split())


def known_payers(ledger: Ledger, named: Mapping[str, Collection[str]]) -> tuple[Payer, ...]:
    """Everybody who may pay: the customers of the accounts with their names, and those whom the ledger has billed."""
    names: dict[str, tuple[str, set[str]]] = {}
    billed = ((row["customer"], (row["name_zh"], row["name_en"])) for row in ledger.rows("SELECT * FROM bills"))
    for code, own in (*named.items(), *billed):
        names.setdefault(code.casefold(), (code, set()))[1].update(name for name in own if name)
    return tuple(Payer(code, tuple(sorted(own))) for code, own in names.values())


def _bills_named(ledger: Ledger, reference: str) -> dict[str, str]:
    """The invoices whose numbers a reference has in it, with their customers."""
    bills = {}
    for word in _WORD.findall(reference):
        sql = "SELECT number, customer FROM bills WHERE number IN (?, ?) AND kind = 'invoice'"
        for row in ledger.rows(sql, word, word.strip("./#-")):
            bills[str(row["number"])] = str(row["customer"])
    return bills


def _currencies(ledger: Ledger) -> dict[str, set[str]]:
    own: dict[str, set[str]] = {}
    for row in ledger.rows("SELECT DISTINCT customer, currency FROM bills"):
        own.setdefault(row["customer"].casefold(), set()).add(row["currency"])
    return own
