"""Three-way merge of a text that a person edited with the text of a new build. The only module that imports merge3.

Lines are merged. Line ends and a byte order mark are the editor's business, not an edit: texts are compared with
`\\n`, and a person's line ends come back in the merged text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from merge3 import Merge3

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Clash:
    """A place where the person and the new build both changed the same lines. Lines count from 1."""

    own_line: int
    own: str
    """The first line there in the person's text; empty where the person took the lines out."""
    new: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of an edit. `text` has `\\n` line ends; with a clash it is the person's text."""

    text: str
    clashes: tuple[Clash, ...] = ()
    holds_edits: bool = True
    """Whether the text still differs from the new build's."""


def merge(base: str, own: str, new: str, settled: Callable[[str], str] | None = None) -> Merged:
    """Lay what the person changed (`base` to `own`) over the new text. All with `\\n` line ends.

    `settled` makes the text of a clash out of the person's lines; without it a clash is an answer.
    """
    if own in (base, new):
        return Merged(new, (), False)
    if base == new:
        return Merged(own)
    base_lines, own_lines, new_lines = (text.splitlines(keepends=True) for text in (base, own, new))
    out: list[str] = []
    clashes: list[Clash] = []
    for region in Merge3(base_lines, own_lines, new_lines).merge_regions():
        if region[0] == "conflict":
            own_from, own_to, new_from, new_to = region[3:]
            if settled:
                out.append(settled("".join(own_lines[own_from:own_to])))
                continue
            clashes.append(
                Clash(
                    own_from + 1,
                    _first(own_lines[own_from:own_to]),
                    _first(new_lines[new_from:new_to]),
                )
            )
            continue
        kind, start, end = region
        source = {"unchanged": base_lines, "a": own_lines, "same": own_lines, "b": new_lines}[kind]
        out += source[start:end]
    if clashes:
        return Merged(own, tuple(clashes))
    text = "".join(out)
    return Merged(text, (), text != new)


def _first(lines: list[str]) -> str:
    return next((line.strip() for line in lines if line.strip()), "")


def read_own(data: bytes) -> tuple[str, bool] | None:
    """A person's file as text with `\\n` line ends, and whether most end in `\\r\\n`. None when it is no UTF-8."""
    try:
        text = data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError:
        return None
    windows = text.count("\r\n") * 2 > text.count("\n")
    return text.replace("\r\n", "\n").replace("\r", "\n"), windows


def write_own(text: str, windows: bool) -> bytes:
    """The merged text with the person's line ends."""
    return (text.replace("\n", "\r\n") if windows else text).encode()
