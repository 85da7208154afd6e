"""What a month's manifest keeps of each file: its hash, its cells, the trace of its figures, and how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from xlbill.workbook.layout import Traced

CellsOf: TypeAlias = Mapping[str, Mapping[str, str]]
"""The cells of a workbook: sheet -> address -> what was typed."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as a run wrote it: its hash, and of an invoice whose it is, what it comes to, and what stands in it.

    `trace` says where each figure came from. `look` holds, for each sheet, a digest of each aspect of what a reader
    sees (`xlbill.workbook.look`).
    """

    name: str
    sha256: str
    customer: str = ""
    currency: str = ""
    total: str = ""
    cells: CellsOf = field(default_factory=dict)
    trace: tuple[Traced, ...] = ()
    look: Mapping[str, str] = field(default_factory=dict)
    checked: bool = False  # whether it was printed as well as written, and both came out the same
    content: str = ""  # of a file that needs a password: the hash of the workbook inside

    @property
    def inside(self) -> str:
        """The hash of the workbook itself, which a password does not change."""
        return self.content or self.sha256

    def is_of(self, sha256: str) -> bool:
        """Whether bytes with this hash are the file, or the workbook inside it."""
        return sha256 in (self.sha256, self.inside)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A month's files by name, and the hashes of what they were made from.

    Of issued files, `ledger` is the head of the ledger's chain at that time, as 812:3f6c...
    """

    period: str
    inputs: Mapping[str, str]
    files: Mapping[str, FileRecord]
    ledger: str = ""
