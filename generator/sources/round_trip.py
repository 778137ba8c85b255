"""Change a YAML file and keep every comment, quote and order that a person put there. The only user of ruamel.yaml.

Entries are added to a list of the top level as lines of text, so that the rest of the file keeps its bytes. Values
inside are set in ruamel's tree, which prints what it read.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from generator.sources.yaml_text import block, scalar

_INDENTS = ((4, 2), (2, 0))
ITEM_KEYS = ("id", "code", "residence")
"""What names an item of a list in a path."""


def with_entry(text: str, key: str, entry: Mapping[str, Any]) -> str:
    """`text` with one more item at the end of the top-level list `key`, which is made where it is not there."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    head = next((n for n, line in enumerate(lines) if re.match(rf"{re.escape(key)}:(?=\s|$)", line)), None)
    if head is None:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += [f"{key}:", *_item(entry, "  "), ""]
        return newline.join(lines)
    empty = re.match(rf"({re.escape(key)}:)\s*(?:\[\s*\]|~|null)?\s*(#.*)?$", lines[head])
    if empty is None:
        return _through_tree(text, key, entry)
    lines[head] = f"{key}:{'  ' + empty[2] if empty[2] else ''}"
    end, last, pad = head + 1, head, "  "
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " #-"):
        if found := re.match(r"( *)-(?: |$)", lines[end]):
            pad = found[1] if last == head else pad
        if lines[end].strip() and not lines[end].startswith("#"):
            last = end
        end += 1
    lines[last + 1 : last + 1] = _item(entry, pad)
    return newline.join(lines)


def _item(entry: Mapping[str, Any], pad: str) -> list[str]:
    return [f"{pad}{line}" for line in block([dict(entry)])]


def _through_tree(text: str, key: str, entry: Mapping[str, Any]) -> str:
    """For a list written in brackets."""
    tree = Tree(text)
    tree.data[key].append(_commented(dict(entry)))
    return tree.text()


class Tree:
    """A file as a tree that prints what it read, and takes new values by path."""

    def __init__(self, text: str) -> None:
        self._crlf = "\r\n" in text
        self._source = source = text.replace("\r\n", "\n")
        self.data: Any = _yaml(_INDENTS[0]).load(source)
        for self._indent in (*_INDENTS, _INDENTS[0]):
            self._before = _printed(_yaml(self._indent), self.data)
            if self._before == source:
                break

    def text(self) -> str:
        """The file's new text. Unchanged lines keep their bytes, also where ruamel would set them otherwise."""
        made = _over(self._source, self._before, _printed(_yaml(self._indent), self.data))
        return made.replace("\n", "\r\n") if self._crlf else made

    def set(self, path: Sequence[str], value: Any, *, first: bool = False) -> None:
        """Put `value` at a path of keys and ids. What is missing on the way is made.

        `first`: a new item of a list goes to its front. Raises KeyError for a step that cannot be taken.
        """
        node = self.data
        for step in path[:-1]:
            node = _child(node, step)
        _put(node, path[-1], value, first)

    def insert(self, path: Sequence[str], value: Any, *, front: bool) -> None:
        """Add an item to the list at `path`."""
        items = self.data
        for step in path:
            if step not in items:
                items[step] = CommentedSeq()
            items = items[step]
        items.insert(0 if front else len(items), _commented(value))


def _over(source: str, before: str, after: str) -> str:
    """The change from `before` to `after`, made in `source`, which `before` is a reprint of."""
    if source == before:
        return after
    own, old, new = source.split("\n"), before.split("\n"), after.split("\n")
    if len(own) != len(old):
        return after
    lines: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lines += own[a:b] if kind == "equal" else new[c:d]
    made = "\n".join(lines)
    try:
        same = _yaml((4, 2)).load(made) == _yaml((4, 2)).load(after)
    except YAMLError:
        return after
    return made if same else after


def _child(node: Any, step: str) -> Any:
    if isinstance(node, list):
        return node[_index(node, step)]
    if not isinstance(node, dict):
        raise KeyError(step)
    if node.get(step) is None:
        _put(node, step, {}, False)
    return node[step]


def _put(parent: Any, step: str, value: Any, first: bool) -> None:
    made = _commented(value)
    node = parent  # ruamel's own types: a list or a mapping with comments
    if isinstance(node, list):
        known = next((n for n, item in enumerate(node) if step in _names(item)), None)
        if known is None:
            node.insert(0 if first else len(node), made)
        else:
            node[known] = made
    elif not isinstance(node, CommentedMap):
        raise KeyError(step)
    elif step in node:
        node[step] = made
    else:
        # A comment that follows the last key belongs to what comes after it: stay before it.
        last = list(node)[-1] if node else None
        tail = last is not None and _has_tail(node, last)
        node.insert(len(node) - 1 if tail else len(node), step, made)


def _has_tail(node: Any, key: Any) -> bool:
    """Whether lines of comment hang on the last value below `key`."""
    value = node[key]
    if isinstance(value, CommentedMap | CommentedSeq) and len(value):
        return _has_tail(value, list(value)[-1] if isinstance(value, CommentedMap) else len(value) - 1)
    tokens = node.ca.items.get(key) or ()
    return any(
        token is not None and "\n" in getattr(token, "value", "")
        for token in tokens
        if not isinstance(token, list)
    )


def _index(items: list[Any], name: str) -> int:
    for number, item in enumerate(items):
        if name in _names(item):
            return number
    items.append(_commented({"id": name}))
    return len(items) - 1


def _names(item: Any) -> set[str]:
    """The names under which a path may speak of an item."""
    return {str(item[key]) for key in ITEM_KEYS if key in item} if isinstance(item, dict) else set()


def _commented(value: Any) -> Any:
    """Plain data as ruamel's own, short lists and mappings on one line, as `yaml_text` prints them."""
    node: Any
    if isinstance(value, Mapping):
        node = CommentedMap((key, _commented(part)) for key, part in value.items())
    elif isinstance(value, list | tuple):
        node = CommentedSeq(_commented(part) for part in value)
    else:
        return _typed(value)
    parts = list(value.values()) if isinstance(value, Mapping) else list(value)
    small = len(node) <= 4 and not any(isinstance(part, dict | list) for part in parts)
    if small and len(str(value)) < 90:
        node.fa.set_flow_style()
    return node


def _typed(value: Any) -> Any:
    """A text that YAML would read as something else gets its quotes; a date is written bare, as profiles do."""
    if isinstance(value, str):
        return _yaml((4, 2)).load(scalar(value, flow=True))
    return value


def _yaml(indent: tuple[int, int]) -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=indent[0], offset=indent[1])
    return yaml


def _printed(yaml: YAML, data: Any) -> str:
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()
