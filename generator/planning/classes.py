"""Incident classes as they apply to one deployment: why they are in, with its numbers, switches and people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from generator.model.catalog import Catalog, ContainStep, IncidentClass, Severity, TriggerRule
from generator.model.plan import (
    Binding,
    ClassOut,
    Headline,
    Parameter,
    PlannedClass,
    PlannedDecision,
    PlannedDutyQuestion,
    PlannedEvidence,
    PlannedReversal,
    PlannedStep,
    PlannedTrigger,
    StakesResult,
)
from generator.model.profile import Profile
from generator.planning import people, words
from generator.planning.roles import Roles
from generator.planning.stakes import acknowledge_minutes

_TAGS = {
    "chatbot": ("chatbot",),
    "rag_assistant": ("chatbot", "rag"),
    "agentic_assistant": ("agentic_tools",),
    "multi_agent_pipeline": ("multi_agent",),
    "clinical_scribe": ("clinical",),
    "scoring": (),
    "other": (),
}
_NAMES = {
    "retail_faq_chatbot": ("customer", "customers", "answer", "answers", "customer"),
    "loan_pipeline": ("applicant", "applicants", "decision", "decisions", "applicant"),
    "clinical_scribe": ("patient", "patients", "note", "notes", "health system"),
    "soc2_saas": ("user", "users", "output", "outputs", "tenant"),
}
"""What the catalogue's {person}, {people}, {output}, {outputs} and {owner} are called in each kind of deployment."""
_NEEDED_FOR = {
    "handoff_payloads": "agents",
    "run_graph": "agents",
    "memory_snapshot": "memory",
    "retrieval_trace": "retrieval",
    "index_snapshot": "retrieval",
    "audio_and_transcript": "audio",
    "adverse_action_notices": "credit",
    "note_versions": "clinical",
    "ehr_write_log": "clinical",
    "patient_match_record": "clinical",
    "sandbox_image": "tools",
    "tool_call_ledger": "tools",
    "approval_records": "human_gate",
    "reviewer_actions": "human_gate",
}
"""Evidence that a deployment has only with the feature."""
_FAMILY_WORDS = {
    "chatbot": "chat assistants",
    "rag": "systems that answer from documents",
    "agentic_tools": "systems with tools that act",
    "multi_agent": "systems of several agents",
    "clinical": "clinical systems",
    "lending": "lending",
    "saas": "software for many tenants",
}
HEADLINES = (
    ("data_exposure", "Confirmed data exposure"),
    ("harmful_action", "Harmful action by output"),
    ("unauthorized_access", "Unauthorized access"),
    ("quality_drop", "Significant and sustained quality drop"),
    ("prompt_injection", "Prompt injection that changed behaviour"),
    ("hallucination", "Hallucination threshold"),
    ("bias", "Bias event"),
)
"""The mission's seven opening triggers, in the order in which the definitions open."""


def tags(profile: Profile) -> frozenset[str]:
    """Families of class that can apply, from what the profile says the deployment is and has."""
    deployment = profile.deployment
    found = {*deployment.tags, *_TAGS[deployment.kind]}
    if deployment.retrieval:
        found.add("rag")
    if len(deployment.agents) > 1:
        found.add("multi_agent")
    if any(tool.effect != "read" for tool in deployment.tools):
        found.add("agentic_tools")
    if deployment.tenants:
        found.add("saas")
    if "credit" in deployment.consequential_decisions:
        found.add("lending")
    return frozenset(found)


def features(profile: Profile) -> dict[str, bool]:
    """Features that a class may need; each with whether this deployment has it."""
    deployment = profile.deployment
    agents = deployment.agents
    return {
        "retrieval": deployment.retrieval is not None
        or any(c.kind == "index" for c in deployment.components),
        "tools": bool(deployment.tools),
        "agents": len(agents) > 1,
        "handoffs": bool(deployment.handoffs),
        "memory": any(agent.memory for agent in agents),
        "tenants": len(deployment.tenants) > 1,
        "providers": bool(profile.providers),
        "credit": "credit" in deployment.consequential_decisions,
        "clinical": deployment.kind == "clinical_scribe" or "clinical" in deployment.tags,
        "human_gate": any(agent.gate for agent in agents)
        or deployment.autonomy in {"drafts_for_review", "acts_after_approval"},
        "audio": "voice" in profile.data.categories,
    }


_FEATURE_WORDS = {
    "retrieval": "retrieval",
    "tools": "tools that the model can call",
    "agents": "two or more agents",
    "handoffs": "hand-offs between agents",
    "memory": "agent memory",
    "tenants": "more than one tenant",
    "providers": "an outside provider",
    "credit": "credit decisions",
    "clinical": "output that reaches a health record",
    "human_gate": "a human gate",
    "audio": "recorded speech",
}


def catalog_kind(profile: Profile) -> str:
    """The catalogue's nearest reference deployment, for default severities and lead classes."""
    found = tags(profile)
    if "clinical" in found:
        return "clinical_scribe"
    if "lending" in found:
        return "loan_pipeline"
    if "saas" in found or "agentic_tools" in found or "multi_agent" in found:
        return "soc2_saas"
    return "retail_faq_chatbot"


def select(
    profile: Profile, catalog: Catalog
) -> tuple[tuple[tuple[IncidentClass, str], ...], tuple[ClassOut, ...]]:
    """Classes that can happen here, each with the reason, and those that cannot, each with the reason."""
    tagged, have = tags(profile), features(profile)
    inside: list[tuple[IncidentClass, str]] = []
    outside: list[ClassOut] = []
    for class_ in (catalog.classes[key] for key in sorted(catalog.classes)):
        shared = sorted(tagged & set(class_.applies_to))
        lacking = [_FEATURE_WORDS[need] for need in class_.needs if not have[need]]
        if not shared:
            families = words.join((_FAMILY_WORDS.get(tag, tag) for tag in class_.applies_to), "or")
            outside.append(ClassOut(id=class_.id, title=class_.title, reason=f"only in {families}"))
        elif lacking:
            outside.append(
                ClassOut(
                    id=class_.id,
                    title=class_.title,
                    reason=f"this deployment has no {words.join(lacking, 'or')}",
                )
            )
        else:
            needs = [_FEATURE_WORDS[need] for need in class_.needs]
            reason = f"{words.join(tag.replace('_', ' ') for tag in shared)} deployment"
            inside.append((class_, f"{reason} with {words.join(needs)}" if needs else reason))
    return tuple(inside), tuple(outside)


def lead_ids(
    profile: Profile, catalog: Catalog, inside: Sequence[IncidentClass], limit: int
) -> tuple[str, ...]:
    """Classes to print in full: the profile's own choice, else the catalogue's for the kind, up to `limit`."""
    present = {class_.id for class_ in inside}
    chosen = profile.deployment.lead_classes or catalog.leads[catalog_kind(profile)]  # type: ignore[index]
    picked = [class_id for class_id in chosen if class_id in present]
    return tuple(picked if profile.deployment.lead_classes else picked[:limit])


def plan_classes(
    profile: Profile,
    catalog: Catalog,
    stakes: StakesResult,
    bindings: Sequence[Binding],
    trigger_titles: Mapping[str, str],
    implied: Mapping[str, frozenset[str]],
) -> tuple[tuple[PlannedClass, ...], tuple[ClassOut, ...]]:
    """Every applicable class with this client's numbers, leads first in their order, then the rest by severity and id.

    `implied[trigger]` holds the trigger and all that it implies.
    """
    inside, outside = select(profile, catalog)
    leads = lead_ids(profile, catalog, [class_ for class_, _ in inside], stakes.levers.lead_classes)
    planned = [
        _planned(
            class_, reason, class_.id in leads, profile, catalog, stakes, bindings, trigger_titles, implied
        )
        for class_, reason in inside
    ]
    order = {class_id: index for index, class_id in enumerate(leads)}
    planned.sort(key=lambda c: (order.get(c.id, len(order)), c.severity, c.id))
    return tuple(planned), outside


def _planned(
    class_: IncidentClass,
    reason: str,
    lead: bool,
    profile: Profile,
    catalog: Catalog,
    stakes: StakesResult,
    bindings: Sequence[Binding],
    trigger_titles: Mapping[str, str],
    implied: Mapping[str, frozenset[str]],
) -> PlannedClass:
    kind = catalog_kind(profile)
    severity = class_.severity_by_kind.get(kind, class_.severity_default)  # type: ignore[call-overload]
    fields = set(profile.detection.audit_log.fields) if profile.detection.audit_log else set()
    missing = tuple(field for field in class_.log_fields if field not in fields)
    signals = tuple(signal.id for signal in profile.detection.signals if class_.id in signal.classes)
    detectable = bool(signals) or not class_.log_fields or len(missing) < len(class_.log_fields)
    switches, because = _switches(class_, profile)
    roles = Roles(catalog.vocabulary)
    idle = people.without_cause(profile)
    have = features(profile)

    def say(text: str) -> str:
        return _in_their_words(text, kind, catalog)

    return PlannedClass(
        id=class_.id,
        title=class_.title,
        plain=class_.plain,
        family=class_.family,
        definition=say(class_.definition),
        headline=class_.headline,
        severity=severity,
        severity_because="default for this kind of deployment; the severity rules may raise it",
        lead=lead,
        reason=reason,
        triggers=tuple(_worded(plan_trigger(rule, class_.id, profile), say) for rule in class_.triggers),
        signals=signals,
        default_signals=()
        if signals
        else tuple(
            f"{s.name}: {s.metric}, {words.number(s.threshold)} {s.unit}, {s.window}" for s in class_.signals
        ),
        detectable=detectable,
        missing_fields=missing,
        evidence=_evidence(class_, profile, catalog),
        switches=switches,
        switches_because=because,
        contain=tuple(
            sorted(
                (
                    _step(step, say(step.text), severity, switches, profile, catalog, stakes)
                    for step in class_.contain
                    if all(have[need] for need in step.needs)
                ),
                key=lambda step: step.within_minutes,
            )
        ),
        led_by=people.doer(profile, class_.led_by, roles)[1],
        led_by_role=people.doer(profile, class_.led_by, roles)[0],
        eradicate=tuple(say(step) for step in class_.eradicate),
        recover=tuple((say(step.step), say(step.verify)) for step in class_.recover),
        decisions=tuple(
            PlannedDecision(
                id=point.id,
                question=say(point.question),
                role=point.decider,
                who=people.role_words(profile, point.decider, roles),
                if_yes=say(point.if_yes),
                if_no=say(point.if_no),
                within_minutes=point.within_minutes,
            )
            for point in class_.decisions
            if point.decider not in idle
        ),
        duty_questions=tuple(
            PlannedDutyQuestion(
                id=question.id,
                question=say(question.question),
                raises=question.raises,
                trigger_title=trigger_titles[question.raises],
                duties=tuple(
                    b.duty
                    for b in bindings
                    if b.verdict == "binds" and set(b.trigger) & implied[question.raises]
                ),
            )
            for question in class_.duty_questions
        ),
        lookback_unit=say(class_.lookback.unit),
        lookback_starts=say(class_.lookback.starts_at),
        lookback_days=class_.lookback.default_days,
        lookback_method=say(class_.lookback.method),
        lookback_volume=_lookback_volume(class_, profile),
        reversal=tuple(
            PlannedReversal(
                id=item.id,
                effect=say(item.effect),
                undo=item.undo.replace("_", " "),
                by=people.role_words(profile, item.by, roles),
                how=say(item.how),
            )
            for item in class_.reversal
        ),
        gate=_gate(class_, stakes),
        failure_modes=(),
        exercise_inject=class_.exercise_inject,
        refs={key: tuple(value) for key, value in class_.refs.model_dump().items()},
    )


def _in_their_words(text: str, kind: str, catalog: Catalog) -> str:
    """The catalogue's sentence with this deployment's nouns, and other classes by their title instead of their id."""
    if "{" in text:
        for name, word in zip(("person", "people", "output", "outputs", "owner"), _NAMES[kind], strict=True):
            text = text.replace("{" + name + "}", word)
            text = text.replace("{" + name.capitalize() + "}", words.upper_first(word))
        text = re.sub(r"\b([Aa]) (?=(?:answer|applicant|output)\b)", r"\1n ", text)
    if "-" in text:
        text = re.sub(
            r"\b[a-z]+(?:-[a-z]+)+\b",
            lambda m: f'"{catalog.classes[m[0]].title}"' if m[0] in catalog.classes else m[0],
            text,
        )
    return text


def _worded(trigger: PlannedTrigger, say: Callable[[str], str]) -> PlannedTrigger:
    """The trigger with this deployment's nouns in statement and units."""
    parameters = tuple(p.model_copy(update={"unit": say(p.unit)}) for p in trigger.parameters)
    return trigger.model_copy(update={"statement": say(trigger.statement), "parameters": parameters})


def plan_trigger(rule: TriggerRule, class_id: str, profile: Profile) -> PlannedTrigger:
    """The trigger's sentence with the client's numbers, else the stated defaults."""
    own = profile.deployment.class_parameters.get(class_id, {})
    values: dict[str, Decimal] = {
        name: own.get(name, parameter.default) for name, parameter in rule.parameters.items()
    }
    parameters = tuple(
        Parameter(
            name=name,
            value=words.number(values[name]),
            unit=parameter.unit,
            basis="internal" if name in own else rule.basis,
        )
        for name, parameter in rule.parameters.items()
    )
    statement = re.sub(
        r"\{([a-z0-9_-]+)\}", lambda m: _value(values[m[1]], rule.parameters[m[1]].unit), rule.statement
    )
    statement = words.upper_first(_as_said(statement))
    basis = "internal" if rule.parameters and set(rule.parameters) <= set(own) else rule.basis
    return PlannedTrigger(id=rule.id, statement=statement, parameters=parameters, basis=basis)


def _as_said(statement: str) -> str:
    """`one answer` for "1 answer or more", `any event` for "more than 0 events"."""
    statement = re.sub(r"\b1 ([a-z][a-z -]*?) or more\b", r"one \1", statement)
    statement = re.sub(r" (?:by|for) more than 0 (?:percent|minutes)\b", " at all", statement)
    return re.sub(r"\b[Mm]ore than 0 (?:percent of )?([A-Za-z]+?)s?\b(?= )", r"any \1", statement)


def _value(value: Decimal, unit: str) -> str:
    """`24 hours`, `5 percent`; a score stands alone."""
    if unit.startswith(("score", "ratio", "factor", "times")):
        return words.number(value)
    if value == 1 and unit.endswith("s") and not unit.endswith("ss"):
        unit = unit.removesuffix("s")
    return f"{words.number(value)} {unit}"


def _switches(class_: IncidentClass, profile: Profile) -> tuple[tuple[str, ...], str]:
    """The default switch set: the profile's own, else every switch on the rungs that the class uses."""
    own = profile.containment.default_switches.get(class_.id)
    if own:
        return own, "the client's own set"
    rungs = {rung for step in class_.contain for rung in step.rung}
    found = tuple(switch.id for switch in profile.containment.switches if switch.rung in rungs)
    if found:
        return found, f"derived from the rungs {words.join(sorted(rungs))}; choose one set with the client"
    last = max(profile.containment.switches, key=lambda switch: switch.rung)
    return (last.id,), "no switch on the rungs of this class: the strongest one stands in"


def _step(
    step: ContainStep,
    text: str,
    severity: Severity,
    switches: Sequence[str],
    profile: Profile,
    catalog: Catalog,
    stakes: StakesResult,
) -> PlannedStep:
    role, who = people.doer(profile, step.by, Roles(catalog.vocabulary))
    window = None if isinstance(step.within, int) else step.within
    return PlannedStep(
        id=step.id,
        text=text,
        role=role,
        who=who,
        within_minutes=_step_minutes(step.within, severity, catalog, stakes),
        window=window,
        rungs=step.rung,
        evidence=step.evidence,
        switches=tuple(
            s.id for s in profile.containment.switches if s.id in switches and s.rung in step.rung
        ),
    )


def _step_minutes(within: str | int, severity: Severity, catalog: Catalog, stakes: StakesResult) -> int:
    """The minutes of a window of the tier, or the class's own number. Tier windows beat it: what comes first at a
    declaration is never later than containment, and a class's own number never earlier."""
    levers = stakes.levers
    contain = words.minutes(levers.contain_within.value, levers.contain_within.unit)
    if isinstance(within, int):
        return max(within, contain)
    if within == "acknowledge":
        default = next(s.acknowledge_minutes for s in catalog.vocabulary.severity if s.id == severity)
        return min(acknowledge_minutes(severity, default, stakes), contain)
    assess = levers.assess_notice_within
    return contain if within == "contain" else words.minutes(assess.value, assess.unit)


def _evidence(class_: IncidentClass, profile: Profile, catalog: Catalog) -> tuple[PlannedEvidence, ...]:
    """What to save, fastest to vanish first, with where it is here."""
    items = {item.id: item for item in catalog.vocabulary.evidence}
    kept = {retention.evidence: retention for retention in profile.data.retention if retention.evidence}
    have = features(profile)
    found = []
    for key in class_.evidence:
        if key in _NEEDED_FOR and key not in kept and not have[_NEEDED_FOR[key]]:
            continue
        item, here = items[key], kept.get(key)
        found.append(
            PlannedEvidence(
                id=key,
                title=item.title,
                volatility=item.volatility,
                capture=item.capture,
                content=item.content,
                where=here.where if here else None,
                kept_days=here.days if here else None,
                hold=here.hold if here else None,
            )
        )
    return tuple(
        sorted(
            found,
            key=lambda item: (
                item.volatility,
                item.kept_days if item.kept_days is not None else 9999,
                item.id,
            ),
        )
    )


def _lookback_volume(class_: IncidentClass, profile: Profile) -> str | None:
    if profile.volumes is None or class_.lookback.default_days == 0:
        return None
    cases = profile.volumes.per_day * class_.lookback.default_days
    days = words.count(class_.lookback.default_days, "day")
    return f"about {words.number(int(cases))} {profile.volumes.unit} in {days}"


def _gate(class_: IncidentClass, stakes: StakesResult) -> str:
    """The re-enable gate: the class's own sample, never smaller than the tier's exit sample."""
    levers = stakes.levers
    if class_.gate is None:
        return f"{levers.exit_sample}; {levers.restart_words}"
    sample, pass_mark = words.quantity(class_.gate.sample), class_.gate.pass_mark.rstrip(".")
    if class_.gate.sample.value < levers.exit_sample_size:
        sample += f" (tier {stakes.tier} raises this to {levers.exit_sample})"
        bound = words.number(Decimal(300) / levers.exit_sample_size)
        pass_mark = re.sub(r"at most about [\d.]+ percent", f"at most about {bound} percent", pass_mark)
    extra = f"; {words.lower_first(class_.gate.extra.rstrip('.'))}" if class_.gate.extra else ""
    return f"{sample}: {words.lower_first(pass_mark)}{extra}; {levers.restart_words}"


def headlines(
    planned: Sequence[PlannedClass], outside: Sequence[ClassOut], catalog: Catalog
) -> tuple[Headline, ...]:
    """The seven opening triggers, each with its number, or why it cannot happen here."""
    answers = {class_.headline: class_ for class_ in planned if class_.headline}
    reasons = {out.id: out.reason for out in outside}
    result = []
    for key, title in HEADLINES:
        class_ = answers.get(key)
        if class_:
            result.append(
                Headline(
                    id=key,
                    title=title,
                    class_id=class_.id,
                    statement="; or ".join(
                        trigger.statement if not index else words.lower_first(trigger.statement)
                        for index, trigger in enumerate(class_.triggers)
                    ),
                    applicable=True,
                    basis=words.join(sorted({trigger.basis for trigger in class_.triggers})),
                )
            )
        else:
            why = next(
                (reasons[c.id] for c in catalog.classes.values() if c.headline == key and c.id in reasons),
                "no class of the catalogue fits",
            )
            result.append(
                Headline(
                    id=key,
                    title=title,
                    class_id=None,
                    statement=f"Not applicable here because {why}.",
                    applicable=False,
                    basis="judgement",
                )
            )
    return tuple(result)
