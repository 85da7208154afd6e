"""The command that converts files: by their endings, or through pipes."""

import sys
import tempfile
from pathlib import Path

import click

from xlbill.commands.options import default_language, language_option, misused, print_problems
from xlbill.language import Label, Language
from xlbill.problems import has_errors

FORMATS = ("yaml", "json", "xlsx", "csv", "parquet", "pdf")
ENDINGS = (".yml", *(f".{name}" for name in FORMATS))


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, allow_dash=True))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--from", "from_", type=click.Choice(FORMATS), help="Format of what comes through a pipe (SOURCE is -).")
@click.option("--to", type=click.Choice(FORMATS), help="Format of what goes into a pipe (TARGET is -; default: yaml).")
@click.option("--layout", type=click.Choice(("long", "wide")), help="Lay usage out as a figure or as a day a row.")
@click.option("--lossy", is_flag=True, help="Leave out what stands beside tables instead of refusing the file.")
@language_option
def convert(
    source: Path,
    target: Path,
    from_: str | None,
    to: str | None,
    layout: str | None,
    lossy: bool,
    lang: Language | None,
) -> None:
    """Convert SOURCE to TARGET, by what stands in it and their endings; - is a pipe.

    A price book or accounts: xlsx, yaml, json. Usage: xlsx, csv, parquet. An invoice: to json, csv, pdf.
    A run, by its folder or manifest: its lines to parquet.
    """
    from xlbill.convert import Request, convert_file

    language, piped = lang or default_language(), str(source) == "-"
    if piped and from_ is None:
        raise misused(Label("请用 --from 指明输入格式", "say with --from what comes through the pipe"))
    if str(target) != "-" and target.suffix.lower() not in ENDINGS:
        said = Label("{target} 的后缀不在可选之列：{endings}", "{target} ends in none of {endings}")
        raise misused(said, target=target, endings=", ".join(ENDINGS))
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / f"stdin.{from_}" if piped else source
        if piped:
            given.write_bytes(sys.stdin.buffer.read())
        ending = given.suffix.lower()
        if str(target) != "-":
            made = target
        else:
            usual = "csv" if ending in (".csv", ".tsv", ".txt", ".parquet") else "yaml"
            made = Path(folder) / f"stdout.{to or usual}"
        found = convert_file(Request(given, made, "-" if piped else source.as_posix(), layout, lossy, language))
        print_problems(found, language)
        if str(target) == "-" and made.exists():
            sys.stdout.buffer.write(made.read_bytes())
    sys.exit(2 if has_errors(found) else 0)
