"""Checks across the law book: every name must exist, every life be without holes. Each with its place."""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pydantic import BaseModel

from generator.errors import Problem, SourceRef
from generator.model.conditions import Comparison, FactDefinition
from generator.model.law import Duty, Limb, NamedWords, Regulation, Trigger, Version
from generator.model.lawbook import FactRegistry
from generator.sources.validation import did_you_mean
from generator.sources.yaml_source import KeyPath, Places

BY_FACT = frozenset({"client", "member_state"})
"""Calendar ids that a fact of the client resolves."""
_NUMBERS = frozenset({"at_least", "more_than", "at_most", "less_than"})
_SETS = frozenset({"includes", "includes_any"})


@dataclass(frozen=True)
class Located:
    """A regulation with the places of its keys."""

    regulation: Regulation
    places: Places

    def place_of(self, index: int) -> SourceRef:
        """Where the duty of that position stands."""
        return self.places.get(("duties", index), self.places[()])


@dataclass(frozen=True)
class _Known:
    triggers: Collection[str]
    events: Collection[str]
    recipients: Collection[str]
    registry: FactRegistry
    calendars: Collection[str]
    duties: Collection[str]
    zones: Collection[str]


def check_book(
    located: list[Located],
    triggers: Mapping[str, Trigger],
    events: Mapping[str, NamedWords],
    recipients: Mapping[str, NamedWords],
    registry: FactRegistry,
    calendars: frozenset[str],
) -> list[Problem]:
    """Every problem that only shows when the files are read together."""
    homes: dict[str, SourceRef] = {}
    problems: list[Problem] = []
    for file in located:
        for index, duty in enumerate(file.regulation.duties):
            here = file.places.get(("duties", index, "id"), file.places[()])
            if duty.id in homes:
                problems.append(
                    Problem(
                        here,
                        f"duties.{index}.id",
                        f"duty `{duty.id}` stands in {homes[duty.id]} too",
                        "rename one",
                    )
                )
            homes.setdefault(duty.id, here)
    zones = zoneinfo.available_timezones()
    known = _Known(triggers, events, recipients, registry, calendars, homes, zones)
    for file in located:
        for index, duty in enumerate(file.regulation.duties):
            for path, what, mend in _duty(duty, known):
                key: KeyPath = ("duties", index, *path)
                problems.append(Problem(_nearest(key, file.places), ".".join(map(str, key)), what, mend))
    return problems


Fault = tuple[KeyPath, str, str]


def _nearest(key: KeyPath, places: Places) -> SourceRef:
    while key not in places:
        key = key[:-1]
    return places[key]


def _unknown(path: KeyPath, noun: str, name: str, known: Collection[str]) -> Iterator[Fault]:
    if name not in known:
        yield path, f"no {noun} `{name}`", did_you_mean(name, known)


def _duty(duty: Duty, known: _Known) -> Iterator[Fault]:
    yield from _unknown(("recipient",), "recipient", duty.recipient, known.recipients)
    for key in ("before", "after"):
        for number, name in enumerate(getattr(duty, key)):
            yield from _unknown((key, number), "duty", name, known.duties)
    if duty.same_as is not None:
        yield from _unknown(("same_as",), "duty", duty.same_as, known.duties)
        if duty.same_as == duty.id:
            yield ("same_as",), "names the duty itself", "remove it"
    if duty.force == "contract":
        yield ("force",), "`contract` is for clauses of a profile", "write law or another force"
    for number, version in enumerate(duty.versions):
        for path, what, mend in _version(version, duty, known):
            yield ("versions", number, *path), what, mend
    yield from _life(duty)


def _life(duty: Duty) -> Iterator[Fault]:
    """Versions that answer follow one another without hole or overlap."""
    answering = [
        (version.from_ or date.min, version.until, number)
        for number, version in enumerate(duty.versions)
        if version.state in ("enacted", "stayed") or (version.state == "repealed" and version.until)
    ]
    answering.sort(key=lambda row: row[0])
    for (_, until, _), (start, _, number) in pairwise(answering):
        path: KeyPath = ("versions", number, "from")
        if until is None or until > start:
            yield (
                path,
                f"starts on {start}, before the version before it ends",
                f"end that one: until: {start}",
            )
        elif until < start:
            yield path, f"starts on {start}, but the version before it ends on {until}", "close the hole"


def _version(version: Version, duty: Duty, known: _Known) -> Iterator[Fault]:
    for number, name in enumerate(version.triggers):
        yield from _unknown(("triggers", number), "trigger", name, known.triggers)
    if version.confidence == "as_stated":
        yield ("confidence",), "`as_stated` is for clauses of a profile", "write high, medium or low"
    if version.confidence == "low" and not version.doubt:
        yield ("confidence",), "is low, but `doubt` does not say what is doubtful", "add `doubt`"
    for number, limb in enumerate(version.clock.limbs):
        for path, what, mend in _limb(limb, duty, known):
            yield ("clock", "limbs", number, *path), what, mend
    for number, threshold in enumerate(version.thresholds):
        here: KeyPath = ("thresholds", number, "fact")
        definition = known.registry.definition(threshold.fact)
        if definition is None:
            yield (
                here,
                f"no fact `{threshold.fact}`",
                did_you_mean(threshold.fact, known.registry.definitions),
            )
        elif definition.type != "count":
            yield here, f"`{threshold.fact}` is no count", "name a count"
        else:
            yield from _place(here, threshold.fact, definition, known, bare=threshold.scope == "per_place")
    yield from _conditions((), version, known)


def _limb(limb: Limb, duty: Duty, known: _Known) -> Iterator[Fault]:
    if limb.start.startswith("sent:"):
        other = limb.start.removeprefix("sent:")
        yield from _unknown(("start",), "duty", other, known.duties)
        if other == duty.id:
            yield ("start",), "starts with its own notice", "name another duty"
    else:
        yield from _unknown(("start",), "event", limb.start, known.events)
    if limb.calendar is not None and limb.calendar not in BY_FACT:
        yield from _unknown(("calendar",), "work calendar", limb.calendar, known.calendars)
    if limb.roll != "none" and limb.calendar is None:
        yield ("roll",), "needs a calendar to know which days are off", "add `calendar`"
    if limb.zone not in ("client", "place"):
        yield from _unknown(("zone",), "time zone", limb.zone, known.zones)
    if limb.amount is not None and limb.unit != "hours" and limb.amount != limb.amount.to_integral_value():
        yield ("amount",), f"is {limb.amount}, but {limb.unit} are counted whole", "use a whole number"
    if limb.unit == "hours" and limb.anchor != "start":
        yield ("anchor",), "hours cannot run from the end of a year", "use calendar_days"


def _conditions(path: KeyPath, value: object, known: _Known) -> Iterator[Fault]:
    """Every condition anywhere below a value."""
    if isinstance(value, Comparison):
        yield from ((path, what, mend) for what, mend in _comparison(value, known))
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from _conditions((*path, info.alias or name), getattr(value, name), known)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _conditions((*path, number), item, known)


def _comparison(comparison: Comparison, known: _Known) -> Iterator[tuple[str, str]]:
    definition = known.registry.definition(comparison.fact)
    if definition is None:
        name = comparison.fact.partition(":")[0]
        yield f"no fact `{name}`", did_you_mean(name, known.registry.definitions)
        return
    for _, what, mend in _place((), comparison.fact, definition, known):
        yield what, mend
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    kinds = {"yes_no": bool, "count": int, "word": str, "words": str}
    for value in values:
        if type(value) is not kinds[definition.type]:
            yield (
                f"`{comparison.fact}` is a {definition.type.replace('_', ' or ')}, not {value!r}",
                "compare like with like",
            )
        elif definition.values and value not in definition.values:
            yield f"`{value}` is no value of `{comparison.fact}`", did_you_mean(str(value), definition.values)
        elif isinstance(value, str) and not definition.values and not known.registry.places.has(value):
            yield f"no place `{value}`", "add it to catalog/places.yaml"
    fits = {
        "yes_no": ("is", "is_not"),
        "count": ("is", "is_not", *_NUMBERS),
        "word": ("is", "is_not", "includes_any"),
        "words": ("is", "is_not", *_SETS),
    }[definition.type]
    if comparison.op not in fits:
        yield (
            f"`{comparison.op}` does not fit a {definition.type.replace('_', ' or ')}",
            f"use one of: {', '.join(fits)}",
        )


def _place(
    path: KeyPath, name: str, definition: FactDefinition, known: _Known, *, bare: bool = False
) -> Iterator[Fault]:
    place = name.partition(":")[2]
    places = known.registry.places
    if place and not definition.per_place:
        yield path, f"`{definition.id}` takes no place", f"write {definition.id}"
    elif place and not places.has(place):
        yield path, f"no place `{place}`", "add it to catalog/places.yaml"
    elif not place and definition.per_place and not bare:
        yield path, f"`{definition.id}` needs a place", f"write {definition.id}:US-TX"
