"""The accounts workbook: who the customers are, what they have subscribed to and agreed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias, TypeVar

from xlbill import account_columns as columns
from xlbill.account_contracts import AgreedCharge, Contract, read_agreed_charge, read_contract
from xlbill.account_payers import payer_problem, payers_named
from xlbill.account_strangers import own_fields, tell_strangers
from xlbill.cells import NOWHERE, Place
from xlbill.grouping import grouped, repeated
from xlbill.house_rules import USUAL_RULES, HouseRules, house_rules
from xlbill.language import Label, Language
from xlbill.periods import Period
from xlbill.problems import Fact, Problems, Subject, problem
from xlbill.sheets import Hints, Row, Table, Workbook, find_sheet, find_table, read_settings, read_workbook

T = TypeVar("T")
OwnFields: TypeAlias = Mapping[str, str]
"""What a row says in columns of the house's own, by their headings (see own_name): marks of templates show it."""


@dataclass(frozen=True, slots=True)
class Seller:
    """Who issues the invoices: its facts (name, bank, terms ...) in both languages, and how it numbers and issues."""

    facts: Mapping[str, Label]
    rules: HouseRules = USUAL_RULES


@dataclass(frozen=True, slots=True)
class Customer:
    """Who is billed."""

    code: str
    name: Label
    tax_id: str
    address: str
    bank: str
    contact: str
    language: Language
    template: str | None  # the file name of a template; None: the language's own
    place: Place
    invoice_type: str | None = None  # "special", whose tax can be deducted, or "ordinary"
    invoice_email: str = ""
    password: str = field(default="", repr=False)  # that its invoices need to open; blank: none
    billing_day: int = 1  # on which terms that follow it begin
    own: OwnFields = field(default_factory=dict, hash=False)
    tax_class: str | None = None  # of the Taxes sheet of its price books
    template_place: Place = NOWHERE
    payer: str | None = None  # the customer on whose bill its apps stand; None: its own
    payer_place: Place = NOWHERE
    contract_no: str = ""  # of the framework contract, and of its own order: what its finance looks for on a bill
    order_no: str = ""


UNNAMED_APP = "(quoted)"
"""The code of an app that nobody has named, as a quotation has one: no page shows it."""


def named_app(code: str) -> str:
    """An app's code as pages show it: blank where nobody has named it."""
    return "" if code == UNNAMED_APP else code


@dataclass(frozen=True, slots=True)
class App:
    """An application of a customer, in a region, under one edition of the prices."""

    code: str
    customer: str
    region: str
    opened: date | None
    book: str | None
    place: Place
    region_place: Place
    book_place: Place
    own: OwnFields = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Subscription:
    """An order: an item from a day on, renewed until its end."""

    app: str
    item: str
    option: str | None
    quantity: Decimal
    start: date
    end: date | None  # no term begins on or after it
    renew: bool
    place: Place
    quantity_place: Place
    end_place: Place = NOWHERE
    own: OwnFields = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An amount that somebody decided, with the reason; `period` are the days of service that it is about."""

    customer: str
    date: date
    text: Label
    amount: Decimal
    place: Place
    app: str = ""
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Accounts:
    """The whole workbook; what is broken in it is left out and told as problems."""

    seller: Seller
    customers: tuple[Customer, ...]
    apps: tuple[App, ...]
    subscriptions: tuple[Subscription, ...]
    contracts: tuple[Contract, ...]
    adjustments: tuple[Adjustment, ...]
    charges: tuple[AgreedCharge, ...] = ()  # usage prices that contracts bring of their own

    def owners(self) -> dict[str, frozenset[str]]:
        """On whose bill each app stands: one customer's, or several ones' where its row stands twice."""
        rows, payers = grouped(self.apps, lambda app: app.code.casefold()), self.payers
        return {
            app.code: frozenset(payers.get(row.customer, row.customer) for row in rows[app.code.casefold()])
            for app in self.apps
        }

    @property
    def payers(self) -> dict[str, str]:
        """Who pays for whom, where that is another customer."""
        return {customer.code: customer.payer for customer in self.customers if customer.payer is not None}

    @property
    def debtors(self) -> tuple[Customer, ...]:
        """The customers who get a bill: those who pay themselves."""
        return tuple(customer for customer in self.customers if customer.payer is None)

    @property
    def opened(self) -> dict[str, date]:
        """The first day of each app whose row says it."""
        return {app.code: app.opened for app in self.apps if app.opened is not None}


NO_SELLER = Seller({})


def by_customer(accounts: Accounts) -> dict[str, Accounts]:
    """The accounts of each customer alone, so that rating one does not look through the rows of all.

    Those of somebody who pays for others have theirs, too; those of somebody who is paid for, its own as if it paid.
    """
    paid_for = grouped(accounts.customers, lambda customer: customer.payer or "")
    owner = {app.code: app.customer for app in accounts.apps}
    apps = grouped(accounts.apps, lambda app: app.customer)
    subscriptions = grouped(accounts.subscriptions, lambda s: owner.get(s.app, ""))
    contracts = grouped(accounts.contracts, lambda c: c.customer or owner.get(c.app or "", ""))
    charges = grouped(accounts.charges, lambda c: c.customer or owner.get(c.app or "", ""))
    adjustments = grouped(accounts.adjustments, lambda a: a.customer)

    def of(*customers: Customer) -> Accounts:
        codes = [customer.code for customer in customers]
        return replace(
            accounts,
            customers=customers,
            apps=tuple(row for code in codes for row in apps.get(code, ())),
            subscriptions=tuple(row for code in codes for row in subscriptions.get(code, ())),
            contracts=tuple(row for code in codes for row in contracts.get(code, ())),
            adjustments=tuple(row for code in codes for row in adjustments.get(code, ())),
            charges=tuple(row for code in codes for row in charges.get(code, ())),
        )

    return {each.code: of(replace(each, payer=None), *paid_for.get(each.code, ())) for each in accounts.customers}


def load_accounts(path: Path, shown_as: str | None = None) -> tuple[Accounts | None, Problems]:
    """The accounts of a workbook, None where it cannot be used at all, and all problems in it, each about its row."""
    workbook, found = read_workbook(path, shown_as)
    if workbook is None:
        return None, found
    tables: dict[str, Table] = {}
    for kind in columns.SHEETS:
        if kind is columns.PAYMENTS:  # nobody's bill depends on it: the ledger reads it
            continue
        sheet = find_sheet(workbook, kind)
        table = find_table(sheet, kind, found) if sheet is not None else None
        if table is not None:
            tables[kind.key] = table
        elif kind.required:
            titles = ", ".join(s.name for s in workbook.sheets)
            if sheet is None:
                found.add("sheet-missing", Place(workbook.file), sheet=str(kind.title), found=titles)
            return None, found
    return _accounts(workbook, tables, found), found


def _accounts(workbook: Workbook, tables: Mapping[str, Table], found: Problems) -> Accounts:
    known = {code for row in tables["customers"].rows if (code := row.peek("customer"))}
    owner = {
        app: customer for row in tables["apps"].rows if (app := row.peek("app")) and (customer := row.peek("customer"))
    }
    payers = payers_named(tables["customers"])

    hints = {"customer": Hints(known), "app": Hints(owner)}
    tell_strangers(workbook, tables, owner, found)

    def each(sheet: str, read: Callable[[Row, Problems], T | None]) -> tuple[T, ...]:
        values = []
        for row in tables[sheet].rows if sheet in tables else ():
            told = found.about(customer=row.peek("customer") or "", app=row.peek("app") or "").apart()
            value = read(row, told)
            _check_references(row, sheet, owner, hints, told)
            if sheet == "customers" and (bad := payer_problem(row, known, payers)) is not None:
                told.tell(bad)
            found.tell(*told)
            if value is not None and not told.errors:
                values.append(value)
        return tuple(values)

    own = {key: own_fields(table) for key, table in tables.items()}
    customers = each("customers", lambda row, told: _customer(row, own["customers"], told))
    apps = each("apps", lambda row, told: _app(row, own["apps"], told))
    found += _twice("customer-twice", customers, lambda c: c.code, lambda c: c.place, lambda c: Subject(c.code))
    found += _twice("app-twice", apps, lambda a: a.code, lambda a: a.place, lambda a: Subject(a.customer, a.code))
    subscriptions = each("subscriptions", lambda row, told: _subscription(row, own["subscriptions"], told))
    found += _ordered_twice(subscriptions)
    adjustments = each("adjustments", adjustment_of)
    found += adjusted_twice(adjustments)
    return Accounts(
        _seller(tables.get("seller"), found),
        customers,
        apps,
        subscriptions,
        each("contracts", lambda row, told: read_contract(row, tables["contracts"], told)),
        adjustments,
        each("contract_charges", read_agreed_charge),
    )


def _customer(row: Row, own: Mapping[str, int], found: Problems) -> Customer | None:
    code, name = row.code("customer", found), row.text("name", found)
    if code is None or name is None:
        return None
    return Customer(
        code,
        Label(name, row.text("name_en", found) or ""),
        row.code("tax_id", found) or "",
        row.text("address", found) or "",
        row.text("bank", found) or "",
        row.text("contact", found) or "",
        "en" if row.choice("language", found) == "en" else "zh",
        row.file_name("template", found),
        row.cell("customer").place,
        row.choice("invoice_type", found),
        row.text("invoice_email", found) or "",
        row.text("password", found) or "",
        _billing_day(row, found),
        _own(row, own),
        row.code("tax_class", found),
        row.cell("template").place,
        row.code("payer", found),
        row.cell("payer").place,
        row.code("contract_no", found) or "",
        row.code("order_no", found) or "",
    )


def _own(row: Row, columns: Mapping[str, int]) -> OwnFields:
    """What stands in a row's columns of the house's own, as its owner sees it."""
    cells = ((name, row.form.sheet.cell(row.position, column)) for name, column in columns.items())
    return {name: cell.value.strip() if isinstance(cell.value, str) else cell.shown for name, cell in cells}


def _billing_day(row: Row, found: Problems) -> int:
    """A day of the month, the 1st where none is given; in a shorter month it is the last."""
    day = row.number("billing_day", found)
    if day is not None and (day % 1 or not 1 <= day <= 31):
        found.tell(row.problem("billing-day-bad", "billing_day"))
        return 1
    return 1 if day is None else int(day)


def _app(row: Row, own: Mapping[str, int], found: Problems) -> App | None:
    code, customer, region = row.code("app", found), row.code("customer", found), row.code("region", found)
    if code is None or customer is None or region is None:
        return None
    place, region_place, book_place = (row.cell(key).place for key in ("app", "region", "book"))
    opened, book, fields = row.date("opened", found), row.code("book", found), _own(row, own)
    return App(code, customer, region, opened, book, place, region_place, book_place, fields)


def _subscription(row: Row, own: Mapping[str, int], found: Problems) -> Subscription | None:
    app, item, start = row.code("app", found), row.code("item", found), row.date("start", found)
    quantity, end, renew = row.number("quantity", found), row.date("end", found), row.yes("renew", found)
    if quantity is not None and quantity <= 0:
        found.tell(row.problem("not-positive", "quantity"))
    if start is not None and end is not None and end <= start:
        found.tell(row.problem("end-before-start", "end", start=str(start)))
    if app is None or item is None or start is None:
        return None
    return Subscription(
        app,
        item,
        row.code("option", found),
        Decimal(1) if quantity is None else quantity,
        start,
        end,
        renew is not False,
        row.cell("item").place,
        row.cell("quantity").place,
        row.cell("end").place,
        _own(row, own),
    )


def adjustment_of(row: Row, found: Problems) -> Adjustment | None:
    """An adjustment of its row, in the accounts or in a file of its own."""
    customer, day, amount = row.code("customer", found), row.date("date", found), row.number("amount", found)
    text = row.text("text", found)
    if customer is None or day is None or amount is None or text is None:
        return None
    label = Label(text, row.text("text_en", found) or "")
    first, last = row.date("first", found), row.date("last", found)
    if (first is None) != (last is None):
        found.tell(row.problem("adjustment-period-half", "first" if first is None else "last"))
    if first is not None and last is not None and last < first:
        found.tell(row.problem("end-before-start", "last", start=str(first - timedelta(days=1))))
    period = Period(first, last + timedelta(days=1)) if first and last and first <= last else None
    return Adjustment(customer, day, label, amount, row.cell("amount").place, row.code("app", found) or "", period)


def _seller(table: Table | None, found: Problems) -> Seller:
    if table is None:
        return NO_SELLER
    settings = columns.SELLER_SETTING | columns.ACCOUNT_SETTING
    zh = read_settings(table, settings, found)
    en = read_settings(table, settings, Problems(), "value_en")  # what is wrong with the rows is told once
    facts = {key: Label(zh.text(key, found) or "", en.text(key, found) or "") for key in columns.SELLER_FACT}
    return Seller(facts, house_rules(zh, found))


def _check_references(
    row: Row, sheet: str, owner: Mapping[str, str], hints: Mapping[str, Hints], found: Problems
) -> None:
    """A row that names a customer or an app must name one that there is."""
    customers, apps = hints["customer"], hints["app"]
    if sheet != "customers" and (customer := row.peek("customer")) is not None and customer not in customers:
        found.tell(row.problem("unknown-customer", "customer", nearest=customers.near(customer) or "—"))
    if (
        sheet in ("subscriptions", "contracts", "contract_charges", "adjustments")
        and (app := row.peek("app")) is not None
        and app not in owner
    ):
        found.tell(row.problem("unknown-app", "app", nearest=apps.near(app) or "—"))
    if sheet in ("contracts", "contract_charges"):
        named, of = row.peek("customer"), owner.get(row.peek("app") or "")
        if named is not None and of is not None and named != of:
            found.tell(row.problem("contract-of-two", "app", owner=of))


def _twice(
    code: str,
    values: tuple[T, ...],
    key: Callable[[T], str],
    place: Callable[[T], Place],
    about: Callable[[T], Subject],
) -> Problems:
    """Codes that stand in two rows: nobody knows which one is meant."""
    found = Problems()
    for value, same in repeated(values, lambda value: key(value).casefold()):
        facts: dict[str, Fact] = {"found": key(value), "first": str(place(same).row)}
        found.tell(replace(problem(code, place(value), None, **facts), about=about(value)))
    return found


def _ordered_twice(subscriptions: Sequence[Subscription]) -> Problems:
    """Orders that stand in two rows: perhaps two were bought, perhaps a row was copied."""
    found = Problems()
    said = lambda o: (o.app, o.item.casefold(), (o.option or "").casefold(), o.quantity, o.start)  # noqa: E731
    for order, same in repeated(subscriptions, said):
        shown = " ".join(part for part in (order.item, order.option) if part)
        found.add("order-twice", order.place, app=order.app, found=shown, first=str(same.place.row))
    return found


def adjusted_twice(adjustments: Sequence[Adjustment]) -> Problems:
    """Adjustments that say the same in two rows: a copied row gives money away twice."""
    found = Problems()
    said = lambda a: (a.customer.casefold(), a.date, " ".join(str(a.text).split()), a.amount, a.app, a.period)  # noqa: E731
    for one, same in repeated(adjustments, said):
        here = same.place.file == one.place.file
        facts: dict[str, Fact] = {"found": f"{one.amount:,f}", "first": str(same.place.row if here else same.place)}
        found.about(customer=one.customer).add("adjustment-twice", one.place, None, **facts)
    return found
