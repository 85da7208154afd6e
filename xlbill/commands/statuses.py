"""What the exit status of each command says: its help, the manual and the tests read it here."""

from collections.abc import Mapping

from xlbill.language import Label, Language

_UNREADABLE = Label("无法读取或无法写出", "what it works on cannot be read or written")
_NO_LEDGER = Label("没有台账，或无法读取", "there is no ledger, or it cannot be read")

STATUSES: Mapping[str, Mapping[int, Label]] = {
    "init": {0: Label("已写入", "written"), 2: Label("有文件写不出", "a file could not be written")},
    "check": {
        0: Label("没有错误（警告不算）", "no errors; warnings do not count"),
        1: Label(
            "有错误；或某份示例账单不符，或有价格没有示例保护",
            "errors; or a worked bill fails, or a price is not protected by one",
        ),
        2: Label(
            "没有可检查的价目表，或副本无法写出", "there is no price book to look at, or a copy cannot be written"
        ),
    },
    "bill": {
        0: Label("全部出账", "everybody is billed"),
        1: Label(
            "有客户未出账，或有错误；--against-issued 时：有差额；--replay 时：有文件不同",
            "a customer is left out, or there are errors; --against-issued: differences; --replay: files differ",
        ),
        2: Label("没有写出任何账单", "nobody is billed"),
    },
    "issue": {
        0: Label("全部正式出账", "all are issued"),
        1: Label("有草稿未出账，或有错误", "a draft is left out, or there are errors"),
        2: Label("什么都没有出账", "nothing is issued"),
    },
    "void": {
        0: Label("已作废", "taken back"),
        1: Label("已作废，但有错误", "taken back, with errors"),
        2: Label("未作废", "it stands"),
    },
    "verify": {
        0: Label("全部一致", "all files hold"),
        1: Label("有不符之处", "something differs"),
        2: Label("有文件无法读取", "a file cannot be read"),
    },
    "explain": {
        0: Label("已说明", "explained"),
        2: Label("无法读取，或没有这个单元格或明细", "no such file, cell or line"),
    },
    "examples suggest": {0: Label("已起草", "drafted"), 2: _UNREADABLE},
    "quote": {
        0: Label("已算出", "computed"),
        1: Label("有的方案算不出", "an offer has no bill"),
        2: Label("都算不出", "no offer has one"),
    },
    "diff": {
        0: Label("已比较", "compared"),
        1: Label("有错误；加 --exit-code 时：价格或规则不同", "errors; with --exit-code: prices or rules differ"),
        2: _UNREADABLE,
    },
    "impact": {
        0: Label("已算出", "computed"),
        1: Label(
            "有错误；有客户按新价出不了账，或涨幅超过 --max-rise",
            "errors; a customer has no bill, or rises over --max-rise",
        ),
        2: _UNREADABLE,
    },
    "prices list": {
        0: Label("全部可用", "all are sound"),
        1: Label("有版本有错误", "an edition has errors"),
        2: Label("没有价目表", "there is none"),
    },
    "prices show": {0: Label("已列出", "shown"), 2: Label("没有这个版本", "there is no such edition")},
    "prices new": {0: Label("已新建", "made"), 2: Label("未新建", "not made")},
    "prices apply": {
        0: Label("已修改，示例账单不变或已接受", "applied; worked bills are as they were, or accepted"),
        1: Label("已修改，示例账单有变动", "applied; worked bills move"),
        2: Label("未修改", "nothing is changed"),
    },
    "try": {
        0: Label("已算出", "computed"),
        2: Label("没有这个模型，或输入有误", "no such model, or an input is wrong"),
    },
    "convert": {0: Label("已转换", "converted"), 2: Label("未转换", "not converted")},
    "ledger list": {0: Label("已列出", "listed"), 2: _NO_LEDGER},
    "ledger verify": {
        0: Label("全部成立", "all of it holds"),
        1: Label("有不符之处", "something does not"),
        2: _NO_LEDGER,
    },
    "ledger export": {0: Label("已写出", "written"), 2: _UNREADABLE},
    "ledger backup": {0: Label("已备份", "copied"), 2: _UNREADABLE},
    "pay import": {
        0: Label("全部入账", "all rows are taken"),
        1: Label("有行未入账", "a row is left out"),
        2: Label("一行都没有入账", "no row is taken"),
    },
    "pay list": {0: Label("已列出", "listed"), 2: _NO_LEDGER},
    "statement": {0: Label("已写出", "written"), 2: _UNREADABLE},
}
"""Of each command, what its statuses mean. Wrong use is 2 everywhere; 130 and 143 are Ctrl-C and SIGTERM."""


def said_of(command: str, language: Language) -> str:
    """The line of a command's help that tells its statuses."""
    told = (f"{number} {label.text(language)}" for number, label in STATUSES[command].items())
    return f"退出码：{'；'.join(told)}。" if language == "zh" else f"Exit status: {'; '.join(told)}."
