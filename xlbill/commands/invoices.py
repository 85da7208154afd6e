"""Commands about finished invoices: verify, explain."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbill.cells import in_one_line
from xlbill.commands.options import (
    default_language,
    json_option,
    language_option,
    misused,
    print_problems,
    print_result,
    quiet_option,
)
from xlbill.language import Label, Language, colon, counted
from xlbill.problems import Problem, Problems, has_errors
from xlbill.terminal import say
from xlbill.workspace import WORKBOOKS, tables_in

if TYPE_CHECKING:
    from xlbill.audit.verify import Verified
    from xlbill.manifest import Manifest
    from xlbill.signing import ManifestSignature

ORIGINS = {
    "unknown": Label(
        "；旁边的校验清单不认识此文件，输入、公式、外观是否改过无从知道",
        "; no manifest knows it: whether inputs, formulas or looks were changed cannot be said",
    ),
    "untouched": Label("，文件与出账时完全相同", "; the file is just as it was written"),
    "saved again": Label(
        "，文件被重新保存过，输入、公式与外观未变",
        "; saved again since it was written, no input, formula or look changed",
    ),
    "saved again, look unknown": Label(
        "，文件被重新保存过，输入与公式未变；外观未能比较",
        "; saved again since it was written, no input or formula changed; its look could not be compared",
    ),
    "different": Label(
        "，文件与出账时不同（校验清单未记其单元格）", "; not the file as it was written (its cells are not on record)"
    ),
    "changed": Label("，文件在出账后有改动", "; changed since it was written"),
}
file_argument = click.Path(path_type=Path, exists=True, dir_okay=False)
passwords_option = click.option(
    "--password", "passwords", multiple=True, envvar="XLBILL_PASSWORD", help="What opens the file (repeatable)."
)
accounts_option = click.option(
    "--accounts", type=file_argument, help="The accounts workbook, whose passwords open its customers' invoices."
)
manifest_option = click.option(
    "--manifest",
    type=file_argument,
    help="The manifest of the run, where it does not lie beside the file.",
)


class Keys:
    """The passwords that may open a file: that of its customer in the accounts, and those that were given."""

    def __init__(self, given: Sequence[str], accounts: Path | None) -> None:
        from xlbill.accounts import load_accounts

        read = load_accounts(accounts)[0] if accounts is not None else None
        self._given = tuple(given)
        self._own = {customer.code: customer.password for customer in (read.customers if read is not None else ())}

    def of(self, file: Path, manifests: "Sequence[Manifest]") -> tuple[str, ...]:
        """The passwords to try on a file, that of its customer first."""
        records = [manifest.files[file.name] for manifest in manifests if file.name in manifest.files]
        return (*(self._own.get(record.customer, "") for record in records), *self._given)


@click.command("verify")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, exists=True))
@manifest_option
@passwords_option
@accounts_option
@click.option("--certificate", "roots", type=file_argument, help="Certificates (PEM) that vouch for who signed.")
@quiet_option
@json_option
@language_option
def verify_command(
    paths: tuple[Path, ...],
    manifest: Path | None,
    passwords: tuple[str, ...],
    accounts: Path | None,
    roots: Path | None,
    quiet: bool,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Recompute every formula of invoices (or of all in a folder), and compare with what they show and held."""
    from xlbill.audit.verify import verify
    from xlbill.commands.progress import VERIFYING, progress, tracked
    from xlbill.manifest import manifests_of, read_manifests
    from xlbill.workbook.protection import readable

    language = lang or default_language()
    files = list(dict.fromkeys(file for path in paths for file in tables_in(path, WORKBOOKS)))
    if not files:
        said = Label("{paths} 中没有工作簿", "no workbooks in {paths}")
        raise misused(said, paths=", ".join(map(str, paths)))
    folders = dict.fromkeys(file.parent for file in files)
    known = {folder: read_manifests([manifest] if manifest else manifests_of(folder)) for folder in folders}
    with progress(VERIFYING, language, quiet) as watch:
        keys = Keys(passwords, accounts)
        results = {}
        for file in tracked(files, watch):
            manifests = known[file.parent][0]
            with readable(file, keys.of(file, manifests)) as copy:
                results[file] = verify(copy, str(file), manifests)
    signed, told = _signatures(
        [manifest] if manifest else [m for folder in folders for m in manifests_of(folder)], roots
    )
    problems = list(dict.fromkeys([*(p for _, damaged in known.values() for p in damaged), *told]))
    problems += [p for result in results.values() for p in (result if isinstance(result, tuple) else result.problems)]
    if as_json:
        files_told = {str(file): _result_json(result) for file, result in results.items()}
        signers = {str(path): {"by": s.name, "trusted": s.trusted} for path, s in signed.items()}
        print_result({"files": files_told, "signatures": signers}, problems, language)
    else:
        print_problems(problems, language)
    if not as_json and not quiet:
        for file, result in results.items():
            say(in_one_line(_result_text(file, result, language)))
        for path, signature in signed.items():
            say(in_one_line(_signature_text(path, signature, language)))
    unread = any(isinstance(result, tuple) for result in results.values())
    sys.exit(2 if unread else 1 if has_errors(problems) else 0)


def _signatures(manifests: Sequence[Path], roots: Path | None) -> "tuple[dict[Path, ManifestSignature], Problems]":
    """The signatures of those manifests that have one, and what is wrong with others."""
    from xlbill.signing import check_signature, signature_of

    signed: dict[Path, ManifestSignature] = {}
    found = Problems()
    for path in manifests:
        if signature_of(path).is_file():
            signature, told = check_signature(path, str(path), roots)
            found += told
            signed |= {path: signature} if signature is not None else {}
    return signed, found


def _signature_text(path: Path, signature: "ManifestSignature", language: Language) -> str:
    """One line for a signature that holds: whose it is, of when, and whether a known certificate vouches for it."""
    at = f" {signature.at:%Y-%m-%d %H:%M}" if signature.at is not None else ""
    by = Label(f"由 {signature.name}{at} 签名", f"signed by {signature.name}{at}")
    known = Label("，证书可信", ", whose certificate is vouched for")
    unknown = Label("；未与已知证书核对（--certificate）", "; not held against a known certificate (--certificate)")
    return f"✓ {path}{colon(language)}{by.text(language)}{(known if signature.trusted else unknown).text(language)}"


def _result_text(file: Path, result: "Verified | tuple[Problem, ...]", language: Language) -> str:
    """One line for a file: whether it holds, and what it is to the manifest of its run."""
    if isinstance(result, tuple):
        return f"✗ {file}{colon(language)}" + Label("无法读取", "cannot be read").text(language)
    wrong = sum(p.severity == "error" for p in result.problems)
    holds = Label(
        f"{result.formulas} 个公式全部一致",
        f"{'' if result.formulas == 1 else 'all '}{counted(result.formulas, 'formula holds|formulas hold')}",
    )
    differs = Label(
        f"{result.formulas} 个公式，{wrong} 处不符",
        f"{counted(result.formulas, 'formula|formulas')}, {counted(wrong, 'difference|differences')}",
    )
    said = (holds if result.holds else differs).text(language) + ORIGINS[result.origin.value].text(language)
    return f"{'✓' if result.holds else '✗'} {file}{colon(language)}{said}"


def _result_json(result: "Verified | tuple[Problem, ...]") -> dict[str, object]:
    if isinstance(result, tuple):
        return {"read": False}
    return {"read": True, "formulas": result.formulas, "holds": result.holds, "origin": result.origin.value}


@click.command("explain")
@click.argument("file", type=file_argument)
@click.argument("wanted", required=False, metavar="[CELL|LINE]")
@manifest_option
@passwords_option
@accounts_option
@json_option
@language_option
def explain_command(
    file: Path,
    wanted: str | None,
    manifest: Path | None,
    passwords: tuple[str, ...],
    accounts: Path | None,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Say how a figure comes about: the total, a CELL (I22, 'Sheet 1'!B5), or a LINE by number or title."""
    from xlbill.audit.explain import Explained, explain
    from xlbill.audit.explain_text import explanation_text, step_json
    from xlbill.audit.live import open_live
    from xlbill.files import sha256_of
    from xlbill.manifest import manifests_of, read_manifests, record_in
    from xlbill.workbook.protection import readable

    language = lang or default_language()
    manifests, damaged = read_manifests([manifest] if manifest else manifests_of(file.parent))
    with readable(file, Keys(passwords, accounts).of(file, manifests)) as copy:
        live, problems = open_live(copy, str(file))
    problems += damaged
    record = record_in(file.name, sha256_of(file), manifests)
    explained = explain(live, wanted, record, language) if live is not None else None
    if live is None or not isinstance(explained, Explained):
        told = [*problems, *([explained] if isinstance(explained, Problem) else [])]
        print_result({"steps": [], "lines": []}, told, language) if as_json else print_problems(told, language)
        sys.exit(2)
    if as_json:
        steps, lines = ([step_json(s, live, language) for s in part] for part in (explained.steps, explained.lines))
        print_result({"steps": steps, "lines": lines}, problems, language)
    else:
        say(explanation_text(explained, live, language))
