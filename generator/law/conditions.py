"""Evaluation of conditions in Kleene's three-valued logic, with a trace that says why."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator.law.facts import FactSet, Unknown
from generator.model.conditions import All, Comparison, Condition, FactValue, Not

COUNT_COMPARISONS: Mapping[str, Callable[[int, int], bool]] = {
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
}


@dataclass(frozen=True)
class Trace:
    """The value of a condition and of each of its parts. `value` None: unknown."""

    value: bool | None
    kind: str
    words: str
    parts: tuple[Trace, ...] = ()
    fact: str | None = None
    open: bool = False
    """The fact is one that only an incident can tell."""
    said: str = ""
    """What is so, for a reason: `words` is what was asked."""

    def _undecided(self) -> Iterator[Trace]:
        if self.value is not None:
            return
        if self.kind == "fact":
            yield self
        gated = False
        for part in self.parts:
            leaves = list(part._undecided())
            # In an `all`, what stands behind a missing fact matters only once that fact is known.
            yield from (leaf for leaf in leaves if leaf.open or not gated)
            gated |= self.kind == "all" and any(not leaf.open for leaf in leaves)

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts of the profile that nobody stated and on which the answer hangs; sorted."""
        return tuple(sorted({part.fact for part in self._undecided() if part.fact and not part.open}))

    @property
    def open_facts(self) -> tuple[str, ...]:
        """Facts that only an incident can tell and on which the answer hangs; sorted."""
        return tuple(sorted({part.fact for part in self._undecided() if part.fact and part.open}))

    @property
    def decisive(self) -> tuple[Trace, ...]:
        """The comparisons that decided: all of a true `all`, the first true one of an `any`."""
        if self.kind == "fact":
            return (self,)
        if self.kind == "not":
            return self.parts[0].decisive
        if self.value is None:
            return tuple(part for part in self._undecided())
        agreeing = [part for part in self.parts if part.value == self.value]
        every = (self.kind == "all") == self.value
        return tuple(leaf for part in (agreeing if every else agreeing[:1]) for leaf in part.decisive)

    def lines(self, indent: int = 0) -> Iterator[str]:
        """The whole trace, one line a part, for `--verbose` and audits."""
        yield f"{'  ' * indent}{self.words}: {answer(self.value)}"
        for part in self.parts:
            yield from part.lines(indent + 1)


def answer(value: bool | None) -> str:
    """yes, no or not known."""
    return "not known" if value is None else ("yes" if value else "no")


def evaluate(condition: Condition, facts: FactSet) -> Trace:
    """The value of a condition for these facts, with its trace."""
    if isinstance(condition, Comparison):
        return _compare(condition, facts)
    if isinstance(condition, Not):
        inner = evaluate(condition.not_, facts)
        return Trace(None if inner.value is None else not inner.value, "not", "none of it", (inner,))
    if isinstance(condition, All):
        parts = tuple(evaluate(part, facts) for part in condition.all)
        return Trace(_all(part.value for part in parts), "all", "all of these", parts)
    parts = tuple(evaluate(part, facts) for part in condition.any)
    flipped = _all(None if part.value is None else not part.value for part in parts)
    return Trace(None if flipped is None else not flipped, "any", "one of these", parts)


def _all(values: Iterator[bool | None]) -> bool | None:
    known = list(values)
    if False in known:
        return False
    return None if None in known else True


def _compare(comparison: Comparison, facts: FactSet) -> Trace:
    value = facts.get(comparison.fact)
    definition = facts.registry.definition(comparison.fact)
    is_open = bool(definition and definition.known == "incident")
    known: bool | None
    if isinstance(value, Unknown):
        known = _by_lower_bound(comparison, facts)
    else:
        known = _holds(comparison, value, facts)
    words, said = words_of(comparison, facts), said_of(comparison, value, known, facts)
    return Trace(known, "fact", words, fact=comparison.fact, open=is_open, said=said)


def _by_lower_bound(comparison: Comparison, facts: FactSet) -> bool | None:
    """A sum of which only a part is known can already be large enough, or too large."""
    least = facts.at_least(comparison.fact)
    if least is None or not isinstance(comparison.value, int) or comparison.op not in COUNT_COMPARISONS:
        return None
    return from_least(comparison.op, least, comparison.value)


def from_least(op: str, least: int, wanted: int) -> bool | None:
    """The answer for a count of which only a lower bound is known; None where more people would change it."""
    grows = op in ("at_least", "more_than")
    return grows if COUNT_COMPARISONS[op](least, wanted) is grows else None


def _holds(comparison: Comparison, value: FactValue, facts: FactSet) -> bool:
    wanted, op = comparison.value, comparison.op
    if op in COUNT_COMPARISONS:
        if not isinstance(value, int) or not isinstance(wanted, int):
            raise TypeError(f"{comparison.fact} {op} {wanted!r}: not numbers")
        return COUNT_COMPARISONS[op](value, wanted)
    held = value if isinstance(value, tuple) else (value,)
    wants = wanted if isinstance(wanted, tuple) else (wanted,)
    if op in ("includes", "includes_any"):
        hits = [any(_same(one, want, comparison, facts) for one in held) for want in wants]
        return all(hits) if op == "includes" else any(hits)
    same = (
        set(held) == set(wants)
        if isinstance(value, tuple)
        else any(_same(value, want, comparison, facts) for want in wants)
    )
    return same if op == "is" else not same


def _same(held: FactValue, wanted: FactValue, comparison: Comparison, facts: FactSet) -> bool:
    """Equal; for a fact that holds places, also inside: `DE` is `EU`, `US-TX` is `US`."""
    if type(held) is not type(wanted):
        return False
    if held == wanted:
        return True
    definition = facts.registry.definition(comparison.fact)
    if definition is None or definition.values or not isinstance(held, str) or not isinstance(wanted, str):
        return False
    return facts.registry.places.within(held, wanted)


_WANTED = {
    "is": "{}",
    "is_not": "not {}",
    "at_least": "{} or more",
    "more_than": "more than {}",
    "at_most": "{} or fewer",
    "less_than": "fewer than {}",
    "includes": "{}",
    "includes_any": "one of {}",
}
_WITH_ARTICLE = (
    "United ",
    "Netherlands",
    "European ",
    "District of ",
    "Philippines",
    "Czech Republic",
    "Virgin Islands",
    "U.S. ",
)
_FAILED = {"is": "not {}", "is_not": "{}", "includes": "not {}", "includes_any": "none of {}"}


def words_of(comparison: Comparison, facts: FactSet) -> str:
    """What a comparison asks, in plain words: "Roles under HIPAA: business associate"."""
    title, wanted = facts.registry.title(comparison.fact), comparison.value
    if isinstance(wanted, bool):
        return title if wanted == (comparison.op != "is_not") else f"Not: {small(title)}"
    return f"{title}: {_WANTED[comparison.op].format(_values(comparison, facts))}"


def said_of(comparison: Comparison, value: FactValue | Unknown, known: bool | None, facts: FactSet) -> str:
    """What is so, as a clause: "the client is a business associate", "220 of the people served reside in Texas"."""
    if known is None:
        return f"{small(words_of(comparison, facts))} (not known)"
    if isinstance(value, Unknown):
        return small(words_of(comparison, facts))
    definition = facts.registry.definition(comparison.fact)
    true = (
        known
        if isinstance(value, int) and not isinstance(value, bool)
        else _positive(comparison, value, known)
    )
    sentence = (definition.holds if true else definition.lacks) if definition else None
    if sentence is None:
        return _said_plainly(comparison, value, known, facts)
    place = comparison.fact.partition(":")[2]
    return sentence.format(
        client=facts.client,
        value=_number(value) if isinstance(value, int) else _named(comparison, value, true, facts),
        place=with_article(facts.registry.places.name(place)) if place else "",
        asked=_asked(comparison, facts),
    )


def _number(value: int) -> str:
    return f"{value:,}" if value else "none"


def _positive(comparison: Comparison, value: FactValue, known: bool) -> bool:
    """True when the fact is so, whatever was asked: `is_not` turns it round, and a no is a no."""
    return value if isinstance(value, bool) else known != (comparison.op == "is_not")


def _named(comparison: Comparison, value: FactValue, true: bool, facts: FactSet) -> str:
    """The values of the sentence: those held of the ones asked; for a "not", all that were asked."""
    definition = facts.registry.definition(comparison.fact)
    wanted = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    held = value if isinstance(value, tuple) else (value,)
    hits = [want for want in wanted if any(_same(one, want, comparison, facts) for one in held)]
    names = [
        definition.words.get(str(name), with_article(_shown(name, facts)))
        if definition
        else _shown(name, facts)
        for name in (hits if true else wanted)
    ]
    return joined(names, "and" if true else "or")


def _asked(comparison: Comparison, facts: FactSet) -> str:
    """ " (asked: 250 or more)"; nothing where any number would do."""
    if (comparison.value == 1 and comparison.op == "at_least") or isinstance(comparison.value, (str, tuple)):
        return ""
    return f" (asked: {_WANTED[comparison.op].format(_values(comparison, facts))})"


def _said_plainly(comparison: Comparison, value: FactValue, known: bool, facts: FactSet) -> str:
    """For a fact without a sentence of its own: "people without usable address: 12 (asked: 10 or more)"."""
    title, op = small(facts.registry.title(comparison.fact)), comparison.op
    if isinstance(value, bool):
        return title if value else f"not: {title}"
    if isinstance(value, int):
        return f"{title}: {value:,}{_asked(comparison, facts)}"
    return f"{title}: {(_WANTED if known else _FAILED)[op].format(_values(comparison, facts))}"


def joined(parts: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def with_article(place: str) -> str:
    """`the United States`, `Texas`."""
    return f"the {place}" if place.startswith(_WITH_ARTICLE) else place


def small(text: str) -> str:
    """`text` with a small first letter, unless the first word is an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _values(comparison: Comparison, facts: FactSet) -> str:
    wanted = comparison.value
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    return ", ".join(_shown(value, facts) for value in values)


def _shown(value: FactValue, facts: FactSet) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value)
    return facts.registry.places.name(text) if text[:2].isupper() else text.replace("_", " ")
