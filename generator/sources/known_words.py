"""The closed lists outside a profile that its words must come from: catalogue, law book, places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from generator.model.catalog import Catalog
from generator.model.conditions import FactDefinition
from generator.model.lawbook import LawBook


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What a profile may name. An empty list is not checked: the caller had none."""

    facts: Mapping[str, FactDefinition] = field(default_factory=dict)
    triggers: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()
    calendars: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
    """Ids of notice templates."""
    class_parameters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Incident class -> names of the parameters of its triggers."""
    evidence: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    @property
    def classes(self) -> frozenset[str]:
        """Ids of incident classes."""
        return frozenset(self.class_parameters)

    @property
    def data_categories(self) -> frozenset[str]:
        """The words that `data.categories` takes."""
        definition = self.facts.get("data_categories")
        return frozenset(definition.values) if definition else frozenset()


def known_words(
    catalog: Catalog | None = None, book: LawBook | None = None, notices: Iterable[str] = ()
) -> KnownWords:
    """The lists gathered from what the caller has loaded; `notices` are ids of notice templates."""
    return KnownWords(
        facts=book.registry.definitions if book else {},
        triggers=frozenset(book.triggers) if book else frozenset(),
        events=frozenset(book.events) if book else frozenset(),
        duties=frozenset(book.duties) if book else frozenset(),
        calendars=book.calendar_ids if book else frozenset(),
        notices=frozenset(notices),
        class_parameters=_parameters(catalog) if catalog else {},
        evidence=frozenset(item.id for item in catalog.vocabulary.evidence) if catalog else frozenset(),
        places=frozenset(catalog.places) - frozenset(catalog.place_groups) if catalog else frozenset(),
    )


def _parameters(catalog: Catalog) -> dict[str, frozenset[str]]:
    return {
        entry.id: frozenset(name for trigger in entry.triggers for name in trigger.parameters)
        for entry in catalog.classes.values()
    }
