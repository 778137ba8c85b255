"""Deadlines as a calendar file (RFC 5545): one event a deadline, with alarms. The only module that uses icalendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import icalendar

from generator.deadlines.words import trust_words
from generator.model.deadline import Deadline

_ALARMS = (timedelta(days=1), timedelta(hours=2))
"""How long before the act-by time a calendar program warns; not before awareness."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline with the words that its event shows."""

    deadline: Deadline
    title: str
    recipient: str
    reason: str


def calendar(entries: Sequence[Entry], plan_id: str, stamp: datetime) -> bytes:
    """The calendar of `entries` that have a date.

    A limit in hours is an event from its act-by instant to its legal end, in UTC; a limit in days fills its last day.
    `stamp` is the moment of awareness: DTSTAMP, and part of each UID, so that the same incident gives the same file
    and a second import replaces the first.
    """
    result = icalendar.Calendar()
    result.add("prodid", "-//airplan//deadlines//EN")
    result.add("version", "2.0")
    result.add("x-wr-calname", f"Deadlines {plan_id}")
    for entry in entries:
        if entry.deadline.act_by is not None and entry.deadline.due is not None:
            result.add_component(_event(entry, plan_id, stamp))
    return result.to_ical(sorted=True)  # type: ignore[no-any-return]


def _event(entry: Entry, plan_id: str, stamp: datetime) -> icalendar.Event:
    deadline = entry.deadline
    act_by, due = deadline.act_by, deadline.due
    if act_by is None or due is None:
        raise ValueError("a deadline without a date has no event")
    event = icalendar.Event()
    event.add("uid", f"{deadline.duty}.{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}.{plan_id}@airplan")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", f"ACT BY: {entry.title}")
    if _whole_day(deadline, act_by):
        event.add("dtstart", act_by.date())
        event.add("dtend", act_by.date() + timedelta(days=1))
    else:
        event.add("dtstart", act_by.astimezone(UTC))
        if due > act_by:  # RFC 5545: DTEND is later than DTSTART, or left out
            event.add("dtend", due.astimezone(UTC))
    event.add("description", "\n".join(_lines(entry, act_by, due)))
    event.add("categories", ["airplan", deadline.duty])
    event.add("transp", "TRANSPARENT")
    for moment in _alarms(act_by, stamp):
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{entry.title}: act by {act_by.isoformat(timespec='minutes')}")
        alarm.add("trigger", moment.astimezone(UTC))
        event.add_component(alarm)
    return event


def _alarms(act_by: datetime, stamp: datetime) -> list[datetime]:
    """The usual warnings that lie after awareness; for a shorter limit one, at half of its time."""
    usual = [act_by - before for before in _ALARMS if act_by - before > stamp]
    return usual or [act_by - max(act_by - stamp, timedelta()) / 2]


def _whole_day(deadline: Deadline, moment: datetime) -> bool:
    """A limit in days ends with the last second of a day; one in hours may fall on it by chance."""
    return deadline.unit != "hours" and (moment.hour, moment.minute, moment.second) == (23, 59, 59)


def _lines(entry: Entry, act_by: datetime, due: datetime) -> list[str]:
    deadline = entry.deadline
    return [
        f"To: {entry.recipient}",
        f"Act by: {act_by.isoformat(timespec='seconds')}",
        f"Legal end: {due.isoformat(timespec='seconds')} ({deadline.zone})",
        f"Citation: {deadline.citation} ({trust_words(deadline.confidence)})",
        f"Why: {entry.reason}",
        "How it was counted:",
        *(f"{number}. {step}" for number, step in enumerate(deadline.derivation, 1)),
    ]
