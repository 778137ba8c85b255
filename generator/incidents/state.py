"""The state of an incident at a moment: every duty with its clock, what it needs, and what falls away. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from generator.incidents.running import Aside, Due, Occurrence, Started, moments_of, started
from generator.model.conditions import FactValue
from generator.model.incident import IncidentRecord, NotNotified, Sent
from generator.model.profile import Profile
from generator.planning.build import REVIEW_LIMIT_DAYS, Sources, fact_set, implied_triggers

Standing = Literal["running", "no_number", "waiting", "sent", "decided"]
"""`no_number`: the clock runs and the law only says how soon in words; `waiting`: its start is not stated yet."""
_RANK = {"running": 0, "no_number": 0, "waiting": 2, "sent": 3, "decided": 4}


@dataclass(frozen=True, slots=True)
class Needs:
    """What it takes to send a notice, from the plan that the incident binds to."""

    notice: str | None
    """Id of the notice document: `notices/<id>.md`."""
    instead: str | None
    """Why there is no notice document."""
    drafter: str | None
    approver: str | None
    deputy: str | None
    method: str | None
    portal: str | None
    contact: tuple[str, ...]
    unknown: tuple[str, ...]
    """Questions whose answer could change the duty or its end."""


@dataclass(frozen=True, slots=True)
class DutyState:
    """One duty of the incident."""

    due: Due
    standing: Standing
    left: timedelta | None
    """To the act-by time; negative once it has passed."""
    left_legal: timedelta | None
    """To the legal end; negative once it has passed."""
    needs: Needs
    sent: Sent | None = None
    decision: NotNotified | None = None
    late: bool = False
    """Sent after the legal end."""

    @property
    def duty(self) -> str:
        """Its id."""
        return self.due.deadline.duty


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version of the plan that came after the incident."""

    version: str
    on: date
    in_force: bool
    """False: it stands in the profile, and is not released as the bound version was."""


@dataclass(frozen=True, slots=True)
class ReviewState:
    """The two dates that follow from containment: the review, and the new version of the plan."""

    due: date | None
    """None while containment is not stated."""
    days: int
    held_on: date | None
    new_version: NewVersion | None
    missed: bool
    """The day has passed, and the review or the new version is not there."""
    late: bool
    """Both are there, and one came after the day."""
    unstated_too_long: bool
    """Nobody said when it was contained, and so many days have passed since somebody was aware."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """What is still to come, in words."""
        new = self.new_version
        version = f"release of plan version {new.version}" if new else "new plan version"
        return (
            *(("review",) if self.held_on is None else ()),
            *((version,) if new is None or not new.in_force else ()),
        )


@dataclass(frozen=True, slots=True)
class IncidentState:
    """Everything that `incident show` prints."""

    duties: tuple[DutyState, ...]
    open: tuple[Aside, ...]
    fallen: tuple[Aside, ...]
    """Duties that the plan lists for these triggers and that this incident's facts take away."""
    people_known: int
    people_total: int | None
    places_complete: bool
    review: ReviewState
    now: datetime


def facts_of(record: IncidentRecord) -> dict[str, FactValue]:
    """The facts that the record states, counts by residence among them."""
    facts = {name: entry.value for name, entry in record.stated().items()}
    return facts | {f"residents:{place}": entry.count for place, entry in record.affected().items()}


def places_complete(record: IncidentRecord) -> bool:
    """Whether the counts by residence add up to all people affected, so that an unlisted place has none."""
    total = facts_of(record).get("people_total")
    return isinstance(total, int) and sum(entry.count for entry in record.affected().values()) == total


def occurrence(record: IncidentRecord, profile: Profile, sources: Sources) -> Occurrence:
    """The record's facts laid over the profile's.

    Until the places add up to the total, a place that the record does not list counts with the people served there:
    they may be affected.
    """
    own = fact_set(profile, sources)
    stated = facts_of(record)
    complete = places_complete(record)
    if complete:
        kept = {name: value for name, value in own.values.items() if not name.startswith("residents:")}
        own = type(own)(kept, own.closed, own.registry)
    zone = ZoneInfo(profile.client.time_zone)
    events = {name: moment.at for name, moment in record.moments().items() if name in sources.book.events}
    events |= {f"sent:{duty}": entry.sent_at for duty, entry in record.first_sent().items()}
    local = {name: at.astimezone(zone) for name, at in events.items()}
    implied = implied_triggers(sources.book)
    raised = record.raised()
    return Occurrence(
        on=local["aware"].date(),
        raised=frozenset().union(*(implied[name] for name in raised)),
        moments=moments_of(local["aware"], raised, sources.book, local),
        facts=own.with_(stated),
        people="affected" if complete else "served",
    )


def baseline(record: IncidentRecord, profile: Profile, sources: Sources) -> Started:
    """What the triggers start for the profile before any fact of the incident is known: the plan's own answer."""
    bare = record.model_copy(update={"people": (), "facts": ()})
    return started(profile, sources, occurrence(bare, profile, sources))


def state(
    record: IncidentRecord,
    profile: Profile,
    sources: Sources,
    plan: Mapping[str, Any],
    now: datetime,
    later_version: NewVersion | None = None,
) -> IncidentState:
    """The state at `now`. `plan` is plan.json of the version that the incident binds to.

    `later_version` is the plan version that came after it, if there is one. Raises LawGap.
    """
    found = started(profile, sources, occurrence(record, profile, sources))
    usual = {due.deadline.duty for due in baseline(record, profile, sources).running}
    lines = [_duty_state(due, record, plan, sources, now) for due in found.running]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    lines.sort(key=lambda line: (_RANK[line.standing], _when(line, now) or far, line.duty))
    total = facts_of(record).get("people_total")
    return IncidentState(
        duties=tuple(lines),
        open=found.open,
        fallen=tuple(_by_record(aside) for aside in found.fallen if aside.duty in usual),
        people_known=sum(entry.count for entry in record.affected().values()),
        people_total=total if isinstance(total, int) else None,
        places_complete=places_complete(record),
        review=review_state(record, plan, now, later_version),
        now=now,
    )


def _when(line: DutyState, now: datetime) -> datetime | None:
    """By when to act; what the law wants "as soon as possible" stands at now: after the overdue, before the rest."""
    return now if line.standing == "no_number" else line.due.deadline.act_by


def review_state(
    record: IncidentRecord, plan: Mapping[str, Any], now: datetime, later: NewVersion | None
) -> ReviewState:
    """Review and new version are due so many calendar days after containment, fourteen at most."""
    days = min(int(plan["review_within_days"]), REVIEW_LIMIT_DAYS)
    zone = ZoneInfo(plan["identity"]["zone"])
    held = _held_on(record, zone)
    contained = record.moments().get("contained")
    if contained is None:
        stale = now > record.aware().at + timedelta(days=days)
        return ReviewState(None, days, held, later, missed=False, late=False, unstated_too_long=stale)
    due = contained.at.astimezone(zone).date() + timedelta(days=days)
    past = now > datetime.combine(due, time(23, 59, 59), zone)
    done = held is not None and later is not None and later.in_force
    late = bool(done and held and later and max(held, later.on) > due)
    return ReviewState(due, days, held, later, missed=past and not done, late=late, unstated_too_long=False)


def _held_on(record: IncidentRecord, zone: ZoneInfo) -> date | None:
    """The day of the review: as the first form says it, else when that form was read."""
    if not record.rca:
        return None
    first = record.rca[0]
    try:
        return date.fromisoformat(str(first.answers.get("rca__dates__review_held", ""))[:10])
    except ValueError:
        return first.imported.astimezone(zone).date()


def _by_record(aside: Aside) -> Aside:
    words = aside.reason.replace("the profile says", "the record says")
    words = words.replace("of the people served", "of the people affected").replace(
        "(data.people)", "(the record)"
    )
    return Aside(
        aside.duty, aside.title, aside.recipient, aside.regulation, aside.verdict, words, aside.missing
    )


def _duty_state(
    due: Due, record: IncidentRecord, plan: Mapping[str, Any], sources: Sources, now: datetime
) -> DutyState:
    deadline = due.deadline
    sent = record.first_sent().get(deadline.duty)
    decision = next((d for d in reversed(record.decisions) if d.duty == deadline.duty), None)
    standing: Standing
    if sent:
        standing = "sent"
    elif decision:
        standing = "decided"
    elif deadline.due:
        standing = "running"
    else:
        standing = "no_number" if deadline.start else "waiting"
    return DutyState(
        due=due,
        standing=standing,
        left=deadline.act_by - now if deadline.act_by else None,
        left_legal=deadline.due - now if deadline.due else None,
        needs=_needs(due, plan, sources),
        sent=sent,
        decision=decision,
        late=bool(sent and deadline.due and sent.sent_at > deadline.due),
    )


def _needs(due: Due, plan: Mapping[str, Any], sources: Sources) -> Needs:
    duty = due.deadline.duty
    notice = next((n for n in plan["notices"] if duty in n["duties"]), None)
    binding: Mapping[str, Any] = next((b for b in plan["bindings"] if b["duty"] == duty), {})
    names = dict.fromkeys((*due.deadline.missing_facts, *due.verdict.open_facts))
    return Needs(
        notice=notice["id"] if notice else None,
        instead=None if notice else _no_notice(due, sources),
        drafter=notice["drafter"] if notice else None,
        approver=notice["approver"] if notice else None,
        deputy=notice["deputy_approver"] if notice else None,
        method=binding.get("method"),
        portal=binding.get("portal"),
        contact=tuple((binding.get("recipient") or {}).get("contact", ())),
        unknown=tuple(sources.book.registry.question(name) for name in names),
    )


def _no_notice(due: Due, sources: Sources) -> str:
    """Why the plan holds no notice for a duty: it is another's to send, it is a record, or it is a gap."""
    duty = sources.book.duties.get(due.deadline.duty)
    if duty and due.verdict.role == "supports":
        return f"not ours to send: the law binds the {duty.bound_party}; give them the facts in time"
    if duty and duty.recipient == "internal_record":
        return "a record to keep, no letter to send"
    return "GAP: the plan has no notice for it"


@dataclass(frozen=True, slots=True)
class Turn:
    """A duty that a changed fact brought or took away."""

    sign: Literal["+", "-"]
    duty: str
    title: str
    reason: str


def turns(before: Started, after: Started) -> tuple[Turn, ...]:
    """What a change of the record did to the duties, each with its reason."""
    old = {due.deadline.duty: due for due in before.running}
    new = {due.deadline.duty: due for due in after.running}
    why = {aside.duty: aside.reason.replace("the profile says", "the record says") for aside in after.open}
    why |= {aside.duty: _by_record(aside).reason for aside in after.fallen}
    found = [Turn("+", duty, new[duty].title, new[duty].verdict.reason) for duty in sorted(new.keys() - old)]
    found += [
        Turn("-", duty, old[duty].title, why.get(duty, "no trigger of the record starts it any more"))
        for duty in sorted(old.keys() - new)
    ]
    return tuple(found)


def missing_for_close(record: IncidentRecord, now_state: IncidentState) -> tuple[str, ...]:
    """What keeps the record open, a line each."""
    lines = [
        f"{line.duty}: {line.due.title} ({line.due.recipient}): neither sent nor decided"
        for line in now_state.duties
        if line.standing not in ("sent", "decided")
    ]
    decided = {entry.duty for entry in record.decisions}
    lines += [
        f"{aside.duty}: {aside.title}: open ({'; '.join(question for _, question in aside.missing) or aside.reason})"
        for aside in now_state.open
        if aside.duty not in decided and aside.duty not in record.first_sent()
    ]
    moments = record.moments()
    lines += [
        f"times: nobody said when it was {name}" for name in ("contained", "recovered") if name not in moments
    ]
    return tuple(lines)
