"""Readers for the problems of data, comparisons, conversions and changed prices."""

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.problems.readers import Reader
from tests.small_book import BOOK, complete
from xlbill.book.data_files import read_document
from xlbill.book.data_grid import lay_out
from xlbill.book.load import load_book
from xlbill.convert import Request, convert_file
from xlbill.files import sha256_of
from xlbill.foresight.basis import basis_of
from xlbill.foresight.book_files import book_files
from xlbill.foresight.cases import run_cases
from xlbill.foresight.change_list import read_changes
from xlbill.foresight.compare import compare_files
from xlbill.foresight.editions import edition_named, editions_of, new_edition, own_prices
from xlbill.foresight.impact import impact, weigher
from xlbill.foresight.impact_text import not_weighed, too_high
from xlbill.foresight.prices import apply_changes
from xlbill.foresight.quoting import nobody, offer_of
from xlbill.foresight.stepping import model_named, steps_of
from xlbill.foresight.what_if import suppose
from xlbill.inputs import load_inputs
from xlbill.manifest import FileRecord, Manifest, write_manifest
from xlbill.periods import Month
from xlbill.problems import Problem, Problems
from xlbill.workspace import SHIPPED, Workspace

BOOK_2026 = SHIPPED / "price_tables" / "easemob-im-2026.xlsx"


def read_data(files: list[Path]) -> list[Problem]:
    """A book or accounts as data, laid out as a workbook."""
    document, found = read_document(files[0], files[0].name)
    return [*found, *(lay_out(document)[1] if document is not None else ())]


def compare(files: list[Path]) -> list[Problem]:
    """Two files compared."""
    return list(compare_files(files[0], files[1], (files[0].name, files[1].name))[1])


def convert_to(name: str, layout: str | None = None) -> Reader:
    """A file converted to another."""

    def read(files: list[Path]) -> list[Problem]:
        return list(convert_file(Request(files[0], files[0].with_name(name), files[0].name, layout)))

    return read


def convert_without_pyarrow(files: list[Path]) -> list[Problem]:
    """Usage, converted to parquet where pyarrow is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xlbill.convert.find_spec", lambda _: None)
        return convert_to("usage.parquet")(files)


def convert_run(recorded: bool = True, changed: bool = False) -> Reader:
    """The lines of a run to parquet, by the folder in which they lie with its manifest."""

    def read(files: list[Path]) -> list[Problem]:
        records = {"lines.csv": FileRecord("lines.csv", "0" * 64 if changed else sha256_of(files[0]))}
        manifest = Manifest("2026-04", {}, records if recorded else {})
        write_manifest(manifest, files[0].with_name("manifest-2026-04.json"))
        found = convert_file(Request(files[0].parent, files[0].with_name("run.parquet"), "invoices/2026-04"))
        return [replace(p, place=replace(p.place, file=Path(p.place.file or "").name)) for p in found]

    return read


def convert_two_sheets(files: list[Path]) -> list[Problem]:
    """A workbook of several usage sheets, converted to csv."""
    return convert_to("usage.csv")(files)


def apply_list(files: list[Path]) -> list[Problem]:
    """The changes of the culprit's own sheet, applied to the small book."""
    return _applied(files[0])


def apply_without_addresses(files: list[Path]) -> list[Problem]:
    """Changes applied to a book whose cells have no addresses."""
    changes, _ = read_changes(files[0], "changes.xlsx")
    path = complete(files[0], BOOK)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", content) if "sheet" in name else content)
    return list(apply_changes(path, "book.xlsx", changes)[1])


def _applied(path: Path) -> list[Problem]:
    changes, found = read_changes(path, "changes.xlsx")
    found += apply_changes(complete(path, BOOK), "book.xlsx", changes)[1]
    return list(found)


def _small(folder: Path) -> Workspace:
    complete(folder / "price_tables" / "small.xlsx", BOOK)
    return Workspace(folder)


def ask_for_an_edition(files: list[Path]) -> list[Problem]:
    """An edition that the workspace does not have."""
    found = Problems()
    edition_named(editions_of(_workspace(files))[0], files[0].stem, found)
    return list(found)


def make_an_edition(**settings: str) -> Reader:
    """A new edition of the small book with these settings."""

    def read(files: list[Path]) -> list[Problem]:
        editions, _ = editions_of(_workspace(files))
        target = files[0].parent / "price_tables" / "other.xlsx"
        return list(new_edition(editions[0], editions, settings, target, "price_tables/other.xlsx"))

    return read


def _workspace(files: list[Path]) -> Workspace:
    (files[0].parent / "price_tables").mkdir(exist_ok=True)
    return _small(files[0].parent)


def change_shipped_prices(files: list[Path]) -> list[Problem]:
    """A workspace without price tables of its own."""
    found = Problems()
    own_prices(Workspace(files[0].parent), found)
    return list(found)


def step_through(files: list[Path]) -> list[Problem]:
    """A model of the small book with an input that it does not take."""
    found = Problems()
    models = editions_of(_workspace(files))[0][0].book.models
    steps_of(models["blocks"], {"quantty": Decimal(1)}, found)
    return list(found)


def try_a_model(files: list[Path]) -> list[Problem]:
    """A model that the small book does not have."""
    found = Problems()
    model_named(editions_of(_workspace(files))[0][0].book, files[0].stem, found)
    return list(found)


def quote_words(files: list[Path]) -> list[Problem]:
    """The words of a file, quoted as orders from the small book."""
    book, _ = load_book(complete(files[0].with_suffix(".xlsx"), BOOK), "book.xlsx")
    assert book is not None
    found = Problems()
    offer_of(files[0].read_text(encoding="utf-8").split(), nobody(book), found)
    return list(found)


def quote_for_a_customer(files: list[Path]) -> list[Problem]:
    """A quotation from what a customer of the example month has, for an app of this name."""
    return list(basis_of(Workspace(SHIPPED / "examples"), Month(2026, 4), None, "C001", files[0].stem)[1])


def run_one_case(files: list[Path]) -> list[Problem]:
    """The worked bill of an id, which the shipped books do not have."""
    found = Problems()
    run_cases(book_files((), Workspace(SHIPPED))[0], files[0].stem, found)
    return list(found)


def suppose_prices(files: list[Path]) -> list[Problem]:
    """Prices of the small book, changed in thought as a file's words say."""
    small, _ = book_files([complete(files[0].with_suffix(".xlsx"), BOOK)], Workspace(files[0].parent))
    return list(suppose(small[0], files[0].read_text(encoding="utf-8").split())[2])


def weigh_a_rise(files: list[Path]) -> list[Problem]:
    """The example month with the price of a file's word, where nobody may pay over 5.5 % more."""
    workspace = Workspace(SHIPPED / "examples")
    book, _, _ = suppose(book_files([BOOK_2026], workspace)[0][0], files[0].read_text(encoding="utf-8").split())
    inputs, _ = load_inputs(workspace, Month(2026, 4))
    assert book is not None and inputs is not None
    return list(too_high(impact([weigher(inputs, Month(2026, 4), book)], book), Decimal("0.055")))


def weigh_some(files: list[Path]) -> list[Problem]:
    """The example month's price book of 2026 weighed on the customers of a file's words alone."""
    codes = files[0].read_text(encoding="utf-8").split()
    inputs, _ = load_inputs(Workspace(SHIPPED / "examples"), Month(2026, 4))
    assert inputs is not None
    chosen = tuple(customer for customer in inputs.accounts.customers if customer.code in codes)
    inputs = replace(inputs, accounts=replace(inputs.accounts, customers=chosen))
    book = next(book for book in inputs.books if book.edition.file == BOOK_2026.name)
    return list(not_weighed(impact([weigher(inputs, Month(2026, 4), book)], book)))


def weigh_in_another_currency(files: list[Path]) -> list[Problem]:
    """The example month under the shipped book as it would be in the currency of a file's word; the first customer."""
    code = files[0].read_text(encoding="utf-8").strip()
    inputs, _ = load_inputs(Workspace(SHIPPED / "examples"), Month(2026, 4))
    assert inputs is not None
    book = next(book for book in inputs.books if book.edition.file == BOOK_2026.name)
    other = replace(book, currency=replace(book.currency, code=code))
    result = impact([weigher(inputs, Month(2026, 4), other)], other)
    return [problem for customer in result.fallen[:1] for problem in customer.problems]


FORESIGHT_READERS: dict[str, Reader] = {
    "data": read_data,
    "compare": compare,
    "convert_to_pdf": convert_to("book.pdf"),
    "convert_to_csv": convert_two_sheets,
    "convert_to_wide": convert_to("wide.csv", "wide"),
    "convert_without_pyarrow": convert_without_pyarrow,
    "convert_run": convert_run(),
    "convert_run_unrecorded": convert_run(recorded=False),
    "convert_run_changed": convert_run(changed=True),
    "changes": apply_list,
    "changes_without_addresses": apply_without_addresses,
    "edition": ask_for_an_edition,
    "edition_small": make_an_edition(code="small"),
    "edition_named": make_an_edition(code="other", name_en="Other"),
    "step_through": step_through,
    "try_a_model": try_a_model,
    "prices_not_own": change_shipped_prices,
    "suppose": suppose_prices,
    "rise": weigh_a_rise,
    "weigh_some": weigh_some,
    "weigh_in_currency": weigh_in_another_currency,
    "quote": quote_words,
    "one_case": run_one_case,
    "quote_from": quote_for_a_customer,
}
