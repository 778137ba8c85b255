"""Data with the place of every value, and the merge that `extends` makes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.errors import SourceRef

KeyPath = tuple[str | int, ...]

ITEM_KEYS = ("id", "code", "residence")
"""What names an item of a list, so that two lists merge item by item."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it was written. `value` is a scalar, a list of nodes, or a mapping to nodes."""

    value: Any
    where: SourceRef


def grow(data: Any, places: Mapping[KeyPath, SourceRef], path: KeyPath = ()) -> Node:
    """Plain data and its places as one tree."""
    where = places[path]
    if isinstance(data, dict):
        return Node({key: grow(value, places, (*path, key)) for key, value in data.items()}, where)
    if isinstance(data, list):
        return Node([grow(value, places, (*path, index)) for index, value in enumerate(data)], where)
    return Node(data, where)


def plain(node: Node) -> Any:
    """The data of a tree."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def places_of(node: Node, path: KeyPath = ()) -> dict[KeyPath, SourceRef]:
    """Key path -> where it was written, for the whole tree."""
    found = {path: node.where}
    children = node.value.items() if isinstance(node.value, dict) else ()
    items = enumerate(node.value) if isinstance(node.value, list) else ()
    for step, child in (*children, *items):
        found.update(places_of(child, (*path, step)))
    return found


def merge(base: Node, own: Node) -> Node:
    """`own` laid over `base`.

    Mappings merge key by key. Lists whose items all carry the same naming key (`id`, `code`,
    `residence`) merge item by item: base order first, new items after. Every other value of `own`
    replaces that of `base`; `null` removes it.
    """
    if isinstance(base.value, dict) and isinstance(own.value, dict):
        merged = dict(base.value)
        for key, child in own.value.items():
            if child.value is None and key in merged:
                del merged[key]
            else:
                merged[key] = merge(merged[key], child) if key in merged else child
        return Node(merged, own.where)
    name = _shared_name(base, own)
    return Node(_merge_items(base.value, own.value, name), own.where) if name else own


def _shared_name(base: Node, own: Node) -> str | None:
    """The key that names the items of both lists; None where one list is not of named items."""
    if not (isinstance(base.value, list) and isinstance(own.value, list) and base.value and own.value):
        return None
    return next(
        (key for key in ITEM_KEYS if all(_name(item, key) for item in (*base.value, *own.value))), None
    )


def _name(item: Node, key: str) -> str | None:
    child = item.value.get(key) if isinstance(item.value, dict) else None
    return child.value if child and isinstance(child.value, str) else None


def _merge_items(base: list[Node], own: list[Node], key: str) -> list[Node]:
    """Items of both. A name that `own` repeats stays repeated, so that the check for it sees it."""
    merged = list(base)
    index = {_name(item, key): number for number, item in enumerate(base)}
    done: set[str | None] = set()
    for item in own:
        name = _name(item, key)
        if name in index and name not in done:
            merged[index[name]] = merge(merged[index[name]], item)
        else:
            merged.append(item)
        done.add(name)
    return merged
