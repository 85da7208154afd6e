"""Certificates made for a test: an authority, and a house that it vouches for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "open sesame"


@dataclass(frozen=True)
class Papers:
    """A certificate with its key (.p12), and that of the authority which vouches for it (PEM)."""

    house: Path
    authority: Path


def papers(folder: Path, authority: str = "Authority", house: str = "House Ltd.") -> Papers:
    """A house's papers in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(authority, authority, root_key, root_key, is_authority=True)
    own = _certificate(house, authority, key, root_key, is_authority=False)
    kept = pkcs12.serialize_key_and_certificates(
        b"house", key, own, [root], BestAvailableEncryption(PASSPHRASE.encode())
    )
    made = Papers(folder / "house.p12", folder / "authority.pem")
    made.house.write_bytes(kept)
    made.authority.write_bytes(root.public_bytes(Encoding.PEM))
    return made


def _certificate(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    since = datetime.now(UTC) - timedelta(days=1)
    signs = x509.KeyUsage(
        not is_authority, not is_authority, False, False, False, is_authority, is_authority, False, False
    )
    return (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=365))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .sign(by, hashes.SHA256())
    )
