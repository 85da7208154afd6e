"""A list of price changes as finance writes it: which prices, by how many percent or to what, how they are rounded."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path

from xlbill.cells import Place
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.sheets import Column, Kind, Row, SheetCells, SheetKind, find_sheet, find_table, read_workbook
from xlbill.sheets.strangers import Surroundings, strange_columns

CHANGES = SheetKind(
    "changes",
    Label("调价", "Changes"),
    (
        Column("sheet", Label("工作表", "sheet"), note=Label("留空为全部价格", "Blank: all sheets with prices")),
        Column(
            "item",
            Label("项目", "item"),
            Kind.CODE,
            required=True,
            note=Label(
                "代码，可用 *：im.pro、rtc.*、storage.*；用量价写作 产品.计费项",
                "A code, with * for anything: im.pro, rtc.*, storage.*; a usage price is product.item",
            ),
        ),
        Column(
            "column",
            Label("列", "column"),
            note=Label("留空为价格；扩展服务留空为各套餐的价格", "Blank: the price; of extensions those of all plans"),
        ),
        Column("change", Label("调幅", "change"), note=Label("写作 +8% 或 -5%", "+8% or -5%")),
        Column("to", Label("新价", "new price"), Kind.NUMBER, note=Label("代替调幅", "In place of a change")),
        Column(
            "step",
            Label("取整到", "round to"),
            Kind.NUMBER,
            note=Label("1、10、0.01；留空为币种的最小单位", "1, 10, 0.01; blank: the currency's smallest unit"),
        ),
        Column(
            "rounding",
            Label("取整方式", "rounding"),
            Kind.CHOICE,
            choices={"half up": ("四舍五入", "half up"), "up": ("向上", "up"), "down": ("向下", "down")},
        ),
    ),
    required=True,
    note=Label("一行一项调价", "One change of prices a row"),
)

_MODES = {"half up": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


@dataclass(frozen=True, slots=True)
class PriceChange:
    """One row of the list. Either `share` (0.08 for +8 %) or `to` is given."""

    sheet: str
    item: str
    column: str
    share: Decimal | None
    to: Decimal | None
    step: Decimal | None
    rounding: str
    place: Place

    def applied(self, price: Decimal, smallest: Decimal) -> Decimal:
        """The price after the change, a whole multiple of the step.

        >>> change = PriceChange("", "im.pro", "", Decimal("0.08"), None, Decimal(10), "half up", Place())
        >>> change.applied(Decimal(1299), Decimal("0.01"))
        Decimal('1400')
        """
        exact = self.to if self.to is not None else price * (1 + (self.share or Decimal(0)))
        step = self.step or smallest
        steps = (exact / step).quantize(Decimal(1), rounding=_MODES[self.rounding])
        return self.to if self.to is not None and self.step is None else steps * step


def read_changes(path: Path, shown: str) -> tuple[tuple[PriceChange, ...], Problems]:
    """The changes of a list, xlsx or csv; a row that is not understood is a problem, a column that may count, too."""
    workbook, found = read_workbook(path, shown)
    if workbook is None:
        return (), found
    sheet: SheetCells | None = find_sheet(workbook, CHANGES) or next(iter(workbook.sheets), None)
    table = find_table(sheet, CHANGES, found) if sheet is not None else None
    if table is None:
        return (), found
    around = Surroundings((CHANGES,), {CHANGES.key: table})
    found.tell(*(stranger.problem for stranger in strange_columns(table, around, lambda heading: False)))
    changes = [_change(row, found) for row in table.rows]
    return tuple(change for change in changes if change is not None), found


def _change(row: Row, found: Problems) -> PriceChange | None:
    item, share, to = row.code("item", found), _share(row, found), row.number("to", found)
    step, rounding = row.number("step", found), row.choice("rounding", found)
    if step is not None and step <= 0:
        found.tell(row.problem("not-positive", "step"))
        return None
    if (row.cell("change").blank) == (row.cell("to").blank):
        found.tell(row.problem("change-or-price", "change"))
        return None
    if item is None or (share is None and to is None):
        return None
    sheet, column = row.text("sheet", found) or "", row.text("column", found) or ""
    return PriceChange(sheet, item, column, share, to, step, rounding or "half up", row.cell("item").place)


def _share(row: Row, found: Problems) -> Decimal | None:
    """A change in percent; a figure without % may be meant in two ways and is a problem."""
    cell = row.cell("change")
    if cell.blank:
        return None
    share = row.number("change", found)
    if share is None:
        return None
    if not cell.shown.strip().endswith(("%", "％")):
        found.tell(row.problem("change-not-percent", "change"))
        return None
    return share
