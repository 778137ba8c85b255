"""The incident records of a period for an evidence pack: every record, its clocks as they stood, and its files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from generator.errors import InvalidInput, Problem, SourceRef
from generator.evidence.timeline import day_end, day_start
from generator.incidents.state import DutyState
from generator.model.evidence import (
    ActionLine,
    Answer,
    ClockLine,
    DecisionLine,
    IncidentLine,
    NumberGap,
    Population,
)
from generator.model.incident import Action, IncidentRecord
from generator.render.manifest import sha256
from generator.render.rca import filled_form, slots_of
from generator.sources.documents import load_rca_form
from generator.sources.records import RECORD, record_folders
from generator.sources.yaml_source import read_text_file, read_yaml
from generator.workflows.evidence_plan import stamp
from generator.workflows.evidence_request import GatheredFile, Request
from generator.workflows.incidents import Incident, read_incident, state_of

FOLDER = "incidents"
_LEFT_OUT = ("filled",)
"""Folders of a record that hold drafts, not records."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one plan in a period, and the numbers that belong to others."""

    incidents: tuple[Incident, ...]
    others: tuple[NumberGap, ...]


def read_records(request: Request, plan_id: str, zone: ZoneInfo) -> Records:
    """Every record of the plan that was open on some day of the period. Raises InvalidInput with every problem."""
    found: list[Incident] = []
    others: list[NumberGap] = []
    problems: list[Problem] = []
    for folder in record_folders(request.incidents):
        try:
            owner = _owner(folder)
            if owner is not None and owner != plan_id:
                others.append(NumberGap(id=folder.name, words="a record of another plan"))
                continue
            incident = read_incident(str(folder), request.incidents)
        except InvalidInput as error:
            problems += error.problems
            continue
        if _in_period(incident.record, request, zone):
            found.append(incident)
        else:
            others.append(NumberGap(id=folder.name, words="a record of this plan, outside the period"))
    if problems:
        raise InvalidInput(problems)
    others += request.others
    known = {gap.id for gap in others} | {incident.record.id for incident in found}
    return Records(tuple(found), (*others, *_missing(known, request)))


def _owner(folder: Path) -> str | None:
    """The plan that a record binds to, also where the record is faulty; None where it does not say."""
    try:
        data, _ = read_yaml(read_text_file(folder / RECORD), folder / RECORD)
        return str(data["binds"]["plan"])
    except (InvalidInput, KeyError, TypeError):
        return None


def _in_period(record: IncidentRecord, request: Request, zone: ZoneInfo) -> bool:
    begin = record.moments().get("occurred", record.aware()).at
    end = record.closed.at if record.closed else None
    return min(begin, record.aware().at) <= day_end(request.last, zone) and (
        end is None or end >= day_start(request.first, zone)
    )


def _missing(known: Collection[str], request: Request) -> Iterator[NumberGap]:
    """Numbers that the counting left out, in each year of the period."""
    numbers: dict[int, set[int]] = {}
    for name in known:
        _, year, number = name.split("-")
        numbers.setdefault(int(year), set()).add(int(number))
    for counted, there in sorted(numbers.items()):
        if request.first.year <= counted <= request.last.year:
            for absent in sorted(set(range(1, max(there) + 1)) - there):
                words = "no record of this number was supplied"
                yield NumberGap(id=f"INC-{counted}-{absent:03}", words=words, absent=True)


def last_entry(records: Sequence[Incident]) -> datetime | None:
    """The latest moment at which something was written into one of the records."""
    moments = [
        at
        for incident in records
        for at in (
            incident.record.opened,
            *(entry.at for entry in incident.record.timeline),
            *(entry.sent_at for entry in incident.record.notices),
            *((incident.record.closed.at,) if incident.record.closed else ()),
        )
    ]
    return max(moments, default=None)


def incident_line(incident: Incident, now: datetime, zone: ZoneInfo) -> IncidentLine:
    """A record with its clocks as they stood at `now`."""
    record = incident.record
    at = min(record.closed.at, now) if record.closed else now
    found = state_of(incident, at)
    today = at.astimezone(zone).date()
    review = found.review
    reviewed = record.rca[-1].imported if record.rca else None
    return IncidentLine(
        id=record.id,
        title=record.title,
        klass=_class_title(incident),
        severity=record.severity,
        drill=record.drill,
        aware=stamp(record.aware().at, zone),
        opened=stamp(record.opened, zone),
        closed=stamp(record.closed.at, zone) if record.closed else None,
        version=record.binds.version,
        source=_binding_words(record),
        folder=f"{FOLDER}/{record.id}",
        times=tuple(
            (name, stamp(moment.at, zone), moment.by, moment.ground)
            for name, moment in sorted(record.moments().items(), key=lambda one: (one[1].at, one[0]))
        ),
        people=tuple(
            (place, entry.count, entry.source, entry.confidence)
            for place, entry in sorted(record.affected().items())
        ),
        facts=tuple(
            (name, _value(entry.value), entry.source, entry.confidence)
            for name, entry in sorted(record.stated().items())
        ),
        clocks=tuple(_clock(line, at, zone) for line in found.duties),
        decisions=tuple(
            DecisionLine(
                duty=entry.duty,
                because=entry.because,
                by=entry.by,
                at=stamp(entry.at, zone),
                regime=entry.regime,
                question=entry.question,
                answer=entry.answer,
                evidence=entry.evidence,
            )
            for entry in record.decisions
        ),
        answers=tuple(_answers(incident)),
        reviewed=stamp(reviewed, zone) if reviewed else None,
        review_due=review.due,
        review_missed=review.missed,
        actions=tuple(_action(record, action, today) for action in record.actions),
        timeline=tuple(
            (stamp(entry.at, zone), entry.kind, entry.what, entry.by) for entry in record.timeline
        ),
        open_duties=sum(1 for line in found.duties if line.standing not in ("sent", "decided")),
    )


def _class_title(incident: Incident) -> str:
    wanted = incident.record.class_
    return next((entry["title"] for entry in incident.plan["classes"] if entry["id"] == wanted), wanted)


def _binding_words(record: IncidentRecord) -> str:
    return {
        "release": f"release {record.binds.version}",
        "pack": f"pack of version {record.binds.version}, not a release",
        "resolved": f"version {record.binds.version}, made when the record was opened; no release was in force",
    }[record.binds.source]


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _clock(line: DutyState, at: datetime, zone: ZoneInfo) -> ClockLine:
    deadline = line.due.deadline
    return ClockLine(
        duty=line.duty,
        title=line.due.title,
        recipient=line.due.recipient,
        citation=deadline.citation,
        started=stamp(deadline.start, zone) if deadline.start else None,
        act_by=stamp(deadline.act_by, zone) if deadline.act_by else None,
        due=stamp(deadline.due, zone) if deadline.due else None,
        standing=line.standing,
        sent=stamp(line.sent.sent_at, zone) if line.sent else None,
        reference=line.sent.reference if line.sent else None,
        outcome=_outcome(line, at),
    )


def _outcome(line: DutyState, at: datetime) -> str:
    deadline = line.due.deadline
    if line.sent:
        if deadline.due is None:
            return f"sent; {deadline.standard or 'the law sets no number'}"
        return f"late by {_length(line.sent.sent_at - deadline.due)}" if line.late else "on time"
    if line.decision:
        return f"not notified, decided by {line.decision.by}"
    if line.standing == "waiting":
        return f"not started: {deadline.why or 'its start event is not stated'}"
    if deadline.due is not None and deadline.due < at:
        return f"NOT SENT, overdue by {_length(at - deadline.due)}"
    return "not sent yet"


def _length(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    days, rest = divmod(minutes, 1440)
    parts = [(days, "d"), (rest // 60, "h"), (rest % 60, "min")]
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "less than a minute"


def _answers(incident: Incident) -> Iterator[Answer]:
    """The last reading of the review form, in the words of the form."""
    if not incident.record.rca:
        return
    given = incident.record.rca[-1].answers
    told: set[str] = set()
    for section in filled_form(load_rca_form(), incident.plan)["sections"]:
        for item in section["items"]:
            for slot in slots_of(item):
                value = given.get(slot["name"])
                if value in (None, ""):
                    continue
                told.add(slot["name"])
                yield Answer(section=section["title"], question=_question(item, slot), answer=_value(value))
    for name in sorted(given.keys() - told):
        yield Answer(
            section="Fields of another version of the form", question=name, answer=_value(given[name])
        )


def _question(item: Mapping[str, Any], slot: Mapping[str, Any]) -> str:
    return str(item["label"]) if item is slot else f"{item['label']}: {slot['label']}"


def _action(record: IncidentRecord, action: Action, today: date) -> ActionLine:
    late = action.state == "open" and action.due is not None and action.due < today
    return ActionLine(
        incident=record.id,
        id=action.id,
        what=action.what,
        cause=action.cause,
        owner=action.owner.replace("_", " "),
        due=action.due,
        state=action.state,
        verification=action.verification,
        applied=f"version {action.applied.version}" if action.applied else None,
        overdue=late,
        changes=tuple(f"{patch.path} = {_value(patch.value)}" for patch in action.patch),
    )


def unmatched(population: Population | None, records: Records) -> tuple[str, ...]:
    """Where the client's list and the records disagree, in words."""
    if population is None:
        return ()
    named = {row.record for row in population.incidents.rows if row.record}
    held = {incident.record.id for incident in records.incidents if not incident.record.drill}
    outside = {gap.id for gap in records.others}
    lines = [
        f"{name}: the client's list names this record, and it "
        + ("is not of this plan and period" if name in outside else "was not supplied")
        for name in sorted(named - held - {i.record.id for i in records.incidents})
    ]
    lines += [
        f"{name}: a record of the period that the client's list does not name"
        for name in sorted(held - named)
    ]
    alerts = population.alerts
    if alerts and alerts.became_incidents + len(alerts.dismissed) != alerts.count:
        lines.append(
            f"alerts: {alerts.count} counted, {alerts.became_incidents} became incidents and "
            f"{len(alerts.dismissed)} are listed as dismissed; the rest is not explained"
        )
    return tuple(lines)


def incident_files(incident: Incident, packed: Mapping[str, str]) -> list[GatheredFile]:
    """The record's own files. `packed`: hash -> name of files that the pack holds already."""
    home = incident.folder
    found: list[GatheredFile] = []
    for path in sorted(home.rglob("*")):
        inner = path.relative_to(home)
        hidden = any(part.startswith(".") for part in inner.parts)
        if hidden or inner.parts[0] in _LEFT_OUT or path.is_dir():
            continue
        if path.is_symlink() or not path.is_file() or not _within(path, home):
            raise InvalidInput(
                [Problem(SourceRef(path), "", "is a link or no ordinary file", "put the file itself there")]
            )
        data = path.read_bytes()
        if inner.parts[0] == "bound" and sha256(data) in packed:
            continue
        words = "copied from the incident record"
        found.append(
            GatheredFile(
                f"{FOLDER}/{incident.record.id}/{inner.as_posix()}", data, "record", "auditor", words
            )
        )
    return found


def _within(path: Path, home: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(home))
