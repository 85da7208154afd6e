"""The rows of a sheet that is too large to be held, byte for byte as XlsxWriter writes them and in a fraction of its
time: it asks of each cell again what it could be, and here a cell like one that was written before is not asked.
"""

from collections.abc import Callable, Hashable
from decimal import Decimal
from functools import lru_cache

from xlsxwriter.utility import _preserve_whitespace
from xlsxwriter.worksheet import Worksheet

from xlbill.cells import column_letters
from xlbill.formula.values import MAX_TEXT
from xlbill.workbook.layout import MoreRows
from xlbill.workbook.style import CellStyle


def write_rows(
    more: MoreRows, written: Worksheet, number_of: Callable[[CellStyle], int], in_element: Callable[[str], str]
) -> None:
    """Write texts and figures below what a sheet has, in rows without heights of their own, into a workbook of which
    XlsxWriter holds no rows.

    `number_of` gives the number of a look in the workbook, `in_element` a text as it stands in XML.
    """

    @lru_cache(65_536)
    def behind_address(key: Hashable) -> str:
        content, style = more.cell(key)
        look = f'" s="{number_of(style)}"'
        if content is None:
            return f"{look}/>"
        if isinstance(content, Decimal):
            return f"{look}><v>{float(content):.16G}</v></c>"
        assert isinstance(content, str), f"neither a text nor a figure: {content}"
        space = ' xml:space="preserve"' if _preserve_whitespace(content) else ""
        return f'{look} t="inlineStr"><is><t{space}>{in_element(content[:MAX_TEXT])}</t></is></c>'

    letters: list[str] = []
    for row, keys in more.rows():
        assert row - 1 not in written.row_info, f"row {row} has a height of its own"
        letters += map(column_letters, range(len(letters) + 1, len(keys) + 1))
        for end in (0, len(keys) - 1):
            written._check_dimensions(row - 1, end)
        written._write_single_row(row)  # what stands above, where it was not written yet
        cells = [f'<c r="{letter}{row}{behind_address(key)}' for letter, key in zip(letters, keys, strict=False)]
        written.row_data_fh.write(f'<row r="{row}">{"".join(cells)}</row>')
