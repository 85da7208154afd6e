"""An impact as a workbook: live sums over one row a customer, the distribution, those who move most, every line."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from xlbill.cells import quote_sheet
from xlbill.files import written
from xlbill.foresight.diff import shown, signed
from xlbill.foresight.impact import ZERO, CustomerImpact, Impact
from xlbill.foresight.impact_sums import by_plan, by_product, movers
from xlbill.foresight.impact_text import words
from xlbill.foresight.pages import Entry, LiveFormula, Pages, Shape, TableColumn, TablePage
from xlbill.language import Label, Language
from xlbill.problems import Problems

_SUMMARY, _CUSTOMERS, _LINES = Label("概览", "Summary"), Label("客户", "Customers"), Label("明细", "Lines")
_TITLE = Label("调价影响", "What the prices do")
GROUPS = {
    "repriced": Label("适用新价", "repriced"),
    "kept": Label("沿用原价", "keeps edition"),
    "stuck": Label("沿用原价，新价出错", "keeps edition, could not move"),
    "fallen": Label("新价出错", "falls into an error"),
    "unbilled": Label("目前无账单", "no bill today"),
}
_COLUMNS: tuple[tuple[Label, Shape, float], ...] = (
    (Label("客户", "customer"), "text", 14),
    (Label("名称", "name"), "text", 28),
    (Label("套餐", "plans"), "text", 26),
    (Label("现价目表", "edition today"), "text", 20),
    (Label("分组", "group"), "text", 16),
    (Label("币种", "currency"), "text", 9),
    (Label("原金额", "old"), "money", 14),
    (Label("新金额", "new"), "money", 14),
    (Label("变化", "change"), "change", 14),
    (Label("涨跌幅", "rise"), "rise", 10),
    (Label("说明", "remark"), "text", 50),
)
_OF_LINES: tuple[tuple[Label, Shape, float], ...] = (
    (Label("客户", "customer"), "text", 14),
    (Label("应用", "app"), "text", 16),
    (Label("产品", "product"), "text", 14),
    (Label("项目", "item"), "text", 24),
    (Label("名称", "title"), "text", 34),
    (Label("分组", "group"), "text", 16),
    (Label("币种", "currency"), "text", 9),
    (Label("原金额", "old"), "money", 14),
    (Label("新金额", "new"), "money", 14),
    (Label("变化", "change"), "change", 14),
)
_SUMS: tuple[tuple[Label, Shape, float], ...] = (
    (Label("", ""), "text", 34),
    (Label("客户数", "customers"), "number", 11),
    (Label("原金额", "old"), "money", 15),
    (Label("新金额", "new"), "money", 15),
    (Label("变化", "change"), "change", 15),
    (Label("涨跌幅", "rise"), "rise", 11),
)
STEPS = tuple(Decimal(step) / 100 for step in (-50, -20, -10, -5, 0, 5, 10, 20, 50))
"""The bounds of the distribution: rises up to -50 %, up to -20 % and so on, and above 50 %."""


def write_impact(impact: Impact, path: Path, language: Language) -> Problems:
    """Write the workbook."""
    return written(path, path.as_posix(), lambda target: _write(impact, target, language))


def group_of(customer: CustomerImpact) -> str:
    """In which group of the workbook a customer stands."""
    if customer.old is None:
        return "unbilled"
    if customer.new is None:
        return "stuck" if customer.kept else "fallen"
    return "kept" if customer.kept else "repriced"


def _write(impact: Impact, path: Path, language: Language) -> None:
    months = ", ".join(map(str, impact.months))
    title = f"{_TITLE.text(language)} · {impact.book.edition.code} · {months}"
    with Pages(path) as pages:
        summary = pages.page(
            _SUMMARY.text(language), title, " · ".join(words(impact, language)), _columns(_SUMS, language)
        )
        customers = pages.page(_CUSTOMERS.text(language), title, "", _columns(_COLUMNS, language))
        of_lines = pages.page(_LINES.text(language), title, "", _columns(_OF_LINES, language))
        ordered = sorted(impact.customers, key=lambda c: (-abs(c.change or ZERO), c.customer.code))
        rows = customers.rows(_customer(one, customers.next + at, language) for at, one in enumerate(ordered))
        customers.filtered(*rows)
        lines = [(one, line) for one in ordered for line in one.lines if one.old is not None and one.new is not None]
        line_rows = of_lines.rows(
            [
                one.customer.code,
                line.app,
                line.product or "—",
                line.item,
                line.title.text(language),
                GROUPS[group_of(one)].text(language),
                one.currency,
                line.old,
                line.new,
                LiveFormula(f"I{of_lines.next + at}-H{of_lines.next + at}", line.change),
            ]
            for at, (one, line) in enumerate(lines)
        )
        of_lines.filtered(*line_rows)
        _summary(summary, impact, rows, line_rows, language)


def _columns(columns: Sequence[tuple[Label, Shape, float]], language: Language) -> list[TableColumn]:
    return [TableColumn(label.text(language), shape, width) for label, shape, width in columns]


def _customer(one: CustomerImpact, row: int, language: Language) -> list[Entry]:
    change = LiveFormula(f"H{row}-G{row}", one.change) if one.change is not None else None
    rise = LiveFormula(f"I{row}/ABS(G{row})", one.rise) if one.rise is not None else None
    told = "; ".join(dict.fromkeys(problem.message(language) for problem in one.problems))
    named = [one.customer.code, one.customer.name.text(language), ", ".join(one.plans), ", ".join(one.editions)]
    return [*named, GROUPS[group_of(one)].text(language), one.currency, one.old, one.new, change, rise, told]


def _summary(
    page: TablePage, impact: Impact, rows: tuple[int, int], lines: tuple[int, int], language: Language
) -> None:
    """Sums by group, by plan and by product, each live over the other sheets; the distribution and its chart."""
    sheet = quote_sheet(_CUSTOMERS.text(language))
    customers = _Over(sheet, rows, {"name": "C", "group": "E", "currency": "F", "old": "G", "new": "H"})
    letters = {"name": "C", "group": "F", "currency": "G", "old": "H", "new": "I"}
    of_lines = _Over(quote_sheet(_LINES.text(language)), lines, letters)
    currencies = tuple(dict.fromkeys(c.currency for c in impact.customers if c.currency))
    for key, those in (("repriced", impact.repriced), ("kept", impact.movable)):
        for currency in currencies:
            here = [c for c in those if c.currency == currency]
            conditions = {"group": GROUPS[key].text(language), "currency": currency}
            if here:
                label = f"{GROUPS[key].text(language)} ({currency})"
                old, new = sum((c.old or ZERO for c in here), ZERO), sum((c.new or ZERO for c in here), ZERO)
                _sums(page, label, customers, conditions, (len(here), old, new))
    _moves(page, impact, language)
    repriced = {"group": GROUPS["repriced"].text(language)}
    for heading, over, groups in (
        (Label("按套餐", "By plan"), customers, by_plan(impact)),
        (Label("按产品", "By product"), of_lines, by_product(impact)),
    ):
        page.row([heading.text(language), *[None] * 5], bold=True, font_color="#0F4C81", top=1)
        for sums in groups:
            name = "" if sums.name == "—" and over is customers else sums.name.replace(" + ", ", ")
            conditions = {**repriced, "name": name, "currency": sums.currency}
            label = f"{sums.name} ({sums.currency})" if len(currencies) > 1 else sums.name
            _sums(page, label, over, conditions, (sums.count, sums.old, sums.new), counted=over is customers)
    _distribution(page, impact, customers, repriced, language)


def _moves(page: TablePage, impact: Impact, language: Language) -> None:
    """The prices that change, with their figures."""
    if impact.moves:
        heading = Label("调整的价格", "What changes in the prices")
        page.row([heading.text(language), *[None] * 5], bold=True, font_color="#0F4C81", top=1)
    for move in impact.moves:
        rise = f" ({signed(move.percent)})" if move.percent is not None else ""
        sides = [fact if isinstance(fact, Decimal) else shown(fact) for fact in (move.old, move.new)]
        page.row([move.name.text(language) + rise, None, *sides, None, None], num_format="#,##0.########")


class _Over:
    """The rows of another sheet that sums are taken over: its columns by what they hold."""

    def __init__(self, sheet: str, rows: tuple[int, int], columns: dict[str, str]) -> None:
        self.sheet, self.rows, self.columns = sheet, (rows[0], max(rows)), columns

    def column(self, name: str) -> str:
        """A column's cells as an absolute range."""
        letter = self.columns[name]
        return f"{self.sheet}!${letter}${self.rows[0]}:${letter}${self.rows[1]}"

    def conditions(self, wanted: dict[str, str]) -> str:
        """What rows must be, as SUMIFS and COUNTIFS take it."""
        return ",".join(f'{self.column(name)},"{value}"' for name, value in wanted.items())


def _sums(
    page: TablePage,
    label: str,
    over: _Over,
    conditions: dict[str, str],
    values: tuple[int, Decimal, Decimal],
    *,
    counted: bool = True,
) -> None:
    row, (count, old, new) = page.next, values
    where = over.conditions(conditions)
    page.row(
        [
            label,
            LiveFormula(f"COUNTIFS({where})", Decimal(count)) if counted else None,
            LiveFormula(f"SUMIFS({over.column('old')},{where})", old),
            LiveFormula(f"SUMIFS({over.column('new')},{where})", new),
            LiveFormula(f"D{row}-C{row}", new - old),
            LiveFormula(f"IF(C{row}=0,0,E{row}/ABS(C{row}))", (new - old) / abs(old) if old else Decimal(0)),
        ]
    )


def _distribution(page: TablePage, impact: Impact, over: _Over, repriced: dict[str, str], language: Language) -> None:
    """How many of the repriced rise by how much, and the chart of it; beside it those who move most."""
    heading = Label("涨跌幅分布", "How many rise by how much")
    page.row([heading.text(language), *[None] * 5], bold=True, font_color="#0F4C81", top=1)
    rises = [c.rise for c in impact.repriced if c.rise is not None]
    over.columns["rise"] = "J"
    first = page.next
    for label, limits in _buckets():
        count = sum(all(_holds(rise, mark, bound) for mark, bound in limits) for rise in rises)
        where = over.conditions(repriced) + f',{over.column("old")},"<>0"'
        where += "".join(f',{over.column("rise")},"{mark}{bound}"' for mark, bound in limits)
        page.row([label, LiveFormula(f"COUNTIFS({where})", Decimal(count)), None, None, None, None])
    page.chart("column", (first, page.next - 1), 0, [1], "H5", title=heading.text(language), width=620, height=300)
    moved = movers(impact.repriced, 15)
    most = Label("变化最大的客户", "Those who move most")
    page.row([most.text(language), *[None] * 5], bold=True, font_color="#0F4C81", top=1)
    start = page.next
    for one in moved:
        row = page.next
        name = f"{one.customer.code} {one.customer.name.text(language)}"
        page.row([name, None, one.old, one.new, LiveFormula(f"D{row}-C{row}", one.change), one.rise])
    if moved:
        names = {"reverse": True, "label_position": "low", "major_gridlines": {"visible": False}}
        title = most.text(language)
        page.chart("bar", (start, page.next - 1), 0, [4], "H22", title=title, width=620, height=380, y_axis=names)


def _buckets() -> Iterator[tuple[str, tuple[tuple[str, Decimal], ...]]]:
    """The ranges of the distribution, each with what a rise in it fulfils; no change is one of its own."""
    yield f"≤ {STEPS[0]:.0%}", (("<=", STEPS[0]),)
    for low, high in pairwise(STEPS):
        yield f"{low:.0%} … {high:.0%}", ((">", low), ("<" if not high else "<=", high))
        if not high:
            yield "0%", (("=", high),)
    yield f"> {STEPS[-1]:.0%}", ((">", STEPS[-1]),)


def _holds(rise: Decimal, mark: str, bound: Decimal) -> bool:
    return {">": rise > bound, "<": rise < bound, "<=": rise <= bound, "=": rise == bound}[mark]
