"""The Chinese of the command line, compiled for gettext: xlbill.po, which people edit, as xlbill.mo, which is read."""

from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[2] / "xlbill" / "locale" / "zh_CN" / "LC_MESSAGES" / "xlbill.po"
COMPILED = SOURCE.with_suffix(".mo")


def source() -> Catalog:
    """What people edit."""
    with SOURCE.open("rb") as file:
        return read_po(file, locale="zh_CN")


def write() -> None:
    """Compile it for gettext."""
    with COMPILED.open("wb") as file:
        write_mo(file, source())


def is_current() -> bool:
    """Whether what gettext reads says the same as what people edit."""
    with COMPILED.open("rb") as file:
        return _words(read_mo(file)) == _words(source())


def _words(catalog: Catalog) -> list[tuple[str, ...]]:
    """Each text, or its singular and plural, with what is said in its place."""
    words = [(*_texts(message.id), *_texts(message.string)) for message in catalog if message.id]
    return sorted(words)


def _texts(said: str | Sequence[str] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())
