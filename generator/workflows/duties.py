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
from generator.planning.bindings import clause_number, law_verdicts
from generator.planning.build import fact_set, implied_triggers
from generator.planning.contracts import contract_duties
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
            duty,
            regulation,
            DutyVerdict(
                duty=duty.id,
                verdict="binds" if contract.signed is None or contract.signed <= on else "coming",
                role="sends",
                reason=f"binds under clause {clause_number(clause.clause)} (contracts.{contract.id})",
                force=duty.force,
                status="in_force",
            ),
            duty.versions[0].citation.text,
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
    moments = _moments(aware, triggers, events, zone)
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
        if set(clause.triggers) & raised:
            verdict = DutyVerdict(
                duty=duty.id,
                verdict="binds",
                role="sends",
                reason=f"binds under clause {clause_number(clause.clause)} (contracts.{contract.id})",
                force=duty.force,
                status="in_force",
            )
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
    aware: datetime, triggers: Sequence[str], events: Mapping[str, str], zone: str
) -> dict[str, datetime]:
    """What is known of the clock's events: awareness stands for the events that the triggers name."""
    book = sources().book
    moments = {event: aware for name in triggers for event in book.triggers[name].events}
    moments["aware"] = aware
    for name, text in events.items():
        if name not in book.events and not name.startswith("sent:"):
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
