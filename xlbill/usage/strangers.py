"""Columns of usage sheets that nobody knows: notes, or figures that would go unbilled.

The rule is that of all workbooks (sheets/strangers.py): a column without a heading, of another kind of sheet or with
an unknown heading is told to the apps that have a figure, a date or a known word in it, unless its heading says that
it is a note.
"""

from collections.abc import Hashable, Sequence

from xlbill.cells import column_letters
from xlbill.sheets import nearest
from xlbill.sheets.headings import normalised
from xlbill.sheets.isolated import value_of
from xlbill.sheets.strangers import is_note
from xlbill.sheets.stream import Batch, Unknown, Values
from xlbill.sheets.tables import is_total
from xlbill.sheets.values import Misfit, as_date, as_number
from xlbill.usage.columns import REMARKS, USAGE
from xlbill.usage.layout import UsageLayout
from xlbill.usage.sheet import UsageSheet, is_blank
from xlbill.usage.words import UnknownApp, folded

_SURELY_NEAR = 0.75
_WORDS = tuple(word for column in USAGE.columns for word in (column.heading.zh, column.heading.en, *column.aliases))


class StrangeColumns:
    """Watches the columns that nobody knows while the rows of a sheet go by, and tells each once for each app."""

    def __init__(self, sheet: UsageSheet) -> None:
        """`watched` are the columns that nobody knows, `headed` is the position behind the last heading."""
        self._sheet = sheet
        self.watched = _watched(sheet.layout)
        self.headed = 1 + max(sheet.layout.texts, default=-1)
        self._told: set[tuple[Hashable, int]] = set()

    def look(self, batch: Batch) -> None:
        """Look at some rows."""
        if self.watched:
            for number, values in batch:
                self._look(number, values, [at for at in self.watched if at < len(values)])
        if batch and max(len(values) for _, values in batch) > self.headed:
            for number, values in batch:
                self._look(number, values, range(self.headed, len(values)))

    def _look(self, number: int, values: Values, columns: Sequence[int]) -> None:
        sheet = self._sheet
        filled = [at for at in columns if not is_blank(values[at])]
        if not filled or number <= sheet.layout.last_heading_row:
            return
        known = sheet.app(values)
        app = "" if isinstance(known, UnknownApp) else known
        filled = [at for at in filled if (app, at) not in self._told]
        if not filled or sheet.carries_nothing(values):
            return
        for at in filled:
            if self.counts(at, values[at]):
                self._told.add((app, at))
                self._tell(app, at, number, values)

    def counts(self, at: int, raw: Hashable) -> bool:
        """Whether a value could be meant to count; under a heading that is nearly a known one, whatever it is."""
        heading = self._sheet.layout.texts.get(at)
        if raw is Unknown.NEVER_CALCULATED or (
            heading is not None and (at in self._sheet.layout.unused or _near(heading))
        ):
            return True
        value = value_of(raw)
        if not isinstance(value, str):
            return True
        read = (as_number(value), as_date(value))
        doubtful = (Misfit.AMBIGUOUS_NUMBER, Misfit.AMBIGUOUS_DATE, Misfit.NO_YEAR)
        return any(not isinstance(r, Misfit) or r in doubtful for r in read) or (
            folded(value) in self._sheet.register.meters.values
        )

    def _tell(self, app: str, at: int, number: int, values: Values) -> None:
        sheet = self._sheet
        heading = sheet.layout.texts.get(at)
        if heading is None:
            sheet.tell("usage-column-nameless", number, at, app, values, subject=column_letters(at + 1))
        elif at in sheet.layout.unused:
            sheet.tell("usage-column-unused", sheet.layout.heading_row, at, app, (), found=heading, subject=heading)
        else:
            hint = _near(heading) or nearest(heading, _WORDS) or ", ".join(str(c.heading) for c in USAGE.columns)
            facts = {"found": heading, "subject": heading, "nearest": hint}
            sheet.tell("usage-column-ignored", sheet.layout.heading_row, at, app, (), **facts)


def _watched(layout: UsageLayout) -> tuple[int, ...]:
    """The columns that are neither taken nor notes: without a heading, or with one that means nothing here."""
    taken = {*layout.columns.values(), *layout.meters, *layout.strangers, *layout.twice}
    headed = [at for at, text in layout.texts.items() if at not in taken and not is_remark(text)]
    bare = [at for at in range(1 + max(layout.texts, default=-1)) if at not in layout.texts]
    return tuple(sorted([*headed, *bare]))


def is_remark(heading: str) -> bool:
    """Whether a heading says that its column is a note, or a sum of others."""
    return is_note(heading) or is_total(heading) or normalised(heading) in REMARKS


def _near(heading: str) -> str | None:
    return nearest(heading, _WORDS, cutoff=_SURELY_NEAR)
