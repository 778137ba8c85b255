"""Public frameworks, control criteria and places of PHI: data under `catalog/frameworks` and `catalog/controls`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from generator.model.base import Code, Frozen, Identifier, Line, Text

Verified = Literal["P", "S"]
"""P: read in the publisher's own file. S: in third-party copies that agree. From memory is not kept."""
Bound = Literal["covered_entity", "business_associate", "subcontractor", "group_health_plan"]
Specification = Literal["required", "standard", "addressable", "contract", "definition"]
Population = Literal[
    "channels",
    "classes",
    "components",
    "contracts",
    "drills",
    "fallbacks",
    "findings",
    "notices",
    "policies",
    "providers",
    "restores",
    "signals",
    "switches",
]
"""What the plan can count for an auditor who draws a sample."""


class FrameworkEntry(Frozen):
    """One id of a framework."""

    id: Line
    title: Line | None = None
    """The publisher's name of it."""
    gist: Line | None = None
    """Our own wording, where the publisher gives no short name."""
    verified: Verified
    edition: Line | None = None
    """Where the id is newer than the framework's edition."""
    successor: Line | None = None
    successor_title: Line | None = None

    @model_validator(mode="after")
    def _has_words(self) -> FrameworkEntry:
        if not (self.title or self.gist):
            raise ValueError("an id needs a title or a gist")
        return self


class Framework(Frozen):
    """One edition of one public framework, as far as the incident classes refer to it."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    id: Identifier
    """The key of `refs` in an incident class."""
    title: Line
    short: Line
    edition: Line
    url: Line
    verified: Verified
    checked: Line
    """Where and when the ids were looked up."""
    note: Line | None = None
    adversary_only: bool = False
    """True: the ids describe an attacker and never an accident."""
    entries: tuple[FrameworkEntry, ...] = Field(min_length=1)


class RejectedId(Frozen):
    """Ids that must never be printed: withdrawn, ambiguous or invented."""

    pattern: Line
    why: Line


class PlanPart(Frozen):
    """A part of the plan and where it stands; the id is what a policy's `covers` names."""

    id: Identifier
    document: Identifier
    section: Identifier
    title: Line
    words: tuple[Line, ...] = ()
    """What in the title of a client's control points to this part."""


class Criterion(Frozen):
    """One standard or criterion that a plan answers, in own words."""

    id: Line
    title: Line
    meaning: Text
    specification: Specification | None = None
    bound: tuple[Bound, ...] = ()
    """Whom the rule itself binds; empty: everybody under the set."""
    cites: tuple[Line, ...] = ()
    """What a policy may name to stand behind it; without it the id."""
    duties: tuple[Identifier, ...] = ()
    """Duties of the law book that carry it out."""
    evidence: tuple[Line, ...] = Field(min_length=1)
    sample: Line | None = None
    population: Population | None = None
    parts: tuple[Identifier, ...] = Field(min_length=1)
    confidence: Literal["high", "medium"] = "high"


class CriteriaSet(Frozen):
    """A file of catalog/controls: one regulation or attestation framework."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    id: Identifier
    title: Line
    edition: Line
    checked: Line
    note: Line | None = None
    entries: tuple[Criterion, ...]


class CriteriaGroup(Frozen):
    """A name under which an audit puts several standards in scope."""

    name: Line
    set: Identifier | None = None
    cites: tuple[Line, ...] = Field(min_length=1)


class PhiKind(Frozen):
    """A kind of store that PHI can be in, how it is found there and how people are counted."""

    id: Identifier
    title: Line
    evidence: tuple[Identifier, ...]
    fields: tuple[Code, ...] = ()
    """Log fields that put such content into the audit log."""
    needs: Literal["any", "recording", "model", "index"]
    find: Line
    count: Line


class References(Frozen):
    """All of it in memory."""

    frameworks: tuple[Framework, ...] = ()
    rejected: tuple[RejectedId, ...] = ()
    parts: tuple[PlanPart, ...] = ()
    criteria: tuple[CriteriaSet, ...] = ()
    groups: tuple[CriteriaGroup, ...] = ()
    phi: tuple[PhiKind, ...] = ()

    def criteria_set(self, identifier: str) -> CriteriaSet | None:
        """The set of that id."""
        return next((entry for entry in self.criteria if entry.id == identifier), None)
