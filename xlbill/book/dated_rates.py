"""Rates: figures that change by date (exchange rates, indices), which price cells take by their names."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from xlbill.book.by_date import DatedRate
from xlbill.book.parameters import Recalculated, read_parameter
from xlbill.formula import Name, parse
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.sheets import Row


def read_rates(rows: Iterable[Row], exact: Recalculated, effective: date, found: Problems) -> tuple[DatedRate, ...]:
    """The rows of the Rates sheet; a rate must have a value on the day on which its price book comes into force."""
    rates: dict[tuple[str, date | None], DatedRate] = {}
    first: dict[str, Row] = {}
    for row in rows:
        rate = _read_rate(row, exact, found)
        if rate is None:
            continue
        key = rate.code.casefold(), rate.since
        if key in rates:
            found.tell(row.problem("rate-twice", "from", rate=rate.code, first=str(rates[key].place.row)))
            continue
        rates[key] = rate
        earlier = first.get(key[0])
        if earlier is None or (rate.since or date.min) < (earlier.date("from", Problems()) or date.min):
            first[key[0]] = row
    for code, row in first.items():
        since = row.date("from", Problems())
        if since is not None and since > effective:
            found.tell(row.problem("rate-starts-late", "from", rate=code, found=str(since), effective=str(effective)))
    return _named(sorted(rates.values(), key=lambda rate: rate.since or date.min))


def rate_on(rates: Sequence[DatedRate], name: str, day: date) -> DatedRate | None:
    """The value of a rate on a day: the last that began by then; None where there is none. They are in order."""
    held = [r for r in rates if r.code.casefold() == name.casefold() and (r.since is None or r.since <= day)]
    return held[-1] if held else None


def is_rate(rates: Sequence[DatedRate], name: str) -> bool:
    """Whether a name is that of a rate."""
    return any(rate.code.casefold() == name.casefold() for rate in rates)


def rate_names(rates: Sequence[DatedRate]) -> Label:
    """The names of all rates, for somebody who misspelt one."""
    named = ", ".join(dict.fromkeys(rate.code for rate in rates))
    return Label(named or "（没有）", named or "(none)")


def _read_rate(row: Row, exact: Recalculated, found: Problems) -> DatedRate | None:
    code = row.code("rate", found)
    here = found.apart()
    since, value = row.date("from", here), read_parameter(row, "value", exact, here)
    if value is None and not here.errors:
        here.tell(row.problem("rate-blank", "value"))
    elif value is not None and not isinstance(value.value, Decimal):
        here.tell(row.problem("not-a-figure", "value"))
    found += here
    if code is not None and (not isinstance(named := parse(code), Name) or named.name != code or "." in code):
        found.tell(row.problem("rate-name-bad", "rate"))
        return None
    if code is None or value is None or not isinstance(value.value, Decimal) or here.errors:
        return None
    name = Label(row.text("title", found) or "", row.text("title_en", found) or "")
    return DatedRate(code, name, since, value.value, value.place)


def _named(rates: Sequence[DatedRate]) -> tuple[DatedRate, ...]:
    """Rates with what they are called: what one of their rows says, else the name that price cells use."""
    names: dict[str, Label] = {}
    for rate in rates:
        if str(rate.name):
            names.setdefault(rate.code.casefold(), rate.name)
    return tuple(replace(r, name=names.get(r.code.casefold(), Label(r.code, r.code))) for r in rates)
