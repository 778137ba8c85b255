"""Which duties bind a profile, each with its reason; which nearly do, and what is not known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from generator.law.conditions import Trace, evaluate, joined, small
from generator.law.facts import FactSet
from generator.law.in_force import Life, in_force
from generator.law.thresholds import ThresholdState, short_of, threshold_states
from generator.model.law import Duty, Version
from generator.model.law_answers import DutyVerdict, MissingFact, Role, Verdict

_DUTIES = ("law", "regulator_rule", "scheme_rule", "contract")
_FORCE_WORDS = {"guidance": "guidance, not a duty", "voluntary": "a voluntary scheme, not a duty"}
_EVERYONE = Trace(True, "all", "binds everyone")


def verdict(
    duty: Duty, facts: FactSet, on: date, contracts_delegating: frozenset[str] = frozenset()
) -> DutyVerdict:
    """The verdict on one duty for these facts on a day.

    `contracts_delegating` holds ids of duties that a contract makes the client send for another.
    Order: life, condition (and support), thresholds. Raises LawGap for a fault of the law data.
    """
    life = in_force(duty, on)
    if life.version is not None:
        answer = _with_version(duty, life.version, facts, life, contracts_delegating)
        if answer.verdict == "not" and life.coming is not None:
            later = _coming(duty, life.coming, facts, life, contracts_delegating)
            answer = later if later.verdict == "coming" else answer
    elif life.coming is not None and life.standing in ("not_yet", "ended"):
        answer = _coming(duty, life.coming, facts, life, contracts_delegating)
    else:
        answer = DutyVerdict(
            duty=duty.id,
            verdict="not",
            reason=f"does not bind: {life.words}",
            force=duty.force,
            status=life.standing,
        )
    return _as_guidance(answer, duty) if duty.force not in _DUTIES else answer


def _with_version(
    duty: Duty, version: Version, facts: FactSet, life: Life, delegating: frozenset[str]
) -> DutyVerdict:
    """The verdict under one wording."""
    own = evaluate(version.when, facts) if version.when is not None else _EVERYONE
    states = threshold_states(version, facts, "served")
    common: dict[str, Any] = {
        "duty": duty.id,
        "force": duty.force,
        "status": life.standing,
        "trace": tuple(own.lines()),
        "coming_from": life.coming.from_ if life.coming else None,
    }
    role: Role = "delegation" if duty.id in delegating else "sends"
    if own.value is False:
        if duty.id in delegating:
            return _by_threshold(
                f"binds because a contract hands it to {facts.client}; the law binds the other party",
                role,
                states,
                facts,
                common,
                (),
            )
        return _support(version, own, states, facts, common)
    short = [state for state in states if state.reached is False]
    if own.missing and not short:
        return DutyVerdict(
            verdict="unknown",
            role=role,
            reason=f"open: {_question_words(own.missing, facts)}",
            missing=_missing(own.missing, facts),
            open_facts=own.open_facts,
            **common,
        )
    reason = f"binds {_because(own, facts)}" if not own.missing else "would bind if the open facts fit"
    return _by_threshold(reason, role, states, facts, common, own.open_facts)


def _support(
    version: Version, own: Trace, states: tuple[ThresholdState, ...], facts: FactSet, common: dict[str, Any]
) -> DutyVerdict:
    """The client is not the bound party: does it have to help the one who is?"""
    because_not = f"does not bind {_because(own, facts)}"
    if version.supports_when is None:
        return DutyVerdict(verdict="not", reason=because_not, **common)
    support = evaluate(version.supports_when, facts)
    common["trace"] = (*common["trace"], *support.lines())
    if support.value is False:
        # Where the helper's role fits, it is something else that the help lacks.
        if _holds_any(support, {leaf.fact for leaf in own.decisive}):
            because_not += f"; nothing to support {_because(support, facts)}"
        return DutyVerdict(verdict="not", reason=because_not, **common)
    if support.missing:
        return DutyVerdict(
            verdict="unknown",
            role="supports",
            reason=f"does not bind {facts.client} itself; open whether it must help: "
            + _question_words(support.missing, facts),
            missing=_missing(support.missing, facts),
            **common,
        )
    reason = f"supports the bound party {_because(support, facts)}"
    return _by_threshold(reason, "supports", states, facts, common, support.open_facts)


def _holds_any(trace: Trace, facts: Collection[str | None]) -> bool:
    """Whether a comparison of one of these facts inside a condition is true."""
    if trace.kind == "fact":
        return trace.value is True and trace.fact in facts
    return any(_holds_any(part, facts) for part in trace.parts)


def _by_threshold(
    reason: str,
    role: Role,
    states: tuple[ThresholdState, ...],
    facts: FactSet,
    common: dict[str, Any],
    open_facts: tuple[str, ...],
) -> DutyVerdict:
    short = [state for state in states if state.reached is False]
    if short:
        near = "; ".join(f"would bind {_from(short_of(state, who='the profile says'))}" for state in short)
        some = all(state.count for state in short)
        return DutyVerdict(
            verdict="near" if some else "not",
            role=role if some else None,
            reason=f"threshold not reached: {near}" if some else f"does not bind: {near}",
            near=near if some else None,
            **common,
        )
    names = tuple(sorted({name for state in states for name in state.missing}))
    if names:
        return DutyVerdict(
            verdict="unknown",
            role=role,
            reason=f"open: {_question_words(names, facts)} "
            f"({'; '.join(state.threshold.words for state in states)})",
            missing=_missing(names, facts),
            open_facts=open_facts,
            **common,
        )
    reached = [state.threshold.words for state in states if state.count is not None]
    if reached:
        reason = f"{reason}; an incident can reach the threshold: {'; '.join(reached)}"
    if open_facts:
        titles = ", ".join(small(facts.registry.title(name)) for name in open_facts)
        reason = f"{reason}; whether it is owed in an incident depends on: {titles}"
    return DutyVerdict(verdict="binds", role=role, reason=reason, open_facts=open_facts, **common)


def _coming(
    duty: Duty, version: Version, facts: FactSet, life: Life, delegating: frozenset[str]
) -> DutyVerdict:
    """A duty that starts, or reaches more clients, within a year: what will it be then?"""
    then = _with_version(duty, version, facts, life, delegating)
    turned: Verdict = "coming" if then.verdict == "binds" else then.verdict
    reason = (
        f"{life.words}; from then it {then.reason}" if turned == "coming" else f"{life.words}; {then.reason}"
    )
    return then.model_copy(update={"verdict": turned, "reason": reason, "coming_from": version.from_})


def _as_guidance(answer: DutyVerdict, duty: Duty) -> DutyVerdict:
    """Guidance never binds; where it would fit, it is shown as guidance."""
    fits = answer.verdict in ("binds", "coming")
    words = _FORCE_WORDS[duty.force]
    reason = (
        f"{words}; relevant here {answer.reason.removeprefix('binds ').replace('everyone', 'to everyone', 1)}"
        if fits
        else f"{words}; {answer.reason}"
    )
    changed: dict[str, Any] = {"relevant_guidance": fits, "reason": reason}
    if fits:
        changed |= {"verdict": "not", "role": None}
    return answer.model_copy(update=changed)


def _because(trace: Trace, facts: FactSet) -> str:
    """ "because Larkspur Ambient is a business associate (client.roles.hipaa)"."""
    if not trace.parts and trace.kind != "fact":
        return "everyone"
    said = [_stated(leaf, facts) for leaf in trace.decisive]
    return f"because {joined(list(dict.fromkeys(said)))}"


def _stated(leaf: Trace, facts: FactSet) -> str:
    """What is so as a clause, and where the profile says it."""
    path = _path(leaf.fact or "", facts)
    return f"{leaf.said} ({path})" if path else leaf.said


def _path(name: str, facts: FactSet) -> str | None:
    definition = facts.registry.definition(name)
    return definition.profile_path if definition else None


def _missing(names: tuple[str, ...], facts: FactSet) -> tuple[MissingFact, ...]:
    return tuple(
        MissingFact(fact=name, question=facts.registry.question(name), profile_path=_path(name, facts))
        for name in names
    )


def _question_words(names: tuple[str, ...], facts: FactSet) -> str:
    return " ".join(facts.registry.question(name) for name in names)


def _from(words: str) -> str:
    return (
        words if words.startswith(("from ", "above ", "over ", "if ", "where ", "when ")) else f"from {words}"
    )
