"""What the rules over a profile share. Rules read plain data, so that one fault hides no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import Problem, SourceRef
from generator.sources.key_paths import KeyPath, dotted
from generator.sources.known_words import KnownWords


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a key path: what, and how to mend it."""

    path: KeyPath
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A profile under check: its merged data, where each value came from, and the known words."""

    data: Any
    places: Mapping[KeyPath, SourceRef]
    known: KnownWords
    folder: Path | None = None
    """The folder that paths in messages are relative to; None when there is no file behind the data."""


Rule = Callable[[Subject], Iterable[Fault]]


def problems(subject: Subject, rules: Iterable[Rule]) -> Iterator[Problem]:
    """The faults that `rules` find, each with its place."""
    for rule in rules:
        for fault in rule(subject):
            yield Problem(nearest(fault.path, subject.places), dotted(fault.path), fault.what, fault.mend)


def nearest(path: KeyPath, places: Mapping[KeyPath, SourceRef]) -> SourceRef:
    """The place of `path`, or of the nearest part of the file that holds it."""
    while path not in places:
        path = path[:-1]
    return places[path]
