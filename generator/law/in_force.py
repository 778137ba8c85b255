"""Which version of a duty answers on a day, and what a day outside its life means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from generator.errors import LawGap
from generator.model.deadline import Status as Standing
from generator.model.law import Duty, Version


@dataclass(frozen=True)
class Life:
    """What the law book says about a duty on a day.

    `version` answers on that day (only when `in_force`). `nearest` is the wording to look at
    otherwise (the next, the last, the proposed one). `coming` is the next enacted wording that
    starts within one year.
    """

    standing: Standing
    version: Version | None
    nearest: Version
    coming: Version | None
    words: str


def in_force(duty: Duty, on: date) -> Life:
    """The one version of `duty` that applies on the day, or what the day is instead.

    `on` is a calendar day at the place of the duty, not a UTC instant. Raises LawGap when versions
    overlap or leave a hole inside the duty's life.
    """
    lasting = [version for version in duty.versions if _has_life(version)]
    covering = [version for version in lasting if _covers(version, on)]
    coming = _coming(lasting, on)
    if len(covering) > 1:
        raise LawGap(f"{duty.id}: {len(covering)} versions apply on {on}; exactly one must")
    if covering:
        version = covering[0]
        if version.state == "stayed":
            return Life("stayed", None, version, coming, f"stayed on {on}: nobody may enforce it")
        return Life("in_force", version, version, coming, _since(version))
    earlier = [version for version in lasting if version.until and version.until <= on]
    later = sorted((v for v in lasting if v.from_ and v.from_ > on), key=_start)
    if earlier and later:
        raise LawGap(f"{duty.id}: no version applies on {on}, between versions that do")
    if later:
        return Life("not_yet", None, later[0], coming, f"applies only from {later[0].from_}")
    if earlier:
        return _over(earlier, coming)
    return _never(duty, on)


def _has_life(version: Version) -> bool:
    """Proposed and undated wordings never answer; a repealed one only where it says until when it did."""
    if version.state == "repealed":
        return version.until is not None
    return version.state not in ("proposed", "adopted")


def _start(version: Version) -> date:
    return version.from_ or date.min


def _covers(version: Version, on: date) -> bool:
    return _start(version) <= on and (version.until is None or on < version.until)


def _coming(lasting: list[Version], on: date) -> Version | None:
    """The next enacted wording that starts after the day and within one year."""
    if on.year == date.max.year:
        return None
    leap = (on.month, on.day) == (2, 29)
    limit = on.replace(year=on.year + 1, day=28 if leap else on.day)
    found = [v for v in lasting if v.from_ and on < v.from_ <= limit and v.state == "enacted"]
    return min(found, key=_start, default=None)


def _since(version: Version) -> str:
    start = f"in force since {version.from_}" if version.from_ else "in force (start not verified)"
    return f"{start}, until {version.until} (that day no longer)" if version.until else start


def _over(earlier: list[Version], coming: Version | None) -> Life:
    last = max(earlier, key=lambda version: version.until or date.max)
    standing: Standing = "repealed" if last.state == "repealed" else "ended"
    return Life(
        standing, None, last, coming, f"{standing}; it applied until {last.until} (that day no longer)"
    )


def _never(duty: Duty, on: date) -> Life:
    repealed = [version for version in duty.versions if version.state == "repealed"]
    if repealed:
        return Life("repealed", None, repealed[-1], None, "repealed; it does not apply")
    adopted = [version for version in duty.versions if version.state == "adopted"]
    if adopted:
        return Life("not_yet", None, adopted[-1], None, "adopted, but its first day is not set yet")
    proposed = [version for version in duty.versions if version.state == "proposed"]
    if not proposed:
        raise LawGap(f"{duty.id}: no version says anything about {on}")
    when = f"; the draft would apply from {proposed[-1].from_}" if proposed[-1].from_ else ""
    return Life("proposed", None, proposed[-1], None, f"only proposed, not law{when}")
