"""The workbook of a credit note: what an invoice charged, line by line, and the same taken back, by live formulas."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from xlbill.accounts import Seller
from xlbill.cells import a1
from xlbill.formula import Text, to_serial
from xlbill.formula.write import write
from xlbill.invoice import amount_in_words
from xlbill.invoice.words import CHANGED
from xlbill.language import Label
from xlbill.ledger.records import CreditNote, DraftLine
from xlbill.workbook.formats import ISO_DATE, with_decimals
from xlbill.workbook.layout import Area, CellContent, ColumnWidth, Formula, LaidCell, Layout, Page, Sheet
from xlbill.workbook.measure import LINE_SPACING, PADDING, lines_of, points_wide
from xlbill.workbook.style import Alignment, Borders, CellStyle, Edge, Font

TITLE = Label("贷项（红字）账单", "Credit note")
SHEET = "贷项 Credit note"
HEADINGS = (
    Label("项目", "Item"),
    Label("应用", "App"),
    Label("服务期间", "Service period"),
    Label("原金额", "Charged"),
    Label("本次冲销", "Taken back"),
)
TAX_HEADINGS = (
    Label("税率", "Tax rate"),
    Label("不含税金额", "Net"),
    Label("税额", "Tax"),
    Label("价税合计", "Gross"),
    Label("冲销价税合计", "Gross taken back"),
)
WIDTHS = (40.0, 16.0, 25.0, 17.0, 19.0)

_INK, _TINT, _LINE = "1F3A4D", "EAF1F5", "B8C7D1"
_FONT = Font("Microsoft YaHei", 10)
_PLAIN = CellStyle(_FONT, alignment=Alignment("left", "center", wrap=True))
_BOLD = replace(_PLAIN, font=replace(_FONT, bold=True, colour=_INK))
_TITLE = replace(_BOLD, font=replace(_FONT, size=14, bold=True, colour=_INK), alignment=Alignment("left", "center"))
_CODE = replace(_BOLD, font=replace(_FONT, size=13, bold=True, colour=_INK), alignment=Alignment("right", "center"))
_HEADING = replace(_BOLD, fill=_TINT, borders=Borders(bottom=Edge("thin", _LINE)))
_ROW = replace(_PLAIN, borders=Borders(bottom=Edge("hair", _LINE)))
_SUM = replace(_BOLD, fill=_TINT, borders=Borders(top=Edge("thin", _LINE)))
_RIGHT = Alignment("right", "center")
_HEADING_HEIGHT, _LINE_HEIGHT = 32.0, 18.0


def lay_out_credit_note(note: CreditNote, seller: Seller) -> Layout:
    """A credit note as neutral cells: A4 upright, a page wide."""
    cells: list[LaidCell] = []
    heights: dict[int, float] = {}
    merges: list[Area] = []
    row = _head(note, seller, cells, heights, merges)
    row, total = _lines(note, row, cells, heights)
    row = _words(note, row, total, cells, heights, merges)
    row = _taxes(note, row, cells, heights)
    name = seller.facts.get("name", Label("", ""))
    title = f"{TITLE} {note.number}"
    sheet = Sheet(
        SHEET,
        tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))),
        {number: ColumnWidth(width) for number, width in enumerate(WIDTHS, start=1)},
        heights,
        merges=tuple(merges),
        page=Page(margins=(0.5, 0.5, 0.6, 0.6), footer=f"&L{note.number}&R&P / &N", fit=(1, 0)),
    )
    return Layout((sheet,), title, name.zh or name.en, note.issued, _FONT, {"bill.total": f"'{SHEET}'!{total}"})


def _head(
    note: CreditNote, seller: Seller, cells: list[LaidCell], heights: dict[int, float], merges: list[Area]
) -> int:
    """Who takes back what from whom, when and why; the last row of it."""
    facts = seller.facts
    cells += [
        LaidCell(1, 1, str(facts.get("name", TITLE)), _TITLE),
        LaidCell(2, 1, str(TITLE), _CODE),
        LaidCell(2, 5, str(note.number), _CODE),
    ]
    cells[1] = replace(cells[1], style=replace(_CODE, alignment=Alignment("left", "center")))
    heights |= {1: 34.0, 2: 26.0}
    tax_id = str(facts.get("tax_id", Label("", "")))
    told: tuple[tuple[Label, CellContent], ...] = (
        (Label("销售方税号", "Seller's tax id"), tax_id),
        (Label("客户", "Customer"), f"{note.customer}  {note.name}"),
        (Label("冲销账单", "Takes back invoice"), note.of),
        (Label("原出账日期", "Which was issued on"), Decimal(to_serial(note.of_issued))),
        (Label("账期", "Period"), str(note.month.period)),
        (Label("冲销日期", "Issued"), Decimal(to_serial(note.issued))),
        (Label("币种", "Currency"), note.currency.code),
        (Label("原因", "Reason"), note.reason),
    )
    row = 3
    for label, content in told:
        if content in ("", None):
            continue
        row += 1
        style = replace(_PLAIN, number_format=ISO_DATE) if isinstance(content, Decimal) else _PLAIN
        cells += [LaidCell(row, 1, str(label), _BOLD), LaidCell(row, 2, content, style)]
        merges.append(Area(row, 2, row, 5))
        wide = sum(points_wide(ColumnWidth(width)) for width in WIDTHS[1:])
        heights[row] = _height(str(content), wide)
    return row + 1


def _height(text: str, wide: float) -> float:
    return max(_LINE_HEIGHT, lines_of(text, wide - 8, _FONT.size) * _FONT.size * LINE_SPACING + PADDING)


def _lines(note: CreditNote, row: int, cells: list[LaidCell], heights: dict[int, float]) -> tuple[int, str]:
    """The lines, what each charged and what is taken back, and their sum; its row, and the cell of the total."""
    row += 1
    cells += _headings(row, HEADINGS, 3)
    heights[row] = _HEADING_HEIGHT
    first, money = row + 1, _money(_ROW, note.currency.decimals)
    for line in note.lines:
        row += 1
        texts = (str(line.title), line.app or "—", _days(line))
        cells += [LaidCell(row, column, text, _ROW) for column, text in enumerate(texts, start=1)]
        cells.append(LaidCell(row, 4, -line.amount, money))
        cells.append(LaidCell(row, 5, Formula(f"-{a1(row, 4)}", line.amount), money))
        heights[row] = max(_height(texts[0], points_wide(ColumnWidth(WIDTHS[0]))), _LINE_HEIGHT)
    last, row = row, row + 1
    strong = _money(_SUM, note.currency.decimals)
    cells += [LaidCell(row, column, text, _SUM) for column, text in enumerate((str(_TOTAL), None, None), start=1)]
    for column, total in ((4, -note.total), (5, note.total)):
        area = Area(first, column, max(last, first), column)
        cells.append(LaidCell(row, column, Formula(f"SUM({area})", total), strong))
    heights[row] = 24.0
    return row, a1(row, 5, absolute=True)


_TOTAL = Label("合计", "Total")


def _words(
    note: CreditNote, row: int, total: str, cells: list[LaidCell], heights: dict[int, float], merges: list[Area]
) -> int:
    """The total in words, in both languages; they say so where the total is no longer the one that was spelled."""
    decimals = note.currency.decimals
    for language in ("zh", "en"):
        row += 1
        spelled, changed = (
            write(Text(word)) for word in (amount_in_words(note.total, note.currency, language), CHANGED.text(language))
        )
        condition = f"ROUND({total},{decimals})={note.total:f}"
        words = Formula(f"IF({condition},{spelled},{changed})", amount_in_words(note.total, note.currency, language))
        label = Label("冲销金额（大写）", "Taken back, in words").text(language)
        cells += [LaidCell(row, 1, label, _PLAIN), LaidCell(row, 2, words, _PLAIN)]
        merges.append(Area(row, 2, row, 5))
        heights[row] = 20.0
    return row + 1


def _taxes(note: CreditNote, row: int, cells: list[LaidCell], heights: dict[int, float]) -> int:
    """Net, tax and gross under each rate as they were charged, and the gross taken back."""
    row += 1
    cells += _headings(row, TAX_HEADINGS, 1)
    heights[row] = _HEADING_HEIGHT
    money, rate = _money(_ROW, note.currency.decimals), replace(_ROW, number_format="0.##%")
    for tax in note.taxes:
        row += 1
        net, tax_cell, gross = (a1(row, column) for column in (2, 3, 4))
        cells += [
            LaidCell(row, 1, tax.rate, rate),
            LaidCell(row, 2, -tax.net, money),
            LaidCell(row, 3, -tax.tax, money),
            LaidCell(row, 4, Formula(f"{net}+{tax_cell}", -tax.gross), money),
            LaidCell(row, 5, Formula(f"-{gross}", tax.gross), money),
        ]
        heights[row] = _LINE_HEIGHT
    return row


def _headings(row: int, headings: tuple[Label, ...], figures_from: int) -> Iterator[LaidCell]:
    """A row of headings; those over figures stand on the right."""
    for column, heading in enumerate(headings, start=1):
        right = replace(_HEADING, alignment=replace(_RIGHT, wrap=True))
        style = right if column > figures_from else _HEADING
        yield LaidCell(row, column, f"{heading.zh}\n{heading.en}", style)


def _days(line: DraftLine) -> str:
    return f"{line.first} – {line.last}" if line.first is not None and line.last is not None else "—"


def _money(style: CellStyle, decimals: int) -> CellStyle:
    return replace(style, number_format=with_decimals("#,##0", decimals), alignment=_RIGHT)
