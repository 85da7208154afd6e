"""What a contract may name to reach a row of a price book."""

from dataclasses import dataclass

from xlbill.language import Label, folded


@dataclass(frozen=True, slots=True)
class Scope:
    """What a contract's item may name to reach a price row, the nearest first, and what its option may.

    An option is a plan of the product, an option of the extension, or a dimension of the meter, as in an order;
    `option` is the word by which people are told of it. All words are folded.
    """

    words: tuple[frozenset[str], ...]
    options: frozenset[str] = frozenset()
    option: str | None = None
    of_customer: bool = False  # what is charged once for all of a customer's apps: no contract of one app reaches it


def scope_of(*words: tuple[str, ...], options: tuple[str, ...] = ()) -> Scope:
    """A scope of some words, the nearest first, and of those that name an option."""
    return Scope(tuple(map(folded, words)), folded(options), options[0] if options else None)


def in_both(*labels: Label) -> tuple[str, ...]:
    """The names of things in both languages."""
    return tuple(word for label in labels for word in (label.zh, label.en) if word)
