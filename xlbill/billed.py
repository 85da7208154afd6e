"""What became of a customer in a run."""

from dataclasses import dataclass
from pathlib import Path

from xlbill.balances import Balance
from xlbill.manifest import FileRecord
from xlbill.rating.bill import Bill


@dataclass(frozen=True, slots=True)
class Billed:
    """A customer's bill, the file that it was written to with its record, and the balances that go on."""

    bill: Bill
    file: Path
    record: FileRecord
    carried: tuple[Balance, ...]
