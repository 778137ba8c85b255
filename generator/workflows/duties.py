"""Which duties bind a profile, and every deadline that an incident starts for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from generator.deadlines.zones import instant
from generator.errors import UsageProblem
from generator.incidents.running import Due, Occurrence, moments_of, started
from generator.law.facts import parse_fact
from generator.law.in_force import in_force
from generator.law.thresholds import People
from generator.model.law import Duty, Regulation
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


def all_duties(as_of: date | None = None) -> tuple[DutyLine, ...]:
    """Every duty of the law book, without a profile; cited as of a day, else by its last version."""
    book = sources().book
    return tuple(
        DutyLine(
            duty,
            book.regulation_of(duty.id),
            None,
            ((in_force(duty, as_of).version if as_of else None) or duty.versions[-1]).citation.text,
        )
        for duty in book.duties.values()
    )


def relied_on(path: Path, as_of: date) -> frozenset[str]:
    """Ids of the duties that the plan of a profile leans on: they bind, are coming or near, or are open."""
    law, _ = profile_duties(path, as_of)
    return frozenset(line.duty.id for line in law if line.answer and line.answer.verdict != "not")


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
    what = Occurrence(on, raised, moments, own, people)
    return started(profile, sources(), what, keep_fallen=True, confidential=True).running, aware


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
    stated: dict[str, datetime] = {}
    for name, text in events.items():
        sent = name.removeprefix("sent:")
        if sent != name and sent not in duties:
            near = did_you_mean(sent, duties)
            raise UsageProblem(f"--at {name}: no such duty" + (f"; {near}" if near else ""))
        if sent == name and name not in book.events:
            near = did_you_mean(name, book.events)
            raise UsageProblem(f"--at {name}: no such event" + (f"; {near}" if near else ""))
        stated[name] = instant(text, zone, option="--at")
    if stated.get("aware", aware) != aware:
        raise UsageProblem(f"--at aware={events['aware']}: --aware-at already says when that was")
    return moments_of(aware, triggers, book, stated)


def plan_id(path: Path) -> str:
    """The plan's id, as the profile states it."""
    return load_profile(path, known()).profile.plan.id


def is_confidential(duty: str) -> bool:
    """Whether the law forbids to write down that the duty was met, so that no calendar or record may hold it."""
    found = sources().book.duties.get(duty)
    return found is not None and found.confidential is not None
