"""YAML or JSON as data again: every key is a declared one, or told with the nearest."""

from collections.abc import Iterator

from xlbill.book import data
from xlbill.book.data_text import HEAD, decode
from xlbill.book.data_tree import Mapping, Node, Scalar, Sequence, parse_text
from xlbill.cells import Place
from xlbill.problems import Problems
from xlbill.sheets import SheetKind, nearest, safe_sheet_name
from xlbill.sheets.headings import declared_key, normalised, own_key
from xlbill.sheets.tables import titles_of

_APART = ("columns", "lines", "pages")


def parse_data(text: str, shown: str, *, is_json: bool = False) -> tuple[data.Document | None, Problems]:
    """The data of a text; None where it is none, with all that is wrong in it."""
    root, found = parse_text(text, shown, is_json=is_json)
    if root is None:
        return None, found
    if not isinstance(root, Mapping) or not isinstance(head := root.nodes.get(HEAD), Scalar):
        found.add("text-of-nothing", Place(shown), known=", ".join(form.name for form in data.FORMS))
        return None, found
    form = next((form for form in data.FORMS if form.name == head.text), None)
    if form is None:
        known = ", ".join(form.name for form in data.FORMS)
        found.add("text-of-nothing", head.place, found=head.text, known=known)
        return None, found
    parser = _Parser(form, root, found)
    document = parser.document(shown)
    return (None if found.errors else document), found


class _Parser:
    """Reads one tree."""

    def __init__(self, form: data.Form, root: Mapping, found: Problems) -> None:
        self.form, self.root, self.found = form, root, found

    def document(self, shown: str) -> data.Document:
        kinds = {kind.key: kind for kind in self.form.sheets}
        known = (HEAD, *kinds, *_APART)
        for key, node in self.root.nodes.items():
            if key not in known:
                self.found.add(
                    "text-unknown-key", node.place, found=key, nearest=nearest(key, known) or ", ".join(known)
                )
        tables = {}
        for key in (*(k for k in self.root.nodes if k in kinds), *self._headed(kinds)):
            if key not in tables:
                tables[key] = self._table(kinds[key], self.root.nodes.get(key))
        return data.Document(self.form, tables, tuple(self._pages()), shown)

    def _headed(self, kinds: dict[str, SheetKind]) -> Iterator[str]:
        """Sheets of which nothing but the headings is there."""
        columns = self.root.nodes.get("columns")
        yield from (key for key in (columns.nodes if isinstance(columns, Mapping) else {}) if key in kinds)

    def _table(self, kind: SheetKind, node: Node | None) -> data.DataTable:
        keys, own = self._columns(kind)
        rows = []
        for name, node_of_row in self._row_nodes(kind, node):
            cells = dict(self._known(kind, keys, own, node_of_row))
            setting: dict[str, data.Content] = {"setting": name} if name is not None else {}
            shell = data.DataTable(kind, (), own, ())
            values = setting | {
                key: decode(scalar.text, scalar.bare, data.column_of(self.form, shell, setting, key))
                for key, scalar in cells.items()
            }
            filled = {key: content for key, content in values.items() if content is not None}
            if filled:
                rows.append(data.DataRow(filled, node_of_row.place))
        order = keys or self._usual(kind, own, rows)
        return data.DataTable(kind, order, own, tuple(rows), self._lines(kind))

    def _known(
        self, kind: SheetKind, keys: tuple[str, ...], own: dict[str, str], row: Mapping
    ) -> Iterator[tuple[str, Scalar]]:
        """The cells of a row whose keys are columns; others are told, or finance's own where no columns are listed."""
        for key, scalar in self._cells(row):
            if key in own or (self._declared(kind, key) and (not keys or key in keys)):
                yield key, scalar
            elif not keys and not self._declared(kind, key) and _is_own(kind, key):
                own[key] = key
                yield key, scalar
            else:
                self._tell_key(kind, key, keys, scalar.place)

    def _declared(self, kind: SheetKind, key: str) -> str | None:
        return next((column.key for column in kind.columns if column.key == key), None)

    def _tell_key(self, kind: SheetKind, key: str, keys: tuple[str, ...], place: Place) -> None:
        known = (*(column.key for column in kind.columns), *keys)
        self.found.add("text-unknown-key", place, found=key, nearest=nearest(key, known) or ", ".join(known))

    def _row_nodes(self, kind: SheetKind, node: Node | None) -> Iterator[tuple[str | None, Mapping]]:
        """The rows of a table; those of a sheet of settings with their names."""
        if node is None or (isinstance(node, Scalar) and not node.text):
            return
        if kind.key in self.form.settings and isinstance(node, Mapping):
            for name, value in node.nodes.items():
                setting = data.setting_key(self.form.settings[kind.key], name)
                yield setting, value if isinstance(value, Mapping) else Mapping({"value": value}, value.place)
        elif kind.key not in self.form.settings and isinstance(node, Sequence):
            for each in node.nodes:
                if isinstance(each, Mapping):
                    yield None, each
                else:
                    self.found.add("text-misplaced", each.place, expected="key: value")
        else:
            expected = "key: value" if kind.key in self.form.settings else "- key: value"
            self.found.add("text-misplaced", node.place, expected=expected)

    def _cells(self, row: Mapping) -> Iterator[tuple[str, Scalar]]:
        for key, node in row.nodes.items():
            if isinstance(node, Scalar):
                yield key, node
            elif key == "notes" and isinstance(node, Mapping):
                yield from self._cells(node)
            else:
                self.found.add("text-misplaced", node.place, expected=f"{key}: value")

    def _columns(self, kind: SheetKind) -> tuple[tuple[str, ...], dict[str, str]]:
        """The columns of a sheet as the text lists them: keys in their order, own ones with their headings."""
        declared = {normalised(heading): c.key for c in reversed(kind.columns) for heading in c.headings()}
        keys: list[str] = []
        own: dict[str, str] = {}
        for scalar in self._scalars("columns", kind.key):
            key = declared_key(scalar.text, declared)
            if key is None:
                key = own_key(scalar.text, declared.values(), keys)
                own[key] = scalar.text
            if key in keys:
                self.found.add("text-unknown-key", scalar.place, found=scalar.text, nearest=", ".join(keys))
            keys.append(key)
        return tuple(keys), own

    def _usual(self, kind: SheetKind, own: dict[str, str], rows: list[data.DataRow]) -> tuple[str, ...]:
        """The columns of a text that does not list them: what is required or filled, in the usual order."""
        used = {key for row in rows for key in row.values}
        declared = (c.key for c in kind.columns if c.required or c.key in used)
        return (*declared, *(key for key in own if key in used))

    def _lines(self, kind: SheetKind) -> tuple[str, ...] | None:
        lines = tuple(scalar.text for scalar in self._scalars("lines", kind.key))
        return lines or None

    def _scalars(self, part: str, key: str) -> Iterator[Scalar]:
        whole = self.root.nodes.get(part)
        node = whole.nodes.get(key) if isinstance(whole, Mapping) else None
        for each in node.nodes if isinstance(node, Sequence) else ():
            if isinstance(each, Scalar):
                yield each

    def _pages(self) -> Iterator[data.OwnSheet]:
        pages = self.root.nodes.get("pages")
        titles: list[str] = []
        for title, node in (pages.nodes if isinstance(pages, Mapping) else {}).items():
            title_of_table = next((k for k in self.form.sheets if normalised(title) in titles_of(k)), None)
            if title_of_table is not None or safe_sheet_name(title, titles) != title:
                self.found.add("page-title", node.place, found=title)
                continue
            rows = node.nodes if isinstance(node, Sequence) else []
            titles.append(title)
            yield data.OwnSheet(title, tuple(tuple(self._page_row(row)) for row in rows))

    def _page_row(self, row: Node) -> Iterator[data.Content]:
        for cell in row.nodes if isinstance(row, Sequence) else ():
            yield decode(cell.text, cell.bare, None) if isinstance(cell, Scalar) else None


def _is_own(kind: SheetKind, key: str) -> bool:
    """Whether a key that no column declares may be finance's own: it is near to none that does."""
    return nearest(key, [column.key for column in kind.columns]) is None
