"""Blank records of the drills that are due: what to inject, what to measure, whom to have there."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.plan import Drill, StakesResult
from generator.model.plan_controls import DrillSheet, MeasureRow
from generator.model.profile import DrillScenario, Profile, Switch
from generator.planning import words

_TABLE_ROLES = 4
"""Roles of the call order that sit at a tabletop."""


def drill_sheets(
    profile: Profile,
    due: Sequence[Drill],
    call_order: Sequence[str],
    holders: dict[str, str],
    main_switch: str,
    stakes: StakesResult,
) -> tuple[DrillSheet, ...]:
    """One sheet for each due drill, in the plan's order. `holders` are role id -> `Title: who`."""
    planned = {scenario.id: scenario for scenario in profile.drills.scenarios}
    switches = {switch.id: switch for switch in profile.containment.switches}
    sheets = []
    for drill in due:
        scenario = planned.get(drill.id)
        named = scenario.switches if scenario else ()
        if drill.kind == "stop" and not named:
            named = (main_switch,)
        used = [switches[name] for name in named if name in switches]
        sheets.append(
            DrillSheet(
                id=drill.id,
                kind=drill.kind,
                scenario=drill.scenario,
                due=drill.due,
                at=scenario.at if scenario else None,
                because=drill.because,
                injects=(drill.inject,) if drill.inject else (),
                measures=(*_marks(drill), *_switch_times(used, stakes)),
                switches=tuple(f"{switch.id}: {switch.name}" for switch in used),
                roles=tuple(holders[role] for role in _roles(drill, used, call_order) if role in holders),
                retest=_retest(profile, drill, scenario),
                file=f"drills/{drill.due.isoformat() if drill.due else 'DATE'}-{drill.id}.zip",
            )
        )
    return tuple(sheets)


def _marks(drill: Drill) -> tuple[MeasureRow, ...]:
    return tuple(MeasureRow(what=mark, mark=None) for mark in drill.pass_marks)


def _switch_times(switches: Sequence[Switch], stakes: StakesResult) -> tuple[MeasureRow, ...]:
    """Order to effect of each switch, against its own time or the tier's window."""
    return tuple(
        MeasureRow(
            what=f"{switch.id}: order to effect"
            + (f", seen by: {switch.verify.look}" if switch.verify else ", check to be named"),
            mark=f"{words.duration(switch.effect)} ({switch.effect.basis})"
            if switch.effect
            else f"{words.duration(stakes.levers.contain_within)} (tier {stakes.tier})",
        )
        for switch in switches
    )


def _roles(drill: Drill, switches: Sequence[Switch], call_order: Sequence[str]) -> tuple[str, ...]:
    """Who should be there: at a tabletop those who are called first, else who pulls and who commands."""
    if drill.kind in ("tabletop", "clock"):
        return tuple(call_order[:_TABLE_ROLES])
    pulling = [role for switch in switches for role in switch.who[:2]]
    return tuple(dict.fromkeys((*pulling, *call_order[:2], "scribe")))


def _retest(profile: Profile, drill: Drill, scenario: DrillScenario | None) -> tuple[str, ...]:
    """Findings and missed targets of the latest drill of the same kind, or of one with the same switches."""
    wanted = set(scenario.switches) if scenario else set()
    held = [
        record
        for record in profile.drills.log
        if record.date <= profile.plan.effective
        and (record.findings or record.missed)
        and (record.kind == drill.kind or wanted & set(record.switches))
    ]
    last = max(held, key=lambda record: record.date, default=None)
    if last is None:
        return ()
    missed = (f"target missed: {one}" for one in last.missed)
    return tuple(f"{finding} ({last.date.isoformat()})" for finding in (*last.findings, *missed))
