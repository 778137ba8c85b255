"""What chance alone does to a signal: expected false pages a month, and the smallest change that its sample shows.

Shares are binomial over the smallest sample, counts are Poisson over the window, both at the profile's baseline.
Tails are exact sums in decimal arithmetic of 50 digits, so that every machine prints the same digits. A value that
the profile lacks is named, never guessed; a signal that is neither a share nor a count gets a reason, no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from functools import lru_cache
from math import comb, factorial
from typing import Literal

from generator.model.plan import Chance
from generator.model.profile import Signal, Volumes
from generator.planning import words

POWER = Decimal("0.8")
"""A change counts as visible when a window shows it at least four times in five."""
MONTH_S = 30 * 86_400
MOST = {"share": 100_000, "count": 10_000}
"""Above this sample of a share or level of a count nothing is computed."""
_EXACT = Context(prec=50)
_NEGLIGIBLE = Decimal("1e-40")
_WINDOW_S = {
    "seconds": Decimal(1),
    "minutes": Decimal(60),
    "hours": Decimal(3_600),
    "calendar_days": Decimal(86_400),
    "business_days": Decimal(7 * 86_400) / 5,
    "days_undefined": Decimal(86_400),
    "weeks": Decimal(7 * 86_400),
    "months": Decimal(MONTH_S),
    "years": Decimal(365 * 86_400),
}
_ASSUMPTION: dict[str, str] = {
    "binomial": "Shares: binomial over the smallest sample, each item failing by itself at the baseline rate; "
    "faults that come together (one bad document, one outage) page more often.",
    "poisson": "Counts: Poisson at the baseline of the window, each event by itself.",
}

Kind = Literal["share", "count"]

_NEITHER: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("unit", re.compile(r"^(times|ratio|factor)\b"), "the spread of a ratio"),
    ("metric", re.compile(r"\b(median|mean|average|percentile|p9[059])\b"), "the spread of a median or mean"),
    ("metric", re.compile(r"\bin a row\b"), "how misses in a row hang together"),
    ("metric", re.compile(r"\b(minus|difference)\b"), "the spread of a difference of two counts"),
    (
        "unit",
        re.compile(
            r"\b(dollars?|euros?|pounds?|cents?|usd|eur|gbp|milliseconds?|ms|seconds?|minutes?|hours?|days?|tokens?"
            r"|characters?|bytes?|[kmg]i?b|points?|scores?|degrees?|(an?|per) \w+)$|/"
        ),
        "the spread of what is neither a count nor a share",
    ),
)
"""What has no law of chance that the profile feeds: where to look, the words that tell, what is not stated."""


def chances(signals: Sequence[Signal], volumes: Volumes | None) -> dict[str, Chance]:
    """The arithmetic of every signal, by its id."""
    return {signal.id: chance(signal, volumes) for signal in signals}


def chance(signal: Signal, volumes: Volumes | None) -> Chance:
    """The arithmetic of one signal at its page level."""
    kind = _kind(signal)
    if kind not in ("share", "count"):
        return Chance(signal=signal.id, because=f"the profile does not state {kind}")
    if signal.page is None:
        return Chance(signal=signal.id, because="there is no page level")
    sample = _sample(signal, volumes) if kind == "share" else signal.smallest_sample
    missing = [] if signal.baseline is not None else ["baseline"]
    if sample is None and (kind == "share" or volumes is None):
        missing.append("smallest sample" if kind == "share" else "cases a day")
    if signal.baseline is None or missing:
        return Chance(signal=signal.id, missing=tuple(missing))
    baseline, page = signal.baseline, signal.page.at
    if reason := _senseless(signal, baseline, page, kind, sample):
        return Chance(signal=signal.id, because=reason)
    if kind == "share" and sample is not None:
        return _share(signal, baseline, page, sample)
    return _count(signal, baseline, page, volumes)


def binomial_tail(least: int, n: int, p: Decimal) -> Decimal:
    """P(X >= least) for X ~ Bin(n, p), to 40 digits."""
    if least <= 0:
        return Decimal(1)
    if least > n or p <= 0:
        return Decimal(0)
    if p >= 1:
        return Decimal(1)
    with localcontext(_EXACT):
        odds = p / (1 - p)
        if least > n * p:
            first = _choose(n, least) * p**least * (1 - p) ** (n - least)
            return _sum(first, least, n, lambda k: odds * (n - k) / (k + 1), step=1)
        first = _choose(n, least - 1) * p ** (least - 1) * (1 - p) ** (n - least + 1)
        return 1 - _sum(first, least - 1, 0, lambda k: k / (odds * (n - k + 1)), step=-1)


def poisson_tail(least: int, mean: Decimal) -> Decimal:
    """P(X >= least) for X ~ Poisson(mean), to 40 digits."""
    if least <= 0:
        return Decimal(1)
    if mean <= 0:
        return Decimal(0)
    with localcontext(_EXACT):
        if least > mean:
            first = (-mean).exp() * mean**least / _factorial(least)
            return _sum(first, least, None, lambda k: mean / (k + 1), step=1)
        first = (-mean).exp() * mean ** (least - 1) / _factorial(least - 1)
        return 1 - _sum(first, least - 1, 0, lambda k: k / mean, step=-1)


def _sum(first: Decimal, start: int, end: int | None, ratio: Callable[[int], Decimal], step: int) -> Decimal:
    """A tail from its largest term outwards; `ratio(k)` makes the next term from the term at k."""
    total = term = first
    at = start
    while at != end and term > total * _NEGLIGIBLE:
        term *= ratio(at)
        total += term
        at += step
    return total


@lru_cache(maxsize=64)
def _choose(n: int, k: int) -> Decimal:
    return Decimal(comb(n, k))


@lru_cache(maxsize=64)
def _factorial(k: int) -> Decimal:
    return Decimal(factorial(k))


def _kind(signal: Signal) -> str:
    """`share`, `count`, or what one would have to know of it."""
    texts = {"unit": signal.unit.lower(), "metric": signal.metric.lower()}
    for where, pattern, what in _NEITHER:
        if pattern.search(texts[where]):
            return what
    if re.match(r"percent\b|%", texts["unit"]):
        return "share"
    page = signal.page.at if signal.page else Decimal(1)
    return "count" if page == page.to_integral_value() else "the spread of a number with fractions"


def _sample(signal: Signal, volumes: Volumes | None) -> int | None:
    """Items in a sample: the smallest one judged; else what whole days bring, where the unit is that of the volumes."""
    if signal.smallest_sample is not None:
        return signal.smallest_sample
    days = _window(signal) / 86_400
    if volumes is None or days != days.to_integral_value():
        return None
    return int(volumes.per_day * days) or None if signal.unit == f"percent of {volumes.unit}" else None


def _window(signal: Signal) -> Decimal:
    """The window in seconds."""
    return signal.window.value * _WINDOW_S[signal.window.unit]


def _senseless(signal: Signal, baseline: Decimal, page: Decimal, kind: str, sample: int | None) -> str | None:
    """Why numbers would say nothing, or None."""
    if (sample or 0 if kind == "share" else page) > MOST[kind]:
        return (
            f"with more than {words.number(MOST[kind])} items in a window chance is the least of its causes"
        )
    above = signal.direction == "above"
    if baseline >= page if above else baseline <= page:
        return "the baseline is past the page level already, so it pages all the time"
    if above and baseline == 0:
        return "the baseline is 0, so chance has no rate and every hit counts as real"
    if kind == "share" and baseline == 100:
        return "the baseline is 100 percent, so chance has no rate and every miss counts as real"
    return None


def _share(signal: Signal, baseline: Decimal, page: Decimal, sample: int) -> Chance:
    """Faults are what drives the signal to its level: the items counted, or with `below` those that miss."""
    above = signal.direction == "above"
    reached = page * sample / 100
    if above:
        least = int(reached.to_integral_value(ROUND_CEILING))
    else:
        least = sample - int(reached.to_integral_value(ROUND_FLOOR))
    rate = (baseline if above else 100 - baseline) / 100
    seen = (
        Decimal(_first(10_000, lambda at: binomial_tail(least, sample, Decimal(at) / 10_000) >= POWER)) / 100
    )
    if seen >= 1:
        seen = seen.quantize(Decimal("0.1"), ROUND_CEILING)
    change = seen if above else 100 - seen
    one = words.number(_rounded(Decimal(100) / sample))
    notes = [f"One item of {words.number(sample)} is {one} percent, so a single one pages"]
    return _result(
        signal,
        "binomial",
        sample,
        binomial_tail(least, sample, rate),
        change,
        f"{words.number(change)} percent instead of {words.number(baseline)}",
        notes if least == 1 else [],
    )


def _count(signal: Signal, baseline: Decimal, page: Decimal, volumes: Volumes | None) -> Chance:
    if signal.direction == "above":
        level = int(page.to_integral_value(ROUND_CEILING))
        tail = poisson_tail(level, baseline)
        most = 10 * (2 * level + 8)  # with a mean of twice the level nearly every window reaches it
        change = Decimal(_first(most, lambda at: poisson_tail(level, Decimal(at) / 10) >= POWER)) / 10
    else:
        level = int(page.to_integral_value(ROUND_FLOOR))
        tail = 1 - poisson_tail(level + 1, baseline)
        # Up in mean, the chance of a window at or below the level falls: the last mean that still shows it.
        seen = _first(
            10 * int(baseline + 1), lambda at: 1 - poisson_tail(level + 1, Decimal(at) / 10) < POWER
        )
        change = Decimal(max(seen - 1, 0)) / 10
    if signal.direction == "above" and level == 1:
        return _result(signal, "poisson", signal.smallest_sample, tail, Decimal(1), "A single one pages", [])
    said = (
        f"{words.number(change)} {signal.unit} in {words.duration(signal.window)} "
        f"instead of {words.number(baseline)}"
    )
    if volumes is not None and _window(signal) == 86_400 and 0 < change < volumes.per_day:
        every = (volumes.per_day / change).to_integral_value()
        said += f" (one for every {words.number(every)} {volumes.unit})"
    return _result(signal, "poisson", signal.smallest_sample, tail, change, said, [])


def _first(most: int, holds: Callable[[int], bool]) -> int:
    """The first whole number from 0 to `most` for which `holds`, which never turns false again; else `most`."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _result(
    signal: Signal,
    law: Literal["binomial", "poisson"],
    sample: int | None,
    tail: Decimal,
    change: Decimal,
    change_words: str,
    notes: Sequence[str],
) -> Chance:
    looks = MONTH_S / _window(signal)
    pages = _rounded(tail * looks)
    if pages > 30:
        notes = [*notes, "More than one page a day at its normal rate: the baseline or the level is wrong"]
    return Chance(
        signal=signal.id,
        law=law,
        sample=sample,
        looks_a_month=_rounded(looks),
        false_pages_a_month=pages,
        false_pages_words=words.number(pages) if pages else "under 0.01",
        smallest_change=change,
        change_words=change_words,
        note=". ".join(notes) or None,
        assumption=_ASSUMPTION[law],
    )


def _rounded(value: Decimal) -> Decimal:
    """As printed: whole from 10 on, one decimal from 1 on, else two."""
    digits = "1" if value >= 10 else "0.1" if value >= 1 else "0.01"
    return value.quantize(Decimal(digits))
