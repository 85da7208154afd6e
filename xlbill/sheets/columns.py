"""Declarations of sheets and their columns: the one truth behind loaders, shipped workbooks' notes and the manual."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from xlbill.language import Label
from xlbill.quantities import Quantity


class Kind(Enum):
    """What a column's cells hold; decides how a messy value is read and how the shipped workbooks format it."""

    TEXT = "text"
    CODE = "code"  # an identifier: text, compared ignoring case and surrounding blanks
    CODES = "codes"  # several, separated by comma, 、 or line break; * for all
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    YES = "yes/no"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures that make sense in a column; whether `10%` is one, or a slip for something that is counted."""

    least: Decimal
    most: Decimal
    percent: bool = True

    def __contains__(self, number: Decimal | Fraction) -> bool:
        return self.least <= number <= self.most

    def __str__(self) -> str:
        return f"{self.least:,f} – {self.most:,f}"


FIGURE = Limits(Decimal(-(10**12)), Decimal(10**12))
"""What any figure is within: a trillion yuan, or users."""
AMOUNT = Limits(Decimal(-(10**12)), Decimal(10**12), percent=False)
COUNTED = Limits(Decimal(-(10**9)), Decimal(10**12), percent=False)
"""Things that are ordered or used; less than nothing is told in words of its own."""
FEW = Limits(Decimal(-10_000), Decimal(10_000), percent=False)
"""Months, days and decimals."""


def limits_of(quantity: Quantity) -> Limits:
    """What the column of a quantity takes in a price row or a contract."""
    return COUNTED if quantity.counted else FIGURE


SHARE = Limits(Decimal(-1_000_000), Decimal(1_000_000))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its key in the code, its heading in both languages, other headings it answers to."""

    key: str
    heading: Label
    kind: Kind = Kind.TEXT
    required: bool = False
    note: Label | None = None
    aliases: tuple[str, ...] = ()
    range: Limits = FIGURE
    """For NUMBER."""
    near: tuple[str, ...] = ()
    """What people call it, too, and may mean something else by: told with this column as the likely one, not taken."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For CHOICE: the value in the code, and the words that mean it, the shown ones (zh, en) first."""

    def headings(self) -> tuple[str, ...]:
        """Everything that is this column when it stands in the heading row; a former word beside the English, too."""
        both = (f"{word} {self.heading.en}" for word in (self.heading.zh, *self.aliases))
        return (*both, self.heading.zh, self.heading.en, self.key, *self.aliases)


OWN_COLUMNS = Column(
    "own",
    Label("自有列", "own columns"),
    Kind.CODES,
    aliases=("自有列和表", "our own columns", "own"),
    note=Label(
        "我们自己的列和工作表的名称，逗号分隔：不参与计费",
        "Headings and sheets of our own, separated by commas: they are never billed by",
    ),
)
"""A setting: what is nobody's concern but its owner's, whatever it holds."""


@dataclass(frozen=True, slots=True)
class SheetKind:
    """One sheet of an input workbook: the titles it answers to, its columns, whether the file must have it."""

    key: str
    title: Label
    columns: tuple[Column, ...]
    required: bool = False
    note: Label | None = None
    aliases: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        """The declared column of that key."""
        return next(column for column in self.columns if column.key == key)
