"""Invoices as PDF, printed by LibreOffice: many files with one start, in a profile of its own.

A profile of its own keeps a LibreOffice that somebody has open out of the way, and theirs safe from us.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from xlbill.cells import Place
from xlbill.problems import Problem, Problems, problem

SECONDS_TO_START = 60
SECONDS_A_FILE = 10


def to_pdf(files: Sequence[Path], directory: Path) -> Problems:
    """Print workbooks into a folder, each under its own name; a file that was not printed is a problem."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return Problems([problem("pdf-without-libreoffice")])
    with tempfile.TemporaryDirectory(prefix="xlbill-pdf-", ignore_cleanup_errors=True) as folder:
        profile, printed = Path(folder) / "profile", Path(folder) / "printed"
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf:calc_pdf_Export", "--outdir", str(printed), *map(str, files)]
        said = _run(command, SECONDS_TO_START + SECONDS_A_FILE * len(files))
        directory.mkdir(parents=True, exist_ok=True)
        return Problems(p for file in files if (p := _fetch(file, printed, directory, said)) is not None)


def _fetch(file: Path, printed: Path, directory: Path, said: str) -> Problem | None:
    made = printed / file.with_suffix(".pdf").name
    if not made.is_file():
        return problem("pdf-failed", Place(str(file)), None, found=said.strip()[-200:] or "—")
    shutil.copyfile(made, directory / made.name)
    return None


def _run(command: Sequence[str], seconds: float) -> str:
    """What the program said; it and its children are ended when the time is up."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True
    ) as process:
        try:
            return process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return f"no answer within {seconds:.0f} s"
