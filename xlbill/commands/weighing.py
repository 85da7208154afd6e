"""The command that says what a change of prices does to every real customer."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbill.commands.options import (
    as_month,
    as_workbook,
    bad_value,
    default_language,
    json_option,
    language_option,
    misused,
    print_problems,
    print_result,
    quiet_option,
    workspace_option,
)
from xlbill.language import Label, Language, counted
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.terminal import print_table, say
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.book.objects import PriceBook
    from xlbill.foresight.impact import Impact, Weigher
    from xlbill.foresight.price_moves import PriceMove

_FILE = click.Path(path_type=Path, dir_okay=False)
_RISE = Label("{word!r}：涨幅写作 20%", "{word!r}: write a rise as 20%")
_NOTHING = Label("请指定价目表，或用 --what-if 指定价格", "name a price book, or prices with --what-if")

_ALL_MOVED = Label(
    "加 --everyone：视同沿用原价的客户也一并改用新价", "with --everyone those who keep their edition are repriced, too"
)


def as_months(context: click.Context, parameter: click.Parameter, words: Sequence[str]) -> tuple[Month, ...]:
    """Billing periods as they are typed, each once."""
    months = (as_month(context, parameter, word) for word in words)
    return tuple(dict.fromkeys(month for month in months if month is not None))


def as_rise(context: click.Context, parameter: click.Parameter, word: str | None) -> Decimal | None:
    """A highest rise as it is typed: 20%."""
    if word is None:
        return None
    try:
        rise = Decimal(word.strip().removesuffix("%").strip()) / 100
    except InvalidOperation:
        rise = Decimal("NaN")
    if not word.strip().endswith("%") or not rise.is_finite() or rise < 0:
        raise bad_value(_RISE, context, parameter, word=word)
    return rise


@click.command("impact")
@click.argument("new", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--period", "months", multiple=True, required=True, callback=as_months, help="The month; several add up.")
@click.option("--what-if", "supposed", multiple=True, metavar="PRICE=FIGURE", help="Prices changed in thought; no NEW.")
@click.option("--book", metavar="CODE", help="With --what-if: the price book (default: the newest in force).")
@click.option("--usage", multiple=True, type=click.Path(path_type=Path, exists=True), help="Usage of the month.")
@click.option("--everyone", is_flag=True, help="As if nobody could keep an edition.")
@click.option("--max-rise", callback=as_rise, metavar="PERCENT", help="Fail where somebody would pay so much more.")
@click.option("-o", "--output", type=_FILE, callback=as_workbook, help="Write a workbook with live sums and charts.")
@click.option("--notices", type=click.Path(path_type=Path, file_okay=False), help="Write a page for each customer.")
@workspace_option
@quiet_option
@json_option
@language_option
def impact_command(
    new: Path | None,
    months: tuple[Month, ...],
    supposed: tuple[str, ...],
    book: str | None,
    usage: tuple[Path, ...],
    everyone: bool,
    max_rise: Decimal | None,
    output: Path | None,
    notices: Path | None,
    workspace: Path,
    quiet: bool,
    as_json: bool,
    lang: Language | None,
) -> None:
    """What does the price book NEW do to the customers of a month? Each is rated by both; nothing else is touched."""
    from xlbill.commands.progress import WEIGHING, progress
    from xlbill.foresight.impact import impact
    from xlbill.foresight.impact_text import as_json as impact_json
    from xlbill.foresight.impact_text import not_weighed, too_high
    from xlbill.foresight.impact_workbook import write_impact
    from xlbill.foresight.notices import write_notices
    from xlbill.processes import cores

    if (new is None) == (not supposed):
        raise misused(_NOTHING)
    language, place = lang or default_language(), replace(Workspace(workspace), usage_given=usage)
    weighed, moves, found = _book(new, supposed, book, place, months[-1].period.last)
    weighers = _weighers(place, months, weighed, found, everyone=everyone) if weighed is not None else ()
    if weighed is None or len(weighers) < len(months):
        print_result({}, found, language) if as_json else print_problems(found, language)
        sys.exit(2)
    with progress(WEIGHING, language, quiet) as watch:
        result = impact(weighers, weighed, moves=moves, processes=cores(), watch=watch)
    found = Problems()
    found += not_weighed(result)
    found += write_impact(result, output, language) if output is not None else ()
    count, failed = write_notices(result, notices) if notices is not None else (0, Problems())
    found += (*failed, *(too_high(result, max_rise) if max_rise is not None else ()))
    fallen = [problem for customer in result.fallen for problem in customer.problems]
    if as_json:
        print_result(impact_json(result), (*found, *fallen), language)
    else:
        if not quiet:
            _print(result, language)
            if result.kept and not everyone:
                say(_ALL_MOVED.text(language))
        if notices is not None:
            folder = notices.as_posix()
            words = Label(f"已写入 {count} 份通知：{folder}", f"wrote {counted(count, 'notice|notices')} to {folder}")
            say(words.text(language))
        print_problems((*fallen, *found), language)
    sys.exit(1 if found.errors or fallen else 0)


def _book(
    new: Path | None, supposed: Sequence[str], code: str | None, place: Workspace, on: date
) -> "tuple[PriceBook | None, tuple[PriceMove, ...], Problems]":
    """The book that is weighed, and what differs in it: one of a file, or the one in force on a day with other figures.

    One of a file is compared with that of its code, where there is one, else with the newest in force.
    """
    from xlbill.book.data_sheets import data_in
    from xlbill.foresight.book_files import weighed_book
    from xlbill.foresight.editions import edition_named, editions_of
    from xlbill.foresight.price_moves import moves_between, moves_supposed
    from xlbill.foresight.what_if import suppose

    editions, found = editions_of(place)
    if new is not None:
        weighed, problems = weighed_book(new, place)
        if weighed is None:
            return None, (), problems
        codes = {edition.book.edition.code for edition in editions if edition.path.resolve() != new.resolve()}
        own = weighed.book.edition.code if weighed.book.edition.code in codes else None
        edition = edition_named(editions, own, Problems(), on)
        today = data_in(edition.file.workbook)[0] if edition is not None else None
        if today is None or weighed.document is None:
            return weighed.book, (), problems
        return weighed.book, moves_between(today, weighed.document), problems
    edition = edition_named(editions, code, found, on)
    if edition is None or not edition.book.sound:
        found += (p for p in (edition.problems if edition is not None else ()) if p.severity == "error")
        return None, (), found
    book, of_cells, told = suppose(edition.file, supposed)
    return book, moves_supposed(of_cells), told


def _weighers(
    place: Workspace, months: Sequence[Month], book: "PriceBook", found: Problems, *, everyone: bool
) -> "tuple[Weigher, ...]":
    """What weighs the customers of each month; a month whose sheets cannot be read is left out, with problems."""
    from xlbill.foresight.impact import weigher
    from xlbill.inputs import load_inputs

    weighers = []
    for month in months:
        inputs, problems = load_inputs(place, month)
        found += (p for p in problems if p.severity == "error")
        if inputs is not None:
            weighers.append(weigher(inputs, month, book, everyone=everyone))
    return tuple(weighers)


def _print(impact: "Impact", language: Language) -> None:
    from xlbill.foresight.impact_text import headline, tables, words

    for line in headline(impact, language):
        say(line)
    for table in tables(impact, language):
        print_table(table)
    for line in words(impact, language):
        say(line)
