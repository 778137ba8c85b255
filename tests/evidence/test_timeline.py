"""Which version was in force on which day, and which one an evidence pack shows."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from generator.evidence.timeline import in_force_at, stretches
from generator.model.evidence import Span
from generator.model.release import Release
from generator.workflows.evidence import at_the_end
from generator.workflows.evidence_plan import Version

ZONE = ZoneInfo("America/Denver")


def release(version: str, effective: str, at: str) -> Release:
    return Release(
        plan="minimal", version=version, effective=date.fromisoformat(effective), law_as_of=date(2026, 1, 1),
        released_at=datetime.fromisoformat(at).replace(tzinfo=ZONE), zone="America/Denver",
        plan_sha256="0" * 64, manifest_sha256="1" * 64,
    )  # fmt: skip


NEW = release("2.0", "2026-02-01", "2026-01-20T09:00")
BACK = release("1.9", "2026-06-01", "2026-05-30T09:00")
"""A client that went back to an older numbering: the later plan has the lower number."""


def test_a_version_waits_for_its_date_and_a_backdated_one_for_its_freezing():
    late = release("2.1", "2026-02-01", "2026-03-05T12:00")
    pieces = stretches([NEW, late], date(2026, 1, 1), date(2026, 12, 31), ZONE)
    assert [(p.start.isoformat()[:16], p.release.version if p.release else None, p.days) for p in pieces] == [
        ("2026-01-01T00:00", None, 31),
        ("2026-02-01T00:00", "2.0", 32),
        ("2026-03-05T12:00", "2.1", 302),
    ]
    assert in_force_at([NEW, late], datetime(2026, 3, 5, 11, 59, tzinfo=ZONE)) == NEW
    assert in_force_at([late], datetime(2026, 3, 5, 11, 59, tzinfo=ZONE)) is None


def test_the_pack_shows_the_version_in_force_at_the_end_not_the_highest_number():
    pieces = stretches([BACK, NEW], date(2026, 1, 1), date(2026, 12, 31), ZONE)
    assert pieces[-1].release == BACK
    versions = [Version(f"plans/{one.version}", {}, one, (), {}) for one in (BACK, NEW)]
    span = Span.model_validate(
        {"from": "2026-06-01", "to": "2026-12-31", "days": 214, "version": "1.9", "approval": "approved"}
    )
    assert at_the_end(versions, [span]).release == BACK
    assert at_the_end(versions, []).release == NEW
