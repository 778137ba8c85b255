"""The sections of a new profile about the system: deployment, detection, containment, drills. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.sources import starter_keep as keep
from generator.sources.answers import Answers
from generator.sources.key_paths import get
from generator.sources.starter_lines import Lines, ask, slug
from generator.sources.yaml_text import block


def deployment(answers: Answers, starter: Mapping[str, Any]) -> Lines:
    deployment = get(starter, "deployment") or {}
    data: dict[str, Any] = {
        "id": slug(answers.system.name),
        "name": answers.system.name,
        "purpose": answers.system.purpose,
        "kind": deployment.get("kind", "other"),
    }
    structure = ("tags", "autonomy", "harm_if_wrong", "reversibility", "consequential_decisions")
    lines = [
        "# The AI system. Autonomy, harm and reversibility set the stakes tier: check them first.",
        "deployment:",
    ]
    lines += block(data, 2)
    lines += [f"{line}  # from the starter: check" for line in block(_chosen(deployment, structure), 2)]
    lines += ask(
        "Why that harm, why that reversibility? (harm_because, reversibility_because)",
        "Where do people meet it? (channels)",
        "Is the model hosted by a supplier or by the client? (hosting)",
        "Since when is it live? (live_since)",
    )
    lines += _components(answers)
    if deployment.get("retrieval"):
        lines += ["  retrieval: {}  # the starter has one; remove the key if this system looks nothing up"]
        lines += ask(
            "What does it look things up in, is access checked? (sources, index, access_checked)", indent=4
        )
    lines += ask("Which tools can it call, with which effect? (tools: id, name, effect, what)")
    lines += _pipeline(answers, starter)
    leads = keep.words_of(starter, "deployment.lead_classes.*")
    if leads:
        lines += ["  # Incident classes that the runbook prints in full.", *block({"lead_classes": leads}, 2)]
    items = keep.plain_lines(starter, "deployment.critical_items.*")
    if items:
        lines += [
            "  # Items that must be right in every output. From the starter: check.",
            *block({"critical_items": items}, 2),
        ]
    return lines


def _chosen(data: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: data[key] for key in keys if data.get(key)}


def _components(answers: Answers) -> Lines:
    if answers.model is None:
        return ask("Which parts can change, which version is live, which was the last good one? (components)")
    component: dict[str, Any] = {
        "id": "model",
        "kind": "model",
        "name": answers.model.name,
        "live": answers.model.live,
    }
    if answers.model.previous:
        component["last_good"] = answers.model.previous
    asks = ["Which other parts can change: prompt, index, guardrail, connector, serving image?"]
    if not answers.model.previous:
        asks.insert(0, "Which version was the last good one? (last_good)")
    return [
        "  # Everything that can change, with the version in use and the one to go back to.",
        "  components:",
        *block([component], 4),
        *ask(*asks, indent=4),
    ]


def _pipeline(answers: Answers, starter: Mapping[str, Any]) -> Lines:
    agents = keep.agents(starter, answers.system.name)
    edges = keep.handoffs(starter)
    lines: Lines = []
    if agents:
        lines += [
            "  # Agents in the order of the work. From the starter: rename, remove, describe.",
            "  agents:",
        ]
        lines += block(agents, 4)
        lines += ask(
            "Which tools, limits and switch has each agent? Who must release its work? (gate)", indent=4
        )
    if edges:
        lines += ["  handoffs:", *block(edges, 4)]
        lines += ask(
            "Which fields cross each hand-off, checked how, held where? (fields, checks, hold_queue)",
            indent=4,
        )
    return lines


def volumes() -> Lines:
    return [
        "# volumes:",
        *ask(
            "How much passes through a day, at which peak? (volumes: unit, per_day, peak_per_hour)", indent=0
        ),
    ]


def providers() -> Lines:
    question = "Who supplies the model and the platform, under which agreement, reached how at night?"
    return ["# providers:", *ask(question, indent=0)]


def detection(starter: Mapping[str, Any]) -> Lines:
    signals = keep.signals(starter)
    asks = ask(
        "Which structured log exists, with which fields, kept how long? (audit_log)",
        "Where does each alert go, who answers? (routes, and route: in each signal)",
        "Where do users, staff and researchers report a problem? (report_channels)",
    )
    if not signals:
        return [
            "detection:",
            "  signals: []",
            *ask("Which alerts exist today, with which thresholds? (signals)"),
            *asks,
        ]
    return [
        "# What is measured. Signals and numbers are suggestions of the starter (basis: judgement):",
        "# keep those that the client really measures, and set them on its own baseline.",
        "detection:",
        "  signals:",
        *block(signals, 4),
        *asks,
    ]


def containment(answers: Answers) -> Lines:
    switch: dict[str, Any] = {
        "id": "K1",
        "name": answers.stop.name,
        "stops": f"All of {answers.system.name}",
        "rung": "C6",
    }
    for way in ("command", "console", "manual"):
        value = getattr(answers.stop, way)
        if value:
            switch[way] = list(value) if way == "command" else value
    switch["who"] = ["incident_commander"]
    return [
        "# How it is stopped. One person may always stop it; a second signature is for the restart.",
        "containment:",
        "  switches:",
        *block([switch], 4),
        *ask(
            "Which credential does it need, where is it, who holds it at night? (credential)",
            "How fast does it work, and what shows that it worked? (effect, verify)",
            "How is the same thing done when the console is down? (without_tooling)",
            indent=6,
        ),
        *ask(
            "What can be stopped alone: an agent, a tool, a topic, a customer? (further switches)",
            "How does each component go back, with which proof? (rollback)",
            "What do people do meanwhile, how many of them, how many cases a day? (fallback)",
            "In which steps does it come back, on which sample? (restore)",
        ),
    ]


def rest() -> Lines:
    quarter = {"value": 3, "unit": "months", "basis": "judgement"}
    return [
        "# communication:",
        *ask(
            "Who tells whom, within how long, where do responders meet? (chain, bridge)",
            "Who drafts and who approves each notice? (notices)",
            indent=0,
        ),
        "",
        "# At least once a quarter each; the plan says NEVER DRILLED until the log has an entry.",
        "drills:",
        *block({"stop_every": quarter, "tabletop_every": quarter}, 2),
        *ask("When was the last stop drill, how many seconds did it take? (log)"),
        "",
        "# review, policies, controls, audit, branding:",
        *ask(
            "Who leads the review after an incident, and within how many days? (review; never more than 14)",
            "Which policies and controls of the client stand behind the plan, by its own numbers?",
            indent=0,
        ),
    ]
