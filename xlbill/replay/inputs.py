"""The inputs of a run, found again by their hashes, and a workspace in which they lie as the run found them."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xlbill.balances import balances_name, is_balances
from xlbill.cells import Place
from xlbill.check import Sort, sort_of
from xlbill.files import sha256_of
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.sheets import safe_file_name
from xlbill.workspace import SHIPPED, Workspace

_SHIPPED, _GIVEN = "xlbill/", "given/"
_MADE = ("invoices", "issued", "what-if")  # folders of what runs wrote: no inputs, but for balances
_AGAIN = re.compile(r" \(\d+\)$")


@dataclass(frozen=True, slots=True)
class ReplayPlace(Workspace):
    """A workspace of copies, whose files are called as those of the run were; the ledger is the real one."""

    of: Workspace = field(default_factory=lambda: Workspace(Path()))
    names: Mapping[Path, str] = field(default_factory=dict)  # copy -> its name on record
    out: Path = Path()
    month: Month | None = None

    @property
    def ledger(self) -> Path:
        """The ledger of the workspace that the run was made in."""
        return self.of.ledger

    def invoices(self, month: Month) -> Path:
        """Where the month's files are made again; those of other months lie where they lay."""
        return self.out if month == self.month else self.of.invoices(month)

    def balances_before(self, month: Month) -> Path:
        """The copy of the balances that the run opened with."""
        before = month.plus(-1)
        return self.root / "invoices" / str(before) / balances_name(before)

    def recorded(self, path: Path) -> str:
        """The name that the run had on record for the file."""
        return self.names.get(path, path.name)

    def shown(self, path: Path) -> str:
        """The path as the run showed it."""
        name = self.names.get(path)
        if name is None:
            return self.of.shown(path)
        if name.startswith(_SHIPPED):
            return self.of.shown(SHIPPED / name.removeprefix(_SHIPPED))
        return name if name.startswith(_GIVEN) else self.of.shown(self.of.root / name)


def find_inputs(workspace: Workspace, inputs: Mapping[str, str]) -> tuple[dict[str, Path], Problems]:
    """Where each input of a run lies now, by its hash: in its place, else anywhere in the workspace or with xlbill.

    What is gone, or lies in its place with other bytes and nowhere as it was, is a problem.
    """
    found, places, elsewhere = Problems(), dict[str, Path](), dict[str, Path]()
    missing = {}
    for name, sha256 in inputs.items():
        here = _place_of(workspace, name)
        if here is not None and here.is_file() and sha256_of(here) == sha256:
            places[name] = here
        else:
            missing[name] = sha256
    if missing:
        endings = {Path(_AGAIN.sub("", name)).suffix.lower() for name in missing}
        elsewhere = {sha256_of(file): file for file in _anywhere(workspace, endings)}
    for name, sha256 in missing.items():
        if sha256 in elsewhere:
            places[name] = elsewhere[sha256]
            continue
        here = _place_of(workspace, name)
        changed = here is not None and here.is_file()
        code = "replay-input-changed" if changed else "replay-input-gone"
        found.add(code, Place(name), found=sha256_of(here)[:16] if changed and here else "—", wanted=sha256[:16])
    return places, found


def _place_of(workspace: Workspace, name: str) -> Path | None:
    """Where an input lay; None for what was named on the command line."""
    if name.startswith(_GIVEN):
        return None
    base, rest = (SHIPPED, name.removeprefix(_SHIPPED)) if name.startswith(_SHIPPED) else (workspace.root, name)
    path = (base / rest).resolve()
    return path if path.is_relative_to(base.resolve()) else None  # a manifest may be anybody's


def _anywhere(workspace: Workspace, endings: set[str]) -> Iterator[Path]:
    for base in (SHIPPED / "price_tables", SHIPPED / "templates", workspace.root):
        for file in sorted(base.rglob("*")):
            made = base == workspace.root and file.relative_to(base).parts[0] in _MADE and not is_balances(file.name)
            if not made and file.suffix.lower() in endings and file.is_file():
                yield file


def lay_ready(
    workspace: Workspace, month: Month, inputs: Mapping[str, Path], root: Path, out: Path
) -> tuple[ReplayPlace, Problems]:
    """A workspace of copies of a run's inputs, each in the place that its part in the run gives it."""
    found, names = Problems(), dict[Path, str]()
    for number, (name, path) in enumerate(inputs.items()):
        target = root / _target(name, path, month, number)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        names[target] = name
    for folder in ("price_tables", "templates"):
        (root / folder).mkdir(exist_ok=True)  # what ships with xlbill now is no input of the run
    return ReplayPlace(root, of=workspace, names=names, out=out, month=month), found


def _target(name: str, path: Path, month: Month, number: int) -> str:
    """The place of an input in a workspace: by its name on record, of what was named by what it holds."""
    parts = [safe_file_name(part) for part in name.removeprefix(_SHIPPED).split("/") if part not in ("", ".", "..")]
    file = _AGAIN.sub("", parts[-1]) if parts else f"{number}"
    if is_balances(name):
        before = month.plus(-1)
        return f"invoices/{before}/{balances_name(before)}"
    if not name.startswith(_GIVEN):
        return "/".join([*parts[:-1], file])
    sort = sort_of(path)
    if sort is Sort.ACCOUNTS:
        return "accounts.xlsx"
    return f"price_tables/{file}" if sort is Sort.BOOK else f"usage/{month}/{number:04d}/{file}"
