"""Meters that measure the usage of another one once more: a fee for each payment, and a ladder over their sum.

Such a meter has a way of summing up, a record model, a unit and coefficients of its own. How its usage is given, in
which dimensions and for whom it is gathered is said once, by the meter that it is taken from.
"""

from collections.abc import Mapping
from dataclasses import replace

from xlbill.book.objects import Meter
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.sheets import Row, nearest

OF_THE_OTHER = ("default_unit", "bands", "pooled", "daily", "whole", "request_limit", "sample_minutes")
"""What only the meter that has the usage can say."""


def measured_anew(meters: Mapping[str, Meter], rows: Mapping[str, Row], found: Problems) -> dict[str, Meter]:
    """All meters, those that are taken from others with what they have from them; the rows are those of their codes."""
    known = {code.casefold(): meter for code, meter in meters.items()}
    made: dict[str, Meter] = {}
    for code, meter in meters.items():
        if meter.taken_from is None:
            made[code] = meter
            continue
        row, other = rows[code], known.get(meter.taken_from.casefold())
        if other is None:
            found.tell(row.problem("unknown-meter", "taken_from", nearest=nearest(meter.taken_from, meters) or "—"))
        elif other.taken_from is not None:
            free = ", ".join(each.code for each in meters.values() if each.taken_from is None) or "—"
            found.tell(row.problem("meter-taken-twice", "taken_from", meter=code, free=free))
        else:
            made[code] = _taken(meter, other, row, found)
    return made


def _taken(meter: Meter, other: Meter, row: Row, found: Problems) -> Meter:
    """A meter with what it has from the one whose usage it measures: dimensions and units where it says none."""
    for key in OF_THE_OTHER:
        if not row.cell(key).blank:
            found.tell(row.problem("meter-column-idle", key, meter=meter.code, other=other.code))
    dimensions = meter.dimensions or other.dimensions
    if dimensions.keys() != other.dimensions.keys():
        own, theirs = (", ".join(each.dimensions) or "—" for each in (meter, other))
        facts = {"meter": meter.code, "own": own, "other": other.code, "theirs": theirs}
        found.tell(row.problem("taken-dimensions-differ", "meter", **facts))
    meter = replace(
        meter,
        taken_from=other.code,
        dimensions=dimensions,
        bands=other.bands,
        pooled=other.pooled,
        default_unit=other.default_unit,
    )
    if meter.unit is None and meter.source_unit is None:
        return replace(meter, unit=other.unit, source_unit=other.source_unit, per_unit=other.per_unit)
    known = set().union(*map(_words, _units(meter)))
    foreign = [unit for unit in _units(other) if not _words(unit) & known]
    if foreign == [other.unit] and meter.record is None and _share_source(meter, other):
        return replace(meter, unit_taken=(foreign[0], other.per_unit))
    if foreign or (len(_units(other)) == len(_units(meter)) == 2 and meter.per_unit != other.per_unit):
        given = ", ".join(unit.zh or unit.en for unit in _units(other))
        found.tell(row.problem("taken-unit-unknown", "unit", meter=meter.code, other=other.code, given=given))
    return meter


def _share_source(meter: Meter, other: Meter) -> bool:
    """Whether both have the same source unit: bytes, of which one makes GB, the other Mbps of five minutes."""
    if meter.source_unit is None or other.source_unit is None:
        return False
    return bool(_words(meter.source_unit) & _words(other.source_unit))


def _units(meter: Meter) -> list[Label]:
    return [unit for unit in (meter.unit, meter.source_unit) if unit is not None]


def _words(unit: Label) -> set[str]:
    return {word.casefold() for word in (unit.zh, unit.en) if word}
