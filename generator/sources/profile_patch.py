"""A patch of a profile: values by path, the plan's new version, the line of its history. Comments and order stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from generator.errors import UsageProblem
from generator.model.incident import Patch
from generator.sources.known_words import KnownWords
from generator.sources.profiles import LoadedProfile, load_profile_text
from generator.sources.round_trip import ITEM_KEYS, Tree
from generator.sources.validation import did_you_mean

_FIXED = ("schema", "extends", "plan.id", "plan.version", "plan.effective", "plan.revisions")
"""What a patch may not touch: the version and the history are ours to write."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The line of the plan's history that a patch adds."""

    version: str
    day: date
    summary: str
    because: str
    by: str


def patched(
    loaded: LoadedProfile, patches: Sequence[Patch], revision: Revision | None, known: KnownWords
) -> str:
    """The profile's new text, checked as if a person had written it.

    Raises UsageProblem for a path that leads nowhere, InvalidInput where a value makes the profile wrong.
    """
    tree = Tree(loaded.sources[0].text)
    for patch in patches:
        steps = patch.path.split(".")
        for fixed in _FIXED:
            if patch.path == fixed or patch.path.startswith(f"{fixed}."):
                raise UsageProblem(f"{patch.path}: a patch cannot change `{fixed}`")
        _check_path(loaded.raw, patch)
        try:
            tree.set(steps, patch.value)
        except KeyError as error:
            raise UsageProblem(f"{patch.path}: no way through {error}") from None
    if revision:
        line: dict[str, Any] = {
            "version": revision.version,
            "date": revision.day.isoformat(),
            "summary": revision.summary,
            "because": revision.because,
            "by": revision.by,
        }
        tree.set(("plan", "version"), revision.version)
        tree.set(("plan", "effective"), revision.day.isoformat())
        tree.insert(("plan", "revisions"), line, front=_newest_first(loaded))
    text = tree.text()
    load_profile_text(text, loaded.path, known)
    return text


def next_version(version: str) -> str:
    """The last number one higher: 2.1 -> 2.2."""
    head, _, last = version.rpartition(".")
    return f"{head}.{int(last) + 1}" if head else str(int(last) + 1)


def _newest_first(loaded: LoadedProfile) -> bool:
    """Whether the history begins with its newest line; a history of one line or none takes the new one in front."""
    days = [line.date for line in loaded.profile.plan.revisions]
    return len(days) < 2 or days[0] >= days[-1]


def _check_path(data: Any, patch: Patch) -> None:
    """The path must lead to something, or name a new key or item in something that is there; the value must be new."""
    node = data
    steps = patch.path.split(".")
    for at, step in enumerate(steps):
        words = _words(node)
        if step in words:
            node = node[step] if isinstance(node, Mapping) else node[words.index(step)]
        elif at == len(steps) - 1 and isinstance(node, Mapping | list):
            return
        else:
            near = did_you_mean(step, words)
            raise UsageProblem(f"{patch.path}: there is no `{step}`" + (f"; {near}" if near else ""))
    if node == patch.value and type(node) is type(patch.value):
        raise UsageProblem(f"{patch.path}: is `{node}` already; the patch would change nothing")


def _words(node: Any) -> list[str]:
    """The steps that can be taken from a value."""
    if isinstance(node, Mapping):
        return [str(key) for key in node]
    if isinstance(node, list):
        return [
            next((str(item[key]) for key in ITEM_KEYS if isinstance(item, Mapping) and key in item), "")
            for item in node
        ]
    return []
