"""Warnings about data of affected people in the words of a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from generator.incidents.personal import personal
from generator.workflows.incidents import Incident


def personal_remarks(incident: Incident, words: Iterable[str | None]) -> tuple[str, ...]:
    """A line for each thing in `words` that looks like data of a person. Addresses of the plan are known."""
    text = "\n".join(word for word in words if word)
    own = json.dumps(incident.plan, ensure_ascii=False) if "@" in text else ""
    where = f"{incident.folder}/record.yaml and {incident.folder}/history/"
    return tuple(
        f"the words seem to hold {what}: a record keeps no data of affected people; take it out of {where}"
        for what in dict.fromkeys(personal(text, own))
    )


def all_remarks(incident: Incident) -> tuple[str, ...]:
    """The same for everything that the record says."""
    return personal_remarks(incident, _texts(incident.record.model_dump(mode="json", exclude={"binds"})))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
