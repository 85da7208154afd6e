"""Where things lie: a workspace's folders, and what ships with xlbill in their place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xlbill.balances import balances_name
from xlbill.cells import in_one_line
from xlbill.files import Source
from xlbill.periods import Month

_INSTALLED = Path(__file__).parent / "shipped"
SHIPPED = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parent.parent
"""price_tables/, templates/ and examples/: inside the wheel, or at the top of a source tree."""

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TABLES = (*WORKBOOKS, ".csv", ".tsv", ".txt", ".tab", ".parquet")
NO_TABLES = frozenset(
    (
        *(".md", ".rst", ".pdf", ".doc", ".docx", ".ppt", ".pptx", ".eml", ".msg", ".log"),
        *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".ini", ".lnk", ".py", ".sh", ".sql", ".tmp"),
    )
)
"""Endings of files that people keep beside tables: documents, pictures, mail, scripts."""
_ACCOUNTS = ("accounts", "客户档案")
_OF_SYSTEMS = re.compile(
    r"(~\$|\._|\.~lock\.)|(\.DS_Store|\.gitkeep|\.gitignore|Thumbs\.db|\.xlbill.*)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder in which finance works: price_tables/, templates/, accounts.xlsx, usage/, invoices/.

    Price tables and templates that it lacks are those that ship with xlbill.
    """

    root: Path
    prices_given: Path | None = None
    accounts_given: Path | None = None
    usage_given: tuple[Path, ...] = ()
    out_given: Path | None = None

    @property
    def prices(self) -> Path:
        """The folder of the price books."""
        return self.prices_given or self._own_or_shipped("price_tables")

    @property
    def templates(self) -> Path:
        """The folder of the invoice templates."""
        return self._own_or_shipped("templates")

    @property
    def accounts(self) -> Path:
        """The accounts workbook."""
        return self.accounts_given or self.root / "accounts.xlsx"

    @property
    def accounts_otherwise(self) -> Path | None:
        """A workbook or text that may be meant as the accounts where there are none: accounts.xls, Accounts.xlsx."""
        if self.accounts_given is not None or self.accounts.exists() or not self.root.is_dir():
            return None
        meant = (file for file in sorted(self.root.iterdir()) if file.stem.casefold() in _ACCOUNTS and file.is_file())
        return next((file for file in meant if file.suffix.lower() not in NO_TABLES), None)

    @property
    def is_absent(self) -> bool:
        """Whether nothing says that somebody's accounts are, or were, here."""
        looked_for = (self.accounts, self.ledger, self.root / "usage")
        return self.accounts_otherwise is None and not any(path.exists() for path in looked_for)

    def usage(self, month: Month) -> tuple[Path, ...]:
        """The usage sheets of a month: what was named, else everything in usage/2026-04/."""
        named = self.usage_given or (self.root / "usage" / str(month),)
        return tuple(file for path in named for file in tables_in(path))

    def passed_over(self, month: Month) -> tuple[Path, ...]:
        """Files of a month's usage folder that may hold usage and are not read: packed, of other programs, hidden."""
        named = self.usage_given or (self.root / "usage" / str(month),)
        return tuple(file for path in named if path.is_dir() for file in _others_in(path))

    def invoices(self, month: Month) -> Path:
        """The folder that a month's drafts go to: what was named, else a what-if's own beside that of the real ones."""
        return self.out_given or self.root / ("what-if" if self.apart else "invoices") / str(month)

    def issued(self, month: Month) -> Path:
        """The folder of what was issued for a month: never written to by a run that makes drafts."""
        return self.root / "issued" / str(month)

    def adjustments(self, month: Month) -> tuple[Path, ...]:
        """Workbooks with adjustments of a month that do not stand in the accounts: adjustments/2026-05*.xlsx."""
        folder = self.root / "adjustments"
        return tuple(file for file in sorted(folder.glob(f"{month}*.xlsx")) if not file.name.startswith("~$"))

    def adjustments_passed_over(self, month: Month) -> tuple[Path, ...]:
        """Files of that folder that may hold adjustments of a month and are not read: no xlsx, or of no month."""
        folder = self.root / "adjustments"
        read = set(self.adjustments(month))
        others = [file for file in _others_in(folder, ()) if file not in read] if folder.is_dir() else []
        return tuple(file for file in others if _may_be_of(file.name, month))

    @property
    def ledger(self) -> Path:
        """The ledger of what was issued."""
        return self.root / "ledger.sqlite"

    @property
    def apart(self) -> bool:
        """Whether something was named in place of the workspace's own: a what-if, which touches no other month."""
        return any((self.prices_given, self.accounts_given, self.usage_given, self.out_given))

    def balances(self, month: Month) -> Path:
        """The file that a month's closing balances are written to, beside its drafts; a what-if has one of its own."""
        return self.invoices(month) / f"{'what-if-' if self.apart else ''}{balances_name(month)}"

    def balances_before(self, month: Month) -> Path:
        """The file with the closing balances that a month opens with: a what-if's own, else the workspace's.

        `balances/2026-03.csv` is where they stood once; it counts for a month that has no drafts.
        """
        before = month.plus(-1)
        usual = self.root / "invoices" / str(before) / balances_name(before)
        places = (self.balances(before), usual, self.root / "balances" / f"{before}.csv")
        return next((path for path in places if path.is_file()), usual)

    def books(self) -> tuple[Path, ...]:
        """The workbooks of the price tables folder."""
        return tuple(tables_in(self.prices, WORKBOOKS))

    def shown(self, path: Path) -> str:
        """A path as its user knows it: from the workspace on, or from here."""
        for base in (self.root, Path.cwd()):
            if path.is_relative_to(base):
                return in_one_line(path.relative_to(base).as_posix())
        return in_one_line(path.as_posix())

    def recorded(self, path: Path) -> str:
        """A path's name in the manifest, the same wherever the workspace and xlbill lie."""
        bases = [(self.root, ""), (SHIPPED, "xlbill/")]
        named = (self.prices_given, self.accounts_given, *self.usage_given)
        bases += [(self.out_given, "out/")] if self.out_given is not None else []
        bases += [(given if given.is_dir() else given.parent, "given/") for given in named if given is not None]
        whole = path.resolve()
        for base, mark in bases:
            if whole.is_relative_to(base.resolve()):
                return f"{mark}{whole.relative_to(base.resolve()).as_posix()}"
        return path.name

    def source(self, path: Path) -> Source:
        """An input as it is now: read from here on, and recorded by what it holds."""
        return Source.of(path, self.shown(path), self.recorded(path))

    def _own_or_shipped(self, name: str) -> Path:
        own = self.root / name
        return own if own.is_dir() else SHIPPED / name


def tables_in(path: Path, endings: tuple[str, ...] = TABLES) -> Iterator[Path]:
    """A file itself, or the spreadsheets of a folder by name; Excel's lock files (~$) are left alone."""
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.suffix.lower() in endings and not file.name.startswith(("~$", ".")):
            yield file


def _may_be_of(name: str, month: Month) -> bool:
    """Whether a file may be about a month: its name begins with that month, or with none."""
    begun = re.match(r"\d{4}-\d{2}(?!\d)", name)
    return begun is None or begun[0] == str(month)


def _others_in(folder: Path, endings: tuple[str, ...] = TABLES) -> Iterator[Path]:
    """The files of a folder that `tables_in` leaves out, without lock files, systems' own files and documents."""
    read = set(tables_in(folder, endings))
    for file in sorted(folder.rglob("*")):
        other = file.is_file() and file not in read and not _OF_SYSTEMS.match(file.name)
        if other and file.suffix.lower() not in NO_TABLES:
            yield file
