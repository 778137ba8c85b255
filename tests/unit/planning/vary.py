"""A profile with some values changed, and its plan: what every test of planning starts from."""

from __future__ import annotations

import copy
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from generator.model.plan import Binding, Plan, PlannedClass
from generator.model.profile import Profile
from generator.planning.build import Sources, build_plan
from generator.sources.profiles import load_profile
from generator.workflows.plans import known, sources

ROOT = Path(__file__).resolve().parents[3]
REMOVED = object()
"""Stands for a key that is taken out."""


@cache
def profile(name: str = "minimal") -> Profile:
    """A shipped profile by the name of its file, or `minimal`: the least that builds a pack."""
    folder = "tests/data" if name == "minimal" else "profiles"
    return load_profile(ROOT / folder / f"{name}.yaml", known()).profile


def vary(base: Profile, changes: dict[str, Any]) -> Profile:
    """`base` with the values at dotted paths replaced. Lists are entered by index or by the item's `id`."""
    data = base.model_dump(mode="json", by_alias=True, exclude_none=True)
    for path, value in changes.items():
        _set(data, path.split("."), value)
    return Profile.model_validate_json(json.dumps(data), strict=True)


def _set(data: Any, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        data = data.setdefault(part, {}) if isinstance(data, dict) else data[_index(data, part)]
    last: Any = path[-1] if isinstance(data, dict) else _index(data, path[-1])
    if value is REMOVED:
        del data[last]
    else:
        data[last] = copy.deepcopy(value)


def _index(items: list[Any], part: str) -> int:
    if part.isdigit():
        return int(part)
    return next(index for index, item in enumerate(items) if item.get("id") == part)


def plan(
    base: Profile | str = "minimal",
    changes: dict[str, Any] | None = None,
    *,
    as_of: date | None = None,
    given: Sources | None = None,
) -> Plan:
    """The plan of a profile with some values changed."""
    start = profile(base) if isinstance(base, str) else base
    changed = vary(start, changes) if changes else start
    return build_plan(changed, given or sources(), as_of or changed.plan.effective)


def binding(made: Plan, duty: str) -> Binding:
    """The plan's binding on a duty."""
    return next(b for b in made.bindings if b.duty == duty)


def planned_class(made: Plan, key: str) -> PlannedClass:
    """The plan's class of that id."""
    return next(c for c in made.classes if c.id == key)


def switch(identifier: str = "K1", **more: Any) -> dict[str, Any]:
    """The least that is a switch."""
    return {
        "id": identifier,
        "name": f"Switch {identifier}",
        "stops": "All answers",
        "rung": "C6",
        "manual": "Call the agency.",
        "who": ["incident_commander"],
        **more,
    }


def clause(identifier: str = "notice", **more: Any) -> dict[str, Any]:
    """The least that is a notice clause with a window of 24 hours."""
    return {
        "id": identifier,
        "triggers": ["personal_data_breach"],
        "starts": "aware",
        "starts_words": "We become aware of a breach",
        "window": {"value": 24, "unit": "hours"},
        "clause": "7.2: within the window",
        **more,
    }


def contract(identifier: str = "acme", *clauses: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A customer's contract with these clauses."""
    return {
        "id": identifier,
        "kind": "services",
        "counterparty": f"Customer {identifier}",
        "signed": "2026-01-05",
        "clauses": list(clauses or (clause(),)),
        **more,
    }
