"""The catalogue's files -> one checked value. Later folders lie over earlier ones (a firm's over ours)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from generator.errors import InvalidInput, Problem, SourceRef
from generator.model.base import Frozen, Line
from generator.model.catalog import (
    ON_CALL,
    Catalog,
    GapRule,
    IncidentClass,
    KitRule,
    LeadChoice,
    SeedFailureMode,
    Stakes,
    Vocabulary,
)
from generator.paths import data_folder
from generator.sources.key_paths import KeyPath, dotted, find, mappings, strings
from generator.sources.references import load_references, unknown_refs
from generator.sources.rules_base import nearest
from generator.sources.validation import did_you_mean, validate, validate_each
from generator.sources.yaml_source import read_yaml_file

M = TypeVar("M", bound=BaseModel)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class PlaceEntry(Frozen):
    """A place with its name and the time zone of most people there."""

    name: Line
    zone: Line


class PlaceGroups(Frozen):
    """catalog/places.yaml: groups of places, and names of what is no single place."""

    schema_: int = Field(default=1, alias="schema")
    groups: dict[str, tuple[str, ...]] = {}
    names: dict[str, Line] = {}
    zones: dict[str, Line] = {}


class PlaceZones(Frozen):
    """catalog/place_zones.yaml."""

    schema_: int = Field(default=1, alias="schema")
    places: dict[str, PlaceEntry]


@dataclass(frozen=True, slots=True)
class _File:
    """One file as read."""

    path: Path
    data: Any
    places: Mapping[KeyPath, SourceRef]

    def problem(self, path: KeyPath, what: str, mend: str = "") -> Problem:
        return Problem(nearest(path, self.places), dotted(path), what, mend)


def load_catalog(folders: Sequence[Path] = ()) -> Catalog:
    """The catalogue in `folders` (default: the shipped one). Raises InvalidInput with every problem."""
    reader = _Reader(tuple(folders) or (data_folder("catalog"),))
    classes = reader.classes()
    vocabulary = reader.one("vocabulary.yaml", Vocabulary)
    stakes = reader.one("stakes.yaml", Stakes)
    modes = reader.many("failure_modes.yaml", SeedFailureMode)
    leads = reader.many("leads.yaml", LeadChoice)
    gaps = reader.many("gaps.yaml", GapRule)
    kit = reader.many("kit.yaml", KitRule)
    groups = reader.one("places.yaml", PlaceGroups)
    zones = reader.one("place_zones.yaml", PlaceZones)
    references = load_references(reader.folders, reader.problems)
    for file in reader.class_files.values():
        reader.problems += unknown_refs(file.data, file.places, references)
    reader.cross_check()
    if reader.problems or not (vocabulary and stakes and groups and zones):
        raise InvalidInput(reader.problems)
    return Catalog(
        classes=classes,
        stakes=stakes,
        vocabulary=vocabulary,
        failure_modes=modes,
        leads={choice.kind: choice.classes for choice in leads},
        places={**{code: entry.name for code, entry in zones.places.items()}, **groups.names},
        place_groups=groups.groups,
        gaps=gaps,
        kit=kit,
        references=references,
    )


def load_place_zones(folders: Sequence[Path] = ()) -> dict[str, PlaceEntry]:
    """Every place with its name and its time zone, for questions to a person."""
    reader = _Reader(tuple(folders) or (data_folder("catalog"),))
    zones = reader.one("place_zones.yaml", PlaceZones)
    if zones is None:
        raise InvalidInput(reader.problems)
    return zones.places


class _Reader:
    """One reading of all files; problems are gathered, not raised."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self.problems: list[Problem] = []
        self.files: dict[str, _File] = {}
        self.class_files: dict[str, _File] = {}

    def classes(self) -> dict[str, IncidentClass]:
        """Incident classes by id, sorted; a later folder's class replaces an earlier one of that id."""
        found: dict[str, IncidentClass] = {}
        for path in (
            path for folder in self.folders for path in sorted((folder / "incidents").glob("*.yaml"))
        ):
            file = self._read(path)
            entry = self._try(validate, IncidentClass, file)
            if file is None or entry is None:
                continue
            if entry.id != path.stem:
                self.problems.append(
                    file.problem(("id",), f"`{entry.id}` is in the file {path.name}", "rename one")
                )
            found[entry.id] = entry
            self.class_files[entry.id] = file
        return dict(sorted(found.items()))

    def one(self, name: str, model: type[M]) -> M | None:
        """The file of that name in the last folder that has it."""
        found: M | None = self._try(validate, model, self._newest(name))
        return found

    def many(self, name: str, model: type[M]) -> tuple[M, ...]:
        """A file that holds a list of entries, alone or under one key."""
        return self._try(validate_each, model, self._newest(name)) or ()

    def _newest(self, name: str) -> _File | None:
        paths = [folder / name for folder in self.folders if (folder / name).is_file()]
        if not paths:
            place = SourceRef(self.folders[-1] / name)
            self.problems.append(Problem(place, "", "there is no such file", "the catalogue needs it"))
            return None
        file = self._read(paths[-1])
        if file:
            self.files[name] = file
        return file

    def _read(self, path: Path) -> _File | None:
        try:
            data, places = read_yaml_file(path)
        except InvalidInput as error:
            self.problems += error.problems
            return None
        return _File(path, data, places)

    def _try(self, build: Callable[..., Any], model: type[M], file: _File | None) -> Any:
        if file is None:
            return None
        try:
            return build(model, file.data, file.places)
        except InvalidInput as error:
            self.problems += error.problems
            return None

    def cross_check(self) -> None:
        """Every name that a file uses is defined in another."""
        words = self.files.get("vocabulary.yaml")
        if words is None:
            return
        fields = {*strings(words.data, "log_fields.*.id"), *strings(words.data, "standard_fields.*.id")}
        roles = set(strings(words.data, "roles.*.id"))
        classes = set(self.class_files)
        lists = (
            ("evidence item", set(strings(words.data, "evidence.*.id")), ("evidence.*",)),
            ("role", roles, ("decisions.*.decider", "reversal.*.by")),
            ("role", roles | {ON_CALL}, ("contain.*.by.*", "led_by.*")),
            ("log field", fields, ("log_fields.*", "signals.*.fields.*")),
            ("trigger", set(self._triggers()), ("duty_questions.*.raises",)),
            ("incident class", classes, ("related.*",)),
        )
        for file in self.class_files.values():
            for noun, known, patterns in lists:
                self._known(file, patterns, known, noun)
            self.problems += _placeholders(file)
        for name, patterns in (("failure_modes.yaml", ("*.classes.*",)), ("leads.yaml", ("*.classes.*",))):
            if name in self.files:
                self._known(self.files[name], patterns, classes, "incident class")
        if "failure_modes.yaml" in self.files:
            self._known(self.files["failure_modes.yaml"], ("*.log_field",), fields, "log field")

    def _triggers(self) -> Iterator[str]:
        for folder in self.folders:
            file = self._read(folder / "triggers.yaml") if (folder / "triggers.yaml").is_file() else None
            yield from strings(file.data, "*.id") if file else ()

    def _known(self, file: _File, patterns: Iterable[str], known: Set[str], noun: str) -> None:
        for pattern in patterns:
            for path, value in find(file.data, pattern):
                if isinstance(value, str) and value not in known:
                    what = f"`{value}` is not a known {noun}"
                    self.problems.append(
                        file.problem(path, what, did_you_mean(value, known) or "define it first")
                    )


def _placeholders(file: _File) -> Iterator[Problem]:
    """Every `{name}` of a trigger has a parameter, and every parameter is used."""
    for path, trigger in mappings(file.data, "triggers.*"):
        statement, parameters = trigger.get("statement"), trigger.get("parameters", {})
        if not isinstance(statement, str) or not isinstance(parameters, dict):
            continue
        used = set(_PLACEHOLDER.findall(statement))
        for name in sorted(used - set(parameters)):
            yield file.problem(
                (*path, "statement"), f"`{{{name}}}` has no parameter", "add it under `parameters`"
            )
        for name in sorted(set(parameters) - used):
            yield file.problem(
                (*path, "parameters", name), f"`{name}` is not in the statement", "use it, or remove it"
            )
