"""Every command that the manual writes can be typed, and every picture in it is one of those that its pages make."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.manual_steps import DOCS, FOLLOWED, PICTURE, ROOT, followed, page_of
from tests.pictures import SOFFICE, Pictures, size
from xlbill.cli import main
from xlbill.language import LANGUAGES, Language

PAGES = sorted((ROOT / "README.md", ROOT / "README.zh-CN.md", *DOCS.rglob("*.md")))
_TYPED = re.compile(r"^\$ xlbill (.+)$|(?<!`)`xlbill ([^`\n]+)`", re.MULTILINE)


def typed(page: Path) -> Iterator[list[str]]:
    """The words after `xlbill` of every command that a page writes, in blocks and within sentences."""
    for block, within in _TYPED.findall(page.read_text(encoding="utf-8")):
        yield shlex.split((block or within).replace("\\|", "|"), comments=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_have_the_options_with_which_they_are_written(page: Path) -> None:
    for words in typed(page):
        command, context = main, click.Context(main)
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            name, *words = words
            inner = command.get_command(context, name)
            assert inner is not None, f"{page.name}: there is no command {name}"
            command, context = inner, click.Context(inner, context, info_name=name)
        options = {spelling for option in command.params for spelling in (*option.opts, *option.secondary_opts)}
        used = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert used <= options | {"--help", "--version", "--lang"}, f"{context.command_path} {words}"


def test_every_picture_is_made_by_its_page_and_there_is_no_other() -> None:
    shown = {(page.parent / found).resolve() for page in PAGES for found in _images(page)}
    pages = [page_of(name, language) for name in FOLLOWED for language in LANGUAGES]
    made = {(page.parent / found).resolve() for page in pages for found in PICTURE.findall(page.read_text("utf-8"))}
    assert shown == made == {path.resolve() for path in (DOCS / "images").iterdir()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_picture_stands_for_two_things(language: Language) -> None:
    """As where a sheet that is kept out of print was painted as the one before it."""
    pages = [page_of(name, language) for name in FOLLOWED]
    shown = {(page.parent / found).resolve() for page in pages for found in _images(page)}
    assert len({path.read_bytes() for path in shown}) == len(shown)


def _images(page: Path) -> list[str]:
    return re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))


@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice or pdftoppm is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_are_as_their_pages_make_them(language: Language, tmp_path: Path) -> None:
    """Of the same height and width, but for what another release of LibreOffice draws otherwise."""
    pictures = Pictures(tmp_path)
    for name in FOLLOWED:
        if PICTURE.search(page_of(name, language).read_text(encoding="utf-8")):
            (tmp_path / name).mkdir()
            followed(name, language, tmp_path / name, pictures)
    for kept, made in pictures.paint(tmp_path / "images"):
        assert size(made) == pytest.approx(size(kept), rel=0.03), f"{kept.name}: run `python -m tests.manual_steps`"
