"""Which version of a plan was in force on which days of a period. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from generator.model.base import version_key
from generator.model.release import Approval, Release


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time without a change of version. `release` is None where no release was in force."""

    start: datetime
    end: datetime
    release: Release | None

    @property
    def days(self) -> int:
        """Days at whose end it stood: the day of a change counts for what came in."""
        return ((self.end + timedelta(seconds=1)).date() - self.start.date()).days


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), zone)


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day."""
    return datetime.combine(day, time(23, 59, 59), zone)


def stretches(releases: Sequence[Release], first: date, last: date, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """The period in pieces, each with the release that was in force."""
    begin, end = day_start(first, zone), day_end(last, zone)
    starts = {max(one.released_at, day_start(one.effective, zone)).astimezone(zone) for one in releases}
    turns = sorted({begin, *(start for start in starts if begin < start <= end)})
    found: list[Stretch] = []
    for at, turn in enumerate(turns):
        until = turns[at + 1] - timedelta(seconds=1) if at + 1 < len(turns) else end
        release = in_force_at(releases, turn)
        if found and found[-1].release == release:
            found[-1] = Stretch(found[-1].start, until, release)
        else:
            found.append(Stretch(turn, until, release))
    return tuple(found)


def in_force_at(releases: Iterable[Release], at: datetime) -> Release | None:
    """The release that was in force at a moment: frozen by then, and its plan's date had come where `at` is said.

    A version that was frozen afterwards binds nothing, whatever date its plan carries.
    """
    standing = [one for one in releases if one.effective <= at.date() and one.released_at <= at]
    return max(
        standing, key=lambda one: (one.effective, one.released_at, version_key(one.version)), default=None
    )


def approved_from(approvals: Sequence[Approval], release: Release) -> datetime | None:
    """When somebody first approved exactly this release."""
    given = [one.at for one in approvals if is_right(one, release)]
    return min(given) if given else None


def is_right(approval: Approval, release: Release) -> bool:
    """Whether the approval names the hashes of exactly this release."""
    return (approval.plan_sha256, approval.manifest_sha256) == (release.plan_sha256, release.manifest_sha256)
