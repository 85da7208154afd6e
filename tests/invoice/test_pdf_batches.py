"""Many invoices are printed some at a time: each lies where it belongs, and how many are done is told."""

from pathlib import Path

import pytest

from xlbill.workbook import pdf

PRINTER = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
mkdir -p "$2"; out=$2; shift 2
for file; do
  case $file in *broken*) continue;; esac
  echo "%PDF of $file" > "$out/$(basename "$file" .xlsx).pdf"
done
echo printed
"""


def test_each_batch_is_printed_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(PRINTER, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(pdf, "AT_ONCE", 2)
    files = [tmp_path / f"{name}.xlsx" for name in ("a", "b", "broken", "c", "d")]
    for file in files:
        file.touch()
    told: list[tuple[int, int]] = []
    found = pdf.to_pdf(files, tmp_path / "out", lambda done, of: told.append((done, of)))
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["a.pdf", "b.pdf", "c.pdf", "d.pdf"]
    assert [(p.code, Path(str(p.place)).name) for p in found] == [("pdf-failed", "broken.xlsx")]
    assert told == [(2, 5), (4, 5), (5, 5)]
