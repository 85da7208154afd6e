"""What stands in the accounts workbook and was not declared there: told, and whose bills wait until it is cleared."""

from collections.abc import Collection, Mapping, Sequence

from xlbill import account_columns as columns
from xlbill.problems import Problems
from xlbill.sheets import Row, Table, Workbook, as_number
from xlbill.sheets.headings import NOTE_MARKS, Heading, normalised
from xlbill.sheets.strangers import Surroundings, is_note, own_names, strange_columns, strange_sheets
from xlbill.sheets.tables import read_settings
from xlbill.sheets.values import Misfit, narrow, visible


def tell_strangers(workbook: Workbook, tables: Mapping[str, Table], owner: Mapping[str, str], found: Problems) -> None:
    """Tell sheets and columns that nobody declared and that could count, to those whose bills they may change.

    A column is about the customers who have something in it, a sheet about all of them. `owner` is each app's.
    """
    around = Surroundings(columns.SHEETS, tables, own_listed(tables))
    everybody = frozenset(code for row in tables["customers"].rows if (code := row.peek("customer")))
    for problem in strange_sheets(workbook, columns.SHEETS, around.own):
        for customer in sorted(everybody):
            found.about(customer=customer).tell(problem)
    for table in tables.values():
        _tell_columns(table, around, owner, everybody, found)


def tell_strange_adjustments(
    table: Table, owner: Mapping[str, str], everybody: Collection[str], found: Problems
) -> None:
    """The same of the columns of an adjustments workbook, which lies beside the accounts."""
    around = Surroundings((columns.ADJUSTMENTS,), {columns.ADJUSTMENTS.key: table})
    _tell_columns(table, around, owner, everybody, found)


def _tell_columns(
    table: Table, around: Surroundings, owner: Mapping[str, str], everybody: Collection[str], found: Problems
) -> None:
    taken = {heading.column for heading in parameter_headings(table)}
    for stranger in strange_columns(table, around, lambda heading: heading.column in taken):
        rows = [row for row in table.rows if table.sheet.cell(row.position, stranger.column).filled]
        about = {code for row in rows for code in _customers_of(row, owner)} or everybody
        for customer in sorted(about):
            found.about(customer=customer).tell(stranger.problem)


def own_listed(tables: Mapping[str, Table]) -> frozenset[str]:
    """The headings and sheets that the accounts list as their owner's own."""
    if "seller" not in tables:
        return frozenset()
    settings = columns.SELLER_FACT | columns.ACCOUNT_SETTING
    rows = (read_settings(tables["seller"], settings, Problems(), value) for value in ("value", "value_en"))
    return own_names(text for row in rows if (text := row.text("own", Problems())) is not None)


def own_fields(table: Table) -> dict[str, int]:
    """The columns of a sheet that are the house's own, by their names in templates: all that nobody declared."""
    return {own_name(heading.text): heading.column for heading in table.headings if not heading.declared}


def own_name(text: str) -> str:
    """A heading of one's own as templates name it: without the mark of a note, case and blanks.

    >>> own_name("# PO number"), own_name("备注：成本中心"), own_name("Cost Centre")
    ('ponumber', '成本中心', 'costcentre')
    """
    bare = narrow(visible(text))
    mark = next((mark for mark in NOTE_MARKS if bare.startswith(mark)), "")
    return normalised(bare.removeprefix(mark).lstrip(":： #/") or bare)


def parameter_headings(table: Table) -> tuple[Heading, ...]:
    """The columns of the Contracts sheet that name a parameter of some model: own ones with figures in them.

    Beside usage prices of a contract's own they are told where no model takes them (rating/own_prices.py).
    """
    if table.kind is columns.CONTRACT_CHARGES:
        return tuple(h for h in table.headings if not h.declared and h.key.isidentifier() and not is_note(h.text))
    if table.kind is not columns.CONTRACTS:
        return ()
    named = (h for h in table.headings if not h.declared and h.key.isascii() and h.key.isidentifier())
    return tuple(heading for heading in named if not is_note(heading.text) and _has_figures(table.rows, heading))


def _customers_of(row: Row, owner: Mapping[str, str]) -> frozenset[str]:
    """Whose bill a row concerns."""
    app, customer = row.peek("app"), row.peek("customer")
    return frozenset(code for code in (customer, owner.get(app or "")) if code)


def _has_figures(rows: Sequence[Row], heading: Heading) -> bool:
    cells = (row.cell(heading.key) for row in rows)
    return any(cell.formula is not None or not isinstance(as_number(cell.value), Misfit) for cell in cells)
