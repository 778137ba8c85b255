"""What a person adds to an incident record: notes, times, triggers, facts, notices, decisions, its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from generator.deadlines.zones import instant, shown
from generator.errors import UsageProblem
from generator.incidents.running import Started, started
from generator.incidents.state import Turn, missing_for_close, occurrence, turns
from generator.law.facts import parse_fact
from generator.model.incident import IncidentRecord
from generator.sources.records import Change, LoadedRecord, change_record, checked_text, find_record
from generator.sources.round_trip import with_entry
from generator.sources.validation import did_you_mean
from generator.sources.yaml_text import scalar
from generator.workflows.incidents import (
    Clock,
    Incident,
    fact_entry,
    joined,
    own_duties,
    people_entry,
    read_incident,
    state_of,
    timeline_line,
)
from generator.workflows.plans import known, sources

Entries = Sequence[tuple[str, Mapping[str, Any]]]
"""(list of the record, new entry)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A record after a change, and the duties that the change brought or took away."""

    incident: Incident
    turns: tuple[Turn, ...] = ()
    missing: tuple[str, ...] = ()
    """For `close`: what still keeps it open."""


Make = Callable[[Incident, datetime], Entries]


def add(
    name: str, incidents: Path, clock: Clock, make: Make, by: str, *, closed_too: bool = False
) -> Changed:
    """Add entries to a record. Duties that come or go are written into the timeline, each with its reason.

    Raises UsageProblem, InvalidInput, LawGap.
    """
    told: list[Turn] = []

    def change(loaded: LoadedRecord) -> Change:
        before = joined(loaded)
        now = clock(before.profile.client.time_zone)
        if not closed_too:
            still_open(before)
        text = loaded.text
        entries = make(before, now)
        for key, entry in entries:
            text = with_entry(text, key, entry)
        if any(key in ("times", "triggers", "people", "facts", "notices") for key, _ in entries):
            told.extend(turns(_duties(before.record, before), _duties(_reread(loaded, text), before)))
            for turn in told:
                words = f"{turn.sign} {turn.duty}: {turn.title}; {turn.reason}"
                text = with_entry(text, "timeline", timeline_line(now, by, words, "duties"))
        return Change(text)

    after = change_record(find_record(name, incidents), known(), own_duties, change)
    return Changed(joined(after), tuple(told))


def still_open(incident: Incident) -> None:
    """Raises UsageProblem where the record was closed."""
    if incident.record.closed:
        raise UsageProblem(
            f"{incident.record.id} was closed at {shown(incident.record.closed.at)}: take `closed` out of "
            f"{incident.loaded.path} to open it again"
        )


def _duties(record: IncidentRecord, incident: Incident) -> Started:
    return started(incident.profile, sources(), occurrence(record, incident.profile, sources()))


def _reread(loaded: LoadedRecord, text: str) -> IncidentRecord:
    return checked_text(text, loaded.folder, known(), own_duties).record


def _past(text: str, incident: Incident, now: datetime, option: str) -> datetime:
    """A written time that is not after now, in the client's zone."""
    moment = instant(text, incident.profile.client.time_zone, option=option)
    if moment > now:
        raise UsageProblem(f"{option} {text}: is after now, {now.isoformat()}")
    return moment


def note(name: str, incidents: Path, clock: Clock, text: str, by: str, at: str | None) -> Changed:
    """A line of the timeline."""

    def make(incident: Incident, now: datetime) -> Entries:
        moment = _past(at, incident, now, "--at") if at else now
        return [("timeline", timeline_line(moment, by, text, "note"))]

    return add(name, incidents, clock, make, by, closed_too=True)


def say_when(name: str, incidents: Path, clock: Clock, event: str, at: str, by: str, ground: str) -> Changed:
    """When an event was; a later statement counts instead of an earlier one, which stays."""
    events = [*sources().book.events, "detected"]
    if event not in events:
        near = did_you_mean(event, events) or f"one of: {', '.join(sorted(events))}"
        raise UsageProblem(f"{event}: no such event; {near}")

    def make(incident: Incident, now: datetime) -> Entries:
        moment = _past(at, incident, now, event)
        earlier = incident.record.moments().get(event)
        instead = f", instead of {shown(earlier.at)} ({earlier.by})" if earlier else ""
        entry = {
            "event": event,
            "at": moment.isoformat(),
            "by": by,
            "ground": ground,
            "recorded": now.isoformat(),
        }
        words = f"{event}: {shown(moment)}{instead}. Ground: {ground}"
        return [("times", entry), ("timeline", timeline_line(now, by, words, "statement"))]

    return add(name, incidents, clock, make, by)


def answer_trigger(
    name: str, incidents: Path, clock: Clock, trigger: str, by: str, ground: str, *, withdrawn: bool
) -> Changed:
    """A trigger's question answered with yes, or that answer taken back."""
    triggers = sources().book.triggers
    if trigger not in triggers:
        near = did_you_mean(trigger, triggers) or f"one of: {', '.join(sorted(triggers))}"
        raise UsageProblem(f"{trigger}: no such trigger; {near}")

    def make(incident: Incident, now: datetime) -> Entries:
        if withdrawn and trigger not in incident.record.raised():
            raise UsageProblem(f"{trigger}: was not raised in {incident.record.id}")
        entry = {"trigger": trigger, "by": by, "ground": ground, "recorded": now.isoformat()}
        answer = "taken back" if withdrawn else "yes"
        words = f"{triggers[trigger].question} {answer}. Ground: {ground}"
        return [
            ("triggers", {**entry, "withdrawn": True} if withdrawn else entry),
            ("timeline", timeline_line(now, by, words, "statement")),
        ]

    return add(name, incidents, clock, make, by)


def state_facts(
    name: str, incidents: Path, clock: Clock, texts: Sequence[str], source: str, confidence: str, by: str
) -> Changed:
    """Facts of the incident, `NAME=VALUE` each; counts by residence go under `people`."""
    registry = sources().book.registry
    given = [parse_fact(text, registry) for text in texts]

    def make(incident: Incident, now: datetime) -> Entries:
        stamp, lines = now.isoformat(), []
        for fact, value in given:
            person = people_entry(fact, value, source, confidence, by, stamp)
            entry = person or fact_entry(fact, value, source, confidence, by, stamp)
            lines.append(("people" if person else "facts", entry))
        words = f"{'; '.join(texts)} ({confidence} confidence). Source: {source}"
        return [*lines, ("timeline", timeline_line(now, by, words, "statement"))]

    return add(name, incidents, clock, make, by)


def record_sent(
    name: str, incidents: Path, clock: Clock, duty: str, sent_at: str, reference: str, by: str
) -> Changed:
    """A notice that went out. Clocks that run from it start."""

    def make(incident: Incident, now: datetime) -> Entries:
        _known_here(duty, incident, now)
        moment = _past(sent_at, incident, now, "--sent-at")
        entry = {
            "duty": duty,
            "sent_at": moment.isoformat(),
            "reference": reference,
            "by": by,
            "recorded": now.isoformat(),
        }
        words = f"{duty}: sent {shown(moment)}, reference {reference}"
        return [("notices", entry), ("timeline", timeline_line(now, by, words, "notice"))]

    return add(name, incidents, clock, make, by)


def decide_not(
    name: str, incidents: Path, clock: Clock, duty: str, because: str, by: str, more: Mapping[str, str]
) -> Changed:
    """A decision not to notify, with its reason."""

    def make(incident: Incident, now: datetime) -> Entries:
        line = _known_here(duty, incident, now)
        if duty in incident.record.first_sent():
            raise UsageProblem(f"{duty}: a notice was sent already; a decision not to send one cannot follow")
        entry = {
            "duty": duty,
            "decision": "not_notified",
            "because": because,
            "by": by,
            "at": now.isoformat(),
            "regime": more.get("regime") or line,
            **{key: more[key] for key in ("question", "answer", "evidence") if more.get(key)},
        }
        return [
            ("decisions", entry),
            ("timeline", timeline_line(now, by, f"{duty}: not notified, because {because}", "decision")),
        ]

    return add(name, incidents, clock, make, by)


def _known_here(duty: str, incident: Incident, now: datetime) -> str:
    """The regulation of a duty that this incident starts, leaves open or lets fall. Raises UsageProblem."""
    found = state_of(incident, now)
    regulations = {line.duty: line.due.regulation for line in found.duties}
    regulations |= {aside.duty: aside.regulation for aside in (*found.open, *found.fallen)}
    if duty not in regulations:
        near = did_you_mean(duty, regulations)
        raise UsageProblem(
            f"{duty}: {incident.record.id} starts no such duty; {near or 'airplan incident show lists them'}"
        )
    return regulations[duty]


def close(name: str, incidents: Path, clock: Clock, by: str) -> Changed:
    """End the record, where every duty was sent or decided; else say what is missing and write nothing."""
    lacking: list[str] = []

    class _Open(Exception):
        pass

    def change(loaded: LoadedRecord) -> Change:
        incident = joined(loaded)
        now = clock(incident.profile.client.time_zone)
        if incident.record.closed:
            raise UsageProblem(
                f"{incident.record.id} is closed already, since {shown(incident.record.closed.at)}"
            )
        lacking.extend(missing_for_close(incident.record, state_of(incident, now)))
        if lacking:
            raise _Open
        text = with_entry(loaded.text, "timeline", timeline_line(now, by, "Record closed", "state"))
        return Change(text.rstrip("\n") + f'\nclosed: {{at: "{now.isoformat()}", by: {_word(by)}}}\n')

    folder = find_record(name, incidents)
    try:
        return Changed(joined(change_record(folder, known(), own_duties, change)))
    except _Open:
        return Changed(read_incident(name, incidents), missing=tuple(lacking))


def _word(text: str) -> str:
    return scalar(text, flow=True)
