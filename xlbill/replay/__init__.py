"""A run made again from its manifest, byte for byte: `xlbill bill --replay manifest-2026-04.json`.

`inputs` finds what the run was made from by the hashes that the manifest keeps, wherever it lies by now; `again` makes
every file anew from it, and says which come out as they were.
"""

from xlbill.replay.again import Replayed, replay

__all__ = ["Replayed", "replay"]
