"""What of a file's look is no longer what was written: each aspect of each sheet that the manifest's digests know."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from xlbill.audit.look import look_of
from xlbill.cells import Place, a1, column_letters
from xlbill.language import Label
from xlbill.problems import Problem, problem
from xlbill.sheets.workbook import CANNOT_READ
from xlbill.workbook.look import ASPECTS, BOOK, BOOK_ASPECTS, DIGEST, digest

LABELS: Mapping[str, Label] = {
    "book": Label(
        "工作表的次序、隐藏，名称定义，窗口或显示精度的设置",
        "the order of the sheets, which are hidden, defined names, or settings of the window or of precision",
    ),
    "formats": Label("数字格式", "number formats"),
    "fonts": Label("字体、颜色或填充", "fonts, colours or fills"),
    "sizes": Label("行高、列宽或隐藏的行列", "heights, widths, or hidden rows and columns"),
    "merges": Label("合并单元格", "merged cells"),
    "conditions": Label("条件格式", "conditional formats"),
    "headers": Label("页眉页脚", "headers and footers"),
    "print": Label("打印设置", "print setup"),
    "view": Label(
        "冻结窗格、零值显示、链接、输入提示，或 xlbill 从不写的内容",
        "frozen panes, zeros that are not shown, links, notes on input, or what xlbill never writes",
    ),
    "drawings": Label("图片、图表、图形或批注", "pictures, charts, shapes or comments"),
    "texts": Label("粗体、下划线、换行或缩小以适应", "bold, underlined, wrapped or shrunk texts"),
    "charts": Label("图表中数字的格式或坐标轴", "the formats or axes of charts"),
    "usual": Label("默认字体，或不打印的工作表", "the usual font, or the sheets that are not printed"),
}
FEW = 4  # so many lines of an aspect are told
LONGEST = 120


def look_problems(path: Path, shown_as: str, written: Mapping[str, str]) -> list[Problem] | None:
    """Every aspect that looks otherwise; None where the look is not on record, or cannot be read."""
    if not written:
        return None
    try:
        looks = look_of(path)
    except CANNOT_READ:
        return None
    return list(_problems(looks, shown_as, written))


def _problems(
    looks: Mapping[str, Mapping[str, tuple[str, ...]]], file: str, written: Mapping[str, str]
) -> Iterator[Problem]:
    for sheet, digests in written.items():
        aspects = BOOK_ASPECTS if sheet == BOOK else ASPECTS
        for number, aspect in enumerate(aspects if sheet in looks else ()):
            lines = looks[sheet][aspect]
            known = digests[number * DIGEST : (number + 1) * DIGEST]
            if known and digest(lines) != known:  # none: the version that wrote it kept no such aspect
                place = Place(file, sheet or None)
                yield problem("verify-look-changed", place, None, aspect=LABELS[aspect], found=_told(aspect, lines))


def _told(aspect: str, lines: tuple[str, ...]) -> str | Label:
    """What the sheet has now: the rarest formats with their cells, what is hidden, else the lines themselves."""
    told = sorted(lines, key=lambda line: line.endswith(" visible") or "=" in line) if aspect == "book" else list(lines)
    if aspect in ("formats", "fonts", "texts"):
        split = [line.partition(" ") for line in lines]
        counts = Counter(look for _, _, look in split)
        told = [f"{_cell(at)} {look}" for at, _, look in sorted(split, key=lambda part: counts[part[2]])]
    elif aspect == "sizes":
        gone = [line.split() for line in lines if line.endswith("hidden")]
        hidden = [column_letters(int(number)) if kind == "column" else number for kind, number, _ in gone]
        return Label(f"隐藏：{'、'.join(hidden)}", f"hidden: {', '.join(hidden)}") if hidden else "—"
    text = "; ".join(told[:FEW]) + (" …" if len(told) > FEW else "")
    return text[:LONGEST] or "—"


def _cell(at: str) -> str:
    row, _, column = at.partition(".")
    return a1(int(row), int(column))
