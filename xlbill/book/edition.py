"""An edition of a price list: which one a price book is, and which file it was read from."""

from dataclasses import dataclass
from datetime import date

from xlbill.language import Label


@dataclass(frozen=True, slots=True)
class Edition:
    """What the bills that use a price book say about it."""

    code: str
    name: Label
    effective: date
    conditions: Label
    file: str
    digest: str  # SHA-256 of the workbook
