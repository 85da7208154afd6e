"""Invoices as PDF, printed by LibreOffice: many files with one start, in a profile of its own.

A profile of its own keeps a LibreOffice that somebody has open out of the way, and theirs safe from us. Sheets that
the template keeps out of print are hidden in the copy that is printed. Where a machine lacks the typefaces of Windows,
simplified Chinese ones take their place, and for Arial one as wide: a program left alone may choose Japanese shapes,
and wider digits, by which it measures columns.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import unescape

from xlbill.cells import Place
from xlbill.problems import Problem, Problems, problem
from xlbill.workbook.write import NOT_PRINTED

AT_ONCE = 50  # files in one start: how far it is can be told between them
SECONDS_TO_START = 60
SECONDS_A_FILE = 10
_BOOK, _PROPERTIES = "xl/workbook.xml", "docProps/custom.xml"
_KEPT = re.compile(rf'name="{NOT_PRINTED}".*?<vt:lpwstr>(.*?)</vt:lpwstr>', re.DOTALL)
_SHEET = re.compile(r'<sheet ([^>]*?)name="([^"]*)"')
_CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Micro Hei")
_OF_WINDOWS = ("Microsoft YaHei", "微软雅黑", "DengXian", "等线", "SimHei", "黑体", "SimSun", "宋体")
_AS_ARIAL = ("Liberation Sans", "Arimo", "Nimbus Sans", *_CHINESE)
"""Whose digits are as wide as those of Arial, by which our columns are measured."""


def to_pdf(
    files: Sequence[Path], directory: Path, watch: Callable[[int, int], object] = lambda done, of: None
) -> Problems:
    """Print workbooks into a folder, each under its own name; a file that was not printed is a problem.

    `watch` is told how many of all are done.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return Problems([problem("pdf-without-libreoffice")])
    with tempfile.TemporaryDirectory(prefix="xlbill-pdf-", ignore_cleanup_errors=True) as folder:
        profile, printed = (Path(folder) / name for name in ("profile", "printed"))
        typefaces = typefaces_in(Path(folder))
        directory.mkdir(parents=True, exist_ok=True)
        found = Problems()
        for first in range(0, len(files), AT_ONCE):
            batch = files[first : first + AT_ONCE]
            copies = [_copy(file, Path(folder) / f"{number:05d}") for number, file in enumerate(batch, first)]
            command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
            command += ["--convert-to", "pdf:calc_pdf_Export", "--outdir", str(printed), *map(str, copies)]
            said = _run(command, SECONDS_TO_START + SECONDS_A_FILE * len(batch), typefaces)
            found += [p for file in batch if (p := _fetch(file, printed, directory, said)) is not None]
            watch(first + len(batch), len(files))
        return found


def _copy(file: Path, folder: Path) -> Path:
    """The workbook to print: the file itself, or a copy in which the sheets that stay out of print are hidden."""
    try:
        with zipfile.ZipFile(file) as archive:
            kept = archive.read(_PROPERTIES).decode() if _PROPERTIES in archive.namelist() else ""
            if (found := _KEPT.search(kept)) is None:
                return file
            folder.mkdir()
            with zipfile.ZipFile(copy := folder / file.name, "w", zipfile.ZIP_DEFLATED) as copied:
                for entry in archive.infolist():
                    content = archive.read(entry)
                    if entry.filename == _BOOK:
                        content = _hidden(content.decode(), unescape(found[1]).split("/")).encode()
                    copied.writestr(entry.filename, content)
            return copy
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError):
        return file  # LibreOffice says what it thinks of it


def _hidden(book: str, names: Collection[str]) -> str:
    """The part that lists a workbook's sheets, with some of them hidden."""

    def hide(sheet: re.Match[str]) -> str:
        return f'<sheet state="hidden" {sheet[1]}name="{sheet[2]}"' if unescape(sheet[2]) in names else sheet[0]

    return _SHEET.sub(hide, book)


def typefaces_in(folder: Path) -> dict[str, str]:
    """The environment in which other typefaces stand for those of Windows: fontconfig's settings, kept in a folder."""
    instead = {"Arial": _AS_ARIAL, **dict.fromkeys(_OF_WINDOWS, _CHINESE)}
    aliases = (
        f'<alias binding="same"><family>{name}</family><accept>{"".join(map(_family, names))}</accept></alias>'
        for name, names in instead.items()
    )
    system = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    settings = f'<fontconfig>{"".join(aliases)}<include ignore_missing="yes">{system}</include></fontconfig>'
    (path := folder / "fonts.conf").write_text(settings, "utf-8")
    return {"FONTCONFIG_FILE": str(path)}


def _family(name: str) -> str:
    return f"<family>{name}</family>"


def _fetch(file: Path, printed: Path, directory: Path, said: str) -> Problem | None:
    made = printed / file.with_suffix(".pdf").name
    if not made.is_file():
        return problem("pdf-failed", Place(str(file)), None, found=said.strip()[-200:] or "—")
    shutil.move(made, directory / made.name)
    return None


def _run(command: Sequence[str], seconds: float, environment: Mapping[str, str]) -> str:
    """What the program said; it and its children are ended when the time is up."""
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        env={**os.environ, **environment},
    ) as process:
        try:
            return process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return f"no answer within {seconds:.0f} s"
