"""Rules: an id is there once, and every reference resolves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any

from generator.sources.key_paths import KeyPath, find, get, mappings, strings
from generator.sources.rules_base import Fault, Subject
from generator.sources.validation import did_you_mean


@dataclass(frozen=True, slots=True)
class Reference:
    """Fields that name something of one kind, and where that is listed in the profile."""

    noun: str
    listed: str
    """Pattern of the ids; for `people` and `roles`, the mapping whose keys they are."""
    fields: tuple[str, ...]


_LEVELS = ("warn", "page", "automatic")

REFERENCES = (
    Reference(
        "person",
        "people",
        ("plan.owner", "plan.approver", "plan.revisions.*.by", "roles.*.primary", "roles.*.backup"),
    ),
    Reference(
        "role",
        "roles",
        (
            "deployment.components.*.owner",
            "deployment.agents.*.gate.role",
            "deployment.topics.*.owner",
            "decisions.*.decider",
            "detection.routes.*.role",
            "detection.sampling.*.by",
            "detection.report_channels.*.answered_by",
            "containment.switches.*.who.*",
            "containment.switches.*.credential.holders.*",
            "containment.rollback.*.who.*",
            "containment.restart_signatures.*",
            "communication.chain.*.who",
            "communication.notices.*.drafter",
            "communication.notices.*.approver",
            "communication.notices.*.deputy_approver",
            "communication.spokesperson",
            "communication.law_enforcement.who_calls",
            "review.facilitator",
            "review.attendees.*",
            "review.independent_reader",
            "policies.*.owner",
            "controls.*.owner",
        ),
    ),
    Reference(
        "switch",
        "containment.switches.*.id",
        (
            "deployment.agents.*.switch",
            "deployment.handoffs.*.breaker",
            *(f"detection.signals.*.{level}.switches.*" for level in _LEVELS),
            "containment.default_switches.*.*",
            "containment.fuses.*.switches.*",
            "drills.scenarios.*.switches.*",
            "drills.log.*.switches.*",
        ),
    ),
    Reference(
        "signal",
        "detection.signals.*.id",
        (
            "containment.fuses.*.signal",
            "deployment.agents.*.failure_modes.*.signal",
            "deployment.handoffs.*.failure_modes.*.signal",
        ),
    ),
    Reference("alert route", "detection.routes.*.id", ("detection.signals.*.route",)),
    Reference("component", "deployment.components.*.id", ("containment.rollback.*.component",)),
    Reference(
        "agent",
        "deployment.agents.*.id",
        (
            "deployment.components.*.agent",
            "deployment.agents.*.shares_model_with.*",
            "deployment.handoffs.*.from",
            "deployment.handoffs.*.to",
        ),
    ),
    Reference("tool", "deployment.tools.*.id", ("deployment.agents.*.tools.*",)),
    Reference("provider", "providers.*.id", ("deployment.components.*.provider",)),
    Reference("contract", "contracts.*.id", ("deployment.tenants.*.contract",)),
)

TARGETS = {
    "agent": "deployment.agents.*.id",
    "handoff": "deployment.handoffs.*.id",
    "tool": "deployment.tools.*.id",
    "topic": "deployment.topics.*.id",
    "tenant": "deployment.tenants.*.id",
    "model": "deployment.components.*.id",
}
"""What the target of a switch names, by its scope. Sources and channels have no ids."""

UNIQUE = (
    "client.regulators.*.id",
    *(
        f"deployment.{part}.*.id"
        for part in ("components", "tools", "agents", "handoffs", "design_facts", "topics", "tenants")
    ),
    "deployment.reason_codes.*.code",
    "data.people.*.residence",
    "providers.*.id",
    "contracts.*.id",
    "decisions.*.id",
    "detection.signals.*.id",
    "detection.routes.*.id",
    "containment.switches.*.id",
    "communication.notices.*.notice",
    "drills.scenarios.*.id",
    "policies.*.id",
    "controls.*.id",
)
UNIQUE_WITHIN = (
    ("contracts.*", "clauses.*.id"),
    ("deployment.agents.*", "failure_modes.*.id"),
    ("deployment.handoffs.*", "failure_modes.*.id"),
)


def references_resolve(subject: Subject) -> Iterator[Fault]:
    """Every id that is named exists."""
    data = subject.data
    for reference in REFERENCES:
        known = _listed(data, reference.listed)
        for pattern in reference.fields:
            for path, value in find(data, pattern):
                yield from _unknown(path, value, known, reference.noun, _home(reference.listed))
    for path, switch in mappings(data, "containment.switches.*"):
        listed = TARGETS.get(str(switch.get("scope")))
        if listed and "target" in switch:
            yield from _unknown(
                (*path, "target"), switch["target"], _listed(data, listed), switch["scope"], _home(listed)
            )


def catalogue_names_resolve(subject: Subject) -> Iterator[Fault]:
    """Incident classes, data categories, evidence, triggers, events and calendars are known ones."""
    known, data = subject.known, subject.data
    lists: tuple[tuple[str, Set[str], tuple[str, ...]], ...] = (
        ("incident class", known.classes, (
            "deployment.lead_classes.*",
            "detection.signals.*.classes.*",
            "deployment.agents.*.failure_modes.*.classes.*",
            "deployment.handoffs.*.failure_modes.*.classes.*",
        )),
        ("data category", known.data_categories, ("data.categories.*",)),
        ("evidence item", known.evidence, ("data.retention.*.evidence",)),
        ("trigger", known.triggers, ("contracts.*.clauses.*.triggers.*",)),
        ("calendar", known.calendars, (
                "contracts.*.clauses.*.window.calendar",
                "contracts.*.clauses.*.earlier_of.*.window.calendar",
            )),
        ("place", known.places, (
            "client.seat.place", "client.establishments.*", "data.people.*.residence", "contracts.*.place",
        )),
    )  # fmt: skip
    for noun, words, patterns in lists:
        for pattern in patterns if words else ():
            for path, value in find(data, pattern):
                yield from _unknown(path, value, words, noun)
    yield from _class_keys(subject)
    yield from _duty_names(subject)


def ids_are_unique(subject: Subject) -> Iterator[Fault]:
    """No id is there twice in one list."""
    for pattern in UNIQUE:
        yield from _repeated(find(subject.data, pattern))
    for outer, inner in UNIQUE_WITHIN:
        for path, item in find(subject.data, outer):
            yield from _repeated(((*path, *below), value) for below, value in find(item, inner))


def _class_keys(subject: Subject) -> Iterator[Fault]:
    known = subject.known
    for pattern in ("containment.default_switches", "deployment.class_parameters"):
        for path, value in mappings(subject.data, pattern) if known.classes else ():
            for key in value:
                yield from _unknown((*path, key), key, known.classes, "incident class")
    for path, value in mappings(subject.data, "deployment.class_parameters.*"):
        parameters = known.class_parameters.get(str(path[-1]))
        for key in value if parameters is not None else ():
            yield from _unknown((*path, key), key, parameters or frozenset(), f"parameter of {path[-1]}")


def _duty_names(subject: Subject) -> Iterator[Fault]:
    known, data = subject.known, subject.data
    if not known.duties:
        return
    own = {name for _, contract in mappings(data, "contracts.*") for name in _contract_duties(contract)}
    duties = known.duties | own
    for pattern in ("contracts.*.delegated_duties.*", "contracts.*.clauses.*.after.*"):
        for path, value in find(data, pattern):
            yield from _unknown(path, value, duties, "duty")
    for path, value in find(data, "communication.notices.*.notice"):
        yield from _unknown(path, value, duties | known.notices | {"default"}, "notice, duty or `default`")
    for pattern in ("contracts.*.clauses.*.starts", "contracts.*.clauses.*.earlier_of.*.starts"):
        for path, value in find(data, pattern):
            if isinstance(value, str) and value.startswith("sent:"):
                yield from _unknown(path, value.removeprefix("sent:"), duties, "duty")
            elif known.events:
                yield from _unknown(path, value, known.events, "event")


def _contract_duties(contract: dict[str, Any]) -> Iterator[str]:
    """The names under which a clause of a contract can be meant: alone, or as the duty that it makes."""
    for clause in strings(contract, "clauses.*.id"):
        yield clause
        yield f"contract-{contract.get('id')}-{clause}"


def _listed(data: Any, pattern: str) -> frozenset[str]:
    if "*" in pattern:
        return frozenset(strings(data, pattern))
    return frozenset(get(data, pattern) or ()) if isinstance(get(data, pattern), dict) else frozenset()


def _home(pattern: str) -> str:
    return pattern.removesuffix(".*.id")


def _unknown(path: KeyPath, value: Any, known: Set[str], noun: str, home: str = "") -> Iterator[Fault]:
    if not isinstance(value, str) or value in known:
        return
    article = "an" if noun[0] in "aeiou" else "a"
    what = (
        f"`{value}` is not {article} {noun} of this profile" if home else f"`{value}` is not a known {noun}"
    )
    near = did_you_mean(value, known)
    yield Fault(
        path,
        what,
        near or (f"name one that is listed under `{home}`, or add it there" if home else _some(known)),
    )


def _some(known: Iterable[str]) -> str:
    names = sorted(known)
    listed = ", ".join(names[:12])
    return f"use one of: {listed}" + (f" ... ({len(names)} in all)" if len(names) > 12 else "")


def _repeated(values: Iterable[tuple[KeyPath, Any]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, value in values:
        if not isinstance(value, str):
            continue
        if value in seen:
            yield Fault(path, f"`{value}` is there twice", "keep one, or rename it")
        seen.add(value)
