"""Credit: money that bills gave back and that has not reduced an amount due yet.

What comes back of prepaid money (a refund) either reduces the amount due of its bill or is carried to the next one: a
setting of the price book. What a bill has no use for is carried on, month by month, until it is used; the oldest first.
Each month in which something came back is a holding of its own, as each purchase of a pack is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlbill.accounts import Customer
from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import PriceBook
from xlbill.language import Label
from xlbill.money import Currency
from xlbill.periods import Month
from xlbill.rating.bill import Bill, Credit, Line
from xlbill.rating.figures import Figure, computed, given, our, total

NONE = Decimal(0)
REDUCES = Label(
    "预付费的退款先抵减本期应付，未用完的结余转入下期账单抵减。",
    "Refunds of what was prepaid reduce the amount due; what is left of them is carried to the next bill.",
)
CARRIED = Label(
    "预付费的退款不抵减本期应付，计入期末结余，转入下期账单抵减。",
    "Refunds of what was prepaid do not reduce this amount due; they are carried to the next bill as credit.",
)
BROUGHT = Label(
    "上期结余是以前账单退回的金额，用于抵减本期应付。",
    "Credit brought forward is what earlier bills gave back; it reduces this amount due.",
)
OWED = Label(
    "本期调账使应付成为负数，差额计入期末结余，转入下期账单抵减。",
    "Adjustments make the amount due negative; the difference is carried to the next bill as credit.",
)


@dataclass(frozen=True, slots=True)
class Refunds:
    """What comes back of prepaid money on one bill: what reduces its amount due, and what is carried on."""

    now: Figure | None = None
    later: Figure | None = None

    @property
    def all(self) -> Figure | None:
        """Both together."""
        parts = tuple(figure for figure in (self.now, self.later) if figure is not None)
        return total("refunded", parts) if len(parts) > 1 else next(iter(parts), None)


@dataclass(frozen=True, slots=True)
class Settled:
    """What is due of a bill once credit has been taken off, and how the credit moved."""

    due: Figure
    refunded: Figure | None = None
    postpaid: Figure | None = None
    credit: Credit | None = None


def settled(whole: Figure, prepaid: Figure, refunds: Refunds, opening: Figure | None) -> Settled:
    """The amount due, never below zero: what would be is credit, and so is what credit is left.

    Where nothing comes back, and nothing was carried, it is just the total without what was prepaid.
    """
    refunded, sums = refunds.all, {"total": whole, "prepaid": prepaid}
    back = {"refunded": refunded} if refunded is not None else {}
    plainly = computed("due", our("=total-prepaid"), sums)
    if refunded is None and opening is None and plainly.number >= 0:
        return Settled(plainly)
    postpaid = computed("postpaid", our("=total-prepaid" + "+refunded" * len(back)), sums | back)
    brought = {"opening": opening} if opening is not None else {}
    available = brought | ({"refunded": refunds.now} if refunds.now is not None else {})
    takes = our(f"=MIN({'+'.join(available)},MAX(postpaid,0))") if available else None
    used = computed("credit_used", takes, available | {"postpaid": postpaid}) if takes else given("credit_used", 0)
    due = computed("due", our("=MAX(postpaid,0)-used"), {"postpaid": postpaid, "used": used})
    rest = our("=" + "+".join([*brought, *back, "MAX(-postpaid,0)"]) + "-used")
    closing = computed("credit", rest, {**brought, **back, "postpaid": postpaid, "used": used})
    return Settled(due, refunded, postpaid, Credit(opening, used, closing))


def credits_of(balances: Mapping[BalanceKey, Balance], customer: str, currency: Currency) -> tuple[Balance, ...]:
    """The credit that a customer has from earlier months, the oldest first."""
    own = (b for b in balances.values() if b.kind == "credit" and b.customer == customer and b.of == currency.code)
    return tuple(sorted((b for b in own if b.closing), key=lambda b: b.since))


def opening_of(held: Sequence[Balance]) -> Figure | None:
    """What a bill opens with; None where nothing was carried to it."""
    parts = tuple(given("credit_opening", balance.closing) for balance in held)
    return total("credit_opening", parts) if len(parts) > 1 else next(iter(parts), None)


def carried(bill: Bill, held: Sequence[Balance]) -> Iterator[Balance]:
    """What the next month opens with: each holding with what this bill took of it, the oldest first, and its own."""
    if bill.credit is None:
        return
    rest = bill.credit.used.number
    for balance in held:
        drawn = min(rest, balance.closing)
        rest -= drawn
        yield replace(balance, opening=balance.closing, drawn=drawn, closing=balance.closing - drawn)
    opening = bill.credit.opening.number if bill.credit.opening is not None else NONE
    came = bill.credit.closing.number + bill.credit.used.number - opening
    if came:
        start = bill.month.start
        yield Balance(bill.customer.code, "", "credit", bill.currency.code, start, None, came, rest, came - rest)


def credit_remarks(settled: Settled, lines: Sequence[Line], books: Sequence[PriceBook]) -> Iterator[Label]:
    """What the bill says of its credit, in words."""
    if settled.credit is None:
        return
    if settled.credit.opening is not None:
        yield BROUGHT
    refunding = [book for book in books if any(comes_back(n) and n.edition == book.edition.code for n in lines)]
    for use, words in (("reduce", REDUCES), ("carry", CARRIED)):
        own = [book.edition.name for book in refunding if book.refunds == use]
        if own and len(own) < len(refunding):  # of some price lists so, of others otherwise
            zh, en = "、".join(name.text("zh") for name in own), ", ".join(name.text("en") for name in own)
            words = Label(f"{zh}：{words.zh}", f"{en}: {words.en}")
        if own:
            yield words
    if settled.postpaid is not None and settled.postpaid.number < 0:
        yield OWED


def comes_back(line: Line) -> bool:
    """Whether a line gives prepaid money back."""
    return line.pay == "prepaid" and line.amount.number < 0


def is_known(balances: Mapping[BalanceKey, Balance], customer: Customer, month: Month) -> bool:
    """Whether the balances say what became of the money that came back in a month."""
    return any(b.kind == "credit" and b.customer == customer.code and b.since == month.start for b in balances.values())
