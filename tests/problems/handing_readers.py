"""Culprits of what leaves the house: passwords, certificates, signatures."""

import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.issuing.house import JANUARY, SHEETS, office_in
from tests.problems.readers import Reader
from tests.workbooks import write_workbook
from xlbill.cluster import connected
from xlbill.commands.handing_out import hand_out
from xlbill.problems import Problem
from xlbill.run import bill_month
from xlbill.signing import check_signature, load_key, sign_manifest, signature_of
from xlbill.workspace import Workspace

CUSTOMERS = "| code | name | file password |\n| C1 | One | secret |\n| C2 | Two | |\n| C3 | Three | |\n"
SECRET = {**SHEETS, "Customers": CUSTOMERS}
NOW = datetime(2025, 2, 1, 9, tzinfo=UTC)
MANIFEST = "manifest-2025-01.json"


def _place(folder: str) -> Workspace:
    place = Workspace(office_in(Path(folder) / "w").folder)
    write_workbook(place.accounts, SECRET)
    return place


def _billed(password: str, around: Callable[[], AbstractContextManager[object]] = nullcontext) -> Reader:
    def read(files: list[Path]) -> list[Problem]:
        with tempfile.TemporaryDirectory() as folder, around():
            _, found = bill_month(_place(folder), JANUARY, ("C1",), password=password)
            return [p for p in found if p.code.startswith("password")]

    return read


def _too_long(files: list[Path]) -> list[Problem]:
    with tempfile.TemporaryDirectory() as folder:
        place = _place(folder)
        _, found = bill_month(place, JANUARY, ("C2",), password="x" * 256)
        return [p for p in found if p.code.startswith("password")]


def _sealed_pdf(files: list[Path]) -> list[Problem]:
    with tempfile.TemporaryDirectory() as folder:
        place = _place(folder)
        result, _ = bill_month(place, JANUARY, ("C2",))
        assert result is not None
        (billed,) = result.billed
        locked = replace(billed, record=replace(billed.record, content="0" * 64))
        manifest = place.invoices(JANUARY) / MANIFEST
        return list(hand_out(place, [locked], manifest, NOW, pdf=True, key=None, language="en", quiet=True))


def _signed(spoil: Callable[[Path], Path | None], around: Callable[[], AbstractContextManager[object]]) -> Reader:
    """A manifest that was signed, what somebody did to it, and the certificates that it is held against."""

    def read(files: list[Path]) -> list[Problem]:
        pytest.importorskip("pyhanko", reason="the extra sign is not installed")
        from tests.issuing.certificates import PASSPHRASE, papers

        with tempfile.TemporaryDirectory() as folder:
            manifest = Path(folder) / MANIFEST
            manifest.write_text("{}", encoding="utf-8")
            key = load_key(papers(Path(folder) / "papers").house, PASSPHRASE)
            assert not isinstance(key, Problem)
            assert not sign_manifest(key, manifest, manifest.name, NOW)
            roots = spoil(manifest)
            with around():
                return list(check_signature(manifest, manifest.name, roots)[1])

    return read


def _changed(manifest: Path) -> None:
    manifest.write_text("{ }", encoding="utf-8")


def _others(manifest: Path) -> Path:
    from tests.issuing.certificates import papers

    return papers(manifest.parent / "others", authority="Another").authority


def _unchecked(files: list[Path]) -> list[Problem]:
    with tempfile.TemporaryDirectory() as folder, _not_installed():
        manifest = Path(folder) / MANIFEST
        signature_of(manifest).write_bytes(b"")
        return list(check_signature(manifest, manifest.name, None)[1])


def _key(around: Callable[[], AbstractContextManager[object]]) -> Reader:
    def read(files: list[Path]) -> list[Problem]:
        with tempfile.TemporaryDirectory() as folder, around():
            if around is nullcontext:
                pytest.importorskip("pyhanko", reason="the extra sign is not installed")
            path = Path(folder) / "house.p12"
            path.write_bytes(b"no certificate")
            key = load_key(path, "")
            assert isinstance(key, Problem)
            return [replace(key, place=replace(key.place, file=path.name))]

    return read


def _not_installed() -> AbstractContextManager[object]:
    return patch("xlbill.signing._installed", lambda: False)


def _cannot_seal() -> AbstractContextManager[object]:
    return patch("xlbill.run.can_seal", lambda: False)


def _without_dask(files: list[Path]) -> list[Problem]:
    """As where the extra is missing: the module cannot be imported."""
    with patch.dict(sys.modules, {"distributed": None}):
        told = connected("dask://10.0.0.7:8786", "0.2.0")
    assert isinstance(told, Problem)
    return [told]


HANDING_READERS: dict[str, Reader] = {
    f"handing.{code}": reader
    for code, reader in {
        "password-unavailable": _billed("", _cannot_seal),
        "password-too-long": _too_long,
        "executor-unusable": _without_dask,
        "pdf-of-sealed": _sealed_pdf,
        "sign-unavailable": _key(_not_installed),
        "certificate-unreadable": _key(nullcontext),
        "signature-broken": _signed(_changed, nullcontext),  # type: ignore[arg-type]
        "signature-untrusted": _signed(_others, nullcontext),
        "signature-unchecked": _unchecked,
    }.items()
}
