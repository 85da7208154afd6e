"""Notices of a change in prices: for each customer a page with the old and the new price of their own last month."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path

from xlbill.files import content, written
from xlbill.foresight.impact import CustomerImpact, Impact
from xlbill.foresight.impact_text import share
from xlbill.language import Label, Language
from xlbill.problems import Problems
from xlbill.sheets import safe_file_name

_WORDS = {
    "title": Label("价格调整通知", "Notice of new prices"),
    "dear": Label("尊敬的{name}：", "Dear {name},"),
    "from": Label(
        "自{day}起，{book}生效。以下按贵方 {months} 的实际用量，对照调整前后的费用。",
        "From {day} on {book} is in force. This is your own usage of {months}, at the prices before and after.",
    ),
    "planned": Label(
        "{book}的价格将作调整。以下按贵方 {months} 的实际用量，对照调整前后的费用。",
        "The prices of {book} are going to change. This is your own usage of {months}, at the prices before and after.",
    ),
    "item": Label("项目", "Item"),
    "old": Label("调整前", "Before"),
    "new": Label("调整后", "After"),
    "change": Label("变化", "Change"),
    "total": Label("合计", "Total"),
    "rise": Label("涨跌幅", "Rise"),
    "rest": Label(
        "实际费用以当月用量和届时生效的价目表或合同为准。",
        "What is charged follows the usage of the month and the price list or contract then in force.",
    ),
}
_STYLE = """
body{font:15px/1.6 -apple-system,"Microsoft YaHei","Segoe UI",sans-serif;color:#1f2937;max-width:46em;margin:3em auto}
h1{color:#0f4c81;font-size:1.5em;border-bottom:2px solid #0f4c81;padding-bottom:.4em}
table{border-collapse:collapse;width:100%;margin:1.5em 0}
th{color:#6b7280;font-weight:normal;text-align:right}
td{text-align:right;font-variant-numeric:tabular-nums;border-top:1px solid #d1dbe6;padding:.35em 0}
th:first-child,td:first-child{text-align:left}
tr.total td{border-top:2px solid #0f4c81;font-weight:bold}
p.seller{text-align:right;margin-top:2.5em}
p.rest{color:#6b7280;font-size:.87em}
@media print{body{margin:0}}
"""


def write_notices(impact: Impact, folder: Path) -> tuple[int, Problems]:
    """Write a page for each customer whose bill changes; gives how many were written."""
    found, count = Problems(), 0
    for one in impact.repriced:
        if any(line.change for line in one.lines):
            path = folder / f"{safe_file_name(one.customer.code)}.html"
            failed = written(path, path.as_posix(), content(notice(one, impact)))
            found += failed
            count += not failed.errors
    return count, found


def notice(one: CustomerImpact, impact: Impact) -> str:
    """The page of a customer, in its language."""
    language = one.customer.language
    edition = impact.book.edition
    said = {key: escape(label.text(language)) for key, label in _WORDS.items()}
    seller = impact.seller.facts.get("name", Label("", "")).text(language)
    facts = {
        "name": escape(one.customer.name.text(language)),
        "day": _day(edition.effective, language),
        "book": escape(edition.name.text(language)),
        "months": ", ".join(map(str, impact.months)),
    }
    when = "from" if edition.effective > impact.months[-1].period.last else "planned"  # whose day nobody has said
    head = "".join(f"<th>{said[key]}</th>" for key in ("item", "old", "new", "change"))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{said['title']} · {facts['name']}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{said['title']}</h1>\n<p>{said['dear'].format(**facts)}</p>\n<p>{said[when].format(**facts)}</p>\n"
        f"<table><tr>{head}</tr>\n{''.join(_rows(one, said, language))}</table>\n"
        f'<p class="seller">{escape(seller)}</p>\n<p class="rest">{said["rest"]}</p></body></html>\n'
    )


def _rows(one: CustomerImpact, said: dict[str, str], language: Language) -> Iterator[str]:
    assert one.old is not None and one.new is not None and one.change is not None
    for line in one.lines:
        title = escape(line.title.text(language))
        yield _row(title, (f"{line.old:,f}", f"{line.new:,f}", _signed(line.change)))
    total = f"{said['total']} ({one.currency})"
    yield _row(total, (f"{one.old:,f}", f"{one.new:,f}", _signed(one.change)), kind=' class="total"')
    yield _row(said["rise"], ("", "", share(one.rise)))


def _row(title: str, cells: tuple[str, str, str], kind: str = "") -> str:
    return f"<tr{kind}><td>{title}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _signed(amount: Decimal) -> str:
    return f"{amount:+,f}" if amount else f"{amount:,f}"


def _day(day: date, language: Language) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()
