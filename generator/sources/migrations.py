"""Older profiles brought to today's schema, one step at a time. There is none to bring yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.errors import InvalidInput, Problem
from generator.sources.tree import Node

SCHEMA = 1
"""The schema that this version writes and understands."""

Migration = Callable[[Node], Node]
MIGRATIONS: Mapping[int, Migration] = {}
"""Schema number -> the step to the next one. Steps keep the places, so that messages point at the
user's own lines."""


def migrate(root: Node, *, newest: int = SCHEMA, steps: Mapping[int, Migration] = MIGRATIONS) -> Node:
    """The same file in schema `newest`. Raises InvalidInput for a missing, newer or unknown number."""
    stated = root.value.get("schema")
    if stated is None:
        raise InvalidInput(
            [Problem(root.where, "schema", "is missing", f"write `schema: {newest}` at the top")]
        )
    number, where = stated.value, stated.where
    if not isinstance(number, int) or isinstance(number, bool):
        raise InvalidInput([Problem(where, "schema", "must be a whole number", f"write `schema: {newest}`")])
    if number > newest:
        what = f"{number} is newer than {newest}, the newest that this airplan knows"
        raise InvalidInput([Problem(where, "schema", what, "update airplan")])
    for step in range(number, newest):
        if step not in steps:
            what = f"there is no way from {step} to {step + 1}"
            raise InvalidInput(
                [Problem(where, "schema", what, f"write the file anew with `schema: {newest}`")]
            )
        moved = steps[step](root)
        root = Node({**moved.value, "schema": Node(step + 1, where)}, moved.where)
    return root
