"""Incident records on disk: found, read with every fault and its place, and changed so that nothing is lost.

A change holds the lock of the record's folder, checks the new text as if a person had written it, keeps the text before
under `history/`, and is written by `transaction.commit`: a crash leaves the old record or the new one.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.errors import InvalidInput, Problem, SourceRef, UsageProblem
from generator.model.incident import IncidentRecord
from generator.sources.known_words import KnownWords
from generator.sources.record_rules import record_problems
from generator.sources.schemas import modeline
from generator.sources.transaction import commit, locked, settle
from generator.sources.tree import KeyPath
from generator.sources.validation import validate
from generator.sources.yaml_source import read_text_file, read_yaml
from generator.sources.yaml_text import block

RECORD = "record.yaml"
HISTORY = "history"
_NAME = re.compile(r"INC-([0-9]{4})-([0-9]{3,})")
_HEAD = (
    "# Incident record of airplan. A person may edit it: `airplan incident show` names each fault by its line.",
    "# Add new entries at the end of a list; where two entries speak of the same thing, the later one counts.",
    "# Numbers of people by residence, never names. Nothing about a suspicious activity report belongs here.",
)


@dataclass(frozen=True, slots=True)
class LoadedRecord:
    """A record with everything known about where it stands."""

    folder: Path
    record: IncidentRecord
    text: str
    places: Mapping[KeyPath, SourceRef]

    @property
    def path(self) -> Path:
        """Its file."""
        return self.folder / RECORD


@dataclass(frozen=True, slots=True)
class Change:
    """The new text of a record, and other files that change with it."""

    text: str
    files: Mapping[Path, bytes] = field(default_factory=dict)


Lists = Callable[[Path, IncidentRecord], Collection[str]]
"""(folder, record) -> ids of the contracts' duties, from the frozen profile."""


def find_record(name: str, incidents: Path) -> Path:
    """The folder of a record, by its id or path. Raises UsageProblem."""
    given = Path(name)
    for folder in (incidents / name, given, given.parent if given.name == RECORD else given):
        if (folder / RECORD).is_file():
            return folder
    there = sorted(path.name for path in incidents.glob("INC-*") if (path / RECORD).is_file())
    known = f"; there are {', '.join(there[-5:])}" if there else f"; {incidents}/ holds none"
    raise UsageProblem(f"no incident `{name}`{known} (--incidents DIR looks elsewhere)")


def record_folders(incidents: Path) -> tuple[Path, ...]:
    """Every folder that holds a record, by id."""
    return tuple(sorted(path.parent for path in incidents.glob(f"INC-*/{RECORD}")))


def load_record(folder: Path, known: KnownWords, own_duties: Lists | None = None) -> LoadedRecord:
    """Read and check a record. Raises InvalidInput with every problem found."""
    with locked(folder):
        return checked_text(read_text_file(folder / RECORD), folder, known, own_duties)


def checked_text(text: str, folder: Path, known: KnownWords, own_duties: Lists | None) -> LoadedRecord:
    """A record's text, checked as if it stood in `folder`. Raises InvalidInput with every problem found."""
    path = folder / RECORD
    data, places = read_yaml(text, path)
    if not isinstance(data, dict):
        raise InvalidInput([Problem(SourceRef(path), "", "is not a mapping", "start with `schema: 1`")])
    record = validate(IncidentRecord, data, places)
    mine = own_duties(folder, record) if own_duties else ()
    problems = record_problems(record, places, known, mine)
    if record.id != folder.resolve().name:
        where = places.get(("id",), SourceRef(path))
        problems.append(
            Problem(where, "id", f"`{record.id}` stands in the folder {folder.name}", "rename one")
        )
    if problems:
        raise InvalidInput(problems)
    return LoadedRecord(folder, record, text, places)


def change_record(
    folder: Path, known: KnownWords, own_duties: Lists | None, change: Callable[[LoadedRecord], Change]
) -> LoadedRecord:
    """Change a record under its lock. The new text is checked first; the old one stays under `history/`.

    Raises InvalidInput when the old or the new text is wrong, UsageProblem when somebody saved it meanwhile.
    """
    with locked(folder):
        before = checked_text(read_text_file(folder / RECORD), folder, known, own_duties)
        made = change(before)
        after = checked_text(made.text, folder, known, own_duties)
        if read_text_file(folder / RECORD) != before.text:
            raise UsageProblem(
                f"{folder / RECORD}: somebody saved it meanwhile; nothing was written, run it again"
            )
        history = folder / HISTORY
        history.mkdir(exist_ok=True)
        number = 1 + max((int(p.stem) for p in history.glob("[0-9]*.yaml") if p.stem.isdigit()), default=0)
        kept = {history / f"{number:04}.yaml": before.text.encode()}
        commit(folder, {**kept, **made.files, folder / RECORD: made.text.encode()})
        return after


def create_record(
    incidents: Path, year: int, make: Callable[[str], Mapping[str, Any]], files: Mapping[str, bytes]
) -> Path:
    """A new record under the next free number of the year; the folder appears whole or not at all.

    `make` gets the id and gives the record's data. `files` are further files by path in the folder.
    """
    incidents.mkdir(parents=True, exist_ok=True)
    with locked(incidents):
        for rest in incidents.glob(".INC-*.airplan-new"):
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
        used = [
            int(found[2])
            for p in incidents.iterdir()
            if (found := _NAME.fullmatch(p.name)) and int(found[1]) == year
        ]
        name = f"INC-{year}-{max(used, default=0) + 1:03}"
        stage = incidents / f".{name}.airplan-new"
        lines = [modeline(incidents / name / RECORD, "incident-record"), *_HEAD, *block(dict(make(name))), ""]
        for inner, content in {**files, RECORD: "\n".join(lines).encode()}.items():
            (stage / inner).parent.mkdir(parents=True, exist_ok=True)
            commit_one(stage / inner, content)
        stage.rename(incidents / name)
    return incidents / name


def commit_one(path: Path, content: bytes) -> None:
    """Write one file whole, with nothing else that changes beside it."""
    settle(path.parent)
    commit(path.parent, {path: content})
