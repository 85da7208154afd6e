"""Options that commands have in common, what they mean, and how problems are printed."""

import locale
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from xlbill.language import LANGUAGES, Label, Language
from xlbill.periods import Month
from xlbill.problems import Problem, render
from xlbill.terminal import put_json, say


def as_month(context: click.Context, parameter: click.Parameter, word: str | None) -> Month | None:
    """A billing period as it is typed: 2026-04."""
    month = Month.parse(word) if word is not None else None
    if word is not None and month is None:
        said = Label("{word!r} 不是账期，请写作 2026-04", "{word!r} is not a month; write it as 2026-04")
        raise bad_value(said, context, parameter, word=word)
    return month


def as_day(context: click.Context, parameter: click.Parameter, word: str | None) -> date | None:
    """A day as it is typed: 2026-07-01."""
    from xlbill.sheets import as_date

    day = as_date(word) if word is not None else None
    if word is not None and not isinstance(day, date):
        said = Label("{word!r} 不是日期，请写作 2026-07-01", "{word!r} is not a day; write it as 2026-07-01")
        raise bad_value(said, context, parameter, word=word)
    return day if isinstance(day, date) else None


def as_cluster(context: click.Context, parameter: click.Parameter, word: str | None) -> str:
    """The address of a cluster as it is typed, blank where none was: dask://HOST:PORT."""
    if not word:
        return ""
    from xlbill.cluster import is_cluster

    if not is_cluster(word):
        said = Label(
            "{word!r} 不是集群地址，应为 dask://主机:端口", "{word!r} is no address of a cluster: dask://HOST:PORT"
        )
        raise bad_value(said, context, parameter, word=word)
    return word


def as_workbook(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Where a workbook is written: its name says that it is one, as programs open a file by its name."""
    if path is not None and path.suffix.lower() != ".xlsx":
        said = Label(
            "{name!r}：写出的是工作簿，文件名请以 .xlsx 结尾",
            "{name!r}: a workbook is written; let its name end in .xlsx",
        )
        raise bad_value(said, context, parameter, name=path.name)
    return path


_asked: Language | None = None  # by --lang, wherever it stood on the command line


@contextmanager
def spoken(language: Language | None) -> Iterator[None]:
    """Speak a language while a command runs; that of the system where none was asked for."""
    global _asked
    before, _asked = _asked, language
    try:
        yield
    finally:
        _asked = before


def default_language() -> Language:
    """The language that was asked for, else that of the locale: Chinese where it says so, English elsewhere."""
    if _asked is not None:
        return _asked
    words = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    chosen = next((word for word in words if word), locale.getlocale()[0] or "")
    return "zh" if chosen.lower().startswith(("zh", "chinese")) else "en"


def misused(said: Label, **facts: object) -> click.UsageError:
    """A command that was used wrongly, told in the user's language."""
    return click.UsageError(said.text(default_language()).format(**facts))


def bad_value(
    said: Label, context: click.Context | None = None, parameter: click.Parameter | None = None, **facts: object
) -> click.BadParameter:
    """A value of an option or argument that is none, told in the user's language."""
    return click.BadParameter(said.text(default_language()).format(**facts), context, parameter)


def _folder_that_is_there(context: click.Context, parameter: click.Parameter, folder: Path) -> Path:
    if not folder.is_dir():
        said = Label(
            "没有文件夹“{folder}”；`xlbill init` 新建工作区", "no folder {folder}; `xlbill init` makes a workspace"
        )
        raise bad_value(said, context, parameter, folder=folder)
    return folder


language_option = click.option("--lang", type=click.Choice(LANGUAGES), default=None, help="Language of messages.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
workspace_option = click.option(
    "-w",
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_folder_that_is_there,
    default=Path(),
    help="The folder with accounts.xlsx, usage/, price_tables/ ... (default: here).",
)


def _no_blank_password(context: click.Context, parameter: click.Parameter, word: str) -> str:
    """A blank word, as of a variable that is not set, would leave invoices open to everybody."""
    source = context.get_parameter_source(parameter.name or "")  # not known yet while it is asked for
    if not word.strip() and source in (None, click.core.ParameterSource.COMMANDLINE):
        raise bad_value(Label("密码为空", "the password is blank"), context, parameter)
    return word


password_option = click.option(
    "--password",
    default="",
    callback=_no_blank_password,
    prompt=True,
    prompt_required=False,
    hide_input=True,
    envvar="XLBILL_PASSWORD",
    help="What invoices need to open whose customer has no password of its own; without a word it is asked for.",
)
sign_option = click.option(
    "--sign",
    "certificate",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    envvar="XLBILL_CERTIFICATE",
    help="Sign the manifest and PDFs with this certificate and key (.p12, .pfx; needs the extra sign).",
)
pdf_option = click.option("--pdf", is_flag=True, help="Print the invoices to PDF as well (needs LibreOffice).")
quiet_option = click.option("--quiet", is_flag=True, help="Print problems only: no table, no progress.")


def print_problems(problems: Iterable[Problem], language: Language) -> None:
    """Print all problems to the error stream."""
    if problems:
        say(render(problems, language) + "\n", err=True)


def print_result(content: Mapping[str, object], problems: Iterable[Problem], language: Language) -> None:
    """Print a result as JSON with the problems that were found, which go to the error stream in words as well."""
    told = tuple(problems)
    whole = {**content, "problems": [problem_json(p, language) for p in told]}
    put_json(whole)
    print_problems(told, language)


def problem_json(problem: Problem, language: Language) -> dict[str, object]:
    """A problem as JSON values."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": problem.place.file,
        "sheet": problem.place.sheet,
        "cell": problem.place.cell,
        "message": problem.message(language),
        "found": problem.found(language),
        "expected": problem.expected(language),
        "mend": problem.mend(language),
    }
