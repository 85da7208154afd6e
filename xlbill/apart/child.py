"""The process in which the readers of other formats than xlsx run: a script with a kind of file, a path, and where
modules are found; it writes what it reads.

A hostile file can make them panic, abort or ask for all memory there is, none of which Python can catch in its own
process. Here it costs only this one: memory is limited, and the parent ends it when its time is over.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

MEMORY_BYTES = 900 * 2**20


def main(kind: str, path: str, out: BinaryIO) -> None:
    """Write the sheets of a file, and ("end",), or ("failed", the code of the problem)."""
    from xlbill.apart.messages import FailedError, send

    _limit_memory()
    try:
        _reader(kind)(path, out)
    except FailedError as error:
        send(out, ("failed", str(error)))
    except ImportError:
        send(out, ("failed", "reader-missing"))
    except MemoryError:
        send(out, ("failed", "file-takes-too-much-memory"))
    except BaseException:  # calamine's panics derive from BaseException; whatever it was, the file is at fault
        send(out, ("failed", "file-damaged"))
    else:
        send(out, ("end",))


def _reader(kind: str) -> Callable[[str, BinaryIO], None]:
    """The reader of a kind of file, loaded now."""
    if kind == "PARQUET":
        from xlbill.apart.parquet import read
    elif kind == "XLS":
        from xlbill.apart.xls import read
    elif kind == "XLSB":
        from xlbill.apart.xlsb import read
    elif kind == "ODS":
        from xlbill.apart.ods import read
    else:
        from xlbill.apart.bulk import read
    return read


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.path[:] = [str(Path(__file__).parents[2]), *sys.argv[3:]]
    with sys.stdout.buffer as output:
        main(sys.argv[1], sys.argv[2], output)
