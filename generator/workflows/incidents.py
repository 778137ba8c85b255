"""Incident records joined with plan and law: open one, read one, and its state at a moment."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from generator.deadlines.zones import instant
from generator.errors import InvalidInput, PlanError, Problem, SourceRef
from generator.incidents.state import IncidentState, state
from generator.model.conditions import FactValue
from generator.model.incident import IncidentRecord
from generator.model.profile import Profile
from generator.planning.contracts import contract_duties
from generator.sources.profiles import LoadedProfile, load_profile, load_profile_text
from generator.sources.records import LoadedRecord, find_record, load_record
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


def _later_version(incident: Incident, now: datetime) -> str | None:
    """The living profile's plan version, where it came after awareness."""
    try:
        plan = load_profile(incident.profile_path, known()).profile.plan
    except PlanError:
        return None
    zone = incident.plan["identity"]["zone"]
    aware = instant(incident.record.aware().at.isoformat(), zone).date()
    new = plan.version not in (incident.record.binds.version, incident.record.binds.profile_version)
    return plan.version if new and aware <= plan.effective <= now.date() else None


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
    if digest(text.encode()) != record.binds.frozen_sha256:
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
    if digest(data) != expected:
        raise InvalidInput([_changed(path, key)])
    return data


def _changed(path: Path, key: str) -> Problem:
    return Problem(
        SourceRef(path),
        key,
        "is not the file that the record binds to",
        "restore it; plans are never edited here",
    )


def digest(data: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


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
