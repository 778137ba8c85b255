"""Two values of a plan compared: mappings by key, lists by the ids in them, never by place in a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

NEAR = 0.5
"""How much of two sentences must be the same for one to be the other, reworded."""

Kind = Literal["added", "removed", "changed", "moved"]
Path = tuple[str, ...]

_IDS = (
    ("duty", "item"), ("id",), ("duty",), ("switch",), ("signal",), ("fact",), ("path",), ("version",),
    ("role",), ("rule",), ("name",), ("who",), ("title",), ("how",), ("date", "kind"), ("what",), ("where",),
)  # fmt: skip
"""What names an entry of a list, first fit first."""

ORDERED = frozenset(
    ("contain", "eradicate", "recover", "call_order", "switches", "agents", "chain", "first_steps", "stages",
     "restore", "severities", "command")
)  # fmt: skip
"""Lists whose order says something."""

WHOLE = frozenset(("command", "clock"))
"""Values that are shown as a whole."""

WORDS_ONLY = frozenset(
    ("title", "plain", "definition", "headline", "place_title", "trigger_title", "rung_name")
)
"""Names and explanations: another wording with the same numbers is no other meaning."""

DERIVED_WORDS = frozenset(
    ("reason", "severity_because", "switches_because", "who_words", "drill_words", "verified_on", "status", "url",
     "lookback_volume", "last_drill", "tightest")
)  # fmt: skip
"""Repeats in words what another part of the plan says, or upkeep: never a change of meaning by itself."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NOT_A_LETTER = re.compile(r"[^\w%+<>=/-]+")


@dataclass(frozen=True, slots=True)
class Detail:
    """One difference inside a part of a plan. `old` and `new` are words; None where there was or is nothing."""

    path: Path
    kind: Kind
    old: str | None
    new: str | None
    wording: bool = False
    """Only the wording differs, not the meaning."""


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[Detail]:
    """Every difference, in a stable order."""
    if old == new:
        return
    name = path[-1] if path else ""
    if _is_tree(old) and _is_tree(new) and name not in WHOLE:
        for key in dict.fromkeys([*old, *new]):
            yield from differences(old.get(key), new.get(key), (*path, str(key)))
    elif isinstance(old, list) and isinstance(new, list) and name not in WHOLE:
        yield from _lists(old, new, path, ordered=name in ORDERED)
    elif _is_empty(old):
        yield Detail(path, "added", None, words(new), is_wording(name, None, new))
    elif _is_empty(new):
        yield Detail(path, "removed", words(old), None, is_wording(name, old, None))
    elif name == "command":
        yield Detail(path, "changed", " ".join(map(str, old)), " ".join(map(str, new)))
    else:
        yield Detail(path, "changed", words(old), words(new), is_wording(name, old, new))


def _is_tree(value: Any) -> bool:
    """A mapping that is looked into; a number with its unit is one value."""
    return isinstance(value, Mapping) and not {"value", "unit"} <= value.keys()


def _is_empty(value: Any) -> bool:
    return value is None or value in ([], {}, "")


def _lists(old: Sequence[Any], new: Sequence[Any], path: Path, *, ordered: bool) -> Iterator[Detail]:
    before, after = keyed([*old]), keyed([*new])
    moved = moved_keys([*before], [*after]) if ordered else frozenset()
    renamed = _reworded(before, after)
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(renamed.get(key, key))
        here = (
            (*path, key) if isinstance(was if was is not None else now, Mapping) and key[:1] != "{" else path
        )
        name = path[-1] if path else ""
        if key in renamed:
            yield Detail(here, "changed", words(was), words(now), is_wording(name, was, now))
        elif now is None and was is not None:
            yield Detail(here, "removed", words(was), None, is_wording(name, was, None))
        elif was is None and key not in renamed.values():
            yield Detail(here, "added", None, words(now), is_wording(name, None, now))
        elif was is not None:
            if key in moved:
                yield Detail(here, "moved", f"place {_place(before, key)}", f"place {_place(after, key)}")
            yield from differences(was, now, here)


def _reworded(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Sentences of a list that stand in the other one in nearly the same words: old -> new."""
    gone = [key for key in before if key not in after and isinstance(before[key], str)]
    come = [key for key in after if key not in before and isinstance(after[key], str)]
    found: dict[str, str] = {}
    for key in gone:
        near = {one: SequenceMatcher(None, key.split(), one.split(), autojunk=False).ratio() for one in come}
        best = max(near, key=lambda one: near[one], default=None)
        if best is not None and near[best] >= NEAR:
            found[key] = best
            come.remove(best)
    return found


def _place(entries: Mapping[str, Any], key: str) -> str:
    return f"{[*entries].index(key) + 1} of {len(entries)}"


def keyed(entries: Sequence[Any]) -> dict[str, Any]:
    """The entries of a list by what names them; entries that nothing names, by their content."""
    for fields in _IDS:
        if all(isinstance(e, Mapping) and all(_names(e.get(f)) for f in fields) for e in entries):
            found = {" / ".join(_name(e[f]) for f in fields): e for e in entries}
            if len(found) == len(entries):
                return found
    if entries and all(isinstance(e, list) and e and isinstance(e[0], str) for e in entries):
        found = {e[0]: e for e in entries}
        if len(found) == len(entries):
            return found
    return {
        e if isinstance(e, str) else json.dumps(e, sort_keys=True, ensure_ascii=False): e for e in entries
    }


def _names(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, Mapping) and isinstance(value.get("id"), str))


def _name(value: Any) -> str:
    return value if isinstance(value, str) else str(value["id"])


def moved_keys(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """The fewest entries that, taken out, leave the rest in the same order."""
    both = [key for key in new if key in set(old)]
    place = {key: at for at, key in enumerate(old)}
    kept: list[tuple[str, ...]] = []
    for at, key in enumerate(both):
        before = [kept[i] for i in range(at) if place[both[i]] < place[key]]
        kept.append((*_longest(before), key))
    return frozenset(both) - frozenset(_longest(kept))


def _longest(runs: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return max(runs, key=lambda run: len(run), default=())


def is_wording(name: str, old: Any, new: Any) -> bool:
    """Whether a difference is one of words alone."""
    if name in DERIVED_WORDS:
        return True
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    if _bare(old) == _bare(new):
        return True
    return name in WORDS_ONLY and _NUMBER.findall(old) == _NUMBER.findall(new)


def _bare(text: str) -> str:
    """A text without capitals, punctuation and spaces; signs that change a number or a command stay."""
    return " ".join(_NOT_A_LETTER.sub(" ", text.replace("’", "'").casefold()).split())


def words(value: Any) -> str:
    """A value for people, on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _mapping_words(value)
    if isinstance(value, list):
        return ", ".join(map(words, value)) or "nothing"
    return " ".join(str(value).split())


def _mapping_words(value: Mapping[str, Any]) -> str:
    if {"value", "unit"} <= value.keys():
        number = value["value"]
        shown = int(number) if isinstance(number, float) and number.is_integer() else number
        basis = f" ({value['basis']})" if value.get("basis") else ""
        return f"{shown} {str(value['unit']).replace('_', ' ')}{basis}"
    parts = {key: part for key, part in value.items() if not _is_empty(part) and part is not False}
    head = next(
        (parts.pop(key) for key in ("text", "statement", "question", "title", "name") if key in parts), None
    )
    if head is not None:
        return words(head)
    return "; ".join(f"{key.replace('_', ' ')} {words(part)}" for key, part in parts.items()) or "nothing"
