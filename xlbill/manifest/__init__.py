"""The manifest of a month: what each invoice held when it was written, and which inputs it was made from.

`manifest-2026-04.json` lies beside the invoices. It keeps every cell as somebody would type it (`=ROUND(G22*E6,2)`,
`15000`, `'Professional`), so that `xlbill verify` can say later which input or formula was changed, and from what;
where each figure came from, so that `xlbill explain` ends at the price book and the usage sheet; and digests of what
a reader sees. Values need no place in it: they follow from inputs and formulas. It knows no clock: a rerun gives the
same bytes. It guards against mistakes, not against forgers: whoever can write the invoice can write the manifest.
"""

from xlbill.manifest.make import invoice_record, record_as_filed, record_in, record_of, sealed_record
from xlbill.manifest.record import FileRecord, Manifest
from xlbill.manifest.short import ShortRecord, in_short
from xlbill.manifest.text import (
    manifest_head,
    manifest_name,
    manifest_text,
    manifests_of,
    read_heads,
    read_manifest,
    read_manifests,
    write_manifest,
)

__all__ = [
    "FileRecord",
    "Manifest",
    "ShortRecord",
    "in_short",
    "invoice_record",
    "manifest_head",
    "manifest_name",
    "manifest_text",
    "manifests_of",
    "read_heads",
    "read_manifest",
    "read_manifests",
    "record_as_filed",
    "record_in",
    "record_of",
    "sealed_record",
    "write_manifest",
]
