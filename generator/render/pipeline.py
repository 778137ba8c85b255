"""What a pipeline consists of, for its drawing and in words: agents, hand-offs, gates, breakers, stops. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Data = Mapping[str, Any]


def pipeline_words(plan: Data, agents: Sequence[Data]) -> str:
    """The whole pipeline in sentences: what the drawing says, for those who cannot see it."""
    names = {agent["id"]: agent["name"] for agent in agents}
    parts = [f"Pipeline of {len(agents)} agents: {', '.join(names.values())}"]
    if stop := main_switch(plan):
        parts.append(f"{stop['id']} ({stop['name']}) stops: {stop['stops']}")
    for agent in agents:
        said = [f"switch {agent['switch']}, {alone(agent)}" if agent["switch"] else "no switch of its own"]
        if gate := agent["gate"]:
            said.append(f"human gate {gate_title(plan, gate)}: {gate['releases']}")
        for edge in handoffs(plan, names):
            if edge["from"] == agent["id"]:
                target = names.get(edge["to"]) or f"{edge['to_outside']} (outside)"
                by = f"through breaker {edge['breaker']}" if edge["breaker"] else "without a breaker"
                said.append(f"hands over to {target} {by}")
        parts.append(f"{agent['name']}: {'; '.join(said)}")
    return " ".join(f"{part.rstrip('.')}." for part in parts)


def handoffs(plan: Data, agents: Mapping[str, Any]) -> list[Data]:
    """The hand-offs that start at an agent and lead somewhere."""
    return [
        edge
        for edge in plan["deployment"]["handoffs"]
        if edge["from"] in agents and (edge["to"] in agents or edge["to_outside"])
    ]


def main_switch(plan: Data) -> Data | None:
    """The switch that stops the most."""
    found = (entry["switch"] for entry in plan["switches"] if entry["switch"]["id"] == plan["main_switch"])
    return next(found, None)


def gate_title(plan: Data, gate: Data) -> str:
    """Who stands at a gate."""
    known = plan["contacts"].get(gate["role"])
    return str(known["title"] if known else gate["role"].replace("_", " ").replace("-", " "))


def alone(agent: Data) -> str:
    """What an agent's own switch does to the others."""
    return {True: "the rest can run", False: "cannot be cut alone", None: "alone: not stated"}[
        agent["can_be_cut_alone"]
    ]
