"""Every sheet of price books and accounts can be told row by row: converted, compared, changed by a list."""

from xlbill.book.data import FORMS, IDENTITY


def test_every_sheet_says_which_row_a_row_is() -> None:
    for kind in (kind for form in FORMS for kind in form.sheets):
        known = {column.key for column in kind.columns}
        assert kind.key in IDENTITY, kind.title
        assert set(IDENTITY[kind.key]) <= known, kind.title
