"""What somebody asked to have evidenced, and the files that a pack gathers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.errors import UsageProblem
from generator.model.evidence import NumberGap


@dataclass(frozen=True, slots=True)
class Request:
    """The call of `airplan evidence`."""

    profile: Path
    first: date
    last: date
    releases: Path
    incidents: Path
    files: Path | None = None
    """The folder in which the evidence files of drills are; None: the profile's folder."""
    population: Path | None = None
    built: Path = Path("output")
    """Built packs, for a profile without a release."""
    as_of: str | None = None
    """The moment at which the records stand, as written; None: their last entry, or the end of the period."""
    others: tuple[NumberGap, ...] = ()
    """Records of other plans or periods that are known and not there, where a pack is made again from its sources."""
    redact: str | None = None
    """For whom personal contacts are taken out."""


@dataclass(frozen=True, slots=True)
class GatheredFile:
    """One file of the pack."""

    name: str
    data: bytes
    role: str
    audience: str
    source: str
    """What it was made from or copied from, in words."""


def period(text: str) -> tuple[date, date]:
    """`2026-01-01..2026-12-31` as first and last day. Raises UsageProblem."""
    first, dots, last = text.partition("..")
    try:
        if not dots:
            raise ValueError
        days = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    except ValueError:
        raise UsageProblem(
            f"--period {text}: write the first and the last day, as in 2026-01-01..2026-12-31"
        ) from None
    if days[1] < days[0]:
        raise UsageProblem(f"--period {text}: the last day is before the first")
    return days
