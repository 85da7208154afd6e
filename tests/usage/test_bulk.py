"""A large sheet that is read as columns says the same as one that is read row by row: figures, cells and problems."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.cases import cases
from tests.problems.readers import METERS
from xlbill.periods import Month
from xlbill.sheets import stream, text, text_columns
from xlbill.usage import MeterKind, Usage, read_usage

APPS = ("shop-1", "shop-2", "00123", "1234567890123456")
KINDS = METERS | {
    "calls": MeterKind("calls", ("通话",), {}, True, False, frozenset(), by_record=True),
    "band": MeterKind("band", ("带宽",), {}, False, False, frozenset(), by_day="each"),
    "traffic": MeterKind(
        "traffic",
        ("流量",),
        {"中国": "cn", "cn": "cn"},
        False,
        True,
        frozenset({"GB", "字节"}),
        None,
        frozenset({"字节"}),
    ),
}


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every text file is large, and a block is a few rows."""
    monkeypatch.setattr(text_columns, "BLOCK_BYTES", 1_500)
    monkeypatch.setattr(text_columns, "ROWS_AT_A_TIME", 40)
    yield


def both_ways(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files row by row, then as columns, and compare."""
    monkeypatch.setattr(stream, "LARGE_TEXT", 2**40)
    plain = read(paths)
    monkeypatch.setattr(stream, "LARGE_TEXT", 0)
    assert read(paths) == plain


def read(paths: list[Path]) -> tuple[Usage, list[object], list[str]]:
    usage, found = read_usage([(path, path.name) for path in paths], Month(2026, 4), APPS, KINDS)
    cells = [
        (series.place, str(day), str(figure), place)
        for series in usage.series
        for day, figure, place in series.figures()
    ]
    told = sorted(repr(problem) for problem in found)
    return usage, cells, told


POOLS: dict[str, tuple[list[str], list[str]]] = {
    "app": (["shop-1", "shop-2"], ["SHOP-1", "ｓhop-2", "123", "1.23457E+15", "nobody", "", " shop-1 ", "合计"]),
    "date": (
        [f"2026-04-{day:02d}" for day in range(1, 31)],
        ["2026/4/3", "20260405", "2026-04-07 10:05", "2026-05-01", "03/04/2026", "2026-04", "", "soon", "2026年4月9日"],
    ),
    "hour": (["", "7", "13:05"], ["24", "x", "0"]),
    "month": (["", "2026-04"], ["2026-05", "x"]),
    "meter": (
        ["dau", "message", "band"],
        ["消息", "DAU", "calls", "calls", "traffic", "mau?", "", "message:audio", "meter", "total"],
    ),
    "dimension": (["", "", "audio", "cn"], ["语音", "中国", "smell"]),
    "quantity": (
        ["7", "12", "1200", "5"],
        ["1,234", "0.5", "12.50", "6.000", "-3", "1.2万", "", "x", "5%", "1234567890123", "0.1234567", "１２", "1e3"],
    ),
    "unit": (["", ""], ["GB", "字节", "人", "万条"]),
    "times": (["", "1"], ["2", "0", "1.5", "x"]),
    "request": ([*(f"r{n}" for n in range(40)), ""], ["  ", "ｒ1", "r1 ", "请求1"]),
    "remark": (["", "ok"], ["7", "2026-04-01"]),
    "region": (["", "north"], ["7", "dau", "2026-04-01"]),
}
ALWAYS = ("date", "meter", "quantity")


def sheet(dice: random.Random) -> bytes:
    """A sheet of random columns, nearly clean or not at all, as some program would write it."""
    columns = [
        *ALWAYS,
        *(name for name in POOLS if name not in ALWAYS and dice.random() < (0.9 if name == "app" else 0.4)),
    ]
    dice.shuffle(columns)
    dirt = dice.choice([0, 0.003, 0.03, 0.3])
    quoted = dice.choice([0, 0, 0, 0.2, 1])
    rows = [[*columns], *([_value(dice, name, dirt) for name in columns] for _ in range(dice.randrange(150)))]
    if dice.random() < 0.3:
        rows.insert(0, ["四月用量，单位：GB"][: dice.randrange(2)])
    for row in rows[2:]:
        if dice.random() < dirt:
            dice.choice((row.clear, row.pop, lambda row=row: row.append("more"), lambda row=row: row.append("")))()
    separator, end = dice.choice([",", ",", "\t", ";"]), dice.choice(["\n", "\n", "\r\n", "\r"])
    lines = [separator.join(_written(dice, value, separator, quoted) for value in row) for row in rows]
    if dice.random() < dirt:
        lines.insert(dice.randrange(len(lines)) + 1, lines[-1].replace("s", '"s', 1))
    whole = end.join([*lines, ""][: len(lines) + dice.randrange(2)])
    return whole.encode(dice.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"]))


def _value(dice: random.Random, name: str, dirt: float) -> str:
    clean, dirty = POOLS[name]
    return dice.choice(dirty if dice.random() < dirt else clean)


def _written(dice: random.Random, value: str, separator: str, quoted: float) -> str:
    if separator in value or dice.random() < quoted:
        return f'"{value}"'
    return f'"{value}\n"' if dice.random() < 0.0005 else value


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("seed", range(cases(12, 5_000)))
def test_any_sheet(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    paths = [tmp_path / f"usage-{number}.csv" for number in range(dice.choice([1, 1, 2]))]
    for path in paths:
        path.write_bytes(sheet(dice))
    both_ways(paths, monkeypatch)


TEXTS: dict[str, bytes] = {
    "plain": b"a,b\n1,2\n3,4\n",
    "no end of line behind the last row": b"a,b\n1,2",
    "blank lines are rows": b"a,b\n\n1,2\n\n",
    "carriage returns and line feeds": b"a,b\r\n1,2\r\n",
    "carriage returns alone": b"a,b\r1,2\r3,4\r",
    "a carriage return in the middle of a line": b"a,b\n1,2\r3,4\n5,6\n",
    "quoted as a whole": b'"a","b"\n"1",""\n3,"4"\n',
    "a quoted separator": b'a,b\n"1,200",2\n3,4\n',
    "a quoted line break": b'a,b\n"1\n2",2\n3,4\n',
    "a quoted line break in the headings": b'a,"b\nc"\n1,2\n3,4\n',
    "quotes within quotes": b'a,b\n"5""",2\n3,4\n',
    "a quote within a value": b'a,b\n5",2\n3,4\n',
    "a quote behind a blank": b'a,b\n "5",2\n3,4\n',
    "a quote that has no end": b'a,b\n1,2\n"3,4\n5,6\n',
    "short rows": b"a,b,c\n1\n2,3\n",
    "long rows": b"a,b\n1,2,3\n4,5,\n6,7\n",
    "a byte order mark": b"\xef\xbb\xbfa,b\n1,2\n",
    "another encoding": "应用,b\n一,2\n".encode("gb18030"),
    "zero bytes": b"a,b\n1\x002,2\n",
    "marks that mean nothing here": b"a,b\n#1,2\nNA,null\n 1 ,+2\n",
}


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("size", [1, 6, 1_000])
@pytest.mark.parametrize("content", TEXTS.values(), ids=TEXTS)
def test_columns_are_what_the_csv_module_reads(
    content: bytes, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_columns, "BLOCK_BYTES", size)
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    form = text.detect(path)
    assert form is not None
    form = text.TextForm(form.encoding, ",")
    blocks = list(text_columns.column_blocks(path, form, 1))
    rows = [row for block in blocks for row in block.rows(range(block.frame.height))]
    assert [(number, _filled(values)) for number, values in rows] == [
        (number, _filled(values)) for number, values in text.rows(path, form) if number > 1
    ]


def _filled(values: Sequence[str | None]) -> list[tuple[int, str]]:
    return [(at, value) for at, value in enumerate(values) if value]


def test_a_value_longer_than_any_is_told_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "usage.csv"
    path.write_text(f"app,date,meter,quantity,remark\nshop-1,2026-04-01,dau,7,{'x' * 200_000}\n", encoding="utf-8")
    both_ways([path], monkeypatch)
    assert [problem.code for problem in read_usage([(path, "usage.csv")], Month(2026, 4), APPS, KINDS)[1]] == [
        "file-damaged"
    ]


def test_a_request_of_an_earlier_file_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever of the files is read as columns."""
    paths = [tmp_path / name for name in ("first.csv", "second.csv", "third.csv")]
    for path, quantity in zip(paths, (5, 5, 6), strict=True):
        path.write_text(f"app,date,meter,quantity,request\nshop-1,2026-04-01,rtc,{quantity},r1\n", encoding="utf-8")
    both_ways(paths, monkeypatch)
    whole = stream._text_sheet
    for large in ("first.csv", "second.csv"):
        monkeypatch.setattr(
            stream, "_text_sheet", lambda path, *more, large=large: _sized(whole(path, *more), path.name == large)
        )
        usage, found = read_usage([(path, path.name) for path in paths], Month(2026, 4), APPS, KINDS)
        assert [figure for series in usage.series for _, figure in series.days] == [5]
        assert [problem.code for problem in found] == ["request-repeated", "request-contradicts"]


def _sized(rows: stream.SheetRows, large: bool) -> stream.SheetRows:
    rows.columns = rows.columns if large else None
    return rows
