"""The lines of a derivation that are not arithmetic."""

from __future__ import annotations

from generator.deadlines.limbs import LimbEnd, amount_words
from generator.deadlines.zones import shown
from generator.law.facts import FactSet
from generator.law.thresholds import People, threshold_states
from generator.model.law import Duty, Limb, Version

_FORCE = {"guidance": "Guidance, not a duty", "voluntary": "A voluntary scheme, not a duty"}


def trust_words(confidence: str) -> str:
    """ "medium confidence", or whose word it is."""
    return "as the profile states it" if confidence == "as_stated" else f"{confidence} confidence"


def beside(combine: str, chosen: LimbEnd, ends: list[LimbEnd]) -> list[str]:
    """The other limits of a group, one line each."""
    if len(ends) < 2:
        return []
    rule = "earliest" if combine == "earlier_of" else "latest"
    lines = [f"The {rule} of {len(ends)} limits counts."]
    for end in ends:
        if end is not chosen and end.due is not None:
            lines.append(
                f"Other limit: {amount_words(end.limb)} from {event_words(end.limb)}: {shown(end.due)}."
            )
    return lines


def waiting(combine: str, unknown: list[Limb]) -> list[str]:
    """Limits whose start is not known yet."""
    effect = "could end earlier" if combine == "earlier_of" else "could end later"
    return [f"{not_started(limb)}; it {effect}." for limb in unknown]


def not_started(limb: Limb) -> str:
    """`Not started: 36 hours from the start event (The bank determines ...)`, without the full stop."""
    number = f"{amount_words(limb)} " if limb.amount is not None else "no number; it runs "
    return f"Not started: {number}from the start event ({event_words(limb)})"


def hangs_on(combine: str, unknown: list[Limb]) -> str:
    names = " and ".join(limb.start for limb in unknown)
    effect = "an earlier end" if combine == "earlier_of" else "a later end; act by this one"
    return f"counted from the events that are known; {names} may bring {effect}"


def no_number(version: Version) -> str:
    standard = version.clock.standard
    return f"the law sets no number: {standard}" if standard else "the law sets no number"


def event_words(limb: Limb) -> str:
    words = limb.start_words.rstrip(". ")
    return f"{limb.label}: {words}" if limb.label else words


def notes(duty: Duty, version: Version, facts: FactSet, people: People) -> list[str]:
    """Lines after the count: soft standard, thresholds not known, debate, doubt."""
    clock, cited = version.clock, version.citation.text
    lines = []
    if clock.standard and any(limb.amount is not None for limb in clock.limbs):
        lines.append(f"The standard in words: {clock.standard.rstrip('. ')} ({cited}).")
    for state in threshold_states(version, facts, people):
        if state.reached is None or state.count is None:
            lines.append(
                f"Only if the threshold is reached: {state.threshold.words} (the number is not known)."
            )
    if clock.debated:
        lines.append(f"Debated, not used: {clock.debated}")
    if clock.note:
        lines.append(clock.note)
    if duty.force in _FORCE:
        lines.append(f"{_FORCE[duty.force]} ({cited}).")
    if version.confidence == "low" or version.doubt:
        lines.append(f"Verify with counsel: {version.doubt or 'the rule is not certain'}")
    return lines
