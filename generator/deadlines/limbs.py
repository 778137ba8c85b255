"""The end of one time limit, with the way to it in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from generator.deadlines import counting
from generator.deadlines.calendars import (
    after_business_days,
    calendar_named,
    computed_years,
    is_working,
    roll_forward,
    why_off,
    working_days_between,
)
from generator.deadlines.zones import shown, zone_named
from generator.errors import LawGap
from generator.law.conditions import evaluate
from generator.law.facts import FactSet
from generator.model.base import UNIT_WORDS
from generator.model.law import Limb, WorkCalendar

_REG = "Reg. (EEC, Euratom) No 1182/71"


@dataclass(frozen=True)
class LimbEnd:
    """Where one limit ends. `due` None: something is missing, `why` says what."""

    limb: Limb
    start: datetime
    due: datetime | None
    act_by: datetime | None
    steps: tuple[str, ...]
    reading: str | None = None
    calendar: str | None = None
    why: str | None = None
    missing: tuple[str, ...] = ()


@dataclass
class _Work:
    """One limit under way."""

    limb: Limb
    start: datetime
    facts: FactSet
    calendars: Mapping[str, WorkCalendar]
    citation: str
    steps: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    used: WorkCalendar | None = None

    def calendar(self) -> WorkCalendar | None:
        """The limb's calendar, or None with the missing fact noted."""
        if self.limb.calendar is None:
            return None
        found, fact = calendar_named(self.limb.calendar, self.facts, self.calendars)
        if fact is not None:
            self.missing.append(fact)
        self.used = found or self.used
        return found

    def whole(self) -> int:
        amount = self.limb.amount
        if amount is None or amount != amount.to_integral_value():
            raise LawGap(f"{self.citation}: {amount} {self.limb.unit} is no whole number")
        return int(amount)


def amount_words(limb: Limb) -> str:
    """ "72 hours", "1 month"."""
    if limb.amount is None or limb.unit is None:
        return "no number"
    return f"{limb.amount} {UNIT_WORDS[limb.unit]}{'' if limb.amount == 1 else 's'}"


def limb_end(
    limb: Limb,
    start: datetime,
    facts: FactSet,
    calendars: Mapping[str, WorkCalendar],
    citation: str,
) -> LimbEnd:
    """The end of `limb` counted from `start`, whose zone is the one in which days are counted.

    Raises LawGap when the law data has no answer (a year outside the calendar).
    """
    work = _Work(limb, start, facts, calendars, citation)
    try:
        end = _in_hours(work) if limb.unit == "hours" else _in_days(work)
    except OverflowError:
        raise LawGap(f"{citation}: the period ends outside the years that dates can hold") from None
    if work.used is not None and end.due is not None:
        for year in computed_years(work.used, start.date(), end.due.date()):
            work.steps.append(
                f"The days off of {year} in the calendar {work.used.id} are computed, "
                f"not read against the official list ({work.used.years[year].source})."
            )
    return replace(
        end,
        steps=tuple(work.steps),
        missing=tuple(dict.fromkeys(work.missing)),
        calendar=work.used.id if work.used else None,
    )


def _in_hours(work: _Work) -> LimbEnd:
    """Hours run on the UTC line; `act_by` is always the plain elapsed time."""
    limb, start = work.limb, work.start
    if limb.amount is None or limb.anchor != "start":
        raise LawGap(f"{work.citation}: hours cannot run from {limb.anchor}")
    elapsed = counting.after_hours(start, limb.amount)
    work.steps.append(f"{amount_words(limb)} elapsed on the UTC line: {shown(elapsed)} ({work.citation}).")
    due, reading = elapsed, "hours elapsed on the UTC line"
    if limb.counting == "reg_1182_71":
        due = counting.after_full_hours(start, limb.amount)
        work.steps.append(
            f"The clock hour in which the event falls is not counted: the legal end is {shown(due)} "
            f"({_REG} Art. 3(1), 3(2)(a)); acting by {shown(elapsed)} is right on every reading."
        )
        if limb.roll == "none":
            work.steps.append(
                "Days off count, and a period in hours does not move to a working day "
                f"({_REG} Art. 3(3), 3(4))."
            )
        reading = (
            f"{_REG}: the hour of the event is not counted. A later reading (Art. 3(5): a period of two days "
            "or more holds at least two working days) is debated for hours and not used"
        )
    due = _rolled(work, due)
    return LimbEnd(limb, start, due, elapsed, (), reading)


def _in_days(work: _Work) -> LimbEnd:
    """Days and months end with the last day in the zone of `start`."""
    limb, start = work.limb, work.start
    day = start.date()
    if limb.anchor == "end_of_calendar_year":
        day = counting.end_of_calendar_year(day)
        work.steps.append(
            f"The period runs from the end of the calendar year, {_day(day)} ({work.citation})."
        )
    amount = work.whole()
    reading = "the day of the event is not counted; the last day counts in full"
    counted = limb.first_day == "counted"
    if counted:
        reading = "the day of the event is day 1; the last day counts in full"
    if limb.unit == "business_days":
        calendar = work.calendar()
        if calendar is None:
            why = f"which days are working days hangs on a fact that is not known: {_unknown(work)}"
            return LimbEnd(limb, start, None, None, (), why=why)
        last = after_business_days(calendar, day, amount)
        off = _days_off(calendar, day, last)
        work.steps.append(
            f"{amount_words(limb)} after {_day(day)}, that day not counted, by the calendar {calendar.id}: "
            f"{_day(last)} ({work.citation}).{off}"
        )
    elif limb.unit == "months":
        last = counting.after_months(day, amount)
        rule = "same day number" if last.day == day.day else "no such day in that month: its last day"
        work.steps.append(f"{amount_words(limb)} after {_day(day)} ({rule}): {_day(last)} ({work.citation}).")
        reading = "same day number, or the last day of the month"
    else:
        last = counting.after_calendar_days(day, amount - 1 if counted else amount)
        work.steps.append(
            f"{amount_words(limb)} {'from' if counted else 'after'} {_day(day)}, that day "
            f"{'counted as day 1' if counted else 'not counted'}: {_day(last)} ({work.citation})."
        )
    strict = counting.end_of_day(last, start.tzinfo) if start.tzinfo else None
    if strict is None:
        raise ValueError("start needs a time zone")
    due = _rolled(work, strict)
    act_by = due
    if limb.counting == "reg_1182_71":
        reading = f"{_REG} Art. 3(1), 3(2): {reading}"
        due = _two_working_days(work, day, due)
        if due.timestamp() != act_by.timestamp():
            reading += "; the end holds two working days (Art. 3(5)), act by the end without that rule"
    if limb.day_closes:
        act_by = _closing(limb, due)
        work.steps.append(
            f"The office takes filings until {limb.day_closes} ({limb.zone}); act by {shown(act_by)}."
        )
    if due.hour == 23:
        work.steps.append(f"The last day ends at 23:59:59 in {start.tzinfo}: {shown(due)}.")
    return LimbEnd(limb, start, due, act_by, (), reading)


def _closing(limb: Limb, due: datetime) -> datetime:
    """When the office closes on the last day, in the law's own zone, wherever days are counted."""
    at_law = zone_named(limb.zone) if "/" in limb.zone else due.tzinfo
    closes = time.fromisoformat(limb.day_closes or "23:59")
    return min(
        datetime.combine(due.date(), closes, tzinfo=at_law).astimezone(due.tzinfo),
        due,
        key=datetime.timestamp,
    )


def _rolled(work: _Work, due: datetime) -> datetime:
    """The end after the law's roll; the earlier end where it is not known whether or where it may move."""
    if work.limb.roll == "none" or not _may_roll(work):
        return due
    calendar = work.calendar()
    if calendar is None:
        work.steps.append(
            f"Not moved to a working day: {_unknown(work)} is not known, so the earlier end stands."
        )
        return due
    day = counting.day_of_end(due)
    if not is_working(calendar, day):
        return _moved(work, calendar, day, due)
    if work.limb.unit == "hours":
        work.steps.append(f"{_day(day)} is a working day ({calendar.id}): the end does not move.")
    return due


def _moved(work: _Work, calendar: WorkCalendar, day: date, due: datetime) -> datetime:
    """The end after the law's roll."""
    following = roll_forward(calendar, day)
    zone = work.start.tzinfo
    if zone is None:
        raise ValueError("start needs a time zone")
    at_noon = work.limb.roll == "noon_next_working_day"
    moved = counting.noon(following, zone) if at_noon else counting.end_of_day(following, zone)
    rule = "noon of the next working day" if at_noon else "the end of the next working day"
    source = f"{_REG} Art. 3(4)" if work.limb.counting == "reg_1182_71" and not at_noon else work.citation
    work.steps.append(
        f"{_day(day)} is a day off ({why_off(calendar, day)}, {calendar.id}): the end moves to {rule}, "
        f"{shown(moved)} ({source})."
    )
    return max(moved, due, key=datetime.timestamp)


def _two_working_days(work: _Work, day: date, due: datetime) -> datetime:
    """A period of two days or more holds at least two working days. Never for hours."""
    limb, calendar = work.limb, work.used
    if limb.unit == "months" or (limb.amount or 0) < 2 or calendar is None or due.tzinfo is None:
        return due
    last = due.date()
    while working_days_between(calendar, day + timedelta(days=1), last) < 2:
        last = roll_forward(calendar, last + timedelta(days=1))
    if last == due.date():
        return due
    later = counting.end_of_day(last, due.tzinfo)
    work.steps.append(
        f"The period must hold two working days, so it ends {shown(later)} ({_REG} Art. 3(5)); "
        f"act by {shown(due)}, the end without that rule."
    )
    return later


def _may_roll(work: _Work) -> bool:
    """False when the bound party may not use the roll, or may not for all that is known."""
    condition = work.limb.roll_unless
    if condition is None:
        return True
    trace = evaluate(condition, work.facts)
    if trace.value is None:
        names = (*trace.missing, *trace.open_facts)
        work.missing.extend(names)
        words = ", ".join(work.facts.registry.title(name) for name in names)
        work.steps.append(
            f"Not moved to a working day: not known whether the party may ({words}); the earlier end stands."
        )
        return False
    if trace.value:
        said = ", ".join(leaf.said for leaf in trace.decisive)
        work.steps.append(
            f"Not moved to a working day: this party may not use that rule ({said}; {work.citation})."
        )
    return not trace.value


def _unknown(work: _Work) -> str:
    return ", ".join(work.facts.registry.title(name) for name in work.missing)


def _day(day: date) -> str:
    return f"{day.strftime('%a')} {day.day} {day.strftime('%b %Y')}"


def _days_off(calendar: WorkCalendar, day: date, last: date) -> str:
    """The holidays passed over, by name."""
    span = (day + timedelta(days=step) for step in range(1, (last - day).days + 1))
    names = [
        f"{_day(one)} ({year.days[one]})"
        for one in span
        if (year := calendar.years.get(one.year)) and one in year.days
    ]
    return f" Passed over: {', '.join(names)}." if names else ""
