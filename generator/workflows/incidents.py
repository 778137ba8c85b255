"""Incident records joined with plan and law: open one, read one, and its state at a moment."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from generator.deadlines.zones import zone_named
from generator.errors import InvalidInput, PlanError, Problem, SourceRef
from generator.incidents.state import IncidentState, NewVersion, state
from generator.model.base import version_key
from generator.model.conditions import FactValue
from generator.model.incident import IncidentRecord
from generator.model.profile import Profile
from generator.planning.contracts import contract_duties
from generator.render.manifest import sha256
from generator.sources.profiles import LoadedProfile, load_profile, load_profile_text
from generator.sources.records import LoadedRecord, find_record, load_record
from generator.workflows.approvals import RELEASE, read_release
from generator.workflows.plans import known, sources

Clock = Callable[[str], datetime]
"""The present moment in a zone: the wall clock, or what `--now` says."""
NOT_STATED = "not stated"
PLAN, PROFILE = "bound/plan.json", "bound/profile.yaml"


@dataclass(frozen=True, slots=True)
class Incident:
    """A record with the plan and the profile that it binds to."""

    loaded: LoadedRecord
    profile: Profile
    plan: Mapping[str, Any]

    @property
    def record(self) -> IncidentRecord:
        """The record itself."""
        return self.loaded.record

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.loaded.folder

    @property
    def profile_path(self) -> Path:
        """The living profile, which corrective actions change."""
        return Path(os.path.normpath(self.folder / self.record.binds.profile))


def read_incident(name: str, incidents: Path) -> Incident:
    """The record by its id or path, checked. Raises UsageProblem, InvalidInput."""
    return joined(load_record(find_record(name, incidents), known(), own_duties))


def joined(loaded: LoadedRecord) -> Incident:
    """A loaded record with plan and profile. Raises InvalidInput where these were changed."""
    binds = loaded.record.binds
    data = _bound(loaded, PLAN, binds.sha256, "binds.sha256")
    return Incident(loaded, _frozen(loaded.folder, loaded.record), json.loads(data))


def state_of(incident: Incident, now: datetime) -> IncidentState:
    """Duties, clocks and dates at a moment. Raises LawGap."""
    return state(
        incident.record, incident.profile, sources(), incident.plan, now, _later_version(incident, now)
    )


def _later_version(incident: Incident, now: datetime) -> NewVersion | None:
    """The first version of the plan that came after awareness.

    Where the record binds to a release, the new version counts once it is released too; until then it is the
    profile's. Elsewhere the profile's version counts from the day of its plan.
    """
    zone = zone_named(incident.plan["identity"]["zone"])
    return _released_later(incident, now, zone) or _in_profile(incident, now, zone)


def _released_later(incident: Incident, now: datetime, zone: ZoneInfo) -> NewVersion | None:
    binds, aware = incident.record.binds, incident.record.aware().at
    if binds.source != "release":
        return None
    later = []
    for path in (incident.folder / binds.path).parent.parent.glob(f"*/{RELEASE}"):
        try:
            release = read_release(path.parent)
        except PlanError:  # a broken neighbour must not hide the clocks; `approve` and `open` name its fault
            continue
        newer = version_key(release.version) > version_key(binds.version)
        if newer and aware < release.released_at <= now:
            later.append((release.released_at, release.version))
    if not later:
        return None
    at, version = min(later)
    return NewVersion(version, at.astimezone(zone).date(), in_force=True)


def _in_profile(incident: Incident, now: datetime, zone: ZoneInfo) -> NewVersion | None:
    binds = incident.record.binds
    released = binds.source == "release"
    try:
        plan = load_profile(incident.profile_path, known()).profile.plan
    except PlanError:
        applied = [action.applied for action in incident.record.actions if action.applied]
        if not applied:
            return None
        return NewVersion(applied[0].version, applied[0].at.astimezone(zone).date(), in_force=not released)
    new = plan.version not in (binds.version, binds.profile_version)
    aware = incident.record.aware().at.astimezone(zone).date()
    if not new or not aware <= plan.effective <= now.date():
        return None
    return NewVersion(plan.version, plan.effective, in_force=not released)


def own_duties(folder: Path, record: IncidentRecord) -> Collection[str]:
    """Ids of the duties that the client's contracts set, as the frozen profile has them."""
    return tuple(duty.id for _, _, _, duty in contract_duties(_frozen(folder, record)))


def _frozen(folder: Path, record: IncidentRecord) -> Profile:
    path = folder / PROFILE
    if record.binds.frozen != PROFILE or not path.is_file():
        raise InvalidInput(
            [
                Problem(
                    SourceRef(folder / "record.yaml"),
                    "binds.frozen",
                    f"there is no {PROFILE} beside the record",
                )
            ]
        )
    text = path.read_text(encoding="utf-8")
    if sha256(text.encode()) != record.binds.frozen_sha256:
        raise InvalidInput([_changed(path, "binds.frozen_sha256")])
    return _parsed(text, path).profile


@lru_cache(maxsize=8)
def _parsed(text: str, path: Path) -> LoadedProfile:
    return load_profile_text(text, path, known())


def _bound(loaded: LoadedRecord, inner: str, expected: str, key: str) -> bytes:
    path = loaded.folder / inner
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            [Problem(SourceRef(path), key, f"cannot be read: {error.strerror or error}")]
        ) from None
    if sha256(data) != expected:
        raise InvalidInput([_changed(path, key)])
    return data


def _changed(path: Path, key: str) -> Problem:
    return Problem(
        SourceRef(path),
        key,
        "is not the file that the record binds to",
        "restore it; plans are never edited here",
    )


def timeline_line(at: datetime, by: str, what: str, kind: str) -> dict[str, Any]:
    """An entry of `timeline`."""
    return {"at": at.isoformat(), "by": by, "what": what, "kind": kind}


def people_entry(
    name: str, value: FactValue, source: str | None, confidence: str, by: str, stamp: str
) -> dict[str, Any] | None:
    """An entry of `people` for a count by residence; None for any other fact."""
    base, _, place = name.partition(":")
    if base != "residents":
        return None
    told = {"source": source or NOT_STATED, "confidence": confidence, "by": by, "recorded": stamp}
    return {"residence": place, "count": value, **told}


def fact_entry(
    name: str, value: FactValue, source: str, confidence: str, by: str, stamp: str
) -> dict[str, Any]:
    """An entry of `facts`."""
    plain = list(value) if isinstance(value, tuple) else value
    return {
        "fact": name,
        "value": plain,
        "source": source,
        "confidence": confidence,
        "by": by,
        "recorded": stamp,
    }
