"""A cell means the same in xls, xlsb and ods as in xlsx: percentages, spans of time, days, errors, what is hidden."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases import cases
from tests.problems.readers import APPS, METERS
from tests.sheets.other_formats import ERRORS, WRITERS, Content, Number, Rows, xlsx
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.sheets import read_workbook
from xlbill.usage import read_usage

SPANS = st.integers(0, 9_000_000).map(lambda seconds: Number(seconds / 86_400, "[h]:mm:ss"))
FIGURES = st.one_of(st.integers(-(10**9), 10**9).map(float), st.floats(-1e6, 1e6).map(lambda x: round(x, 6)))
PLAIN = st.sampled_from(["General", "0.00", "0%", "0.0%", "#,##0.00", '"about" 0', "0.00%;[Red]-0.00%"])
CONTENTS = st.one_of(
    st.none(),
    st.sampled_from(["shop-1", "10%", "1,234", "2026-04-01"]),
    st.booleans(),
    st.sampled_from(sorted(ERRORS)),
    st.builds(Number, FIGURES, PLAIN),
    SPANS,
)
DAYS = st.builds(Number, st.integers(1, 80_000).map(float), st.sampled_from(["yyyy-mm-dd", "d/m/yy", "mmm yy"]))
"""Days are written as text in ods, and are left out there."""


def meant(path: Path) -> dict[str, object]:
    """What each cell of a file means, and how a percentage is shown."""
    workbook, found = read_workbook(path, path.name)
    assert workbook is not None, found
    (sheet,) = workbook.sheets
    cells = {str(cell.place.cell): cell for cell in sheet.cells.values()}
    values: dict[str, object] = {
        at: (cell.value, cell.shown if cell.shown.endswith("%") else "") for at, cell in cells.items()
    }
    return {**values, "hidden rows": sheet.hidden_rows}


def table(rows: Rows) -> Rows:
    """Rows with something in the last cell of the first, so that no file is empty."""
    return [[*rows[0], "end"], *rows[1:]]


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=cases(6, 300), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_cells_mean_the_same_in_every_format(kind: str, tmp_path: Path, data: st.DataObject) -> None:
    contents: st.SearchStrategy[Content] = CONTENTS if kind == "ods" else CONTENTS | DAYS
    rows = table(data.draw(st.lists(st.lists(contents, min_size=1, max_size=6), min_size=1, max_size=6)))
    hidden = [number for number in data.draw(st.sets(st.integers(1, len(rows)))) if any(rows[number - 1])]
    other = WRITERS[kind](tmp_path / f"a.{kind}", rows, hidden)
    assert meant(other) == meant(xlsx(tmp_path / "a.xlsx", rows, hidden))


TABLE: Rows = [
    ["app", "date", "meter", "quantity"],
    ["shop-1", "2026-04-01", "rtc", Number(5.0)],
    ["shop-1", "2026-04-02", "rtc", Number(0.1, "0%")],
    ["shop-1", "2026-04-03", "rtc", "#N/A"],
    ["shop-1", "2026-04-04", "rtc", Number(100 / 24, "[h]:mm:ss")],
]


def told(path: Path) -> list[tuple[str, str | None]]:
    found: Problems = read_usage([(path, path.name)], Month(2026, 4), APPS, METERS)[1]
    return [(problem.code, problem.place.cell) for problem in found]


@pytest.mark.parametrize("kind", WRITERS)
def test_quantities_that_are_none_are_told_in_every_format(kind: str, tmp_path: Path) -> None:
    expected = told(xlsx(tmp_path / "usage.xlsx", TABLE))
    assert {cell for _, cell in expected} == {"D3", "D4", "D5"}
    assert told(WRITERS[kind](tmp_path / f"usage.{kind}", TABLE, [])) == expected


@pytest.mark.parametrize("kind", ["xlsx", *WRITERS])
def test_a_table_that_stands_in_the_middle_is_told_where_it_stands(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlbill.sheets.stream.LARGE", 0)
    rows = [[], [], *([None, None, None, *row] for row in [*TABLE[:2], ["shop-1", "2026-04-02", "rtc", "five"]])]
    path = tmp_path / f"usage.{kind}"
    (WRITERS[kind] if kind != "xlsx" else xlsx)(path, rows, [])
    assert told(path) == [("not-a-number", "G5")]


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_what_libreoffice_writes(kind: str, tmp_path: Path) -> None:
    rows = [*TABLE, [None, None, Number(0.105, "0.0%"), Number(46113, "yyyy-mm-dd"), Number(0.25, "h:mm"), True]]
    path = xlsx(tmp_path / "a.xlsx", rows, [2])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(path)],
        check=True,
        capture_output=True,
    )
    expected = meant(path)
    assert meant(tmp_path / f"a.{kind}") == expected | ({"F6": (1, "")} if kind == "ods" else {})
