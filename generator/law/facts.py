"""Facts by name: what a profile, an incident or a command line knows, and what it does not."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from generator.errors import UsageProblem
from generator.model.conditions import FactDefinition, FactValue
from generator.model.lawbook import FactRegistry


class Unknown:
    """The value of a fact that nobody has stated. One object: `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown fact is neither true nor false")


UNKNOWN: Final = Unknown()

_YES = frozenset({"yes", "true", "y", "1"})
_NO = frozenset({"no", "false", "n", "0"})


@dataclass(frozen=True)
class FactSet:
    """Values of facts by name.

    `closed` holds prefixes that are complete, e.g. `residents:`, so that a place that is not listed
    counts 0. A count of a group or country (`residents:EU`, `residents:US`) is the sum of its places.
    `client` is how reasons call the client.
    """

    values: Mapping[str, FactValue] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    registry: FactRegistry = field(default_factory=FactRegistry)
    client: str = "the client"

    def get(self, name: str) -> FactValue | Unknown:
        """The value of a fact, or UNKNOWN."""
        if name in self.values:
            return self.values[name]
        prefix, colon, place = name.partition(":")
        if not colon or f"{prefix}:" not in self.closed:
            return UNKNOWN
        country = place.partition("-")[0]
        if country != place and self.values.get(f"{prefix}:{country}", 0):
            return UNKNOWN  # a country's count alone does not say in which of its states people live
        return sum(count for _, count in self._within(prefix, place))

    def at_least(self, name: str) -> int | None:
        """The smallest value that a count can have: its value, or the sum of the parts that are known."""
        value = self.get(name)
        if not isinstance(value, Unknown):
            return value if isinstance(value, int) and not isinstance(value, bool) else None
        prefix, colon, place = name.partition(":")
        if not colon:
            return None
        known = [count for _, count in self._within(prefix, place)]
        return sum(known) if known else None

    def per_place(self, prefix: str) -> dict[str, int]:
        """The counts by place of a fact that is written with places, sorted by place."""
        found = {}
        for name in sorted(self.values):
            base, colon, place = name.partition(":")
            value = self.values[name]
            if base == prefix and colon and isinstance(value, int):
                found[place] = int(value)
        return found

    def is_closed(self, prefix: str) -> bool:
        """True when every place of `prefix` is listed."""
        return f"{prefix}:" in self.closed

    def with_(self, values: Mapping[str, FactValue] | None = None, /, **named: FactValue) -> FactSet:
        """These facts with some more or others."""
        return replace(self, values={**self.values, **(values or {}), **named})

    def _within(self, prefix: str, place: str) -> Iterator[tuple[str, int]]:
        """Counts of the places inside a group or country. A country's own count stands for its states."""
        counts = self.per_place(prefix)
        for code, count in counts.items():
            country = code.partition("-")[0]
            if code != country and country in counts and country != place:
                continue
            if code != place and self.registry.places.within(code, place):
                yield code, count


def parse_fact(text: str, registry: FactRegistry) -> tuple[str, FactValue]:
    """`residents:US-TX=220` -> ("residents:US-TX", 220). Raises UsageProblem with one clear line."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not name:
        raise UsageProblem(f"--fact {text}: write NAME=VALUE, e.g. residents:US-TX=220")
    definition = registry.definition(name)
    if definition is None:
        raise UsageProblem(
            f"--fact {text}: no fact `{name.partition(':')[0]}`{_near(name, list(registry.definitions))}"
        )
    _check_place(name, definition, registry)
    return name, _value(value, name, definition)


def _check_place(name: str, definition: FactDefinition, registry: FactRegistry) -> None:
    place = name.partition(":")[2]
    if definition.per_place and not place:
        raise UsageProblem(f"--fact {name}: name a place, e.g. {definition.id}:US-TX")
    if place and not definition.per_place:
        raise UsageProblem(f"--fact {name}: `{definition.id}` takes no place")
    known = {*registry.places.names, *registry.places.groups}
    if place and place not in known:
        raise UsageProblem(
            f"--fact {name}: no place `{place}`{_near(place, sorted(known), by_name=registry)}"
        )


def _value(text: str, name: str, definition: FactDefinition) -> FactValue:
    if definition.type == "yes_no":
        if text.lower() not in _YES | _NO:
            raise UsageProblem(f"--fact {name}={text}: say yes or no")
        return text.lower() in _YES
    if definition.type == "count":
        if not re.fullmatch(r"[0-9]{1,3}(?:[,_ ][0-9]{3})+|[0-9]{1,15}", text):
            raise UsageProblem(f"--fact {name}={text}: say a whole number, 0 or more")
        return int(re.sub(r"[,_ ]", "", text))
    if definition.type == "word":
        return _word(text, name, definition)
    words = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(sorted({_word(word, name, definition) for word in words}))


def _word(text: str, name: str, definition: FactDefinition) -> str:
    if not text:
        raise UsageProblem(f"--fact {name}=: say a value")
    if definition.values and text not in definition.values:
        known = ", ".join(definition.values)
        near = _near(text, list(definition.values))
        raise UsageProblem(
            f"--fact {name}={text}: {f'no such value{near}' if near else f'use one of: {known}'}"
        )
    return text


def _near(word: str, known: list[str], *, by_name: FactRegistry | None = None) -> str:
    close = difflib.get_close_matches(word.partition(":")[0] or word, known, n=1)
    if by_name is not None:
        titles = {title.lower(): code for code, title in by_name.places.names.items()}
        close = [titles[word.lower()]] if word.lower() in titles else close
    return f"; did you mean `{close[0]}`?" if close else ""
