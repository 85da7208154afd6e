"""The command that compares two price books, or two accounts workbooks."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbill.commands.options import (
    as_workbook,
    default_language,
    json_option,
    language_option,
    print_problems,
    print_result,
)
from xlbill.language import Language
from xlbill.terminal import Styled, TextTable, print_table, say

if TYPE_CHECKING:
    from xlbill.foresight.diff import Difference

file_argument = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("diff")
@click.argument("old", type=file_argument)
@click.argument("new", type=file_argument)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=as_workbook,
    help="Write a workbook with colours.",
)
@click.option("--markdown", is_flag=True, help="Print a table for a pull request.")
@click.option("--words", is_flag=True, help="Show changes of names and remarks, too.")
@click.option("--exit-code", is_flag=True, help="End with 1 where prices or rules differ.")
@json_option
@language_option
def diff(
    old: Path,
    new: Path,
    output: Path | None,
    markdown: bool,
    words: bool,
    exit_code: bool,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Compare two price books (or accounts) by what they mean; xlsx, YAML and JSON alike.

    Rows are matched by their codes: one that was moved, reformatted or split is no change.
    """
    from xlbill.foresight import diff_text
    from xlbill.foresight.compare import compare_files
    from xlbill.foresight.diff_workbook import write_workbook

    language = lang or default_language()
    result, found = compare_files(old, new, (old.as_posix(), new.as_posix()))
    if result is None:
        print_result({}, found, language) if as_json else print_problems(found, language)
        sys.exit(2)
    if output is not None:
        found += write_workbook(result, output, output.as_posix(), language)
    if as_json:
        print_result(diff_text.as_json(result), found, language)
    else:
        print_problems(found, language)
        say(diff_text.as_markdown(result, language, words=words).rstrip("\n")) if markdown else _print(
            result, language, words
        )
    sys.exit(1 if found.errors or (exit_code and result.computed) else 0)


def _print(difference: "Difference", language: Language, words: bool) -> None:
    """The changes as a table, higher figures in red and lower ones in green."""
    from xlbill.foresight import diff_text

    changes = difference.changes if words else difference.computed
    if changes:
        rows = []
        for change in changes:
            *texts, rise = diff_text.cells(difference, change, language)
            percent = change.percent
            style = {"added": "green", "removed": "dim"}.get(change.kind, "")
            colour = style if percent is None else "red" if percent > 0 else "green"
            rows.append([*(Styled(text, style) for text in texts), Styled(rise, colour)])
        print_table(TextTable(diff_text.HEADINGS[language], rows, left=range(3), title=diff_text.title(difference)))
    say(diff_text.summary(difference, language))
