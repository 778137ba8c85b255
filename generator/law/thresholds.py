"""Numbers of people from which a duty exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from generator.law.conditions import COUNT_COMPARISONS, from_least
from generator.law.facts import FactSet, Unknown
from generator.model.law import Threshold, Version

People = Literal["served", "affected"]
"""`served`: a plan asks whether a breach *can* reach the number. `affected`: an incident's own number."""


@dataclass(frozen=True)
class ThresholdState:
    """The value of one threshold: reached, not reached, or unknown (None)."""

    threshold: Threshold
    reached: bool | None
    count: int | None
    missing: tuple[str, ...] = ()


def threshold_states(version: Version, facts: FactSet, people: People) -> tuple[ThresholdState, ...]:
    """The state of every threshold of a version."""
    return tuple(_state(threshold, facts, people) for threshold in version.thresholds)


def _state(threshold: Threshold, facts: FactSet, people: People) -> ThresholdState:
    upper = threshold.comparator in ("less_than", "at_most")
    if people == "served" and upper:
        return ThresholdState(threshold, True, None)  # a breach can always reach fewer people than are served
    base, colon, _ = threshold.fact.partition(":")
    if threshold.scope == "per_place" and not colon:
        return _any_place(threshold, base, facts)
    value = facts.get(threshold.fact)
    if not isinstance(value, Unknown):
        count = int(value) if isinstance(value, int) else 0
        return ThresholdState(threshold, _compare(threshold, count), count)
    least = facts.at_least(threshold.fact)
    reached = None if least is None else from_least(threshold.comparator, least, threshold.value)
    if reached is not None:
        return ThresholdState(threshold, reached, least)
    return ThresholdState(threshold, None, None, (threshold.fact,))


def _any_place(threshold: Threshold, base: str, facts: FactSet) -> ThresholdState:
    """A threshold that any one place can reach (500 residents of one state)."""
    counts = facts.per_place(base)
    hits = [count for count in counts.values() if _compare(threshold, count)]
    if hits:
        return ThresholdState(threshold, True, max(hits))
    if facts.is_closed(base):
        return ThresholdState(threshold, False, max(counts.values(), default=0))
    return ThresholdState(threshold, None, max(counts.values(), default=None), (threshold.fact,))


def _compare(threshold: Threshold, count: int) -> bool:
    return COUNT_COMPARISONS[threshold.comparator](count, threshold.value)


def short_of(state: ThresholdState, *, who: str) -> str:
    """ "from 250 residents of Texas; the profile says 220"."""
    said = f"; {who} {state.count:,}" if state.count is not None else ""
    return f"{state.threshold.words}{said}"
