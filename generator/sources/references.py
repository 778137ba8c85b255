"""catalog/frameworks and catalog/controls -> checked reference data. Later folders lie over earlier, by file name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from generator.errors import InvalidInput, Problem, SourceRef
from generator.model.references import (
    CriteriaGroup,
    CriteriaSet,
    Framework,
    PhiKind,
    PlanPart,
    References,
    RejectedId,
)
from generator.sources.key_paths import KeyPath, dotted, find
from generator.sources.rules_base import nearest
from generator.sources.validation import did_you_mean, validate, validate_each
from generator.sources.yaml_source import read_yaml_file

M = TypeVar("M", bound=BaseModel)
_LISTS = {"reject.yaml", "parts.yaml", "groups.yaml", "phi.yaml"}


def load_references(folders: Sequence[Path], problems: list[Problem]) -> References:
    """The reference data of the catalogue folders. What is wrong is added to `problems`."""
    frameworks = _each(_files(folders, "frameworks"), Framework, problems)
    lists = {path.name: path for path in _files(folders, "frameworks", "controls", lists=True)}
    criteria_files = _files(folders, "controls")
    parts = _list(lists.get("parts.yaml"), PlanPart, problems)
    found = References(
        frameworks=frameworks,
        rejected=_list(lists.get("reject.yaml"), RejectedId, problems),
        parts=parts,
        criteria=_each(criteria_files, CriteriaSet, problems),
        groups=_list(lists.get("groups.yaml"), CriteriaGroup, problems),
        phi=_list(lists.get("phi.yaml"), PhiKind, problems),
    )
    known = {part.id for part in parts}
    for path in criteria_files:
        problems += _unknown_parts(path, known)
    return found


def unknown_refs(data: Any, places: Mapping[KeyPath, SourceRef], references: References) -> Iterator[Problem]:
    """Ids of an incident class that the committed framework data does not have, or that must not be printed."""
    rejected = [(re.compile(entry.pattern), entry.why) for entry in references.rejected]
    for framework in references.frameworks:
        known = {entry.id for entry in framework.entries}
        for path, value in find(data, f"refs.{framework.id}.*"):
            why = next((why for pattern, why in rejected if pattern.search(str(value))), None)
            if why:
                yield Problem(nearest(path, places), dotted(path), f"`{value}` must not be used", why)
            elif value not in known:
                yield Problem(
                    nearest(path, places),
                    dotted(path),
                    f"`{value}` is not in catalog/frameworks ({framework.short} {framework.edition})",
                    did_you_mean(str(value), known) or "add it with where it was checked",
                )


def _unknown_parts(path: Path, known: set[str]) -> Iterator[Problem]:
    try:
        data, places = read_yaml_file(path)
    except InvalidInput:
        return  # said where the file is validated
    for key, value in find(data, "entries.*.parts.*"):
        if value not in known:
            yield Problem(
                nearest(key, places),
                dotted(key),
                f"`{value}` is no part of a plan",
                did_you_mean(str(value), known) or "add it to catalog/controls/parts.yaml",
            )


def _files(folders: Sequence[Path], *names: str, lists: bool = False) -> tuple[Path, ...]:
    """The files of these subfolders, sorted by name; the last folder's file of a name counts."""
    found = {
        (name, path.name): path
        for name in names
        for folder in folders
        for path in sorted((folder / name).glob("*.yaml"))
        if (path.name in _LISTS) == lists
    }
    return tuple(found[key] for key in sorted(found))


def _each(paths: Sequence[Path], model: type[M], problems: list[Problem]) -> tuple[M, ...]:
    """One value of each file."""
    found = []
    for path in paths:
        try:
            data, places = read_yaml_file(path)
            found.append(validate(model, data, places))
        except InvalidInput as error:
            problems += error.problems
    return tuple(found)


def _list(path: Path | None, model: type[M], problems: list[Problem]) -> tuple[M, ...]:
    """A file that holds a list of entries."""
    if path is None:
        return ()
    try:
        data, places = read_yaml_file(path)
        return tuple(validate_each(model, data, places))
    except InvalidInput as error:
        problems += error.problems
        return ()
