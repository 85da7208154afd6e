"""A bill as its pages present it: lines in groups with their subtotals, usage app by app, rows of the price list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from xlbill.accounts import Customer, Seller, named_app
from xlbill.formula import Binary, Call, Name, Num, Text
from xlbill.invoice.words import CHANGED, amount_in_words
from xlbill.language import Label, Language
from xlbill.money import Currency, plain, round_half_up
from xlbill.rating.bill import NAMELESS, Bill, Line, MeterUsage, UsageColumn
from xlbill.rating.figures import Figure, computed, given, our, total

MOST_APPS = 3
"""So many apps are named in a row of the price sheet."""
Day = date | None  # a moment (datetime) where each time counts; None: the figure of a whole month


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one product of one app, and what they add up to."""

    app: str
    product: str
    title: Label
    lines: tuple[Line, ...]
    subtotal: Figure
    named: Label = NAMELESS  # the app, or whose the lines are that no app has
    first: bool = False  # whether it is the first of its app, or stands first on a page
    owner: Label | None = None  # whose app it is, where the bill is for several customers


@dataclass(frozen=True, slots=True)
class Member:
    """One of the customers whose apps stand on a bill for several, and what its lines add up to."""

    customer: Customer
    subtotal: Figure


@dataclass(frozen=True, slots=True)
class PriceRow:
    """What a line is priced with: its figures by name, each name perhaps several times."""

    title: Label
    line: Line | None  # None: usage, a pack, a tax, the totals
    figures: Mapping[tuple[str, int], Figure]
    sharing: tuple[Line, ...] = ()  # further lines that are priced with the same figures

    @property
    def apps(self) -> Label:
        """The apps of its lines; of many the first, and how many there are."""
        lines = (self.line, *self.sharing) if self.line is not None else ()
        apps = list(dict.fromkeys(line.app for line in lines if named_app(line.app)))
        if len(apps) > MOST_APPS:
            return Label(f"{apps[0]} 等 {len(apps)} 个", f"{apps[0]} and {len(apps) - 1} more")
        return Label("、".join(apps), ", ".join(apps))


@dataclass(frozen=True, slots=True)
class AppUsage:
    """The measured usage of one app ("" for all apps of a customer together)."""

    app: str
    meters: tuple[MeterUsage, ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """The days for which there is a figure; first that of the whole month, where there is one."""
        days = {day for meter in self.meters for day, _ in all_days(meter)}
        return tuple(sorted(days, key=lambda day: (day is not None, day)))

    @property
    def months(self) -> tuple[Label, ...]:
        """What the months' figures are called: peak, sum."""
        return tuple(dict.fromkeys(label for meter in self.meters for label, _ in meter.months))

    @property
    def charts(self) -> tuple[MeterUsage, ...]:
        """The meters that are drawn: those with daily figures."""
        return tuple(meter for meter in self.meters if len(dated(meter)) > 1)


@dataclass(frozen=True, slots=True)
class DayOf:
    """The day of a row of the usage sheet."""

    day: Day


@dataclass(frozen=True, slots=True)
class UsageCell:
    """One column of the usage sheet, in one row: a dimension's figures, or a meter's totals or quota (no `part`)."""

    meter: MeterUsage
    part: UsageColumn | None
    row: DayOf | Label | None = None  # a day, the name of a month's figure, or a heading

    @property
    def usage(self) -> Figure | None:
        """The figure of the row's day."""
        days = self.part.by_day if self.part else self.meter.total_of
        return days.get(self.row.day) if isinstance(self.row, DayOf) else None

    @property
    def month_figure(self) -> Figure | None:
        """The month's figure of the row's name; it stands below the totals where there are any."""
        if (self.part is None) != bool(self.meter.daily) or not isinstance(self.row, Label):
            return None
        return dict(self.meter.months).get(self.row)

    @property
    def quota(self) -> Figure | None:
        """The quota, beside each real day of a meter of which the peak counts."""
        by_day = isinstance(self.row, DayOf) and self.row.day and quota_by_day(self.meter)
        return self.meter.quota if by_day else None

    @property
    def quota_of_month(self) -> Figure | None:
        """The quota, beside the month's figure."""
        own = isinstance(self.row, Label) and self.row in dict(self.meter.months)
        return self.meter.quota if own else None


@dataclass(frozen=True, slots=True)
class Issuance:
    """How a bill was issued: under which number, on which day, payable until when; a draft has none of these.

    A quotation is of a day, too, and holds until another.
    """

    number: str | None = None
    issued: date | None = None
    due_on: date | None = None
    valid_until: date | None = None
    draft: bool = False
    owed: Decimal | None = None  # what the customer owes from before, by the ledger; None where that is not asked
    received: Decimal | None = None  # what it paid since the bill before; `owed` is less that


DRAFT = Issuance(draft=True)


@dataclass(frozen=True, slots=True)
class Savings:
    """What all lines come to at list prices, and what contracts save of that."""

    list_total: Figure
    saved: Figure


@dataclass(frozen=True, slots=True)
class Owed:
    """The customer's account on its bill: what is open from before, and with this bill.

    owed = brought - received, where something was paid since the bill before; balance = owed + due.
    """

    owed: Figure
    balance: Figure
    brought: Figure | None = None
    received: Figure | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Those that are known."""
        return tuple(f for f in (self.brought, self.received, self.owed, self.balance) if f is not None)


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill with what its pages need besides: number and dates of the issue, words, groups."""

    bill: Bill
    issuance: Issuance
    language: Language
    groups: tuple[Group, ...]
    usage: tuple[AppUsage, ...]
    members: tuple[Member, ...] = ()  # of a bill for several customers: who pays first
    prices: tuple[PriceRow, ...] = ()
    savings: Savings | None = None  # None where no contract saves anything
    account: Owed | None = None  # None where it is not known
    spelled: dict[tuple[str, Language], Figure] = field(default_factory=dict, repr=False)  # those that were asked for

    @property
    def seller(self) -> Seller:
        """Who issues it."""
        return self.bill.seller

    @property
    def subtotals(self) -> tuple[Figure, ...]:
        """The sums that its pages make."""
        saved = (self.savings.list_total, self.savings.saved) if self.savings is not None else ()
        return (*(group.subtotal for group in self.groups), *(member.subtotal for member in self.members), *saved)

    @property
    def customer(self) -> Customer:
        """Who is billed."""
        return self.bill.customer

    def words(self, name: str, language: Language) -> Figure:
        """An amount (total, due, prepaid) in words; the same figure whenever it is asked for."""
        if (name, language) not in self.spelled:
            amount: Figure = getattr(self.bill, name)
            self.spelled[name, language] = in_words(amount, self.bill.currency, language, signed=name != "due")
        return self.spelled[name, language]


def view_of(bill: Bill, issuance: Issuance) -> BillView:
    """A bill's pages, before they have rows and columns."""
    groups, usage = _groups(bill), _usage(bill.usage)
    account = _account(bill, issuance)
    language, savings = bill.customer.language, _savings(bill)
    return BillView(bill, issuance, language, groups, usage, _members(bill), savings=savings, account=account)


def _savings(bill: Bill) -> Savings | None:
    """What contracts save on a bill."""
    listed = [line.at_list for line in bill.lines if line.at_list is not None]
    saved = tuple(each.saved for each in listed if each.saved is not None)
    if not saved:
        return None
    return Savings(total("list_total", tuple(each.list_amount for each in listed)), total("saved", saved))


def _account(bill: Bill, issuance: Issuance) -> Owed | None:
    """What is owed from before, and what with this bill, as far as the ledger was asked."""
    if issuance.owed is None:
        return None
    brought = received = None
    owed = given("owed", issuance.owed)
    if issuance.received:
        brought, received = given("brought", issuance.owed + issuance.received), given("received", issuance.received)
        owed = computed("owed", our("=brought-received"), {"brought": brought, "received": received})
    return Owed(owed, computed("balance", our("=owed+due"), {"owed": owed, "due": bill.due}), brought, received)


def in_words(figure: Figure, currency: Currency, language: Language, *, signed: bool) -> Figure:
    """An amount in words that says so when the amount is no longer the one that was spelled.

    The formula is `IF(ROUND(amount,2)=2450,"贰仟肆佰伍拾元整","金额已变更，请重新生成")`. What is due is spelled
    without a sign (`signed`): below zero its label says that it is due back.
    """
    decimals = currency.decimals
    amount = Decimal(plain(round_half_up(figure.number, decimals)))
    spelled = amount_in_words(amount if signed else abs(amount), currency, language)
    rounded = Call("ROUND", (Name("amount"), Num(Decimal(decimals))))
    formula = Call("IF", (Binary("=", rounded, Num(amount)), Text(spelled), Text(CHANGED.text(language))))
    return Figure(f"{figure.name}_words", spelled, formula, {"amount": figure})  # as the amount is just what it was


def all_days(meter: MeterUsage) -> tuple[tuple[Day, Figure], ...]:
    """The daily figures from which a meter's month is summed up: its totals, else those of its columns."""
    return meter.daily or tuple(entry for column in meter.columns for entry in column.days)


def totals_by_day(meter: MeterUsage) -> tuple[tuple[Day, Figure], ...]:
    """A meter's total of each day: the totals themselves, or its only column."""
    return meter.daily or meter.columns[0].days


def dated(meter: MeterUsage) -> tuple[tuple[Day, Figure], ...]:
    """The totals of the days that are really days."""
    return tuple(entry for entry in totals_by_day(meter) if entry[0] is not None)


def has_quota(meter: MeterUsage) -> bool:
    """Whether a meter's month has a quota to be compared with."""
    return meter.quota is not None and meter.quota.value is not None


def quota_by_day(meter: MeterUsage) -> bool:
    """Whether its quota stands beside each day, too: only a peak can be compared with it day by day."""
    return has_quota(meter) and meter.method == "peak"


WHOLE = Label("整个客户", "Whole customer")


def _groups(bill: Bill) -> tuple[Group, ...]:
    names = {customer.code: customer.name for customer in bill.paid_for}
    groups: list[Group] = []
    for (owner, app, product, title), members in groupby(bill.lines, key=_group_of):
        own = tuple(members)
        again = bool(groups) and groups[-1].app == app and groups[-1].owner == names.get(owner)
        shown = named_app(app)
        named = Label(shown, shown) if app else names.get(owner, WHOLE)
        subtotal = total("subtotal", tuple(line.amount for line in own))
        groups.append(Group(app, product, title, own, subtotal, named, not again, names.get(owner)))
    return tuple(groups)


def _group_of(line: Line) -> tuple[str, str, str, Label]:
    """What the lines of a group have in common."""
    return line.owner, line.app, line.product, line.group


def _members(bill: Bill) -> tuple[Member, ...]:
    """The customers of a bill for several, each with the sum of its lines; none on a bill for one."""
    if not bill.paid_for:
        return ()
    parts = [(bill.customer, "")] + [(customer, customer.code) for customer in bill.paid_for]
    return tuple(
        Member(customer, total("subtotal", tuple(line.amount for line in bill.lines if line.owner == owner)))
        for customer, owner in parts
    )


def _usage(meters: Sequence[MeterUsage]) -> tuple[AppUsage, ...]:
    """The meters of each app together, those that are counted by the time apart from those by the day."""
    blocks: dict[tuple[str, bool], list[MeterUsage]] = {}
    for meter in meters:
        blocks.setdefault((meter.app, meter.timed), []).append(meter)
    return tuple(AppUsage(app, tuple(of_app)) for (app, _), of_app in blocks.items())
