"""What leaves the house besides workbooks: PDFs, and the seller's signature on these and on the manifest."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbill.cells import Place
from xlbill.commands.options import print_problems
from xlbill.commands.progress import PRINTING, SIGNING, progress
from xlbill.language import Label, Language
from xlbill.problems import Problem, Problems, problem
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.billed import Billed
    from xlbill.signing import SigningKey

PASSPHRASE = "XLBILL_CERTIFICATE_PASSWORD"
ASKED = Label("证书密码", "Password of the certificate")


def opened_key(certificate: Path | None, language: Language) -> "SigningKey | None":
    """The key of a certificate, opened before anything is written; ends the command where it does not open."""
    if certificate is None:
        return None
    from xlbill.signing import load_key

    passphrase = os.environ.get(PASSPHRASE)
    if passphrase is None and sys.stdin.isatty():
        passphrase = click.prompt(ASKED.text(language), hide_input=True, default="", show_default=False, err=True)
    key = load_key(certificate, passphrase or "")
    if isinstance(key, Problem):
        print_problems([key], language)
        sys.exit(2)
    return key


def hand_out(
    workspace: Workspace,
    billed: "Sequence[Billed]",
    manifest: Path,
    at: datetime,
    *,
    pdf: bool,
    key: "SigningKey | None",
    language: Language,
    quiet: bool,
) -> Problems:
    """Print invoices to PDF beside them, and sign these and the manifest; what could not be done is told."""
    found = Problems()
    if not pdf and key is None:
        return found
    written = [(each.file, bool(each.record.content)) for each in billed]
    files = [file for file, sealed in written if not sealed]
    found += [problem("pdf-of-sealed", Place(workspace.shown(file))) for file, sealed in written if sealed and pdf]
    if pdf and files:
        from xlbill.workbook.pdf import to_pdf

        with progress(PRINTING, language, quiet) as watch:
            found += to_pdf(files, files[0].parent, watch)
    if key is not None:
        from xlbill.signing import sign_manifest, sign_pdfs

        printed = [path for file in files if (path := file.with_suffix(".pdf")).is_file()] if pdf else []
        with progress(SIGNING, language, quiet) as watch:
            found += sign_pdfs(key, printed, watch)
        found += sign_manifest(key, manifest, workspace.shown(manifest), at) if manifest.is_file() else ()
    return found
