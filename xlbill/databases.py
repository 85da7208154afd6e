"""What SQLite refuses because of the disk, told apart from a database that is damaged."""

import errno
import os
import sqlite3

_OF_SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR_SHMSIZE: errno.ENOSPC,  # no room for the file that lies beside a database in use
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
}


def refusal_of_sqlite(error: BaseException, file: str) -> OSError | None:
    """The refusal of the disk that SQLite tells in a code of its own; None where it tells that a file is damaged."""
    code: int = getattr(error, "sqlite_errorcode", 0)  # none where the error is Python's
    number = None if code == sqlite3.SQLITE_IOERR_SHORT_READ else _OF_SQLITE.get(code, _OF_SQLITE.get(code & 0xFF))
    return None if number is None else OSError(number, os.strerror(number), file)
