"""The one place that reads the clock. Every command that asks it has `--now` to replace it."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """This moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """The date on this machine's calendar."""
    return datetime.now().astimezone().date()
