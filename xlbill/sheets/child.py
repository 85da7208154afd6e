"""The process in which python-calamine and pyarrow read: run as a script with a path, it writes what it reads.

A hostile file can make them panic, abort or ask for all memory there is, none of which Python can catch in its own
process. Here it costs only this one: memory is limited, and the parent ends it when its time is over.

Nothing of xlbill is imported, so that it starts in some milliseconds.
"""

import os
import pickle
import sys
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

MEMORY_BYTES = 900 * 2**20
ROWS_AT_A_TIME = 2_000
PARQUET = b"PAR1"  # with which such a file begins


def main(path: str, out: BinaryIO) -> None:
    """Write ("sheet", name, hidden), ("rows", rows with their numbers) ... and at the end ("end",).

    What packs many rows into few bytes says first ("length", rows).
    """
    _limit_memory()
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib would cost as much as all else here
        read = _read_parquet if file.read(len(PARQUET)) == PARQUET else _read_workbook
    read(path, out)


def _read_workbook(path: str, out: BinaryIO) -> None:
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for about in workbook.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet:
                    _send(out, ("sheet", about.name, about.visible != SheetVisibleEnum.Visible))
                    _send_rows(out, workbook.get_sheet_by_name(about.name).iter_rows())
    except PasswordError:
        _send(out, ("failed", "file-encrypted"))
    except BaseException:  # calamine's panics derive from BaseException; whatever it was, the file is at fault
        _send(out, ("failed", "file-damaged"))
    else:
        _send(out, ("end",))


def _read_parquet(path: str, out: BinaryIO) -> None:
    """The one table of a parquet file, without a name: its columns' names are row 1, its first row is row 2."""
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # the others reserve more addresses than there are
    try:
        from pyarrow import parquet
    except ImportError:
        _send(out, ("failed", "parquet-without-pyarrow"))
        return
    try:
        with parquet.ParquetFile(path) as file:
            _send(out, ("length", file.metadata.num_rows))
            _send(out, ("sheet", None, False))
            _send(out, ("rows", [(1, list(file.schema_arrow.names))]))
            _send_rows(out, _parquet_rows(file), 2)
    except MemoryError:
        _send(out, ("failed", "file-takes-too-much-memory"))
    except BaseException:  # of a damaged file anything may be raised
        _send(out, ("failed", "file-damaged"))
    else:
        _send(out, ("end",))


def _parquet_rows(file: Any) -> Iterable[tuple[Any, ...]]:
    for batch in file.iter_batches(ROWS_AT_A_TIME, use_threads=False):
        yield from zip(*map(_parquet_values, batch.columns), strict=True)


def _parquet_values(column: Any) -> list[Any]:
    """A column's values as the cells of a sheet hold them; what they do not hold as text.

    A moment with its offset from UTC is a text, too: which day it is, is not for this module to say.
    """
    from pyarrow import timestamp, types

    if types.is_timestamp(column.type):  # Python knows no nanoseconds
        column = column.cast(timestamp("us", column.type.tz), safe=False)
    return [_parquet_value(value) for value in column.to_pylist()]


def _parquet_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.isoformat(" ")
    if isinstance(value, Decimal):  # of decimal128(38, 9) 5 comes as 5.000000000
        text = f"{value:f}"
        whole, _, rest = text.partition(".")
        return Decimal(f"{whole}.{rest.rstrip('0')}") if rest.strip("0") else int(whole)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if isinstance(value, (list, dict)) else value


def _send_rows(out: BinaryIO, rows: Iterable[Any], first: int = 1) -> None:
    """The rows of a sheet that hold anything, each with its number; rows start in column A."""
    batch: list[tuple[int, list[object]]] = []
    for number, row in enumerate(rows, start=first):
        if row and (row[0] not in _BLANK or any(value not in _BLANK for value in row)):
            batch.append((number, row))
            if len(batch) == ROWS_AT_A_TIME:
                _send(out, ("rows", batch))
                batch = []
    _send(out, ("rows", batch))


_BLANK = ("", None)


def _send(out: BinaryIO, message: tuple[object, ...]) -> None:
    data = pickle.dumps(message, protocol=5)
    out.write(len(data).to_bytes(4, "little") + data)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.path[:] = sys.argv[2:]
    with sys.stdout.buffer as output:
        main(sys.argv[1], output)
