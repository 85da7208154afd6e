"""An impact in the terminal and as JSON."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlbill.book.data import spelled
from xlbill.foresight.diff import signed
from xlbill.foresight.impact import CustomerImpact, Impact
from xlbill.foresight.impact_sums import Sums, by_plan, by_product, movers, rises, sums_of
from xlbill.foresight.meaning import Fact
from xlbill.foresight.price_moves import move_words
from xlbill.language import Label, Language
from xlbill.money import plain, round_half_up
from xlbill.problems import Problems
from xlbill.terminal import TextTable

SHOWN = 10
REPRICED, KEPT, MOVED = (
    Label("适用新价", "are repriced"),
    Label("沿用原价", "keep their edition"),
    Label("沿用原价（若改用新价）", "keep their edition (if they moved)"),
)
_SUMS = (
    Label("币种", "currency"),
    Label("客户", "customers"),
    Label("原金额", "old"),
    Label("新金额", "new"),
    Label("变化", "change"),
    Label("涨跌幅", "rise"),
    Label("多付", "pay more"),
    Label("少付", "pay less"),
    Label("不变", "the same"),
)
_BY = (Label("客户分组", "customers who"), Label("套餐", "plans"), Label("产品", "product"))
_TITLE = Label("调价影响：{book}，按 {months} 的用量", "price change {book}, weighed on the usage of {months}")
_MOST = Label("变化最大的客户", "those who move most")
_MOVERS = (
    Label("客户", "customer"),
    Label("名称", "name"),
    Label("套餐", "plans"),
    Label("原金额", "old"),
    Label("新金额", "new"),
    Label("变化", "change"),
    Label("涨跌幅", "rise"),
    Label("主要来自", "mostly"),
)
_MEDIAN = Label(
    "适用新价的客户：一半涨幅不超过 {half}，95% 不超过 {most}",
    "of the repriced half rise by no more than {half}, 95 % by no more than {most}",
)
_FALLEN = Label("按新价目表出错的客户：{codes}", "customers who fall into an error: {codes}")
_STUCK = Label(
    "沿用原价，且按新价目表无法出账：{codes}", "keep their edition, and could not be billed by the new one: {codes}"
)
_UNBILLED = Label("目前就无法出账、未计入：{codes}", "not counted, as they cannot be billed today: {codes}")


def tables(impact: Impact, language: Language) -> Iterator[TextTable]:
    """The sums, by plan and by product, and those who move most."""
    kept = MOVED if impact.as_if_moved else KEPT
    groups = [
        *sums_of(REPRICED.text(language), impact.repriced),
        *sums_of(kept.text(language), impact.movable),
    ]
    for by, rows in zip(_BY, (groups, by_plan(impact), by_product(impact)), strict=True):
        if rows:
            yield TextTable(_texts((by, *_SUMS), language), [sums_cells(each) for each in rows], left=(0, 1))
    moved = movers(impact.repriced, SHOWN)
    if moved:
        cells = [_mover(one, language) for one in moved]
        title = _MOST.text(language)
        yield TextTable(_texts(_MOVERS, language), cells, left=(0, 1, 2, 7), title=title)


def headline(impact: Impact, language: Language) -> Iterator[str]:
    """What is said first: of which prices and months it is, and what changes in the prices."""
    months = ", ".join(map(str, impact.months))
    yield _TITLE.text(language).format(book=impact.book.edition.code, months=months)
    for line in move_words(impact.moves, language):
        yield f"  {line}"


def words(impact: Impact, language: Language) -> Iterator[str]:
    """What is said below the tables."""
    half, most = rises(impact)
    if half is not None and most is not None:
        yield _MEDIAN.text(language).format(half=share(half), most=share(most))
    stuck = [c for c in impact.kept if c.old is not None and c.new is None]
    for label, those in ((_FALLEN, impact.fallen), (_STUCK, stuck), (_UNBILLED, impact.unbilled)):
        if those:
            yield label.text(language).format(codes=", ".join(map(_with_reasons, those)))


def _with_reasons(one: CustomerImpact) -> str:
    """A customer without a bill, with the codes of the problems that stand in its way."""
    return f"{one.customer.code} ({', '.join(dict.fromkeys(problem.code for problem in one.problems))})"


def too_high(impact: Impact, limit: Decimal) -> Problems:
    """A problem for each of the repriced who would pay more by more than a share."""
    found = Problems()
    for one in impact.repriced:
        if one.rises_over(limit):
            found.about(customer=one.customer.code).add(
                "rise-over-limit",
                one.customer.place,
                customer=one.customer.code,
                found=share(one.rise),
                old=f"{one.old:,f}",
                new=f"{one.new:,f}",
                limit=f"{plain(limit * 100)} %",
            )
    return found


def not_weighed(impact: Impact) -> Problems:
    """A problem where nobody has a bill under both books, which would say that the prices change nothing."""
    found = Problems()
    if all(one.change is None for one in impact.customers):
        found.add("nobody-weighed", found=", ".join(map(str, impact.months)))
    return found


def sums_cells(sums: Sums) -> list[str]:
    """A row of sums as texts."""
    amounts = [f"{sums.old:,f}", f"{sums.new:,f}", f"{sums.change:+,f}", share(sums.rise)]
    return [sums.name, sums.currency, str(sums.count), *amounts, *map(str, (sums.more, sums.less, sums.same))]


def share(rise: Decimal | None) -> str:
    """A rise in percent; a dash where there was nothing before."""
    return "—" if rise is None else signed(round_half_up(rise * 100, 2))


def as_json(impact: Impact) -> dict[str, object]:
    """All of it as JSON values, amounts as exact texts."""
    return {
        "months": [str(month) for month in impact.months],
        "book": impact.book.edition.code,
        "prices": [{"price": move.name.en, "old": _plain(move.old), "new": _plain(move.new)} for move in impact.moves],
        "customers": [_customer(customer) for customer in impact.customers],
    }


def _plain(fact: Fact) -> str | None:
    return None if fact is None else plain(fact) if isinstance(fact, Decimal) else spelled(fact)


def _customer(one: CustomerImpact) -> dict[str, object]:
    def text(number: Decimal | None) -> str | None:
        return plain(number) if number is not None else None

    lines = [
        {"kind": x.kind, "app": x.app, "item": x.item, "old": plain(x.old), "new": plain(x.new)} for x in one.lines
    ]
    return {
        "customer": one.customer.code,
        "currency": one.currency,
        "plans": list(one.plans),
        "old": text(one.old),
        "new": text(one.new),
        "keeps_edition": one.kept,
        "lines": lines,
        "errors": [problem.code for problem in one.problems],
    }


def _mover(one: CustomerImpact, language: Language) -> list[str]:
    assert one.old is not None and one.new is not None and one.change is not None
    amounts = [f"{one.old:,f}", f"{one.new:,f}", f"{one.change:+,f}", share(one.rise)]
    mostly = one.mostly.title.text(language) if one.mostly is not None else ""
    return [one.customer.code, one.customer.name.text(language), ", ".join(one.plans), *amounts, mostly]


def _texts(labels: Sequence[Label], language: Language) -> list[str]:
    return [label.text(language) for label in labels]
