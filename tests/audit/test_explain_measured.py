"""A figure is explained down to the samples, the record and the band that it comes from."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.examples.run import examples, workspace
from xlbill.cli import main

WAYS = {
    "a level by how long it held": (
        "methods.md",
        "Time-weighted",
        "Held",
        ("÷ 43,200", "Held hot", "Held for = 720"),
    ),
    "records": ("records.md", "Calls rounded", "Payment fees", ("Payment fees (5 cells)", "Usage!")),
    "usage measured twice": ("taken.md", "A fee for each", "Busiest day", ("MAX(Paid (2 cells))", "SUM(9,000, 20)")),
    "the year so far": ("years.md", "A ladder", "Energy", ("so far", "MIN(")),
    "what rolled over": ("rollovers.md", "A plan that changes", "Words", ("included", "quota")),
}


@pytest.mark.parametrize(("file", "title", "line", "said"), WAYS.values(), ids=WAYS)
def test_a_figure_is_explained(tmp_path: Path, file: str, title: str, line: str, said: tuple[str, ...]) -> None:
    example = next(e for e in examples() if e.file == file and e.title.startswith(title))
    month = example.expected[0].month
    place = workspace(example, tmp_path)
    billed = CliRunner().invoke(main, ["bill", str(month), "-w", str(place.root), "--lang", "en"])
    (invoice,) = (place.root / "invoices" / str(month)).glob("C1*.xlsx")
    explained = CliRunner().invoke(main, ["explain", str(invoice), line, "--lang", "en"], catch_exceptions=False)
    assert explained.exit_code == 0, billed.output + explained.output
    told = explained.output.casefold()
    assert [word for word in said if word.casefold() not in told] == [], explained.output
