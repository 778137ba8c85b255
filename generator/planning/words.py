"""Numbers, limits and lists as plain English. Used wherever the plan puts a value into a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from generator.model.base import UNIT_WORDS, Duration, Quantity
from generator.model.law import Clock, Limb

_MINUTES = {
    "seconds": Decimal(1) / 60,
    "minutes": Decimal(1),
    "hours": Decimal(60),
    "calendar_days": Decimal(1440),
    "business_days": Decimal(1440),
    "days_undefined": Decimal(1440),
    "weeks": Decimal(10080),
    "months": Decimal(43200),
    "years": Decimal(525600),
}


def number(value: Decimal | int | float) -> str:
    """`1,200`, `0.25`: thousands separated, no trailing zeros."""
    exact = Decimal(str(value))
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{exact.normalize():,f}"


def count(value: Decimal | int | float, noun: str, plural: str = "") -> str:
    """`1 hour`, `72 hours`, `3 duties`."""
    return f"{number(value)} {noun if Decimal(str(value)) == 1 else plural or noun + 's'}"


def length(value: Decimal | int | float, unit: str) -> str:
    """A length of time; a contract's undefined days say so."""
    words = count(value, UNIT_WORDS[unit])
    return f"{words} (not defined; counted as calendar days)" if unit == "days_undefined" else words


def duration(value: Duration) -> str:
    """`15 minutes`."""
    return length(value.value, value.unit)


def quantity(value: Quantity) -> str:
    """`300 answers`."""
    return f"{number(value.value)} {value.unit}"


def minutes(value: Decimal | int | float, unit: str) -> int:
    """The length in whole minutes (months as 30 days), for sorting only; never for a deadline."""
    return int(Decimal(str(value)) * _MINUTES[unit])


def elapsed(value: int) -> str:
    """Minutes as a person says them: `30 minutes`, `8 hours`."""
    return count(value // 60, "hour") if value >= 120 and value % 60 == 0 else count(value, "minute")


def join(items: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    words: Sequence[str] = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def limb_limit(limb: Limb) -> str:
    """The limit of one limb alone: `60 calendar days after the end of the calendar year`."""
    if limb.amount is None or limb.unit is None:
        return ""
    if limb.amount == 0:
        notice = limb.start.startswith("sent:")
        return event_name(limb.start, {}) if notice else lower_first(limb.start_words.rstrip("."))
    words = length(limb.amount, limb.unit)
    return f"{words} after 31 December of that year" if limb.anchor == "end_of_calendar_year" else words


def clock_limit(clock: Clock) -> str:
    """The limit of a clock: its number, or the law's own standard in words."""
    numbers = [words for words in map(limb_limit, clock.limbs) if words]
    if not numbers:
        return clock.standard or "no time limit in numbers"
    joint = {"single": "", "earlier_of": "the earlier of ", "later_of": "the later of "}[clock.combine]
    return joint + join(numbers)


def clock_sentence(clock: Clock, event_titles: dict[str, str]) -> str:
    """`72 hours from awareness; without undue delay`. Starts at another notice name it."""
    parts = []
    for limb in clock.limbs:
        limit = limb_limit(limb)
        start = event_name(limb.start, event_titles)
        if limb.amount == 0:
            parts.append(limit)
        else:
            parts.append(f"{limit} from {start}" if limit else f"from {start}")
    joint = {"single": "", "earlier_of": "the earlier of ", "later_of": "the later of "}[clock.combine]
    sentence = joint + join(parts)
    if not clock.standard:
        return sentence
    amounts = [number(limb.amount) for limb in clock.limbs if limb.amount]
    if amounts and not all(amount in clock.standard.split() for amount in amounts):
        return f"{clock.standard}; at the latest {sentence}"
    starts = join(event_name(limb.start, event_titles) for limb in clock.limbs)
    return f"{clock.standard}, from {starts}"


def event_name(event: str, titles: dict[str, str]) -> str:
    """The event in lower-case words; `sent:DUTY` as "the notice DUTY being sent"."""
    if event.startswith("sent:"):
        return f"the moment notice {event.removeprefix('sent:')} is sent"
    title = titles.get(event, event.replace("_", " "))
    return title[0].lower() + title[1:]


def lower_first(text: str) -> str:
    """A sentence as it stands inside another one: `one hit`; names and abbreviations keep their capitals."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() or not first.isalpha() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """The beginning of a sentence."""
    return text[:1].upper() + text[1:]


def slug(text: str) -> str:
    """A stable id made of a text's first words: `date-of-discovery`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-") or "item"
