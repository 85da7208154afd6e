"""A finished invoice for other programs: its lines as a table, and all its cells with their formulas."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from xlbill.audit.captions import SheetCaptions, one_language
from xlbill.audit.explain import Explained, explain
from xlbill.audit.live import Live
from xlbill.cells import Address, a1
from xlbill.inert import inert
from xlbill.language import Language
from xlbill.money import plain
from xlbill.problems import Problem
from xlbill.sheets import Cell, Raw


def lines_of(live: Live, language: Language) -> tuple[tuple[dict[str, Cell], ...], Problem | None]:
    """The lines of an invoice, each cell under its heading; the problem where the file has no total that adds them."""
    explained = explain(live)
    if not isinstance(explained, Explained):
        return (), explained
    sheets = {sheet.name: SheetCaptions(sheet) for sheet in live.workbook.sheets}
    return tuple(_line(live, sheets[step.key[0]], step.key, language) for step in explained.lines), None


def _line(live: Live, captions: SheetCaptions, key: Address, language: Language) -> dict[str, Cell]:
    name, row, _ = key
    cells = sorted((at, cell) for (sheet, number, at), cell in live.cells.items() if (sheet, number) == (name, row))
    headed = ((one_language(captions.caption(row, at).heading, language) or a1(row, at), cell) for at, cell in cells)
    line: dict[str, Cell] = {}
    for heading, cell in headed:
        line.setdefault(heading, cell)
    return line


def invoice_json(live: Live, language: Language) -> tuple[dict[str, object], Problem | None]:
    """An invoice as JSON values: its lines, and every cell of every sheet with its formula."""
    lines, problem = lines_of(live, language)
    sheets: dict[str, dict[str, object]] = {sheet.name: {} for sheet in live.workbook.sheets}
    for (sheet, row, column), cell in sorted(live.cells.items(), key=lambda item: item[0]):
        formula = {"formula": cell.formula} if cell.formula is not None else {}
        sheets[sheet][a1(row, column)] = {"value": _json(cell.value)} | formula
    told = [{heading: _json(cell.value) for heading, cell in line.items()} for line in lines]
    return {"file": live.workbook.file, "lines": told, "sheets": sheets}, problem


def invoice_csv(live: Live, language: Language) -> tuple[str, Problem | None]:
    """The lines of an invoice as csv."""
    lines, problem = lines_of(live, language)
    headings = list(dict.fromkeys(heading for line in lines for heading in line))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([inert(heading) for heading in headings])
    writer.writerows([_csv(line, heading) for heading in headings] for line in lines)
    return "\ufeff" + text.getvalue(), problem


def _csv(line: Mapping[str, Cell], heading: str) -> str:
    value = line[heading].value if heading in line else None
    said = _json(value)
    return inert(said) if isinstance(value, str) and isinstance(said, str) else "" if said is None else str(said)


def _json(value: Raw) -> str | bool | None:
    """A cell's value, figures as decimal texts."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)
