"""YAML text -> plain data, with the place of every key. The only user of PyYAML.

Scalars follow the YAML 1.2 core schema, a little narrower so that no word or number of a person is
bent: `yes`, `NO`, `12:30`, `0777`, `+4930123456`, `1_000`, `0x1F` and dates stay strings. Keys are
always strings. Tags, merge keys and repeated keys are refused; aliases are few and bounded.

The events of the parser are read one by one (no recursion in C or Python), so that depth and size
are bounded before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

import yaml

from generator.errors import InvalidInput, Problem, SourceRef

KeyPath = tuple[str | int, ...]
Places = dict[KeyPath, SourceRef]

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_ALIASES = 50
MAX_NODES = 400_000

_PARSER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_REAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
"""Control characters and marks that turn the direction of a text round. An escape such as
`"\\e"` can write them; they would steer a terminal or show another text than the one that is there."""


@dataclass(slots=True)
class _Node:
    """A scalar, a list or a mapping as read. `size` and `depth` count aliases as if written out."""

    mark: Any
    value: Any = None
    items: list[_Node] | None = None
    pairs: list[tuple[_Node, _Node]] | None = None
    plain: bool = False
    size: int = 1
    depth: int = 1
    anchor: str | None = None
    waiting_key: _Node | None = field(default=None, repr=False)

    def add(self, child: _Node) -> None:
        self.size += child.size
        self.depth = max(self.depth, child.depth + 1)
        if self.items is not None:
            self.items.append(child)
        elif self.waiting_key is None:
            self.waiting_key = child
        elif self.pairs is not None:
            self.pairs.append((self.waiting_key, child))
            self.waiting_key = None


class _Reader:
    """One reading of one text."""

    def __init__(self, text: str, path: PurePath) -> None:
        self.text, self.path = text, path
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Node] = {}
        self.aliases = 0

    def at(self, mark: Any) -> SourceRef:
        return SourceRef(self.path, mark.line + 1, mark.column + 1) if mark else SourceRef(self.path)

    def stop(self, mark: Any, what: str, mend: str = "") -> InvalidInput:
        return InvalidInput([*self.problems, Problem(self.at(mark), "", what, mend)])

    def note(self, mark: Any, what: str, mend: str, key: str = "") -> None:
        self.problems.append(Problem(self.at(mark), key, what, mend))

    def events(self) -> Iterator[Any]:
        loader = _PARSER(self.text)
        try:
            while loader.check_event():
                yield loader.get_event()
        except yaml.MarkedYAMLError as error:
            begun = (
                f"{error.context} that begins in line {error.context_mark.line + 1},"
                if error.context_mark
                else ""
            )
            words = " ".join(part for part in (begun, error.problem) if part) or "not YAML"
            raise self.stop(error.problem_mark or error.context_mark, f"not valid YAML: {words}") from None
        except (yaml.YAMLError, UnicodeError) as error:
            raise self.stop(None, f"not valid YAML: {error}") from None
        finally:
            loader.dispose()

    def root(self) -> _Node:
        """The tree of the one document."""
        stack: list[_Node] = []
        root: _Node | None = None
        for event in self.events():
            node: _Node | None = None
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise self.stop(
                    event.start_mark, "a second document", "one file holds one document; remove `---`"
                )
            if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
                node = self.opened(event, len(stack))
                if node.items is not None or node.pairs is not None:
                    stack.append(node)
                    continue
            elif isinstance(event, yaml.CollectionEndEvent):
                node = stack.pop()
            elif isinstance(event, yaml.AliasEvent):
                node = self.aliased(event)
            if node is None:
                continue
            if node.anchor and not isinstance(event, yaml.AliasEvent):
                self.anchors[node.anchor] = node
            if stack:
                stack[-1].add(node)
                if stack[-1].size > MAX_NODES:
                    raise self.stop(event.start_mark, f"more than {MAX_NODES} values", "split the file")
            else:
                root = node
        if root is None or (root.plain and root.value == ""):
            raise self.stop(None, "the file is empty", "write at least one `key: value`")
        if root.depth > MAX_DEPTH:
            raise self.stop(root.mark, f"nested deeper than {MAX_DEPTH} levels", "write it flatter")
        return root

    def opened(self, event: Any, depth: int) -> _Node:
        if depth >= MAX_DEPTH:
            raise self.stop(event.start_mark, f"nested deeper than {MAX_DEPTH} levels", "write it flatter")
        if event.tag is not None:
            self.note(event.start_mark, f"the tag `{event.tag}` is not allowed", "remove it")
        node = _Node(event.start_mark, anchor=event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            node.value, node.plain = event.value, bool(event.implicit[0])
        elif isinstance(event, yaml.SequenceStartEvent):
            node.items = []
        else:
            node.pairs = []
        if event.anchor in self.anchors:
            self.note(event.start_mark, f"the anchor `&{event.anchor}` is there twice", "rename one")
        return node

    def aliased(self, event: Any) -> _Node:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self.stop(event.start_mark, f"more than {MAX_ALIASES} aliases", "write the values out")
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self.stop(
                event.start_mark,
                f"the alias `*{event.anchor}` has no finished anchor before it",
                "write the value out",
            )
        return node

    def build(self, node: _Node, path: KeyPath, places: Places) -> Any:
        """Data of a node; `places` gets every key path below it. Depth is bounded by `root`."""
        if node.items is not None:
            built = []
            for index, item in enumerate(node.items):
                places[(*path, index)] = self.at(item.mark)
                built.append(self.build(item, (*path, index), places))
            return built
        if node.pairs is None:
            if bad := _UNSEEN.search(node.value):
                what = f"a character U+{ord(bad[0]):04X} that no text needs"
                self.note(node.mark, what, "remove it", _dotted(path))
            return _scalar(node.value) if node.plain else node.value
        data: dict[str, Any] = {}
        for key, value in node.pairs:
            if key.items is not None or key.pairs is not None:
                self.note(key.mark, "a key must be a word", "put quotes around it", _dotted(path))
                continue
            name = key.value
            if name == "<<" and key.plain:
                self.note(key.mark, "the merge key `<<` is not allowed", "write the keys out", _dotted(path))
                continue
            here = (*path, name)
            if name in data:
                self.note(
                    key.mark,
                    f"`{name}` is there twice, first in line {places[here].line}",
                    "keep one",
                    _dotted(here),
                )
                continue
            places[here] = self.at(key.mark)
            data[name] = self.build(value, here, places)
        return data


def _dotted(path: KeyPath) -> str:
    return ".".join(map(str, path))


def _scalar(text: str) -> Any:
    """The value of a plain scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _REAL.fullmatch(text) else text


def read_yaml(text: str, path: PurePath) -> tuple[Any, Places]:
    """Parse one document.

    Returns the data and, for each key path, where it stands in `path`: the place of the key for a
    mapping, of the item for a list, `()` for the whole. Raises InvalidInput.
    """
    bad = _FORBIDDEN.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        place = SourceRef(path, line, column)
        raise InvalidInput(
            [Problem(place, "", f"a character U+{ord(bad[0]):04X} that no text needs", "remove it")]
        )
    reader = _Reader(text, path)
    root = reader.root()
    places: Places = {(): reader.at(root.mark)}
    data = reader.build(root, (), places)
    if reader.problems:
        raise InvalidInput(reader.problems)
    return data, places


def read_text_file(path: Path, *, limit_bytes: int = MAX_BYTES, shown: PurePath | None = None) -> str:
    """The UTF-8 text of a file of bounded size. Raises InvalidInput."""
    place = SourceRef(shown or path)
    try:
        with path.open("rb") as file:
            raw = file.read(limit_bytes + 1)
    except IsADirectoryError:
        raise InvalidInput([Problem(place, "", "is a folder, not a file", "name the file in it")]) from None
    except OSError as error:
        raise InvalidInput([Problem(place, "", f"cannot be read: {error.strerror or error}")]) from None
    if len(raw) > limit_bytes:
        raise InvalidInput([Problem(place, "", f"larger than {limit_bytes} bytes", "split the file")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        where = SourceRef(place.path, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        raise InvalidInput([Problem(where, "", "not UTF-8 text", "save the file as UTF-8")]) from None


def read_yaml_file(
    path: Path, *, limit_bytes: int = MAX_BYTES, shown: PurePath | None = None
) -> tuple[Any, Places]:
    """Read and parse one file; `shown` is the path that messages print. Raises InvalidInput."""
    return read_yaml(read_text_file(path, limit_bytes=limit_bytes, shown=shown), shown or path)
