"""Loads the law book from folders: regulations, authorities, calendars, and the closed lists they use.

Later folders are laid over earlier ones: a regulation or an entry with the same id replaces ours.
Within one folder an id may stand once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any, TypeVar

from pydantic import BaseModel

from generator.errors import InvalidInput, LawGap, Problem, SourceRef, UsageProblem
from generator.model.conditions import FactDefinition
from generator.model.law import Authority, Duty, NamedWords, Regulation, Trigger
from generator.model.lawbook import FactRegistry, LawBook, PlaceNames
from generator.sources import lawbook_cache
from generator.sources.law_folders import CalendarShelf, LawFolders, load_calendar, load_calendars, shown_path
from generator.sources.lawbook_cache import StoredBook, StoredPlace
from generator.sources.lawbook_checks import Located, check_book
from generator.sources.validation import did_you_mean, validate, validate_each
from generator.sources.yaml_source import read_text_file, read_yaml, read_yaml_file

__all__ = [
    "CalendarShelf",
    "LawFolders",
    "duty_ids",
    "load_calendar",
    "load_calendars",
    "load_duty",
    "load_lawbook",
    "load_registry",
]

M = TypeVar("M", bound=BaseModel)
_APART = frozenset({"authorities", "calendars"})
"""Sub-folders of a regulations folder that hold no regulations."""


def load_lawbook(folders: LawFolders | None = None) -> LawBook:
    """The whole law book, checked. Raises InvalidInput with every problem of every file.

    A book that was checked before is read from one file (`lawbook_cache`), as long as no byte changed.
    """
    folders = folders or LawFolders()
    problems: list[Problem] = []
    lists = _Lists(folders, problems)
    shelf = CalendarShelf(folders)
    home = folders.regulations[-1]
    key = lawbook_cache.key_of(_deciding_files(folders))
    stored = None if problems else lawbook_cache.read(home, key)
    if stored is None:
        stored = _parsed(folders, lists, frozenset(shelf), problems)
        if problems:
            raise InvalidInput(problems)
        lawbook_cache.write(home, key, stored)
    return LawBook(
        regulations={regulation.id: regulation for regulation in stored.regulations},
        authorities=stored.authorities,
        triggers=lists.triggers,
        events=lists.events,
        recipients=lists.recipients,
        registry=FactRegistry(lists.facts, lists.places),
        calendar_ids=frozenset(shelf),
        places={p.duty: SourceRef(PurePath(p.file), p.line, p.column) for p in stored.places},
    )


def _deciding_files(folders: LawFolders) -> list[Path]:
    """Every file that decides what the checked book holds. Of calendars the names decide, not the days."""
    law = [path for folder in folders.regulations for path in sorted(folder.rglob("*.yaml"))]
    return [*law, *(path for folder in folders.catalog for path in sorted(folder.glob("*.yaml")))]


def _parsed(
    folders: LawFolders, lists: _Lists, calendars: frozenset[str], problems: list[Problem]
) -> StoredBook:
    """The book from its YAML files; what is wrong goes into `problems`."""
    regulations: dict[str, Located] = {}
    authorities: dict[str, Authority] = {}
    for folder in folders.regulations:
        layer: dict[str, Located] = {}
        for path in _regulation_files(folder):
            located = _regulation(path, problems)
            if located is None:
                continue
            twin = layer.get(located.regulation.id)
            if twin is not None:
                what = f"regulation `{twin.regulation.id}` stands in {twin.places[()].path.as_posix()} too"
                problems.append(Problem(located.places[("id",)], "id", what, "give it another id"))
            layer[located.regulation.id] = located
        regulations |= layer
        for path in sorted((folder / "authorities").glob("*.yaml")):
            authorities |= _entries(Authority, path, problems)
    registry = FactRegistry(lists.facts, lists.places)
    ordered = [regulations[key] for key in sorted(regulations)]
    problems += check_book(ordered, lists.triggers, lists.events, lists.recipients, registry, calendars)
    return StoredBook(
        regulations=tuple(located.regulation for located in ordered),
        authorities=tuple(authorities[key] for key in sorted(authorities)),
        places=tuple(
            StoredPlace(duty=duty.id, file=place.path.as_posix(), line=place.line, column=place.column)
            for located in ordered
            for index, duty in enumerate(located.regulation.duties)
            for place in [located.place_of(index)]
        ),
    )


def load_registry(folders: LawFolders | None = None) -> FactRegistry:
    """The facts and places alone. Raises InvalidInput."""
    problems: list[Problem] = []
    folders = folders or LawFolders()
    facts = _listed(FactDefinition, "facts.yaml", folders, problems)
    places = _places(folders, problems)
    if problems:
        raise InvalidInput(problems)
    return FactRegistry(facts, places)


def load_duty(duty_id: str, folders: LawFolders | None = None) -> tuple[Duty, Regulation]:
    """One duty without the rest of the book: only the file that holds it is parsed.

    Raises UsageProblem for an unknown id, with the nearest ones.
    """
    folders = folders or LawFolders()
    line = re.compile(rf"(?m)^[\s\-{{,]*id:\s*['\"]?{re.escape(duty_id)}['\"]?\s*(?:#.*|,.*)?$")
    for folder in reversed(folders.regulations):
        for path in _regulation_files(folder):
            text = read_text_file(path, shown=shown_path(path))
            if not line.search(text):
                continue
            data, places = read_yaml(text, shown_path(path))
            if _holds(data, duty_id):
                regulation = validate(Regulation, data, places)
                return next(duty for duty in regulation.duties if duty.id == duty_id), regulation
    near = did_you_mean(duty_id, duty_ids(folders))
    raise UsageProblem(f"no duty `{duty_id}`{f'; {near}' if near else '; `airplan duties --all` lists them'}")


def duty_ids(folders: LawFolders | None = None) -> list[str]:
    """The ids of all duties, read without checking anything else; files that are broken are passed over."""
    found = set()
    for folder in (folders or LawFolders()).regulations:
        for path in _regulation_files(folder):
            try:
                data, _ = read_yaml_file(path, shown=shown_path(path))
            except InvalidInput:
                continue
            found.update(_ids(data))
    return sorted(found)


def _ids(data: Any) -> list[str]:
    duties = data.get("duties") if isinstance(data, dict) else None
    rows = duties if isinstance(duties, list) else []
    return [row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]


def _holds(data: Any, duty_id: str) -> bool:
    return duty_id in _ids(data)


def _regulation_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise LawGap(f"no folder {folder}: the law book is not there")
    return [
        path
        for path in sorted(folder.rglob("*.yaml"))
        if path.relative_to(folder).parts[0] not in _APART and not path.name.startswith(".")
    ]


def _regulation(path: Path, problems: list[Problem]) -> Located | None:
    try:
        data, places = read_yaml_file(path, shown=shown_path(path))
        return Located(validate(Regulation, data, places), places)
    except InvalidInput as error:
        problems += error.problems
        return None


def _entries(model: type[M], path: Path, problems: list[Problem]) -> dict[str, M]:
    """The entries of a list file by id; an id may stand once in it."""
    try:
        data, places = read_yaml_file(path, shown=shown_path(path))
        items = validate_each(model, data, places)
    except InvalidInput as error:
        problems += error.problems
        return {}
    found: dict[str, M] = {}
    for index, item in enumerate(items):
        key = str(getattr(item, "id"))  # noqa: B009
        if key in found:
            where = places.get((index, "id"), places[()])
            problems.append(Problem(where, f"{index}.id", f"`{key}` is there twice", "keep one"))
        found[key] = item
    return found


def _listed(model: type[M], name: str, folders: LawFolders, problems: list[Problem]) -> dict[str, M]:
    found: dict[str, M] = {}
    for folder in folders.catalog:
        if (folder / name).is_file():
            found |= _entries(model, folder / name, problems)
    if not found:
        problems.append(Problem(SourceRef(PurePath("catalog", name)), "", "is not there or has no entry"))
    return found


class _Places(BaseModel):
    groups: dict[str, tuple[str, ...]] = {}
    names: dict[str, str] = {}
    zones: dict[str, str] = {}


def _places(folders: LawFolders, problems: list[Problem]) -> PlaceNames:
    names: dict[str, str] = {}
    groups: dict[str, tuple[str, ...]] = {}
    zones: dict[str, str] = {}
    for folder in folders.catalog:
        path = folder / "places.yaml"
        if not path.is_file():
            continue
        try:
            found = validate(_Places, *read_yaml_file(path, shown=shown_path(path)))
        except InvalidInput as error:
            problems += error.problems
            continue
        names |= found.names
        groups |= found.groups
        zones |= found.zones
    return PlaceNames(names, groups, zones)


class _Lists:
    """The closed lists of the catalogue."""

    def __init__(self, folders: LawFolders, problems: list[Problem]) -> None:
        self.triggers = _listed(Trigger, "triggers.yaml", folders, problems)
        self.events = _listed(NamedWords, "events.yaml", folders, problems)
        self.recipients = _listed(NamedWords, "recipients.yaml", folders, problems)
        self.facts = _listed(FactDefinition, "facts.yaml", folders, problems)
        self.places = _places(folders, problems)
        _check_triggers(self.triggers, self.events, problems)


def _check_triggers(
    triggers: Mapping[str, Trigger], events: Mapping[str, NamedWords], problems: list[Problem]
) -> None:
    where = SourceRef(PurePath("catalog", "triggers.yaml"))
    for key, trigger in triggers.items():
        for name in trigger.implies:
            if name not in triggers:
                problems.append(
                    Problem(where, f"{key}.implies", f"no trigger `{name}`", did_you_mean(name, triggers))
                )
        for name in trigger.events:
            if name not in events:
                problems.append(
                    Problem(where, f"{key}.events", f"no event `{name}`", did_you_mean(name, events))
                )
