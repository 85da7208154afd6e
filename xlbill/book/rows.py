"""One row of a price book's sheet, one object."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar, cast

from xlbill.book.objects import (
    Charge,
    Extension,
    Meter,
    Model,
    Offer,
    Pack,
    Parameter,
    Plan,
    Product,
    Rollover,
    TermKind,
    Trial,
)
from xlbill.book.parameters import Recalculated, read_offer, read_parameter, read_parameters
from xlbill.book.plan_columns import names_of_plan
from xlbill.language import Label
from xlbill.problems import Problem, Problems
from xlbill.quantities import SUPPLIED
from xlbill.sheets import Row, nearest

ONE = Decimal(1)
_FIXED_MONTHS = {"weekly": 1, "quarterly": 3, "yearly": 12, "once": 1}
"""The terms that say by their name how long they are."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What was read before a row: its references are looked up here."""

    models: Mapping[str, Model]
    products: Mapping[str, Product]
    meters: Mapping[str, Meter]
    exact: Recalculated
    broken: frozenset[str]  # codes of rows that could not be used: told there, and not again wherever they are named

    def model(self, row: Row, key: str, found: Problems) -> Model | None:
        """The model that a cell names."""
        return self._look_up(row, key, self.models, "unknown-model", found)

    def product(self, row: Row, found: Problems) -> Product | None:
        """The product that a row belongs to."""
        return self._look_up(row, "product", self.products, "unknown-product", found)

    def meter(self, row: Row, key: str, found: Problems) -> Meter | None:
        """The meter that a cell names."""
        return self._look_up(row, key, self.meters, "unknown-meter", found)

    def several_meters(self, row: Row, found: Problems) -> tuple[Meter, ...]:
        """The meters that a cell names; none where one of them is unknown."""
        named = row.codes("meter", found)
        meters = [self._named(row, "meter", name, self.meters, "unknown-meter", found) for name in named]
        return tuple(meter for meter in meters if meter is not None) if None not in meters else ()

    def _look_up(self, row: Row, key: str, known: Mapping[str, T], code: str, found: Problems) -> T | None:
        name = row.code(key, found)
        return self._named(row, key, name, known, code, found) if name is not None else None

    def _named(self, row: Row, key: str, name: str, known: Mapping[str, T], code: str, found: Problems) -> T | None:
        if name.casefold() in self.broken:
            return None
        for known_name, value in known.items():
            if known_name.casefold() == name.casefold():
                return value
        found.tell(row.problem(code, key, nearest=nearest(name, known) or ", ".join(known)))
        return None


def names_of(row: Row, code: str, found: Problems) -> Label:
    """The row's name in both languages; its code where it has none."""
    zh, en = row.text("name", found) or "", row.text("name_en", found) or ""
    return Label(zh, en) if zh or en else Label(code, code)


def read_product(row: Row, found: Problems) -> Product | None:
    """A row of the Products sheet."""
    if (code := row.code("product", found)) is None:
        return None
    name = names_of(row, code, found)
    zh, en = row.text("group", found) or "", row.text("group_en", found) or ""
    needs = row.codes("needs", found)
    cancelled = row.choice("on_change", found) == "cancel"
    return Product(
        code,
        name,
        Label(zh, en) if zh or en else name,
        needs,
        cancelled,
        row.cell("product").place,
        row.cell("needs").place,
        row.code("tax_class", found),
        row.cell("tax_class").place,
    )


def read_plan(row: Row, known: Known, found: Problems) -> Plan | None:
    """A row of the Plans sheet."""
    product, plan = known.product(row, found), row.code("plan", found)
    model, pay = known.model(row, "model", found), row.choice("pay", found)
    term, months = _term(row, found)
    refund = known.model(row, "refund", found)
    price = read_parameter(row, "price", known.exact, found)
    if price is None and row.cell("price").value is None and row.cell("price").formula is None:
        found.tell(row.problem("price-blank", "price"))
    if product is None or plan is None or model is None or pay is None or term is None or price is None:
        return None
    name = names_of(row, plan, found)
    code = f"{product.code}.{plan}"
    return Plan(
        product=product,
        code=code,
        names=names_of_plan(product.code, _words(product.name), plan, _words(name)),
        name=name,
        model=model,
        pay=cast(Any, pay),
        term=term,
        term_months=months,
        refund=refund,
        parameters=read_parameters(row, model, known.exact, found),
        list_price=read_parameter(row, "list_price", known.exact, found),
        place=row.cell("plan").place,
        first_by_days=row.choice("first", found) == "by days",
        early_end=cast(Any, row.choice("early_end", found) or "run out"),
        plan=plan,
        role=cast(Any, row.choice("role", found) or "fee"),
        default=row.yes("default", found) or False,
    )


def read_extension(row: Row, plan_columns: Mapping[str, str], known: Known, found: Problems) -> Extension | None:
    """A row of the Extensions sheet; `plan_columns` maps the key of each plan's column to the plan's code."""
    product, extension = known.product(row, found), row.code("extension", found)
    model, pay = known.model(row, "model", found), row.choice("pay", found)
    term, months = _term(row, found)
    refund = known.model(row, "refund", found)
    prices: dict[str, Parameter | Offer] = {}
    for key, plan in plan_columns.items():
        if (price := read_offer(row, key, known.exact, found)) is not None:
            prices[plan] = price
        elif row.cell(key).value is None and row.cell(key).formula is None:
            found.tell(row.problem("extension-price-blank", key, plan=plan))
    if product is None or extension is None or model is None or pay is None or term is None:
        return None
    option = row.code("option", found) or ""
    name = names_of(row, extension, found)
    option_name = Label(row.text("option_name", found) or "", row.text("option_name_en", found) or "")
    return Extension(
        product=product,
        code=f"{extension}.{option}" if option else extension,
        names=(extension, *_words(name), *((f"{extension}.{option}",) if option else ())),
        name=_join(name, option_name),
        model=model,
        pay=cast(Any, pay),
        term=term,
        term_months=months,
        refund=refund,
        parameters=read_parameters(row, model, known.exact, found, without=frozenset({"price"})),
        list_price=None,
        place=row.cell("extension").place,
        first_by_days=row.choice("first", found) == "by days",
        early_end=cast(Any, row.choice("early_end", found) or "run out"),
        extension=extension,
        option=option,
        options=(option, *_words(option_name)) if option else (),
        stackable=row.yes("stackable", found) or False,
        prices=prices,
    )


def read_pack(row: Row, known: Known, found: Problems) -> Pack | None:
    """A row of the Packs sheet."""
    product, code, meters = known.product(row, found), row.code("pack", found), known.several_meters(row, found)
    model, draw = known.model(row, "model", found), known.model(row, "draw", found)
    quantity, months = row.number("quantity", found), _whole_months(row, "months", found, least=0, most=1200)
    if product is None or code is None or not meters or model is None or draw is None:
        return None
    if quantity is None or months is None:
        return None
    if quantity <= 0:
        found.tell(row.problem("not-positive", "quantity"))
        return None
    name = names_of(row, code, found)
    return Pack(
        product,
        code,
        (code, *_words(name)),
        name,
        meters,
        quantity,
        _unit_of_pack(row, meters, found),
        int(months),
        model,
        draw,
        read_parameters(row, model, known.exact, found, without=frozenset({"quantity"})),
        read_parameter(row, "list_price", known.exact, found),
        row.cell("pack").place,
        row.number("turn", found),
        known.model(row, "refund", found),
    )


def _unit_of_pack(row: Row, meters: Sequence[Meter], found: Problems) -> Label | None:
    """What a pack's quantity counts: what its row says, else its only meter's unit."""
    zh, en = row.text("unit", found) or "", row.text("unit_en", found) or ""
    if zh or en:
        return Label(zh, en)
    return meters[0].unit if len(meters) == 1 else None


def inputs_without_column(row: Row, models: Mapping[str, Model]) -> Iterator[Problem]:
    """Tell what a row's model takes and its sheet has no column of, unless its sample is blank."""
    model, form = models.get(row.peek("model") or ""), row.form
    priced = {heading.key for heading in form.headings} | SUPPLIED
    priced |= {"price"} if form.kind.key == "extensions" else set()
    absent = [n for n in model.inputs if n not in priced and model.sample[n] is not None] if model else []
    if model is not None and absent:
        yield row.problem("model-input-without-column", "model", model=model.code, absent=", ".join(absent))


def read_charges(row: Row, known: Known, found: Problems) -> tuple[Charge, ...]:
    """A row of the Charges sheet: one charge, or one for each of the dimensions that it names."""
    product, model, pay = known.product(row, found), known.model(row, "model", found), row.choice("pay", found)
    meter = known.meter(row, "meter", found)
    prorate, printed = known.model(row, "prorate", found), row.choice("printed", found)
    year, rollover = row.choice("year", found), _rollover(row, known, found)
    dimensions = _dimensions(row, meter, found)
    price = read_offer(row, "price", known.exact, found)
    if price is Offer.INCLUDED:  # an extension is part of a plan; usage is, up to its quota
        found.tell(row.problem("not-a-figure", "price"))
    parameters = read_parameters(row, model, known.exact, found, without=frozenset({"price"}))
    if isinstance(price, Parameter) and model is not None and "price" in model.inputs:
        parameters["price"] = price
    bounds = {key: row.cell(key).place for key in ("from", "to") if row.cell(key).value is not None}
    item = row.code("item", found)
    if product is None or model is None or pay is None or (meter is None and row.cell("meter").value is not None):
        return ()
    if item is None and meter is None:
        found.tell(row.problem("charge-of-nothing", "meter"))
        return ()
    plans = tuple(plan for plan in row.codes("plans", found) if plan != "*")
    base = item or (meter.code if meter else "")
    charges = []
    for dimension in dimensions or (None,):
        name = Label(row.text("name", found) or "", row.text("name_en", found) or "")
        named = meter.dimensions[dimension].name if meter and dimension else None
        if not str(name):
            name = meter.name if meter else Label(base, base)
            name = _join(name, named) if named else name
        elif named and len(dimensions) > 1:
            name = _join(name, named)
        code = f"{base}:{dimension}" if dimension else base
        charges.append(
            Charge(
                product,
                plans,
                code,
                name,
                meter,
                dimension,
                model,
                prorate,
                cast(Any, pay),
                price is not Offer.NOT_SOLD,
                parameters,
                row.cell("meter" if meter else "item").place,
                row.cell("plans").place,
                cast(Any, year),
                cast(Any, printed),
                bounds,
                read_parameter(row, "draw_price", known.exact, found),
                cast(Any, row.choice("charged_by", found) or "app"),
                rollover,
            )
        )
    return tuple(charges)


def _rollover(row: Row, known: Known, found: Problems) -> Rollover | None:
    """For how many months what is left of a quota rolls over, and by which model; neither goes without the other."""
    months, model = _whole_months(row, "rollover_months", found), known.model(row, "rollover", found)
    given = [not row.cell(key).blank for key in ("rollover_months", "rollover")]
    if any(given) and not all(given):
        found.tell(row.problem("rollover-half", "rollover" if given[0] else "rollover_months"))
    if months is None or model is None:
        return None
    return Rollover(months, model, row.cell("rollover_months").place)


def read_trial(row: Row, known: Known, found: Problems) -> Trial | None:
    """A row of the Trials sheet."""
    product, model, of = known.product(row, found), known.model(row, "model", found), row.code("of", found)
    days, quota = row.number("days", found), row.number("quota", found)
    media = {d.medium for meter in known.meters.values() for d in meter.dimensions.values() if d.medium}
    if of is not None and of not in known.meters and of not in media:
        words = [*known.meters, *sorted(media)]
        found.tell(row.problem("unknown-meter", "of", nearest=nearest(of, words) or ", ".join(words)))
        return None
    if days is not None and (days != int(days) or not 0 < days <= 3660):
        found.tell(row.problem("not-whole-days", "days"))
        return None
    if product is None or model is None or of is None or days is None or quota is None:
        return None
    return Trial(product, int(days), of, quota, model, row.cell("quota").place)


def _dimensions(row: Row, meter: Meter | None, found: Problems) -> tuple[str, ...]:
    """The dimensions that a charge names, each of which must be one of its meter's."""
    named = row.codes("dimension", found)
    known = meter.dimensions if meter else {}
    by_word = {word.casefold(): code for code, d in known.items() for word in (code, *_words(d.name))}
    strangers = [name for name in named if name.casefold() not in by_word]
    for name in strangers if meter else ():
        found.tell(
            row.problem(
                "unknown-dimension", "dimension", dimension=name, nearest=nearest(name, known) or ", ".join(known)
            )
        )
    return tuple(by_word[name.casefold()] for name in named if name.casefold() in by_word)


def _whole_months(row: Row, key: str, found: Problems, least: int = 1, most: int = 120) -> int | None:
    """A number of months; None where the cell is blank or holds something else, which is told."""
    months = row.number(key, found)
    if months is None or (months == int(months) and least <= months <= most):
        return int(months) if months is not None else None
    found.tell(row.problem("not-whole-months", key, least=str(least)))
    return None


def _term(row: Row, found: Problems) -> tuple[TermKind | None, int]:
    """The kind of a row's terms, and how many months one has."""
    term, months = row.choice("term", found), _whole_months(row, "term_months", found)
    fixed = _FIXED_MONTHS.get(term or "")
    if months is not None and fixed is not None:
        found.tell(row.problem("term-months-idle", "term_months", term=str(row.cell("term").shown)))
    elif months is not None and term == "calendar" and 12 % months:
        found.tell(row.problem("calendar-months-uneven", "term_months"))
        months = None
    kind = "anniversary" if term in ("quarterly", "yearly") else term
    return cast(Any, kind), fixed or months or 1


def _words(label: Label) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in (label.zh, label.en) if word))


def _join(first: Label, second: Label) -> Label:
    """Two labels as one: 单群聊消息云存储 · 180 天."""
    zh = " · ".join(part for part in (first.text("zh"), second.text("zh")) if part)
    return Label(zh, " · ".join(part for part in (first.text("en"), second.text("en")) if part))
