"""Drills: what was held, what is due, and whether a switch was ever pulled in practice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from generator.model.plan import Drill, PlannedSwitch, StakesResult
from generator.model.profile import DrillRecord, Profile, Switch
from generator.planning import words
from generator.planning.roles import Roles

QUARTER = timedelta(days=92)
"""The stop is drilled at least once a quarter, whatever the tier or the profile says."""


def last_stop_drill(profile: Profile) -> DrillRecord | None:
    """The latest stop drill on or before the plan's date."""
    held = [d for d in profile.drills.log if d.kind == "stop" and d.date <= profile.plan.effective]
    return max(held, key=lambda d: d.date, default=None)


def next_stop_drill(profile: Profile, stakes: StakesResult) -> date:
    """The day by which the next stop drill is due: the tier's rhythm after the last one, never later than a quarter."""
    months = stakes.levers.stop_drill_every_months
    last = last_stop_drill(profile)
    due = (last.date if last else profile.plan.effective) + min(timedelta(days=30 * months + 1), QUARTER)
    planned = [
        s.due
        for s in profile.drills.scenarios
        if s.kind == "stop" and s.due and s.due > profile.plan.effective
    ]
    return min([due, *planned]) if last else min([profile.plan.effective + timedelta(days=14), *planned])


def stop_drill_words(profile: Profile) -> str:
    """`2026-10-03: passed, 41 seconds to the last action`, or NEVER DRILLED."""
    last = last_stop_drill(profile)
    return _drill_words(last) if last else "NEVER DRILLED"


def _drill_words(record: DrillRecord) -> str:
    times = [f"{words.lower_first(m.what)} {words.number(m.value)} {m.unit}" for m in record.measured[:1]]
    asserted = ["asserted, not evidenced"] if record.unproved else []
    return f"{record.date.isoformat()}: " + ", ".join([record.result.replace("_", " "), *times, *asserted])


def planned_switches(profile: Profile, rung_names: dict[str, str], roles: Roles) -> tuple[PlannedSwitch, ...]:
    """Each switch with its last drill and the roles that may pull it, in the profile's order."""
    return tuple(_planned(switch, profile, rung_names, roles) for switch in profile.containment.switches)


def _planned(switch: Switch, profile: Profile, rung_names: dict[str, str], roles: Roles) -> PlannedSwitch:
    held = [d for d in profile.drills.log if switch.id in d.switches and d.date <= profile.plan.effective]
    last = max(held, key=lambda d: d.date, default=None)
    drilled = max((d for d in (last.date if last else None, switch.last_drill) if d), default=None)
    if last and last.date == drilled:
        text = _drill_words(last)
    else:
        text = f"{drilled.isoformat()}: no record of it in the drill log" if drilled else "NEVER DRILLED"
    who = words.join(map(roles.inside, switch.who), "or")
    return PlannedSwitch(
        switch=switch, rung_name=rung_names[switch.rung], last_drill=drilled, drill_words=text, who_words=who
    )


def due_drills(
    profile: Profile, stakes: StakesResult, injects: Sequence[tuple[str, str]]
) -> tuple[Drill, ...]:
    """Planned scenarios, and the drills that the tier demands and the profile does not plan.

    `injects` are (class id, exercise inject) of the lead classes: the first gives a tabletop its story.
    """
    effective = profile.plan.effective
    levers = stakes.levers
    found = [
        Drill(
            id=s.id,
            kind=s.kind,
            scenario=s.scenario,
            inject=s.inject,
            pass_marks=s.pass_marks,
            due=s.due,
            because="planned in the profile",
        )
        for s in profile.drills.scenarios
        if s.due is None or s.due >= effective
    ]
    stop_due, quarter = next_stop_drill(profile, stakes), effective + QUARTER
    if not any(drill.kind == "stop" and drill.due and drill.due <= stop_due for drill in found):
        found.append(
            Drill(
                id="stop-drill",
                kind="stop",
                scenario="Live stop by the person on duty, unannounced, outside office hours",
                inject=None,
                pass_marks=(f"effect seen within {words.duration(levers.contain_within)} of the order",),
                due=stop_due,
                because=_rhythm(stakes, levers.stop_drill_every_months),
            )
        )
    tabletops = [drill for drill in found if drill.kind == "tabletop" and drill.due and drill.due <= quarter]
    if not tabletops and injects:
        class_id, inject = injects[0]
        found.append(
            Drill(
                id="tabletop",
                kind="tabletop",
                scenario=f"Tabletop on {class_id.replace('-', ' ')}",
                inject=inject,
                pass_marks=("severity named within 10 minutes", "first act-by time named without help"),
                due=effective + min(timedelta(days=30 * levers.tabletop_every_months), QUARTER),
                because=_rhythm(stakes, levers.tabletop_every_months),
            )
        )
    return tuple(sorted(found, key=lambda d: (d.due is None, d.due or effective, d.id)))


def _rhythm(stakes: StakesResult, months: int) -> str:
    """Why a drill is due that the profile does not plan."""
    return f"tier {stakes.tier}: every {words.count(months, 'month')}, at least quarterly"
