"""How many cases a test tries: a sample with each change, thousands where XLBILL_MANY=1 asks for them (`make many`)."""

import os

MANY = os.environ.get("XLBILL_MANY", "") not in ("", "0")


def cases(usual: int, many: int) -> int:
    """`many` where the environment asks for many, else `usual`."""
    return many if MANY else usual
