"""Where law and catalogue are read from, and the work calendars in those folders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from generator.errors import InvalidInput, Problem
from generator.model.law import WorkCalendar
from generator.paths import data_folder
from generator.sources.validation import validate
from generator.sources.yaml_source import read_yaml_file


@dataclass(frozen=True)
class LawFolders:
    """Where law and catalogue are read from; the last folder is laid over the others."""

    regulations: tuple[Path, ...] = field(default_factory=lambda: (data_folder("regulations"),))
    catalog: tuple[Path, ...] = field(default_factory=lambda: (data_folder("catalog"),))


class CalendarShelf(Mapping[str, WorkCalendar]):
    """Work calendars by id, each read when it is first asked for."""

    def __init__(self, folders: LawFolders) -> None:
        self._files = {
            path.stem: path
            for folder in folders.regulations
            for path in sorted((folder / "calendars").glob("*.yaml"))
        }
        self._read: dict[str, WorkCalendar] = {}

    def __getitem__(self, key: str) -> WorkCalendar:
        if key not in self._read:
            self._read[key] = load_calendar(self._files[key])
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, key: object) -> bool:
        return key in self._files

    def __reduce__(self) -> tuple[Any, ...]:
        return _shelf, (self._files,)


def _shelf(files: dict[str, Path]) -> CalendarShelf:
    shelf = CalendarShelf(LawFolders((), ()))
    shelf._files = files
    return shelf


def load_calendar(path: Path) -> WorkCalendar:
    """One work calendar. Its id is the name of the file. Raises InvalidInput."""
    shown = shown_path(path)
    data, places = read_yaml_file(path, shown=shown)
    calendar = validate(WorkCalendar, data, places)
    problems = []
    if calendar.id != path.stem:
        what = f"`{calendar.id}` is not the name of the file"
        problems.append(Problem(places[("id",)], "id", what, f"write {path.stem}"))
    for year, held in calendar.years.items():
        for day in held.days:
            if day.year != year:
                key = ("years", str(year), "days", day.isoformat())
                problems.append(Problem(places.get(key, places[()]), ".".join(key), f"is not in {year}"))
    if problems:
        raise InvalidInput(problems)
    return calendar


def load_calendars(folders: LawFolders | None = None) -> CalendarShelf:
    """All work calendars, read one by one when needed."""
    return CalendarShelf(folders or LawFolders())


def shown_path(path: Path) -> PurePath:
    """The path that messages print: from the folder above the data, or as given."""
    for name in ("regulations", "catalog"):
        if name in path.parts:
            index = len(path.parts) - 1 - path.parts[::-1].index(name)
            return PurePath(*path.parts[index:])
    return path
