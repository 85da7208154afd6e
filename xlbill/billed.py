"""What became of a customer in a run, and of all customers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, overload

from xlbill.balances import Balance
from xlbill.manifest import FileRecord, ShortRecord, in_short
from xlbill.rating.bill import Bill, Line
from xlbill.rating.figures import Figure, Source
from xlbill.register import Listed, Registered, listed
from xlbill.spool import Spool, packed


@dataclass(frozen=True, slots=True)
class Billed:
    """A customer's bill, the file that it was written to with its record, and the balances that go on."""

    bill: Bill
    file: Path
    record: FileRecord
    carried: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The same as a process hands it on: what a run asks of everybody as it is, all else packed.

    The bill is that of the review: what its lines take from elsewhere is a value, and it has no usage.
    """

    customer: str
    file: Path
    inside: str  # the hash of the workbook itself
    total: str
    carried: tuple[Balance, ...]
    bill: bytes = b""
    record: bytes = b""
    listed: bytes = b""  # in the register


def kept(billed: Billed) -> Kept:
    """What a run keeps of a customer."""
    record, bill = billed.record, billed.bill
    return Kept(
        bill.customer.code,
        billed.file,
        record.inside,
        record.total,
        billed.carried,
        packed(_bare(replace(bill, usage=()))),
        packed(in_short(record)),
        packed(listed(Registered(bill, billed.file.name))),
    )


class AllBilled(Sequence[Billed]):
    """Everybody who was billed in a run, in the order of the accounts; what is large lies on disk.

    `heads` are in memory: who was billed, in which file, to what total. The record of each says nothing of its cells.
    """

    def __init__(self, folder: Path) -> None:
        self.heads: list[Kept] = []
        self.bills: Spool[Bill] = Spool(folder)
        self.records: Spool[ShortRecord] = Spool(folder)
        self.listed: Spool[Listed] = Spool(folder)

    def add(self, one: Kept) -> None:
        """One customer more."""
        self.bills.append(one.bill)
        self.records.append(one.record)
        self.listed.append(one.listed)
        self.heads.append(replace(one, bill=b"", record=b"", listed=b""))

    def __len__(self) -> int:
        return len(self.heads)

    @overload
    def __getitem__(self, number: int) -> Billed: ...
    @overload
    def __getitem__(self, number: slice) -> list[Billed]: ...
    def __getitem__(self, number: int | slice) -> Billed | list[Billed]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        head = self.heads[number]
        return Billed(self.bills[number], head.file, self.records[number].head, head.carried)


class RecordsByName(Mapping[str, ShortRecord]):
    """The records of a run's files by their names."""

    def __init__(self, billed: AllBilled) -> None:
        self._records = billed.records
        self._numbers = {head.file.name: number for number, head in enumerate(billed.heads)}

    def __getitem__(self, name: str) -> ShortRecord:
        return self._records[self._numbers[name]]

    def __contains__(self, name: object) -> bool:
        return name in self._numbers  # without reading the record

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def _bare(thing: Any) -> Any:
    """A bill, or a part of one, with figures that are values (those of lines: see `_of_line`); all else of it stays."""
    match thing:
        case Figure():
            return _value(thing)
        case tuple():
            return tuple(map(_bare, thing))
        case Mapping():
            return {key: _bare(value) for key, value in thing.items()}
    if type(thing).__module__ != Bill.__module__:
        return thing
    if isinstance(thing, Line):
        listed = None if thing.list_price is None else _value(thing.list_price)
        return replace(thing, figures=_of_line(thing), list_price=listed, at_list=None)
    parts = ((part.name, getattr(thing, part.name)) for part in fields(thing))
    return replace(thing, **{name: bare for name, part in parts if (bare := _bare(part)) is not part})


def _of_line(line: Line) -> dict[str, Figure]:
    """A line's figures with their formulas over each other, which the review computes again; what they take from
    elsewhere is a value.
    """
    own = set(line.figures.values())
    made: dict[Figure, Figure] = {}

    def kept_as(figure: Figure) -> Figure:
        if figure not in own:
            return _value(figure)
        if figure not in made:
            sources = {name: _source(source) for name, source in figure.inputs.items()}
            made[figure] = Figure(figure.name, figure.value, figure.formula, sources)
        return made[figure]

    def _source(source: Source) -> Source:
        return tuple(map(kept_as, source)) if isinstance(source, tuple) else kept_as(source)

    return {name: kept_as(figure) for name, figure in line.figures.items()}


def _value(figure: Figure) -> Figure:
    return Figure(figure.name, figure.value)
