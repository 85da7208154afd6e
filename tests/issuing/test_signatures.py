"""The seller's signature on a month's manifest, and so on its workbooks; and on PDFs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.issuing.house import JANUARY, Office
from xlbill.cli import main

pytest.importorskip("pyhanko", reason="the extra sign is not installed")

from tests.issuing.certificates import PASSPHRASE, Papers, papers
from xlbill.signing import SigningKey, load_key, sign_pdfs

ONE_PAGE = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>> endobj
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def signed(office: Office, house: Papers, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of January's invoices, issued and signed."""
    monkeypatch.setenv("XLBILL_CERTIFICATE_PASSWORD", PASSPHRASE)
    office.bill(JANUARY)
    done = office.issue(JANUARY, "--sign", house.house)
    assert (done.status, done.codes) == (0, [])
    return office.folder / "issued" / str(JANUARY)


def verified(folder: Path, *more: object) -> tuple[int, list[str], dict[str, dict[str, object]]]:
    done = CliRunner().invoke(main, ["verify", str(folder), *map(str, more), "--json"])
    told = json.loads(done.stdout)
    return done.exit_code, [p["code"] for p in told["problems"]], told["signatures"]


def test_a_signature_says_by_whom_and_holds(signed: Path, house: Papers) -> None:
    status, codes, signatures = verified(signed)
    assert (status, codes) == (0, [])
    assert list(signatures.values()) == [{"by": "House Ltd.", "trusted": False}]
    status, codes, signatures = verified(signed, "--certificate", house.authority)
    assert (status, codes, list(signatures.values())) == (0, [], [{"by": "House Ltd.", "trusted": True}])


def test_one_whom_nobody_vouches_for(signed: Path, tmp_path: Path) -> None:
    others = papers(tmp_path / "others", authority="Another")
    assert verified(signed, "--certificate", others.authority)[:2] == (1, ["signature-untrusted"])


@pytest.mark.parametrize("spoil", ["manifest", "signature"])
def test_what_was_changed_after_it_was_signed(signed: Path, spoil: str) -> None:
    file = signed / f"manifest-{JANUARY}.json{'.p7s' if spoil == 'signature' else ''}"
    content = bytearray(file.read_bytes())
    content[-2 if spoil == "manifest" else -5] ^= 1
    file.write_bytes(bytes(content))
    status, codes, _ = verified(signed)
    assert (status, "signature-broken" in codes) == (1, True)


def test_a_credit_note_is_on_the_manifest_that_void_signs(office: Office, signed: Path, house: Papers) -> None:
    void = ("void", "202502-00002", "--reason", "wrong price", "--on", "2025-02-03")
    assert office.run(*void, "--sign", house.house).codes == []
    assert verified(signed, "--certificate", house.authority)[:2] == (0, [])


def test_a_certificate_that_does_not_open_stops_everything_first(
    office: Office, house: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLBILL_CERTIFICATE_PASSWORD", "wrong")
    done = CliRunner().invoke(main, ["bill", str(JANUARY), "--sign", str(house.house), "-w", str(office.folder)])
    assert (done.exit_code, "certificate-unreadable" in done.stderr) == (2, True)
    assert not (office.folder / "invoices").exists()


def test_a_pdf_carries_the_signature(house: Papers, tmp_path: Path) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    file = tmp_path / "invoice.pdf"
    start = len(ONE_PAGE)
    offsets = [ONE_PAGE.index(f"{number} 0 obj".encode()) for number in (1, 2, 3)]
    table = "xref\n0 4\n0000000000 65535 f \n" + "".join(f"{at:010d} 00000 n \n" for at in offsets)
    file.write_bytes(ONE_PAGE + f"{table}trailer <</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())
    key = load_key(house.house, PASSPHRASE)
    assert isinstance(key, SigningKey)
    told: list[tuple[int, int]] = []
    assert list(sign_pdfs(key, [file], lambda done, of: told.append((done, of)))) == []
    assert told == [(1, 1)]
    with file.open("rb") as content:
        (signature,) = PdfFileReader(content).embedded_signatures
        status = validate_pdf_signature(signature, ValidationContext(trust_roots=[], allow_fetching=False))
        assert (status.intact, status.valid) == (True, True)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"no pdf")
    assert [p.code for p in sign_pdfs(key, [broken])] == ["pdf-failed"]
