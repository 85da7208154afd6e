"""Canonical JSON and its hash: one content has one text, and so one SHA-256, in whatever program it is made.

Keys sorted by code point, no blanks between parts, UTF-8, nothing escaped that JSON does not require; decimals are
plain strings (no exponent, no zeros at the end), dates ISO strings, whole counts JSON integers. There are no floats.

>>> canonical({"b": Decimal("4299.00"), "a": [1, None, "账单"]})
'{"a":[1,null,"账单"],"b":"4299"}'
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlbill.language import Label
from xlbill.money import plain
from xlbill.periods import Month


def canonical(content: object) -> str:
    """The one text of a content of mappings, sequences, texts, whole numbers, decimals, dates, months and labels."""
    return json.dumps(json_value(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of_text(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def json_value(content: object) -> Any:
    """A content in JSON's own types."""
    match content:
        case None | bool() | int():
            return content
        case str():
            return content.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written down
        case Decimal():
            return plain(content)
        case date():
            return content.isoformat()
        case Month():
            return str(content)
        case Label(zh, en):
            return {"zh": json_value(zh), "en": json_value(en)}
        case Mapping():
            return {json_value(str(key)): json_value(value) for key, value in content.items()}
        case Sequence():
            return [json_value(part) for part in content]
    raise TypeError(f"{type(content).__name__} has no canonical form: {content!r}")
