"""What an evidence pack shows: the plan in force by day, incidents, drills, actions, controls with pages, law, gaps.

Times are ISO 8601 with the client's offset. The list of incidents comes with its population: which system it was read
from, by which query, by whom and when (`Population`, a file that the client writes and signs for).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field, model_validator

from generator.model.base import Frozen, Identifier, Line, Text
from generator.model.incident import IncidentId
from generator.model.plan_controls import CitedFramework

# ---------------------------------------------------------------- the population, as the client states it


class Extract(Frozen):
    """Where a complete list was read from."""

    system: Line
    query: Text
    """As it was typed, so that an auditor can run it again."""
    extracted_by: Line
    extracted_at: AwareDatetime
    attested_by: Line | None = None
    """Who says that the list is complete."""
    attested_on: date | None = None


class Ticket(Frozen):
    """One row that the query gave."""

    id: Line
    opened: date
    record: IncidentId | None = None
    """The incident record that it became."""
    because: Line | None = None
    """Why it is no incident."""
    by: Line | None = None

    @model_validator(mode="after")
    def _answered(self) -> Ticket:
        if (self.record is None) == (self.because is None):
            raise ValueError("say `record` (the incident) or `because` (why it is none), not both")
        return self


class Tickets(Extract):
    """Everything that could have been an incident."""

    rows: tuple[Ticket, ...] = ()


class DismissedAlert(Frozen):
    """An alert that a person looked at and dismissed."""

    id: Line
    at: AwareDatetime
    signal: Line
    because: Line
    by: Line


class Alerts(Extract):
    """Every alert of the period; those dismissed one by one."""

    count: int = Field(ge=0)
    became_incidents: int = Field(ge=0)
    dismissed: tuple[DismissedAlert, ...] = ()


class Population(Frozen):
    """population.yaml: what the list of incidents was taken from."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    plan: Identifier
    from_: date = Field(alias="from")
    to: date
    incidents: Tickets
    alerts: Alerts | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Population:
        if self.to < self.from_:
            raise ValueError("`to` is before `from`")
        return self


# ---------------------------------------------------------------- what the pack shows


class Period(Frozen):
    """First and last day, both counted."""

    from_: date = Field(alias="from")
    to: date


class ApprovalLine(Frozen):
    """One approval of one release."""

    version: str
    by: str
    role: str
    at: str
    plan_sha256: str
    right: bool
    """It names the hashes of exactly this release."""


class ReleaseLine(Frozen):
    """One version of the plan that is in the pack."""

    version: str
    folder: str
    effective: date
    law_as_of: date
    released_at: str | None
    """None: not a release, but the profile's plan as it is now."""
    plan_sha256: str
    edited: tuple[str, ...]
    files: int
    rebuildable: bool
    """Its sources are in it."""
    approved_from: str | None
    runbook_pages: int | None


class Span(Frozen):
    """A stretch of the period and the version that was in force."""

    from_: str = Field(alias="from")
    to: str
    days: int
    version: str | None
    approval: str
    """In words: approved since when, or by nobody."""


class ClockLine(Frozen):
    """One duty of an incident."""

    duty: str
    title: str
    recipient: str
    citation: str
    started: str | None
    act_by: str | None
    due: str | None
    standing: str
    """sent, decided, running, no_number, waiting."""
    sent: str | None
    reference: str | None
    outcome: str
    """In words: on time, late by so much, not notified because ..., not sent."""


class DecisionLine(Frozen):
    """A decision not to notify."""

    duty: str
    because: str
    by: str
    at: str
    regime: str | None
    question: str | None
    answer: str | None
    evidence: str | None


class ActionLine(Frozen):
    """A corrective action."""

    incident: str
    id: int
    what: str
    cause: str | None
    owner: str
    due: date | None
    state: str
    verification: str | None
    applied: str | None
    """The plan version that it made."""
    overdue: bool
    changes: tuple[str, ...]
    """Values of the profile that it sets."""


class Answer(Frozen):
    """One question of the review form with its answer."""

    section: str
    question: str
    answer: str


class IncidentLine(Frozen):
    """One incident or drill record of the period."""

    id: str
    title: str
    klass: str
    severity: str
    drill: bool
    aware: str
    opened: str
    closed: str | None
    version: str
    """The plan version that was in force."""
    source: str
    folder: str
    times: tuple[tuple[str, str, str, str], ...]
    """(event, when, who said so, on what ground)."""
    people: tuple[tuple[str, int, str, str], ...]
    """(residence, number, source, confidence)."""
    facts: tuple[tuple[str, str, str, str], ...]
    clocks: tuple[ClockLine, ...]
    decisions: tuple[DecisionLine, ...]
    answers: tuple[Answer, ...]
    reviewed: str | None
    review_due: date | None
    review_missed: bool
    actions: tuple[ActionLine, ...]
    timeline: tuple[tuple[str, str, str, str], ...]
    """(when, kind, what, who)."""
    open_duties: int


class DrillLine(Frozen):
    """A drill of the profile's log in the period."""

    date: date
    kind: str
    scenario: str
    result: str
    participants: tuple[str, ...]
    measured: tuple[str, ...]
    """In words, with the target and whether it was missed."""
    missed: int
    findings: tuple[str, ...]
    file: str | None
    sha256: str | None
    supplied: Literal["matches", "differs", "missing", "none named", "left out"]
    """`left out`: it matches, and a redacted pack does not hold it."""
    packed: str | None
    """Name in the pack."""
    words: str


class Place(Frozen):
    """A document and a page of it."""

    document: str
    title: str
    page: int | None


class ControlLine(Frozen):
    """A control, criterion, standard or outcome, and where the plan answers it."""

    id: str
    title: str
    answered_by: tuple[str, ...]
    places: tuple[Place, ...]
    evidence: str | None
    gap: str | None


class ControlTable(Frozen):
    """One matrix."""

    id: str
    title: str
    head: str
    """What the first column holds."""
    note: str | None
    rows: tuple[ControlLine, ...]


class LawLine(Frozen):
    """One rule that the plan relies on."""

    duty: str
    title: str
    regulation: str
    citation: str
    url: str | None
    limit: str | None
    from_: date | None = Field(alias="from")
    until: date | None
    verified_on: date | None
    confidence: str
    sha256: str


class NumberGap(Frozen):
    """A number of the incident records that is not among those of this plan."""

    id: str
    words: str
    absent: bool = False
    """No record of this number was supplied."""


class ExhibitLine(Frozen):
    """An entry of the index."""

    number: str
    name: str
    title: str
    pages: int | None
    source: str


class SignerLine(Frozen):
    """Somebody who signs the pack."""

    name: str
    role: str


class LeftOut(Frozen):
    """A file that a redacted pack does not hold."""

    name: str
    sha256: str | None
    """None where the hash would tell what was taken out."""
    why: str


class Redaction(Frozen):
    """What was taken out of a pack, and how."""

    reader: str
    kinds: tuple[tuple[str, int], ...]
    """(kind of value, how many different ones the profile and its versions declare)."""
    left_out: tuple[LeftOut, ...]


class Evidence(Frozen):
    """Everything that the exhibits print; `evidence.json` of the pack."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    plan: str
    client: str
    system: str
    period: Period
    zone: str
    stands_as_of: str
    """The moment up to which records were read: deadlines not met by then count as missed."""
    stands_because: str
    as_of_given: str | None
    """As it was typed, where somebody stated it."""
    redacted: str | None
    redaction: Redaction | None = None
    releases: tuple[ReleaseLine, ...]
    approvals: tuple[ApprovalLine, ...]
    spans: tuple[Span, ...]
    population: Population | None
    incidents: tuple[IncidentLine, ...]
    other_records: tuple[NumberGap, ...]
    unmatched: tuple[str, ...]
    """Where population and records disagree, in words."""
    drills: tuple[DrillLine, ...]
    actions: tuple[ActionLine, ...]
    controls: tuple[ControlTable, ...]
    frameworks: tuple[CitedFramework, ...]
    law: tuple[LawLine, ...]
    law_as_of: date
    gaps: tuple[str, ...]
    """What the pack does not evidence, in words, heaviest first."""
    plan_gaps: tuple[str, ...]
    edited: tuple[str, ...]
