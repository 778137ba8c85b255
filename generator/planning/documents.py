"""Which documents this plan has: those of the registry whose part of the plan holds something."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.document import DocumentSpec
from generator.model.plan import DocumentInfo, Plan


def planned_documents(plan: Plan, specs: Sequence[DocumentSpec]) -> tuple[DocumentInfo, ...]:
    """The plan's documents in the order of the registry; `for_each` entries come last, one for each item."""
    single = [
        DocumentInfo(id=spec.id, file=spec.file, title=spec.title, audience=spec.audience)
        for spec in specs
        if spec.for_each is None and _is_there(plan, spec.needs)
    ]
    each = [
        DocumentInfo(id=n.id, file=f"{spec.file}/{n.id}", title=n.title, audience=n.audience)
        for spec in specs
        if spec.for_each is not None
        for n in plan.notices
    ]
    return (*single, *each)


def _is_there(plan: Plan, path: str | None) -> bool:
    """Whether a dotted path of the plan leads to something that is not empty."""
    if path is None:
        return True
    value: object = plan
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else getattr(value, name)
        if value is None:
            return False
    return bool(value) if isinstance(value, tuple | dict | str) else True
