"""The command line in the user's language: help and complaints, wherever --lang stands; JSON has every problem."""

import ast
import gettext
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.test_example_month import EXAMPLES, copied
from tools.manual import catalog
from xlbill.cli import main
from xlbill.commands import WHERE, all_commands
from xlbill.commands.help_text import in_words_of, translated_words, wrapped
from xlbill.commands.statuses import STATUSES as STATUSES_TOLD
from xlbill.commands.statuses import said_of

HAN = re.compile(r"[\u4e00-\u9fff]")
PARTS_OF_CLICK = ("core", "decorators", "exceptions", "formatting", "parser", "types")
FOR_PROGRAMMERS = re.compile(
    r"declaration|defined|DeprecationWarning|same flag|exactly one parameter|--\{name\}|Do you want|Confirm|prog"
)
"""What click says to those who write commands, or asks in prompts, which xlbill has not."""


def run(*words: str | Path, lang: str = "en_US.UTF-8") -> Result:
    return CliRunner(env={"LANG": lang, "LC_ALL": ""}).invoke(main, [str(word) for word in words])


def every_command() -> Iterator[tuple[str, click.Command]]:
    for command in all_commands():
        yield f"{command.name}", command
        if isinstance(command, click.Group):
            yield from ((f"{command.name} {name}", own) for name, own in command.commands.items())


COMMANDS = dict(every_command())


def test_the_compiled_catalog_is_that_of_the_source() -> None:
    assert catalog.is_current(), "run `python -m tools.manual`"


def words_of_click() -> Iterator[tuple[str, ...]]:
    """What click asks gettext for: a text, or its singular and plural."""
    for name in PARTS_OF_CLICK:
        tree = ast.parse((Path(click.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                yield tuple(str(a.value) for a in node.args if isinstance(a, ast.Constant))


def test_all_that_click_says_to_a_user_is_said_in_chinese() -> None:
    asked = {words for words in words_of_click() if words and not FOR_PROGRAMMERS.search(words[0])}
    with translated_words("zh"):
        said = {words: gettext.ngettext(*words[:2], 1) if words[1:] else gettext.gettext(*words) for words in asked}
    assert {words for words, chinese in said.items() if not HAN.search(chinese)} == {("Choice({choices})",)}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_and_option_is_chinese(name: str) -> None:
    with translated_words("zh"):
        command = in_words_of(COMMANDS[name], "zh")
    helps = {option.name: option.help or "" for option in command.params if isinstance(option, click.Option)}
    helps["the command itself"] = command.help or ""
    assert [key for key, text in helps.items() if not HAN.search(text)] == [], "add them to xlbill.po"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_printed_in_the_language_of_the_system(name: str) -> None:
    words = name.split()
    chinese, english = run(*words, "--help", lang="zh_CN.UTF-8"), run(*words, "--help")
    assert (chinese.exit_code, english.exit_code) == (0, 0)
    assert chinese.output.startswith("用法：") and "选项：" in chinese.output
    assert english.output.startswith("Usage:") and not HAN.search(english.output)


@pytest.mark.parametrize(
    "words",
    [
        ("--lang", "zh", "bill", "--help"),
        ("bill", "--help", "--lang=zh"),
        ("ledger", "--lang", "zh", "list", "--help"),
        ("ledger", "list", "--lang", "zh", "-h"),
    ],
)
def test_lang_may_stand_before_or_after_the_command(words: tuple[str, ...]) -> None:
    assert run(*words).output.startswith("用法：")


GROUPS = ("prices", "ledger", "pay", "examples")
MISUSE = {
    ("frobnicate",): ("没有命令“frobnicate”，`xlbill --help` 列出全部命令", "no command frobnicate; `xlbill --help`"),
    ("bil", "2026-04"): ("没有命令“bil”，您是否想写：bill", "no command bil; did you mean bill?"),
    ("ledger", "lst"): ("您是否想写：“list”", "Did you mean 'list'?"),
    ("explain",): ("缺少参数", "Missing argument"),
    ("bill", "2026-13"): ("不是账期，请写作 2026-04", "is not a month; write it as 2026-04"),
    ("bill", "2026-04", "--frob"): ("没有选项", "No such option"),
    ("bill", "2026-04", "--jobs", "x"): ("不是数字", "is not a valid integer"),
    ("bill", "2026-04", "--jobs", "0"): ("不在范围", "is not in the range"),
    ("bill", "2026-04", "--adjust"): ("须与 --against-issued 同用", "goes with --against-issued"),
    ("bill", "2026-04", "--lang", "fr"): ("不在可选值之内", "is not one of"),
    ("bill", "2026-04", "2026-05"): ("多余的参数", "unexpected extra argument"),
    ("explain", "nowhere.xlsx"): ("不存在", "does not exist"),
    ("issue", "2026-04", "--on", "soon"): ("“soon”不是日期，请写作", "is not a day; write it as"),
    ("void", "X"): ("缺少选项“--reason”。", "Missing option '--reason'."),
    ("verify", "."): ("没有工作簿", "no workbooks"),
    ("bill", "2026-04", "-w", "nowhere"): ("没有文件夹“nowhere”", "no folder nowhere"),
    ("bill", "2026-04", "--jobs", "many"): ("“many”不是数字。", "is not a valid integer"),
    ("quote",): ("请写明要报价的项目", "name what is to be quoted"),
    ("statement",): ("请指定客户", "name a customer"),
    ("convert", "-", "-"): ("请用 --from", "say with --from"),
    ("impact", "--period", "2026-04"): ("请指定价目表", "name a price book"),
    ("prices", "apply"): ("请指定调价清单", "name a list of changes"),
    ("prices", "new", "x", "--from", "soon"): ("不是日期", "is not a day"),
    ("quote", "--usage", "dau"): ("用量写作", "write usage as"),
    ("try", "blocks_up", "quantity"): ("写作 quantity=15000", "write quantity=15000"),
}


@pytest.mark.parametrize("group", [(), *((name,) for name in GROUPS)], ids=" ".join)
def test_nothing_behind_the_name_is_answered_by_the_help(group: tuple[str, ...]) -> None:
    for lang, heading in (("zh_CN.UTF-8", "用法："), ("en_US.UTF-8", "Usage: ")):
        bare = run(*group, lang=lang)
        assert (bare.exit_code, bare.stdout) == (2, "")
        assert bare.stderr == run(*group, "--help", lang=lang).stdout
        assert bare.stderr.startswith(heading) and not re.search("[\u4e00-\u9fff]:", bare.stderr)


@pytest.mark.parametrize("words", MISUSE, ids=" ".join)
def test_wrong_use_ends_with_2_in_the_language_of_the_system(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for lang, said in zip(("zh_CN.UTF-8", "en_US.UTF-8"), MISUSE[words], strict=True):
        result = run(*words, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr
        assert HAN.search(result.stderr) or lang.startswith("en")
        assert result.stderr.startswith("用法：" if lang.startswith("zh") else "Usage: ")
        assert not re.search(r"\[OPTIONS\]|COMMAND", result.stderr) or lang.startswith("en")


def test_lines_of_help_are_as_wide_as_they_look() -> None:
    assert wrapped("检查价目表、客户档案。 Then bill.", 13) == ["检查价目表、", "客户档案。", "Then bill."]


# --- exit statuses, and problems with --json -----------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The example month with a slip in the usage of one customer, and a price book that cannot be read."""
    folder = copied(EXAMPLES, tmp_path / "workspace")
    (folder / "usage" / "2026-04" / "ten.csv").write_text(
        "app,date,meter,quantity\nc001-app,2026-04-01,dau,ten\n", encoding="utf-8"
    )
    (folder / "bad.yaml").write_text("xlbill: price-book\nsettings: {}\n", encoding="utf-8")
    (folder / "bad.xlsx").write_bytes(b"PK\x03\x04 and no workbook")
    return folder


STATUSES: dict[tuple[str, ...], tuple[int, str | None]] = {
    ("check",): (1, "not-a-number"),
    ("bill", "2026-04", "--customer", "C001,C003"): (1, "not-a-number"),
    ("bill", "2026-04", "--customer", "C001"): (2, "not-a-number"),
    ("bill", "2031-01"): (2, "no-usage"),
    ("issue", "2026-03"): (2, None),
    ("void", "202605-00001", "--reason", "x"): (2, "ledger-missing"),
    ("verify", "bad.xlsx"): (2, None),
    ("explain", "bad.xlsx"): (2, None),
    ("quote", "im.por"): (2, "unknown-item"),
    ("diff", "bad.yaml", "bad.xlsx"): (2, None),
    ("impact", "bad.xlsx", "--period", "2026-04"): (2, None),
    ("prices", "apply", "--accept", "--book", "none"): (2, None),
    ("try", "blocks_upp"): (2, None),
    ("ledger", "list"): (2, "ledger-missing"),
    ("ledger", "verify"): (2, "ledger-missing"),
    ("pay", "list"): (2, "ledger-missing"),
    ("prices", "list"): (0, None),
}
"""What ends in which status, with a problem that it must tell; those with a status and no code tell some problem."""


@pytest.mark.parametrize("words", STATUSES, ids=" ".join)
def test_statuses_are_those_of_the_manual_and_json_has_the_problems_of_the_error_stream(
    words: tuple[str, ...], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    status, code = STATUSES[words]
    result = run(*words, "--json")
    assert result.exit_code == status
    told = json.loads(result.stdout)["problems"]
    assert all(f"[{problem['code']}]" in result.stderr for problem in told)
    assert bool(told) == bool(status)
    assert code is None or code in {problem["code"] for problem in told}


def test_every_command_tells_its_statuses_and_ends_with_no_other() -> None:
    assert set(STATUSES_TOLD) == {name for name, command in COMMANDS.items() if not isinstance(command, click.Group)}
    for words, (status, _) in STATUSES.items():
        assert status in STATUSES_TOLD[" ".join(words[: 2 if words[0] in GROUPS else 1])]
    for name in ("bill", "prices apply"):
        assert said_of(name, "zh") in run(*name.split(), "--help", lang="zh_CN.UTF-8").output.replace("\n", "").replace(
            "  ", ""
        )
        assert said_of(name, "en") in " ".join(run(*name.split(), "--help").output.split())


def test_every_command_with_json_is_held_to_its_statuses() -> None:
    with_json = {name for name, command in COMMANDS.items() if any(p.name == "as_json" for p in command.params)}
    tried = {" ".join(words[: 2 if words[0] in GROUPS else 1]) for words in STATUSES}
    assert with_json - tried == {"pay import"}, "its statuses stand in tests/ledger"
    assert set(WHERE) >= {name.split()[0] for name in tried}


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("-w . bill 2026-04", "main bill -w"),
        ("--json ledger list", "main ledger list --json"),
        ("ledger -w . list", "main ledger list -w"),
        ("--reason wrong void 202605-00001", "main void --reason"),
    ],
)
def test_an_option_before_its_command_is_told_where_it_belongs(words: str, command: str) -> None:
    option = command.split()[-1]
    told = run(*words.split())
    assert (told.exit_code, told.stderr.splitlines()[-1]) == (
        2,
        f"Error: {option} stands behind a command: {command} ...",
    )
    said = run("--lang", "zh", *words.split()).stderr.splitlines()[-1]
    assert said == f"错误：选项“{option}”写在命令之后：{command} …"
