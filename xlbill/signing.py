"""Signatures with the seller's certificate: of a month's manifest, in a file beside it, and in PDFs, by pyHanko.

A manifest has the hash of every file of its month, so its signature vouches for the workbooks. It is a detached CMS
signature (RFC 5652, DER) in `manifest-2026-04.json.p7s`, which other programs check as well:

    openssl cms -verify -inform DER -binary -purpose any -in manifest-2026-04.json.p7s \\
        -content manifest-2026-04.json -CAfile seller.pem -out /dev/null
"""

import asyncio
import io
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlbill.cells import Place
from xlbill.files import written
from xlbill.problems import Problem, Problems, problem
from xlbill.refusals import why

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

ENDING = ".p7s"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A certificate with its key, and the name that it is made out to."""

    name: str
    signer: "SimpleSigner" = field(repr=False)


@dataclass(frozen=True, slots=True)
class ManifestSignature:
    """A signature that holds: by whom, when by the signer's own clock, and whether a known certificate vouches."""

    name: str
    at: datetime | None
    trusted: bool


def load_key(path: Path, passphrase: str) -> SigningKey | Problem:
    """The certificate and key of a PKCS#12 file (.p12, .pfx), or why they cannot be used."""
    if not _installed():
        return problem("sign-unavailable", Place(path.as_posix()))
    from pyhanko.sign.signers import SimpleSigner

    with _quiet():
        try:
            signer = SimpleSigner.load_pkcs12_data(path.read_bytes(), [], passphrase.encode() or None)
        except (OSError, ValueError):
            signer = None
    if signer is None or signer.signing_cert is None:
        return problem("certificate-unreadable", Place(path.as_posix()))
    return SigningKey(_name(signer.signing_cert), signer)


def sign_manifest(key: SigningKey, manifest: Path, shown: str, at: datetime) -> Problems:
    """Sign a manifest as it lies there; the signature lies beside it."""
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    attributes = PdfCMSSignedAttributes(signing_time=at)
    signing = key.signer.async_sign_general_data(manifest.read_bytes(), "sha256", signed_attr_settings=attributes)
    content = asyncio.run(signing).dump()
    return written(signature_of(manifest), f"{shown}{ENDING}", lambda path: path.write_bytes(content))


def sign_pdfs(
    key: SigningKey, files: Sequence[Path], watch: Callable[[int, int], object] = lambda done, of: None
) -> Problems:
    """Put a signature into each PDF; one that cannot be signed is a problem, and stays as it is.

    `watch` is told how many of all are done.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

    found = Problems()
    meta = PdfSignatureMetadata(field_name="Seller", md_algorithm="sha256", name=key.name)
    for number, file in enumerate(files, start=1):
        watch(number, len(files))
        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(file.read_bytes()))
            content = sign_pdf(writer, meta, signer=key.signer).getvalue()
        except (PdfError, ValueError) as error:
            found.add("pdf-failed", Place(file.as_posix()), found=why(error))
            continue
        found += written(file, file.as_posix(), lambda path, content=content: path.write_bytes(content))  # type: ignore[misc]
    return found


def signature_of(manifest: Path) -> Path:
    """Where the signature of a manifest lies."""
    return manifest.with_name(f"{manifest.name}{ENDING}")


def check_signature(manifest: Path, shown: str, roots: Path | None) -> tuple[ManifestSignature | None, Problems]:
    """The signature of a manifest that has one; none, and why, where it does not hold.

    `roots` are certificates (PEM) that are trusted to vouch for the signer: the seller's own, or its authority's.
    """
    place, file = Place(f"{shown}{ENDING}"), signature_of(manifest)
    if not _installed():
        return None, Problems([problem("signature-unchecked", place)])
    try:
        status = _status(manifest.read_bytes(), file.read_bytes(), roots)
    except (OSError, ValueError, TypeError, KeyError):
        return None, Problems([problem("signature-broken", place)])
    if not (status.intact and status.valid):
        return None, Problems([problem("signature-broken", place)])
    name, found = _name(status.signing_cert), Problems()
    if roots is not None and not status.trusted:
        found.add("signature-untrusted", place, found=name)
    return ManifestSignature(name, status.signer_reported_dt, bool(status.trusted)), found


def _status(content: bytes, signature: bytes, roots: Path | None) -> Any:
    from asn1crypto import cms, pem, x509
    from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
    from pyhanko_certvalidator import ValidationContext

    given = pem.unarmor(roots.read_bytes(), multiple=True) if roots is not None else ()
    trusted = [x509.Certificate.load(der) for _, _, der in given]
    context = ValidationContext(trust_roots=trusted, allow_fetching=False)
    signed = cms.ContentInfo.load(signature)["content"]
    with _quiet():
        return asyncio.run(async_validate_detached_cms(content, signed, signer_validation_context=context))


def _name(certificate: Any) -> str:
    """Whom a certificate is made out to."""
    subject = certificate.subject.native
    return str(subject.get("common_name") or certificate.subject.human_friendly)


def _installed() -> bool:
    return find_spec("pyhanko") is not None


@contextmanager
def _quiet() -> Iterator[None]:
    """While a check runs: what it would log of certificates that lead nowhere is just what it is asked."""
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    nothing = logging.NullHandler()
    for logger in loggers:
        logger.addHandler(nothing)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(nothing)
            logger.propagate = True
