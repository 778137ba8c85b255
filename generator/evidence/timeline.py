"""Which version of a plan was in force on which days of a period. Pure."""

from __future__ import annotations

from collections.abc import Sequence
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
    """The period in pieces, each with the release that was in force: frozen by then, and its plan's date had come."""
    starts = sorted(
        (_starts(one, zone), one.effective, one.released_at, version_key(one.version)) for one in releases
    )
    known = {(one.effective, one.released_at, version_key(one.version)): one for one in releases}
    begin, end = day_start(first, zone), day_end(last, zone)
    turns = sorted({begin, *(start[0].astimezone(zone) for start in starts if begin < start[0] <= end)})
    found: list[Stretch] = []
    for at, turn in enumerate(turns):
        until = turns[at + 1] - timedelta(seconds=1) if at + 1 < len(turns) else end
        standing = [start[1:] for start in starts if start[0] <= turn]
        release = known[max(standing)] if standing else None
        if found and found[-1].release == release:
            found[-1] = Stretch(found[-1].start, until, release)
        else:
            found.append(Stretch(turn, until, release))
    return tuple(found)


def _starts(release: Release, zone: ZoneInfo) -> datetime:
    return max(release.released_at, day_start(release.effective, zone))


def approved_from(approvals: Sequence[Approval], release: Release) -> datetime | None:
    """When somebody first approved exactly this release."""
    given = [one.at for one in approvals if is_right(one, release)]
    return min(given) if given else None


def is_right(approval: Approval, release: Release) -> bool:
    """Whether the approval names the hashes of exactly this release."""
    return (approval.plan_sha256, approval.manifest_sha256) == (release.plan_sha256, release.manifest_sha256)
