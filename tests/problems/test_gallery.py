"""Every problem that xlbill can tell, with its smallest culprit and its exact words: see gallery.py for the form."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from tests.problems.foresight_readers import FORESIGHT_READERS
from tests.problems.gallery import ENTRIES, Entry
from tests.problems.handing_readers import HANDING_READERS
from tests.problems.invoice_readers import INVOICE_READERS
from tests.problems.issuing_readers import ISSUING_READERS
from tests.problems.ledger_readers import LEDGER_READERS
from tests.problems.pricing_readers import PRICING_READERS
from tests.problems.readers import READERS
from xlbill.language import LANGUAGES
from xlbill.problems import catalog, render


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_the_culprit_is_told_in_these_words(
    entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    for name, value in entry.limits.items():
        monkeypatch.setattr(name, value)
    readers = (
        READERS
        | PRICING_READERS
        | INVOICE_READERS
        | LEDGER_READERS
        | ISSUING_READERS
        | FORESIGHT_READERS
        | HANDING_READERS
    )
    found = readers[entry.reader](entry.make(tmp_path))
    answers = {language: render(found, language) for language in LANGUAGES}
    if request.config.getoption("--accept", default=False):
        entry.accept(answers)
    else:
        assert answers == entry.answers
    assert entry.code in {problem.code for problem in found}


def test_every_problem_has_its_page() -> None:
    assert sorted(entry.code for entry in ENTRIES) == sorted(catalog())


@pytest.mark.parametrize("code", sorted(catalog()))
def test_every_error_says_what_it_stops_and_every_warning_nothing(code: str) -> None:
    entry = catalog()[code]
    assert entry["stops"] in ("bill", "book", "file", "run", "nothing", "subject")
    if entry["severity"] == "warning":
        assert entry["stops"] == "nothing"
    elif entry["stops"] == "nothing":
        assert code.startswith("case-"), "a worked bill that fails is an error of the book's, and stops no bill"
    assert set(entry.get("silent", ())) <= {"check", "worked-bills", "empty-month"}


def test_messages_are_what_their_files_say_as_a_whole() -> None:
    whole: dict[str, object] = {}
    for file in files("xlbill").joinpath("messages").iterdir():
        whole |= tomllib.loads(file.read_text(encoding="utf-8"))
    assert catalog() == whole


def test_every_page_is_named_after_its_code() -> None:
    assert all(entry.path.stem == entry.code for entry in ENTRIES)
