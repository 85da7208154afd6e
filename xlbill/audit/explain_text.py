"""An explanation in words: one line for each step, indented below the figure that takes it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from xlbill.audit.explain import FEW, Block, Explained, Step
from xlbill.audit.formula_text import grouped, readable
from xlbill.audit.live import Live, value_of
from xlbill.book.models import agree
from xlbill.cells import Address, Place, quote_sheet
from xlbill.formula import Expr, Name, Range, Ref, as_decimal, from_serial, is_number, spell
from xlbill.language import Counting, Language

MAX_PLACES = 10
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

_WORDS = {
    "zh": {
        "values": "{count} 个值",
        "many": "（{count} 项）",
        "days": "{count} 天 {first} – {last}",
        "summary": "：最大 {largest}（{where}），最小 {smallest}，合计 {total}",
        "example": "其中最大的一个：",
        "told": "（见上）",
        "shown": "（文件中显示 {shown}，见 xlbill verify）",
        "lines": "明细",
        "more": "xlbill explain FILE 编号|名称|单元格 说明其中一项",
        "nothing": "空",
    },
    "en": {
        "values": "{count:value|values}",
        "many": " ({count:cell|cells})",
        "days": "{count:day|days} {first} – {last}",
        "summary": ": highest {largest} ({where}), lowest {smallest}, sum {total}",
        "example": "the highest of them:",
        "told": " (see above)",
        "shown": " (the file shows {shown}: see xlbill verify)",
        "lines": "Lines",
        "more": "xlbill explain FILE NUMBER|TITLE|CELL explains one of them",
        "nothing": "nothing",
    },
}


def explanation_text(explained: Explained, live: Live, language: Language) -> str:
    """The steps, and below those of a total the lines of the invoice with their numbers."""
    teller = _Teller(live, language)
    parts = ["\n".join(teller.step(step, 0)) for step in explained.steps]
    if explained.lines:
        parts.append("\n".join(teller.lines(explained.lines)))
    return "\n\n".join(parts)


def step_json(step: Step, live: Live, language: Language) -> dict[str, object]:
    """A step as JSON values, the steps that it takes within it; of a block the cells are listed.

    Figures are decimal strings without separators: `3000.00`.
    """
    teller = _Teller(live, language)
    formula = live.cells[step.key].formula
    parts = [s for part in step.parts for s in ((part,) if isinstance(part, Step) else part.steps)]
    return {
        "cell": teller.address(step.key),
        "name": step.caption.text(language),
        "value": teller.value(step, separators=False),
        "formula": formula,
        "source": str(step.source) if step.source is not None else None,
        "steps": [step_json(part, live, language) for part in parts],
    }


class _Teller:
    """Tells the steps of one workbook in one language."""

    def __init__(self, live: Live, language: Language) -> None:
        self.live, self.language, self.words = live, language, _WORDS[language]

    def step(self, step: Step, depth: int, known: str = "") -> Iterator[str]:
        """The line of a step and, indented, those of the steps that it takes; a title that is known is not repeated."""
        line = " = ".join([self._name(step, known), *self._formulas(step), self.value(step)])
        yield "  " * depth + line + self._remark(step) + _read_from(step.source)
        for part in step.parts:
            if isinstance(part, Step):
                yield from self.step(part, depth + 1, step.caption.title)
            else:
                yield from self._block(part, depth + 1)

    def lines(self, lines: Sequence[Step]) -> Iterator[str]:
        """A numbered list of an invoice's lines."""
        yield self.words["lines"]
        figures = [self.value(line) for line in lines]
        wide, widest = max(map(len, figures)), max(len(self.address(line.key)) for line in lines)
        for number, (line, figure) in enumerate(zip(lines, figures, strict=True), start=1):
            yield f"{number:>4}  {self.address(line.key):<{widest}}  {figure:>{wide}}  {line.caption.title}"
        yield self.words["more"]

    def address(self, key: Address) -> str:
        return str(key)

    def value(self, step: Step, *, separators: bool = True) -> str:
        """What a step comes to, as its cell would show it."""
        cell, value = self.live.cells.get(step.key), step.value
        if cell is not None and isinstance(cell.value, date) and is_number(value):
            return _day(value)
        if cell is not None and cell.shown.endswith("%") and is_number(value):
            return f"{_number(as_decimal(value) * 100, 0)}%"
        if is_number(value):
            number = _number(as_decimal(value), step.decimals)
            return number if separators else number.replace(",", "")
        return self.words["nothing"] if value is None else str(value).upper() if value in (True, False) else str(value)

    def _name(self, step: Step, known: str) -> str:
        caption = step.caption
        said = caption.short(self.language) if caption.title == known else caption.text(self.language)
        return f"{self.address(step.key)} {said}".rstrip()

    def _formulas(self, step: Step) -> Iterator[str]:
        """A formula with the names of what it takes, then with the values; a mere reference says where it goes."""
        if step.formula is None or step.told:
            return
        taken = self._taken(step)
        in_names = readable(step.formula, lambda node: taken[node][0])
        in_values = readable(step.formula, lambda node: taken[node][1])
        yield in_names
        if not isinstance(step.formula, Ref) and in_values != in_names:
            yield in_values

    def _taken(self, step: Step) -> dict[Expr, tuple[str, str]]:
        """For each reference of a formula its name and its value."""
        taken: dict[Expr, tuple[str, str]] = {}
        for node, steps in self._by_reference(step).items():
            names = {s.caption.short(self.language) for s in steps}
            name = names.pop() if len(names) == 1 else ""
            many = self.words["many"].format(count=Counting(len(steps))) if len(steps) > 1 and name else ""
            values = ", ".join(map(self.value, steps)) or self.words["nothing"]
            summary = self.words["values"].format(count=Counting(len(steps)))
            taken[node] = ((name or spell(node)) + many, values if len(steps) <= FEW else summary)
        return taken

    def _by_reference(self, step: Step) -> dict[Name | Ref | Range, list[Step]]:
        """The steps behind each reference of a formula."""
        known = {s.key: s for part in step.parts for s in ((part,) if isinstance(part, Step) else part.steps)}
        return {node: [known[k] for k in keys if k in known] for node, keys in self.live.taken(step.key).items()}

    def _block(self, block: Block, depth: int) -> Iterator[str]:
        """Many figures in one line: how many, the highest and the lowest, and their sum."""
        figures = [(as_decimal(s.value), s) for s in block.steps if is_number(s.value)]
        name = block.steps[0].caption.short(self.language)
        address = f"{quote_sheet(block.steps[0].key[0])}!{spell(block.node).rpartition('!')[2]}"
        line = "  " * depth + f"{address} {name}".rstrip() + f" · {self._count(block)}"
        if figures:
            highest = max(figures, key=lambda figure: figure[0])
            line += self._summary(highest, [number for number, _ in figures])
        yield line
        if block.example is not None:
            yield "  " * (depth + 1) + self.words["example"]
            yield from self.step(block.example, depth + 2)

    def _summary(self, highest: tuple[Decimal, Step], numbers: Sequence[Decimal]) -> str:
        largest, step = highest
        where = (step.caption.title or self.address(step.key)) + _read_from(step.source)
        figures = {"largest": largest, "smallest": min(numbers), "total": sum(numbers, Decimal(0))}
        shown = {name: _number(number, step.decimals) for name, number in figures.items()}
        return self.words["summary"].format(where=where, **shown)

    def _count(self, block: Block) -> str:
        titles = [step.caption.title for step in block.steps]
        days = all(map(_DAY.fullmatch, titles))
        return self.words["days" if days else "values"].format(
            count=Counting(len(titles)), first=titles[0], last=titles[-1]
        )

    def _remark(self, step: Step) -> str:
        """Whether the step was told before, and whether the file shows another value."""
        cell = self.live.cells.get(step.key)
        told = self.words["told"] if step.told else ""
        if step.formula is None or cell is None or agree(step.value, value_of(cell.value)):
            return told
        return told + self.words["shown"].format(shown=cell.shown or self.words["nothing"])


def _read_from(source: Place | None) -> str:
    """The cell that a figure was read from."""
    return f" ← {source}" if source is not None else ""


def _number(number: Decimal, decimals: int) -> str:
    """A figure with separators; one that does not end is cut off."""
    cut = number.quantize(Decimal(1).scaleb(-MAX_PLACES), ROUND_DOWN) if number.adjusted() < 16 else number
    return grouped(cut, decimals) + ("" if cut == number else "…")


def _day(serial: object) -> str:
    assert is_number(serial)
    try:
        return from_serial(serial).isoformat()
    except ValueError:
        return grouped(as_decimal(serial))
