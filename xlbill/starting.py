"""New workspaces: the shipped example, the smallest one, or a small worked book of an invented vendor.

The small ones stand as text in starters/, so that a change of them can be read; their workbooks are made by the same
code as those of `xlbill convert`, with drop-downs and with notes on their columns.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlbill.book.data import with_all_columns
from xlbill.book.data_files import read_document, write_document
from xlbill.convert import Request, convert_file
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.workspace import SHIPPED

MONTH = "2026-04"
"""The month that every new workspace has usage of."""

LIKE: Mapping[str, Label] = {
    "seats": Label(
        "按席位的软件：首月按天，额度随席位增长，合同优惠",
        "software by seat: first month by days, a quota that grows, a discount",
    ),
    "cloud": Label(
        "按量的云：维度、阶梯、按客户归集、百分比支持费", "a cloud by usage: dimensions, tiers, pooling, a percentage"
    ),
    "telecom": Label(
        "通信：套餐额度、资源包、秒计量分钟计费、阶梯到达",
        "telecom: quotas, packs, seconds charged by the minute, volume prices",
    ),
    "utility": Label(
        "电力：分时、阶梯、容量费、附加费、月最低", "power: bands, a ladder, capacity, a surcharge, a minimum"
    ),
}
"""The invented vendors, and which pattern each shows."""

EMPTY = "empty"
_MADE = {
    "prices.yaml": "price_tables/{name}.xlsx",
    "accounts.yaml": "accounts.xlsx",
    "usage.csv": f"usage/{MONTH}/usage.xlsx",
}


@dataclass(frozen=True, slots=True)
class Started:
    """A workspace that was made: the files that were written. Files that were there stay as they are."""

    written: tuple[Path, ...]
    problems: Problems


def start(directory: Path) -> Started:
    """The shipped price tables and templates with the example month."""
    written = [*_copied("price_tables", directory / "price_tables"), *_copied("templates", directory / "templates")]
    return Started((*written, *_copied("examples", directory)), Problems())


def start_like(name: str, directory: Path) -> Started:
    """The workspace of a starter: `empty`, or an invented vendor."""
    written, found = [], Problems()
    for source, target in _MADE.items():
        made = directory / target.format(name="prices" if name == EMPTY else name)
        if made.exists():
            continue
        made.parent.mkdir(parents=True, exist_ok=True)
        text, shown = SHIPPED / "starters" / name / source, f"starters/{name}/{source}"
        lost = _accounts(text, shown, made) if source == "accounts.yaml" else convert_file(Request(text, made, shown))
        written += [made] if not lost.errors else []
        found += lost
    return Started((*written, *_copied("templates", directory / "templates")), found)


def _accounts(text: Path, shown: str, made: Path) -> Problems:
    """Accounts with every sheet and column that there is: what a small one leaves out will be wanted one day."""
    document, found = read_document(text, shown)
    if document is not None:
        found += write_document(with_all_columns(document), made, made.as_posix())
    return found


def _copied(name: str, target: Path) -> Iterator[Path]:
    """The files of a shipped folder, copied; what a run writes is no part of it."""
    source = SHIPPED / name
    for file in sorted(source.rglob("*")):
        inner = file.relative_to(source)
        made = target / inner
        if (
            file.is_file()
            and not {"invoices", "balances", "broken", "what-if"} & set(inner.parts)
            and not made.exists()
        ):
            made.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, made)
            yield made
