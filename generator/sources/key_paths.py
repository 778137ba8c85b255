"""Looking into plain data by patterns such as `deployment.agents.*.tools.*`. Tolerant: what is not there,
or is of another form, is simply not found, so that rules can run over a file with other faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

KeyPath = tuple[str | int, ...]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def find(data: Any, pattern: str) -> Iterator[tuple[KeyPath, Any]]:
    """Every value that `pattern` names, with its key path. `*` stands for any key or index."""
    return _find(data, tuple(pattern.split(".")) if pattern else (), ())


def _find(data: Any, steps: tuple[str, ...], path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    if not steps:
        yield path, data
        return
    step, rest = steps[0], steps[1:]
    if step == "*":
        for key, value in children(data):
            yield from _find(value, rest, (*path, key))
    elif isinstance(data, dict) and step in data:
        yield from _find(data[step], rest, (*path, step))


def children(data: Any) -> Iterator[tuple[str | int, Any]]:
    """Keys and values of a mapping, indices and items of a list, nothing of a scalar."""
    if isinstance(data, dict):
        yield from data.items()
    elif isinstance(data, list):
        yield from enumerate(data)


def walk(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value in `data` that is no mapping and no list, with its key path."""
    if isinstance(data, dict | list):
        for key, value in children(data):
            yield from walk(value, (*path, key))
    else:
        yield path, data


def mappings(data: Any, pattern: str) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Like `find`, only the values that are mappings."""
    return ((path, value) for path, value in find(data, pattern) if isinstance(value, dict))


def get(data: Any, pattern: str) -> Any:
    """The one value at a path without `*`, or None."""
    return next((value for _, value in find(data, pattern)), None)


def strings(data: Any, pattern: str) -> list[str]:
    """The values that are text."""
    return [value for _, value in find(data, pattern) if isinstance(value, str)]


def day(value: Any) -> date | None:
    """A date as the model reads it, or None."""
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def number(value: Any) -> float | None:
    """A number, or None; a flag is no number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def dotted(path: KeyPath) -> str:
    """`people.0.phone`."""
    return ".".join(map(str, path))
