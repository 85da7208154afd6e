"""The command that steps through a pricing model."""

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbill.commands.options import (
    default_language,
    json_option,
    language_option,
    print_json,
    print_problems,
    workspace_option,
)
from xlbill.commands.quoting import as_range, figure_of
from xlbill.language import Label, Language
from xlbill.terminal import say
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.foresight.offers import Range
    from xlbill.foresight.trying import Step

_HEADINGS = (
    Label("列", "column"),
    Label("公式", "formula"),
    Label("精确值", "exact"),
    Label("Excel", "Excel"),
    Label("", ""),
)
_SAMPLE, _PARTS = Label("样例", "sample"), Label("≠ 不同", "≠ differs")
_FORM = Label(
    "写作 quantity=15000；留空写 quantity=", "write name=figure: quantity=15000; name= leaves it blank"
)


def as_inputs(context: click.Context, parameter: click.Parameter, words: Sequence[str]) -> dict[str, Decimal | None]:
    """A model's inputs as they are typed: `quantity=15000`; nothing after the sign is an empty cell."""
    inputs: dict[str, Decimal | None] = {}
    for word in words:
        name, sign, text = word.partition("=")
        figure = figure_of(text)
        if not sign or not name.strip() or (text.strip() and figure is None):
            raise click.BadParameter(f"{word!r}: {_FORM.text(default_language())}", context, parameter)
        inputs[name.strip()] = figure
    return inputs


@click.command("try")
@click.argument("model")
@click.argument("inputs", nargs=-1, metavar="[NAME=FIGURE]...", callback=as_inputs)
@click.option("--curve", callback=as_range, metavar="NAME=FROM:TO[:STEP]", help="The result over a range of one input.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the curve with its chart.")
@click.option("--book", metavar="CODE", help="The price book (default: the newest).")
@workspace_option
@json_option
@language_option
def try_command(
    model: str,
    inputs: dict[str, Decimal | None],
    curve: "Range | None",
    output: Path | None,
    book: str | None,
    workspace: Path,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Step through a pricing MODEL: each column as computed, in exact numbers and in Excel's.

    What is not given is the sample figure of the model's row.
    """
    from xlbill.foresight.editions import edition_named, editions_of
    from xlbill.foresight.trying import inputs_given, model_named, points, steps_of, write_points

    language = lang or default_language()
    editions, found = editions_of(Workspace(workspace))
    edition = edition_named(editions, book, found)
    named = model_named(edition.book, model, found) if edition is not None else None
    swept = {curve.word: curve.start} if curve is not None else {}
    given = inputs_given(named, {**inputs, **swept}, found) if named is not None else {}
    if named is None or found.errors:
        print_problems(found, language)
        sys.exit(2)
    if curve is None:
        steps = steps_of(named, given, tuple(inputs))
        _json(steps) if as_json else _print(steps, language)
        return
    along = points(named, given, curve.word, curve.points)
    if output is not None:
        found += write_points(named, curve.word, along, output, language)
    if as_json:
        print_json([[str(at), None if value is None else str(value)] for at, value in along])
    else:
        for at, value in along:
            say(f"{at:>16,f}  {'—' if value is None else f'{value:,f}':>20}")
    print_problems(found, language)
    sys.exit(1 if found.errors else 0)


def _json(steps: "Sequence[Step]") -> None:
    from xlbill.foresight.trying import shown_value

    print_json(
        [
            {"column": s.name, "formula": s.formula, "exact": shown_value(s.exact), "excel": shown_value(s.excel)}
            for s in steps
        ]
    )


def _print(steps: "Sequence[Step]", language: Language) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from xlbill.foresight.quote_text import print_table
    from xlbill.foresight.trying import shown_value

    table = Table(box=box.SIMPLE)
    for at, heading in enumerate(_HEADINGS):
        table.add_column(heading.text(language), justify="right" if at in (2, 3) else "left", overflow="fold")
    for step in steps:
        remark = _PARTS if step.parts else Label("", "") if step.formula or step.said else _SAMPLE
        texts = (step.name, step.formula or "", shown_value(step.exact), shown_value(step.excel))
        table.add_row(*map(Text, texts), remark.text(language))
    print_table(table)
