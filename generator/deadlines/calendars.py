"""Working days by a frozen work calendar. Years that a calendar does not hold have no answer: LawGap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from generator.errors import LawGap
from generator.law.facts import FactSet, Unknown
from generator.model.law import CalendarYear, WorkCalendar

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NATIONAL = {"us": "us-federal", "gb": "gb-eng", "eu": "target"}
"""Countries whose calendar has a longer id."""
_BY_FACT = {"client": "seat", "member_state": "member_state"}


def is_working(calendar: WorkCalendar, day: date) -> bool:
    """True on a working day. Raises LawGap in a year that the calendar does not hold."""
    year = calendar.years.get(day.year)
    if year is None:
        held = f"{min(calendar.years)} to {max(calendar.years)}" if calendar.years else "no year"
        raise LawGap(f"the work calendar {calendar.id} holds {held}, not {day.year}: give --holidays FILE")
    return _WEEKDAYS[day.weekday()] not in calendar.weekend and day not in year.days


def why_off(calendar: WorkCalendar, day: date) -> str:
    """The reason why a day is off: the holiday's name, or the weekday."""
    year = calendar.years.get(day.year)
    return str(year.days[day]) if year and day in year.days else day.strftime("%A")


def roll_forward(calendar: WorkCalendar, day: date) -> date:
    """`day`, or the next working day when `day` is a day off."""
    while not is_working(calendar, day):
        day += timedelta(days=1)
    return day


def after_business_days(calendar: WorkCalendar, day: date, amount: int) -> date:
    """The `amount`-th working day after `day`; the day itself is not counted."""
    is_working(calendar, day)
    for _ in range(amount):
        day = roll_forward(calendar, day + timedelta(days=1))
    return day


def working_days_between(calendar: WorkCalendar, first: date, last: date) -> int:
    """How many working days lie from `first` to `last`, both included."""
    span = range((last - first).days + 1)
    return sum(is_working(calendar, first + timedelta(days=step)) for step in span)


def computed_years(calendar: WorkCalendar, first: date, last: date) -> list[int]:
    """The years between two days that come from a library and were not read against an official list."""
    years = range(first.year, last.year + 1)
    return [year for year in years if year in calendar.years and calendar.years[year].status == "computed"]


def with_days_off(calendar: WorkCalendar, days: Mapping[date, str], source: str) -> WorkCalendar:
    """The calendar with more days off; a year that it did not hold is not opened by that."""
    years = dict(calendar.years)
    for day, name in sorted(days.items()):
        if day.year in years:
            year = years[day.year]
            more = {**year.days, day: name}
            years[day.year] = CalendarYear(status=year.status, source=f"{year.source}; {source}", days=more)
    return calendar.model_copy(update={"years": years})


def calendar_named(
    code: str, facts: FactSet, calendars: Mapping[str, WorkCalendar]
) -> tuple[WorkCalendar, None] | tuple[None, str]:
    """The calendar that a limb names, or the fact that is needed to know which.

    `client` follows the client's seat, `member_state` the member state. Raises LawGap when there is
    no such calendar.
    """
    wanted: Iterable[str] = (code,)
    if code in _BY_FACT and code not in calendars:
        place = _place(_BY_FACT[code], facts)
        if place is None:
            return None, _BY_FACT[code]
        wanted = _ids(place)
    for identifier in wanted:
        if identifier in calendars:
            return calendars[identifier], None
    raise LawGap(f"no work calendar {' or '.join(wanted)}: give --holidays FILE")


def _place(fact: str, facts: FactSet) -> str | None:
    value = facts.get(fact)
    if isinstance(value, Unknown) and fact == "member_state":
        seat = facts.get("seat")
        if isinstance(seat, str) and facts.registry.places.within(seat, "EU"):
            return seat
    return value if isinstance(value, str) and value != "none" else None


def _ids(place: str) -> list[str]:
    """`US-CA` -> us-ca, us-federal; `DE` -> de."""
    own = place.lower()
    country = own.partition("-")[0]
    return list(dict.fromkeys([own, _NATIONAL.get(country, country)]))
