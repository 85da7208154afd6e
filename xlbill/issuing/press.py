"""The files of invoices: a bill laid out under its number, and the record of what was written."""

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xlbill.billed import Billed
from xlbill.invoice import Issuance
from xlbill.ledger.issue import invoice_name
from xlbill.ledger.publish import Publication, Stage
from xlbill.ledger.records import Draft, InvoiceHead
from xlbill.manifest import sealed_record
from xlbill.press import printed_record
from xlbill.processes import Lost, mapped
from xlbill.rating.bill import Bill
from xlbill.run import Bench, Job


def issuance_of(head: InvoiceHead) -> Issuance:
    """How an invoice of the ledger was issued, as its pages show it."""
    return Issuance(head.number.text, head.issued, head.due_on, owed=head.owed, received=head.received)


def with_refunded_bills(bill: Bill, numbers: Mapping[str, str]) -> Bill:
    """A bill whose refunds name the bill on which stands what they give back."""
    lines = tuple(
        replace(line, refund_bill=numbers.get(str(line.refund_of), "")) if line.refund_of is not None else line
        for line in bill.lines
    )
    return replace(bill, lines=lines)


@dataclass
class Press:
    """Writes the file of a draft under its head; `last` is what it wrote last. It may go into other processes."""

    bench: Bench
    jobs: Mapping[str, Job]  # by customer
    folder: Path
    last: Billed | None = None

    def __call__(self, draft: Draft, head: InvoiceHead, path: Path) -> None:
        """Write an invoice, in need of a password where its customer has one."""
        content, billed = self._made(draft, head)
        password = self.bench.password_of(self.jobs[draft.customer].customer)
        content, record = sealed_record(content, billed.record, password)
        self.last = replace(billed, record=record)
        path.write_bytes(content)

    def made(self, draft: Draft, head: InvoiceHead) -> Billed:
        """An invoice as it is written, without a file or a password."""
        return self._made(draft, head)[1]

    def _made(self, draft: Draft, head: InvoiceHead) -> tuple[bytes, Billed]:
        """Rate the customer once more, and lay it out: the same bill, by the same inputs."""
        job = self.jobs[draft.customer]
        outcome = self.bench.rate(job.customer)
        bill = outcome.bill
        assert bill is not None, f"{draft.customer} was rated a moment ago"
        assert bill.total.number == draft.total, f"{draft.customer} comes to another total than its draft"
        bill, issuance = with_refunded_bills(bill, head.numbers), issuance_of(head)
        final = self.folder / invoice_name(draft, head.number)
        invoice = self.bench.presses[job.template].invoice(bill, issuance)
        return invoice.content, Billed(bill, final, printed_record(final.name, bill, invoice), outcome.carried)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The stage of publishing, which hands on what its press wrote, too."""

    press: Press

    def __call__(self, document: Publication) -> tuple[str | OSError, Billed | None]:
        """The hash of the file, or why there is none; and what was written."""
        done = Stage(self.press)(document)
        return done, self.press.last if isinstance(done, str) else None


@dataclass
class Pressing:
    """Spreads the writing over processes, and keeps what was written: by customer, once it is done."""

    press: Press
    processes: int
    watch: Callable[[int], object] = lambda done: None  # how many are written
    written: dict[str, Billed] = field(default_factory=dict)

    def __call__(self, stage: Stage, documents: Sequence[Publication]) -> Iterator[str | OSError]:
        """The hashes of the documents, in their order."""
        for number, each in enumerate(mapped(Recorded(self.press), documents, self.processes), start=1):
            self.watch(number)
            if isinstance(each, Lost):
                yield OSError(errno.ECHILD, "the process that wrote it was ended")
                continue
            done, billed = each
            if billed is not None:
                self.written[billed.bill.customer.code] = billed
            yield done
