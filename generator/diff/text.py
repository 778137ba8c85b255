"""Two Markdown texts as one, with what came in and what went out marked word by word.

The marks are characters that no text of a plan holds (no shipped font has them); the renderer turns them into
underlined insertions and struck deletions. Marks never cut through a code span, link, emphasis, blank or table cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

INS, INS_END, DEL, DEL_END = "⸨", "⸩", "⸢", "⸣"
"""Unicode calls them punctuation, so that emphasis beside a mark still opens and closes."""

_MARKS = re.compile(f"[{INS}{INS_END}{DEL}{DEL_END}]")
_TOKEN = re.compile(
    r"\[ ____ [^\[\]]*? ____ \]|\[ _{8} \]|`+[^`]*`+|!?\[[^\[\]]*\]\([^()]*\)|<[^<>\s]+>"
    r"|\*\*(?:[^*]|\*(?!\*))+\*\*|\*[^*\s](?:[^*]*[^*\s])?\*|\\.|\s+|[^\s*`\[\]<>!\\]+|."
)
_HEAD = re.compile(r"[ \t]*(?:#{1,6}[ \t]+|(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|>[ \t]?)?")
_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?::?-+:?)?[ \t]*|[ \t]*(?:---+|___+)[ \t]*")
_CELL = re.compile(r"(?<!\\)\|")
NEAR = 0.45
"""How much of two lines must be the same for a word by word comparison; below that one replaces the other."""


def redline(old: str, new: str) -> str:
    """One Markdown text that shows how `old` became `new`."""
    before, after = (_blocks(_MARKS.sub("", text)) for text in (old, new))
    out = list(_aligned(before, after))
    return "\n\n".join(block for block in out if block) + "\n"


def changed_lines(old: str, new: str) -> tuple[int, int]:
    """(lines that came in, lines that went out)."""
    added = removed = 0
    matcher = SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if kind != "equal":
            removed += a_to - a_from
            added += b_to - b_from
    return added, removed


def _blocks(text: str) -> list[str]:
    """The text's blocks: what blank lines part, a fence whole."""
    blocks: list[list[str]] = [[]]
    fence = ""
    for line in text.split("\n"):
        mark = re.match(r"[ \t]*(`{3,}|~{3,})", line)
        if fence:
            blocks[-1].append(line)
            if mark and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
                blocks.append([])
        elif mark:
            fence = mark[1]
            if blocks[-1] and not line.startswith((" ", "\t")):
                blocks.append([])
            blocks[-1].append(line)
        elif line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]


def _aligned(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if kind == "equal":
            yield from before[a_from:a_to]
            continue
        for was, now in _pairs(before[a_from:a_to], after[b_from:b_to]):
            yield _block(was, now)


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Old and new pieces that are near each other in order, the rest alone."""
    start = 0
    for was in old:
        near = [(_ratio(was, new[at]), -at) for at in range(start, len(new))]
        best = max(near, default=(0.0, 0))
        if best[0] < NEAR:
            yield was, None
            continue
        for now in new[start : -best[1]]:
            yield None, now
        yield was, new[-best[1]]
        start = -best[1] + 1
    for now in new[start:]:
        yield None, now


def _ratio(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= NEAR else 0.0


def _block(was: str | None, now: str | None) -> str:
    if was is None or now is None:
        return _whole(now if was is None else was, INS if was is None else DEL)  # type: ignore[arg-type]
    fences = [one.lstrip().startswith(("```", "~~~")) for one in (was, now)]
    tables = [_columns(one) for one in (was, now)]
    if (any(fences) and not all(fences)) or tables[0] != tables[1]:
        return f"{_whole(was, DEL)}\n\n{_whole(now, INS)}"
    old, new = was.split("\n"), now.split("\n")
    if all(fences):
        return "\n".join([new[0], *_fence(old[1:-1], new[1:-1]), new[-1]])
    out: list[str] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if kind == "equal":
            out += old[a_from:a_to]
            continue
        pairs = _pairs(old[a_from:a_to], new[b_from:b_to])
        out += [_line(before, after) for before, after in pairs]
    return "\n".join(out)


def _columns(block: str) -> int:
    """The columns of a table, 0 for anything else."""
    lines = block.split("\n")
    is_table = len(lines) > 1 and lines[0].lstrip().startswith("|") and bool(_RULE.fullmatch(lines[1]))
    return len(_cells(lines[0])) if is_table else 0


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in _CELL.split(row.strip().removeprefix("|").removesuffix("|"))]


def _fence(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if kind == "equal":
            yield from old[a_from:a_to]
        else:
            yield from (f"{DEL}{line}{DEL_END}" for line in old[a_from:a_to])
            yield from (f"{INS}{line}{INS_END}" for line in new[b_from:b_to])


def _whole(block: str, mark: str) -> str:
    """A block that came in or went out as a whole."""
    lines = block.split("\n")
    if lines[0].lstrip().startswith(("```", "~~~")):
        inner = _fence([], lines[1:-1]) if mark == INS else _fence(lines[1:-1], [])
        return "\n".join([lines[0], *inner, lines[-1]])
    return "\n".join(_line(None, line) if mark == INS else _line(line, None) for line in lines)


def _line(was: str | None, now: str | None) -> str:
    """One line of a paragraph, list or table: word by word where both are there."""
    line = now if now is not None else was or ""
    if _RULE.fullmatch(line):
        return line
    if line.lstrip().startswith("|"):
        return _row(was, now)
    head = _HEAD.match(line)
    start = head[0] if head else ""
    old, new = (None if text is None else text[len(_HEAD.match(text)[0]) :] for text in (was, now))  # type: ignore[index]
    return start + _words(old, new)


def _row(was: str | None, now: str | None) -> str:
    cells = [None if row is None else _cells(row) for row in (was, now)]
    old, new = cells
    if old is not None and new is not None and len(old) == len(new):
        return f"| {' | '.join(_words(a, b) for a, b in zip(old, new, strict=True))} |"
    out = [f"| {' | '.join(_words(cell, None) for cell in old)} |"] if old is not None else []
    out += [f"| {' | '.join(_words(None, cell) for cell in new)} |"] if new is not None else []
    return "\n".join(out)


def _words(was: str | None, now: str | None) -> str:
    """The words of one line or cell with marks."""
    old, new = (_TOKEN.findall(text or "") for text in (was, now))
    out = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if kind == "equal":
            out.append("".join(old[a_from:a_to]))
        else:
            out.append(_marked(old[a_from:a_to], DEL, DEL_END) + _marked(new[b_from:b_to], INS, INS_END))
    return "".join(out)


def _marked(tokens: Sequence[str], start: str, end: str) -> str:
    """The tokens between marks; blanks at the ends stay outside."""
    text = "".join(tokens)
    inner = text.strip()
    if not inner:
        return text if start == INS else ""
    at = text.index(inner)
    return f"{text[:at]}{start}{inner}{end}{text[at + len(inner) :]}"
