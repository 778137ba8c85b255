"""Building blocks that every model shares: frozen values, identifiers, places, quantities."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints


class Frozen(BaseModel):
    """A value: unknown keys refused, attributes immutable."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, validate_default=False, defer_build=True
    )


ID_PATTERN = r"^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$"
CODE_PATTERN = r"^[A-Za-z0-9](?:[A-Za-z0-9.:_-]*[A-Za-z0-9])?$"
LINE_PATTERN = r"^[^\r\n]*$"
PLACE_PATTERN = r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$"

Identifier = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=80)]
"""A stable id: lower-case letters, digits, `-`, `_`, `.`. A patch or a diff names things by it."""

Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=80)]
"""An id that belongs to somebody else (a control, a policy, a switch code): upper case allowed."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""Words for people; never empty."""

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400, pattern=LINE_PATTERN)
]
"""Words for people on one line."""

Place = Annotated[str, StringConstraints(pattern=PLACE_PATTERN)]
"""ISO 3166-1 country (`DE`) or ISO 3166-2 subdivision (`US-TX`). `EU`, `EEA` are groups, see catalog/places.yaml."""

Number = Annotated[
    Decimal,
    PlainSerializer(lambda d: int(d) if d == d.to_integral_value() else float(d), return_type=int | float),
]
"""An exact number; written to JSON as a number, whole where it is whole."""

Basis = Literal["law", "contract", "internal", "cited", "judgement"]
"""Where a number comes from. Every number in a plan carries one."""

TimeUnit = Literal[
    "seconds",
    "minutes",
    "hours",
    "calendar_days",
    "business_days",
    "days_undefined",
    "weeks",
    "months",
    "years",
]
"""`days_undefined`: a contract that says "days" and defines none; counted the strict way (calendar days)."""

UNIT_WORDS: dict[str, str] = {
    "seconds": "second",
    "minutes": "minute",
    "hours": "hour",
    "calendar_days": "calendar day",
    "business_days": "business day",
    "days_undefined": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
}
"""The singular word of each unit."""


class Quantity(Frozen):
    """A number with unit and basis. `source` names the clause, study or decision behind it."""

    value: Number = Field(description="The number.")
    unit: Line = Field(description="Its unit in words, e.g. percent, answers, minutes.")
    basis: Basis = Field(default="internal", description="law, contract, internal, cited or judgement.")
    source: Line | None = Field(default=None, description="The clause, study or decision behind the number.")


class Duration(Frozen):
    """A length of time with unit and basis."""

    value: Number = Field(gt=0, description="How long.")
    unit: TimeUnit = Field(
        description="seconds, minutes, hours, calendar_days, business_days, days_undefined, weeks, months, years."
    )
    basis: Basis = Field(default="internal", description="law, contract, internal, cited or judgement.")
    source: Line | None = Field(default=None, description="The clause or decision behind it.")


def version_key(version: str) -> tuple[int, ...]:
    """Sorts `2.10` after `2.9`; empty for other words."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())
