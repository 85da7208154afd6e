"""Statements of account, yearly summaries, ageing lists: what the ledger says, as workbooks."""

import sys
from datetime import date
from pathlib import Path

import click

from xlbill.commands.ledger import reading
from xlbill.commands.options import (
    as_day,
    default_language,
    language_option,
    misused,
    print_problems,
    workspace_option,
)
from xlbill.language import Label, Language
from xlbill.problems import Problems
from xlbill.terminal import say
from xlbill.workspace import Workspace


@click.command("statement")
@click.argument("customer", required=False)
@click.option("--from", "since", callback=as_day, metavar="DATE", help="First day (default: the first of this year).")
@click.option("--to", "until", callback=as_day, metavar="DATE", help="Last day (default: today).")
@click.option("--year", type=click.IntRange(1901, 9998), help="The year by month and product instead.")
@click.option("--ageing", "is_ageing", is_flag=True, help="What all customers owe, by how long it is overdue.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The workbook to write.")
@workspace_option
@language_option
def statement(
    customer: str | None,
    since: date | None,
    until: date | None,
    year: int | None,
    is_ageing: bool,
    out: Path | None,
    workspace: Path,
    lang: Language | None,
) -> None:
    """Write the statement of account of CUSTOMER, a yearly summary, or the ageing list of all customers."""
    language = lang or default_language()
    today = date.today()  # noqa: DTZ011 - the local day is meant
    if customer is None and year is None and not is_ageing:
        raise misused(Label("请指定客户，或 --year、--ageing", "name a customer, or --year or --ageing"))
    last = until or today
    first = since or date(last.year, 1, 1)
    place = Workspace(workspace)
    with reading(workspace, language) as ledger:
        from functools import partial

        from xlbill.files import written
        from xlbill.issuing.paying import accounts_of, payments_waiting
        from xlbill.issuing.statements import statement_layouts
        from xlbill.ledger import statement as computed
        from xlbill.ledger import statement_sheet as sheets
        from xlbill.sheets import safe_file_name
        from xlbill.workbook import write_layout

        found = Problems()
        if is_ageing:
            layouts = {f"ageing-{last}": sheets.lay_out_ageing(computed.ageing(ledger, last), last)}
            found = payments_waiting(ledger, place, accounts_of(place), last)
        elif year is not None:
            sums = computed.year_by_product(ledger, year, customer)
            layouts = {f"{customer or 'all'}-{year}": sheets.lay_out_year(sums, year, today)}
        else:
            made, found = statement_layouts(ledger, place, customer or "", (first, last), today)
            name = f"{customer}-{first}-{last}"
            layouts = {f"{name}-{code}" if len(made) > 1 else name: layout for code, layout in made.items()}
        for name, layout in layouts.items():
            own = workspace / "statements" / f"{safe_file_name(name)}.xlsx"
            path = own if out is None else out if len(layouts) == 1 else out.with_stem(f"{out.stem}-{name[-3:]}")
            failed = written(path, place.shown(path), partial(write_layout, layout))
            found += failed
            if not failed:
                say(str(path))
        print_problems(found, language)
        sys.exit(2 if found.errors or not layouts else 0)
