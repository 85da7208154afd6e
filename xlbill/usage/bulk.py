"""Long sheets as columns: what a million rows say is understood once for each different text.

A row is clean where its series, day and figure are understood and nothing about it is to be told. Clean rows go into
the ledger together; all others are read one by one by `LongReader`, in their order, so that every problem has its cell.
What is understood is understood by that reader's own functions; which way a row takes changes no figure and no problem.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import repeat

import polars as pl

from xlbill.methods import EACH
from xlbill.sheets.text_columns import ColumnBlock
from xlbill.sheets.values import date_of
from xlbill.usage.ledger import Entry, SeriesDraft, request_key
from xlbill.usage.long import LongReader
from xlbill.usage.requests import DECIMALS
from xlbill.usage.sheet import EXACT_DIGITS, Day, Unusable, UsageSheet, is_blank, whole_figure
from xlbill.usage.strangers import StrangeColumns

_DAYS = ("date", "hour", "month")
_MOST = Decimal(10**12)  # figures from here on are rare, and their sums might not fit
_BLANKS = " \t\n\v\f\r\x1c\x1d\x1e\x1f"  # what Python strips of a text in ASCII
_PLAIN_WHOLE = rf"^[0-9]{{1,{EXACT_DIGITS}}}$"
_NOT_ASCII = r"[^\x00-\x7f]"


def read_long_columns(sheet: UsageSheet, blocks: Iterable[ColumnBlock]) -> None:
    """Take all rows of a long sheet into the ledger."""
    reader, strangers = _ColumnReader(sheet), StrangeColumns(sheet)
    for block in blocks:
        look_at_columns(strangers, block)
        reader.take(block)


class _ColumnReader:
    """Rows that are looked at are a frame: `at` (their positions), and what is understood of them, by number.

    `draft` and `day` are positions in the lists of those; -1 stands for one that is not clean.
    """

    def __init__(self, sheet: UsageSheet) -> None:
        self._sheet = sheet
        self._ledger = sheet.register.ledger
        self._rows = LongReader(sheet)
        self._drafts: list[SeriesDraft] = []
        self._days: list[Day] = []

    def take(self, block: ColumnBlock) -> None:
        """Take the rows of a block: the clean ones first, for no other one changes what they say."""
        rows = self._understood(block)
        clean = rows.filter((pl.col("draft") >= 0) & (pl.col("day") >= 0) & pl.col("usable"))
        clean = clean.filter((clean["decimals"] == 0) | ~self._of(clean, lambda draft: draft.meter.whole, pl.Boolean))
        requests, days = self._apart(clean)
        taken = [*self._take_requests(requests, block.first), *self._take_days(days, block.first)]
        others = rows.filter(~pl.col("at").is_in(pl.Series(taken, dtype=pl.UInt32).implode()))
        self._ledger.requests.recall(others.filter(pl.col("request") != "")["request"].to_list())
        for number, values in block.rows(others["at"].to_list()):
            self._rows.take_carefully(number, values)

    # What the texts mean

    def _understood(self, block: ColumnBlock) -> pl.DataFrame:
        reader, layout = self._rows, self._sheet.layout
        named = [block.frame[str(at)] for at in reader.named]
        dated = [block.frame[str(layout.columns[key])] for key in _DAYS if key in layout.columns]
        drafts, days = self._drafts_in(block, *_distinct(named)), self._days_in(block, *_distinct(dated))
        rows = pl.DataFrame({"at": pl.int_range(block.frame.height, dtype=pl.UInt32, eager=True)})
        rows = rows.hstack([drafts, days]).hstack(self._figures_in(block.frame[str(reader.quantity)]))
        none = pl.repeat("", block.frame.height, eager=True)
        requests = none if reader.request is None else _requests_in(block.frame[str(reader.request)])
        return rows.with_columns(request=requests)

    def _drafts_in(self, block: ColumnBlock, firsts: Sequence[int], codes: pl.Series) -> pl.Series:
        numbers: dict[int, int] = {}
        self._drafts = []

        def number(draft: object) -> int:
            if not isinstance(draft, SeriesDraft):
                return -1
            if id(draft) not in numbers:
                numbers[id(draft)] = len(numbers)
                self._drafts.append(draft)
            return numbers[id(draft)]

        found = [number(self._rows.draft(row, values)) for row, values in block.rows(firsts)]
        return pl.Series("draft", found, dtype=pl.Int32)[codes].alias("draft")

    def _days_in(self, block: ColumnBlock, firsts: Sequence[int], codes: pl.Series) -> pl.Series:
        numbers: dict[Day, int] = {}

        def number(day: Day | Unusable) -> int:
            return -1 if isinstance(day, Unusable) else numbers.setdefault(day, len(numbers))

        found = [number(self._sheet.day(values)) for _, values in block.rows(firsts)]
        for day in list(numbers):
            numbers.setdefault(None if day is None else date_of(day), len(numbers))
        self._days = list(numbers)
        return pl.Series("day", found, dtype=pl.Int32)[codes].alias("day")

    def _figures_in(self, column: pl.Series) -> pl.DataFrame:
        """The figures as they were written, whether they can be taken, in millionths, their decimals.

        Millionths are null where they do not fit.
        """
        column = column.fill_null("")
        if column.str.contains(_PLAIN_WHOLE).all():  # as `whole_figure` takes them, which is nearly always
            plain = {"usable": pl.lit(True), "decimals": pl.lit(0, pl.Int32)}
            return pl.DataFrame({"figure": column, "millionths": column.cast(pl.Int64) * 10**DECIMALS}).with_columns(
                **plain
            )
        texts, codes = _coded(column)
        figures = [self._figure(text) for text in texts]
        known = pl.DataFrame(
            {
                "usable": [figure is not None for figure in figures],
                "millionths": pl.Series(map(_in_millionths, figures), dtype=pl.Int64),
                "decimals": pl.Series(map(_decimals, figures), dtype=pl.Int32),
            }
        )
        return known[codes].with_columns(figure=column)

    def _figure(self, text: str) -> Decimal | None:
        """The figure of a text, None where there is none that a row could have without being told."""
        if (whole := whole_figure(text)) is not None:
            return whole
        if is_blank(text):
            return None
        figure = self._sheet.figure(text)
        return None if isinstance(figure, Unusable) or figure < 0 else figure

    def _of(self, rows: pl.DataFrame, said: Callable[[SeriesDraft], object], dtype: type[pl.DataType]) -> pl.Series:
        """What is said of the series of each row."""
        return pl.Series([said(draft) for draft in self._drafts], dtype=dtype)[rows["draft"]]

    # What goes into the ledger

    def _apart(self, clean: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with a request and those without, without the series in which their order matters."""
        is_request = clean["request"] != ""
        requests, days = clean.filter(is_request), clean.filter(~is_request)
        odd = {*days["draft"].unique(), *requests.filter(pl.col("millionths").is_null())["draft"].unique()}
        drafts = [(number, self._drafts[number]) for number in requests["draft"].unique()]
        unfit = {d.number for n, d in drafts if n in odd or d.meter.by_record or (d.days and not d.of_requests)}
        if not unfit:
            return requests, days
        requests, days = (
            rows.filter(~self._of(rows, lambda draft: draft.number in unfit, pl.Boolean)) for rows in (requests, days)
        )
        return requests, days

    def _take_requests(self, rows: pl.DataFrame, first: int) -> Sequence[int]:
        """Take single requests, those of a day summed up; the positions of those that were taken."""
        if not rows.height:
            return ()
        limits = self._of(rows, lambda draft: _limit(draft.meter.request_limit), pl.Int64)
        rows = rows.filter(limits.is_null() | (rows["millionths"] <= limits))
        codes = self._ledger.requests.factor_code
        series = self._of(rows, lambda draft: draft.number, pl.UInt32).alias("series")
        rows = rows.hstack([series, self._of(rows, lambda draft: codes(draft.factor), pl.UInt32).alias("factor")])
        rows = self._ledger.requests.keep_new(rows)
        by_day = pl.Series([self._days.index(None if day is None else date_of(day)) for day in self._days])[rows["day"]]
        each = self._of(rows, lambda draft: draft.meter.by_day == EACH, pl.Boolean)
        rows = rows.with_columns(day=by_day.zip_with(~each, rows["day"].cast(by_day.dtype)))
        sums = rows.group_by("draft", "day", maintain_order=True).agg(
            pl.col("millionths").cast(pl.Int128).sum(), pl.col("decimals").max(), pl.col("at").first()
        )
        for number, of_day, millionths, decimals, at in sums.iter_rows():
            draft, day = self._drafts[number], self._days[of_day]
            figure = Decimal(millionths // 10 ** (DECIMALS - decimals)).scaleb(-decimals)
            draft.of_requests = True
            earlier = draft.days.get(day)
            entry = (figure, self._rows.column, first + at)
            draft.days[day] = (earlier[0] + figure, *earlier[1:]) if earlier else entry
        taken: list[int] = rows["at"].to_list()
        return taken

    def _take_days(self, rows: pl.DataFrame, first: int) -> Sequence[int]:
        """Take the first figure of each day of a series; the positions of those that were taken."""
        key = rows["draft"].cast(pl.Int64) * (len(self._days) + 1) + rows["day"]
        rows = rows.filter(key.is_first_distinct()).sort("draft", maintain_order=True)
        positions = rows["at"].to_list()
        days = list(map(self._days.__getitem__, rows["day"].to_list()))
        texts, codes = _coded(rows["figure"])
        figures = map([self._figure(text) or Decimal() for text in texts].__getitem__, codes.to_list())
        numbers = (rows["at"].cast(pl.UInt64) + first).to_list()
        entries: list[Entry] = list(zip(figures, repeat(self._rows.column), numbers, strict=False))
        taken: list[int] = []
        begin = 0
        for run in rows["draft"].rle():
            draft, end = self._drafts[run["value"]], begin + run["len"]
            if draft.days and not draft.days.keys().isdisjoint(days[begin:end]):
                here = [at for at in range(begin, end) if days[at] not in draft.days]
                taken.extend(positions[at] for at in here)
                draft.days.update((days[at], entries[at]) for at in here)
            else:
                taken.extend(positions[begin:end])
                draft.days.update(zip(days[begin:end], entries[begin:end], strict=True))
            begin = end
        return taken


def _coded(column: pl.Series) -> tuple[list[str], pl.Series]:
    """The different texts of a column in the order in which they come, and for each row the position of its text."""
    column = column.fill_null("")
    different = column.unique(maintain_order=True)
    return different.to_list(), _positions(column, different)


def _positions(column: pl.Series, different: pl.Series) -> pl.Series:
    """For each row the position of its value among the different ones."""
    positions = pl.int_range(different.len(), dtype=pl.UInt32, eager=True)
    return column.replace_strict(different, positions, return_dtype=pl.UInt32)


def _distinct(columns: Sequence[pl.Series]) -> tuple[Sequence[int], pl.Series]:
    """Of some columns together: where each different combination first stands, and for each row its number."""
    _, codes = _coded(columns[0])
    for column in columns[1:]:
        texts, more = _coded(column)
        both = codes.cast(pl.UInt64) * len(texts) + more
        codes = _positions(both, both.unique(maintain_order=True))
    return codes.is_first_distinct().arg_true().to_list(), codes


def _requests_in(column: pl.Series) -> pl.Series:
    """The requests as they are compared, '' for none."""
    bare = column.fill_null("").str.strip_chars(_BLANKS)
    foreign = bare.filter(bare.str.contains(_NOT_ASCII) | bare.str.starts_with("'") | bare.str.ends_with(".0")).unique()
    if not foreign.len():
        return bare
    compared = pl.Series([request_key(text) for text in foreign.to_list()], dtype=pl.String)
    return bare.replace(foreign, compared)


def _in_millionths(figure: Decimal | None) -> int | None:
    """A figure as a number that can be summed up in columns, None where it does not fit."""
    if figure is None or figure >= _MOST or _decimals(figure) > DECIMALS:
        return None
    return int(figure.scaleb(DECIMALS))


def _decimals(figure: Decimal | None) -> int:
    return 0 if figure is None else max(-int(figure.as_tuple().exponent), 0)


def _limit(limit: Decimal | None) -> int | None:
    """The highest millionths that a request may have."""
    return None if limit is None else int(min(limit, _MOST).scaleb(DECIMALS))


def look_at_columns(strangers: StrangeColumns, block: ColumnBlock) -> None:
    """Look at the rows with something that could be meant to count in a column that nobody knows."""
    rows = set(block.long)
    for at in strangers.watched:
        texts, codes = _coded(block.frame[str(at)])
        counts = pl.Series([not is_blank(text) and strangers.counts(at, text) for text in texts], dtype=pl.Boolean)
        rows.update(counts[codes].arg_true())
    for at in range(strangers.headed, block.frame.width):
        rows.update((block.frame[str(at)].fill_null("") != "").arg_true())
    strangers.look(list(block.rows(sorted(rows))))
