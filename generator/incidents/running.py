"""Every duty that an incident starts for one profile, with its deadline: the engine of `deadlines` and `incident`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from generator.deadlines.clock import Setting, answer, lookup_in
from generator.law.conditions import evaluate
from generator.law.facts import FactSet
from generator.law.in_force import in_force
from generator.law.thresholds import People, short_of, threshold_states
from generator.model.deadline import Deadline
from generator.model.law import Duty, Regulation, Version
from generator.model.law_answers import DutyVerdict
from generator.model.lawbook import LawBook
from generator.model.profile import Profile
from generator.planning.bindings import law_verdicts
from generator.planning.build import Sources
from generator.planning.contracts import contract_duties, contract_verdict


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline in an incident, with the verdict behind it."""

    deadline: Deadline
    title: str
    recipient: str
    regulation: str
    verdict: DutyVerdict
    source: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A duty that the triggers name and that does not run: it falls away, or a missing fact leaves it open."""

    duty: str
    title: str
    recipient: str
    regulation: str
    verdict: str
    reason: str
    missing: tuple[tuple[str, str], ...] = ()
    """(fact, question) of what nobody stated."""


@dataclass(frozen=True, slots=True)
class Started:
    """What an incident starts: duties that run, tightest first; open ones; ones that fall away under its facts."""

    running: tuple[Due, ...]
    open: tuple[Aside, ...]
    fallen: tuple[Aside, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What is known of an incident, ready for the clocks."""

    on: date
    """The day whose law answers."""
    raised: frozenset[str]
    """Triggers with all that they imply."""
    moments: Mapping[str, datetime]
    facts: FactSet
    people: People
    """Whether the counts in `facts` are people affected, or still the people served."""


def started(
    profile: Profile,
    sources: Sources,
    what: Occurrence,
    *,
    keep_fallen: bool = False,
    confidential: bool = False,
) -> Started:
    """Every duty of the law book and of the contracts that `what` starts for this profile. Raises LawGap.

    A confidential duty (a suspicious activity report) stays out unless asked for: a record must not show that it
    was met.

    With `keep_fallen` a duty that binds and falls away under the facts stays among those that run, without a date.
    """
    book, on = sources.book, what.on
    setting = Setting(
        sources.calendars, what.facts, None, profile.client.time_zone, lookup_in(book, on), people=what.people
    )
    running: list[Due] = []
    open_: list[Aside] = []
    fallen: list[Aside] = []
    lives = {duty.id: in_force(duty, on).version for duty in book.duties.values()}
    raised = {
        name: version for name, version in lives.items() if version and set(version.triggers) & what.raised
    }
    asked = [
        duty
        for name in raised
        if (duty := book.duties[name]).kind == "deadline"
        and not duty.same_as
        and (confidential or not duty.confidential)
    ]
    for duty, verdict in law_verdicts(profile, book, what.facts, on, asked):
        version = raised[duty.id]
        regulation = book.regulation_of(duty.id)
        gone = _falls_away(version, what) if verdict.verdict == "binds" else None
        if gone and not keep_fallen:
            fallen.append(_aside(duty, regulation, verdict, gone))
        elif verdict.verdict == "binds":
            running.append(_due(duty, regulation, verdict, on, what.moments, setting, "law"))
        elif verdict.verdict == "unknown":
            open_.append(_aside(duty, regulation, verdict, verdict.reason))
        elif verdict.verdict in ("near", "not") and not verdict.relevant_guidance:
            fallen.append(
                _aside(duty, regulation, verdict, verdict.reason + _nor_support(version, what.facts))
            )
    for contract, clause, regulation, duty in contract_duties(profile):
        verdict = contract_verdict(contract, clause, duty, on)
        if set(clause.triggers) & what.raised and verdict.verdict == "binds":
            running.append(_due(duty, regulation, verdict, on, what.moments, setting, "contract"))
    aware = what.moments["aware"]
    running.sort(
        key=lambda due: (due.deadline.act_by is None, due.deadline.act_by or aware, due.deadline.duty)
    )
    return Started(tuple(running), tuple(open_), tuple(fallen))


def moments_of(
    aware: datetime, triggers: Iterable[str], book: LawBook, stated: Mapping[str, datetime]
) -> dict[str, datetime]:
    """Moments by event: awareness stands for the events that the triggers name, unless one is stated."""
    moments = {event: aware for name in triggers for event in book.triggers[name].events}
    return {**moments, "aware": aware, **stated}


def _falls_away(version: Version, what: Occurrence) -> str | None:
    """Why a duty that binds the client does not run under this incident's facts."""
    for state in threshold_states(version, what.facts, what.people):
        if state.reached is False:
            return f"below the threshold: {short_of(state, who='the record says')}"
    for exception in version.exceptions:
        if exception.effect == "no_duty" and exception.when is not None:
            trace = evaluate(exception.when, what.facts)
            if trace.value:
                said = " and ".join(leaf.said for leaf in trace.decisive)
                return f"an exception holds ({said}): {exception.text.rstrip('. ')}"
    return None


def _nor_support(version: Version, facts: FactSet) -> str:
    """Why a client whom the law does not bind need not help either: for a processor that is the decisive reason."""
    if version.supports_when is None:
        return ""
    trace = evaluate(version.supports_when, facts)
    if trace.value is not False:
        return ""
    return f"; nor is there anything to help with: {' and '.join(leaf.said for leaf in trace.decisive)}"


def _aside(duty: Duty, regulation: Regulation, verdict: DutyVerdict, reason: str) -> Aside:
    return Aside(
        duty.id,
        duty.title,
        duty.recipient_name,
        regulation.short,
        verdict.verdict,
        reason,
        tuple((one.fact, one.question) for one in verdict.missing),
    )


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
