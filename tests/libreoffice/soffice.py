"""LibreOffice as the second opinion: recalculate workbooks, and print them to PDF.

    from soffice import recalculate, requires_soffice

LibreOffice trusts the cached values of an xlsx unless its profile says otherwise, so each call gets a fresh profile
that says "always recalculate". `test_formula.py` plants a wrong value to prove that it does.
"""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
requires_soffice = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is not installed (soffice is not on the PATH): nothing was recalculated"
)

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ALWAYS = 0  # 0 always, 1 never, 2 ask
_SETTINGS = f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{_ALWAYS}</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office">
<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def recalculate(paths: Sequence[Path], outdir: Path, timeout: float = 300) -> list[Path]:
    """The workbooks with every formula computed afresh, under the same names in another folder."""
    return _convert(paths, outdir, "xlsx:Calc MS Excel 2007 XML", ".xlsx", timeout)


def recalculated_texts(path: Path, outdir: Path, timeout: float = 300) -> dict[str, list[list[str]]]:
    """A workbook with every formula computed afresh, as rows of texts by sheet: quicker than as a workbook."""
    every_sheet = (
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"  # as kept, not as shown
    )
    _convert([path], outdir, every_sheet, None, timeout)
    texts: dict[str, list[list[str]]] = {}
    for file in outdir.glob(f"{path.stem}-*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            texts[file.stem.removeprefix(f"{path.stem}-")] = list(csv.reader(lines))
    assert texts, f"LibreOffice did not write the sheets of {path.name}"
    return texts


def to_pdf(paths: Sequence[Path], outdir: Path, timeout: float = 300) -> list[Path]:
    """The workbooks as they print."""
    return _convert(paths, outdir, "pdf:calc_pdf_Export", ".pdf", timeout)


def computed(path: Path, sheet: int = 1) -> dict[str, float | str | bool]:
    """The values of a sheet's formulas as they stand in the file, by cell: `{"A1": 4.0, "A2": "#DIV/0!"}`.

    Read from the XML, because libraries turn numbers in date formats into dates, and odd ones into errors.
    """
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    found: dict[str, float | str | bool] = {}
    for cell in root.iter(f"{_MAIN}c"):
        if cell.find(f"{_MAIN}f") is not None:
            text = cell.findtext(f"{_MAIN}v", "")
            kind = cell.get("t", "n")
            found[cell.attrib["r"]] = float(text) if kind == "n" else text == "1" if kind == "b" else text
    return found


def _convert(paths: Sequence[Path], outdir: Path, target: str, suffix: str | None, timeout: float) -> list[Path]:
    """Convert many files with one start of LibreOffice, in a profile of its own."""
    assert SOFFICE is not None, "mark the test with requires_soffice"
    outdir.mkdir(parents=True, exist_ok=True)
    assert outdir.resolve() not in {path.resolve().parent for path in paths}, "the originals would be overwritten"
    with tempfile.TemporaryDirectory(prefix="xlbill-soffice-", ignore_cleanup_errors=True) as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        command = [SOFFICE, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        _run([*command, "--convert-to", target, "--outdir", str(outdir), *map(str, paths)], timeout)
    if suffix is None:  # several files of each
        return []
    converted = [outdir / path.with_suffix(suffix).name for path in paths]
    missing = [path.name for path in converted if not path.exists()]
    assert not missing, f"LibreOffice did not write {missing}"
    return converted


def _run(command: list[str], timeout: float) -> None:
    """Run in a session of its own, so that a timeout ends soffice.bin and not only the script that started it."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert process.returncode == 0, output
