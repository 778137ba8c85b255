"""Another severity: the former one stays, and what it changes is said by the plan."""

from __future__ import annotations

from datetime import datetime

import pytest

from generator.errors import InvalidInput, UsageProblem
from generator.incidents.fill import form_answers
from generator.incidents.severity import consequences
from generator.workflows import incident_changes as changes
from generator.workflows.incident_severity import set_severity
from generator.workflows.incidents import read_incident
from tests.unit.incidents.helpers import clock, opened


def test_the_former_severity_stays_with_the_reason(tmp_path):
    incidents, name, _ = opened(tmp_path)
    before = (incidents / name / "record.yaml").read_bytes()
    made = set_severity(name, incidents, clock(), "SEV2", "held at 08:31", "W. Mwangi")
    assert made.former == "SEV1"
    set_severity(name, incidents, clock("2026-11-16T13:05"), "SEV1", "12 letters went out", "W. Mwangi")
    record = read_incident(name, incidents).record
    assert (record.severity, record.first_severity()) == ("SEV1", "SEV1")
    assert [(change.former, change.severity) for change in record.severity_changes] == [
        ("SEV1", "SEV2"),
        ("SEV2", "SEV1"),
    ]
    assert record.timeline[-1].what == "Severity SEV1, before SEV2. Because: 12 letters went out"
    assert (incidents / name / "history" / "0001.yaml").read_bytes() == before


def test_the_form_asks_with_the_severity_first_declared(tmp_path):
    incidents, name, _ = opened(tmp_path)
    set_severity(name, incidents, clock(), "SEV3", "reversible", "b")
    answers = form_answers(read_incident(name, incidents).record, "America/New_York", {})
    assert answers["rca__identity__severity_first"] == "SEV1"


def test_the_same_severity_or_a_closed_record_is_refused(tmp_path):
    incidents, name, _ = opened(tmp_path)
    before = (incidents / name / "record.yaml").read_bytes()
    with pytest.raises(UsageProblem, match="is SEV1 already"):
        set_severity(name, incidents, clock(), "SEV1", "x", "b")
    assert (incidents / name / "record.yaml").read_bytes() == before
    path = incidents / name / "record.yaml"
    closed = 'closed: {at: "2026-11-16T08:50:00-05:00", by: b}\n'
    path.write_text(path.read_text(encoding="utf-8") + closed, encoding="utf-8")
    with pytest.raises(UsageProblem, match="was closed at"):
        set_severity(name, incidents, clock(), "SEV2", "x", "b")


def test_a_severity_typed_by_hand_that_the_changes_do_not_tell_is_named(tmp_path):
    incidents, name, _ = opened(tmp_path)
    set_severity(name, incidents, clock(), "SEV2", "x", "b")
    path = incidents / name / "record.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("severity: SEV2\n", "severity: SEV3\n", 1), encoding="utf-8"
    )
    with pytest.raises(InvalidInput, match="is SEV3, the last entry of `severity_changes` says SEV2"):
        read_incident(name, incidents)


def test_comments_stay(tmp_path):
    incidents, name, _ = opened(tmp_path)
    path = incidents / name / "record.yaml"
    text = path.read_text(encoding="utf-8").replace("severity: SEV1\n", "severity: SEV1  # by the plan\n")
    path.write_text(text, encoding="utf-8")
    set_severity(name, incidents, clock(), "SEV2", "x", "b")
    assert "severity: SEV2  # by the plan\n" in path.read_text(encoding="utf-8")


def test_who_is_called_by_when_and_who_no_longer(tmp_path):
    incidents, name, _ = opened(tmp_path)
    plan = read_incident(name, incidents).plan
    now = datetime.fromisoformat("2026-11-16T13:05:00-05:00")
    up, down = consequences(plan, "SEV2", "SEV1", now), consequences(plan, "SEV1", "SEV2", now)
    (call,) = up.called
    assert (call.who, call.tells) == ("Thibault Delacroix", "President and risk committee chair")
    assert call.by == datetime.fromisoformat("2026-11-16T17:05:00-05:00")
    assert (up.new.answer_within, up.old.answer_within) == ("5 minutes", "15 minutes")
    assert [one.tells for one in down.dropped] == [call.tells]
    assert up.still == down.still == len(plan["communication"]["chain"]) - 1


def test_a_plan_of_an_older_form_still_takes_a_severity():
    found = consequences({}, "SEV2", "SEV1", datetime.fromisoformat("2026-11-16T13:05:00-05:00"))
    assert (found.old, found.new, found.called, found.still) == (None, None, (), 0)


def test_a_note_goes_on_after_it(tmp_path):
    incidents, name, _ = opened(tmp_path)
    set_severity(name, incidents, clock(), "SEV2", "x", "b")
    changes.note(name, incidents, clock(), "after", "b", None)
    assert read_incident(name, incidents).record.timeline[-1].what == "after"
