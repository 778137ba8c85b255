"""The condition language of the law book and the catalogue: data, never code.

A condition is `{all: [...]}`, `{any: [...]}`, `{not: ...}` or a comparison
`{fact: NAME, op: OPERATOR, value: VALUE}`. Facts are named in catalog/facts.yaml. A comparison on a
fact that is not known is *unknown*, and unknown spreads as in Kleene's three-valued logic.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from generator.model.base import Frozen, Line

FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(?::[A-Z]{2,3}(?:-[A-Z0-9]{1,3})?)?$")]
"""`encrypted`, or with a place: `residents:US-TX`."""

FactValue = bool | int | str | tuple[str, ...]
"""What a fact can hold: a yes or no, a count, a word from a list, or a set of words (sorted)."""

Operator = Literal[
    "is", "is_not", "at_least", "more_than", "at_most", "less_than", "includes", "includes_any"
]


class Comparison(Frozen):
    """One fact against one value. `includes`/`includes_any` are for facts that are sets of words."""

    fact: FactName
    op: Operator = "is"
    value: FactValue


class All(Frozen):
    """True when every part is; false when one part is false."""

    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(Frozen):
    """True when one part is; false when every part is false."""

    any: tuple[Condition, ...] = Field(min_length=1)


class Not(Frozen):
    """The opposite; unknown stays unknown."""

    not_: Condition = Field(alias="not")


def _kind(value: Any) -> str:
    keys = value.keys() if isinstance(value, dict) else set(type(value).model_fields)
    for key in ("all", "any"):
        if key in keys:
            return key
    return "not" if "not" in keys or "not_" in keys else "fact"


Condition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Comparison, Tag("fact")],
    Discriminator(_kind),
]


class FactDefinition(Frozen):
    """One entry of the registry in catalog/facts.yaml: a named, typed value that conditions may use."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    type: Literal["yes_no", "count", "word", "words"]
    per_place: bool = False
    """True: written with a place, `residents:US-TX`."""
    title: Line
    question: Line
    """What to ask a person who does not know it yet."""
    known: Literal["profile", "incident"] = "profile"
    """`incident`: only an incident can tell (`encrypted`), so a plan treats it as open, not as a missing fact."""
    values: tuple[str, ...] = ()
    """The closed list of words, for `word` and `words`."""
    profile_path: Line | None = None
    """Where in the profile it is stated, for messages."""
    holds: Line | None = None
    """What is so when a comparison is true, for reasons: "{client} is {value}"; a count also has {place}."""
    lacks: Line | None = None
    """What is so when it is false: "{client} is not {value}"."""
    words: dict[str, Line] = Field(default_factory=dict)
    """How a value is called in such a sentence: `business_associate: a business associate`."""


for _model in (All, AnyOf, Not):
    _model.model_rebuild()
