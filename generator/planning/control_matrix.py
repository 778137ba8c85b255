"""The control matrix: the client's controls and criteria against the plan, and what an auditor would sample."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from generator.model.plan_controls import (
    ControlMatrix,
    ControlRow,
    CriterionRow,
    CriterionStanding,
    HeldDrill,
)
from generator.model.profile import Audit, Control, DrillRecord, Profile
from generator.model.references import CriteriaGroup, Criterion, PlanPart, References
from generator.planning import policies, words
from generator.planning.citations import (
    any_touches,
    cites_of,
    normal,
    places,
    policies_behind,
)
from generator.planning.population import in_period, population
from generator.planning.roles import Roles

_PLACES = 3
"""Sections printed for one control: the nearest, not all."""


def control_matrix(
    profile: Profile,
    references: References,
    roles: Roles,
    notices: int,
    classes: int,
    on: date,
) -> ControlMatrix | None:
    """The matrix, or None for a client that has neither controls nor an audit.

    `notices` and `classes` are counts of the plan that an auditor's population needs; reviews fall due as of `on`.
    """
    controls, audit = profile.controls, profile.audit
    if not controls and audit is None:
        return None
    scope = audit.criteria if audit else ()
    named = [criterion for control in controls for criterion in control.criteria]
    rows: dict[str, CriterionRow] = {}
    counts = {"notices": notices, "classes": classes}
    for in_scope, texts in ((bool(scope), scope), (not scope, named)):
        for text in texts:
            for identifier, title, entry, group in _expanded(text, references):
                if _is_known(identifier, rows):
                    continue
                rows[identifier] = _row(
                    identifier, title, entry, group, profile, references, counts, in_scope
                )
    drills = tuple(
        _drill(record, audit) for record in sorted(profile.drills.log, key=lambda d: d.date, reverse=True)
    )
    return ControlMatrix(
        serves=_serves(audit),
        scope_source="criteria that the audit names"
        if scope
        else "no audit scope in the profile: criteria that the controls name",
        controls=tuple(_control(control, references, roles) for control in controls),
        criteria=tuple(rows.values()),
        drills=drills,
        gaps=_gaps(controls, tuple(rows.values()), drills, policies.reviews_due(profile, on)),
    )


def _is_known(identifier: str, rows: dict[str, CriterionRow]) -> bool:
    return any(normal(identifier) == normal(known) for known in rows)


def _expanded(
    text: str, references: References
) -> list[tuple[str, str, Criterion | None, CriteriaGroup | None]]:
    """What a line of scope stands for: (id, title, committed criterion, group).

    A known id is itself; a group with a set is each of its standards; anything else stands as the client wrote it.
    """
    entries = [(found, entry) for found in references.criteria for entry in found.entries]
    for group in references.groups:
        if group.name.lower() in text.lower():
            inside = [
                (entry.id, entry.title, entry, None)
                for found, entry in entries
                if found.id == group.set and any_touches(group.cites, [entry.id])
            ]
            return [*inside] or [(text, "", None, group)]
    for _, entry in entries:
        if any(normal(text) == normal(cite) for cite in (entry.id, *cites_of(entry))):
            return [(entry.id, entry.title, entry, None)]
    return [(text, "", None, None)]


def _row(
    identifier: str,
    title: str,
    entry: Criterion | None,
    group: CriteriaGroup | None,
    profile: Profile,
    references: References,
    counts: dict[str, int],
    in_scope: bool,
) -> CriterionRow:
    cites = cites_of(entry) if entry else group.cites if group else (identifier,)
    controls = tuple(c.id for c in profile.controls if any_touches(cites, c.criteria))
    policies = tuple(
        dict.fromkeys(
            (
                *policies_behind(cites, profile.policies),
                *(policy.id for policy in profile.policies if policy.id in identifier.split()),
            )
        )
    )
    standing, said = _standing(entry, controls, policies, profile)
    return CriterionRow(
        id=identifier,
        title=title or _design_fact(identifier, profile),
        set=next((s.title for s in references.criteria if entry in s.entries), None) if entry else None,
        in_scope=in_scope,
        controls=controls,
        policies=policies,
        places=_places_of(identifier, entry, policies, profile, references.parts),
        evidence=entry.evidence if entry else _evidence(controls, profile),
        sample=entry.sample if entry else None,
        population=population(entry.population, profile, counts) if entry and entry.population else None,
        standing=standing,
        words=said,
    )


def _standing(
    entry: Criterion | None, controls: tuple[str, ...], policies: tuple[str, ...], profile: Profile
) -> tuple[CriterionStanding, str]:
    """Does a control answer the criterion? A rule of law may rest on a policy alone; an attestation may not."""
    if controls:
        return "control", words.join(controls)
    if entry and profile.audit and entry.id in profile.audit.kind:
        return "other", "this audit itself"
    if entry and entry.bound and not set(entry.bound) & set(profile.client.roles.hipaa):
        bound = words.join((role.replace("_", " ") for role in entry.bound), "or")
        return "other", f"binds a {bound}, not this client"
    if entry and entry.specification == "definition":
        return "other", "a definition: no control expected"
    if policies and entry and entry.specification:
        return "policy", f"{words.join(policies)}; no control"
    if policies:
        noun = "policy" if len(policies) == 1 else "policies"
        return "gap", f"no control; {noun} {words.join(policies)} only"
    if entry and entry.specification == "addressable":
        return "gap", "no control, no policy, no written decision (addressable)"
    return "gap", "no control and no policy"


def _evidence(controls: tuple[str, ...], profile: Profile) -> tuple[str, ...]:
    """What the controls behind a criterion name as evidence."""
    return tuple(c.evidence for c in profile.controls if c.id in controls and c.evidence)


def _design_fact(identifier: str, profile: Profile) -> str:
    """The statement behind a criterion that is one of the client's design facts."""
    facts = {fact.id: fact.statement for fact in profile.deployment.design_facts}
    return facts.get(identifier, "")


def _places_of(
    identifier: str,
    entry: Criterion | None,
    policies: tuple[str, ...],
    profile: Profile,
    parts: Sequence[PlanPart],
) -> tuple[str, ...]:
    """Where the plan answers a criterion: the committed parts, else what the policies behind it cover."""
    if entry:
        return places(entry.parts, parts)
    if any(fact.id == identifier for fact in profile.deployment.design_facts):
        return places(("design_facts",), parts)
    covered = {part for policy in profile.policies if policy.id in policies for part in policy.covers}
    return places(covered, parts)


def _control(control: Control, references: References, roles: Roles) -> ControlRow:
    """A control with the sections that its title points to, else those of its criteria."""
    title = control.title.lower()
    wanted = [part.id for part in references.parts if any(word in title for word in part.words)]
    if not wanted:
        entries = [entry for found in references.criteria for entry in found.entries]
        wanted = [
            entry.parts[0]
            for name in control.criteria
            for entry in entries
            if any_touches(cites_of(entry), [name])
        ]
    return ControlRow(
        id=control.id,
        title=control.title,
        owner=roles.title(control.owner) if control.owner else None,
        criteria=control.criteria,
        places=places(wanted[:_PLACES], references.parts),
        evidence=control.evidence,
        rests_on=control.rests_on,
    )


def _drill(record: DrillRecord, audit: Audit | None) -> HeldDrill:
    missing = record.unproved
    return HeldDrill(
        date=record.date,
        kind=record.kind,
        scenario=record.scenario,
        result=record.result.replace("_", " "),
        participants=len(record.participants),
        measured=len(record.measured),
        above_target=record.missed,
        file=record.evidence.file if record.evidence else None,
        sha256=record.evidence.sha256 if record.evidence else None,
        in_period=in_period(record.date, audit),
        evidenced=not missing,
        words=f"asserted, not evidenced: no {words.join(missing, 'and no')}" if missing else "evidenced",
    )


def _serves(audit: Audit | None) -> str | None:
    if audit is None:
        return None
    by = f", {audit.auditor}" if audit.auditor else ""
    return f"{audit.kind}{by}"


def _gaps(
    controls: Sequence[Control],
    criteria: Sequence[CriterionRow],
    drills: Sequence[HeldDrill],
    reviews: dict[str, str],
) -> tuple[str, ...]:
    """What an auditor would write up, most basic first."""
    bare = [row.id for row in criteria if row.in_scope and row.standing == "policy"]
    return (
        *(
            f"{row.id}{f' ({row.title})' if row.title else ''}: {row.words}"
            for row in criteria
            if row.in_scope and row.standing == "gap"
        ),
        *(
            (f"{words.join(bare)}: a policy stands behind each, and no control shows that it is followed",)
            if bare
            else ()
        ),
        *(f"control {control.id}: no evidence named" for control in controls if not control.evidence),
        *(
            f"{drill.kind} drill of {drill.date.isoformat()}: {drill.words}"
            for drill in drills
            if drill.in_period and not drill.evidenced
        ),
        *(
            f"{drill.kind} drill of {drill.date.isoformat()}: {drill.result}, and a target was missed: "
            + "; ".join(drill.above_target)
            for drill in drills
            if drill.in_period and drill.above_target
        ),
        *reviews.values(),
    )
