"""A record of the smallest kind for tests, on the shipped loan profile."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from generator.deadlines.zones import instant
from generator.workflows.incident_opening import Opening, open_incident

ROOT = Path(__file__).resolve().parents[3]
AWARE = "2026-11-16T08:10"


def clock(text: str = "2026-11-16T09:00"):
    """A clock that stands still."""

    def now(zone: str) -> datetime:
        return instant(text, zone)

    return now


def opened(folder: Path, *, triggers=("wrong_decision_about_person",), at="2026-11-16T09:00", **more):
    """(incidents folder, id, profile) of a new record on a copy of the loan profile."""
    profile = folder / "client" / "loan.yaml"
    profile.parent.mkdir(exist_ok=True)
    if not profile.exists():
        shutil.copy(ROOT / "examples" / "loan-incident" / "trellis.yaml", profile)
    opening = Opening(
        class_="indirect-prompt-injection",
        triggers=triggers,
        times={"aware": AWARE},
        by="Abena Ansah",
        ground="37 outcomes differ",
        releases=folder / "releases",
        **more,
    )
    made = open_incident(profile, folder / "incidents", opening, clock(at))
    return folder / "incidents", made.incident.record.id, profile
