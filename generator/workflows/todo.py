"""What is to be done about profiles and their incidents, most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import PlanError
from generator.incidents.todo import Todo, of_incident, of_plan, ordered
from generator.sources.records import load_record, record_folders
from generator.workflows.incidents import Clock, joined, own_duties, state_of
from generator.workflows.plans import known, plan_profile


@dataclass(frozen=True, slots=True)
class TodoList:
    """The list of one profile, or why there is none."""

    profile: Path
    plan: str = ""
    todos: tuple[Todo, ...] = ()
    error: str = ""
    exit_code: int = 0


def todo(profiles: Sequence[Path], incidents: Path, clock: Clock) -> tuple[TodoList, ...]:
    """A list for each profile, in the order given; a record belongs to the profile whose plan it binds to."""
    return tuple(_one(path, incidents, clock) for path in profiles)


def _one(path: Path, incidents: Path, clock: Clock) -> TodoList:
    try:
        plan = plan_profile(path).plan
        now = clock(plan.identity.zone)
        found = list(of_plan(plan, now))
    except PlanError as error:
        return TodoList(path, error=str(error), exit_code=error.exit_code)
    faults = []
    for folder in record_folders(incidents):
        try:
            incident = joined(load_record(folder, known(), own_duties))
            if incident.record.binds.plan == plan.identity.id:
                found += of_incident(incident.record, state_of(incident, now))
        except PlanError as error:
            faults.append(error)
    return TodoList(
        path,
        plan.identity.id,
        ordered(found),
        "\n".join(map(str, faults)),
        max((fault.exit_code for fault in faults), default=0),
    )
