"""A customer's month, rated: the steps in their order, and the bill that they make."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xlbill.account_contracts import AgreedCharge, Contract
from xlbill.accounts import Accounts, Customer
from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import PriceBook
from xlbill.language import Label
from xlbill.money import Currency
from xlbill.periods import Month
from xlbill.problems import Fact, Problem, Problems, Subject, Where, has_errors, problem
from xlbill.rating.app_month import AppMonth, app_month_of
from xlbill.rating.bill import Bill, Line, MeterUsage
from xlbill.rating.commitments import commitment_lines
from xlbill.rating.credit import carried, comes_back, credit_remarks, credits_of, is_known, opening_of
from xlbill.rating.customer_lines import customer_group
from xlbill.rating.day_values import day_values
from xlbill.rating.fees import Earlier, fee_lines
from xlbill.rating.figures import Figure
from xlbill.rating.idle_contracts import idle_contracts, idle_prices
from xlbill.rating.list_amounts import with_list_amounts
from xlbill.rating.minimums import minimum_lines
from xlbill.rating.owners import in_order, of_owner, tell_contracts_of_others, tell_currencies, with_owners
from xlbill.rating.packs import Holding, as_left, holdings_of, in_turn
from xlbill.rating.price import adjustment_line
from xlbill.rating.recalculated import parting_problems
from xlbill.rating.rollovers import Allowance, left_alone, tell_lost
from xlbill.rating.taxing import tax_lines
from xlbill.rating.totals import totals_of
from xlbill.rating.usage_groups import UsageGroup
from xlbill.rating.usage_lines import rate_usage
from xlbill.rating.voided_packs import void_lines
from xlbill.rating.years import YearCount, untouched
from xlbill.usage import Usage


@dataclass(frozen=True, slots=True)
class Outcome:
    """A customer's bill and the balances that go on to the next month; without a bill, the problems say why."""

    customer: str
    bill: Bill | None
    carried: tuple[Balance, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Draft:
    """A bill while its steps add to it."""

    customer: Customer
    paid_for: tuple[Customer, ...]
    month: Month
    app_months: list[AppMonth]
    contracts: tuple[Contract, ...]
    charges: tuple[AgreedCharge, ...]
    balances: Mapping[BalanceKey, Balance]
    earlier: Earlier
    holdings: dict[str, list[Holding]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    usage: list[MeterUsage] = field(default_factory=list)
    remarks: list[Label] = field(default_factory=list)
    carried: list[Balance] = field(default_factory=list)
    years: list[YearCount] = field(default_factory=list)
    allowances: list[Allowance] = field(default_factory=list)
    found: Problems = field(default_factory=Problems)

    def of_app(self, app: str) -> list[Line]:
        """The lines of one app so far."""
        return [line for line in self.lines if line.app == app]


def rate(
    customer: Customer,
    accounts: Accounts,
    books: Sequence[PriceBook],
    usage: Usage,
    balances: Mapping[BalanceKey, Balance],
    month: Month,
    where: Where | None = None,
) -> Outcome:
    """A customer's bill for a month. Any error leaves the customer without one, and is told; others go on.

    `where` says for what it is rated: some problems are none there.
    """
    found = Problems(subject=Subject(customer=customer.code), where=where or ("empty-month" if usage.silent else None))
    paid_for = tuple(each for each in accounts.customers if each.payer == customer.code)
    apps = [app for each in (customer, *paid_for) for app in accounts.apps if app.customer == each.code]
    gathered = [app_month_of(app, accounts, books, usage, month, found.about(app=app.code)) for app in apps]
    draft = _Draft(
        customer,
        paid_for,
        month,
        [app_month for app_month in gathered if app_month is not None],
        accounts.contracts,
        accounts.charges,
        balances,
        lambda app, then: app_month_of(app, accounts, books, Usage(), then, Problems()),
        found=found,
    )
    if not draft.app_months and not _sound(books):  # nobody knows in which currency it would be billed
        edition = books[0].edition
        facts: dict[str, Fact] = {"app": customer.code, "found": edition.code, "file": edition.file}
        found += [] if has_errors(found) else [problem("book-unsound", customer.place, None, **facts)]
        return Outcome(customer.code, None, (), tuple(found))
    for step in STEPS:
        step(draft)
    _tell_lost_credit(customer, draft)
    draft.lines += _adjusted(draft, accounts, books)
    tell_currencies(customer, paid_for, draft.app_months, found)
    if has_errors(found):
        return Outcome(customer.code, None, (), tuple(found))
    billed = {customer.code, *(each.code for each in paid_for)}
    found += idle_contracts(accounts.contracts, draft.app_months, draft.lines, billed, month)
    found += idle_prices(draft.app_months, draft.lines, month)
    held = credits_of(balances, customer.code, _currency(draft, books))
    bill = _bill(customer, accounts, books, draft, opening_of(held))
    if bill is not None:
        found += parting_problems(bill)
    if bill is None or has_errors(found):
        return Outcome(customer.code, None, (), tuple(found))
    return Outcome(customer.code, bill, (*draft.carried, *carried(bill, held)), tuple(found))


def _add_fees(draft: _Draft) -> None:
    for app_month in draft.app_months:
        lines, remarks = fee_lines(app_month, draft.earlier, draft.found.about(app=app_month.app.code))
        draft.lines += lines
        draft.remarks += remarks


def _open_packs(draft: _Draft) -> None:
    for app_month in draft.app_months:
        draft.holdings[app_month.app.code] = holdings_of(
            app_month, draft.balances, app_month.month, draft.found.about(app=app_month.app.code)
        )


def _add_usage(draft: _Draft) -> None:
    for app_month in draft.app_months:
        app = app_month.app.code
        _rate_group(draft, UsageGroup(app, (app_month,), tuple(draft.holdings[app]), draft.balances))


def _add_pooled_usage(draft: _Draft) -> None:
    for code, owner in dict.fromkeys((each.book.edition.code, each.app.customer) for each in draft.app_months):
        app_months = tuple(
            each for each in draft.app_months if (each.book.edition.code, each.app.customer) == (code, owner)
        )
        holdings = tuple(in_turn(holding for app_month in app_months for holding in draft.holdings[app_month.app.code]))
        if any(meter.pooled for meter in app_months[0].book.meters.values()):
            _rate_group(draft, UsageGroup("", app_months, holdings, draft.balances, "pool"))


def _rate_group(draft: _Draft, group: UsageGroup) -> None:
    before = draft.lines if group.gathers == "customer" else draft.of_app(group.app)
    rated = rate_usage(group, before, draft.found.about(app=group.app))
    owner = group.app_months[0].app.customer
    draft.lines += of_owner(rated.lines, owner) if owner != draft.customer.code else rated.lines
    draft.usage += rated.usage
    draft.remarks += rated.remarks
    draft.carried += rated.carried
    draft.years += rated.years.values()
    for allowances in rated.allowances.values():
        tell_lost(allowances, draft.balances, draft.earlier, draft.found.about(app=group.app))
        draft.allowances += allowances.all


def _add_minimums(draft: _Draft) -> None:
    for app_month in draft.app_months:
        draft.lines += minimum_lines(
            app_month, draft.of_app(app_month.app.code), draft.found.about(app=app_month.app.code)
        )


def _add_commitments(draft: _Draft) -> None:
    for app_month in draft.app_months:
        found = draft.found.about(app=app_month.app.code)
        lines, counts = commitment_lines(app_month, draft.of_app(app_month.app.code), draft.balances, found)
        draft.lines += lines
        draft.years += counts


def _add_customer_charges(draft: _Draft) -> None:
    tell_contracts_of_others(draft.paid_for, draft.app_months, draft.contracts, draft.found)
    group = customer_group(
        draft.customer, draft.app_months, draft.contracts, draft.charges, draft.balances, draft.found
    )
    if group is not None:
        _rate_group(draft, group)


def _close_months(draft: _Draft) -> None:
    draft.carried += [count.carried() for count in draft.years]
    draft.carried += [allowance.carried() for allowance in draft.allowances]
    if draft.app_months:
        customer = draft.customer.code
        draft.carried += untouched(draft.balances, customer, draft.years, draft.month)
        draft.carried += left_alone(draft.balances, customer, draft.allowances, draft.month)


def _void_packs(draft: _Draft) -> None:
    for app_month in draft.app_months:
        app = app_month.app.code
        lines, remarks = void_lines(draft.holdings[app], draft.earlier, draft.found.about(app=app))
        draft.lines += lines
        draft.remarks += remarks


def _close_packs(draft: _Draft) -> None:
    draft.carried += [holding.carried() for holdings in draft.holdings.values() for holding in holdings]


STEPS = (
    _add_fees,  # first: usage prices may refer to what a plan costs
    _open_packs,  # before usage, which draws on them
    _add_usage,
    _add_pooled_usage,  # after the apps' own: the packs that those left
    _add_minimums,  # after all usage that counts toward them
    _add_commitments,  # beside them: both are taken over usage alone
    _add_customer_charges,  # over all that the apps came to
    _void_packs,  # when nothing draws any more
    _close_packs,
    _close_months,
)


def _tell_lost_credit(customer: Customer, draft: _Draft) -> None:
    """Tell that the month before gave money back, and no balance says what became of it."""
    ended = {each.app.code: (each.app, _ended(each)) for each in draft.app_months}
    if not any(day < draft.month.start for _, days in ended.values() for day in days):
        return  # also in the first month of all, which has none before it
    before = draft.month.plus(-1)
    closing = [app for app, days in ended.values() if any(day in before.period for day in days)]
    if not closing or is_known(draft.balances, customer, before):
        return
    then = [app_month for app in closing if (app_month := draft.earlier(app, before)) is not None]
    lines = [line for app_month in then for line in fee_lines(app_month, draft.earlier, Problems())[0]]
    left = [holding for app_month in then for holding in as_left(app_month, draft.balances)]
    lines += void_lines(left, draft.earlier, Problems())[0]
    if items := [line.item for line in lines if comes_back(line)]:
        facts = {"customer": customer.code, "found": ", ".join(dict.fromkeys(items)), "month": str(before)}
        draft.found.add("credit-missing", customer.place, None, **facts)


def _ended(app_month: AppMonth) -> list[date]:
    """The days on which terms of an app were closed, or packs of it became void."""
    closed = [term.closed for term in app_month.terms]
    void = [purchase.subscription.end for purchase in app_month.purchases]
    return [day for day in (*closed, *void) if day is not None]


def _adjusted(draft: _Draft, accounts: Accounts, books: Sequence[PriceBook]) -> list[Line]:
    """The adjustments of the month, of the customer and of those whom it pays for."""
    lines: list[Line] = []
    for each in (draft.customer, *draft.paid_for):
        own = [a for a in accounts.adjustments if a.customer == each.code and a.date in draft.month.period]
        made = [adjustment_line(a, _currency(draft, books), draft.found) for a in own]
        lines += of_owner(made, each.code) if each.payer is not None else made
    return lines


def _currency(draft: _Draft, books: Sequence[PriceBook]) -> Currency:
    return (draft.app_months[0].book if draft.app_months else _sound(books)[0]).currency


def _sound(books: Sequence[PriceBook]) -> list[PriceBook]:
    return [book for book in books if book.sound]


def _bill(
    customer: Customer, accounts: Accounts, books: Sequence[PriceBook], draft: _Draft, opening: Figure | None
) -> Bill | None:
    all_lines = in_order(with_owners(draft.lines, draft.app_months), draft.app_months, draft.paid_for)
    lines = tuple(line for line in all_lines if line.printed)
    of_scenes = {app_month.book.edition.code: app_month.book for app_month in draft.app_months}
    of_lines = {book.edition.code: book for book in books if book.edition.code in {line.edition for line in lines}}
    used: Collection[PriceBook] = (of_scenes | of_lines).values() or _sound(books)[:1]
    taxed = tax_lines(lines, tuple(used), customer, draft.month, draft.found)
    if taxed is None:
        return None
    totals = totals_of(taxed, tuple(used), opening)
    packs = [holding.balance() for holdings in draft.holdings.values() for holding in holdings]
    packs += [allowance.balance() for allowance in draft.allowances]
    packs += [count.balance() for count in draft.years]
    return Bill(
        seller=accounts.seller,
        customer=customer,
        month=draft.month,
        currency=_currency(draft, books),
        editions=tuple(book.edition for book in used),
        lines=with_list_amounts(taxed.lines),
        usage=tuple(draft.usage),
        packs=tuple(packs),
        taxes=taxed.taxes,
        prepaid=totals.prepaid,
        due=totals.settled.due,
        total=totals.total,
        remarks=(
            *draft.remarks,
            *taxed.notes,
            *(remark for p in draft.found if (remark := p.remark) is not None),
            *credit_remarks(totals.settled, lines, tuple(used)),
        ),
        warnings=tuple(p for p in draft.found if p.severity == "warning"),
        rates=day_values(all_lines, used),
        refunded=totals.settled.refunded,
        postpaid=totals.settled.postpaid,
        credit=totals.settled.credit,
        unprinted=tuple(line for line in all_lines if not line.printed),
        paid_for=draft.paid_for,
        apps=tuple(app for app in accounts.apps if app.customer in {customer.code, *(c.code for c in draft.paid_for)}),
    )
