"""Rules: limits that no client may loosen - drills each quarter at least, review within 14 calendar days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.sources.key_paths import find, number
from generator.sources.rules_base import Fault, Subject

QUARTER_DAYS = 92
REVIEW_DAYS = 14

_LONGEST_DAYS = {
    "seconds": 1 / 86_400,
    "minutes": 1 / 1_440,
    "hours": 1 / 24,
    "calendar_days": 1.0,
    "days_undefined": 1.0,
    "weeks": 7.0,
    "months": 92 / 3,
    "years": 366.0,
}
"""The longest that one unit can last, in days. A month is a third of the longest quarter."""


def longest_days(value: float, unit: str) -> float | None:
    """The longest that a length can last, in calendar days; None for an unknown unit.

    Business days: two days off a week, and one holiday in each begun fortnight.
    """
    if unit == "business_days":
        return value + 2 * (value // 5) + (value // 10)
    factor = _LONGEST_DAYS.get(unit)
    return None if factor is None else value * factor


def drills_are_quarterly(subject: Subject) -> Iterator[Fault]:
    """Stop drills and tabletops are held at least once a quarter."""
    for pattern, what in (
        ("drills.stop_every", "stop drills"),
        ("drills.tabletop_every", "tabletop exercises"),
    ):
        for path, length in find(subject.data, pattern):
            days = _days(length)
            if days is not None and days > QUARTER_DAYS:
                yield Fault(path, f"{what} rarer than once a quarter", "write 3 months or less")


def review_is_in_time(subject: Subject) -> Iterator[Fault]:
    """The review after an incident is due within 14 calendar days."""
    for path, length in find(subject.data, "review.within"):
        days = _days(length)
        if days is not None and days > REVIEW_DAYS:
            yield Fault(
                path,
                f"the review can fall later than {REVIEW_DAYS} calendar days",
                "write 14 calendar_days or less",
            )


def _days(length: Any) -> float | None:
    if not isinstance(length, dict):
        return None
    value = number(length.get("value"))
    return None if value is None else longest_days(value, str(length.get("unit")))
