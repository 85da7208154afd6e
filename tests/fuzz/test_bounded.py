"""What a fuzzer finds ends it with 1, and lies where it is tried for ever."""

from pathlib import Path

import pytest

from tests.fuzz import bounded
from tests.fuzz.bounded import Case, kept, run

SOUND = Case("1", {"accounts.xlsx": b"sound"})
HARMFUL = Case("2", {"usage/2026-04/a.csv": b"harm\n", "ledger.sqlite": b"\x00"}, "rows were lost", "bill 2026-04")


def test_what_is_found_is_kept_as_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bounded, "KEPT", tmp_path)
    monkeypatch.setattr("sys.argv", ["fuzz", "60"])
    with pytest.raises(SystemExit, match="1"):
        run("some", lambda _: iter([SOUND, HARMFUL]), lambda case, _: "it fell" if case is HARMFUL else None)
    (again,) = kept("some")
    assert (again.name, again.files, again.command) == (HARMFUL.name, HARMFUL.files, HARMFUL.command)
    out = capsys.readouterr().out
    assert "2 rows were lost bill 2026-04: it fell" in out
    assert "tried 2, found 1" in out
    assert (tmp_path / "some/2/usage/2026-04/a.csv").is_file()


def test_every_fuzzer_keeps_what_it_found() -> None:
    fuzzers = [
        path.stem for path in Path(bounded.__file__).parent.glob("[ae]*.py") if "    run(" in path.read_text("utf-8")
    ]
    assert sorted(fuzzers) == ["any_value", "every_column", "every_reader"]
    assert [name for name in fuzzers if not kept(name)] == []
