"""The catalogue: incident classes, stakes, and the vocabularies they use. Data under `catalog/`.

Every sentence of a class may hold `{parameter}` placeholders, filled from the profile's
`deployment.class_parameters` or from the stated default.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from generator.model.base import Basis, Code, Duration, Frozen, Identifier, Line, Number, Quantity, Text
from generator.model.law import TriggerName
from generator.model.references import References

Severity = Literal["SEV1", "SEV2", "SEV3", "SEV4"]
Tier = Literal["A", "B", "C", "D"]
StepWindow = Literal["acknowledge", "contain", "assess_notice"]
"""Windows of the stakes tier by which a step is done; `acknowledge` is the one of the class's severity."""
Rung = Literal["C0", "C1", "C2", "C3", "C4", "C5", "C6"]
Tag = Literal["chatbot", "rag", "multi_agent", "agentic_tools", "clinical", "lending", "saas"]
Feature = Literal[
    "retrieval",
    "tools",
    "agents",
    "handoffs",
    "memory",
    "tenants",
    "providers",
    "credit",
    "clinical",
    "human_gate",
    "audio",
]
"""What a deployment may have and a failure or a step may need."""
ON_CALL = "on_call"
"""In a step: whoever is called first here, under whatever name the profile has for it."""
DeploymentKind = Literal["retail_faq_chatbot", "loan_pipeline", "clinical_scribe", "soc2_saas"]
"""The catalogue's four reference deployments; the planner picks the nearest for severity defaults."""


class Parameter(Frozen):
    """A number in a trigger, with unit and where the default comes from."""

    default: Number
    unit: Line


class TriggerRule(Frozen):
    """A measurable trigger of an incident class: a sentence with placeholders."""

    id: Identifier
    statement: Line
    parameters: dict[Identifier, Parameter] = {}
    basis: Basis = "judgement"
    source: Line | None = None


class CatalogSignal(Frozen):
    """A signal that shows the class, used when the profile has none of its own."""

    id: Identifier
    name: Line
    metric: Line
    fields: tuple[Code, ...] = ()
    threshold: Number
    unit: Line
    window: Line


class ContainStep(Frozen):
    """One step of containment, with the rung of the ladder that it uses."""

    id: Identifier
    by: tuple[Identifier, ...] = Field(min_length=1)
    """Who does it: the first of these roles that the deployment has. `on_call`: whoever is called first."""
    within: StepWindow | Annotated[int, Field(gt=0)]
    """By when, from the minute of the declaration: a window of the tier, or the class's own minutes."""
    text: Line
    needs: tuple[Feature, ...] = ()
    """Features without which the step says nothing here and is left out."""
    rung: tuple[Rung, ...] = ()
    """Empty: a step that is no switch."""
    evidence: bool = False
    """True: preserve before or while acting."""


class RecoverStep(Frozen):
    """One step of the way back and how to see that it worked."""

    id: Identifier
    step: Line
    verify: Line


class DecisionPoint(Frozen):
    """A question with a decider and a time limit."""

    id: Identifier
    question: Line
    decider: Identifier
    if_yes: Line
    if_no: Line
    within_minutes: int = Field(gt=0)


class DutyQuestion(Frozen):
    """A question whose yes raises a trigger of the law book."""

    id: Identifier
    question: Line
    raises: TriggerName


class Lookback(Frozen):
    """How far to look back and how to count who was touched."""

    unit: Line
    starts_at: Line
    default_days: int = Field(ge=0)
    method: Line


class ReversalItem(Frozen):
    """An effect to put right: can it be undone, and by whom."""

    id: Identifier
    effect: Line
    undo: Literal["yes", "in_part", "no"]
    by: Identifier
    """A role id."""
    how: Line


class ReenableGate(Frozen):
    """What must be true before the restriction is lifted."""

    sample: Quantity
    pass_mark: Line
    extra: Line | None = None


class FrameworkRefs(Frozen):
    """Identifiers in public frameworks. Printed with edition, in an annex only."""

    owasp_llm: tuple[Code, ...] = ()
    owasp_agentic: tuple[Code, ...] = ()
    atlas: tuple[Code, ...] = ()
    """Only where an adversary is involved."""
    nist_csf: tuple[Code, ...] = ()
    ai_rmf: tuple[Line, ...] = ()
    iso_42001: tuple[Code, ...] = ()
    mast: tuple[Code, ...] = ()


class IncidentClass(Frozen):
    """One way in which an AI deployment fails."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    id: Identifier
    title: Line
    plain: Line
    """What a person sees, in plain words: the index at the front of the runbook."""
    family: Identifier
    definition: Text
    applies_to: tuple[Tag, ...] = Field(min_length=1)
    needs: tuple[Feature, ...] = ()
    """Features of the deployment without which the class cannot happen."""
    headline: (
        Literal[
            "data_exposure",
            "harmful_action",
            "unauthorized_access",
            "quality_drop",
            "prompt_injection",
            "hallucination",
            "bias",
        ]
        | None
    ) = None
    """The one of the mission's seven opening triggers that this class answers for."""
    triggers: tuple[TriggerRule, ...] = Field(min_length=1)
    signals: tuple[CatalogSignal, ...] = ()
    log_fields: tuple[Code, ...] = ()
    """Without one of these in the audit log the class cannot be detected."""
    severity_default: Severity
    severity_by_kind: dict[DeploymentKind, Severity] = {}
    harm_types: tuple[Identifier, ...] = ()
    evidence: tuple[Identifier, ...] = ()
    contain: tuple[ContainStep, ...] = Field(min_length=1)
    led_by: tuple[Identifier, ...] = Field(min_length=1)
    """Who leads the look-back and the removal of the cause: the first of these roles that the deployment has."""
    eradicate: tuple[Line, ...] = ()
    recover: tuple[RecoverStep, ...] = ()
    decisions: tuple[DecisionPoint, ...] = ()
    duty_questions: tuple[DutyQuestion, ...] = ()
    lookback: Lookback
    reversal: tuple[ReversalItem, ...] = ()
    gate: ReenableGate | None = None
    exercise_inject: Line | None = None
    precedents: tuple[Line, ...] = ()
    related: tuple[Identifier, ...] = ()
    refs: FrameworkRefs = FrameworkRefs()


class EvidenceItem(Frozen):
    """Something to preserve. Volatility 1 vanishes within the hour, 5 stays for years."""

    id: Identifier
    title: Line
    volatility: int = Field(ge=1, le=5)
    capture: Line
    content: Literal["low", "confidential", "personal", "sensitive", "health"]


class LogField(Frozen):
    """A field of a structured log and what it means."""

    id: Code
    meaning: Line


class RungDefinition(Frozen):
    """One rung of the containment ladder."""

    id: Rung
    name: Line
    meaning: Line
    reversible: Line


class RoleDefinition(Frozen):
    """A role in the response."""

    id: Identifier
    title: Line
    owns: Line


class SeverityDefinition(Frozen):
    """A severity level."""

    id: Severity
    meaning: Line
    acknowledge_minutes: int
    commander: Identifier
    """The role that leads; `on_call`: whoever is called first."""
    update_minutes: int


class Score(Frozen):
    """Points for one answer, and why."""

    value: Line
    points: int
    words: Line


class StakesFactor(Frozen):
    """One addend of the stakes score."""

    id: Identifier
    title: Line
    maximum: int
    scores: tuple[Score, ...]


class TierLevers(Frozen):
    """What a tier sets."""

    id: Tier
    from_points: int
    to_points: int
    words: Line
    acknowledge_sev1: Duration
    acknowledge_sev2: Duration
    contain_within: Duration
    assess_notice_within: Duration
    """The house window in which somebody decides whether a notice is owed."""
    who_may_stop: Line
    restart_signatures: int
    restart_words: Line
    sampling: Line
    exit_sample: Line
    exit_sample_size: int
    lookback: Line
    evidence_retention: Line
    fallback: Line
    tabletop_every_months: int
    stop_drill_every_months: int
    gate_checks: Line
    review_within_days: int = Field(le=14)
    depth: Literal["short", "standard", "deep", "full"]
    lead_classes: int


class Stakes(Frozen):
    """catalog/stakes.yaml: how the tier is computed and what it sets."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    factors: tuple[StakesFactor, ...]
    tiers: tuple[TierLevers, ...]


class SeedFailureMode(Frozen):
    """A failure mode of an agent or hand-off that the planner can derive."""

    id: Code
    deployment: DeploymentKind | Literal["any"]
    where: Line
    when: Literal[
        "any_agent",
        "first_agent",
        "middle_agent",
        "last_agent",
        "any_handoff",
        "gate",
        "tools",
        "shared_model",
        "memory",
        "whole_run",
        "notice",
    ]
    what: Line
    sign: Line
    log_field: Code | None = None
    default_threshold: Line | None = None
    isolate: Line
    find: Line
    meaning_for_person: Line
    classes: tuple[Identifier, ...] = ()
    mast: tuple[Code, ...] = ()
    owasp_agentic: tuple[Code, ...] = ()


class Vocabulary(Frozen):
    """catalog/vocabulary.yaml."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    severity: tuple[SeverityDefinition, ...]
    severity_rules: tuple[Line, ...]
    rungs: tuple[RungDefinition, ...]
    evidence: tuple[EvidenceItem, ...]
    log_fields: tuple[LogField, ...]
    roles: tuple[RoleDefinition, ...]
    acronyms: tuple[Line, ...] = ()
    """Short names in the ids of roles that are written as here, at the start of a sentence and inside it."""
    standard_fields: tuple[LogField, ...] = ()
    """OpenTelemetry GenAI names, all at development stability."""


class LeadChoice(Frozen):
    """Which classes a kind of deployment carries in full, in order."""

    kind: DeploymentKind
    classes: tuple[Identifier, ...]


class KitRule(Frozen):
    """One entry of catalog/kit.yaml: a message that a plan has besides the notices of its duties."""

    id: Identifier
    tiers: tuple[Tier, ...] = ("A", "B", "C", "D")
    kinds: tuple[DeploymentKind, ...] = ()
    """None: every kind of deployment."""
    drafter: Identifier
    approver: Identifier | None = None
    deputy: Identifier | None = None


class GapRule(Frozen):
    """One entry of catalog/gaps.yaml: a place of the profile that a plan wants filled."""

    path: Line
    weight: int = Field(ge=1, le=9)
    what: Line
    ask: Line
    when: Line | None = None
    """Only where this other path of the profile has a value."""
    unless: Line | None = None
    """Not where the item has a value under this key."""
    needs: Line | None = None
    """Only where the item has a value under this key."""


class Catalog(Frozen):
    """The whole catalogue in memory."""

    classes: dict[Identifier, IncidentClass]
    stakes: Stakes
    vocabulary: Vocabulary
    failure_modes: tuple[SeedFailureMode, ...]
    leads: dict[DeploymentKind, tuple[Identifier, ...]]
    places: dict[Annotated[str, StringConstraints(max_length=8)], Line]
    """ISO code -> name in English."""
    place_groups: dict[str, tuple[str, ...]]
    gaps: tuple[GapRule, ...] = ()
    kit: tuple[KitRule, ...] = ()
    references: References = References()
    """Frameworks, control criteria, parts of the plan, places of PHI."""


class WordingEntry(Frozen):
    """One sentence of the pack that a client or a firm may replace."""

    id: Identifier
    text: Text
    by_kind: dict[DeploymentKind, Text] = {}


class Wording(Frozen):
    """templates/wording.yaml."""

    entries: tuple[WordingEntry, ...]

    def resolve(self, kind: str) -> dict[str, str]:
        """The sentences for one kind of deployment, by key."""
        return {entry.id: dict(entry.by_kind).get(kind, entry.text) for entry in self.entries}  # type: ignore[call-overload]
