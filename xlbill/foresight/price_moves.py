"""What a price list changes, for the first lines of an impact: each price with its old and its new figure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlbill.book.data import Document
from xlbill.foresight.compare import compare_documents
from xlbill.foresight.diff import Difference, risen, shown, signed
from xlbill.foresight.meaning import Fact
from xlbill.foresight.what_if import Supposed
from xlbill.language import Label, Language, bracketed, colon

SHOWN = 12
_NOT_PRICES = ("settings", "examples")
_MORE = Label("另有 {count} 处（xlbill diff 可列出）", "and {count} more (xlbill diff lists them)")


@dataclass(frozen=True, slots=True)
class PriceMove:
    """A price, or a rule, under both books; None where one has none."""

    name: Label
    old: Fact
    new: Fact

    @property
    def percent(self) -> Decimal | None:
        """By how much a figure rose, in percent; None where it is none, or was nothing."""
        both = isinstance(self.old, Decimal) and isinstance(self.new, Decimal)
        return risen(self.old, self.new) if both else None  # type: ignore[arg-type]

    def words(self, language: Language) -> str:
        """The price with both figures: im.pro.price: 1,299 → 1,403 (+8.01 %)."""
        sides = (shown(fact) if fact is not None else "—" for fact in (self.old, self.new))
        rise = bracketed(signed(self.percent), language) if self.percent is not None else ""
        return f"{self.name.text(language)}{colon(language)}{' → '.join(sides)}{rise}"


def moves_supposed(supposed: Sequence[Supposed]) -> tuple[PriceMove, ...]:
    """The prices that are changed in thought, each with its cell."""
    named = ((f"{one.cell.spoken} ({one.cell.at})", one) for one in supposed)
    return tuple(PriceMove(Label(name, name), one.cell.value, one.new) for name, one in named)


def moves_between(old: Document, new: Document) -> tuple[PriceMove, ...]:
    """What differs between two price books but for the settings and worked bills; nothing where a formula is broken."""
    difference, _ = compare_documents(old, new)
    return tuple(_of(difference)) if difference is not None else ()


def _of(difference: Difference) -> Iterator[PriceMove]:
    for change in difference.computed:
        if change.sheet not in _NOT_PRICES:
            heading = change.heading
            name = Label(f"{change.about} {heading.zh}".strip(), f"{change.about} {heading.en}".strip())
            yield PriceMove(name, change.old, change.new)


def move_words(moves: Sequence[PriceMove], language: Language) -> Iterator[str]:
    """A line for each of the first of them, and how many more there are."""
    for move in moves[:SHOWN]:
        yield move.words(language)
    if len(moves) > SHOWN:
        yield _MORE.text(language).format(count=len(moves) - SHOWN)
