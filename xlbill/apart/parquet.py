"""The one table of a parquet file."""

import os
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

from xlbill.apart.messages import ROWS_AT_A_TIME, FailedError, send, send_rows, send_sheet


def read(path: str, out: BinaryIO) -> None:
    """The table without a name: its columns' names are row 1, its first row is row 2.

    It packs many rows into few bytes, and says first how many: ("length", rows).
    """
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # the others reserve more addresses than there are
    try:
        from pyarrow import parquet
    except ImportError:
        raise FailedError("parquet-without-pyarrow") from None
    with parquet.ParquetFile(path) as file:
        send(out, ("length", file.metadata.num_rows))
        send_sheet(out, None)
        send(out, ("rows", [(1, list(file.schema_arrow.names))], []))
        send_rows(out, _rows(file), 2)


def _rows(file: Any) -> Iterable[tuple[Any, ...]]:
    for batch in file.iter_batches(ROWS_AT_A_TIME, use_threads=False):
        yield from zip(*map(_values, batch.columns), strict=True)


def _values(column: Any) -> list[Any]:
    """A column's values as the cells of a sheet hold them; what they do not hold as text.

    A moment with its offset from UTC is a text, too: which day it is, is not for this module to say.
    """
    from pyarrow import timestamp, types

    if types.is_timestamp(column.type):  # Python knows no nanoseconds
        column = column.cast(timestamp("us", column.type.tz), safe=False)
    return [_value(value) for value in column.to_pylist()]


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.isoformat(" ")
    if isinstance(value, Decimal):  # of decimal128(38, 9) 5 comes as 5.000000000
        text = f"{value:f}"
        whole, _, rest = text.partition(".")
        return Decimal(f"{whole}.{rest.rstrip('0')}") if rest.strip("0") else int(whole)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if isinstance(value, (list, dict)) else value
