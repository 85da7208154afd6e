"""`xlbill bill --replay`: a run made again, and whether each of its files came out as it was."""

import sys
from pathlib import Path
from typing import NoReturn

from xlbill.commands.options import print_problems, print_result
from xlbill.commands.progress import BILLING, progress
from xlbill.language import Label, Language
from xlbill.terminal import say
from xlbill.workspace import Workspace


def run_again(
    workspace: Workspace, manifest: Path, out: Path | None, jobs: int, as_json: bool, quiet: bool, language: Language
) -> NoReturn:
    """Make the run of a manifest again, and end: with 0 where every byte is the same."""
    from xlbill.replay import replay

    with progress(BILLING, language, quiet) as watch:
        replayed, problems = replay(workspace, manifest, out, processes=jobs, watch=watch)
    if as_json:
        same, different = (replayed.same, replayed.different) if replayed is not None else ((), ())
        period = str(replayed.month) if replayed is not None else None
        print_result({"period": period, "same": list(same), "different": list(different)}, problems, language)
    else:
        print_problems(problems, language)
    if replayed is not None and not as_json and not quiet:
        alike, others = f"{len(replayed.same):,}", f"{len(replayed.different):,}"
        words = f"{alike} 个文件逐字节相同，{others} 个不同", f"{alike} files are the same to the byte, {others} differ"
        say(Label(*words).text(language))
        if out is not None:
            say(str(out))
    sys.exit(2 if replayed is None else 1 if replayed.different else 0)
