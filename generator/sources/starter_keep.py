"""What a starter may hand on to a new profile: structure, never a fact of its invented client. Pure.

A sentence is handed on only when nothing in it looks like a fact: no name of a person, company, place or
product, no date, price, address or long number. Rather too much is left out than one invented fact kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.sources.key_paths import find, mappings, strings

_NAMES = (
    "client.name",
    "client.legal_name",
    "client.seat.city",
    "people.*.name",
    "providers.*.name",
    "providers.*.model",
    "contracts.*.counterparty",
    "deployment.name",
    "deployment.tenants.*.name",
    "roles.*.rota.name",
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*", re.UNICODE)
_FACT = re.compile(
    r"\d{4,}|\d{4}-\d{2}|\d+\.\d+\.\d+|[$€£]|\b(?:EUR|USD|GBP)\b|@|https?:|\.example\b|\+\d"
    r"|\b[A-Z]{1,4}-[A-Z0-9]+\b|§",
)
_COMMON = frozenset([
    "The", "And", "Inc", "Ltd", "LLC", "PLC", "Company",
    "Answers", "Assistant", "Bank", "Business", "Care", "Clinic", "Clinical", "Compact", "Company",
    "Connector", "Customer", "Customers", "Data", "Decision", "Deputy", "Desk", "Documentation",
    "Drafting", "Duty", "Email", "Engineering", "Filter", "Financial", "Gateway", "Group",
    "Guardrail", "Health", "Hospital", "Index", "Input", "Insurance", "Intake", "Lead", "Legal",
    "Limited", "List", "Loan", "Main", "Medical", "Model", "National", "Network", "Notes", "Office",
    "Officer", "Online", "Output", "Partners", "Phone", "Platform", "Policy", "Privacy", "Prompt",
    "Quality", "Recognition", "Record", "Review", "Rights", "Search", "Security", "Service",
    "Services", "Shop", "Speech", "State", "Support", "System", "Systems", "Table", "Team",
    "Templates", "Underwriting", "Web",
])  # fmt: skip
_ACRONYM = re.compile(r"(?:[A-Z]{2,5}s?|I|Reg|FICO)")


def invented(starter: Mapping[str, Any]) -> frozenset[str]:
    """The words that only this starter's client, people, suppliers and products have."""
    words = {
        word
        for pattern in _NAMES
        for text in strings(starter, pattern)
        for word in _WORD.findall(text)
        if len(word) > 2 and word[0].isupper()
    }
    return frozenset(words - _COMMON)


def is_structure(text: str, names: frozenset[str], *, digits: bool = True) -> bool:
    """True when a sentence tells nothing about one client. `digits`: small numbers are fine (thresholds)."""
    if _FACT.search(text) or (not digits and re.search(r"\d", text)):
        return False
    words = _WORD.findall(text)
    if any(word in names for word in words):
        return False
    return not any(word[0].isupper() and not _ACRONYM.fullmatch(word) for word in words[1:])


def agents(starter: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The agents in pipeline order: who hands what to whom, without tools, limits and versions.

    A single agent is the new system itself and takes `name`.
    """
    names = invented(starter)
    found = [
        agent for _, agent in mappings(starter, "deployment.agents.*") if isinstance(agent.get("id"), str)
    ]
    kept: list[dict[str, Any]] = []
    for number, agent in enumerate(found, 1):
        title, role = str(agent.get("name", "")), str(agent.get("role", ""))
        entry: dict[str, Any] = {
            "id": agent_ids(starter)[agent["id"]],
            "name": title if len(found) > 1 and is_structure(title, names) else name,
            "role": role if is_structure(role, names, digits=False) else "Not yet described",
        }
        if len(found) > 1 and entry["name"] == name:
            entry["name"] = f"{name}, step {number}"
        for key in ("inputs", "outputs"):
            texts = [text for text in strings(agent, f"{key}.*") if is_structure(text, names, digits=False)]
            entry |= {key: texts} if texts else {}
        kept.append(entry)
    return kept


def agent_ids(starter: Mapping[str, Any]) -> dict[str, str]:
    """The starter's agent ids and what they are called from now on: invented names become `agent-1` ..."""
    lower = {name.lower() for name in invented(starter)}
    ids = strings(starter, "deployment.agents.*.id")
    return {
        own: f"agent-{number}" if set(re.split(r"[._-]", own)) & lower else own
        for number, own in enumerate(ids, 1)
    }


def handoffs(starter: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Which agent hands to which."""
    names, ids = invented(starter), agent_ids(starter)
    kept: list[dict[str, Any]] = []
    for _, edge in mappings(starter, "deployment.handoffs.*"):
        start, end = ids.get(str(edge.get("from"))), ids.get(str(edge.get("to")))
        if start is None:
            continue
        outside = str(edge.get("to_outside", ""))
        words = outside if is_structure(outside, names, digits=False) else "A person or system outside"
        kept.append(
            {"id": f"{start}-to-{end}", "from": start, "to": end}
            if end
            else {"id": f"{start}-to-outside-{len(kept) + 1}", "from": start, "to_outside": words}
        )
    return kept


def signals(starter: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Signals as suggestions: what is measured, thresholds marked as judgement. No alert, no baseline."""
    names = invented(starter)
    kept: list[dict[str, Any]] = []
    for _, signal in mappings(starter, "detection.signals.*"):
        texts = [signal.get(key) for key in ("title", "metric", "unit")]
        if not all(isinstance(text, str) and is_structure(text, names) for text in texts):
            continue
        if not is_structure(str(signal.get("id", "")).replace("-", " "), names):
            continue
        entry: dict[str, Any] = {
            key: signal[key] for key in ("id", "title", "metric", "unit", "direction") if key in signal
        }
        window = signal.get("window")
        if not isinstance(window, dict):
            continue
        entry["window"] = {"value": window.get("value"), "unit": window.get("unit"), "basis": "judgement"}
        for level in ("warn", "page"):
            if isinstance(signal.get(level), dict):
                entry[level] = {"at": signal[level].get("at"), "basis": "judgement"}
        entry |= {key: signal[key] for key in ("smallest_sample", "classes", "covers") if key in signal}
        kept.append(entry)
    return kept


def plain_lines(starter: Mapping[str, Any], pattern: str) -> list[str]:
    """The lines at `pattern` that tell nothing about one client."""
    names = invented(starter)
    return [text for text in strings(starter, pattern) if is_structure(text, names, digits=False)]


def words_of(starter: Mapping[str, Any], pattern: str) -> list[str]:
    """Values of a closed list, as they are."""
    return [value for _, value in find(starter, pattern) if isinstance(value, str)]
