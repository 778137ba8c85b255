"""What a severity asks for, by the plan that the record binds to: how fast to answer, who leads, whom to call. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from generator.model.base import UNIT_WORDS

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "calendar_days": 86400}


@dataclass(frozen=True, slots=True)
class Call:
    """One step of the plan's communication chain."""

    who: str
    tells: str
    within: str
    by: datetime | None
    """The moment, counted from the change; None for a unit that needs a calendar."""
    channel: str


@dataclass(frozen=True, slots=True)
class Level:
    """A severity as the plan has it."""

    id: str
    means: str
    answer_within: str
    leads: str


@dataclass(frozen=True, slots=True)
class Consequences:
    """What another severity changes for the people on the incident."""

    old: Level | None
    new: Level | None
    """None where the plan, of an older form, does not hold them."""
    called: tuple[Call, ...]
    """Steps of the chain that the new severity adds."""
    still: int
    """Steps that both have."""
    dropped: tuple[Call, ...]
    """Steps that only the old severity had."""


def consequences(plan: Mapping[str, Any], old: str, new: str, now: datetime) -> Consequences:
    """What the change from `old` to `new` brings; times are counted from `now`."""
    levels = {row[0]: Level(*row[:4]) for row in plan.get("severities", ()) if len(row) >= 4}
    chain = (plan.get("communication") or {}).get("chain", ())
    of = {level: [step for step in chain if level in step["severity"]] for level in (old, new)}
    return Consequences(
        levels.get(old),
        levels.get(new),
        tuple(_call(step, plan, now) for step in of[new] if step not in of[old]),
        sum(1 for step in of[new] if step in of[old]),
        tuple(_call(step, plan, now) for step in of[old] if step not in of[new]),
    )


def _call(step: Mapping[str, Any], plan: Mapping[str, Any], now: datetime) -> Call:
    within = step["within"]
    value, unit = within["value"], within["unit"]
    word = UNIT_WORDS.get(unit, unit) + ("" if value == 1 else "s")
    seconds = _SECONDS.get(unit)
    return Call(
        _named(step["who"], plan),
        step["tells"],
        f"{value} {word}",
        now + timedelta(seconds=float(value) * seconds) if seconds else None,
        step["channel"],
    )


def _named(who: str, plan: Mapping[str, Any]) -> str:
    """A role or person as the plan calls them."""
    contact = plan.get("contacts", {}).get(who)
    if contact:
        return str(contact["primary"])
    person = plan.get("people", {}).get(who)
    return str(person["name"]) if person else who.replace("_", " ")
