"""What is printed is whole: no figure is too wide for its cell, and no text runs into another or is cut by its row.

A text that a cell cuts is drawn as long as it is, and only its paint is cut: so it overlaps what stands beside it.
"""

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from soffice import requires_soffice

from tests.invoice import bills
from tests.invoice.laid_out import SHIPPED, shipped
from xlbill.invoice import Issuance, lay_out, load_template
from xlbill.language import Label
from xlbill.money import Currency
from xlbill.rating.bill import Bill
from xlbill.register import Registered, lay_out_register, listed, register_of
from xlbill.workbook import write_layout
from xlbill.workbook.pdf import to_pdf

pytestmark = [pytest.mark.libreoffice, requires_soffice]
ISSUED = Issuance("202604-00017", date(2026, 5, 3), date(2026, 5, 18), owed=Decimal("250.5"), received=Decimal(90))
HIGH = 0.45  # of the height of a line, what its letters surely take: the rest is the typeface's air
SLACK = 1.0  # point

_PAGE = re.compile(r"<page .*?</page>", re.DOTALL)
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


class Word(NamedTuple):
    """A word of a page, and where its letters stand, in points."""

    top: float
    left: float
    bottom: float
    right: float
    text: str


def words(pdf: Path) -> Iterator[list[Word]]:
    """The words of each page."""
    told = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    for page in _PAGE.findall(told):
        found = []
        for *edges, text in _WORD.findall(page):
            left, top, right, bottom = map(float, edges)
            air = (bottom - top) * (1 - HIGH) / 2
            found.append(Word(top + air, left, bottom - air, right, text))
        yield found


def overlaps(page: list[Word]) -> list[tuple[str, str]]:
    """The words that run into each other."""
    found = []
    for number, one in enumerate(page):
        for other in page[number + 1 :]:
            beside = one.left + SLACK < other.right and other.left + SLACK < one.right
            if beside and one.top < other.bottom and other.top < one.bottom:
                found.append((one.text, other.text))
    return found


def dear(language: str) -> Bill:
    """Millions of another currency, for somebody of a long name."""
    long_name = Label(
        "北京市海淀区上地信息产业基地网络科技发展有限责任公司", "A Company of a Rather Long Name (Shanghai) Ltd."
    )
    to = bills.customer("zh" if language == "zh" else "en", name=long_name, address="北京市海淀区上地西路 " * 4)
    fees = [bills.fee("app-1", Label("旗舰版", "Ultimate"), value, 5) for value in ("8765432.10", "12345678.90")]
    return bills.bill_of(fees, to=to, currency=Currency("USD", 2))


BILLS: dict[str, Callable[[str], Bill]] = {
    "ordinary": lambda language: bills.ordinary("zh" if language == "zh" else "en"),
    "long": lambda language: bills.long("zh" if language == "zh" else "en", lines_per_app=4),
    "refunding": lambda language: bills.refunding("zh" if language == "zh" else "en"),
    "saving": lambda language: bills.saving("zh" if language == "zh" else "en"),
    "free": lambda language: bills.free("zh" if language == "zh" else "en"),
    "dear": dear,
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Bills in every language, and a register of them, printed with one start."""
    folder = tmp_path_factory.mktemp("whole")
    both, _ = load_template(SHIPPED / "invoice.zh-en.xlsx")
    assert both is not None
    files = []
    for language, template in (("zh", shipped("zh")), ("en", shipped("en")), ("zh-en", both)):
        for name, make in BILLS.items():
            files.append(folder / f"{name}.{language}.xlsx")
            write_layout(lay_out(make(language), template, ISSUED), files[-1])
    entries = [
        Registered(replace(bill, customer=replace(bill.customer, code=f"C{n}")), f"C{n}-2026-04 202605-0001{n}.xlsx")
        for n, bill in enumerate(make("zh") for make in BILLS.values())
        if bill.currency == bills.CNY
    ]
    files.append(folder / "register.xlsx")
    write_layout(lay_out_register(register_of(bills.APRIL, [listed(entry) for entry in entries], ())), files[-1])
    assert not to_pdf(files, folder / "pdf")
    return {file.stem: folder / "pdf" / f"{file.stem}.pdf" for file in files}


@pytest.mark.parametrize("name", [*(f"{name}.{way}" for name in BILLS for way in ("zh", "en", "zh-en")), "register"])
def test_nothing_that_is_printed_is_cut(printed: dict[str, Path], name: str) -> None:
    pages = list(words(printed[name]))
    assert pages and any(pages)
    assert [word.text for page in pages for word in page if "##" in word.text] == []
    assert [(number, pair) for number, page in enumerate(pages, 1) for pair in overlaps(page)] == []


def test_words_that_run_into_each_other_are_found() -> None:
    name, currency, below = Word(0, 0, 10, 50, "C001-2026"), Word(1, 45, 11, 60, "CNY"), Word(14, 0, 24, 50, "C002")
    assert overlaps([name, currency, below]) == [("C001-2026", "CNY")]
    assert all(not overlaps(list(pair)) for pair in pairwise([name, below]))
