"""Which duties bind a profile, and every deadline that an incident starts for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from generator.deadlines.clock import Lookup, Setting, answer
from generator.deadlines.zones import instant
from generator.errors import UsageProblem
from generator.law.facts import parse_fact
from generator.law.in_force import in_force
from generator.law.thresholds import People
from generator.model.deadline import Deadline
from generator.model.law import Duty, Regulation, Version
from generator.model.law_answers import DutyVerdict
from generator.planning.bindings import law_verdicts
from generator.planning.build import fact_set, implied_triggers
from generator.planning.contracts import contract_duties, contract_verdict
from generator.sources.profiles import load_profile
from generator.sources.validation import did_you_mean
from generator.workflows.plans import known, sources


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty with its verdict, for lists."""

    duty: Duty
    regulation: Regulation
    answer: DutyVerdict | None
    citation: str


def all_duties() -> tuple[DutyLine, ...]:
    """Every duty of the law book, without a profile."""
    book = sources().book
    return tuple(
        DutyLine(duty, book.regulation_of(duty.id), None, duty.versions[-1].citation.text)
        for duty in book.duties.values()
    )


def profile_duties(
    path: Path, as_of: date | None = None
) -> tuple[tuple[DutyLine, ...], tuple[DutyLine, ...]]:
    """(law, contracts): the verdict on every duty of the law book, and the contracts' own duties."""
    loaded = load_profile(path, known())
    profile, book = loaded.profile, sources().book
    on = as_of or profile.plan.effective
    law = tuple(
        DutyLine(
            duty,
            book.regulation_of(duty.id),
            found,
            (in_force(duty, on).version or duty.versions[-1]).citation.text,
        )
        for duty, found in law_verdicts(profile, book, fact_set(profile, sources()), on)
    )
    contracts = tuple(
        DutyLine(
            duty, regulation, contract_verdict(contract, clause, duty, on), duty.versions[0].citation.text
        )
        for contract, clause, regulation, duty in contract_duties(profile)
    )
    return law, contracts


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline in an incident, with the verdict behind it."""

    deadline: Deadline
    title: str
    recipient: str
    regulation: str
    verdict: DutyVerdict
    source: str


def incident_deadlines(
    path: Path,
    triggers: Sequence[str],
    aware_at: str,
    events: Mapping[str, str],
    facts: Sequence[str],
    as_of: date | None = None,
) -> tuple[tuple[Due, ...], datetime]:
    """Every duty that the triggers start for this profile, tightest first, and the moment of awareness.

    `aware_at` and `events` are written times; without an offset they are read in the client's zone.
    Raises UsageProblem for an unknown trigger or event, InvalidInput, LawGap.
    """
    loaded = load_profile(path, known())
    profile, book = loaded.profile, sources().book
    raised = _raised(triggers)
    zone = profile.client.time_zone
    aware = instant(aware_at, zone, option="--aware-at")
    on = as_of or aware.date()
    own_duties = [duty.id for _, _, _, duty in contract_duties(profile)]
    moments = _moments(aware, triggers, events, zone, own_duties)
    given = dict(parse_fact(text, book.registry) for text in facts)
    own = fact_set(profile, sources()).with_(given)
    people: People = (
        "affected" if any(name.startswith(("residents:", "people_total")) for name in given) else "served"
    )
    setting = Setting(sources().calendars, own, None, zone, _lookup(on), people=people)
    found = [
        _due(duty, book.regulation_of(duty.id), verdict, on, moments, setting, "law")
        for duty, verdict in law_verdicts(profile, book, own, on)
        if duty.kind == "deadline"
        and verdict.verdict == "binds"
        and duty.same_as is None
        and _starts(duty, on, raised)
    ]
    for contract, clause, regulation, duty in contract_duties(profile):
        verdict = contract_verdict(contract, clause, duty, on)
        if set(clause.triggers) & raised and verdict.verdict == "binds":
            found.append(_due(duty, regulation, verdict, on, moments, setting, "contract"))
    found.sort(key=lambda due: (due.deadline.act_by is None, due.deadline.act_by or aware, due.deadline.duty))
    return tuple(found), aware


def _raised(triggers: Sequence[str]) -> frozenset[str]:
    book = sources().book
    for name in triggers:
        if name not in book.triggers:
            near = did_you_mean(name, book.triggers)
            raise UsageProblem(f"--trigger {name}: no such trigger" + (f"; {near}" if near else ""))
    implied = implied_triggers(book)
    return frozenset().union(*(implied[name] for name in triggers))


def _moments(
    aware: datetime, triggers: Sequence[str], events: Mapping[str, str], zone: str, own_duties: Sequence[str]
) -> dict[str, datetime]:
    """What is known of the clock's events: awareness stands for the events that the triggers name.

    `own_duties` are the ids of the contracts' duties, which `sent:` may name beside those of the law.
    """
    book = sources().book
    duties = [*book.duties, *own_duties]
    moments = {event: aware for name in triggers for event in book.triggers[name].events}
    moments["aware"] = aware
    for name, text in events.items():
        sent = name.removeprefix("sent:")
        if sent != name and sent not in duties:
            near = did_you_mean(sent, duties)
            raise UsageProblem(f"--at {name}: no such duty" + (f"; {near}" if near else ""))
        if sent == name and name not in book.events:
            near = did_you_mean(name, book.events)
            raise UsageProblem(f"--at {name}: no such event" + (f"; {near}" if near else ""))
        moments[name] = instant(text, zone, option="--at")
    return moments


def _starts(duty: Duty, on: date, raised: frozenset[str]) -> bool:
    version = in_force(duty, on).version
    return version is not None and bool(set(version.triggers) & raised)


def _lookup(on: date) -> Lookup:
    def other(duty_id: str) -> tuple[Duty, Version] | None:
        duty = sources().book.duties.get(duty_id)
        version = in_force(duty, on).version if duty else None
        return (duty, version) if duty and version else None

    return other


def _due(
    duty: Duty,
    regulation: Regulation,
    verdict: DutyVerdict,
    on: date,
    moments: Mapping[str, datetime],
    setting: Setting,
    source: str,
) -> Due:
    day = max(on, duty.versions[0].from_ or on) if source == "contract" else on
    placed = replace(setting, law_place=regulation.jurisdiction)
    deadline = answer(duty, day, moments, placed, bound=True)
    return Due(deadline, duty.title, duty.recipient_name, regulation.short, verdict, source)


def plan_id(path: Path) -> str:
    """The plan's id, as the profile states it."""
    return load_profile(path, known()).profile.plan.id
