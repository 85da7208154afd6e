"""Any of xlbill's files in another format: price books, accounts, usage, invoices and runs, by what stands in them.

What cannot be carried whole is not converted, and what would be lost is told.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from xlbill.audit.export import invoice_csv, invoice_json
from xlbill.audit.live import open_live
from xlbill.book import data_files
from xlbill.book.data import ACCOUNTS, Document
from xlbill.book.data_sheets import form_of
from xlbill.book.load import load_book
from xlbill.book.models_page import with_models, without_models
from xlbill.book.objects import PriceBook
from xlbill.book.offers import with_offers
from xlbill.cells import Place
from xlbill.files import content, sha256_of, written
from xlbill.inert import json_text
from xlbill.language import Language
from xlbill.manifest import manifest_name, manifests_of, read_manifest
from xlbill.problems import Problems
from xlbill.register.as_parquet import LinesFile, decimals_needed, write_lines_parquet
from xlbill.sheets import nearest, read_workbook
from xlbill.usage import table_files
from xlbill.usage.tables import UsageTable, read_usage_tables, to_long, to_wide
from xlbill.workbook.pdf import to_pdf
from xlbill.workspace import Workspace

BOOKS = (".yaml", ".yml", ".json", ".xlsx")
USAGES = (".csv", ".xlsx", ".parquet")
INVOICES = (".json", ".csv", ".pdf")
RUNS = (".parquet",)
_LINES = "lines.csv"  # with which the names of files end that hold the lines of a run
TEXT_TABLES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Request:
    """A conversion: from which file into which, how usage is laid out, and what may be left out.

    `shown` is how problems call the source.
    """

    source: Path
    target: Path
    shown: str
    layout: str | None = None
    lossy: bool = False
    language: Language = "en"


def convert_file(request: Request) -> Problems:
    """Convert a file; nothing is written where anything would be lost."""
    ending = request.source.suffix.lower()
    if request.source.is_dir() or request.source.match(manifest_name("*")):
        return _run(request)
    if ending in (*data_files.YAML, *data_files.JSON):
        return _book(request)
    if ending in (".parquet", *TEXT_TABLES):
        return _usage(request, *read_usage_tables(request.source, request.shown))
    workbook, found = read_workbook(request.source, request.shown)
    if workbook is None:
        return found
    if form_of(workbook) is not None:
        return _book(request)
    if request.target.suffix.lower() in (".pdf", ".json") or any(
        cell.formula is not None for sheet in workbook.sheets for cell in sheet.cells.values()
    ):
        return _invoice(request)
    return _usage(request, *read_usage_tables(request.source, request.shown))


def _told(code: str, request: Request, **facts: str) -> Problems:
    found = Problems()
    found.add(code, Place(request.shown), None, **facts)
    return found


def _refused(request: Request, possible: tuple[str, ...]) -> Problems | None:
    """The problem where a file of this kind has no such format."""
    ending = request.target.suffix.lower()
    if ending in possible:
        return None
    return _told(
        "format-unknown", request, found=ending or "—", nearest=nearest(ending, possible) or ", ".join(possible)
    )


def _book(request: Request) -> Problems:
    """A price book or accounts; both sides go through the grid, where formulas and figures are checked."""
    if (refused := _refused(request, BOOKS)) is not None:
        return refused
    document, found = data_files.read_document(request.source, request.shown, lossy=request.lossy)
    if document is not None:
        document = _with_pages(document, request.target)
    if document is not None:
        found += data_files.write_document(document, request.target, request.target.as_posix())
    return found


def _with_pages(document: Document, target: Path) -> Document:
    """A document with the sheets that xlbill makes itself, which are of workbooks alone."""
    workbook = target.suffix.lower() == ".xlsx"
    if document.form is ACCOUNTS:
        return with_offers(document, _books_beside(target) if workbook else ())
    return with_models(document) if workbook else without_models(document)


def _books_beside(accounts: Path) -> tuple[PriceBook, ...]:
    """The price books of the workspace in which accounts are to lie; those with errors offer nothing."""
    loaded = (load_book(path)[0] for path in Workspace(accounts.parent).books())
    return tuple(book for book in loaded if book is not None and book.sound)


def _usage(request: Request, tables: tuple[UsageTable, ...], found: Problems) -> Problems:
    if (refused := _refused(request, USAGES)) is not None:
        return refused
    ending = request.target.suffix.lower()
    if (lacking := _without_pyarrow(request)) is not None:
        return lacking
    change: Callable[[UsageTable], tuple[UsageTable, Problems]] | None
    change = {"long": to_long, "wide": to_wide}.get(request.layout or "")
    laid_out = []
    for table in tables:
        other, lost = change(table) if change is not None else (table, Problems())
        laid_out.append(other)
        found += lost
    if ending != ".xlsx" and len(laid_out) > 1:
        found.add("several-tables", Place(request.shown), sheets=", ".join(table.name for table in laid_out))
    if ending == ".xlsx":
        found += (p for table in laid_out for p in table_files.not_held(table))
    if request.lossy:
        found = Problems(p for p in found if p.code not in ("cell-not-carried", "column-not-carried"))
    if found.errors or not laid_out:
        return found
    write: dict[str, Callable[[Path], object]] = {
        ".csv": content(table_files.csv_text(laid_out[0])),
        ".xlsx": lambda path: table_files.write_xlsx(laid_out, path),
        ".parquet": lambda path: table_files.write_parquet(laid_out[0], path),
    }
    found += written(request.target, request.target.as_posix(), write[ending])
    return found


def _without_pyarrow(request: Request) -> Problems | None:
    """The problem where the target is parquet, and nothing can write it."""
    wanted = request.target.suffix.lower() == ".parquet"
    return _told("parquet-without-pyarrow", request) if wanted and find_spec("pyarrow") is None else None


def _run(request: Request) -> Problems:
    """The lines of a run, by its folder or its manifest."""
    refused = _refused(request, RUNS) or _without_pyarrow(request)
    if refused is not None:
        return refused
    files, found = _lines_of(request)
    if found.errors:
        return found
    decimals, too_long = decimals_needed(files)
    if too_long is not None and not request.lossy:
        found.tell(too_long)
        return found
    write = partial(write_lines_parquet, files, decimals)
    found += written(request.target, request.target.as_posix(), write)
    return found


def _lines_of(request: Request) -> tuple[tuple[LinesFile, ...], Problems]:
    """The files with lines that a run's manifest records; one that is not as the run wrote it is a problem."""
    manifests = manifests_of(request.source) if request.source.is_dir() else [request.source]
    files, found = [], Problems()
    for path in manifests:
        manifest, damage = read_manifest(path, path.as_posix())
        found += damage
        records = manifest.files if manifest is not None else {}
        for name in sorted(name for name in records if name.endswith(_LINES)):
            file = path.with_name(name)
            if not file.is_file() or not records[name].is_of(sha256_of(file)):
                found.add("run-file-changed", Place(file.as_posix()))
            files.append((file, file.as_posix()))
    if not files and not found.errors:
        found.add("run-without-lines", Place(request.shown))
    return tuple(files), found


def _invoice(request: Request) -> Problems:
    if (refused := _refused(request, INVOICES)) is not None:
        return refused
    ending = request.target.suffix.lower()
    if ending == ".pdf":
        return _print(request)
    live, found = open_live(request.source, request.shown)
    if live is None:
        return found
    if ending == ".csv":
        text, problem = invoice_csv(live, request.language)
        if problem is not None:
            found.tell(problem)
            return found
    else:
        values, _ = invoice_json(live, request.language)
        text = json_text(values, indent=2) + "\n"
    found += written(request.target, request.target.as_posix(), content(text))
    return found


def _print(request: Request) -> Problems:
    with tempfile.TemporaryDirectory() as folder:
        found = Problems(to_pdf([request.source], Path(folder)))
        printed = Path(folder) / request.source.with_suffix(".pdf").name
        if not found.errors and printed.exists():
            found += written(request.target, request.target.as_posix(), lambda path: shutil.copyfile(printed, path))
    return found
