"""Pictures of the manual: a sheet of a workbook as it prints, cut to what stands on it (LibreOffice, poppler)."""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from xlbill.workbook.pdf import typefaces_in

SOFFICE = shutil.which("soffice") if shutil.which("pdftoppm") else None
DOTS, MARGIN, GAP = 90, 24, 60  # to the inch; of white around what is cut out; above a page's footer, which is cut off
_SHEET = re.compile(r'<sheet name="([^"]*)"([^>]*?)/>')


class Pictures:
    """Sheets as they are at a step of a page; they are printed together, because LibreOffice takes long to start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.images: list[Path] = []

    def __call__(self, workbook: Path, sheet: str, image: Path) -> None:
        """Keep a sheet for a picture."""
        _alone(workbook, sheet, self.folder / f"{len(self.images)}.xlsx")
        self.images.append(image)

    def paint(self, folder: Path | None = None) -> Iterator[tuple[Path, Path]]:
        """Write the pictures where they belong, or into a folder: each by its name in the manual, and as it is now."""
        assert SOFFICE is not None
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        sheets = [str(self.folder / f"{number}.xlsx") for number in range(len(self.images))]
        convert = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(self.folder), *sheets]
        subprocess.run(
            convert, check=True, capture_output=True, timeout=400, env=os.environ | typefaces_in(self.folder)
        )
        for number, image in enumerate(self.images):
            made = (folder or image.parent) / image.name
            _cut_out(self.folder / f"{number}.pdf", made)
            yield image, made


def _cut_out(pdf: Path, image: Path) -> None:
    """The first page of a PDF as a picture, without the white around it."""
    page = ["pdftoppm", "-f", "1", "-singlefile", "-r", str(DOTS), str(pdf)]
    subprocess.run([*page, str(pdf.with_suffix(""))], check=True)
    cut = zip(("-x", "-y", "-W", "-H"), _inked(pdf.with_suffix(".ppm")), strict=True)
    image.parent.mkdir(exist_ok=True)
    subprocess.run(
        [*page, "-png", *(str(word) for pair in cut for word in pair), str(image.with_suffix(""))], check=True
    )


def size(image: Path) -> tuple[int, int]:
    """Width and height of a PNG."""
    head = image.read_bytes()[16:24]
    return int.from_bytes(head[:4]), int.from_bytes(head[4:])


def _alone(workbook: Path, sheet: str, target: Path) -> None:
    """A copy in which only this sheet is seen: what is hidden does not print, and formulas keep what they refer to."""

    def seen(match: re.Match[str]) -> str:
        state = "" if sheet in match[1].split() else ' state="hidden"'
        return f'<sheet name="{match[1]}"{match[2]}{state}/>'

    with zipfile.ZipFile(workbook) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            part = read.read(name)
            if name == "xl/workbook.xml":
                text, found = _SHEET.subn(seen, re.sub(r' state="\w+"', "", part.decode()))
                assert text.count('state="hidden"') < found, f"{workbook.name} has no sheet {sheet}"
                at = next(n for n, sheet_seen in enumerate(_SHEET.finditer(text)) if "hidden" not in sheet_seen[2])
                text = re.sub(r' (?:activeTab|firstSheet)="\d+"', "", text)
                part = text.replace("<workbookView", f'<workbookView activeTab="{at}"', 1).encode()
            written.writestr(name, part)


def _inked(pixels: Path) -> tuple[int, int, int, int]:
    """The part of a page that is not white: x, y, width and height, with a margin."""
    data = pixels.read_bytes()
    head = re.match(rb"P6\s(\d+) (\d+)\s255\s", data)
    assert head is not None
    width, height = int(head[1]), int(head[2])
    rows = [data[at : at + 3 * width] for at in range(head.end(), head.end() + 3 * width * height, 3 * width)]
    at = [number for number, row in enumerate(rows) if row.strip(b"\xff")]
    foot = next((number for number, above in pairwise(at[::-1]) if number - above > GAP), None)
    at = [number for number in at if foot is None or number < foot or at[-1] - foot > GAP]
    inked, top, bottom = [rows[number] for number in at], at[0], at[-1] + 1
    left = min(3 * width - len(row.lstrip(b"\xff")) for row in inked) // 3
    right = max(len(row.rstrip(b"\xff")) for row in inked) // 3
    x, y = max(left - MARGIN, 0), max(top - MARGIN, 0)
    return x, y, min(right + MARGIN, width) - x, min(bottom + MARGIN, height) - y
