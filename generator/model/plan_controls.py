"""Parts of the plan that answer an auditor: framework crosswalk, HIPAA addendum, control matrix, drill records."""

from __future__ import annotations

from datetime import date
from typing import Literal

from generator.model.base import Frozen


class CitedId(Frozen):
    """An id of a framework as it is printed."""

    id: str
    words: str
    """The publisher's title, or our gist."""
    edition: str
    verified: str
    successor: str | None
    """The id and title of the same risk in the next edition."""


class CitedFramework(Frozen):
    """An edition of a framework, with the ids that this plan refers to."""

    id: str
    title: str
    short: str
    edition: str
    url: str
    verified: str
    checked: str
    note: str | None
    adversary_only: bool
    used: tuple[CitedId, ...]


class CrosswalkRow(Frozen):
    """An incident class and its ids, by framework id."""

    class_id: str
    title: str
    lead: bool
    refs: dict[str, tuple[str, ...]]
    """Without the ids that every class has."""
    attacker: tuple[str, ...]
    """ATLAS ids: only where somebody attacks."""


class Crosswalk(Frozen):
    """The classes of this plan in the words of public frameworks."""

    frameworks: tuple[CitedFramework, ...]
    common: dict[str, tuple[str, ...]]
    """Ids that every class of this plan has, by framework id."""
    rows: tuple[CrosswalkRow, ...]


class PolicyRef(Frozen):
    """A policy of the client by its own number."""

    id: str
    title: str
    owner: str | None
    reviewed: date | None


class PartRow(Frozen):
    """A part of the plan with the policies and standards behind it."""

    part: str
    place: str
    """Document and section in words."""
    policies: tuple[str, ...]
    """Those that cover the part, and those behind one of its standards."""
    standards: tuple[str, ...]
    gap: bool
    """No policy at all, and a required standard asks for one."""


Standing = Literal["policy", "gap", "assess", "definition", "other"]
"""`assess`: addressable and without a policy; `other`: binds somebody else."""


class StandardRow(Frozen):
    """A HIPAA standard with where the plan answers it and which policy stands behind it."""

    id: str
    title: str
    specification: str
    meaning: str
    places: tuple[str, ...]
    policies: tuple[str, ...]
    standing: Standing
    words: str
    evidence: tuple[str, ...]
    confidence: str


class EntityRow(Frozen):
    """One notice clause of an agreement with a covered entity (or of the business associate above)."""

    contract: str
    counterparty: str
    reference: str | None
    duty: str
    clause: str
    limit: str
    starts: str
    addressee: tuple[str, ...]
    method: str | None
    tells_people: str
    agent: str
    act_by: str | None
    """ISO instant on the example night."""
    due: str | None
    people: int | None


class SubcontractorRow(Frozen):
    """A supplier and whether it holds PHI under an agreement."""

    id: str
    name: str
    service: str
    agreement: str | None
    signed: date | None
    subprocessor: bool
    region: str | None
    data_use: str | None
    retention: str | None
    owes_us: str | None
    slack: str
    """Its window against the tightest that we owe, in words."""
    gap: str | None


class PhiStore(Frozen):
    """One place of this deployment that can hold PHI."""

    what: str
    where: str
    kept: str
    hold: str | None
    size: str | None
    """Cases that it holds, from the client's mean volume."""


class PhiRow(Frozen):
    """A kind of store: the places, how PHI there is found, how people are counted."""

    id: str
    title: str
    stores: tuple[PhiStore, ...]
    find: str
    count: str
    gap: str | None


class HipaaPlan(Frozen):
    """What the HIPAA addendum prints."""

    roles: tuple[str, ...]
    covered_entity: bool
    policies: tuple[PolicyRef, ...]
    parts: tuple[PartRow, ...]
    standards: tuple[StandardRow, ...]
    others: tuple[StandardRow, ...]
    """Standards that bind somebody else, with what this client does about them."""
    unlisted: tuple[str, ...]
    """Standards that a policy names and the list here does not hold."""
    entities: tuple[EntityRow, ...]
    subcontractors: tuple[SubcontractorRow, ...]
    phi: tuple[PhiRow, ...]
    recipients: tuple[str, ...]
    """Who could have got PHI by a fault of this deployment, for the second factor."""
    view_fields: tuple[str, ...]
    """Log fields that show whether it was seen, for the third factor."""
    source: str


class ControlRow(Frozen):
    """One control of the client."""

    id: str
    title: str
    owner: str | None
    criteria: tuple[str, ...]
    places: tuple[str, ...]
    evidence: str | None
    rests_on: tuple[str, ...]
    """`approval_record`: no evidence before this version is approved."""


CriterionStanding = Literal["control", "policy", "gap", "other"]


class CriterionRow(Frozen):
    """A criterion in scope, or named by a control, and what answers it."""

    id: str
    title: str
    set: str | None
    in_scope: bool
    controls: tuple[str, ...]
    policies: tuple[str, ...]
    places: tuple[str, ...]
    evidence: tuple[str, ...]
    sample: str | None
    population: str | None
    standing: CriterionStanding
    words: str


class HeldDrill(Frozen):
    """A drill of the log as an auditor reads it."""

    date: date
    kind: str
    scenario: str
    result: str
    participants: int
    measured: int
    above_target: tuple[str, ...]
    """Measured values above their target, in words."""
    file: str | None
    sha256: str | None
    in_period: bool
    evidenced: bool
    words: str


class ControlMatrix(Frozen):
    """What the control matrix prints."""

    serves: str | None
    scope_source: str
    controls: tuple[ControlRow, ...]
    criteria: tuple[CriterionRow, ...]
    drills: tuple[HeldDrill, ...]
    gaps: tuple[str, ...]


class MeasureRow(Frozen):
    """A time to measure in a drill, with what it must not exceed."""

    what: str
    mark: str | None
    """None where the words hold the mark themselves."""


class DrillSheet(Frozen):
    """The blank record of one due drill."""

    id: str
    kind: str
    scenario: str
    due: date | None
    at: str | None
    because: str
    injects: tuple[str, ...]
    measures: tuple[MeasureRow, ...]
    switches: tuple[str, ...]
    roles: tuple[str, ...]
    """Who ought to take part: role and holder."""
    retest: tuple[str, ...]
    """Findings of the last drill of the kind, to be tried again."""
    file: str
    """Suggested name of the evidence file."""
