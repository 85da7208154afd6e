"""YAML and JSON read as trees whose scalars know their line and whether they had quotes; nothing is guessed of them."""

import json
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from xlbill.cells import Place
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.refusals import in_words

Tree: TypeAlias = "str | bool | Decimal | date | list[Tree] | dict[str, Tree] | None"
"""What is written: mappings, lists, texts, truths, figures and days."""

MAX_CHARACTERS = 64 * 2**20
MAX_DEPTH = 16


class Scalar(NamedTuple):
    """A scalar as it stands in a text."""

    text: str
    bare: bool
    place: Place


class Sequence(NamedTuple):
    """A list, and where it begins."""

    nodes: "list[Node]"
    place: Place


class Mapping(NamedTuple):
    """A mapping, and where it begins."""

    nodes: "dict[str, Node]"
    place: Place


Node: TypeAlias = Scalar | Sequence | Mapping


class _Broken(Exception):
    """A text that is not in its format: what is wrong, and its line. Raised and caught within this module."""

    def __init__(self, reason: Label, line: int | None) -> None:
        super().__init__(reason.en)
        self.reason, self.line = reason, line


_TOO_DEEP = Label("嵌套过深", "too deep")


def _twice(key: object) -> Label:
    return Label(f"键 {key} 出现了两次", f"the key {key} stands twice")


def parse_text(text: str, shown: str, *, is_json: bool) -> tuple[Node | None, Problems]:
    """The tree of a text; None and the problem where it is no YAML (JSON) or has a key twice."""
    found = Problems()
    try:
        if len(text) > MAX_CHARACTERS:
            raise _Broken(Label("超过 64 MiB", "more than 64 MiB"), None)
        return (_of_json(text, shown) if is_json else _of_yaml(text, shown)), found
    except (_Broken, RecursionError) as error:
        line = error.line if isinstance(error, _Broken) else None
        found.add(
            "text-broken",
            Place(shown, None, line),
            format="JSON" if is_json else "YAML",
            reason=error.reason if isinstance(error, _Broken) else _TOO_DEEP,
        )
        return None, found


# --- YAML ----------------------------------------------------------------------------------------------------------


def _of_yaml(text: str, shown: str) -> Node:
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise _Broken(in_words(" ".join(reason.split())), mark.line + 1 if mark is not None else None) from None
    return _YamlNodes(shown, len(text)).of(root, 0, set())


class _YamlNodes:
    """The nodes of a YAML text with their places: not more of them, aliases followed, than the text has characters."""

    def __init__(self, shown: str, most: int) -> None:
        self._shown, self._left = shown, most

    def of(self, node: Any, depth: int, above: set[int]) -> Node:
        """A node and all below it; `above` are those that it stands in."""
        import yaml

        if node is None:
            return Mapping({}, Place(self._shown))
        line = node.start_mark.line + 1
        place = Place(self._shown, None, line)
        if depth > MAX_DEPTH or id(node) in above:
            raise _Broken(_TOO_DEEP, line)
        self._left -= 1
        if self._left < 0:
            raise _Broken(Label("别名套别名，展开后过大", "aliases of aliases"), line)
        if isinstance(node, yaml.ScalarNode):
            return Scalar(node.value, node.style is None, place)
        inside = above | {id(node)}
        if isinstance(node, yaml.SequenceNode):
            return Sequence([self.of(each, depth + 1, inside) for each in node.value], place)
        nodes: dict[str, Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in nodes:
                raise _Broken(_twice(getattr(key, "value", "?")), key.start_mark.line + 1)
            nodes[key.value] = self.of(value, depth + 1, inside)
        return Mapping(nodes, place)


# --- JSON ----------------------------------------------------------------------------------------------------------


class _Bare(str):
    """A figure as it is written."""


def _of_json(text: str, shown: str) -> Node:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for key, value in items:
            if key in read:
                raise _Broken(_twice(key), None)
            read[key] = value
        return read

    try:
        root = json.loads(text, object_pairs_hook=pairs, parse_float=_Bare, parse_int=_Bare, parse_constant=_Bare)
    except json.JSONDecodeError as error:
        raise _Broken(in_words(error.msg), error.lineno) from None
    return _json_node(root, Place(shown), 0)


def _json_node(node: Any, place: Place, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise _Broken(_TOO_DEEP, None)
    if isinstance(node, dict):
        return Mapping({key: _json_node(value, place, depth + 1) for key, value in node.items()}, place)
    if isinstance(node, list):
        return Sequence([_json_node(value, place, depth + 1) for value in node], place)
    if isinstance(node, bool) or node is None:
        return Scalar({True: "true", False: "false", None: ""}[node], True, place)
    return Scalar(str(node), isinstance(node, _Bare), place)
