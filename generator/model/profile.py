"""The deployment profile: what a user writes. See DESIGN section 4 and docs/profile.md.

Required: plan, client, deployment, people, roles, data (categories and people) and at least one switch.
Everything else is wanted: what is missing becomes a gap in the plan. `None` and empty tuples mean "not said".
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from generator.model.base import (
    Basis,
    Code,
    Duration,
    Frozen,
    Identifier,
    Line,
    Number,
    Place,
    Quantity,
    Text,
)
from generator.model.catalog import Rung, Severity, Tag
from generator.model.conditions import FactValue
from generator.model.law import DutyId, EventName, TriggerName
from generator.model.release import Sha256
from generator.model.sensitive import Public, Sensitive

Email = Annotated[
    str,
    StringConstraints(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+$", max_length=200),
    Sensitive("e-mail address"),
]
"""Sensitive unless the field says `Public`."""
Phone = Annotated[str, StringConstraints(pattern=r"^\+[0-9][0-9 ().\-/x]{5,30}$"), Sensitive("phone number")]
"""With the country code: `+1 303 555 0142`. Checked with the numbering plans in sources/profiles.py. Sensitive unless
the field says `Public`."""
AccessPath = Annotated[Line, Sensitive("access path")]
"""How somebody gets to a control: host, account, screen, code word."""
CredentialPlace = Annotated[Line, Sensitive("place of a credential")]
Zone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]+(?:/[A-Za-z0-9_+\-]+)*$", max_length=64)]
"""IANA time zone, checked against the zone database."""
ClockTime = Annotated[str, StringConstraints(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$")]
VersionText = Annotated[str, StringConstraints(pattern=r"^[0-9]+(?:\.[0-9]+){0,2}$")]
Argument = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One word of a command, exactly as the program gets it."""
Command = Annotated[tuple[Argument, ...], Field(min_length=1)]
PersonId = Identifier
RoleId = Identifier
SwitchId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,3}-?[A-Z0-9]{1,8}$")]
"""The code that people say on the phone: `K1`, `STOP-ALL`."""


# --- plan ----------------------------------------------------------------------------------------------------


class Revision(Frozen):
    """One line of the plan's history."""

    version: VersionText
    date: date
    summary: Line
    because: Line | None = None
    by: PersonId | None = None


class PlanSection(Frozen):
    """Who owns the plan and which version this is."""

    id: Identifier
    """Makes the folder name of the pack."""
    version: VersionText
    effective: date
    """The plan's date: which law applies and the dates inside the PDFs."""
    owner: PersonId
    approver: PersonId | None = None
    next_review: date | None = None
    revisions: tuple[Revision, ...] = ()


# --- client --------------------------------------------------------------------------------------------------


class Seat(Frozen):
    """Where the client is established."""

    place: Place
    """Country, or country and subdivision where the country has them: `US-CO`, `IE`."""
    city: Line | None = None
    address: Line | None = None


Sector = Literal[
    "retail",
    "banking",
    "lending",
    "credit_union",
    "insurance",
    "securities",
    "payments",
    "health_care",
    "health_technology",
    "software",
    "telecommunications",
    "energy",
    "transport",
    "education",
    "government",
    "government_contractor",
    "critical_infrastructure",
    "frontier_ai",
    "trust_services",
    "medical_devices",
    "media",
    "other",
]
Charter = Literal[
    "occ_national_bank",
    "frb_member_bank",
    "fdic_bank",
    "ncua_credit_union",
    "state_bank",
    "nydfs_licensee",
    "sec_broker_dealer",
    "sec_investment_adviser",
    "insurance_licensee",
    "eu_credit_institution",
    "eu_payment_institution",
    "eu_financial_entity",
    "uk_fca_firm",
    "hud_fha_mortgagee",
    "gse_seller_servicer",
    "ginnie_mae_issuer",
    "telecom_carrier",
    "merchant_cards",
    "fedramp",
    "dod_contractor",
    "none",
]
Activity = Literal[
    "decides_on_credit",
    "furnishes_to_bureaus",
    "uses_consumer_reports",
    "provides_services_to_banks",
    "ftc_financial_institution",
    "personal_health_records",
    "part2_program",
    "stores_card_data",
    "manufactures_digital_products",
    "develops_frontier_models",
    "operates_critical_infrastructure",
    "makes_medical_devices",
    "none_of_these",
]


class LegalRoles(Frozen):
    """Which part the client plays in law, stated as facts."""

    data: tuple[Literal["controller", "processor"], ...] = ()
    hipaa: tuple[Literal["covered_entity", "business_associate", "subcontractor", "none"], ...] = ()
    ai_act: tuple[
        Literal[
            "provider_high_risk",
            "deployer_high_risk",
            "provider_limited",
            "deployer_limited",
            "provider_gpai_systemic",
            "none",
        ],
        ...,
    ] = ()
    nis2: Literal["essential", "important", "none"] | None = None


class Regulator(Frozen):
    """A supervisor of this client and how to reach it."""

    id: Identifier
    name: Line
    contact: Line | None = None
    phone: Annotated[Phone | None, Public("office of a supervisor")] = None
    email: Annotated[Email | None, Public("office of a supervisor")] = None
    portal: Line | None = None
    note: Line | None = None


class Client(Frozen):
    """The organisation whose plan it is."""

    name: Line
    legal_name: Line | None = None
    seat: Seat
    establishments: tuple[Place, ...] = ()
    """Further countries or states with an establishment."""
    time_zone: Zone
    employees: int | None = Field(default=None, ge=0)
    annual_revenue_usd: int | None = Field(default=None, ge=0)
    sectors: tuple[Sector, ...] = ()
    charters: tuple[Charter, ...] = ()
    activities: tuple[Activity, ...] = ()
    """What the client does that laws ask about. Complete when given: what is not listed is "no"."""
    regulators: tuple[Regulator, ...] = ()
    listed: (
        Literal["not_listed", "us_domestic_issuer", "us_foreign_private_issuer", "eu_listed", "other"] | None
    ) = None
    roles: LegalRoles = LegalRoles()
    facts: dict[Identifier, FactValue] = {}
    """Further facts of the registry (catalog/facts.yaml) by name, such as thresholds that laws use."""


# --- deployment ----------------------------------------------------------------------------------------------


class Component(Frozen):
    """A part that can change, with the version in use and the last one known to be good."""

    id: Identifier
    kind: Literal[
        "model",
        "weights",
        "quantisation",
        "serving_image",
        "prompt",
        "adapter",
        "index",
        "guardrail",
        "connector",
        "tool",
        "policy",
        "template",
        "orchestrator",
        "recognition",
        "notice_generator",
        "other",
    ]
    name: Line
    live: Line
    last_good: Line | None = None
    agent: Identifier | None = None
    owner: RoleId | None = None
    provider: Identifier | None = None
    changed: date | None = None
    can_roll_back: bool = True
    why_not: Line | None = None


class Retrieval(Frozen):
    """Where answers get their content."""

    sources: tuple[Line, ...] = ()
    index: Line | None = None
    refreshed: Line | None = None
    access_checked: bool | None = None


class Tool(Frozen):
    """Something that the model can call."""

    id: Identifier
    name: Line
    effect: Literal["read", "write", "send", "irreversible"]
    what: Line
    limit: Line | None = None


class Gate(Frozen):
    """A person who must release something before it takes effect."""

    role: RoleId
    releases: Line
    expected_seconds: int | None = Field(default=None, ge=0)
    """How long a careful look takes; a shorter median is a sign of a gate on paper."""
    evidence: Line | None = None


class FailureMode(Frozen):
    """One way in which an agent or a hand-off fails, beyond those that the catalogue derives."""

    id: Code
    what: Text
    sign: Line
    signal: Identifier | None = None
    isolate: Text
    find: Text
    meaning_for_person: Text
    classes: tuple[Identifier, ...] = ()


class Agent(Frozen):
    """One agent, in pipeline order."""

    id: Identifier
    name: Line
    role: Line
    inputs: tuple[Line, ...] = ()
    outputs: tuple[Line, ...] = ()
    tools: tuple[Identifier, ...] = ()
    limits: tuple[Line, ...] = ()
    gate: Gate | None = None
    switch: SwitchId | None = None
    """The switch that cuts this agent alone."""
    can_be_cut_alone: bool | None = None
    cut_alone_because: Line | None = None
    shares_model_with: tuple[Identifier, ...] = ()
    memory: Line | None = None
    failure_modes: tuple[FailureMode, ...] = ()


class Handoff(Frozen):
    """A hand-off between two agents, or from an agent to a person or system (`to_outside`)."""

    id: Identifier
    from_: Identifier = Field(alias="from")
    to: Identifier | None = None
    to_outside: Line | None = None
    fields: tuple[Line, ...] = ()
    checks: tuple[Line, ...] = ()
    breaker: SwitchId | None = None
    hold_queue: Line | None = None
    maximum_age: Duration | None = None
    failure_modes: tuple[FailureMode, ...] = ()


class DesignFact(Frozen):
    """Something that responders may rely on, with the check that proves it.

    An incident often means that it stopped being true.
    """

    id: Code
    statement: Line
    check: Line
    last_checked: date | None = None


class Topic(Frozen):
    """A topic of answers that can be cut alone."""

    id: Identifier
    name: Line
    owner: RoleId | None = None
    source: Line | None = None
    fallback_text: Line | None = None
    refuses: bool = False
    commitment_rule: Line | None = None


class Tenant(Frozen):
    """A customer organisation or site whose traffic can be cut or told apart."""

    id: Identifier
    name: Line
    people: int | None = Field(default=None, ge=0)
    contract: Identifier | None = None
    contact: Line | None = None
    phone: Phone | None = None
    note: Line | None = None


class ReasonCode(Frozen):
    """A reason for an adverse credit decision and the factor of the score behind it."""

    code: Code
    text: Line
    factor: Line


class Deployment(Frozen):
    """The AI system."""

    id: Identifier
    name: Line
    purpose: Line
    kind: Literal[
        "chatbot",
        "rag_assistant",
        "agentic_assistant",
        "multi_agent_pipeline",
        "clinical_scribe",
        "scoring",
        "other",
    ]
    tags: tuple[Tag, ...] = ()
    """Which families of incident class apply; what is left out is derived from the other fields."""
    autonomy: Literal["informs", "drafts_for_review", "acts_after_approval", "acts_alone"]
    harm_if_wrong: Literal[
        "inconvenience", "small_loss", "serious_loss_or_rights", "health_or_livelihood", "life"
    ]
    harm_because: Line | None = None
    reversibility: Literal["at_once", "with_effort", "in_part", "not"]
    reversibility_because: Line | None = None
    consequential_decisions: tuple[
        Literal[
            "credit",
            "employment",
            "housing",
            "insurance",
            "health_care",
            "education",
            "legal",
            "government_benefit",
            "none",
        ],
        ...,
    ] = ()
    channels: tuple[Line, ...] = ()
    hosting: Literal["hosted_model", "self_hosted", "mixed"] | None = None
    live_since: date | None = None
    components: tuple[Component, ...] = ()
    retrieval: Retrieval | None = None
    tools: tuple[Tool, ...] = ()
    agents: tuple[Agent, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    design_facts: tuple[DesignFact, ...] = ()
    topics: tuple[Topic, ...] = ()
    tenants: tuple[Tenant, ...] = ()
    reason_codes: tuple[ReasonCode, ...] = ()
    critical_items: tuple[Line, ...] = ()
    """Items that must be right in every output (drug, dose, side ...)."""
    lead_classes: tuple[Identifier, ...] = ()
    """Incident classes to print in full; without it the catalogue's choice for the kind."""
    class_parameters: dict[Identifier, dict[Identifier, Number]] = {}
    """Own trigger numbers: class -> parameter -> value."""


class VolumeSplit(Frozen):
    """Part of the daily volume."""

    name: Line
    per_day: Number


class Volumes(Frozen):
    """How much passes through, for chance arithmetic and backlog."""

    unit: Line
    per_day: Number = Field(gt=0)
    peak_per_hour: Number | None = None
    split: tuple[VolumeSplit, ...] = ()
    source: Line | None = None


# --- data, providers, contracts ------------------------------------------------------------------------------


class PeopleServed(Frozen):
    """How many of the people served live in one place."""

    residence: Place
    count: int = Field(ge=0)
    note: Line | None = None


class Retention(Frozen):
    """How long something is kept. Short ones are evidence that vanishes."""

    what: Line
    days: int = Field(ge=0)
    where: Line
    evidence: Identifier | None = None
    """The evidence item of the catalogue that this holds."""
    hold: Line | None = None
    """How deletion is suspended."""


class Encryption(Frozen):
    """What protects the data, and who holds the keys."""

    at_rest: Line | None = None
    in_transit: Line | None = None
    key_holder: Line | None = None


class Data(Frozen):
    """Whose data it is, what it is, where it is."""

    categories: tuple[Identifier, ...] = Field(min_length=1)
    people: tuple[PeopleServed, ...] = Field(min_length=1)
    people_total: int | None = Field(default=None, ge=0)
    who: Line | None = None
    """What the people are called: customers, applicants, patients."""
    children: bool | None = None
    languages: tuple[Line, ...] = ()
    retention: tuple[Retention, ...] = ()
    places: tuple[Line, ...] = ()
    encryption: Encryption | None = None


class Provider(Frozen):
    """A model provider, subprocessor or other supplier."""

    id: Identifier
    name: Line
    service: Line
    model: Line | None = None
    subprocessor: bool = False
    agreement: Line | None = None
    signed: date | None = None
    region: Line | None = None
    data_use: Line | None = None
    retention: Line | None = None
    notice: Line | None = None
    """What it must tell us, within how long, under which clause."""
    support: AccessPath | None = None
    phone: Annotated[Phone | None, Public("support line of a supplier")] = None
    email: Annotated[Email | None, Public("support address of a supplier")] = None
    portal: Line | None = None
    records_to_demand: tuple[Line, ...] = ()


class Addressee(Frozen):
    """Who receives a notice under a contract."""

    name: Line
    email: Email | None = None
    phone: Phone | None = None
    address: Line | None = None
    portal: Line | None = None


class NoticeWindow(Frozen):
    """How long a contract gives. `unit: days_undefined` where it says "days" and defines none."""

    value: Number = Field(gt=0)
    unit: Literal["hours", "calendar_days", "business_days", "days_undefined"]
    calendar: Code | None = None


class ClauseLimit(Frozen):
    """A further limit of a clause. Without `window` the moment itself is the limit ("before the next sale")."""

    starts: EventName
    starts_words: Line
    window: NoticeWindow | None = None


class NoticeClause(Frozen):
    """One duty to tell that a contract sets."""

    id: Identifier
    triggers: tuple[TriggerName, ...] = Field(min_length=1)
    starts: EventName
    starts_words: Line
    window: NoticeWindow | None = None
    earlier_of: tuple[ClauseLimit, ...] = ()
    """Further limits beside `window`: whichever ends first counts."""
    standard: Line | None = None
    """Soft standard in words, alone or on top of the window."""
    clause: Line
    addressee: Addressee | None = None
    method: Line | None = None
    content: tuple[Line, ...] = ()
    must_not: tuple[Line, ...] = ()
    after: tuple[DutyId, ...] = ()

    @model_validator(mode="after")
    def _further_limits_stand_beside_one(self) -> NoticeClause:
        if self.earlier_of and self.window is None:
            raise ValueError("`earlier_of` stands beside `window`: put one of the limits there")
        return self


class Contract(Frozen):
    """An agreement that sets or receives notice duties."""

    id: Identifier
    kind: Literal[
        "baa",
        "subcontractor_baa",
        "dpa",
        "services",
        "sla",
        "insurance",
        "card_scheme",
        "warehouse_lender",
        "other",
    ]
    counterparty: Line
    direction: Literal["we_owe", "they_owe"] = "we_owe"
    counterparty_role: Literal[
        "covered_entity",
        "business_associate",
        "subcontractor",
        "controller",
        "processor",
        "customer",
        "insurer",
        "supplier",
        "lender",
        "other",
    ] = "customer"
    reference: Annotated[Line | None, Sensitive("number of an insurance policy", ("kind", "insurance"))] = (
        None
    )
    signed: date | None = None
    data_since: date | None = None
    people: int | None = Field(default=None, ge=0)
    place: Place | None = None
    clauses: tuple[NoticeClause, ...] = ()
    tells_people: Literal["us", "them", "as_agreed_per_incident"] | None = None
    delegated_duties: tuple[DutyId, ...] = ()
    """Legal duties of the counterparty that this contract hands to the client."""
    delegation_clause: Line | None = None
    agent: Literal["independent_contractor", "agent", "not_said"] | None = None
    audit_right: Line | None = None
    note: Line | None = None


# --- people --------------------------------------------------------------------------------------------------


class Person(Frozen):
    """A person with the ways to reach them."""

    name: Line
    title: Line | None = None
    phone: Phone | None = None
    email: Email | None = None
    time_zone: Zone | None = None
    hours: Line | None = None
    on_call: bool | None = None
    """Reachable at night and on weekends."""
    outside: bool = False
    """Not an employee: counsel, insurer's coach, supplier."""
    note: Annotated[Line | None, Sensitive("note about a person")] = None


class Rota(Frozen):
    """A duty rota that stands in for a name."""

    name: Line
    phone: Phone
    schedule: Line
    """Where it is written who is on duty."""
    hours: Line = "24 hours, every day"


class RoleHolder(Frozen):
    """Who holds a role: a person with a backup, or a rota."""

    primary: PersonId | None = None
    backup: PersonId | None = None
    rota: Rota | None = None
    escalate_after: Duration | None = None
    authority: tuple[Line, ...] = ()
    """What the holder may decide alone."""
    may_not: tuple[Line, ...] = ()


class Decision(Frozen):
    """A decision with an owner, a time limit and a default."""

    id: Identifier
    question: Line
    decider: RoleId
    within: Duration
    if_silent: Line
    never_delays: Line | None = None


# --- detection -----------------------------------------------------------------------------------------------


class SignalLevel(Frozen):
    """The number at which a signal warns, pages or acts."""

    at: Number
    basis: Basis = "judgement"
    source: Line | None = None
    switches: tuple[SwitchId, ...] = ()
    """For the automatic level: the switches that it pulls."""


class Signal(Frozen):
    """Something measured all the time, tied to an alert."""

    id: Identifier
    title: Line
    metric: Line
    unit: Line
    direction: Literal["above", "below"] = "above"
    window: Duration
    warn: SignalLevel | None = None
    page: SignalLevel | None = None
    automatic: SignalLevel | None = None
    smallest_sample: int | None = Field(default=None, ge=1)
    baseline: Number | None = None
    baseline_source: Line | None = None
    classes: tuple[Identifier, ...] = ()
    log_fields: tuple[Code, ...] = ()
    alert: Line | None = None
    """The name of the alert as the monitoring tool shows it."""
    query: Text | None = None
    route: Identifier | None = None
    first_steps: tuple[Line, ...] = ()
    covers: tuple[Literal["confidence_scoring", "query_anomaly", "heartbeat"], ...] = ()


class AlertRoute(Frozen):
    """Where an alert goes and who answers it."""

    id: Identifier
    kind: Literal["pager", "phone", "email", "chat", "ticket"]
    target: Annotated[Line, Sensitive("address or key of an alert route")]
    role: RoleId
    acknowledge: Duration | None = None


class Sampling(Frozen):
    """What people check besides the automatic signals."""

    per_day: int | None = Field(default=None, ge=0)
    share_percent: Number | None = None
    how: Line
    by: RoleId | None = None


class AuditLog(Frozen):
    """The structured log: the fields it really has."""

    store: Line
    fields: tuple[Code, ...] = ()
    retention_days: int | None = Field(default=None, ge=0)
    tamper_evidence: Line | None = None
    access: Line | None = None
    export: Command | None = None


class ReportChannel(Frozen):
    """Where people report what no monitor sees."""

    who: Line
    channel: Line
    phone: Phone | None = None
    email: Email | None = None
    answered_by: RoleId | None = None
    hours: Line | None = None


class Detection(Frozen):
    """How an incident is noticed."""

    signals: tuple[Signal, ...] = ()
    routes: tuple[AlertRoute, ...] = ()
    sampling: tuple[Sampling, ...] = ()
    audit_log: AuditLog | None = None
    report_channels: tuple[ReportChannel, ...] = ()
    monitor_heartbeat: Line | None = None
    blind_spots: tuple[Line, ...] = ()


# --- containment ---------------------------------------------------------------------------------------------


class Verification(Frozen):
    """How one sees that a switch worked."""

    look: Line
    command: Command | None = None
    expect: Line | None = None


class Credential(Frozen):
    """What opens a switch, where it is and who holds it."""

    what: Line
    where: CredentialPlace
    holders: tuple[RoleId, ...] = Field(min_length=1)
    sealed_copy: CredentialPlace | None = None


class Switch(Frozen):
    """One way to stop something. At least one of command, console and manual."""

    id: SwitchId
    name: Line
    stops: Line
    rung: Rung
    scope: Literal[
        "everything", "agent", "handoff", "tool", "topic", "tenant", "source", "model", "channel"
    ] = "everything"
    target: Identifier | None = None
    """The agent, tool, topic ... that it cuts, by id."""
    command: Command | None = None
    command_where: AccessPath | None = None
    """Where the command is run: which host, which account."""
    console: AccessPath | None = None
    manual: AccessPath | None = None
    without_tooling: AccessPath | None = None
    who: tuple[RoleId, ...] = Field(min_length=1)
    credential: Credential | None = None
    effect: Duration | None = None
    verify: Verification | None = None
    drill_safe: bool | None = None
    hold_at_most: Duration | None = None
    holding_breaks: Line | None = None
    undo: Line | None = None
    last_drill: date | None = None


class Fuse(Frozen):
    """What stops without a person."""

    signal: Identifier
    switches: tuple[SwitchId, ...] = Field(min_length=1)
    credential: CredentialPlace | None = None
    note: Line | None = None


class Rollback(Frozen):
    """How one component goes back, with the proof that it did."""

    component: Identifier
    to: Line
    command: Command | None = None
    console: AccessPath | None = None
    takes: Duration | None = None
    proof: Line
    who: tuple[RoleId, ...] = ()
    note: Line | None = None


class Fallback(Frozen):
    """What people or systems do instead, with capacity."""

    what: Line
    steps: tuple[Line, ...] = ()
    people: int | None = Field(default=None, ge=0)
    per_person_per_day: Number | None = None
    time_to_switch: Duration | None = None
    backlog_limit: Quantity | None = None
    at_limit: Line | None = None
    order_of_work: Line | None = None
    last_tested: date | None = None


class RestoreStage(Frozen):
    """One step of the way back, with what must be seen before the next."""

    share: Line
    sample: Quantity
    pass_mark: Line
    hold: Duration | None = None


class Containment(Frozen):
    """Stopping, going back, carrying on without."""

    switches: tuple[Switch, ...] = Field(min_length=1)
    default_switches: dict[Identifier, tuple[SwitchId, ...]] = {}
    """Incident class -> switches to pull, in order."""
    fuses: tuple[Fuse, ...] = ()
    rollback: tuple[Rollback, ...] = ()
    fallback: tuple[Fallback, ...] = ()
    restore: tuple[RestoreStage, ...] = ()
    restart_signatures: tuple[RoleId, ...] = ()


# --- communication, review, drills, controls -----------------------------------------------------------------


class ChainStep(Frozen):
    """Who tells whom, by when, how."""

    who: RoleId
    tells: Line
    within: Duration
    channel: Line
    says: Line | None = None
    severity: tuple[Severity, ...] = ("SEV1", "SEV2")


class NoticeOwner(Frozen):
    """Who drafts and who approves one kind of notice."""

    notice: Identifier
    """Notice template id, a duty id, or `default`."""
    drafter: RoleId
    approver: RoleId
    deputy_approver: RoleId | None = None


class LawEnforcement(Frozen):
    """Whom to call about a crime, and who may."""

    contact: Line
    phone: Annotated[Phone | None, Public("office of an authority")] = None
    who_calls: RoleId | None = None


class Communication(Frozen):
    """The chain inside and outside."""

    bridge: Annotated[Line | None, Sensitive("incident bridge")] = None
    bridge_phone: Phone | None = None
    chain: tuple[ChainStep, ...] = ()
    notices: tuple[NoticeOwner, ...] = ()
    spokesperson: RoleId | None = None
    status_page: Line | None = None
    law_enforcement: LawEnforcement | None = None
    languages: tuple[Line, ...] = ()
    reply_contact: Line | None = None
    """What notices print for questions: number, e-mail, address."""
    reply_phone: Annotated[Phone | None, Public("printed in notices", published=True)] = None
    reply_email: Annotated[Email | None, Public("printed in notices", published=True)] = None


class Review(Frozen):
    """Post-incident review. Never later than 14 calendar days after the end of containment."""

    within: Duration | None = None
    facilitator: RoleId | None = None
    attendees: tuple[RoleId, ...] = ()
    independent_reader: RoleId | None = None
    actions_tracked_in: Line | None = None


_TIMES = frozenset({"second", "minute", "hour", "day"})
"""Units in which less is better."""


class MeasuredTime(Frozen):
    """A time measured in a drill."""

    what: Line
    value: Number
    unit: Line
    target: Number | None = None


class EvidenceFile(Frozen):
    """A file that proves a drill, with its SHA-256."""

    file: Line
    sha256: Sha256


class DrillRecord(Frozen):
    """A drill that was held."""

    date: date
    kind: Literal["stop", "tabletop", "rollback", "fallback", "clock", "provider", "restore"]
    scenario: Line
    result: Literal["passed", "passed_with_findings", "failed"]
    participants: tuple[Line, ...] = ()
    switches: tuple[SwitchId, ...] = ()
    measured: tuple[MeasuredTime, ...] = ()
    findings: tuple[Line, ...] = ()
    evidence: EvidenceFile | None = None

    @property
    def unproved(self) -> tuple[str, ...]:
        """What an auditor misses before the drill counts as evidenced, in words."""
        parts = (
            ("participants", self.participants),
            ("measured times", self.measured),
            ("evidence file with hash", self.evidence),
        )
        return tuple(word for word, there in parts if not there)

    @property
    def missed(self) -> tuple[str, ...]:
        """Times above their target, in words. Of a count nobody knows whether less is better."""
        return tuple(
            f"{m.what}: {m.value.normalize():f} {m.unit}, target {m.target.normalize():f}"
            for m in self.measured
            if m.target is not None and m.value > m.target and m.unit.rstrip("s") in _TIMES
        )


class DrillScenario(Frozen):
    """A drill that is planned."""

    id: Identifier
    kind: Literal["stop", "tabletop", "rollback", "fallback", "clock", "provider", "restore"]
    scenario: Line
    inject: Line | None = None
    pass_marks: tuple[Line, ...] = ()
    due: date | None = None
    at: Line | None = None
    switches: tuple[SwitchId, ...] = ()


class Drills(Frozen):
    """What is practised, when, and what came of it."""

    stop_every: Duration | None = None
    tabletop_every: Duration | None = None
    scenarios: tuple[DrillScenario, ...] = ()
    log: tuple[DrillRecord, ...] = ()


class Policy(Frozen):
    """One of the client's own policies, by its own number."""

    id: Code
    title: Line
    covers: tuple[Identifier, ...] = ()
    """Plan parts or HIPAA standards that it stands behind (keys of catalog/controls)."""
    standards: tuple[Line, ...] = ()
    owner: RoleId | None = None
    reviewed: date | None = None
    review_every_months: int = Field(default=12, ge=1, le=60)
    """How often it is reviewed; a year where the client has no rule of its own."""


class Control(Frozen):
    """One of the client's own controls and the criteria that it answers."""

    id: Code
    title: Line
    criteria: tuple[Line, ...] = ()
    evidence: Line | None = None
    rests_on: tuple[Literal["approval_record"], ...] = ()
    """Records of this plan itself that the evidence rests on. `approval_record`: that this version was approved."""
    owner: RoleId | None = None


class Audit(Frozen):
    """The audit that the plan serves."""

    kind: Line
    auditor: Line | None = None
    period_from: date | None = None
    period_to: date | None = None
    criteria: tuple[Line, ...] = ()


class Branding(Frozen):
    """How the pack looks. The logo is the only file of the user's that rendering reads."""

    name: Line | None = None
    prepared_by: Line | None = None
    logo: Line | None = None
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    paper: Literal["letter", "a4"] | None = None
    footer: Line | None = None


class Profile(Frozen):
    """The whole file."""

    schema_: Literal[1] = Field(alias="schema")
    extends: Line | None = None
    plan: PlanSection
    client: Client
    deployment: Deployment
    volumes: Volumes | None = None
    data: Data
    providers: tuple[Provider, ...] = ()
    contracts: tuple[Contract, ...] = ()
    people: dict[PersonId, Person] = Field(min_length=1)
    roles: dict[RoleId, RoleHolder] = Field(min_length=1)
    decisions: tuple[Decision, ...] = ()
    detection: Detection = Detection()
    containment: Containment
    communication: Communication = Communication()
    review: Review = Review()
    drills: Drills = Drills()
    policies: tuple[Policy, ...] = ()
    controls: tuple[Control, ...] = ()
    audit: Audit | None = None
    branding: Branding = Branding()
    wording: dict[Identifier, Text] = {}
    """Own sentences that replace the pack's, by the key printed in templates/wording.yaml."""
