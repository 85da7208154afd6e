"""The command that steps through a pricing model."""

import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbill.commands.options import (
    as_workbook,
    bad_value,
    default_language,
    json_option,
    language_option,
    print_problems,
    print_result,
    workspace_option,
)
from xlbill.language import Label, Language
from xlbill.problems import Problems
from xlbill.sheets import Misfit, as_number
from xlbill.terminal import TextTable, print_table, say
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.foresight.stepping import ModelStep

POINTS, FINE, BAR = 20, 200, 40
_INPUT = Label("{word!r}：写作 quantity=15000", "{word!r}: write quantity=15000")
_RANGE = Label("{word!r}：写作 quantity=0:50000", "{word!r}: write quantity=0:50000")
_STEPS = Label("{word!r}：步长须大于零，且至多 1,000 步", "{word!r}: a step above zero, and at most 1,000 of them")


def as_given(context: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> dict[str, Decimal]:
    """Inputs as they are typed: quantity=15000."""
    given: dict[str, Decimal] = {}
    for word in words:
        name, _, text = word.partition("=")
        number = as_number(text)
        if not name or isinstance(number, Misfit):
            raise bad_value(_INPUT, context, parameter, word=word)
        given[name.strip().lower()] = number
    return given


@dataclass(frozen=True, slots=True)
class InputRange:
    """A range of one input, in steps where somebody said so."""

    name: str
    first: Decimal
    last: Decimal
    step: Decimal | None

    def points(self, steps: int) -> tuple[Decimal, ...]:
        """Its figures, in so many steps where nobody said."""
        step = self.step or (self.last - self.first) / steps
        return tuple(self.first + step * n for n in range(int((self.last - self.first) / step) + 1))


def as_range(context: click.Context, parameter: click.Parameter, word: str | None) -> InputRange | None:
    """A range of one input: quantity=0:50000, quantity=0:50000:1000 in steps of 1,000."""
    if word is None:
        return None
    name, _, text = word.partition("=")
    numbers = [as_number(part) for part in text.split(":")]
    figures = [number for number in numbers if isinstance(number, Decimal)]
    if not name or len(figures) != len(numbers) or len(figures) not in (2, 3) or figures[0] >= figures[1]:
        raise bad_value(_RANGE, context, parameter, word=word)
    first, last = figures[:2]
    step = figures[2] if len(figures) == 3 else None
    if step is not None and (step <= 0 or (last - first) / step > 1_000):
        raise bad_value(_STEPS, context, parameter, word=word)
    return InputRange(name.strip().lower(), first, last, step)


@click.command("try")
@click.argument("model")
@click.argument("given", nargs=-1, metavar="[NAME=FIGURE]...", callback=as_given)
@click.option(
    "--curve", "range_", callback=as_range, metavar="NAME=FROM:TO[:STEP]", help="Draw the result over an input."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=as_workbook,
    help="Write the steps as live formulas; with --curve a row a point, and the chart.",
)
@click.option("--book", metavar="CODE", help="The edition of the model (default: the newest).")
@workspace_option
@json_option
@language_option
def try_command(
    model: str,
    given: dict[str, Decimal],
    range_: InputRange | None,
    output: Path | None,
    book: str | None,
    workspace: Path,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Step through the pricing MODEL: each column as it is computed, with the inputs that are given."""
    from xlbill.foresight.editions import edition_named, editions_of
    from xlbill.foresight.stepping import curve, model_named, runs_over, steps_of

    language = lang or default_language()
    editions, found = editions_of(Workspace(workspace))
    edition = edition_named(editions, book, found)
    named = model_named(edition.book, model, found) if edition is not None else None
    steps: tuple[ModelStep, ...] = ()
    points: list[tuple[Decimal, object]] = []
    if named is not None:
        steps = steps_of(named, given, found)
        if range_ is not None:
            points = list(curve(named, given, range_.name, range_.points(POINTS), found))
        if output is not None and not found.errors:
            from xlbill.foresight.model_workbook import write_steps

            fine = runs_over(named, given, range_.name, range_.points(FINE)) if range_ is not None else [steps]
            found += write_steps(named, fine, range_.name if range_ is not None else None, output, language)
    if as_json:
        told = [{"name": s.name, "exact": s.exact, "excel": s.excel, "formula": s.formula} for s in steps]
        drawn = [{range_.name: f"{at:f}", "value": str(value)} for at, value in points] if range_ is not None else []
        print_result({"steps": told, "curve": drawn}, found, language)
    else:
        _print(steps, points, found, language)
    sys.exit(2 if named is None or found.errors else 0)


def _print(
    steps: "tuple[ModelStep, ...]", points: list[tuple[Decimal, object]], found: Problems, language: Language
) -> None:
    print_problems(found, language)
    if found.errors or not steps:
        return
    zh = language == "zh"
    headings = ("列", "精确值", "Excel 数值", "公式") if zh else ("column", "exact", "in Excel", "formula")
    rows = []
    given, sample = Label("给定", "given"), Label("算例中的数字", "the model's sample")
    for step in steps:
        said = f"= {step.formula}" if step.formula is not None else (given if step.given else sample).text(language)
        rows.append((step.name, step.exact, step.excel, said))
    print_table(TextTable(headings, rows, left=(0, 3)))
    for line in bars(points):
        say(line)


def bars(points: list[tuple[Decimal, object]]) -> list[str]:
    """A curve as lines with bars, the highest value a full one."""
    figures = [(at, value if isinstance(value, Decimal) else None, value) for at, value in points]
    highest = max((abs(figure) for _, figure, _ in figures if figure is not None), default=Decimal(0))
    wide = max((len(f"{at:,f}") for at, _, _ in figures), default=0)
    lines = []
    for at, figure, value in figures:
        length = int(abs(figure) / highest * BAR) if figure is not None and highest else 0
        shown = f"{figure:,f}" if figure is not None else str(value)
        lines.append(f"  {at:>{wide},f}  {'█' * length}{' ' if length else ''}{shown}")
    return lines
