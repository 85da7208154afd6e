"""The process in which python-calamine reads: run as a script with a path, it writes what it reads to its output.

A hostile workbook can make calamine panic, abort or ask for all memory there is, none of which Python can catch in its
own process. Here it costs only this one: memory is limited, and the parent ends it when its time is over.

Nothing of xlbill is imported, so that it starts in some milliseconds.
"""

import pickle
import sys
from typing import BinaryIO

MEMORY_BYTES = 900 * 2**20
ROWS_AT_A_TIME = 2_000


def main(path: str, out: BinaryIO) -> None:
    """Write ("sheet", name, hidden), ("rows", number of the first, rows) ... and at the end ("end",)."""
    _limit_memory()
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for about in workbook.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet:
                    _send(out, ("sheet", about.name, about.visible != SheetVisibleEnum.Visible))
                    _send_rows(out, workbook.get_sheet_by_name(about.name))
    except PasswordError:
        _send(out, ("failed", "file-encrypted"))
    except BaseException:  # calamine's panics derive from BaseException; whatever it was, the file is at fault
        _send(out, ("failed", "file-damaged"))
    else:
        _send(out, ("end",))


def _send_rows(out: BinaryIO, sheet: "object") -> None:
    """The rows of a sheet that hold anything, each with its number; rows start in column A."""
    batch: list[tuple[int, list[object]]] = []
    for number, row in enumerate(sheet.iter_rows(), start=1):  # type: ignore[attr-defined]
        if row[0] != "" or any(value != "" for value in row):
            batch.append((number, row))
            if len(batch) == ROWS_AT_A_TIME:
                _send(out, ("rows", batch))
                batch = []
    _send(out, ("rows", batch))


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
