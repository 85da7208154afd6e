"""Minimums: a line that tops a product's usage up to its plan's price, so that the lines add to the higher one.

The minimum starts with the first month in which a day lies after the product's trial (DESIGN, decision 8).
"""

from collections.abc import Sequence
from dataclasses import replace

from xlbill.accounts import Contract
from xlbill.book.objects import Parameter, Plan
from xlbill.problems import Problems
from xlbill.rating.bill import Line
from xlbill.rating.contracts import Scope, agreement, idle_minimums, in_force, label_words, reaches
from xlbill.rating.figures import given, total
from xlbill.rating.lines import finished, priced
from xlbill.rating.scene import Scene
from xlbill.rating.terms import Term
from xlbill.rating.trials import trial_days
from xlbill.rating.usage_lines import amounts


def minimum_lines(scene: Scene, lines: Sequence[Line], found: Problems) -> list[Line]:
    """The top-up lines of an app's minimum plans that are active after their trial in this month."""
    topped = []
    day = scene.month.period.last
    reaching: list[Contract] = []
    for plan in scene.book.plans:
        if plan.role != "minimum":
            continue
        ordered = [term for term in scene.terms if term.item == plan]
        reaching += [c for c in scene.contracts if ordered and c.minimum and reaches(c, scope_of(scene, plan))]
        terms = [term for term in ordered if _is_due(scene, term)]
        if terms and (line := _top_up(scene, terms[-1], plan, lines, found)) is not None:
            topped.append(line)
    found += idle_minimums((c for c in scene.contracts if in_force(c, scene.app, day)), reaching)
    return topped


def scope_of(scene: Scene, plan: Plan) -> Scope:
    """What a contract may name to reach a minimum."""
    product = scene.book.products[plan.product]
    return Scope((plan.names, (product.code, *label_words(product.name))))


def _is_due(scene: Scene, term: Term) -> bool:
    """Whether a term has a day in the month that lies after the trial."""
    days = term.active.overlap(scene.month.period) if term.active else None
    trials = [trial_days(scene, trial) for trial in scene.book.trials if trial.product == term.item.product]
    ends = [trial.end for trial in trials if trial is not None]
    return days is not None and days.last >= max(ends, default=days.start)


def _top_up(scene: Scene, term: Term, plan: Plan, lines: Sequence[Line], found: Problems) -> Line | None:
    place = term.order.subscription.place
    product = scene.book.products[plan.product]
    if not scene.allowed(plan.product, max(term.period.start, scene.month.start)):
        found.add("needs-plan", place, app=scene.app.code, item=plan.code, needs=", ".join(product.needs), found="—")
        return None
    agreed = agreement(scene.contracts, scene.app, scope_of(scene, plan), scene.month.period.last, found)
    if agreed.minimum is not None:
        agreed = replace(agreed, parameters={**agreed.parameters, "price": agreed.minimum})
    agreed = replace(agreed, discount=None)
    parameters: dict[str, Parameter] = dict(plan.parameters)
    terms = priced(parameters, agreed, scene.book)
    figures = {**terms.figures, "subtotal": total("subtotal", amounts(lines, plan.product))}
    if "quantity" in scene.book.models[plan.model].inputs:
        order = term.order.subscription
        figures["quantity"] = given("quantity", order.quantity, order.quantity_place)
    line = Line(
        kind="minimum",
        app=scene.app.code,
        product=plan.product,
        group=product.group,
        item=plan.code,
        title=plan.name,
        model=plan.model,
        pay=plan.pay,
        figures=figures,
        period=scene.month.period,
        edition=scene.book.edition.code,
        list_price=terms.list_price,
        contract=terms.contract,
    )
    return finished(line, scene.book.models[plan.model], scene.book, found, place)
