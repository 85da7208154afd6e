"""The command that says what something would cost."""

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from xlbill.commands.options import (
    as_month,
    as_workbook,
    bad_value,
    default_language,
    json_option,
    language_option,
    misused,
    print_problems,
    print_result,
    workspace_option,
)
from xlbill.language import Label, Language, colon
from xlbill.money import plain
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.terminal import print_table, say
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.foresight.offers import Curve, Quoted, QuotedOffer, Sweep
    from xlbill.foresight.quoting import Basis, Days

_PRICES = Label("价目表", "prices")
_NOTHING = Label(
    "请写明要报价的项目，如 im.pro，或用量、客户（--usage、--from）",
    "name what is to be quoted, as im.pro, or usage or a customer (--usage, --from)",
)
_LESS = Label("最低", "cheapest")
_USAGE = Label(
    "{word!r}：用量写作 计量项=数量，如 dau=15000、rtc:audio=120000",
    "{word!r}: write usage as dau=15000, rtc:audio=120000",
)
_RANGE = Label(
    "{word!r}：范围写作 计量项=从:至:步长，如 dau=0:200000:5000", "{word!r}: write a range as dau=0:200000:5000"
)
_STEPS, _USUAL_STEPS = 10_000, 40
_FILE = click.Path(path_type=Path, dir_okay=False)


def as_usage(context: click.Context, parameter: click.Parameter, words: Sequence[str]) -> dict[str, Decimal]:
    """Usage as it is typed, `dau=15000`; several of one meter and dimension are a slip."""
    usage: dict[str, Decimal] = {}
    for word in words:
        meter, _, text = word.partition("=")
        figure = figure_of(text)
        if not meter.strip() or figure is None or meter.strip() in usage:
            raise bad_value(_USAGE, context, parameter, word=word)
        usage[meter.strip()] = figure
    return usage


def as_range(context: click.Context, parameter: click.Parameter, word: str | None) -> "Sweep | None":
    """A range as it is typed, `dau=0:200000:5000`; without a step it has forty."""
    from xlbill.foresight.offers import Sweep

    if word is None:
        return None
    meter, _, text = word.partition("=")
    figures = [figure_of(part) for part in text.split(":")]
    start, stop, *steps = figures if 2 <= len(figures) <= 3 else (None, None)
    if not meter.strip() or start is None or stop is None or not 0 <= start < stop:
        raise bad_value(_RANGE, context, parameter, word=word)
    step = steps[0] if steps else (stop - start) / _USUAL_STEPS
    if step is None or step <= 0 or (stop - start) / step > _STEPS:
        raise bad_value(_RANGE, context, parameter, word=word)
    return Sweep(meter.strip(), start, stop, step)


def figure_of(text: str) -> Decimal | None:
    """A figure as it is typed: 15000, 15,000; None for what is none."""
    try:
        figure = Decimal(re.sub(r"(?<=\d)[,_](?=\d{3})", "", text.strip()))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and abs(figure.adjusted()) < 15 else None


@click.command("quote")
@click.argument("items", nargs=-1, metavar="[ITEM]...")
@click.option("--usage", "-u", multiple=True, callback=as_usage, metavar="METER=QUANTITY", help="Usage of the month.")
@click.option("--compare", is_flag=True, help="Each ITEM is an offer of its own (a+b: both together).")
@click.option("--sweep", callback=as_range, metavar="METER=FROM:TO[:STEP]", help="What it costs over a range of usage.")
@click.option("--from", "customer", metavar="CUSTOMER", help="Start from what a customer has.")
@click.option("--app", metavar="APP", help="The customer's app that is meant.")
@click.option("--book", metavar="CODE", help="The price book (default: the newest in force in the month).")
@click.option("--period", callback=as_month, help="The month (default: this one).")
@click.option("-o", "--output", type=_FILE, callback=as_workbook, help="Write a quotation, or the curve.")
@click.option("--to", "addressee", metavar="NAME", help="Whom the quotation is for.")
@click.option("--valid", type=click.IntRange(1, 3650), default=30, help="Days for which it holds.", show_default=True)
@workspace_option
@json_option
@language_option
def quote(
    items: tuple[str, ...],
    usage: dict[str, Decimal],
    compare: bool,
    sweep: "Sweep | None",
    customer: str | None,
    app: str | None,
    book: str | None,
    period: Month | None,
    output: Path | None,
    addressee: str | None,
    valid: int,
    workspace: Path,
    as_json: bool,
    lang: Language | None,
) -> None:
    """What would it cost: plans, extensions (storage:180), packs and usage, by the rules that make the bills.

    An ITEM may say its number and its day: api_rate*3, im.ultimate@2026-04-10.
    """
    if not items and not usage and sweep is None and customer is None:
        raise misused(_NOTHING)
    from xlbill.foresight.basis import basis_of
    from xlbill.foresight.offers import curve, reach_of, side_by_side

    today = date.today()  # noqa: DTZ011 - the local day is meant
    language, place, month = lang or default_language(), Workspace(workspace), period or Month.of(today)
    basis, found = basis_of(place, month, book, customer, app)
    offers = _offers(items, basis, found, compare=compare) if basis is not None else ()
    if basis is None or found.errors:
        _refuse(found, language, as_json=as_json)
    if addressee is not None or not customer:
        named = Label(addressee, addressee) if addressee else basis.customer.name
        basis = replace(basis, customer=replace(basis.customer, name=named, language=language))
    days: dict[str, Days] = {word: {None: figure} for word, figure in usage.items()}
    quotes = side_by_side(basis, offers, days, month)
    for quoted in quotes:
        found += quoted.problems
    if all(quoted.bill is None for quoted in quotes):
        _refuse(found, language, as_json=as_json)
    ranges = [sweep] if sweep is not None else [reach_of(word, of) for word, of in days.items() if compare]
    curves = [curve(basis, offers, days, month, each) for each in ranges]
    if sweep is not None:
        found += curves[0].problems
        if all(total is None for _, totals in curves[0].points for total in totals):
            _refuse(found, language, as_json=as_json)
    if output is not None:
        found += _write(quotes, curves if sweep else [], place, output, (today, today + timedelta(valid)), language)
    if as_json:
        print_result(_as_json(quotes, curves, sweep is not None), found, language)
    else:
        print_problems(found, language)
        _print(quotes, curves, sweep is not None, language)
    sys.exit(1 if found.errors else 0)


def _refuse(found: Problems, language: Language, *, as_json: bool) -> NoReturn:
    if as_json:
        print_result({"offers": []}, found, language)
    else:
        print_problems(found, language)
    sys.exit(2)


def _offers(words: Sequence[str], basis: "Basis", found: Problems, *, compare: bool) -> "tuple[QuotedOffer, ...]":
    """The offers that are asked for: each word one, or all of them together; an unreadable word is a problem."""
    from xlbill.foresight.offers import QuotedOffer
    from xlbill.foresight.quoting import offer_of

    groups = [word.split("+") for word in words] if compare else [list(words)]
    return tuple(QuotedOffer("+".join(group), offer_of(group, basis, found)) for group in groups)


def _write(
    quotes: "Sequence[Quoted]",
    curves: "Sequence[Curve]",
    place: Workspace,
    path: Path,
    offer: tuple[date, date],
    language: Language,
) -> Problems:
    """The curve where one was asked for, else a quotation of the cheapest offer."""
    from xlbill.foresight.offers import cheapest
    from xlbill.foresight.quote_workbook import write_curve, write_quotation

    best = cheapest(quotes)[0].bill
    assert best is not None, "the cheapest offer has a bill"
    if curves:
        return write_curve(curves[0], best.currency.code, path, language)
    return write_quotation(best, place.templates, path, offer, f"Q-{offer[0]:%Y%m%d}")


def _as_json(quotes: "Sequence[Quoted]", curves: "Sequence[Curve]", swept: bool) -> dict[str, object]:
    crossings = [
        {"usage": crossing.word, "from": plain(crossing.at), "cheaper": crossing.cheaper, "than": crossing.than}
        for one in curves
        for crossing in one.crossings
    ]
    points = curves[0].points if swept else ()
    swept_over = [{"usage": plain(at), "totals": [_plain(total) for total in totals]} for at, totals in points]
    return {"offers": [_offer_json(quoted) for quoted in quotes], "crossings": crossings, "curve": swept_over}


def _offer_json(quoted: "Quoted") -> dict[str, object]:
    bill = quoted.bill
    if bill is None:
        return {"offer": quoted.offer.name, "total": None, "lines": []}
    lines = []
    for line in bill.lines:
        amount = bill.currency.text(line.amount.number)
        lines.append({"item": line.item, "quantity": _plain(line.number("quantity")), "amount": amount})
    spelled = {name: bill.currency.text(figure.number) for name, figure in bill.sums.items()}
    return {"offer": quoted.offer.name, "currency": bill.currency.code, **spelled, "lines": lines}


def _plain(number: Decimal | None) -> str | None:
    return plain(number) if number is not None else None


def _print(quotes: "Sequence[Quoted]", curves: "Sequence[Curve]", swept: bool, language: Language) -> None:
    from xlbill.foresight.offers import cheapest
    from xlbill.foresight.quote_text import bill_table, curve_table, offers_table
    from xlbill.foresight.quote_workbook import crossing_words, no_crossing

    if swept:
        print_table(curve_table(curves[0], language))
    elif len(quotes) == 1 and quotes[0].bill is not None:
        print_table(bill_table(quotes[0].bill, language))
    else:
        print_table(offers_table(quotes, language))
    editions = dict.fromkeys(edition.code for q in quotes if q.bill is not None for edition in q.bill.editions)
    say(f"{_PRICES.text(language)}{colon(language)}{', '.join(editions)}")
    if len(quotes) > 1 and not swept:
        names = ", ".join(quoted.offer.name for quoted in cheapest(quotes))
        say(f"{_LESS.text(language)}{colon(language)}{names}")
    for one in curves if len(quotes) > 1 else ():
        for line in crossing_words(one, language) or [no_crossing(one, language)]:
            say(line)
