"""The record of one real incident or drill: what is known, who said so, what was sent or not sent, and what follows.

`incidents/INC-YYYY-NNN/record.yaml`. Lists that say what somebody stated are only ever added to: where two entries
speak of the same thing, the later one in the list counts. People who are affected are numbers, never names.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from generator.model.base import Frozen, Identifier, Line, Place, Text
from generator.model.catalog import Severity
from generator.model.conditions import FactName, FactValue
from generator.model.law import Confidence, DutyId, TriggerName
from generator.model.release import Sha256

IncidentId = Annotated[str, StringConstraints(pattern=r"^INC-[0-9]{4}-[0-9]{3,}$")]
EventName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
"""A name of catalog/events.yaml, or `detected`. When a notice was sent stands under `notices`."""

PatchPath = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_:-]+(?:\.[A-Za-z0-9_:-]+)+$", max_length=300)
]
"""Where in the profile, by keys and ids: `detection.signals.doc-instructions.page.at`."""


class Bound(Frozen):
    """The plan that was in force when somebody became aware."""

    plan: Identifier
    version: Line
    sha256: Sha256
    """Of plan.json, as it was when the record was opened."""
    path: Line
    """plan.json, from the folder of the record."""
    source: Literal["release", "pack", "resolved"]
    """`resolved`: no release was there; the plan was made from the profile when the record was opened."""
    profile: Line
    """The profile that a corrective action changes, from the folder of the record."""
    profile_version: Line
    """Its plan version then: differs from `version` where the profile was ahead of the release."""
    frozen: Line
    """The profile as it stood then, with all that it extends: the clocks run on it."""
    frozen_sha256: Sha256


class Moment(Frozen):
    """When something happened, who said so, and on what ground."""

    event: EventName
    at: AwareDatetime
    by: Line
    ground: Line
    recorded: AwareDatetime | None = None


class RaisedTrigger(Frozen):
    """A question that somebody answered with yes, so that clocks may run."""

    trigger: TriggerName
    by: Line
    ground: Line
    recorded: AwareDatetime | None = None
    withdrawn: bool = False
    """True: a later entry that takes the answer back."""


class Affected(Frozen):
    """How many people who live in one place are affected. A number, never names."""

    residence: Place
    count: int = Field(ge=0)
    source: Line
    confidence: Confidence = "medium"
    by: Line
    recorded: AwareDatetime | None = None


class Fact(Frozen):
    """A fact of the registry (catalog/facts.yaml) as the incident has it."""

    fact: FactName
    value: FactValue
    source: Line
    confidence: Confidence = "medium"
    by: Line
    recorded: AwareDatetime | None = None


class TimelineEntry(Frozen):
    """A line of the timeline."""

    at: AwareDatetime
    by: Line
    what: Text
    kind: Literal["note", "statement", "duties", "notice", "decision", "review", "action", "state"] = "note"


class Sent(Frozen):
    """A notice that went out."""

    duty: DutyId
    sent_at: AwareDatetime
    reference: Line
    by: Line
    recorded: AwareDatetime | None = None


class NotNotified(Frozen):
    """A decision that a duty needs no notice here, with its reason."""

    duty: DutyId
    decision: Literal["not_notified"] = "not_notified"
    because: Text
    by: Line
    at: AwareDatetime
    regime: Line | None = None
    question: Line | None = None
    answer: Line | None = None
    evidence: Line | None = None


class Answers(Frozen):
    """One reading of the form of the root cause analysis. An earlier reading stays in the record."""

    form_version: Line
    file: Line
    sha256: Sha256
    imported: AwareDatetime
    by: Line
    answers: dict[str, Any]
    """By field name, `rca__section__field`; only what was filled in."""


class Patch(Frozen):
    """One changed value of the profile."""

    path: PatchPath
    value: Any = None


class Applied(Frozen):
    """When a patch went into the profile."""

    at: AwareDatetime
    by: Line
    version: Line
    """The plan version that it made."""


class Action(Frozen):
    """A corrective action. With `patch` it changes the plan."""

    id: int = Field(ge=1)
    what: Line
    cause: Line | None = None
    type: Literal["prevent", "detect", "limit", "repair"] | None = None
    strength: Literal["strong", "medium", "weak"] | None = None
    owner: Line
    due: date | None = None
    state: Literal["open", "done", "verified", "dropped"] = "open"
    verification: Line | None = None
    """How one sees that it works, and who looked."""
    plan_change: Line | None = None
    """The change of the plan in words, where it is no patch."""
    patch: tuple[Patch, ...] = ()
    applied: Applied | None = None
    source: Line | None = None


class SeverityChange(Frozen):
    """Another severity than before, and why."""

    former: Severity
    severity: Severity
    because: Line
    by: Line
    at: AwareDatetime


class Closed(Frozen):
    """The end of the record."""

    at: AwareDatetime
    by: Line


class IncidentRecord(Frozen):
    """One incident or drill."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    id: IncidentId
    title: Line
    class_: Identifier = Field(alias="class")
    severity: Severity
    """The one that counts now; what it was before stands under `severity_changes`."""
    opened: AwareDatetime
    drill: bool = False
    binds: Bound
    times: tuple[Moment, ...] = Field(min_length=1)
    triggers: tuple[RaisedTrigger, ...] = Field(min_length=1)
    people: tuple[Affected, ...] = ()
    facts: tuple[Fact, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    notices: tuple[Sent, ...] = ()
    decisions: tuple[NotNotified, ...] = ()
    rca: tuple[Answers, ...] = ()
    actions: tuple[Action, ...] = ()
    severity_changes: tuple[SeverityChange, ...] = ()
    closed: Closed | None = None

    def moments(self) -> dict[str, Moment]:
        """The entry that counts for each event: the last one."""
        return {moment.event: moment for moment in self.times}

    def aware(self) -> Moment:
        """When the organisation became aware."""
        return self.moments()["aware"]

    def first_severity(self) -> Severity:
        """The one that the record was opened with."""
        return self.severity_changes[0].former if self.severity_changes else self.severity

    def raised(self) -> tuple[str, ...]:
        """The triggers that stand, in the order in which they were first raised."""
        last = {entry.trigger: entry for entry in self.triggers}
        return tuple(name for name, entry in last.items() if not entry.withdrawn)

    def affected(self) -> dict[str, Affected]:
        """The entry that counts for each residence."""
        return {entry.residence: entry for entry in self.people}

    def stated(self) -> dict[str, Fact]:
        """The entry that counts for each fact."""
        return {entry.fact: entry for entry in self.facts}

    def first_sent(self) -> dict[str, Sent]:
        """The first notice of each duty: what other clocks run from."""
        found: dict[str, Sent] = {}
        for entry in self.notices:
            if entry.duty not in found or entry.sent_at < found[entry.duty].sent_at:
                found[entry.duty] = entry
        return found
