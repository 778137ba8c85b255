"""What still comes from an example: addresses under `.example`, telephone numbers set aside for fiction,
and facts equal to those of a shipped starter. A pack with any of them is a DRAFT. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.sources import phones
from generator.sources.key_paths import KeyPath, dotted, find, walk
from generator.sources.profiles import LoadedProfile

_EXAMPLE = re.compile(
    r"(?:[A-Za-z0-9-]+\.)*(?:example|test|invalid)\b(?=$|[/:\s,;)>\"'])"
    r"|\bexample\.(?:com|org|net|edu)\b",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\.(?:example|test|invalid)\b|example\.(?:com|org|net|edu)", re.IGNORECASE)

STARTER_FACTS = (
    "client.name",
    "client.legal_name",
    "client.seat.city",
    "client.seat.address",
    "deployment.name",
    "deployment.purpose",
    "deployment.components.*.live",
    "deployment.components.*.last_good",
    "deployment.tenants.*.name",
    "providers.*.name",
    "contracts.*.counterparty",
    "contracts.*.reference",
    "people.*.name",
    "people.*.email",
    "people.*.phone",
    "roles.*.rota.name",
    "roles.*.rota.schedule",
    "containment.switches.*.command_where",
    "containment.switches.*.console",
    "containment.switches.*.manual",
    "containment.switches.*.credential.where",
    "communication.bridge",
    "communication.reply_contact",
    "detection.audit_log.store",
    "drills.log.*.scenario",
    "policies.*.title",
    "controls.*.title",
)
"""Values that only one client can have. Equal to the starter's, they were never thought about."""


def leftovers(
    loaded: LoadedProfile, starters: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[tuple[str, str], ...]:
    """(key path, what is left over), in the order of the file.

    `starters`: the raw data of the shipped profiles by name. Only those of the same kind of deployment
    are compared, and a shipped profile is never compared with itself.
    """
    found = dict(_examples(loaded.raw))
    for path, words in _unchanged(loaded.raw, starters or {}):
        found.setdefault(path, words)
    order = {path: number for number, (path, _) in enumerate(walk(loaded.raw))}
    return tuple((dotted(path), found[path]) for path in sorted(found, key=lambda path: order[path]))


def _examples(data: Any) -> Iterator[tuple[KeyPath, str]]:
    for path, value in walk(data):
        if not isinstance(value, str):
            continue
        if str(path[-1]).endswith("phone") and phones.is_fictional(value):
            yield path, f"`{value}` is a number set aside for fiction"
        elif _DOTTED.search(value) and (match := _EXAMPLE.search(value)):
            yield path, f"`{match[0]}` is an address for examples"


def _unchanged(data: Any, starters: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[KeyPath, str]]:
    kind = next((value for _, value in find(data, "deployment.kind")), None)
    for name, starter in sorted(starters.items()):
        same_kind = any(value == kind for _, value in find(starter, "deployment.kind"))
        if not same_kind or starter == data:
            continue
        for pattern in STARTER_FACTS:
            theirs = {value for _, value in find(starter, pattern) if isinstance(value, str)}
            for path, value in find(data, pattern):
                if isinstance(value, str) and value in theirs:
                    yield path, f"the same as in the starter {name}"
