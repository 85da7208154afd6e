"""The problems of usage sheets, kept to a number that somebody can read.

A million rows may have a million faults. Of one kind, app and word the first twenty are told, with their cells, and
then how many more there are. An app that has an error is always named, so that its customer is left out.
"""

from collections import Counter

from xlbill.cells import Place
from xlbill.problems import Excerpt, Fact, Problems

TOLD_OF_A_KIND = 20
SUBJECTS_OF_A_KIND = 200
_Kind = tuple[str, str, str]


class Findings:
    """Collects problems; `app` is whose usage they spoil, blank where nobody knows."""

    def __init__(self) -> None:
        self._told = Problems()
        self._counts: Counter[_Kind] = Counter()
        self._subjects: Counter[str] = Counter()
        self._last: dict[_Kind, Place] = {}
        self.strangers: dict[str, None] = {}  # words that stood where an app's code belongs, in their order

    def tell(self, code: str, place: Place, app: str, excerpt: Excerpt | None = None, **facts: Fact) -> None:
        """One problem more. Of one `subject`, a fact that the message names, only so many are listed."""
        kind = self._kind(code, app, str(facts.get("subject", "")))
        if kind not in self._counts:
            self._subjects[code] += 1
        self._counts[kind] += 1
        self._last[kind] = place
        if self._counts[kind] <= TOLD_OF_A_KIND:
            self._told.about(app=app).add(code, place, excerpt, app=app, **facts)

    def enough(self, code: str, app: str, subject: str = "") -> bool:
        """Whether one more of a kind would only be counted: its facts need not be looked for."""
        return self._counts[self._kind(code, app, subject)] >= TOLD_OF_A_KIND

    def problems(self) -> Problems:
        """All that was told, and where more was found than is listed, how much."""
        all_of_it = Problems(self._told)
        for kind, count in self._counts.items():
            code, app, _ = kind
            if count > TOLD_OF_A_KIND:
                rest = f"{count - TOLD_OF_A_KIND:,}"
                all_of_it.about(app=app).add("more-of-the-same", self._last[kind], app=app, of=code, count=rest)
        return all_of_it

    def _kind(self, code: str, app: str, subject: str) -> _Kind:
        """What is counted together; subjects without an app to answer for are told apart up to a number of them."""
        kind = (code, app, subject)
        crowded = not app and self._subjects[code] >= SUBJECTS_OF_A_KIND and kind not in self._counts
        return (code, app, "") if crowded else kind
