"""The law book in memory: every duty with its regulation, and the closed lists that duties use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.errors import SourceRef
from generator.model.conditions import FactDefinition
from generator.model.law import Authority, Duty, NamedWords, Regulation, Trigger


@dataclass(frozen=True)
class PlaceNames:
    """Names of places for print, groups of places for conditions, and the zone of places that have one."""

    names: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)

    def name(self, code: str) -> str:
        """The name of a place, or its code."""
        return self.names.get(code, code)

    def has(self, code: str) -> bool:
        """True for a place or group that is listed."""
        return code in self.names or code in self.groups

    def within(self, code: str, group: str) -> bool:
        """True when the place `code` is `group` or lies in it: DE in EU, US-TX in US."""
        country = code.partition("-")[0]
        return group in (code, country) or country in self.groups.get(group, ())


@dataclass(frozen=True)
class FactRegistry:
    """The facts that conditions may use, and the names of the places that facts may carry."""

    definitions: Mapping[str, FactDefinition] = field(default_factory=dict)
    places: PlaceNames = field(default_factory=PlaceNames)

    def definition(self, name: str) -> FactDefinition | None:
        """The definition of `residents:US-TX` is that of `residents`."""
        return self.definitions.get(name.partition(":")[0])

    def title(self, name: str) -> str:
        """`residents:US-TX` in words: "People who reside in Texas"."""
        base, _, place = name.partition(":")
        known = self.definitions.get(base)
        words = known.title if known else base.replace("_", " ")
        if place and words.endswith(" there"):
            return f"{words.removesuffix('there')}in {self.places.name(place)}"
        return f"{words} ({self.places.name(place)})" if place else words

    def question(self, name: str) -> str:
        """What to ask a person who does not know the fact yet."""
        base, _, place = name.partition(":")
        known = self.definitions.get(base)
        words = known.question if known else f"What is {base.replace('_', ' ')}?"
        return f"{self.places.name(place)}: {words}" if place else words


@dataclass(frozen=True)
class LawBook:
    """All regulations of all folders, checked against each other. Everything is sorted by id."""

    regulations: Mapping[str, Regulation]
    authorities: tuple[Authority, ...]
    triggers: Mapping[str, Trigger]
    events: Mapping[str, NamedWords]
    recipients: Mapping[str, NamedWords]
    registry: FactRegistry
    calendar_ids: frozenset[str] = frozenset()
    places: Mapping[str, SourceRef] = field(default_factory=dict)
    """Where each duty stands: duty id -> file, line, column."""
    duties: Mapping[str, Duty] = field(init=False)
    _homes: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        pairs = sorted(
            (
                (duty.id, duty, regulation.id)
                for regulation in self.regulations.values()
                for duty in regulation.duties
            ),
            key=lambda pair: pair[0],
        )
        object.__setattr__(self, "duties", {key: duty for key, duty, _ in pairs})
        object.__setattr__(self, "_homes", {key: home for key, _, home in pairs})

    def regulation_of(self, duty_id: str) -> Regulation:
        """The regulation in which a duty stands."""
        return self.regulations[self._homes[duty_id]]
