"""A clock applied to real times: what `clock --json` prints (a contract, DESIGN section 8)."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from generator.model.base import Frozen, Number
from generator.model.law import LimbUnit, Standing

Status = Literal["in_force", "not_yet", "ended", "proposed", "stayed", "repealed"]


class Deadline(Frozen):
    """When one duty must be done, with the way to that answer. Every key is always there.

    `due` is the legal end; `act_by` the earliest defensible reading, never after `due` and never
    null when `due` is set. Without a date `why` says why in words.
    """

    schema_: Literal[1] = Field(default=1, alias="schema")
    duty: str
    status: Status
    start: AwareDatetime | None = None
    """The start event of the limb that decided."""
    zone: str | None = None
    """Where days were counted and times are shown."""
    amount: Number | None = None
    unit: LimbUnit | None = None
    due: AwareDatetime | None = None
    act_by: AwareDatetime | None = None
    latest_possible: AwareDatetime | None = None
    """For a duty that starts with another notice: its end if that notice goes at its own legal end."""
    standard: str | None = None
    """The soft standard that the number only caps."""
    why: str | None = None
    """Why there is no date, or on what the date hangs."""
    calendar: str | None = None
    reading: str | None = None
    """How it was counted; names a later reading that is not used."""
    derivation: tuple[str, ...] = ()
    citation: str
    confidence: Standing
    hypothetical: bool = False
    missing_facts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Plain data with every key, times in ISO 8601 with offset."""
        data = self.model_dump(by_alias=True)
        for key in ("start", "due", "act_by", "latest_possible"):
            if data[key] is not None:
                data[key] = data[key].isoformat(timespec="seconds")
        data["derivation"], data["missing_facts"] = list(self.derivation), list(self.missing_facts)
        return data
