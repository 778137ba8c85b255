"""What is to be done about a plan, most urgent first: clocks, reviews, actions, drills, law, gaps. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from generator.deadlines.zones import shown
from generator.incidents.state import IncidentState
from generator.model.incident import IncidentRecord
from generator.model.plan import Plan

Kind = Literal["clock", "review", "action", "drill", "law", "gap"]
STALE_DAYS = 365
"""A rule of law that nobody looked up for so long counts as stale."""
_SOON = timedelta(days=3)
_HEAVY = 7
"""Gaps of this weight and more hurt in the first hour."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do. `urgency`: 0 overdue by law or contract, 1 within three days or at once, 2 overdue by the
    plan's own dates, 3 heavy gap or a date ahead, 4 law to look up again, 5 the rest."""

    urgency: int
    kind: Kind
    due: date | None
    what: str
    where: str
    weight: int = 0


def ordered(todos: Sequence[Todo]) -> tuple[Todo, ...]:
    """Most urgent first."""
    return tuple(sorted(todos, key=lambda t: (t.urgency, t.due or date.max, -t.weight, t.kind, t.what)))


def _name(record: IncidentRecord) -> str:
    """How the list calls a record: an exercise must not look like an emergency."""
    return f"{record.id} (DRILL)" if record.drill else record.id


def of_incident(record: IncidentRecord, state: IncidentState) -> Iterator[Todo]:
    """Clocks, review and actions of one record."""
    if not record.closed:
        yield from _clocks(record, state)
    review = state.review
    if review.due and review.lacking:
        words = f"{_name(record)}: {'MISSED: ' if review.missed else ''}{' and '.join(review.lacking)}"
        yield Todo(2 if review.missed else 3, "review", review.due, words, record.id)
    if review.unstated_too_long:
        words = f"{_name(record)}: say when it was contained; review and new version are due {review.days} days later"
        yield Todo(2, "review", None, words, record.id)
    today = state.now.date()
    for action in record.actions:
        if action.state not in ("open", "done"):
            continue
        late = action.state == "open" and action.due is not None and action.due < today
        words = "verify that it works" if action.state == "done" else "not done"
        what = f"{_name(record)}, action {action.id}: {action.what}; {action.owner}; {words}"
        yield Todo(2 if late else 3, "action", action.due, what, record.id)


def _clocks(record: IncidentRecord, state: IncidentState) -> Iterator[Todo]:
    for line in state.duties:
        if line.standing in ("sent", "decided"):
            continue
        deadline = line.due.deadline
        what = f"{_name(record)}: {line.due.title} ({line.due.recipient}) [{line.duty}]"
        if line.left is None or line.left_legal is None or deadline.act_by is None:
            urgency = 1 if line.standing == "no_number" else 3
            words = "at once" if line.standing == "no_number" else deadline.why
            yield Todo(urgency, "clock", None, f"{what}: {words}", record.id)
            continue
        over = line.left_legal < timedelta(0)
        words = (
            f"legal end was {shown(deadline.due)}"
            if over and deadline.due
            else f"act by {shown(deadline.act_by)}"
        )
        urgency = 0 if over else 1 if line.left < _SOON else 3
        yield Todo(urgency, "clock", deadline.act_by.date(), f"{what}: {words}", record.id)


def of_plan(plan: Plan, now: datetime) -> Iterator[Todo]:
    """Drills, review date, law and gaps of one plan."""
    today, name = now.date(), plan.identity.id
    for drill in plan.drills_due:
        late = drill.due is not None and drill.due < today
        yield Todo(
            2 if late else 3,
            "drill",
            drill.due,
            f"{drill.kind} drill: {drill.scenario} ({drill.because})",
            name,
        )
    if plan.identity.next_review and plan.identity.next_review < today:
        yield Todo(2, "review", plan.identity.next_review, "the plan's own review date has passed", name)
    for words in plan.law.later:
        yield Todo(4, "law", None, words, name)
    for version in plan.law.versions:
        if version.verified_on is not None and today - version.verified_on > timedelta(days=STALE_DAYS):
            yield Todo(4, "law", None, f"{version.duty}: last looked up on {version.verified_on}", name)
    clauses = {binding.duty for binding in plan.bindings if binding.source == "contract"}
    never = sum(v.verified_on is None and v.duty not in clauses for v in plan.law.versions)
    if never:
        yield Todo(4, "law", None, f"{never} duties of the plan were never looked up again", name)
    for gap in plan.gaps:
        yield Todo(
            3 if gap.weight >= _HEAVY else 5, "gap", None, f"{gap.ask} ({gap.what})", gap.key, gap.weight
        )
