"""The parts of the plan that documents beside the runbook print: crosswalk, HIPAA, controls, drill records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from generator.model.plan import Binding, Contact, Drill, Gap, NoticeDocument, PlannedClass, StakesResult
from generator.model.plan_controls import ControlMatrix, Crosswalk, DrillSheet, HipaaPlan
from generator.model.profile import Profile
from generator.model.references import References
from generator.planning import words
from generator.planning.control_matrix import control_matrix
from generator.planning.crosswalk import crosswalk
from generator.planning.drill_sheets import drill_sheets
from generator.planning.first_hour import call_order, main_switch
from generator.planning.hipaa import hipaa_plan
from generator.planning.roles import Roles


@dataclass(frozen=True, slots=True)
class Annexes:
    """None or empty where the client has no use for a part."""

    crosswalk: Crosswalk | None
    hipaa: HipaaPlan | None
    control_matrix: ControlMatrix | None
    drill_sheets: tuple[DrillSheet, ...]

    def parts(self) -> dict[str, Any]:
        """Keys of the plan with their values."""
        return {
            "crosswalk": self.crosswalk,
            "hipaa": self.hipaa,
            "control_matrix": self.control_matrix,
            "drill_sheets": self.drill_sheets,
        }

    def gaps(self) -> list[Gap]:
        """One gap for each kind of hole, with every id in it."""
        found = []
        standards = [row.id for row in self.hipaa.standards if row.standing == "gap"] if self.hipaa else []
        if standards:
            found.append(
                Gap(
                    id="gap-hipaa-policies",
                    key="policies",
                    what=f"no policy behind 45 CFR {words.join(standards)}",
                    ask="Which of your policies stand behind these HIPAA standards, by number?",
                    weight=5,
                )
            )
        matrix = self.control_matrix
        criteria = [r.id for r in matrix.criteria if r.in_scope and r.standing == "gap"] if matrix else []
        if criteria:
            found.append(
                Gap(
                    id="gap-criteria-controls",
                    key="controls",
                    what=f"no control answers {words.join(criteria)}",
                    ask="Which of your controls answer these criteria of the audit, with which evidence?",
                    weight=4,
                )
            )
        return found


def annexes(
    profile: Profile,
    references: References,
    *,
    classes: Sequence[PlannedClass],
    bindings: Sequence[Binding],
    notices: Sequence[NoticeDocument],
    due: Sequence[Drill],
    contacts: dict[str, Contact],
    roles: Roles,
    stakes: StakesResult,
    on: date,
) -> Annexes:
    """What the documents beside the runbook print."""
    holders = {role: f"{contact.title}: {contact.primary}" for role, contact in contacts.items()}
    return Annexes(
        crosswalk=crosswalk(classes, references),
        hipaa=hipaa_plan(profile, bindings, references, roles),
        control_matrix=control_matrix(profile, references, roles, len(notices), len(classes), on),
        drill_sheets=drill_sheets(profile, due, call_order(profile), holders, main_switch(profile), stakes),
    )
