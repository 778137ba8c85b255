"""What a record binds to, and when the new version of the plan counts: both by real releases."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from generator.deadlines.zones import instant
from generator.errors import InvalidInput
from generator.incidents.todo import of_incident
from generator.sources.profile_patch import Revision, patched
from generator.sources.profiles import load_profile
from generator.workflows import incident_changes as changes
from generator.workflows.incident_opening import Opening, open_incident
from generator.workflows.incidents import read_incident, state_of
from generator.workflows.plans import known
from generator.workflows.releases import approve, finish_release, prepare_release
from tests.unit.incidents.helpers import AWARE, ROOT, clock

ZONE = "America/New_York"
PLAN = "harlan-creek-trellis"


def at(text):
    def moment(zone: str) -> datetime:
        return instant(text, zone)

    return moment


def freeze(folder: Path, when: str) -> Path:
    """Release the profile as it stands; its PDFs are stand-ins, which cost nothing and say nothing here."""
    pack, target = prepare_release(folder / "loan.yaml", folder / "releases", folder / "output")
    return finish_release(pack, target, dict.fromkeys(pack.keys, b"%PDF"), at(when)).folder


def bump(folder: Path, version: str, effective: str) -> None:
    """A new version of the profile, as `incident apply` writes one."""
    loaded = load_profile(folder / "loan.yaml", known())
    day = datetime.fromisoformat(effective).date()
    revision = Revision(
        version, day, "Sooner", "because of INC-2026-001, action 1", loaded.profile.plan.owner
    )
    (folder / "loan.yaml").write_text(patched(loaded, [], revision, known()), encoding="utf-8")


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    """A client's folder with version 2.1, released on 2 November."""
    folder = tmp_path_factory.mktemp("frozen")
    text = (ROOT / "examples/loan-incident/trellis.yaml").read_text(encoding="utf-8")
    (folder / "loan.yaml").write_text(text, encoding="utf-8")
    freeze(folder, "2026-11-02T09:00")
    return folder


@pytest.fixture
def client(frozen, tmp_path):
    """A copy of it."""
    shutil.copytree(frozen, tmp_path / "client")
    return tmp_path / "client"


def open_record(folder: Path):
    opening = Opening(
        class_="indirect-prompt-injection", triggers=("wrong_decision_about_person",), times={"aware": AWARE},
        by="A. Ansah", ground="replay", releases=folder / "releases",
    )  # fmt: skip
    return open_incident(folder / "loan.yaml", folder / "incidents", opening, clock())


def contained(folder: Path) -> None:
    changes.say_when("INC-2026-001", folder / "incidents", clock(), "contained", "2026-11-16T08:31", "b", "g")


def review(folder: Path, now: str):
    incident = read_incident("INC-2026-001", folder / "incidents")
    found = state_of(incident, clock(now)(ZONE))
    todos = [todo for todo in of_incident(incident.record, found) if todo.kind == "review"]
    return found.review, todos


def test_it_binds_to_the_release_in_force_and_says_that_nobody_approved_it(client):
    made = open_record(client)
    binds = made.incident.record.binds
    assert (binds.source, binds.version) == ("release", "2.1")
    assert made.remarks == ("nobody had approved version 2.1 when somebody became aware",)


def test_of_two_releases_in_force_the_newer_counts(client):
    bump(client, "2.2", "2026-11-09")
    freeze(client, "2026-11-09T09:00")
    binds = open_record(client).incident.record.binds
    assert binds.version == "2.2"
    assert (client / "incidents/INC-2026-001" / binds.path).resolve() == (
        client / "releases" / PLAN / "2.2/plan.json"
    ).resolve()


def test_a_release_whose_date_has_not_come_binds_nothing(client):
    bump(client, "2.2", "2026-11-20")
    freeze(client, "2026-11-09T09:00")
    assert open_record(client).incident.record.binds.version == "2.1"


def test_broken_approvals_do_not_keep_a_record_from_being_opened(client):
    (client / "releases" / PLAN / "2.1/approvals.yaml").write_text("schema: [", encoding="utf-8")
    assert "nobody had approved" in open_record(client).remarks[0]


def test_an_approval_that_came_later_does_not_count(client):
    release = client / "releases" / PLAN / "2.1"
    approve(release, "Miriam Levitan", "legal_counsel", at("2026-11-16T08:11"))
    assert "nobody had approved" in open_record(client).remarks[0]


def test_an_approval_before_counts(client):
    approve(
        client / "releases" / PLAN / "2.1", "Thibault Delacroix", "executive_sponsor", at("2026-11-02T15:00")
    )
    assert open_record(client).remarks == ()


def test_a_version_that_was_frozen_after_awareness_binds_nothing_whatever_its_date(client):
    bump(client, "2.2", "2026-11-16")
    freeze(client, "2026-11-16T08:30")
    made = open_record(client)
    assert made.incident.record.binds.version == "2.1"
    assert any("another plan than version 2.1" in remark for remark in made.remarks)


def test_a_release_whose_plan_was_changed_is_refused(client):
    path = client / "releases" / PLAN / "2.1" / "plan.json"
    data = json.loads(path.read_bytes())
    data["identity"]["owner"] = "somebody else"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"is not the plan\.json that was released"):
        open_record(client)


def test_the_new_version_counts_once_it_is_released(client):
    open_record(client)
    contained(client)
    found, todos = review(client, "2026-11-20T09:00")
    assert (found.due.isoformat(), found.lacking) == ("2026-11-26", ("review", "new plan version"))
    assert [(todo.urgency, todo.due.isoformat()) for todo in todos] == [(3, "2026-11-26")]
    bump(client, "2.2", "2026-11-24")
    found, _ = review(client, "2026-11-25T09:00")
    assert found.lacking == ("review", "release of plan version 2.2")
    found, todos = review(client, "2026-11-27T09:00")
    assert found.missed
    assert (todos[0].urgency, "MISSED: review and release of plan version 2.2" in todos[0].what) == (2, True)
    freeze(client, "2026-11-25T14:00")
    found, _ = review(client, "2026-11-27T09:00")
    assert found.lacking == ("review",)
    assert (found.new_version.version, found.new_version.on.isoformat()) == ("2.2", "2026-11-25")
    assert found.missed  # the review is still not held


def test_a_release_after_the_day_is_late_and_no_longer_to_do(client):
    open_record(client)
    contained(client)
    bump(client, "2.2", "2026-11-24")
    freeze(client, "2026-12-03T14:00")
    path = client / "incidents" / "INC-2026-001" / "record.yaml"
    reading = (
        'rca:\n  - {form_version: "1.0", file: rca/01.pdf, sha256: "' + "0" * 64 + '", by: b, '
        'imported: "2026-12-01T09:00:00-05:00", answers: {rca__dates__review_held: "2026-11-24"}}\n'
    )
    path.write_text(path.read_text(encoding="utf-8").replace("rca: []\n", reading), encoding="utf-8")
    found, todos = review(client, "2026-12-04T09:00")
    assert (found.held_on.isoformat(), found.late, found.missed, todos) == ("2026-11-24", True, False, [])


def test_an_earlier_or_older_release_is_no_new_version(client):
    open_record(client)
    contained(client)
    older = client / "releases" / PLAN / "1.9"
    older.mkdir()
    text = (client / "releases" / PLAN / "2.1" / "release.yaml").read_text(encoding="utf-8")
    (older / "release.yaml").write_text(
        text.replace('"2.1"', '"1.9"').replace("2026-11-02T09:00", "2026-11-20T09:00"), encoding="utf-8"
    )
    assert review(client, "2026-11-25T09:00")[0].new_version is None


def test_a_broken_release_beside_does_not_hide_the_clocks(client):
    open_record(client)
    contained(client)
    broken = client / "releases" / PLAN / "2.2"
    broken.mkdir()
    (broken / "release.yaml").write_text("schema: [", encoding="utf-8")
    assert review(client, "2026-11-25T09:00")[0].new_version is None


def test_containment_that_nobody_states_is_asked_for(client):
    open_record(client)
    assert review(client, "2026-11-20T09:00")[1] == []
    found, (todo,) = review(client, "2026-11-27T09:00")
    assert (found.due, found.unstated_too_long) == (None, True)
    assert todo.urgency == 2
    assert "say when it was contained" in todo.what


def test_an_exercise_does_not_look_like_an_emergency(client):
    opening = Opening(
        class_="indirect-prompt-injection", triggers=("wrong_decision_about_person",), times={"aware": AWARE},
        by="A. Ansah", ground="replay", releases=client / "releases", drill=True,
    )  # fmt: skip
    incident = open_incident(client / "loan.yaml", client / "incidents", opening, clock()).incident
    todos = [*of_incident(incident.record, state_of(incident, clock("2026-11-27T09:00")(ZONE)))]
    assert len(todos) > 3
    assert all(todo.what.startswith("INC-2026-001 (DRILL)") for todo in todos)
