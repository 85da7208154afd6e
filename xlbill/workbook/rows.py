"""The rows of a sheet that is too large to be held, byte for byte as XlsxWriter writes them and in a fraction of its
time: it asks of each cell again what it could be.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from xlsxwriter.utility import _preserve_whitespace
from xlsxwriter.worksheet import Worksheet

from xlbill.cells import column_letters
from xlbill.formula.values import MAX_TEXT
from xlbill.workbook.layout import CellContent, LaidCell
from xlbill.workbook.style import CellStyle


def write_rows(
    cells: Iterable[LaidCell],
    written: Worksheet,
    number_of: Callable[[CellStyle], int],
    in_element: Callable[[str], str],
) -> None:
    """Write texts and figures below what a sheet has, in rows without heights of their own, into a workbook of which
    XlsxWriter holds no rows.

    `number_of` gives the number of a look in the workbook, `in_element` a text as it stands in XML.
    """

    @lru_cache(16_384)
    def text(content: str) -> str:
        escaped = in_element(content[:MAX_TEXT])
        space = ' xml:space="preserve"' if _preserve_whitespace(content) else ""
        return f' t="inlineStr"><is><t{space}>{escaped}</t></is></c>'

    def cell(one: LaidCell) -> str:
        content: CellContent = one.content
        start = f'<c r="{column_letters(one.column)}{one.row}" s="{number_of(one.style)}"'
        if content is None:
            return f"{start}/>"
        if isinstance(content, Decimal):
            return f"{start}><v>{float(content):.16G}</v></c>"
        assert isinstance(content, str), f"neither a text nor a figure: {content}"
        return start + text(content)

    for row, of_row in groupby(cells, key=attrgetter("row")):
        laid = list(of_row)
        assert row - 1 not in written.row_info, f"row {row} has a height of its own"
        for end in (laid[0], laid[-1]):
            written._check_dimensions(row - 1, end.column - 1)
        written._write_single_row(row)  # what stands above, where it was not written yet
        written.row_data_fh.write(f'<row r="{row}">{"".join(map(cell, laid))}</row>')
