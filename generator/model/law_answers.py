"""What the law says to one profile about one duty."""

from __future__ import annotations

from datetime import date
from typing import Literal

from generator.model.base import Frozen
from generator.model.deadline import Status
from generator.model.law import Force

Verdict = Literal["binds", "coming", "near", "not", "unknown"]
Role = Literal["sends", "supports", "delegation"]


class MissingFact(Frozen):
    """A fact that nobody stated and on which a verdict hangs."""

    fact: str
    question: str
    profile_path: str | None = None
    """Where in the profile to state it."""


class DutyVerdict(Frozen):
    """Whether a duty binds a profile on a day, with the reason a lawyer would write."""

    duty: str
    verdict: Verdict
    role: Role | None = None
    reason: str
    force: Force
    status: Status
    missing: tuple[MissingFact, ...] = ()
    open_facts: tuple[str, ...] = ()
    """Facts that only an incident can tell: the duty binds, subject to them."""
    near: str | None = None
    """The threshold that is not reached, in words."""
    coming_from: date | None = None
    """First day of the next wording, where one starts within a year."""
    relevant_guidance: bool = False
    """Guidance or a voluntary scheme that would fit: shown, never as a duty."""
    trace: tuple[str, ...] = ()
    """Every condition with its answer, for audits."""
