"""Quotations and curves as workbooks: one that a customer can change figures in, and one with a chart."""

from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from xlbill.files import written
from xlbill.foresight.offers import Curve
from xlbill.foresight.pages import Entry, LiveFormula, Pages, TableColumn
from xlbill.invoice import Issuance, lay_out, load_template
from xlbill.language import Label, Language
from xlbill.money import plain
from xlbill.problems import Problems
from xlbill.rating.bill import Bill
from xlbill.workbook import write_layout

TEMPLATES = {"zh": "quotation.xlsx", "en": "quotation.en.xlsx"}
"""The template of a quotation in each language, beside those of invoices."""

_SHEET, _TITLE = Label("曲线", "Curve"), Label("用量与费用", "What usage costs")
_CHEAPEST = Label("最低", "cheapest")


def write_quotation(bill: Bill, templates: Path, path: Path, offer: tuple[date, date], number: str) -> Problems:
    """Write a quotation of a day that holds until another: the pages of a bill, on a template of its own."""
    template, found = load_template(templates / TEMPLATES[bill.customer.language])
    if template is not None and not found.errors:
        layout = lay_out(bill, template, Issuance(number, offer[0], valid_until=offer[1]))
        found += written(path, path.as_posix(), partial(write_layout, layout))
    return found


def write_curve(curve: Curve, currency: str, path: Path, language: Language) -> Problems:
    """Write what offers come to over a range of usage, as a table and a chart."""
    return written(path, path.as_posix(), lambda target: _write(curve, currency, target, language))


def _write(curve: Curve, currency: str, path: Path, language: Language) -> None:
    names = [offer.name for offer in curve.offers]
    several = len(names) > 1
    columns = [TableColumn(curve.range.word, "number"), *(TableColumn(name, "money", 18) for name in names)]
    columns += [TableColumn(_CHEAPEST.text(language), "text", 18)] if several else []
    words = "; ".join(crossing_words(curve, language) or ([no_crossing(curve, language)] if several else []))
    with Pages(path) as pages:
        page = pages.page(_SHEET.text(language), f"{_TITLE.text(language)} ({currency})", words, columns)
        rows = page.rows(_row(curve, number, page.next + number, several) for number in range(len(curve.points)))
        at = f"{chr(ord('A') + len(columns) + 1)}{5}"
        axis = {"num_format": "#,##0", "min": float(curve.range.start), "max": float(curve.range.stop)}
        page.chart(
            "scatter", rows, 0, range(1, len(names) + 1), at, x=curve.range.word, y=currency, x_axis=axis, width=820
        )


def _row(curve: Curve, number: int, row: int, several: bool) -> list[Entry]:
    at, totals = curve.points[number]
    entries: list[Entry] = [at, *totals]
    known = [total for total in totals if total is not None]
    if several and known:
        last = chr(ord("A") + len(totals))
        names = [offer.name for offer, total in zip(curve.offers, totals, strict=True) if total == min(known)]
        formula = f"INDEX($B$4:${last}$4,MATCH(MIN(B{row}:{last}{row}),B{row}:{last}{row},0))"
        entries.append(LiveFormula(formula, names[0]))
    elif several:
        entries.append(None)
    return entries


def no_crossing(curve: Curve, language: Language) -> str:
    """That no offer becomes the cheaper one within the range."""
    said = Label("{word} 在 {top} 以内没有交叉", "no crossing for {word} up to {top}")
    return said.text(language).format(word=curve.range.word, top=f"{curve.range.stop:,f}")


def crossing_words(curve: Curve, language: Language) -> list[str]:
    """Each crossing in words: from which usage on which offer costs less."""
    said = Label(
        "{word} 达到 {at} 起，{cheaper} 比 {than} 便宜", "from {word} {at} on, {cheaper} costs less than {than}"
    )
    return [
        said.text(language).format(word=c.word, at=f"{Decimal(plain(c.at)):,f}", cheaper=c.cheaper, than=c.than)
        for c in curve.crossings
    ]
