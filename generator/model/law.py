"""The law as data: regulations, duties, dated versions, clocks. See docs/architecture.md.

Files under `regulations/<jurisdiction>/` hold one `Regulation` each. Nothing here computes.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from generator.model.base import Code, Frozen, Identifier, Line, Number, Place, Text
from generator.model.conditions import Condition, FactName

DutyId = Identifier
Jurisdiction = Annotated[
    str, StringConstraints(pattern=r"^(?:[A-Z]{2}(?:-[A-Z0-9]{1,3})?|EU|EEA|INT|CONTRACT)$")
]

EventName = Annotated[str, StringConstraints(pattern=r"^(?:[a-z][a-z_]*|sent:[a-z0-9][a-z0-9._-]*)$")]
"""A moment that a clock may run from: a name in catalog/events.yaml, or `sent:DUTY`."""

TriggerName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""An event that starts a duty: a name in catalog/triggers.yaml."""

Kind = Literal["deadline", "wait", "retention", "tolling", "cadence", "cure", "rule"]
"""Only `deadline` is ever printed as a clock. `rule`: how periods are counted, or a standing rule without a clock."""

Force = Literal["law", "regulator_rule", "scheme_rule", "contract", "guidance", "voluntary"]
"""Only the first four are duties. `contract`: a clause of the profile, never in the law book."""

RecipientKind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name in catalog/recipients.yaml: people, data_protection_authority, attorney_general ..."""

LimbUnit = Literal["hours", "calendar_days", "business_days", "months"]
Audience = Literal["internal", "counsel", "customer", "regulator", "public", "people", "auditor"]
Confidence = Literal["high", "medium", "low"]
Standing = Literal["high", "medium", "low", "as_stated"]
"""How sure a rule is. `as_stated`: a clause as the profile states it, which nobody compared with the contract."""


class Citation(Frozen):
    """Where a version of a duty stands."""

    text: Line
    url: Line | None = None


class Limb(Frozen):
    """One time limit as written. A duty has one, several (`earlier_of`, `later_of`), or none."""

    start: EventName
    start_words: Line
    """The law's own start event in our words: what must have happened, known to whom."""
    amount: Number | None = None
    unit: LimbUnit | None = None
    counting: Literal["plain", "reg_1182_71"] = "plain"
    """`plain`: hours elapsed on the UTC line, days without the day of the start. `reg_1182_71`: the EU's rule."""
    first_day: Literal["excluded", "counted"] = "excluded"
    """`counted`: the day of the start is day 1 (Japan's reports). Calendar days only."""
    anchor: Literal["start", "end_of_calendar_year"] = "start"
    """`end_of_calendar_year`: the amount runs from 31 December of the year in which the start falls."""
    roll: Literal["none", "next_working_day", "noon_next_working_day"] = "none"
    """What happens when the last day is a day off. Law data: never decided by the engine."""
    roll_unless: Condition | None = None
    """Who may not use the roll (DORA Art. 5(5) of Delegated Regulation (EU) 2025/301)."""
    calendar: Code | None = None
    """Work calendar id under regulations/calendars; needed for business days and for a roll. `client`/`member_state`:
    taken from the client's seat."""
    day_closes: Annotated[str, StringConstraints(pattern=r"^[0-2][0-9]:[0-5][0-9]$")] | None = None
    """When the filing system closes on the last day, in `zone`: `act_by` is then, `due` stays the end of the day."""
    zone: Line = "client"
    """IANA zone in which days are counted, or `client`, or `place` (the zone of the affected person's place)."""
    label: Line | None = None

    @model_validator(mode="after")
    def _amount_has_unit(self) -> Limb:
        if (self.amount is None) != (self.unit is None):
            raise ValueError("amount and unit stand together or not at all")
        if self.unit == "business_days" and self.calendar is None:
            raise ValueError("business days need a calendar")
        if self.first_day == "counted" and (self.unit != "calendar_days" or self.anchor != "start"):
            raise ValueError("only calendar days from the start itself can count the first day")
        return self


class Clock(Frozen):
    """When a duty must be done. No limb with a number: only the standard in words counts."""

    combine: Literal["single", "earlier_of", "later_of"] = "single"
    limbs: tuple[Limb, ...] = Field(min_length=1)
    standard: Line | None = None
    """The soft standard in words ("without unreasonable delay"), which the number only caps."""
    debated: Text | None = None
    """A later reading that some hold. Named in the derivation, never used."""
    note: Text | None = None

    @model_validator(mode="after")
    def _combination_fits(self) -> Clock:
        if (self.combine == "single") != (len(self.limbs) == 1):
            raise ValueError("one limb is `single`; several are `earlier_of` or `later_of`")
        return self


class Threshold(Frozen):
    """A number of people from which the duty exists. `fact` holds the people served in a plan and the people
    affected in an incident."""

    fact: FactName
    comparator: Literal["at_least", "more_than", "less_than", "at_most"]
    value: int
    scope: Literal["per_place", "total"]
    words: Line


class ContentItem(Frozen):
    """Something that a notice must say, or must not say."""

    id: Identifier
    text: Line
    rule: Literal["must", "must_not", "if_known", "optional"] = "must"
    heading: Line | None = None
    """The heading that the law prescribes, word for word, where it does."""
    when: Condition | None = None


class ExceptionRule(Frozen):
    """A ground on which the duty falls away or waits. `when` reads incident facts; without it a person decides."""

    id: Identifier
    text: Line
    effect: Literal["no_duty", "delays", "other_route", "shortens"] = "no_duty"
    when: Condition | None = None
    question: Line | None = None


class Version(Frozen):
    """One wording of a duty, from its first day to the day on which it no longer applies."""

    from_: date | None = Field(alias="from")
    """First day. None: since before we looked; printed as "start not verified"."""
    until: date | None = None
    """First day on which it no longer applies (exclusive)."""
    state: Literal["enacted", "adopted", "proposed", "stayed", "repealed"] = "enacted"
    """`adopted`: passed, but its first day is not set yet; it answers on no day."""
    citation: Citation
    trigger_words: Text
    """The law's trigger in our words."""
    triggers: tuple[TriggerName, ...] = Field(min_length=1)
    when: Condition | None = None
    """Whom it binds, by profile facts. None: everyone (rare)."""
    supports_when: Condition | None = None
    """Who must help the bound party send (a vendor for its covered entity)."""
    thresholds: tuple[Threshold, ...] = ()
    clock: Clock
    exceptions: tuple[ExceptionRule, ...] = ()
    content: tuple[ContentItem, ...] = ()
    method: Text | None = None
    portal: Line | None = None
    confidence: Standing
    doubt: Text | None = None
    """What is doubtful. Printed with "verify with counsel"; needed where confidence is low."""
    verified_on: date | None = None
    """The day on which somebody last looked the rule up. None: nobody looked again."""
    evidence: Text | None = None
    notes: Text | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Version:
        if self.from_ and self.until and self.until <= self.from_:
            raise ValueError("until must be after from")
        return self


class Duty(Frozen):
    """One duty of one bound party towards one recipient."""

    id: DutyId
    title: Line
    kind: Kind = "deadline"
    force: Force = "law"
    bound_party: Line
    recipient: RecipientKind
    recipient_name: Line
    recipient_from: Literal["charters"] | None = None
    """`charters`: `recipient_name` is the law's general word; the supervisor by the client's charter is named."""
    recipient_place: Place | None = None
    """The place whose authority or residents receive it, where that is fixed."""
    same_as: DutyId | None = None
    """The duty under which this one is printed: one filing serves both."""
    before: tuple[DutyId, ...] = ()
    after: tuple[DutyId, ...] = ()
    """Order between notices: `before: [x]` = this one goes first."""
    satisfied_by: Literal["sent", "received"] = "sent"
    exceptional: bool = False
    """True: a notice for a special case (a finding of no harm); it never names a document of other duties too."""
    confidential: Line | None = None
    """Who alone keeps the record where the law forbids to say that the duty was met (suspicious activity reports)."""
    notice: Identifier | None = None
    """The notice template that fulfils it (templates/notices)."""
    versions: tuple[Version, ...] = Field(min_length=1)


class Regulation(Frozen):
    """One file of the law book: one regulation or statute and its duties."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    id: Identifier
    title: Line
    short: Line
    jurisdiction: Jurisdiction
    sectors: tuple[Identifier, ...] = ()
    """Sectors or data that it is about, so that the register of regimes set aside can find it."""
    duties: tuple[Duty, ...] = Field(min_length=1)


class Authority(Frozen):
    """An authority with its portal, for contact tables and notices."""

    id: Identifier
    place: Line
    kind: RecipientKind
    name: Line
    short: Line | None = None
    site: Line | None = None
    portal: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    confidence: Confidence
    charters: tuple[Code, ...] = ()
    """Values of the fact `charters`: it supervises a client that holds one of these."""
    scope: Text | None = None
    note: Text | None = None
    evidence: Text | None = None


class NamedWords(Frozen):
    """An entry of a closed list: events, recipients."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Line
    meaning: Text
    audience: Audience | None = None


class Trigger(Frozen):
    """An event that starts duties. `implies`: raising it raises those too (a `phi_breach` is a `security_incident`)."""

    id: TriggerName
    title: Line
    meaning: Text
    question: Line
    """The question whose yes raises it."""
    implies: tuple[TriggerName, ...] = ()
    events: tuple[EventName, ...] = ("aware",)
    """The events that the raising moment stands for, when a person gives one time only (`--aware-at`)."""


class CalendarYear(Frozen):
    """Days off in one year. `computed`: from the holidays library, not yet read against the official list."""

    status: Literal["official", "computed"]
    source: Line
    days: dict[date, Line]


class WorkCalendar(Frozen):
    """Which days are working days in a place. Refuses years that it does not hold."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    id: Code
    title: Line
    place: Line
    weekend: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ("sat", "sun")
    note: Text | None = None
    years: dict[int, CalendarYear]
