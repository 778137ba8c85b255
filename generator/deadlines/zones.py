"""Time zones and local times: which zone counts, and times that do not exist or happen twice."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from generator.errors import UsageProblem
from generator.model.law import Duty, Limb

_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?P<offset>Z|[+-]\d{2}:?\d{2})?)?"
)


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises UsageProblem with the nearest names."""
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = sorted(zoneinfo.available_timezones())
        lower = {zone.lower(): zone for zone in known}
        cities = {zone.rpartition("/")[2].lower(): zone for zone in known}
        wanted = name.lower().replace(" ", "_")
        near = [found for table in (lower, cities) if (found := table.get(wanted))]
        near = near or difflib.get_close_matches(name, known, n=2)
        hint = f"; did you mean {' or '.join(near[:2])}?" if near else "; use an IANA name like Europe/Berlin"
        raise UsageProblem(f"no time zone `{name}`{hint}") from None


def instant(text: str, zone: tzinfo | str | None, *, option: str = "--start") -> datetime:
    """A point in time from ISO 8601 text.

    With an offset the text fixes the instant (shown in `zone`, if there is one). Without one it is
    read in `zone` (or the zone of that name); a local time that does not exist or happens twice is
    refused with both choices. A date alone means 00:00, the strictest reading. Raises UsageProblem.
    """
    if isinstance(zone, str):
        zone = zone_named(zone)
    match = _ISO.fullmatch(text.strip())
    if not match:
        raise UsageProblem(f"{option} {text}: write a time like 2026-11-27T16:30 or 2026-11-27T16:30+01:00")
    if not 1970 <= int(match["date"][:4]) <= 2199:
        raise UsageProblem(f"{option} {text}: the year must lie between 1970 and 2199")
    try:
        local = datetime.fromisoformat(f"{match['date']}T{match['time'] or '00:00'}")
        offset = _offset(match["offset"])
        if offset is not None:
            aware = local.replace(tzinfo=offset)
            aware.astimezone(UTC)
            return aware.astimezone(zone) if zone else aware
    except (ValueError, OverflowError):
        raise UsageProblem(f"{option} {text}: no such date or time") from None
    if zone is None:
        raise UsageProblem(f"{option} {text}: add an offset (2026-11-27T16:30+01:00) or --tz ZONE")
    return localised(local, zone, option=option)


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError("minutes")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)


def localised(local: datetime, zone: tzinfo, *, option: str = "--start") -> datetime:
    """A naive local time in `zone`. Raises UsageProblem when it is skipped or ambiguous there."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
    choices = sorted(moment.astimezone(UTC) for moment in (first, second))
    shown = " or ".join(moment.astimezone(zone).isoformat(timespec="minutes") for moment in choices)
    what = "happens twice" if exists else "does not exist"
    raise UsageProblem(f"{option} {local.isoformat(timespec='minutes')} {what} in {zone}: write {shown}")


def zone_of(
    duty: Duty,
    limb: Limb,
    given: str | None,
    client_zone: str | None,
    place_zones: Mapping[str, str],
    law_place: str = "",
) -> tuple[ZoneInfo, str] | None:
    """The zone in which a limb counts days, and in words where it comes from; None when nothing says.

    Order: the zone given for this run, the law's own, the client's, that of the recipient's place or,
    failing that, of `law_place`, the jurisdiction of the law.
    """
    place = duty.recipient_place if duty.recipient_place in place_zones else law_place
    of_place = place_zones.get(place or "")
    choices: list[tuple[str | None, str]] = [(given, "the zone given")]
    if limb.zone == "place":
        choices.append((of_place, f"the zone of {place}"))
    elif limb.zone != "client":
        choices.append((limb.zone, "the zone of the law"))
    choices += [
        (client_zone, "the client's zone"),
        (of_place, f"the zone of {place}, since no other was given"),
    ]
    for name, words in choices:
        if name:
            return zone_named(name), words
    return None


def fixed(moment: datetime) -> datetime:
    """The same moment with a fixed offset. Two times in one IANA zone compare by the clock on the wall,
    two with fixed offsets by the instant: results carry the latter."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(timezone(offset))


def shown(moment: datetime) -> str:
    """A moment for people: "Mon 30 Nov 2026 16:30 (+01:00)"; seconds only where they are not zero."""
    clock = "%H:%M:%S" if moment.second else "%H:%M"
    offset = moment.strftime("%z")
    return f"{moment.strftime(f'%a {moment.day} %b %Y {clock}')} ({offset[:3]}:{offset[3:5]})"
