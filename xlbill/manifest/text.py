"""The manifest's file: JSON, one line for each input and each file: easy to search, to compare and to cut."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import dropwhile
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from xlbill.cells import Place
from xlbill.inert import json_text
from xlbill.language import Label
from xlbill.manifest.record import FileRecord, Manifest
from xlbill.manifest.short import (
    ShortRecord,
    Source,
    Tables,
    in_short,
    long_cells,
    long_trace,
    numbered_cells,
    repeated,
    short_trace,
)
from xlbill.periods import Month
from xlbill.problems import Problems, problem
from xlbill.sheets.names import is_file_name


def manifest_name(month: Month | Literal["*"]) -> str:
    """The file name of a month's manifest, manifest-2026-04.json; of all months with a star."""
    return f"manifest-{month}.json"


def manifest_text(manifest: Manifest) -> str:
    """A manifest as text; the same records always give the same one, in whatever order they were made."""
    return "".join(_pieces(manifest, {}))


def write_manifest(manifest: Manifest, path: Path, short: Mapping[str, ShortRecord] = MappingProxyType({})) -> None:
    """The same into a file, with more files whose records are `short` already.

    These are asked for one by one and not kept: they may lie on disk.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_pieces(manifest, short))


def _pieces(manifest: Manifest, short: Mapping[str, ShortRecord]) -> Iterator[str]:
    def record(name: str) -> ShortRecord:
        return short[name] if name in short else in_short(manifest.files[name])

    names = sorted({*manifest.files, *short})
    texts, tables = repeated(map(record, names)), Tables()
    parts: dict[str, Iterable[str]] = {
        "period": [_json(manifest.period)],
        **({"ledger": [_json(manifest.ledger)]} if manifest.ledger else {}),
        "inputs": _lines(sorted(manifest.inputs.items())),
        "files": _lines((name, _entry_json(record(name), texts, tables)) for name in names),
        "labels": _items([label.zh, label.en] for label in tables.labels.entries),  # once all files have said theirs
        "sources": _items(list(source) for source in tables.sources.entries),
        "texts": _items(texts),
    }
    for number, (name, pieces) in enumerate(parts.items()):
        yield f"{',' if number else '{'}\n{_json(name)}: "
        yield from pieces
    yield "\n}\n"


def _lines(entries: Iterable[tuple[str, Any]]) -> Iterator[str]:
    yield from _within("{}", (f"{_json(name)}: {_json(entry)}" for name, entry in entries))


def _items(entries: Iterable[Any]) -> Iterator[str]:
    yield from _within("[]", map(_json, entries))


def _within(brackets: str, entries: Iterable[str]) -> Iterator[str]:
    yield brackets[0]
    yield from (f"{',' if number else ''}\n{entry}" for number, entry in enumerate(entries))
    yield f"\n{brackets[1]}"


def _entry_json(record: ShortRecord, texts: Mapping[str, int], tables: Tables) -> dict[str, Any]:
    head = record.head
    entry = {
        "sha256": head.sha256,
        "customer": head.customer,
        "currency": head.currency,
        "total": head.total,
        "cells": numbered_cells(record.cells, texts),
        "trace": short_trace(record.trace, tables),
        "look": dict(head.look),
        "checked": head.checked,
        "content": head.content,
    }
    return {name: value for name, value in entry.items() if value}


def _json(value: object) -> str:
    return json_text(value, compact=True)


# --- reading -------------------------------------------------------------------------------------------------------


def read_manifest(path: Path, shown_as: str | None = None) -> tuple[Manifest | None, Problems]:
    """The manifest of a file, or None and the problem where somebody has damaged it."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        texts = [_text(text) for text in content.get("texts", ())]
        labels = [Label(_text(zh), _text(en)) for zh, en in content.get("labels", ())]
        sources = [(_text_or_none(file), _text_or_none(sheet)) for file, sheet in content.get("sources", ())]
        files = {name: _entry(name, entry, texts, labels, sources) for name, entry in content["files"].items()}
        ledger = _text(content.get("ledger", ""))
        return Manifest(_text(content["period"]), _texts(content["inputs"]), files, ledger), Problems()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None, Problems([problem("manifest-damaged", Place(shown_as or str(path)))])


def read_heads(path: Path, shown_as: str | None = None) -> tuple[Manifest | None, Problems]:
    """A manifest whose files are their heads alone: hashes, customers, totals, without cells, traces and looks.

    It is read line by line, so that ten thousand invoices are never in memory together; one that somebody has laid out
    otherwise is read whole.
    """
    head = manifest_head(path)
    try:
        with path.open(encoding="utf-8") as file:
            files = dict(_heads(file))
        return Manifest(head["period"], head["inputs"], files, _text(head["ledger"])), Problems()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return read_manifest(path, shown_as)


def _heads(lines: Iterable[str]) -> Iterator[tuple[str, FileRecord]]:
    """The heads of the files in a manifest as it is written: a line for each, between the lines around them."""
    entries = dropwhile(lambda line: line.rstrip() != '"files": {', lines)
    next(entries, None)
    for line in entries:
        if line.startswith("}"):
            return
        ((name, entry),) = json.loads("{" + line.rstrip().removesuffix(",") + "}").items()
        yield name, _head(name, entry)
    raise ValueError("the files do not end")


def manifest_head(path: Path) -> dict[str, Any]:
    """What stands in a manifest above its files: period, ledger, inputs; nothing where there is none, or it is damaged.

    The cells of ten thousand invoices below are not read.
    """
    head: list[str] = []
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                if line.startswith('"files":'):
                    break
                head.append(line)
        parts = json.loads("".join(head).rstrip().rstrip(",") + "}")
        return {"period": _text(parts["period"]), "inputs": _texts(parts["inputs"]), "ledger": parts.get("ledger", "")}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def manifests_of(folder: Path) -> list[Path]:
    """The manifests that lie in a folder with invoices."""
    return sorted(folder.glob(manifest_name("*")))


def read_manifests(paths: Iterable[Path]) -> tuple[list[Manifest], Problems]:
    """Some manifests; a damaged one is a problem and is left out."""
    read = [read_manifest(path) for path in paths]
    found = Problems(problem for _, damage in read for problem in damage)
    return [manifest for manifest, _ in read if manifest is not None], found


def _entry(
    name: str, entry: Mapping[str, Any], texts: Sequence[str], labels: Sequence[Label], sources: Sequence[Source]
) -> FileRecord:
    return replace(
        _head(name, entry),
        cells=long_cells(entry.get("cells", {}), texts),
        trace=long_trace(entry.get("trace", {}), labels, sources),
        look=_texts(entry.get("look", {})),
    )


def _head(name: str, entry: Mapping[str, Any]) -> FileRecord:
    """A file's record without what stands in it; it lies beside the manifest, under a name and nothing else."""
    if not is_file_name(name):
        raise ValueError(f"not the name of a file: {name!r:.60}")
    customer, currency, total = (_text(entry.get(key, "")) for key in ("customer", "currency", "total"))
    checked, inside = entry.get("checked", False) is True, _text(entry.get("content", ""))
    return FileRecord(name, _text(entry["sha256"]), customer, currency, total, checked=checked, content=inside)


def _texts(entries: Mapping[str, Any]) -> dict[str, str]:
    return {_text(name): _text(value) for name, value in entries.items()}


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value
