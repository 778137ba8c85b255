"""The plan: everything that is true for one deployment on one day. The waist of the hourglass (DESIGN section 1).

A `Plan` is a pure value. Every document is rendered from it alone, a diff compares two of them, and
`plan.json` is its JSON form: every key always there, in a stable order, ids from the profile and the law,
never from list positions.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from generator.model.base import Frozen, Number
from generator.model.catalog import Rung, Severity, StepWindow, Tier, TierLevers
from generator.model.deadline import Deadline
from generator.model.law import Audience, Clock, ContentItem, WorkCalendar
from generator.model.law_answers import Role, Verdict
from generator.model.plan_controls import ControlMatrix, Crosswalk, DrillSheet, HipaaPlan
from generator.model.profile import (
    AlertRoute,
    Audit,
    AuditLog,
    Branding,
    Client,
    Communication,
    Component,
    Containment,
    Contract,
    Control,
    Data,
    Deployment,
    Drills,
    Person,
    Policy,
    Provider,
    ReportChannel,
    Revision,
    Sampling,
    Signal,
    Switch,
    Volumes,
)
from generator.model.release import ApprovalStamp
from generator.model.sensitive import Sensitive


class Identity(Frozen):
    """Which plan this is, whose, and how far it may be relied on."""

    id: str
    version: str
    effective: date
    next_review: date | None
    owner: str
    """Role and person that own the plan, in words."""
    approver: str | None
    client: str
    legal_name: str
    deployment: str
    purpose: str
    kind: str
    """Deployment kind of the profile."""
    catalog_kind: str
    """The catalogue's nearest reference deployment."""
    zone: str
    paper: Literal["letter", "a4"]
    draft: bool
    draft_reasons: tuple[str, ...]
    approved: bool
    """An approval record exists: a name on a cover is none. Always false in plan.json, see `approvals`."""
    approvals: tuple[ApprovalStamp, ...] = ()
    """Who approved exactly this plan. For documents only: plan.json is what is approved, so it holds none."""


class LawVersion(Frozen):
    """One version of a duty that the plan relies on."""

    duty: str
    from_: date | None = Field(alias="from")
    until: date | None
    verified_on: date | None
    sha256: str
    """Hash of the version as data, so that a change of law is seen."""


class LawSnapshot(Frozen):
    """The law that answered."""

    as_of: date
    versions: tuple[LawVersion, ...]
    later: tuple[str, ...]
    """Binding duties of which the law book knows a later version, in words."""
    calendars: dict[str, WorkCalendar]
    """Slices of the work calendars that the clocks need."""


class StakesRow(Frozen):
    """One addend."""

    id: str
    title: str
    answer: str
    points: int
    maximum: int
    words: str


class StakesResult(Frozen):
    """Tier with its arithmetic and what it sets."""

    tier: Tier
    points: int
    maximum: int
    rows: tuple[StakesRow, ...]
    words: str
    levers: TierLevers


class Window(Frozen):
    """A time in the plan with its basis in words, e.g. "15 minutes (judgement: tier C)"."""

    id: str
    words: str
    minutes: int | None
    basis: str


class RecipientRef(Frozen):
    """Who receives a notice."""

    kind: str
    title: str
    name: str
    place: str | None
    audience: Audience
    contact: tuple[str, ...]
    """Lines: person, phone, e-mail, portal."""


class Question(Frozen):
    """A question that decides something, and what hangs on it."""

    id: str
    question: str
    effect: str


class Binding(Frozen):
    """One duty, legal or contractual, with the verdict for this deployment on the plan's date."""

    duty: str
    title: str
    source: Literal["law", "contract"]
    regulation: str
    law_short: str
    """The name of the regulation in two or three words, for tables."""
    jurisdiction: str
    verdict: Verdict
    role: Role | None
    reason: str
    bound_party: str
    kind: str
    force: str
    trigger: tuple[str, ...]
    """Trigger ids."""
    trigger_words: str
    recipient: RecipientRef
    clock: Clock
    clock_words: str
    """The limit in one sentence: "72 hours from awareness, without undue delay"."""
    limit_words: str
    """The limit alone: "72 hours"; the soft standard where there is no number."""
    start_words: str
    satisfied_by: Literal["sent", "received"]
    exceptional: bool
    confidential: str | None
    """Who alone keeps the record; nothing about it is written in forms that others read."""
    sort_minutes: int
    """For sorting by urgency, standards in words included: "immediately" is 0."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    same_as: str | None
    citation: str
    url: str | None
    status: str
    confidence: str
    doubt: str | None
    verified_on: date | None
    method: str | None
    portal: str | None
    threshold_words: str | None
    exceptions: tuple[Question, ...]
    content: tuple[ContentItem, ...]
    notice: str | None
    """Id of the notice document (`NoticeDocument.id`) that fulfils it."""
    contract: str | None
    clause: str | None
    example: Deadline | None
    """Worked for the plan's example night."""
    example_words: str
    urgency_minutes: int | None
    """For sorting: length of the shortest limit, in minutes; None for a soft standard."""


class OpenFact(Frozen):
    """A fact that the profile does not state and on which a verdict hangs."""

    fact: str
    question: str
    profile_path: str | None


class SetAside(Frozen):
    """A regime that shares the client's place, sector or data and does not bind, with the reason."""

    duty: str
    title: str
    regulation: str
    jurisdiction: str
    verdict: Verdict
    reason: str
    missing: tuple[OpenFact, ...] = ()


class Parameter(Frozen):
    """A number in a trigger."""

    name: str
    value: str
    unit: str
    basis: str


class PlannedTrigger(Frozen):
    """A measurable trigger with its numbers filled in."""

    id: str
    statement: str
    parameters: tuple[Parameter, ...]
    basis: str


class PlannedEvidence(Frozen):
    """What to save, how fast it goes, where it is here."""

    id: str
    title: str
    volatility: int
    capture: str
    content: str
    where: str | None
    kept_days: int | None
    hold: str | None


class PlannedStep(Frozen):
    """A containment step: who does it here by when, and with which switches."""

    id: str
    text: str
    role: str
    who: str
    """By name; where nobody holds the role, who stands in for it."""
    within_minutes: int
    """From the minute of the declaration."""
    window: StepWindow | None
    """The window of the tier that sets the minutes; none: the class's own number."""
    rungs: tuple[Rung, ...]
    evidence: bool
    switches: tuple[str, ...]


class PlannedDecision(Frozen):
    """A decision point with the person who decides."""

    id: str
    question: str
    role: str
    who: str
    if_yes: str
    if_no: str
    within_minutes: int


class PlannedDutyQuestion(Frozen):
    """A question whose yes starts clocks."""

    id: str
    question: str
    raises: str
    trigger_title: str
    duties: tuple[str, ...]
    """Ids of binding duties that a yes may start, tightest first."""


class PlannedReversal(Frozen):
    """An effect to put right."""

    id: str
    effect: str
    undo: str
    by: str
    how: str


class PlannedClass(Frozen):
    """An incident class as it applies here."""

    id: str
    title: str
    plain: str
    family: str
    definition: str
    headline: str | None
    severity: Severity
    severity_because: str
    lead: bool
    reason: str
    """Why the class is in."""
    triggers: tuple[PlannedTrigger, ...]
    signals: tuple[str, ...]
    """Ids of the profile's signals that show it."""
    default_signals: tuple[str, ...]
    """The catalogue's suggestions, in words, where the profile has none."""
    detectable: bool
    missing_fields: tuple[str, ...]
    evidence: tuple[PlannedEvidence, ...]
    switches: tuple[str, ...]
    switches_because: str
    contain: tuple[PlannedStep, ...]
    led_by: str
    """Who leads the look-back and the removal of the cause."""
    led_by_role: str
    eradicate: tuple[str, ...]
    recover: tuple[tuple[str, str], ...]
    """(step, how one sees that it worked)."""
    decisions: tuple[PlannedDecision, ...]
    duty_questions: tuple[PlannedDutyQuestion, ...]
    lookback_unit: str
    lookback_starts: str
    lookback_days: int
    lookback_method: str
    lookback_volume: str | None
    """How many cases the default window holds at this client's volume."""
    reversal: tuple[PlannedReversal, ...]
    gate: str
    failure_modes: tuple[str, ...]
    exercise_inject: str | None
    refs: dict[str, tuple[str, ...]]


class IndexEntry(Frozen):
    """One line of the index at the front: a sight or an alert, the class that it means, what to pull."""

    kind: Literal["sight", "alert"]
    words: str
    class_id: str
    switches: tuple[str, ...]


class ClassOut(Frozen):
    """A class that cannot happen here, with the reason."""

    id: str
    title: str
    reason: str


class Headline(Frozen):
    """One of the mission's seven opening triggers."""

    id: str
    title: str
    class_id: str | None
    statement: str
    """The number, or "Not applicable here because ..."."""
    applicable: bool
    basis: str


class Contact(Frozen):
    """A role and who holds it, ready to print."""

    role: str
    title: str
    owns: str
    primary: str
    """Name, or the rota's name, or the visible gap."""
    primary_phone: Annotated[str | None, Sensitive("phone number")]
    primary_note: str | None
    backup: str | None
    backup_phone: Annotated[str | None, Sensitive("phone number")]
    escalate_minutes: int | None
    authority: tuple[str, ...]
    may_not: tuple[str, ...]
    gap: bool


class Coverage(Frozen):
    """Who can reach a switch or credential on a Sunday at 02:00 local time."""

    switch: str
    who: tuple[str, ...]
    words: str
    gap: bool


class PlannedFailureMode(Frozen):
    """A failure mode of an agent, a hand-off or the whole run."""

    id: str
    place: str
    """Agent or hand-off id, or `whole-run`."""
    place_title: str
    what: str
    sign: str
    isolate: str
    find: str
    meaning_for_person: str
    classes: tuple[str, ...]
    own: bool
    """True: the client's own; False: derived from the catalogue."""


class PlannedSwitch(Frozen):
    """A switch with what the plan knows about it."""

    switch: Switch
    rung_name: str
    last_drill: date | None
    drill_words: str
    """"stop drill 2026-10-03 passed, 41 seconds" or "NEVER DRILLED"."""
    who_words: str


class NoticeItem(Frozen):
    """Something that a duty wants in (or out of) a notice."""

    duty: str
    item: str
    text: str
    rule: str
    heading: str | None


class NoticeDocument(Frozen):
    """One notice written in advance."""

    id: str
    """File name without ending, under notices/."""
    template: str
    title: str
    audience: Audience
    recipient: RecipientRef
    duties: tuple[str, ...]
    items: tuple[NoticeItem, ...]
    drafter: str
    approver: str
    deputy_approver: str | None
    tightest: str | None
    """Duty id whose clock is the shortest."""
    role: Role
    contract: str | None


class KitDocument(Frozen):
    """A message of the communication kit: who writes it and who lets it go."""

    id: str
    drafter: str
    approver: str
    deputy_approver: str | None
    same_person: bool
    """One person holds both roles: somebody else reads it before it goes."""


class DocumentInfo(Frozen):
    """A document of the pack."""

    id: str
    file: str
    title: str
    audience: Audience


class Gap(Frozen):
    """Something the plan should say and the profile does not."""

    id: str
    key: str
    """Key path in the profile."""
    what: str
    ask: str
    """The question to the client."""
    weight: int
    """1 to 9; 9 hurts most at 2 a.m."""


class Drill(Frozen):
    """A drill that is due."""

    id: str
    kind: str
    scenario: str
    inject: str | None
    pass_marks: tuple[str, ...]
    due: date | None
    because: str


class ExampleNight(Frozen):
    """The realistic night for which clocks are worked: a Sunday at 02:13 local time after the plan's date."""

    aware_at: str
    words: str
    zone: str
    first_act_by: str | None
    first_duty: str | None
    first_words: str


class Chance(Frozen):
    """What chance alone does to one signal at its page level, and the smallest change that it shows.

    Numbers are as printed. Either the numbers are there, or `missing`, or `because`.
    """

    signal: str
    law: Literal["binomial", "poisson"] | None = None
    sample: int | None = None
    """Items in the smallest sample."""
    looks_a_month: Number | None = None
    """Windows in 30 days, back to back."""
    false_pages_a_month: Number | None = None
    """Expected pages at the baseline; 0 stands for less than 0.01."""
    false_pages_words: str = ""
    smallest_change: Number | None = None
    """The true rate, in the signal's unit, that one window shows four times in five; 1 where a single one pages."""
    change_words: str = ""
    note: str | None = None
    assumption: str = ""
    missing: tuple[str, ...] = ()
    """What the profile lacks: gaps in place of numbers."""
    because: str | None = None
    """Why there is nothing to compute."""


class Plan(Frozen):
    """Everything that is printed and everything that a clock needs."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    identity: Identity
    as_of: date
    law: LawSnapshot
    stakes: StakesResult
    windows: dict[str, Window]
    """acknowledge_sev1, acknowledge_sev2, contain, assess_notice, review ..."""
    severities: tuple[tuple[str, str, str, str], ...]
    """(id, meaning, acknowledge, commander, containment)."""
    severity_rules: tuple[str, ...]
    client: Client
    deployment: Deployment
    volumes: Volumes | None
    data: Data
    providers: tuple[Provider, ...]
    contracts: tuple[Contract, ...]
    people: dict[str, Person]
    contacts: dict[str, Contact]
    coverage: tuple[Coverage, ...]
    decisions: tuple[PlannedDecision, ...]
    call_order: tuple[str, ...]
    """Role ids in the order in which the first hour calls them."""
    main_switch: str
    """The switch that stops the most: the one on the first page."""
    first_evidence: tuple[PlannedEvidence, ...]
    """What vanishes first over all lead classes."""
    index: tuple[IndexEntry, ...]
    """By what a person sees and by alert name -> class and switches."""
    headlines: tuple[Headline, ...]
    classes: tuple[PlannedClass, ...]
    classes_out: tuple[ClassOut, ...]
    signals: tuple[Signal, ...]
    chance: dict[str, Chance] = {}
    """What chance does to each signal, by its id."""
    routes: tuple[AlertRoute, ...]
    sampling: tuple[Sampling, ...]
    audit_log: AuditLog | None
    report_channels: tuple[ReportChannel, ...]
    monitor_heartbeat: str | None
    blind_spots: tuple[str, ...]
    rungs: tuple[tuple[str, str, str], ...]
    """(id, name, meaning)."""
    components: tuple[Component, ...]
    switches: tuple[PlannedSwitch, ...]
    containment: Containment
    failure_modes: tuple[PlannedFailureMode, ...]
    bindings: tuple[Binding, ...]
    """Binding and coming duties, tightest first."""
    open_questions: tuple[SetAside, ...]
    near: tuple[SetAside, ...]
    set_aside: tuple[SetAside, ...]
    guidance: tuple[SetAside, ...]
    standing: tuple[SetAside, ...]
    """Binding rules that are no incident deadline: retention, cadence, delay."""
    triggers: dict[str, str]
    """Trigger id -> the question whose yes raises it."""
    example: ExampleNight
    communication: Communication
    notices: tuple[NoticeDocument, ...]
    kit: dict[str, KitDocument] = {}
    """The messages of the communication kit, by their id."""
    review_within_days: int
    review_facilitator: str | None
    review_attendees: tuple[str, ...]
    review_reader: str | None
    actions_tracked_in: str | None
    drills: Drills
    drills_due: tuple[Drill, ...]
    last_stop_drill: date | None
    next_stop_drill: date | None
    stop_drill_words: str
    policies: tuple[Policy, ...]
    controls: tuple[Control, ...]
    audit: Audit | None
    crosswalk: Crosswalk | None
    hipaa: HipaaPlan | None
    """None for a client without a role under HIPAA."""
    control_matrix: ControlMatrix | None
    """None for a client with neither controls nor an audit."""
    drill_sheets: tuple[DrillSheet, ...]
    """A blank record for each due drill."""
    branding: Branding
    wording: dict[str, str]
    documents: tuple[DocumentInfo, ...]
    gaps: tuple[Gap, ...]
    revisions: tuple[Revision, ...]

    def to_json_data(self) -> dict[str, Any]:
        """Plain data for plan.json and for templates: aliases applied, dates as ISO text, every key there."""
        return self.model_dump(mode="json", by_alias=True)
