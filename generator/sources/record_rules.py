"""What must fit together in an incident record beyond its form: names from the closed lists, counts, order of times."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from generator.errors import Problem, SourceRef
from generator.model.conditions import FactDefinition, FactValue
from generator.model.incident import IncidentRecord
from generator.sources.known_words import KnownWords
from generator.sources.rules_base import nearest
from generator.sources.tree import KeyPath
from generator.sources.validation import did_you_mean

OWN_EVENTS = frozenset({"detected"})
_ORDER = (
    ("occurred", "detected"),
    ("occurred", "aware"),
    ("occurred", "contained"),
    ("contained", "recovered"),
)
_Fault = tuple[KeyPath, str, str]


def record_problems(
    record: IncidentRecord,
    places: Mapping[KeyPath, SourceRef],
    known: KnownWords,
    own_duties: Collection[str],
) -> list[Problem]:
    """Every fault. `own_duties` are the ids of the contracts' duties."""
    faults = [
        *_names(record, known, own_duties),
        *_facts(record, known),
        *_counts(record),
        *_times(record),
        *_severity(record),
    ]
    return [
        Problem(nearest(path, places), ".".join(map(str, path)), what, mend) for path, what, mend in faults
    ]


def _names(record: IncidentRecord, known: KnownWords, own_duties: Collection[str]) -> Iterator[_Fault]:
    duties = [*known.duties, *own_duties]
    yield from _unknown(("class",), record.class_, known.classes, "incident class")
    for at, moment in enumerate(record.times):
        yield from _unknown(("times", at, "event"), moment.event, known.events | OWN_EVENTS, "event")
    for at, trigger in enumerate(record.triggers):
        yield from _unknown(("triggers", at, "trigger"), trigger.trigger, known.triggers, "trigger")
    for at, people in enumerate(record.people):
        yield from _unknown(("people", at, "residence"), people.residence, known.places, "place")
    for at, sent in enumerate(record.notices):
        yield from _unknown(("notices", at, "duty"), sent.duty, duties, "duty")
    numbers = [action.id for action in record.actions]
    for at, number in enumerate(numbers):
        if number in numbers[:at]:
            yield ("actions", at, "id"), f"two actions have the number {number}", "give each its own"
    for at, decision in enumerate(record.decisions):
        yield from _unknown(("decisions", at, "duty"), decision.duty, duties, "duty")


def _unknown(path: KeyPath, word: str, words: Iterable[str], what: str) -> Iterator[_Fault]:
    listed = sorted(words)
    if listed and word not in listed:
        yield path, f"no {what} `{word}`", did_you_mean(word, listed)


def _facts(record: IncidentRecord, known: KnownWords) -> Iterator[_Fault]:
    for at, fact in enumerate(record.facts):
        base, _, place = fact.fact.partition(":")
        here: KeyPath = ("facts", at, "fact")
        definition = known.facts.get(base)
        if base == "residents":
            yield here, "counts of people by residence stand under `people`", "move it there"
        elif definition is None:
            if known.facts:
                yield here, f"no fact `{base}`", did_you_mean(base, known.facts)
        elif definition.per_place != bool(place):
            needs = "names a place, like `name:US-TX`" if definition.per_place else "takes no place"
            yield here, f"`{base}` {needs}", ""
        elif wrong := _wrong_value(fact.value, definition):
            yield ("facts", at, "value"), wrong, definition.question


def _wrong_value(value: FactValue, definition: FactDefinition) -> str | None:
    """What is wrong with the value of a fact, or None."""
    if definition.type == "yes_no":
        return None if isinstance(value, bool) else "must be true or false"
    if definition.type == "count":
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if fits else "must be a whole number, 0 or more"
    words = value if isinstance(value, tuple) else (value,)
    if (definition.type == "words") != isinstance(value, tuple):
        return "must be a list of words" if definition.type == "words" else "must be one word"
    for word in words:
        if not isinstance(word, str) or (definition.values and word not in definition.values):
            return f"no such value `{word}`; one of: {', '.join(definition.values)}"
    return None


def _counts(record: IncidentRecord) -> Iterator[_Fault]:
    total = record.stated().get("people_total")
    placed = sum(entry.count for entry in record.affected().values())
    if total and isinstance(total.value, int) and placed > total.value:
        yield ("people",), f"{placed} people by residence, {total.value} in all", "correct one of them"


def _severity(record: IncidentRecord) -> Iterator[_Fault]:
    """Each change starts where the one before ended, and the last one ends at the severity that counts."""
    level = record.first_severity()
    for at, change in enumerate(record.severity_changes):
        if change.former != level:
            yield (
                ("severity_changes", at, "former"),
                f"is {change.former}, it was {level} before",
                "correct one",
            )
        level = change.severity
    if level != record.severity:
        yield (
            ("severity",),
            f"is {record.severity}, the last entry of `severity_changes` says {level}",
            "airplan incident severity ID LEVEL --because WORDS --by WHO changes both",
        )


def _times(record: IncidentRecord) -> Iterator[_Fault]:
    if not any(moment.event == "aware" for moment in record.times):
        yield ("times",), "no entry says when somebody became aware", "add one with `event: aware`"
    last = {moment.event: (at, moment) for at, moment in enumerate(record.times)}
    for first, then in _ORDER:
        if first in last and then in last and last[then][1].at < last[first][1].at:
            at = last[then][0]
            yield (
                ("times", at, "at"),
                f"{then} at {last[then][1].at.isoformat()} is before {first} at {last[first][1].at.isoformat()}",
                "correct one of them",
            )
    if "occurred" in last:
        began = last["occurred"][1].at
        for at, sent in enumerate(record.notices):
            if sent.sent_at < began:
                yield (
                    ("notices", at, "sent_at"),
                    f"sent before it occurred ({began.isoformat()})",
                    "correct one of them",
                )
