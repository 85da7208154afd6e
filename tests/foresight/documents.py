"""Random price books as data, and the shipped ones."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from xlbill.book import columns, data
from xlbill.book.data_sheets import read_data
from xlbill.sheets.values import visible
from xlbill.workspace import SHIPPED

BOOKS = tuple(sorted((SHIPPED / "price_tables").glob("*.xlsx")))
ACCOUNTS = SHIPPED / "examples" / "accounts.xlsx"
FILES = (*BOOKS, ACCOUNTS)


def shipped(path: Path) -> data.Document:
    """A shipped file as data, with nothing lost."""
    document, found = read_data(path, path.name)
    assert document is not None and not found.errors, [(p.code, str(p.place)) for p in found]
    return document


texts = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cn", "Co")), max_size=20),
    st.sampled_from(
        (
            *("=1+1", "'=1", "'", "6%", "180", "08", "1e5", "2026-03-20", "true", "no", "null", "~", "- a", "a: b"),
            *("1_000", "12:30", "0x1F", ".5", "+3", "a\nb", "{x|y|z}", '"', "@a", "| a", "＝", "1.2万", "$5", "1,5"),
        )
    ),
).map(visible)
"""What people type, among it everything that YAML, JSON or Excel take for something else."""

figures = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False).map(
    lambda value: Decimal(int(value)) if value == int(value) else Decimal(f"{value.normalize():f}")
)
days = st.dates(min_value=date(1955, 1, 1), max_value=date(2190, 1, 1))
own = st.one_of(texts, figures, figures.map(data.Share), st.booleans(), days)
"""What stands in a column of finance's own."""

codes = st.text("abcdefgh_", min_size=1, max_size=6)
_PLAN_COLUMNS = ("product", "plan", "name", "price", "model", "pay", "term", "default")


@st.composite
def plans(draw: st.DrawFn) -> data.DataRow:
    """A row of the plans, some of its cells blank."""
    values: dict[str, data.Content] = {
        "product": draw(codes),
        "plan": draw(codes),
        "name": draw(st.one_of(st.none(), texts)),
        "price": draw(st.one_of(st.none(), figures, figures.map(data.Share), st.sampled_from(["—", "1.2万", "a.b*2"]))),
        "model": draw(codes),
        "pay": draw(st.sampled_from(["prepaid", "postpaid"])),
        "term": draw(st.sampled_from(["anniversary", "calendar", "once"])),
        "default": draw(st.one_of(st.none(), st.booleans())),
        "备注": draw(st.one_of(st.none(), own)),
    }
    return data.DataRow({key: value for key, value in values.items() if value is not None and value != ""})


@st.composite
def documents(draw: st.DrawFn) -> data.Document:
    """A price book of plans, a page of finance's own, and prices that follow from others."""
    rows = draw(st.lists(plans(), min_size=1, max_size=6))
    names = data.identities(columns.PLANS, [row.values for row in rows])
    if "price" in rows[0].values and draw(st.booleans()):
        price = data.NamedFormula("=ROUND({plans|" + names[0] + "|price}*0.9,2)")
        rows.append(data.DataRow(dict(rows[0].values) | {"plan": "formula_", "price": price}))
    table = data.DataTable(columns.PLANS, (*_PLAN_COLUMNS, "备注"), {"备注": "备注"}, tuple(rows))
    cells = st.lists(st.lists(st.one_of(st.none(), own.filter(lambda value: value != "")), max_size=4), max_size=4)
    page = tuple(_trimmed(row) for row in draw(cells))
    while page and not page[-1]:
        page = page[:-1]
    return data.Document(data.BOOK, {"plans": table}, (data.OwnSheet("备忘", page),))


def _trimmed(row: list[data.Content]) -> tuple[data.Content, ...]:
    while row and row[-1] is None:
        row = row[:-1]
    return tuple(row)
