"""Arithmetic of legal periods. The name of a function says which clock it uses."""

from __future__ import annotations

import calendar as months
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

_LAST_MOMENT = time(23, 59, 59)


def after_hours(start: datetime, hours: Decimal | int) -> datetime:
    """The instant `hours` elapsed hours after `start`, in `start`'s zone.

    Elapsed, not wall-clock: across the October clock change 72 h ends at 11:00 if it began at
    12:00. Raises ValueError for a naive `start`.
    """
    return (_utc(start) + _hours(hours)).astimezone(start.tzinfo)


def after_full_hours(start: datetime, hours: Decimal | int) -> datetime:
    """The end of a period in hours in which the hour of the event is not counted.

    Reg. (EEC, Euratom) No 1182/71 Art. 3(1), 3(2)(a): the period begins with the next full clock
    hour and ends with the last hour. Raises ValueError for a naive `start`.
    """
    begun = timedelta(minutes=start.minute, seconds=start.second, microseconds=start.microsecond)
    return (_utc(start) - begun + timedelta(hours=1) + _hours(hours)).astimezone(start.tzinfo)


def after_calendar_days(day: date, amount: int) -> date:
    """The last day of a period in days; the day of the event is not counted."""
    return day + timedelta(days=amount)


def after_months(day: date, amount: int) -> date:
    """The same day number `amount` months later, or the last day of that month if there is none."""
    index = day.year * 12 + day.month - 1 + amount
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def end_of_calendar_year(day: date) -> date:
    """31 December of the year in which `day` falls."""
    return date(day.year, 12, 31)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """23:59:59 on `day` in `zone`: the last of it where that time happens twice."""
    return datetime.combine(day, _LAST_MOMENT, tzinfo=zone).replace(fold=1)


def noon(day: date, zone: tzinfo) -> datetime:
    """12:00 on `day` in `zone`."""
    return datetime.combine(day, time(12), tzinfo=zone)


def day_of_end(moment: datetime) -> date:
    """The day on which a period ends; one that ends at midnight ends with the day before."""
    return (moment - timedelta(microseconds=1)).date()


def _utc(start: datetime) -> datetime:
    if start.utcoffset() is None:
        raise ValueError("start needs a time zone")
    return start.astimezone(UTC)


def _hours(hours: Decimal | int) -> timedelta:
    return timedelta(seconds=round(Decimal(hours) * 3600))
