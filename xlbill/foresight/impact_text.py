"""An impact in the terminal and as JSON."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlbill.foresight.diff import signed
from xlbill.foresight.impact import CustomerImpact, Impact
from xlbill.foresight.impact_sums import Sums, by_plan, by_product, movers, rises, sums_of
from xlbill.language import Label, Language
from xlbill.money import plain, round_half_up
from xlbill.problems import Problems
from xlbill.terminal import TextTable

SHOWN = 10
REPRICED, KEPT = Label("适用新价", "repriced"), Label("沿用原价（若改用新价）", "keep their edition (if they moved)")
_SUMS = (
    Label("", ""),
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
_MOVERS = (
    Label("客户", "customer"),
    Label("名称", "name"),
    Label("套餐", "plans"),
    Label("原金额", "old"),
    Label("新金额", "new"),
    Label("变化", "change"),
    Label("涨跌幅", "rise"),
)
_MEDIAN = Label(
    "适用新价的客户：一半涨幅不超过 {half}，95% 不超过 {most}",
    "of the repriced half rise by no more than {half}, 95 % by no more than {most}",
)
_FALLEN = Label("按新价目表出错的客户：{codes}", "customers who fall into an error: {codes}")
_UNBILLED = Label("目前就无法出账、未计入：{codes}", "not counted, as they cannot be billed today: {codes}")


def tables(impact: Impact, language: Language) -> Iterator[TextTable]:
    """The sums, by plan and by product, and those who move most."""
    groups = [
        *sums_of(REPRICED.text(language), impact.repriced),
        *sums_of(KEPT.text(language), impact.kept),
    ]
    for rows in (groups, by_plan(impact), by_product(impact)):
        if rows:
            yield TextTable(_texts(_SUMS, language), [sums_cells(each) for each in rows], left=(0, 1))
    moved = movers(impact.repriced, SHOWN)
    if moved:
        yield TextTable(_texts(_MOVERS, language), [_mover(one, language) for one in moved], left=(0, 1, 2))


def words(impact: Impact, language: Language) -> Iterator[str]:
    """What is said below the tables."""
    half, most = rises(impact)
    if half is not None and most is not None:
        yield _MEDIAN.text(language).format(half=share(half), most=share(most))
    for label, those in ((_FALLEN, impact.fallen), (_UNBILLED, impact.unbilled)):
        if those:
            yield label.text(language).format(codes=", ".join(c.customer.code for c in those))


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
        "customers": [_customer(customer) for customer in impact.customers],
    }


def _customer(one: CustomerImpact) -> dict[str, object]:
    def text(number: Decimal | None) -> str | None:
        return plain(number) if number is not None else None

    lines = [{"app": x.app, "item": x.item, "old": plain(x.old), "new": plain(x.new)} for x in one.lines]
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
    return [one.customer.code, one.customer.name.text(language), ", ".join(one.plans), *amounts]


def _texts(labels: Sequence[Label], language: Language) -> list[str]:
    return [label.text(language) for label in labels]
