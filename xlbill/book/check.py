"""What must hold between the rows of a price book: plain checks in a visible list, each telling all that it finds."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from xlbill.book.line_names import figures_are_not_given_twice, names_are_lines, names_are_not_their_own
from xlbill.book.lookup import charges_for, plan_by_code, plans_of
from xlbill.book.objects import Charge, Model, Parameter, Plan, PriceBook
from xlbill.book.parameters import parameter_number
from xlbill.book.rollovers import rollovers_can_be_used
from xlbill.book.taxes import tax_classes_are_known
from xlbill.cells import Place
from xlbill.formula import ExcelError, Name, evaluate
from xlbill.language import Label
from xlbill.problems import NOTHING, Fact, Problem, Problems, problem
from xlbill.quantities import MAY_BE_BLANK, SUPPLIED


def check_book(book: PriceBook) -> Problems:
    """All problems between rows; every check runs, whatever the others find."""
    return Problems(found for check in CHECKS for found in check(book))


def _codes_are_unique(book: PriceBook) -> Iterator[Problem]:
    places: dict[str, Place] = {}
    for item in book.items:
        key = item.code.casefold()
        if key in places:
            yield problem("code-twice", item.place, found=item.code, first=str(places[key].row))
        places.setdefault(key, item.place)


def _models_give_what_is_asked(book: PriceBook) -> Iterator[Problem]:
    """A charge's model gives an amount, a quota model an included quantity, a tax model net, tax and gross ..."""
    asked: list[tuple[Model | None, tuple[str, ...], Place]] = [
        (book.tax_model, ("net", "tax", "gross"), book.tax_rate.place),
        (book.discount_model, ("price",), book.place),
        *((rule.model, ("net", "tax", "gross"), rule.place) for rule in book.taxes),
        *((i.model, ("amount",), i.place) for i in (*book.items, *book.charges)),
        *((i.refund, ("amount",), i.place) for i in (*book.plans, *book.extensions)),
        *((charge.prorate, ("included",), charge.place) for charge in book.charges),
        *((c.rollover.model, ("drawn", "closing"), c.rollover.place) for c in book.charges if c.rollover is not None),
        *((pack.draw, ("drawn", "closing"), pack.place) for pack in book.packs),
        *((pack.refund, ("amount",), pack.place) for pack in book.packs),
        *((trial.model, ("included",), trial.place) for trial in book.trials),
    ]
    told: set[tuple[str, Place]] = set()
    for model, outputs, place in asked:
        missing = [name for name in outputs if name not in model.outputs] if model is not None else []
        if model is not None and missing and (model.code, place) not in told:
            told.add((model.code, place))
            yield problem("model-lacks-result", place, model=model.code, missing=", ".join(missing))


def _needs_name_plans(book: PriceBook) -> Iterator[Problem]:
    for product in book.products.values():
        for need in product.needs:
            if plan_by_code(book, need) is None:
                plans = ", ".join(plan.code for plan in book.plans)
                yield problem("unknown-plan", product.needs_place, found=need, plans=plans)


def _charges_name_plans(book: PriceBook) -> Iterator[Problem]:
    for charge in book.charges:
        plans = plans_of(book, charge.product.code)
        words = {name.casefold() for plan in plans for name in plan.names}
        for word in charge.plans:
            if word.casefold() not in words:
                known = ", ".join(plan.plan for plan in plans)
                yield problem("unknown-plan", charge.plans_place, found=word, plans=known)


def _one_default_plan(book: PriceBook) -> Iterator[Problem]:
    defaults: dict[str, Plan] = {}
    for plan in book.plans:
        product = plan.product.code
        if plan.default and product in defaults:
            yield problem("default-twice", plan.place, found=plan.code, first=str(defaults[product].place.row))
        elif plan.default:
            defaults[product] = plan


def _tiers_meet(book: PriceBook) -> Iterator[Problem]:
    """The prices of one thing under one plan: a single row, or tiers that meet without gap or overlap.

    The upper bound belongs to its tier: 0 to 1,000 and 1,000 to 5,000 meet.
    """
    told: set[Place] = set()
    for product in book.products:
        for plan in plans_of(book, product) or (None,):
            for item, charges in charges_for(book, product, plan).items():
                for found in _tier_problems(item, charges):
                    if found.place not in told:
                        told.add(found.place)
                        yield found


def _bounds_idle(charge: Charge) -> bool:
    """Whether a row gives a tier's bounds to a model that takes neither: it would charge the whole quantity."""
    return bool(charge.bounds) and not {"from", "to"} & set(charge.model.inputs)


def _bounds_are_taken(book: PriceBook) -> Iterator[Problem]:
    """A tier's model knows of tiers."""
    rows = {next(iter(c.bounds.values())): c for c in book.charges if _bounds_idle(c)}
    tiered = [model.code for model in book.models.values() if {"from", "to"} & set(model.inputs)]
    for place, charge in rows.items():
        facts: dict[str, Fact] = {
            "item": charge.item,
            "found": charge.model.code,
            "models": ", ".join(tiered) or NOTHING,
        }
        yield problem("tier-model-idle", place, None, **facts)


def _tier_problems(item: str, charges: Sequence[Charge]) -> Iterator[Problem]:
    if len(charges) == 1:
        return
    if any(_bounds_idle(charge) for charge in charges):
        return  # which is told of each row
    untiered = [charge for charge in charges if "from" not in charge.parameters and "to" not in charge.parameters]
    if untiered:
        other = next(charge for charge in charges if charge is not untiered[-1])
        yield problem("priced-twice", untiered[-1].place, item=item, first=str(other.place.row))
        return
    if (computed := _computed_bound(charges)) is not None:
        if not _chained(charges):
            yield problem("tier-bound-open", computed.place, item=item)
        return
    bounds = sorted(
        ((_bound(c, "from", Decimal(0)), _bound(c, "to", None), c) for c in charges), key=lambda b: b[0] or 0
    )
    (lowest, _, first), (_, highest, last) = bounds[0], bounds[-1]
    if lowest:
        place = first.parameters["from"].place
        yield problem("tiers-start-late", place, item=item, found=_shown(lowest))
    if highest is not None and last.sold:
        yield problem("tiers-end", last.parameters["to"].place, item=item, found=_shown(highest))
    for (_, end, lower), (start, _, upper) in pairwise(bounds):
        place = upper.parameters["from"].place if "from" in upper.parameters else upper.place
        if end is None or start is None or start < end:
            yield problem(
                "tier-overlap", place, item=item, found=_shown(start), end=_shown(end), row=str(lower.place.row)
            )
        elif start > end:
            yield problem("tier-gap", place, item=item, found=_shown(start), end=_shown(end), row=str(lower.place.row))


def _computed_bound(charges: Sequence[Charge]) -> Parameter | None:
    """A bound that is a formula over names, so that nothing is known of it before a month is rated."""
    bounds = (charge.parameters.get(key) for charge in charges for key in ("from", "to"))
    return next((bound for bound in bounds if bound is not None and bound.formula is not None), None)


def _chained(charges: Sequence[Charge]) -> bool:
    """Whether each tier begins with what another ends with, word for word, from nothing to no end."""
    rest = list(charges)
    end: object = None
    while (tier := next((t for t in rest if _bound_key(t, "from") == end), None)) is not None:
        rest.remove(tier)
        end = _bound_key(tier, "to")
        if end is None:
            break
    return not rest and end is None


def _bound_key(charge: Charge, name: str) -> object:
    """A bound as it stands in its cell; None where it is blank, or begins with nothing."""
    bound = charge.parameters.get(name)
    return None if bound is None or bound.value == 0 else bound.formula or bound.value


def _bound(charge: Charge, name: str, default: Decimal | None) -> Decimal | None:
    number = parameter_number(charge.parameters.get(name))
    return default if number is None else number


def _shown(bound: Decimal | None) -> str:
    return f"{bound:,f}" if bound is not None else "∞"


SAMPLED = (SUPPLIED - {"included"}) | {"price"}
"""What a price row is tried with from the model's own example; a quota it gives itself, or there is none."""


def _prices_compute(book: PriceBook) -> Iterator[Problem]:
    """Each price row's model, tried with the row's own figures and sample ones for the rest, gives a figure.

    A blank block would divide by nothing on the first bill; it is told here, at its row.
    """
    rows = [(i.model, i.parameters, i.place) for i in book.items]
    rows += [(charge.model, charge.parameters, charge.place) for charge in book.charges if charge.sold]
    told: set[Place] = set()
    for model, parameters, place in rows:
        if place in told:
            continue
        values = {name: model.sample.get(name) for name in model.inputs if name in SAMPLED}
        values |= {name: model.sample.get(name) if p.formula is not None else p.value for name, p in parameters.items()}
        for name, formula in model.formulas:
            values[name] = evaluate(formula, lambda node: values.get(node.name) if isinstance(node, Name) else None)  # noqa: B023
            result = values[name]
            if isinstance(result, (ExcelError, str)):
                blank = [name for name in model.inputs if values.get(name) is None]
                shown = result.value if isinstance(result, ExcelError) else result
                told.add(place)
                yield problem(
                    "price-incomplete", place, model=model.code, found=str(shown), blank=", ".join(blank) or "—"
                )
                break


def _parameters_are_given(book: PriceBook) -> Iterator[Problem]:
    """What a model cannot do without is in its row: a rate that is blank would charge nothing."""
    for charge in book.charges:
        model = charge.model
        needed = (name for name in model.inputs if name not in MAY_BE_BLANK and model.sample.get(name) is not None)
        blank = [name for name in needed if name not in charge.parameters]
        if blank and charge.sold:
            yield problem("parameter-blank", charge.place, item=charge.item, model=model.code, blank=", ".join(blank))


def _once_is_not_refunded(book: PriceBook) -> Iterator[Problem]:
    """What is bought once has no term, of which a part could be left."""
    for item in (*book.plans, *book.extensions):
        if item.term == "once" and item.refund is not None:
            yield problem("refund-of-once", item.place, item=item.code, found=item.refund.code)


def _early_ends_are_priced(book: PriceBook) -> Iterator[Problem]:
    """An early end needs something that says what the days come to: a refund model, or for postpaid items days."""
    for item in (*book.plans, *book.extensions):
        refunded = item.early_end == "refund" and item.refund is None
        prepaid = item.early_end == "days used" and item.pay == "prepaid"
        whole = item.early_end == "days used" and item.refund is None and not (item.by_days and item.term == "calendar")
        if refunded or prepaid or whole or (item.early_end != "run out" and item.term == "once"):
            wanted = _DAYS_USED if item.early_end == "days used" else _REFUND
            yield problem("early-end-unpriced", item.place, None, item=item.code, wanted=wanted)


_REFUND = Label("一个退款模型，和有周期的项目", "a refund model, and an item with a term")
_DAYS_USED = Label(
    "后付费、有周期，且有退款模型，或自然月周期且计价模型用到 days 和 of_days",
    "a postpaid item with a term, and a refund model or, by calendar month, a model that takes days and of_days",
)


def _plans_have_usage_prices(book: PriceBook) -> Iterator[Problem]:
    """A plan under which something cannot be used that every other plan of its product has a price or a limit for."""
    for product in book.products:
        plans = [plan for plan in plans_of(book, product) if plan.role == "fee"]
        priced = {plan.code: set(charges_for(book, product, plan)) for plan in plans}
        for plan in plans:
            others = [items for code, items in priced.items() if code != plan.code]
            lacking = set.intersection(*others) - priced[plan.code] if others else set()
            if lacking:
                yield problem("plan-without-prices", plan.place, plan=plan.code, items=", ".join(sorted(lacking)))


def _quotas_can_be_used(book: PriceBook) -> Iterator[Problem]:
    """Packs and trials need prices whose model knows what was drawn or is included, and no tiers to spread over."""
    for pack in book.packs:
        yield from _takes(book, pack.place, "drawn", lambda charge, pack=pack: charge.meter in pack.meters)  # type: ignore[misc]
    yield from _draw_prices(book)
    for trial in book.trials:
        yield from _takes(book, trial.place, "included", lambda charge, trial=trial: _tries(trial.of, charge))  # type: ignore[misc]


def _draw_prices(book: PriceBook) -> Iterator[Problem]:
    """What a pack's draw model takes of a unit, each price of its meters says; and what a price says, a pack takes."""
    by_price = [pack for pack in book.packs if "draw_price" in pack.draw.inputs]
    told: set[Place] = set()
    for charge in book.charges:
        packs = [pack for pack in by_price if charge.meter in pack.meters]
        own = charge.draw_price is not None
        idle = own and not packs and "draw_price" not in charge.model.inputs
        if (idle or (packs and charge.sold and not own)) and charge.place not in told:
            told.add(charge.place)
            if idle:
                yield problem("draw-price-idle", charge.place, item=charge.item)
            else:
                yield problem("draw-price-missing", charge.place, item=charge.item, pack=packs[0].code)


def _takes(book: PriceBook, place: Place, name: str, concerns: Callable[[Charge], bool]) -> Iterator[Problem]:
    charges = [charge for charge in book.charges if charge.sold and concerns(charge)]
    for charge in charges:
        if name not in charge.model.inputs:
            yield problem("model-ignores-quota", charge.place, model=charge.model.code, name=name, row=str(place))
    tiers = Counter((charge.item, charge.plans) for charge in charges)
    for (item, _), count in tiers.items():
        if count > 1:
            yield problem("quota-on-tiers", place, item=item)


def _tries(of: str, charge: Charge) -> bool:
    meter = charge.meter
    dimension = meter.dimensions.get(charge.dimension or "") if meter else None
    return (meter is not None and meter.code == of) or (dimension is not None and dimension.medium == of)


def _years_are_counted(book: PriceBook) -> Iterator[Problem]:
    """What a model takes of the year so far, its row counts; and what a row counts, its model takes."""
    told: set[Place] = set()
    for charge in book.charges:
        takes = "so_far" in charge.model.inputs
        if takes != (charge.year is not None) and charge.place not in told:
            told.add(charge.place)
            code = "so-far-of-no-year" if takes else "year-without-so-far"
            yield problem(code, charge.place, item=charge.item, model=charge.model.code)
    for item in book.items:
        if "so_far" in item.model.inputs and not (isinstance(item, Plan) and item.role == "commitment"):
            yield problem("so-far-of-no-year", item.place, item=item.code, model=item.model.code)


def _customer_charges_take_lines(book: PriceBook) -> Iterator[Problem]:
    """What is charged by customer takes the figures of its apps' lines, and measures nothing itself."""
    for charge in {charge.place: charge for charge in book.charges if charge.of_customer}.values():
        if charge.meter is not None:
            yield problem("customer-charge-measured", charge.place, item=charge.item, meter=charge.meter.code)


def _bands_are_whole(book: PriceBook) -> Iterator[Problem]:
    """Every moment lies in one band of a schedule, and every band is a dimension of the meters that name it."""
    schedules = {meter.bands.code: meter.bands for meter in book.meters.values() if meter.bands is not None}
    for schedule in schedules.values():
        yield from schedule.problems()
    for meter in book.meters.values():
        for band in meter.bands.bands if meter.bands is not None else ():
            if band.dimension not in meter.dimensions:
                known = ", ".join(meter.dimensions) or "—"
                facts: dict[str, Fact] = {"found": band.dimension, "meter": meter.code, "known": known}
                yield problem("band-dimension-unknown", band.place, None, **facts)
                break


def _extension_parameters(book: PriceBook) -> Iterator[Problem]:
    """An extension that no plan offers can never be sold."""
    for extension in book.extensions:
        if not any(isinstance(price, Parameter) for price in extension.prices.values()):
            yield problem("extension-never-sold", extension.place, item=extension.code)


CHECKS: tuple[Callable[[PriceBook], Iterator[Problem]], ...] = (
    _codes_are_unique,
    _models_give_what_is_asked,
    _needs_name_plans,
    _charges_name_plans,
    _one_default_plan,
    _tiers_meet,
    _bounds_are_taken,
    _parameters_are_given,
    _prices_compute,
    names_are_lines,
    names_are_not_their_own,
    figures_are_not_given_twice,
    _once_is_not_refunded,
    _early_ends_are_priced,
    _plans_have_usage_prices,
    _quotas_can_be_used,
    _extension_parameters,
    _bands_are_whole,
    _years_are_counted,
    rollovers_can_be_used,
    _customer_charges_take_lines,
    tax_classes_are_known,
)
