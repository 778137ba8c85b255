"""Start times + facts + a duty -> a Deadline with its derivation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from generator.deadlines.limbs import LimbEnd, limb_end
from generator.deadlines.words import beside, event_words, hangs_on, no_number, not_started, notes, waiting
from generator.deadlines.zones import fixed, shown, zone_of
from generator.law.conditions import evaluate
from generator.law.facts import FactSet
from generator.law.in_force import Life, in_force
from generator.law.thresholds import People, short_of, threshold_states
from generator.model.deadline import Deadline
from generator.model.law import Duty, Limb, Version, WorkCalendar
from generator.model.lawbook import LawBook

Lookup = Callable[[str], tuple[Duty, Version] | None]
"""The duty with that id and the version that applies, for starts at another notice."""

_KINDS = {
    "wait": "a minimum wait, not a deadline",
    "retention": "a retention period, not a deadline",
    "tolling": "a rule on delay, not a deadline",
    "cadence": "a recurring filing or test, not a deadline of an incident",
    "cure": "a time to cure, not a deadline",
    "rule": "a rule without a deadline of its own",
}
_NO_FACTS = FactSet()


@dataclass(frozen=True)
class Setting:
    """What a computation needs beside the duty: zones, facts, calendars, other duties.

    `zone` is the zone given for this run (before all others), `client_zone` the client's, `law_place`
    the jurisdiction of the law (`US-TX`), whose zone counts where nothing else says.
    """

    calendars: Mapping[str, WorkCalendar]
    facts: FactSet = _NO_FACTS
    zone: str | None = None
    client_zone: str | None = None
    lookup: Lookup | None = None
    law_place: str = ""
    people: People = "affected"
    """What the counts in `facts` are: people affected in an incident, or people served (then a threshold
    of "fewer than" is always possible)."""
    seen: frozenset[str] = field(default=frozenset())

    def zone_for(self, duty: Duty, limb: Limb) -> tuple[ZoneInfo, str] | None:
        """The zone in which a limb counts days, with where it comes from."""
        zones = self.facts.registry.places.zones
        return zone_of(duty, limb, self.zone, self.client_zone, zones, self.law_place)


def lookup_in(book: LawBook, on: date) -> Lookup:
    """Other duties of the law book as of a day."""

    def other(duty_id: str) -> tuple[Duty, Version] | None:
        duty = book.duties.get(duty_id)
        version = in_force(duty, on).version if duty else None
        return (duty, version) if duty and version else None

    return other


def answer(
    duty: Duty,
    on: date,
    events: Mapping[str, datetime],
    setting: Setting,
    *,
    hypothetical: bool = False,
    bound: bool = False,
) -> Deadline:
    """The deadline of a duty under the law of a day, or why there is none.

    `bound`: a verdict has found already whom it binds (the client, or one whom the client helps).

    Outside the duty's life, below a threshold, under an exception that is known to hold, or where
    the law sets no number: `due` is null and `why` says why. `hypothetical` computes all the same.
    Raises LawGap for a fault of the law data.
    """
    life = in_force(duty, on)
    version = life.version or life.nearest
    why = _why_not(duty, version, life, setting, bound)
    if why and not hypothetical:
        return _none(duty, version, life, why, events, setting)
    found = _compute(duty, version, events, setting, hypothetical=hypothetical)
    lead = [f"Hypothetical: {why}."] if why else [f"The law as of {on}: {life.words}."]
    if life.coming and life.coming is not version:
        lead.append(f"A later wording applies from {life.coming.from_} ({life.coming.citation.text}).")
    return found.model_copy(update={"status": life.standing, "derivation": (*lead, *found.derivation)})


def _why_not(duty: Duty, version: Version, life: Life, setting: Setting, bound: bool) -> str | None:
    """Why the duty has no deadline here, in words; None when it has, or may have."""
    facts = setting.facts
    if life.version is None:
        return life.words
    if duty.kind != "deadline":
        return _KINDS[duty.kind]
    for state in threshold_states(version, facts, setting.people):
        if state.reached is False:
            return f"below the threshold: {short_of(state, who='the number given is')}"
    if version.when is not None and not bound:
        trace = evaluate(version.when, facts)
        if trace.value is False:
            return f"does not bind because {' and '.join(leaf.said for leaf in trace.decisive)}"
    for exception in version.exceptions:
        if (
            exception.effect == "no_duty"
            and exception.when is not None
            and evaluate(exception.when, facts).value
        ):
            return f"an exception holds: {exception.text.rstrip('. ')}"
    return None


def _none(
    duty: Duty, version: Version, life: Life, why: str, events: Mapping[str, datetime], setting: Setting
) -> Deadline:
    """The answer without a date."""
    limb = version.clock.limbs[0]
    zone = setting.zone_for(duty, limb)
    known = events.get(limb.start)
    start = _local(duty, limb, known, setting)[0] if known else None
    return Deadline(
        duty=duty.id,
        status=life.standing,
        start=fixed(start) if start else None,
        zone=str(zone[0]) if zone else (_zone_name(start) if start else None),
        amount=limb.amount,
        unit=limb.unit,
        standard=version.clock.standard,
        why=why,
        derivation=(f"No deadline: {why} ({version.citation.text}).",),
        citation=version.citation.text,
        confidence=version.confidence,
    )


def compute(
    duty: Duty,
    version: Version,
    events: Mapping[str, datetime],
    facts: FactSet,
    zone: str | None,
    calendars: Mapping[str, WorkCalendar],
    *,
    client_zone: str | None = None,
    law_place: str = "",
    lookup: Lookup | None = None,
    hypothetical: bool = False,
) -> Deadline:
    """The deadline under one version, from the events that are known.

    `events` are aware moments by event name (`aware`, `sent:DUTY`). Life and thresholds are not
    looked at (`answer` does). Raises LawGap.
    """
    setting = Setting(calendars, facts, zone, client_zone, lookup, law_place)
    return _compute(duty, version, events, setting, hypothetical=hypothetical)


def _compute(
    duty: Duty, version: Version, events: Mapping[str, datetime], setting: Setting, *, hypothetical: bool
) -> Deadline:
    clock = version.clock
    ends = []
    unknown: list[Limb] = []
    zone_words = ""
    for limb in clock.limbs:
        if limb.start not in events:
            unknown.append(limb)
            continue
        start, zone_words = _local(duty, limb, events[limb.start], setting)
        if limb.amount is not None:
            ends.append(limb_end(limb, start, setting.facts, setting.calendars, version.citation.text))
        else:
            ends.append(LimbEnd(limb, start, None, None, (), why=no_number(version)))
    chosen = _choose(clock.combine, ends)
    common: dict[str, Any] = {
        "duty": duty.id,
        "status": "in_force",
        "standard": clock.standard,
        "citation": version.citation.text,
        "confidence": version.confidence,
        "hypothetical": hypothetical,
        "missing_facts": _missing(ends, version, setting),
    }
    remarks = notes(duty, version, setting.facts, setting.people)
    if chosen is None:
        return _unstarted(duty, version, events, setting, remarks, common)
    steps = [f"Start: {shown(chosen.start)} in {zone_words}: {event_words(chosen.limb)}."]
    steps += beside(clock.combine, chosen, ends)
    steps += chosen.steps
    steps += waiting(clock.combine, unknown)
    zone = _zone_name(chosen.start)
    act_by = chosen.act_by
    if act_by is not None and clock.combine == "earlier_of":
        act_by = min((end.act_by for end in ends if end.act_by is not None), key=datetime.timestamp)
    return Deadline(
        start=fixed(chosen.start),
        zone=zone,
        amount=chosen.limb.amount,
        unit=chosen.limb.unit,
        due=fixed(chosen.due) if chosen.due else None,
        act_by=fixed(act_by) if act_by else None,
        why=chosen.why or (hangs_on(clock.combine, unknown) if unknown else None),
        calendar=chosen.calendar,
        reading=chosen.reading,
        derivation=tuple(steps + remarks),
        **common,
    )


def _local(duty: Duty, limb: Limb, moment: datetime, setting: Setting) -> tuple[datetime, str]:
    """The start in the zone in which days are counted, and that zone in words."""
    found = setting.zone_for(duty, limb)
    if found is None:
        return moment, f"{_zone_name(moment)}, as in the start, since no zone was given"
    zone, words = found
    return moment.astimezone(zone), f"{zone} ({words})"


def _choose(combine: str, ends: list[LimbEnd]) -> LimbEnd | None:
    """The limit that decides among those whose start is known.

    The earlier of two limits is the one that ends first as counted; a move to a working day comes after the choice.
    """
    dated = [end for end in ends if end.due is not None]
    if not dated:
        return ends[0] if ends else None
    if combine == "later_of":
        return max(dated, key=lambda end: end.due.timestamp() if end.due else 0.0)
    return min(dated, key=lambda end: (end.act_by or end.due or end.start).timestamp())


def _unstarted(
    duty: Duty,
    version: Version,
    events: Mapping[str, datetime],
    setting: Setting,
    remarks: list[str],
    common: dict[str, Any],
) -> Deadline:
    """No limb has started: say what starts it, and the latest end that is possible."""
    limb = version.clock.limbs[0]
    latest: datetime | None = None
    lines: list[str] = []
    title: str | None = None
    if limb.start.startswith("sent:"):
        latest, lines, title = _after_other(limb, duty, version, events, setting)
    if limb.amount is None:
        why = no_number(version)
    else:
        why = f"starts when {title} is sent" if title else f"starts with: {event_words(limb)}"
    zone = setting.zone_for(duty, limb)
    return Deadline(
        zone=str(zone[0]) if zone else None,
        amount=limb.amount,
        unit=limb.unit,
        latest_possible=fixed(latest) if latest else None,
        why=why,
        derivation=(f"{not_started(limb)}.", *lines, *remarks),
        **common,
    )


def _after_other(
    limb: Limb, duty: Duty, version: Version, events: Mapping[str, datetime], setting: Setting
) -> tuple[datetime | None, list[str], str]:
    """The end of `limb` if the notice that starts it goes at its own legal end."""
    other_id = limb.start.removeprefix("sent:")
    found = setting.lookup(other_id) if setting.lookup and other_id not in setting.seen else None
    if found is None:
        return None, [], other_id
    other, other_version = found
    deeper = replace(setting, seen=setting.seen | {duty.id, other_id})
    before = _compute(other, other_version, events, deeper, hypothetical=False)
    sent = before.due or before.latest_possible
    if sent is None or limb.amount is None:
        return None, [], other.title
    start, _ = _local(duty, limb, sent, setting)
    end = limb_end(limb, start, setting.facts, setting.calendars, version.citation.text)
    if end.due is None:
        return None, [], other.title
    words = f"If {other.title} goes at its own legal end, {shown(sent)}, this one ends {shown(end.due)}."
    return end.due, [words], other.title


def _zone_name(moment: datetime) -> str:
    return str(moment.tzinfo)


def _missing(ends: list[LimbEnd], version: Version, setting: Setting) -> tuple[str, ...]:
    """Facts that could change the answer: thresholds, rolls, calendars."""
    names = [name for end in ends for name in end.missing]
    names += [
        name for state in threshold_states(version, setting.facts, setting.people) for name in state.missing
    ]
    return tuple(dict.fromkeys(names))
