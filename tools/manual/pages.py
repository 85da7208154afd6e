"""Which page has which generated parts, and how they come into it."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from tools.manual import catalog
from tools.manual.commands import commands_text
from tools.manual.functions import functions_text
from tools.manual.marks import marks_text
from tools.manual.problems import FAMILIES, all_codes_text, ending, families_text, family_text
from tools.manual.tables import changes_text, columns_text, days_text, methods_text, quantities_text
from tools.manual.usage import refused_text, usage_columns_text
from xlbill import account_columns
from xlbill.book import columns as book_columns
from xlbill.language import LANGUAGES, Language

DOCS = Path(__file__).parents[2] / "docs"
Part: TypeAlias = Callable[[Language], str]


def _book_columns(language: Language) -> str:
    return columns_text(book_columns.SHEETS, {"settings": book_columns.SETTING}, language)


def _account_columns(language: Language) -> str:
    return columns_text(account_columns.SHEETS, {"seller": account_columns.SELLER_SETTING}, language)


GENERATED: Mapping[str, Mapping[str, Part]] = {
    "price-book": {"quantities": quantities_text, "columns": _book_columns},
    "measuring": {"methods": methods_text, "days": days_text},
    "accounts": {"columns": _account_columns},
    "templates": {"marks": marks_text},
    "formulas": {"functions": functions_text},
    "usage-sheets": {"columns": usage_columns_text, "refused": refused_text},
    "foresight": {"changes": changes_text},
    "commands": {"commands": commands_text},
    "problems/index": {"families": families_text, "codes": all_codes_text},
}
"""Each page that is written by hand, with the parts that are put between its marks."""


def pages() -> Iterator[str]:
    """The names of all pages with something generated: price-book.md, price-book.zh.md ..."""
    for name in (*GENERATED, *(f"problems/{family}" for family in FAMILIES)):
        yield from (f"{name}{ending(language)}" for language in LANGUAGES)


def current(page: str) -> str:
    """A page as it should be: its own words, the generated parts between their marks; of a family of problems all."""
    language: Language = "zh" if page.endswith(ending("zh")) else "en"
    name = page.removesuffix(ending(language))
    if name not in GENERATED:
        return family_text(name.removeprefix("problems/"), language)
    text = (DOCS / page).read_text(encoding="utf-8")
    for mark, generate in GENERATED[name].items():
        match = re.search(rf"(<!-- generated: {mark} -->\n).*?(<!-- end -->)", text, re.S)
        assert match, f"{page} has no mark for {mark}"
        text = f"{text[: match.end(1)]}\n{generate(language)}\n{text[match.start(2) :]}"
    return text


def write() -> None:
    """Bring the generated parts of the manual up to date, and the words of the commands before them."""
    catalog.write()
    for page in pages():
        (DOCS / page).write_text(current(page), encoding="utf-8")
