"""The single requests of a month, so that one that stands twice counts once: millions, kept by their hashes.

Those of rows are in a dictionary, those of columns (`bulk.py`) in blocks of numbers. A row's request is
looked up in the dictionary alone: who reads rows first has the blocks recalled into it for the ids that he has.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

DECIMALS = 6
"""Figures in columns are whole numbers of millionths."""


class Requests:
    """Every request so far, by the number of its series and its id, with its figure in the source unit."""

    def __init__(self) -> None:
        self._figures: dict[int, Decimal] = {}
        self._blocks: list[pl.DataFrame] = []
        self._factors: dict[Decimal, int] = {}

    def figure(self, series: int, request: str) -> Decimal | None:
        """The figure of a request that came before, None for a new one."""
        return self._figures.get(hash((series, request)))

    def keep(self, series: int, request: str, figure: Decimal) -> None:
        """One request more."""
        self._figures[hash((series, request))] = figure

    @property
    def in_columns(self) -> bool:
        """Whether there are any that must be recalled before rows are read."""
        return bool(self._blocks)

    def factor_code(self, factor: Decimal) -> int:
        """The number by which blocks know what figures are multiplied by."""
        return self._factors.setdefault(factor, len(self._factors))

    def keep_new(self, rows: "pl.DataFrame") -> "pl.DataFrame":
        """The rows (`series`, `request`, `millionths` and `factor`, the code of one) that are new, which are kept."""
        import polars as pl

        rows = rows.with_columns(_hash_of_request())
        identities = rows.select(_identity()).to_series()
        new = identities.is_first_distinct()
        if self._blocks:
            before = pl.concat(self._blocks)
            again = before.filter(before["hash"].is_in(rows["hash"].implode())).select(_identity()).to_series()
            if again.len():
                new &= ~identities.is_in(again.implode())
        if self._figures:
            pairs = zip(rows["series"].to_list(), rows["request"].to_list(), strict=True)
            new &= pl.Series([hash(pair) not in self._figures for pair in pairs], dtype=pl.Boolean)
        rows = rows.filter(new)
        self._blocks.append(rows.select("series", "factor", "millionths", "hash"))
        return rows.drop("hash")

    def recall(self, requests: Iterable[str]) -> None:
        """Have those with some ids at hand, whichever series they are of."""
        import polars as pl

        ids = pl.DataFrame({"request": pl.Series(list(dict.fromkeys(requests)), dtype=pl.String)})
        ids = ids.with_columns(_hash_of_request())
        factors = list(self._factors)
        for block in self._blocks:
            found = block.filter(pl.col("hash").is_in(ids["hash"].implode())).join(ids, on="hash")
            for series, factor, millionths, _, request in found.iter_rows():
                figure = Decimal(millionths).scaleb(-DECIMALS)
                self._figures.setdefault(hash((series, request)), figure * factors[factor])


def _hash_of_request() -> "pl.Expr":
    """The hash of a request's id, the same in every block."""
    import polars as pl

    return pl.col("request").hash(seed=1).alias("hash")


def _identity() -> "pl.Expr":
    """What tells a request of a series from all others."""
    import polars as pl

    return pl.col("series").hash(seed=2) ^ pl.col("hash")
