"""A new incident record: what it binds to, and what a person should hear about it."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from generator.deadlines.zones import instant
from generator.errors import InvalidInput, Problem, SourceRef, UsageProblem
from generator.law.facts import parse_fact
from generator.model.release import Approvals
from generator.render.manifest import sha256
from generator.sources.frozen import frozen_text
from generator.sources.records import create_record, load_record
from generator.sources.release_records import read_record
from generator.sources.validation import did_you_mean
from generator.workflows.approvals import APPROVALS, RELEASE, in_force, read_release
from generator.workflows.incidents import (
    NOT_STATED,
    PLAN,
    PROFILE,
    Clock,
    Incident,
    fact_entry,
    joined,
    own_duties,
    people_entry,
)
from generator.workflows.plans import known, plan_json, plan_profile, sources

_FROZEN_HEAD = "The profile as it stood when the record was opened. Not edited: the record holds its hash."


@dataclass(frozen=True, slots=True)
class Opening:
    """What `incident open` was told."""

    class_: str
    triggers: Sequence[str]
    times: Mapping[str, str]
    """Event -> time as written; `aware` is there."""
    by: str | None = None
    ground: str | None = None
    severity: str | None = None
    title: str | None = None
    facts: Sequence[str] = ()
    source: str | None = None
    plan_folder: Path | None = None
    releases: Path = Path("releases")
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A new record, and what a person should hear about it."""

    incident: Incident
    remarks: tuple[str, ...]


def open_incident(path: Path, incidents: Path, opening: Opening, clock: Clock) -> Opened:
    """Write a new record for the profile at `path`. Raises UsageProblem, InvalidInput, LawGap."""
    planned = plan_profile(path)
    profile, book = planned.loaded.profile, sources().book
    zone = profile.client.time_zone
    now = clock(zone)
    _one_of("--class", opening.class_, sources().catalog.classes)
    for trigger in opening.triggers:
        _one_of("--trigger", trigger, book.triggers)
    times = {}
    for event, text in opening.times.items():
        _one_of("--at", event, [*book.events, "detected"])
        times[event] = instant(
            text, zone, option=f"--{event}-at" if event in ("aware", "occurred") else "--at"
        )
        if times[event] > now:
            raise UsageProblem(f"{event} at {times[event].isoformat()} is after now, {now.isoformat()}")
    bound, source, place = _bound_plan(
        planned.plan.identity.id, times["aware"], opening, plan_json(planned.plan)
    )
    plan = json.loads(bound)
    frozen = frozen_text(planned.loaded.raw, _FROZEN_HEAD)
    klass = sources().catalog.classes[opening.class_]
    by, ground, stamp = opening.by or NOT_STATED, opening.ground or NOT_STATED, now.isoformat()
    facts = [parse_fact(text, book.registry) for text in opening.facts]

    def make(name: str) -> dict[str, Any]:
        home = (incidents / name).resolve()
        return {
            "schema": 1,
            "id": name,
            "title": opening.title or klass.title,
            "class": opening.class_,
            "severity": opening.severity or _severity(plan, opening.class_),
            "opened": stamp,
            "drill": opening.drill,
            "binds": {
                "plan": plan["identity"]["id"],
                "version": plan["identity"]["version"],
                "sha256": sha256(bound),
                "path": Path(os.path.relpath(place, home)).as_posix() if place else PLAN,
                "source": source,
                "profile": Path(os.path.relpath(path.resolve(), home)).as_posix(),
                "profile_version": profile.plan.version,
                "frozen": PROFILE,
                "frozen_sha256": sha256(frozen.encode()),
            },
            "times": [
                {"event": event, "at": at.isoformat(), "by": by, "ground": ground, "recorded": stamp}
                for event, at in times.items()
            ],
            "triggers": [
                {"trigger": t, "by": by, "ground": ground, "recorded": stamp} for t in opening.triggers
            ],
            "people": [e for n, v in facts if (e := people_entry(n, v, opening.source, "medium", by, stamp))],
            "facts": [
                fact_entry(n, v, opening.source or NOT_STATED, "medium", by, stamp)
                for n, v in facts
                if not n.startswith("residents:")
            ],
            "timeline": [
                {
                    "at": stamp,
                    "by": by,
                    "what": f"Record opened: {opening.title or klass.title}",
                    "kind": "state",
                }
            ],
            "notices": [],
            "decisions": [],
            "rca": [],
            "actions": [],
        }

    folder = create_record(incidents, times["aware"].year, make, {PLAN: bound, PROFILE: frozen.encode()})
    incident = joined(load_record(folder, known(), own_duties))
    return Opened(incident, tuple(_remarks(incident, source, plan_json(planned.plan) == bound)))


def _severity(plan: Mapping[str, Any], klass: str) -> str:
    """The severity that the plan gives the class; the catalogue's where the plan does not list it."""
    planned = next((entry["severity"] for entry in plan["classes"] if entry["id"] == klass), None)
    return str(planned or sources().catalog.classes[klass].severity_default)


def _one_of(option: str, word: str, words: Collection[str]) -> None:
    if word not in words:
        near = did_you_mean(word, words) or f"one of: {', '.join(sorted(words))}"
        raise UsageProblem(f"{option} {word}: no such name; {near}")


def _bound_plan(
    plan_id: str, aware: datetime, opening: Opening, fresh: bytes
) -> tuple[bytes, str, Path | None]:
    """(plan.json, where it comes from, its path): the release in force, a given pack, or the plan made now."""
    if opening.plan_folder:
        place = opening.plan_folder / "plan.json"
        data = _plan_bytes(place)
        if json.loads(data)["identity"]["id"] != plan_id:
            raise UsageProblem(
                f"--plan {opening.plan_folder}: is the plan of {json.loads(data)['identity']['id']}, not of {plan_id}"
            )
        released = (opening.plan_folder / RELEASE).is_file()
        return data, "release" if released else "pack", place.resolve()
    folder = in_force(opening.releases / plan_id, aware)
    if folder is None:
        return fresh, "resolved", None
    place = folder / "plan.json"
    data = _plan_bytes(place)
    if sha256(data) != read_release(folder).plan_sha256:
        raise InvalidInput(
            [
                Problem(
                    SourceRef(place),
                    "",
                    "is not the plan.json that was released",
                    "restore the release, or name another pack with --plan",
                )
            ]
        )
    return data, "release", place.resolve()


def _plan_bytes(place: Path) -> bytes:
    try:
        data = place.read_bytes()
        json.loads(data)["identity"]["effective"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InvalidInput(
            [
                Problem(
                    SourceRef(place),
                    "",
                    "is no plan.json of airplan",
                    "name a folder that `build` or `release` wrote",
                )
            ]
        ) from None
    return data


def _remarks(incident: Incident, source: str, same: bool) -> list[str]:
    record, binds = incident.record, incident.record.binds
    lines = []
    if source == "release" and not _approved(incident):
        lines.append(f"nobody had approved version {binds.version} when somebody became aware")
    if source == "resolved":
        lines.append(
            f"no release of {binds.plan} was in force: the record binds to the plan made now, version {binds.version}"
        )
    elif not same:
        lines.append(
            f"the profile gives another plan than version {binds.version} that was in force: "
            "notices and people come from that version, the clocks run on the profile as it is now"
        )
    if record.aware().by == NOT_STATED or record.aware().ground == NOT_STATED:
        lines.append("who said when somebody was aware, and on what ground, is not stated (--by, --ground)")
    if record.class_ not in {entry["id"] for entry in incident.plan["classes"]}:
        lines.append(
            f"the plan lists {record.class_} as a class that cannot happen here: the plan was wrong on that"
        )
    return lines


def _approved(incident: Incident) -> bool:
    """Whether somebody had approved the bound release by the time of awareness."""
    path = (incident.folder / incident.record.binds.path).parent / APPROVALS
    try:
        given = read_record(path, Approvals).approvals if path.is_file() else ()
    except InvalidInput:  # the record is open by now; `approve` names the fault
        return False
    hashed = [one for one in given if one.plan_sha256 == incident.record.binds.sha256]
    return any(one.at <= incident.record.aware().at for one in hashed)


def open_questions(incident: Incident) -> tuple[tuple[str, str], ...]:
    """(question, trigger) of the class that nobody has answered with yes and that would start duties."""
    klass = next((c for c in incident.plan["classes"] if c["id"] == incident.record.class_), None)
    raised = set(incident.record.raised())
    questions = klass["duty_questions"] if klass else ()
    return tuple((q["question"], q["raises"]) for q in questions if q["raises"] not in raised and q["duties"])
