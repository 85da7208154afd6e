"""Bills like others: the same lines and days, with other numbers, names, periods and cells of origin."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from xlbill.cells import Place
from xlbill.language import Label
from xlbill.periods import Period
from xlbill.rating.bill import AtListPrice, Bill, Credit, Line, MeterUsage, PackBalance, TaxLine
from xlbill.rating.figures import Figure, Source, computed

NAMES = (
    "Ltd.",
    "上海晨星网络科技有限公司",
    "A & B <co> \"quoted\" 'single'",
    "很长的名字" * 24,
    " leading and trailing ",
    "tab\tand\nnew line",
    "SUM(A1) & FILTER(B2) 100% %s",
    "=1+1",
    "_x0041_ \x07 \U0001f600",
    "<r>rich</r>",
)
APPS = ("a", "chat-prod", "应用一", "app & <b>", "x" * 70)


class Variation:
    """One way to change a bill: `wild`, into some shape or other, or so that its shape stays (most of the time).

    Wild ones have decimals, empty fields, figures without a value, and texts of every length.
    """

    def __init__(self, seed: int, *, wild: bool) -> None:
        self._random, self._wild = random.Random(seed), wild
        self._decimals, self._blank = (0.1, 0.05) if wild else (0.0, 0.0)
        self._names = NAMES if wild else ("Ltd.", "张三", "A & B", "<i>")
        self._moved: dict[tuple[str, Place], tuple[Decimal | None, Place]] = {}
        self._figures: dict[Figure, Figure] = {}
        self._apps: dict[str, str] = {"": ""}  # each app has a name of its own

    def bill(self, bill: Bill) -> Bill:
        """The changed bill."""
        return replace(
            bill,
            customer=replace(
                bill.customer,
                code=self._random.choice(("C1", "C002", "客户 7", "C&D")),
                name=self._label(),
                **{name: self._words() for name in ("tax_id", "address", "bank", "contact")},
            ),
            lines=tuple(map(self._line, bill.lines)),
            usage=tuple(map(self._usage, bill.usage)),
            packs=tuple(map(self._pack, bill.packs)),
            rates=tuple(replace(rate, figure=self._figure(rate.figure)) for rate in bill.rates),
            taxes=tuple(map(self._tax, bill.taxes)),
            prepaid=self._figure(bill.prepaid),
            due=self._figure(bill.due),
            total=self._figure(bill.total),
            refunded=None if bill.refunded is None else self._figure(bill.refunded),
            postpaid=None if bill.postpaid is None else self._figure(bill.postpaid),
            credit=None if bill.credit is None else self._credit(bill.credit),
            remarks=tuple(self._label() for _ in bill.remarks),
        )

    def _credit(self, credit: Credit) -> Credit:
        opening = None if credit.opening is None else self._figure(credit.opening)
        return Credit(opening, self._figure(credit.used), self._figure(credit.closing))

    def _words(self) -> str:
        return "" if self._random.random() < self._blank else self._random.choice(self._names)

    def _label(self) -> Label:
        return Label(self._random.choice(self._names), self._words())

    def _app(self, code: str) -> str:
        if code not in self._apps:
            number = len(self._apps)
            self._apps[code] = f"{self._random.choice(APPS)}{number}"
        return self._apps[code]

    def _line(self, line: Line) -> Line:
        start = date(2026, 4, 1) + timedelta(days=self._random.randrange(30))
        return replace(
            line,
            app=self._app(line.app),
            figures=self._named(line.figures),
            list_price=None if line.list_price is None else self._figure(line.list_price),
            at_list=None if line.at_list is None else self._listed(line.at_list),
            period=None if line.period is None else Period(start, start + timedelta(days=31)),
            contract=line.contract and self._words(),
            remark=None if line.remark is None else self._label(),
            reason=None if line.reason is None else self._label(),
        )

    def _listed(self, listed: AtListPrice) -> AtListPrice:
        saved = None if listed.saved is None else self._figure(listed.saved)
        return AtListPrice(self._figure(listed.list_amount), saved)

    def _usage(self, meter: MeterUsage) -> MeterUsage:
        return replace(
            meter,
            app=self._app(meter.app),
            columns=tuple(
                replace(
                    column,
                    app=self._app(column.app),
                    coefficient=None if column.coefficient is None else self._figure(column.coefficient),
                    days=tuple((day, self._figure(figure)) for day, figure in column.days),
                )
                for column in meter.columns
            ),
            daily=tuple((day, self._figure(figure)) for day, figure in meter.daily),
            months=tuple((label, self._figure(figure)) for label, figure in meter.months),
            quota=None if meter.quota is None else self._figure(meter.quota),
        )

    def _pack(self, pack: PackBalance) -> PackBalance:
        bought = date(2026, 1, 1) + timedelta(days=self._random.randrange(100))
        return replace(
            pack,
            app=self._app(pack.app),
            bought=bought,
            expires=bought + timedelta(days=365),
            opening=self._figure(pack.opening),
            drawn=self._figure(pack.drawn),
            closing=self._figure(pack.closing),
            lapsed=None if pack.lapsed is None else self._figure(pack.lapsed),
        )

    def _tax(self, tax: TaxLine) -> TaxLine:
        figures = map(self._figure, (tax.rate, tax.lines, tax.net, tax.tax, tax.gross))
        return TaxLine(*figures, title=tax.title)

    def _figure(self, figure: Figure) -> Figure:
        if figure not in self._figures:
            self._figures[figure] = self._given(figure) if figure.formula is None else self._computed(figure)
        return self._figures[figure]

    def _computed(self, figure: Figure) -> Figure:
        assert figure.formula is not None
        return computed(figure.name, figure.formula, self._named(figure.inputs), figure.place)  # type: ignore[arg-type]

    def _given(self, figure: Figure) -> Figure:
        place = figure.place
        if not isinstance(figure.value, Decimal):
            return figure
        if figure.name == "usage" and not self._wild:
            return replace(figure, value=self._number(figure), place=place.at(10 + len(self._figures), place.column))
        if place.row is None or self._wild:
            moved = place if place.row is None else place.at(place.row + self._random.randrange(2), place.column)
            return replace(figure, value=self._number(figure), place=moved)
        if (figure.name, place) not in self._moved:  # one cell of the price book, whoever takes it
            self._moved[figure.name, place] = self._number(figure), place.at(place.row + 100, place.column)
        value, place = self._moved[figure.name, place]
        return replace(figure, value=value, place=place)

    def _number(self, figure: Figure) -> Decimal | None:
        chance = self._random.random()
        if figure.name in ("rate", "coefficient", "per_unit", "block", "of_days", "end", "start", "changed"):
            assert isinstance(figure.value, Decimal)
            return figure.value if chance > self._decimals else figure.value + Decimal("0.125")
        if chance < self._blank / 4:
            return None
        if chance < self._decimals:
            return Decimal(self._random.randrange(1, 10**6)).scaleb(-self._random.randrange(12))
        return self._random.choice(
            (Decimal(0), Decimal(7), Decimal(-120), Decimal(15_000), Decimal(self._random.randrange(10**7)))
            if figure.name in ("usage", "quantity", "opening")
            else (
                Decimal(1299),
                Decimal("0.50" if self._wild else 50),
                Decimal(1000),
                Decimal(999_999_999),
                Decimal(12),
            )
        )

    def _named(self, figures: Mapping[str, Source]) -> dict[str, Source]:
        change: Callable[[Source], Source] = lambda found: (  # noqa: E731
            tuple(map(self._figure, found)) if isinstance(found, tuple) else self._figure(found)
        )
        return {name: change(found) for name, found in figures.items()}


class Chosen(Variation):
    """A bill like another with one number in all its inputs, and with one text in all its fields, where given."""

    def __init__(self, number: str | None = None, words: str | None = None) -> None:
        super().__init__(0, wild=False)
        self._chosen, self._text = number, words

    def _words(self) -> str:
        return super()._words() if self._text is None else self._text

    def _label(self) -> Label:
        return super()._label() if self._text is None else Label(self._text, self._text)

    def _number(self, figure: Figure) -> Decimal | None:
        kept = figure.name in ("rate", "per_unit", "block", "of_days", "end", "start", "changed")
        return super()._number(figure) if self._chosen is None or kept else Decimal(self._chosen)


def without_days(bill: Bill) -> Bill:
    """The same bill with one usage figure for the month, where a chart has nothing to show."""
    usage = tuple(
        replace(
            meter,
            columns=tuple(
                replace(column, days=tuple((None, figure) for _, figure in column.days[:1])) for column in meter.columns
            ),
            daily=tuple((None, figure) for _, figure in meter.daily[:1]),
        )
        for meter in bill.usage
    )
    return replace(bill, usage=usage)


def bare(bill: Bill) -> Bill:
    """The same bill without what rows of the template hang on: remarks, packs, usage, the customer's fields."""
    blank = dict.fromkeys(("tax_id", "address", "bank", "contact"), "")
    return replace(bill, customer=replace(bill.customer, **blank), remarks=(), packs=(), usage=())  # type: ignore[arg-type]
