"""Frozen values that processes hand on by the thousand: each is pickled as the call that makes it again.

Python pickles a frozen dataclass with slots by asking for its fields each time, which takes three times as long.
"""

from typing import Any, ClassVar


class MadeAgain:
    """A base of frozen dataclasses all of whose fields are arguments, in their order."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]  # the names of the fields, which the dataclass gives

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return type(self), tuple([getattr(self, name) for name in self.__match_args__])
