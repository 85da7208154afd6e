"""The reference of problems, a page for each family: what each means, how to mend it, its culprit in the gallery."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tools.manual.tables import table
from xlbill.language import Label, Language

GALLERY = Path(__file__).parents[2] / "tests" / "problems"

FAMILIES: Mapping[str, Label] = {
    "sheets": Label("表格文件的读取", "Reading spreadsheets"),
    "book": Label("价目表", "Price books"),
    "accounts": Label("客户档案", "Accounts"),
    "usage": Label("用量表", "Usage sheets"),
    "rating": Label("计价", "Rating"),
    "invoice": Label("模板与账单", "Templates and invoices"),
    "run": Label("出账", "Runs"),
    "ledger": Label("台账与收款", "The ledger and payments"),
    "foresight": Label("报价、比较、调价、格式转换", "Quotes, comparisons, price changes, conversions"),
    "verify": Label("账单核对", "Verifying invoices"),
    "explain": Label("说明由来", "Explaining figures"),
    "pdf": Label("打印为 PDF", "Printing to PDF"),
}
"""The files of xlbill/messages/ in the order in which somebody meets them."""

SEVERITIES = {"error": Label("错误", "error"), "warning": Label("警告", "warning")}
STOPS = {
    "bill": Label("该客户不出账", "its customer gets no bill"),
    "book": Label("该价目表停用", "its price book is not used"),
    "file": Label("该文件不采用", "its file is not taken"),
    "run": Label("整批停止", "the whole run stops"),
    "nothing": Label("照常继续", "nothing is stopped"),
    "subject": Label("按所涉停止：客户、价目表或文件", "whom it is about is stopped: a customer, a book or a file"),
}
PROBLEM, MEANING, FAMILY = Label("问题", "problem"), Label("含义", "what it means"), Label("类别", "family")
COUNT, CONTENTS = Label("个数", "how many"), Label("目录", "Contents")


def ending(language: Language) -> str:
    """How the file of a page ends."""
    return ".zh.md" if language == "zh" else ".md"


@cache
def entries(family: str) -> Mapping[str, Mapping[str, Any]]:
    """The problems of a family by their codes, in alphabetical order."""
    text = files("xlbill").joinpath("messages", f"{family}.toml").read_text(encoding="utf-8")
    return dict(sorted(tomllib.loads(text).items()))


def families_text(language: Language) -> str:
    """A row for each family."""
    rows = (
        (f"[{name.text(language)}]({family}{ending(language)})", str(len(entries(family))))
        for family, name in FAMILIES.items()
    )
    return table((FAMILY, COUNT), rows, language)


def all_codes_text(language: Language) -> str:
    """Every code with the page on which it stands."""
    where = {code: family for family in FAMILIES for code in entries(family)}
    rows = (
        (f"[`{code}`]({family}{ending(language)}#{code})", FAMILIES[family].text(language))
        for code, family in sorted(where.items())
    )
    return table((PROBLEM, FAMILY), rows, language)


def family_text(family: str, language: Language) -> str:
    """The page of a family: its contents, then a section for each problem."""
    rows = ((f"[`{code}`](#{code})", entry[language]["about"]) for code, entry in entries(family).items())
    head = f"# {FAMILIES[family].text(language)}\n\n## {CONTENTS.text(language)}"
    sections = (_section(code, entry, language) for code, entry in entries(family).items())
    return f"{head}\n\n{table((PROBLEM, MEANING), rows, language)}\n\n" + "\n\n".join(sections) + "\n"


def _section(code: str, entry: Mapping[str, Any], language: Language) -> str:
    words = entry[language]
    stops = STOPS[entry["stops"]].text(language)
    severity = SEVERITIES[entry["severity"]].text(language)
    said = f"*{severity}：{stops}。* " if language == "zh" else f"*{severity}: {stops}.* "
    parts = [f"## {code}", said + words["about"]]
    parts += [f"- {words['mend']}"] if words.get("mend") else []
    return "\n\n".join([*parts, *_example(code, language)])


def _example(code: str, language: Language) -> list[str]:
    """The messages of the problem's culprit, as the gallery has them."""
    path = GALLERY / f"{code}.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [f"```text\n{block}```" for block in re.findall(rf"```{language}\n(.*?)```", text, re.S)]
