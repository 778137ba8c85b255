"""The filled review form, read into the record: PDF, YAML or Markdown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import InvalidInput, Problem, SourceRef, UsageProblem
from generator.render.rca import VERSION_FIELD, filled_form
from generator.render.rca_answers import action_rows, check_version, checked, from_markdown
from generator.sources.documents import load_rca_form
from generator.sources.profile_patch import patched
from generator.sources.profiles import load_profile
from generator.sources.records import Change, LoadedRecord, change_record, find_record
from generator.sources.round_trip import with_entry
from generator.sources.yaml_source import read_text_file, read_yaml
from generator.workflows.incident_actions import patches_in
from generator.workflows.incidents import Clock, Incident, joined, own_duties, read_incident, timeline_line
from generator.workflows.plans import known

_MAX_BYTES = 30_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """A form that was read into the record."""

    incident: Incident
    answers: int
    actions: tuple[int, ...]
    """Numbers of the new corrective actions."""
    again: bool = False
    """The same file was read before: nothing was written."""


def import_rca(name: str, incidents: Path, clock: Clock, file: Path, by: str) -> Imported:
    """Read a filled form into the record. The form's file and every earlier reading are kept.

    Raises UsageProblem for a form that cannot be read, InvalidInput with every field that is wrong.
    """
    try:
        data = file.read_bytes() if file.stat().st_size <= _MAX_BYTES else b""
    except OSError as error:
        raise UsageProblem(f"{file}: cannot be read: {error.strerror or error}") from None
    digest = hashlib.sha256(data).hexdigest()
    new: list[int] = []
    count = 0
    again = False

    def change(loaded: LoadedRecord) -> Change:
        nonlocal count, again
        incident = joined(loaded)
        if any(reading.sha256 == digest for reading in incident.record.rca):
            again = True
            raise _Same
        now = clock(incident.profile.client.time_zone)
        version, answers = _answers(file, data, incident)
        count = len(answers)
        number = len(incident.record.rca) + 1
        kept = f"rca/{number:02}-{re.sub(r'[^A-Za-z0-9._-]+', '-', file.name)}"
        entry = {
            "form_version": version,
            "file": kept,
            "sha256": digest,
            "imported": now.isoformat(),
            "by": by,
            "answers": answers,
        }
        text = with_entry(loaded.text, "rca", entry)
        for action in _actions(answers, incident, file):
            new.append(action["id"])
            text = with_entry(text, "actions", action)
        words = f"Review form {file.name} read: {count} answers, {len(new)} new actions"
        text = with_entry(text, "timeline", timeline_line(now, by, words, "review"))
        (loaded.folder / "rca").mkdir(exist_ok=True)
        return Change(text, {loaded.folder / kept: data})

    folder = find_record(name, incidents)
    try:
        after = change_record(folder, known(), own_duties, change)
    except _Same:
        return Imported(read_incident(name, incidents), 0, (), again=True)
    return Imported(joined(after), count, tuple(new))


class _Same(Exception):
    """The same file was read before."""


def _answers(file: Path, data: bytes, incident: Incident) -> tuple[str, dict[str, Any]]:
    """(form version, checked answers). Raises UsageProblem, InvalidInput."""
    questions = load_rca_form()
    form = filled_form(questions, incident.plan)
    places: dict[str, SourceRef] = {}
    given: Mapping[str, Any]
    suffix = file.suffix.lower()
    try:
        if suffix == ".pdf":
            from generator.render.forms import read_form

            values = read_form(data)
            version = values.pop(VERSION_FIELD, None)
            given = {key: "" if value == "Off" else value for key, value in values.items()}
        elif suffix in (".yaml", ".yml"):
            version, given, places = _from_yaml(file)
        elif suffix in (".md", ".markdown"):
            version, given, lines = from_markdown(read_text_file(file), form)
            places = {key: SourceRef(file, line) for key, line in lines.items()}
        else:
            raise UsageProblem("is neither .pdf nor .yaml nor .md")
        check_version(version, questions.version)
    except UsageProblem as error:
        raise UsageProblem(f"{file}: {error}") from None
    answers, faults = checked(form, given)
    problems = [
        Problem(places.get(fault.field, SourceRef(file)), fault.field, fault.what, fault.mend)
        for fault in faults
    ]
    for key, own in (("incident", incident.record.id), ("plan", incident.record.binds.plan)):
        said = answers.get(f"rca__identity__{key}")
        if said and said != own:
            where = places.get(f"rca__identity__{key}", SourceRef(file))
            problems.append(
                Problem(
                    where,
                    f"rca__identity__{key}",
                    f"says `{said}`, this record is {own}",
                    "take the form of this incident",
                )
            )
    problems += _bad_patches(answers, incident, file, places)
    if problems:
        raise InvalidInput(problems)
    return questions.version, answers


def _from_yaml(file: Path) -> tuple[str | None, dict[str, Any], dict[str, SourceRef]]:
    data, where = read_yaml(read_text_file(file), file)
    if not isinstance(data, dict) or not isinstance(data.get("answers"), dict):
        raise UsageProblem("is another file: it has no `answers`")
    given = {str(key): value for key, value in data["answers"].items()}
    wrong = [key for key, value in given.items() if isinstance(value, dict | list)]
    if wrong:
        raise InvalidInput(
            [
                Problem(where[("answers", key)], f"answers.{key}", "must be one text, number, true or false")
                for key in wrong
            ]
        )
    version = data.get("form_version")
    return str(version) if version else None, given, {key: where[("answers", key)] for key in given}


def _bad_patches(
    answers: Mapping[str, Any], incident: Incident, file: Path, places: Mapping[str, SourceRef]
) -> list[Problem]:
    """Plan changes of the form that the living profile does not take."""
    problems = []
    for row in action_rows(answers):
        patches = patches_in(row.get("plan_change", ""))
        name = f"rca__actions__list__{row['row']}__plan_change"
        if not patches:
            continue
        try:
            patched(load_profile(incident.profile_path, known()), patches, None, known())
        except (UsageProblem, InvalidInput) as error:
            words = str(error).splitlines()[0]
            problems.append(
                Problem(
                    places.get(name, SourceRef(file)), name, words, "PATH = VALUE, or the change in words"
                )
            )
    return problems


def _actions(answers: Mapping[str, Any], incident: Incident, file: Path) -> list[dict[str, Any]]:
    """The form's actions that the record does not hold yet."""
    known_words = {action.what for action in incident.record.actions}
    number = max((action.id for action in incident.record.actions), default=0)
    found = []
    for row in action_rows(answers):
        if row["what"] in known_words:
            continue
        number += 1
        patches = patches_in(row.get("plan_change", ""))
        entry = {
            "id": number,
            "what": row["what"],
            "type": row.get("type"),
            "strength": row.get("strength"),
            "owner": row["owner"],
            "due": row["due"][:10],
            "state": "open",
            "verification": row.get("verified"),
            "plan_change": None if patches else row.get("plan_change"),
            "patch": [patch.model_dump() for patch in patches],
            "source": f"{file.name}, {row['row']}",
        }
        found.append({key: value for key, value in entry.items() if value not in (None, [])})
    return found
