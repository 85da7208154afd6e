"""What a price list does to real customers: their own month under the books of today, and with another one among them.

A new edition is weighed as if it came into force on the month's first day. By its own rule it reprices everybody or
new subscribers alone; those who keep their edition are told apart, with what they would pay if they moved. A book with
the code of one of today's takes its place: all its customers are repriced.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from functools import partial
from typing import TypeAlias

from xlbill.accounts import NO_SELLER, Accounts, Customer, Seller, Subscription, by_customer
from xlbill.book.objects import PriceBook
from xlbill.boundary import InternalFault, attempt
from xlbill.cells import Place
from xlbill.foresight.price_moves import PriceMove
from xlbill.foresight.reached import orders_any, other_fees, reached
from xlbill.foresight.repriced import repriced
from xlbill.inputs import Inputs
from xlbill.language import Label
from xlbill.money import round_half_up
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, Subject, problem
from xlbill.processes import Lost, mapped
from xlbill.rating.bill import Bill, LineKind
from xlbill.rating.editions import choose_book
from xlbill.rating.figures import Figure
from xlbill.rating.rate import Outcome, rate

ZERO = Decimal(0)


LineKey: TypeAlias = tuple[LineKind, str, str, str]


@dataclass(frozen=True, slots=True)
class LineImpact:
    """What an item of an app comes to under both books; a refund stands apart from the fee of its item."""

    kind: LineKind
    app: str
    product: str
    item: str
    title: Label
    old: Decimal
    new: Decimal

    @property
    def key(self) -> LineKey:
        """What it is in every month and under every book; adjustments are told apart by what they say."""
        return self.kind, self.app, self.item, self.title.zh if self.kind == "adjustment" else ""

    @property
    def change(self) -> Decimal:
        """By how much it costs more."""
        return self.new - self.old


@dataclass(frozen=True, slots=True)
class CustomerImpact:
    """A customer under both books; None where there is no bill.

    Who keeps its edition is shown as if it moved to a new one, and as it is where a book changes in its own place.
    Who keeps it and would have no bill by the new one has no problem with it, and no new amount either.
    """

    customer: Customer
    currency: str
    plans: tuple[str, ...]
    editions: tuple[str, ...]
    old: Decimal | None
    new: Decimal | None
    kept: bool
    lines: tuple[LineImpact, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def change(self) -> Decimal | None:
        """By how much the customer pays more; None where one side has no bill."""
        return self.new - self.old if self.new is not None and self.old is not None else None

    @property
    def rise(self) -> Decimal | None:
        """The change as a share of the old amount; None where that is nothing, or there is no bill."""
        return self.change / abs(self.old) if self.change is not None and self.old else None

    @property
    def mostly(self) -> LineImpact | None:
        """The item that moves most; None where none moves."""
        most = max(self.lines, key=lambda line: abs(line.change), default=None)
        return most if most is not None and most.change else None

    @property
    def fallen(self) -> bool:
        """Whether only the new book leaves the customer without a bill."""
        return not self.kept and self.old is not None and self.new is None

    def rises_over(self, limit: Decimal) -> bool:
        """Whether it pays more by more than a share; anything is more than nothing."""
        return self.change is not None and self.change > limit * abs(self.old or ZERO)


@dataclass(frozen=True, slots=True)
class Impact:
    """Everybody's change: those who are repriced, and those who keep their edition."""

    months: tuple[Month, ...]
    book: PriceBook
    customers: tuple[CustomerImpact, ...]
    moves: tuple[PriceMove, ...] = ()  # what differs between the books
    seller: Seller = NO_SELLER
    as_if_moved: bool = True  # whether those who keep their edition are weighed as if they moved

    @property
    def repriced(self) -> tuple[CustomerImpact, ...]:
        """Who pays by the new book, with a bill under both."""
        return tuple(c for c in self.customers if not c.kept and c.change is not None)

    @property
    def kept(self) -> tuple[CustomerImpact, ...]:
        """Who keeps another edition."""
        return tuple(c for c in self.customers if c.kept)

    @property
    def movable(self) -> tuple[CustomerImpact, ...]:
        """Who of them could move: the new book would give a bill."""
        return tuple(c for c in self.kept if c.change is not None)

    @property
    def fallen(self) -> tuple[CustomerImpact, ...]:
        """Who has a bill today and none under the new book."""
        return tuple(c for c in self.customers if c.fallen)

    @property
    def unbilled(self) -> tuple[CustomerImpact, ...]:
        """Who has no bill today, whatever the new book says."""
        return tuple(c for c in self.customers if c.old is None)


@dataclass(frozen=True, slots=True)
class Weigher:
    """Rates a customer's month under both sets of books; it may be copied into other processes."""

    inputs: Inputs
    own: Mapping[str, Accounts]
    month: Month
    old: tuple[PriceBook, ...]
    new: tuple[PriceBook, ...]
    moved: tuple[PriceBook, ...]  # as if the new book held for everybody; () where those who keep theirs are left alone
    code: str
    differs: frozenset[str] | None = (
        None  # what must be ordered to be reached by a book in another's place; see `reached`
    )
    fees: Mapping[str, Mapping[Place, Decimal]] = field(default_factory=dict)  # by codes of books of today; see `_fees`

    def __call__(self, customer: Customer) -> CustomerImpact:
        """A customer under both; an error of ours is a problem of that customer."""
        done = attempt(partial(self.weigh, customer))
        if not isinstance(done, InternalFault):
            return done
        return _without_bill(customer, (done.problem(customer.place, Subject(customer=customer.code)),))

    def weigh(self, customer: Customer) -> CustomerImpact:
        """The old bill beside the new one."""
        old = self._rate(customer, self.old)
        new = old if self.stays(customer) else self._under(self.new, customer, old)
        kept = new.bill is not None and self.code not in _editions(new.bill)
        if kept and self.moved:
            new = self._under(self.moved, customer, old)
        new = _comparable(old, new)
        told = () if old.bill is not None and new.bill is not None else (new if old.bill else old).problems
        bill = old.bill or new.bill
        return CustomerImpact(
            customer,
            bill.currency.code if bill is not None else "",
            _plans(bill, self.old) if bill is not None else (),
            _editions(old.bill) if old.bill is not None else (),
            _money(old.bill, old.bill.total) if old.bill is not None else None,
            _money(new.bill, new.bill.total) if new.bill is not None else None,
            kept,
            _lines(old.bill, new.bill),
            tuple(p for p in told if p.severity == "error"),
        )

    def stays(self, customer: Customer) -> bool:
        """Whether both sets of books are one to a customer, so that the bill of today need not be made again.

        Rating looks at the books to choose each app's own, and to find what contracts name: without contracts, and
        with the same book for every app, or one that differs in nothing that was ordered, nothing else can differ.
        """
        orders = self.own[customer.code].subscriptions
        chosen = self._chosen(self.own[customer.code], self.new)
        return bool(chosen) and all(today is then or self._alike(today, then, orders) for today, then in chosen)

    def _chosen(self, own: Accounts, books: Sequence[PriceBook]) -> Sequence[tuple[PriceBook, PriceBook]]:
        """Each app's book of today, and its one among others; none where contracts may name any, or an app has none."""
        if own.contracts or own.charges:
            return ()
        chosen, found = [], Problems()
        for app in own.apps:
            orders = [s for s in own.subscriptions if s.app == app.code and s.start < self.month.period.end]
            today, then = (choose_book(app, orders, (), of, self.month, found) for of in (self.old, books))
            if today is None or then is None or found.errors:
                return ()
            chosen.append((today, then))
        return chosen

    def _alike(self, today: PriceBook, then: PriceBook, orders: Sequence[Subscription]) -> bool:
        """Whether a book that stands in another's place differs in nothing that was ordered."""
        same = today.edition.code == then.edition.code
        return same and self.differs is not None and not orders_any(self.differs, today, orders)

    def _under(self, books: Sequence[PriceBook], customer: Customer, old: Outcome) -> Outcome:
        """The outcome under other books: made of that of today where fees are all that differs, else rated."""
        bill = self._repriced(books, customer, old.bill) if old.bill is not None else None
        return replace(old, bill=bill) if bill is not None else self._rate(customer, books)

    def _repriced(self, books: Sequence[PriceBook], customer: Customer, bill: Bill) -> Bill | None:
        """A bill of today at the fees of other books; None where more may differ, or rating decides by an amount.

        Apps under several books are rated: the newest one may charge them together.
        """
        chosen = {(today.edition, then.edition) for today, then in self._chosen(self.own[customer.code], books)}
        today, then = next(iter(chosen)) if len(chosen) == 1 else (None, None)
        fees = self.fees.get(today.code) if today is not None and then is not None and then.code == self.code else None
        other = repriced(bill, fees) if fees is not None else None
        return replace(other, editions=(then,)) if other is not None and then is not None else None

    def _rate(self, customer: Customer, books: Sequence[PriceBook]) -> Outcome:
        inputs, code = self.inputs, customer.code
        return rate(customer, self.own[code], books, inputs.usage, inputs.balances_of.get(code, {}), self.month)


def weigher(inputs: Inputs, month: Month, book: PriceBook, *, everyone: bool = False) -> Weigher:
    """What weighs a month's customers under a book; `everyone`: as if nobody could keep their edition.

    A book takes the place of the one with its code that is in force in the month. One that waits in the workspace for
    a later day is weighed like one that lies elsewhere.
    """
    code, own = book.edition.code.casefold(), by_customer(inputs.accounts)
    others = tuple(b for b in inputs.books if b.edition.code.casefold() != code)
    replaced = next((b for b in inputs.books if b not in others and b.edition.effective < month.period.end), None)
    for_all = replace(book, applies="all")
    if replaced is not None:
        new, fees = for_all if everyone else book, _fees([replaced], book)
        differs = reached(replaced, new)
        return Weigher(inputs, own, month, inputs.books, (*others, new), (), book.edition.code, differs, fees)
    edition = replace(book.edition, effective=month.start)
    book, for_all = replace(book, edition=edition), replace(for_all, edition=edition)
    new = for_all if everyone else book
    return Weigher(
        inputs, own, month, others, (*others, new), (*others, for_all), edition.code, None, _fees(others, book)
    )


def _fees(books: Sequence[PriceBook], new: PriceBook) -> dict[str, Mapping[Place, Decimal]]:
    """Of the books of today, by their codes, those from which a new one differs in fees alone, and in which.

    What a book is called and from when and for whom it holds decides on whom it reprices, and on no amount.
    """
    as_old = {b.edition.code: other_fees(b, replace(new, edition=b.edition, applies=b.applies)) for b in books}
    return {code: fees for code, fees in as_old.items() if fees is not None}


def impact(
    of_months: Sequence[Weigher],
    book: PriceBook,
    *,
    moves: tuple[PriceMove, ...] = (),
    processes: int = 1,
    watch: Callable[[int, int], object] = lambda done, of: None,
) -> Impact:
    """Every customer under both books, over one month or several together."""
    together: dict[str, list[CustomerImpact]] = {}
    total = sum(len(each.inputs.accounts.debtors) for each in of_months)
    count = 0
    for each in of_months:
        for done in mapped(each, each.inputs.accounts.debtors, processes):
            one = _lost(done) if isinstance(done, Lost) else done
            together.setdefault(one.customer.code, []).append(one)
            count += 1
            watch(count, total)
    customers = tuple(_together(months) for months in together.values())
    as_if_moved, seller = any(each.moved for each in of_months), of_months[0].inputs.accounts.seller
    return Impact(tuple(each.month for each in of_months), book, customers, moves, seller, as_if_moved)


def _together(months: Sequence[CustomerImpact]) -> CustomerImpact:
    """A customer's months as one; a month without a bill leaves it without one."""
    first = months[0]
    if len(months) == 1:
        return first
    lines: dict[LineKey, LineImpact] = {}
    for line in (line for month in months for line in month.lines):
        before = lines.get(line.key)
        lines[line.key] = replace(before, old=before.old + line.old, new=before.new + line.new) if before else line
    return replace(
        first,
        plans=tuple(dict.fromkeys(plan for month in months for plan in month.plans)),
        editions=tuple(dict.fromkeys(code for month in months for code in month.editions)),
        old=_sum(month.old for month in months),
        new=_sum(month.new for month in months),
        kept=all(month.kept for month in months),
        lines=tuple(lines.values()),
        problems=tuple(problem for month in months for problem in month.problems),
    )


def _sum(figures: Iterable[Decimal | None]) -> Decimal | None:
    known = list(figures)
    return None if None in known else sum((figure for figure in known if figure is not None), ZERO)


def _lost(lost: Lost) -> CustomerImpact:
    customer: Customer = lost.job
    return _without_bill(customer, (problem("worker-lost", customer.place),))


def _without_bill(customer: Customer, problems: tuple[Problem, ...]) -> CustomerImpact:
    return CustomerImpact(customer, "", (), (), None, None, False, (), problems)


def _comparable(old: Outcome, new: Outcome) -> Outcome:
    """The new outcome, without its bill where that is in another currency than the old one: nothing says what it means.

    Amounts in two currencies have no difference.
    """
    if old.bill is None or new.bill is None or old.bill.currency.code == new.bill.currency.code:
        return new
    customer = old.bill.customer
    facts = {"customer": customer.code, "old": old.bill.currency.code, "new": new.bill.currency.code}
    return replace(new, bill=None, problems=(problem("currency-changes", customer.place, None, **facts),))


def _money(bill: Bill, amount: Figure) -> Decimal:
    """An amount of a bill with the currency's decimals: nothing is 0.00."""
    return round_half_up(amount.number, bill.currency.decimals)


def _editions(bill: Bill) -> tuple[str, ...]:
    return tuple(edition.code for edition in bill.editions)


def _plans(bill: Bill, books: Sequence[PriceBook]) -> tuple[str, ...]:
    """The plans that a bill charges."""
    plans = {plan.code for book in books for plan in book.plans}
    return tuple(dict.fromkeys(line.item for line in bill.lines if line.item in plans and line.kind != "refund"))


def _lines(old: Bill | None, new: Bill | None) -> tuple[LineImpact, ...]:
    """Both bills item by item."""
    found: dict[LineKey, LineImpact] = {}
    for bill, is_new in ((old, False), (new, True)):
        if bill is None:
            continue
        for line in bill.lines:
            amount = _money(bill, line.amount)
            nothing = LineImpact(line.kind, line.app, line.product, line.item, line.title, amount * 0, amount * 0)
            have = found.get(nothing.key, nothing)
            found[have.key] = replace(have, new=have.new + amount) if is_new else replace(have, old=have.old + amount)
    return tuple(found.values())


def percentile(values: Sequence[Decimal], share: Decimal) -> Decimal | None:
    """The smallest of some figures that so large a share of them does not exceed (nearest rank); of none there is none.

    >>> percentile([Decimal(n) for n in (1, 2, 3, 4)], Decimal("0.5"))
    Decimal('2')
    """
    ordered = sorted(values)
    if not ordered:
        return None
    rank = int((len(ordered) * share).to_integral_value(ROUND_CEILING))
    return ordered[max(rank, 1) - 1]
