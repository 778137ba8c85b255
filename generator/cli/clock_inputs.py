"""From the words of the command line to a computed deadline. Every mistake is one clear line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from generator.deadlines.calendars import with_days_off
from generator.deadlines.clock import Lookup, Setting, answer
from generator.deadlines.zones import instant, zone_named, zone_of
from generator.errors import InvalidInput, PlanError, Problem, UsageProblem
from generator.law.facts import FactSet, parse_fact
from generator.law.in_force import in_force
from generator.model.deadline import Deadline
from generator.model.law import Duty, Version, WorkCalendar
from generator.model.lawbook import FactRegistry
from generator.sources.lawbook import load_calendars, load_duty, load_registry
from generator.sources.validation import did_you_mean, validate
from generator.sources.yaml_source import read_yaml_file


def computed(
    duty_id: str,
    start: str,
    *,
    tz: str | None,
    at: tuple[str, ...],
    fact: tuple[str, ...],
    holidays: Path | None,
    hypothetical: bool,
    as_of: str | None,
) -> tuple[Deadline, str]:
    """The deadline and the title of the duty. Raises UsageProblem, InvalidInput, LawGap."""
    if tz:
        zone_named(tz)
    registry = load_registry()
    facts = facts_from(fact, registry)
    duty, regulation = load_duty(duty_id)
    day = day_from(as_of) if as_of else None
    version = _version(duty, day or _rough_day(start))
    limb = version.clock.limbs[0]
    zone = zone_of(duty, limb, tz, None, registry.places.zones, regulation.jurisdiction)
    reading = zone[0] if zone else None
    started = instant(start, reading)
    if day is None and version is not _version(duty, started.date()):
        version = _version(duty, started.date())
        limb = version.clock.limbs[0]
    events = {limb.start: started}
    for text in at:
        name, moment = _event(text, version, duty, reading)
        if events.get(name, moment) != moment:
            raise UsageProblem(
                f"--at {text}: `{name}` is the start of the duty; --start already says when it was"
            )
        events[name] = moment
    setting = Setting(
        calendars=_calendars(holidays),
        facts=facts,
        zone=tz,
        law_place=regulation.jurisdiction,
        lookup=lookup_on(day or started.date()),
    )
    deadline = answer(duty, day or started.date(), events, setting, hypothetical=hypothetical)
    if not re.search(r"\d:\d", start):
        words = "No time was given for the start: counted from 00:00, the strictest reading."
        deadline = deadline.model_copy(update={"derivation": (*deadline.derivation, words)})
    return deadline, duty.title


def facts_from(texts: tuple[str, ...], registry: FactRegistry) -> FactSet:
    """Facts of an incident. Where residents of places are given, the list is taken as complete."""
    values = dict(parse_fact(text, registry) for text in texts)
    closed = {f"{name.partition(':')[0]}:" for name in values if ":" in name}
    return FactSet(values, frozenset(closed), registry)


def day_from(text: str, option: str = "--as-of") -> date:
    """A day as written after `option`. Raises UsageProblem."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"{option} {text}: write a day like 2026-11-24") from None
    if not 1970 <= day.year <= 2199:
        raise UsageProblem(f"{option} {text}: the year must lie between 1970 and 2199")
    return day


def lookup_on(day: date) -> Lookup:
    """Other duties as of a day, read one by one; an unknown one is no answer here."""

    def lookup(duty_id: str) -> tuple[Duty, Version] | None:
        try:
            duty, _ = load_duty(duty_id)
        except PlanError:
            return None
        version = in_force(duty, day).version
        return (duty, version) if version else None

    return lookup


def _rough_day(start: str) -> date:
    """The day in a start time as written, to find the version whose zone reads it."""
    return instant(re.sub(r"(?:Z|[+-]\d{2}:?\d{2})$", "", start.strip()), UTC).date()


def _version(duty: Duty, day: date) -> Version:
    life = in_force(duty, day)
    return life.version or life.nearest


def _event(text: str, version: Version, duty: Duty, zone: Any) -> tuple[str, datetime]:
    name, equals, moment = (part.strip() for part in text.partition("="))
    if not equals:
        raise UsageProblem(f"--at {text}: write EVENT=DATETIME")
    used = list(dict.fromkeys(limb.start for limb in version.clock.limbs))
    if name not in used:
        near = did_you_mean(name, used)
        raise UsageProblem(
            f"--at {text}: {duty.id} does not use `{name}`; {near or f'it runs from {_names(used)}'}"
        )
    return name, instant(moment, zone, option="--at")


def _names(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


class _Adjusted(Mapping[str, WorkCalendar]):
    """Calendars with a change made to each when it is asked for."""

    def __init__(
        self, inner: Mapping[str, WorkCalendar], change: Callable[[WorkCalendar], WorkCalendar]
    ) -> None:
        self.inner, self.change = inner, change

    def __getitem__(self, key: str) -> WorkCalendar:
        return self.change(self.inner[key])

    def __iter__(self) -> Any:
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)

    def __contains__(self, key: object) -> bool:
        return key in self.inner


class _Always(_Adjusted):
    """One calendar under every id."""

    def __getitem__(self, key: str) -> WorkCalendar:
        return next(iter(self.inner.values()))

    def __contains__(self, key: object) -> bool:
        return True


def _calendars(file: Path | None) -> Mapping[str, WorkCalendar]:
    """The shipped calendars, or with a file: that calendar for all, or its days added to each."""
    shelf = load_calendars()
    if file is None:
        return shelf
    data, places = read_yaml_file(file)
    if isinstance(data, dict) and "years" in data:
        own = validate(WorkCalendar, data, places)
        return _Always({own.id: own}, lambda calendar: calendar)
    if not isinstance(data, dict):
        what = "must be a work calendar, or `YYYY-MM-DD: name` lines"
        raise InvalidInput([Problem(places[()], "", what)])
    days, problems = {}, []
    for key, name in data.items():
        try:
            days[date.fromisoformat(key)] = str(name or "day off")
        except ValueError:
            problems.append(Problem(places[(key,)], key, "must be a date like 2026-11-24"))
    if problems:
        raise InvalidInput(problems)
    return _Adjusted(shelf, lambda calendar: with_days_off(calendar, days, f"days added from {file.name}"))
