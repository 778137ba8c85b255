"""Running clocks: what binds under the record's facts, later stages, and what `close` wants."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from generator.errors import UsageProblem
from generator.workflows import incident_changes as changes
from generator.workflows.incidents import read_incident, state_of
from tests.unit.incidents.helpers import clock, opened

ZONE = "America/New_York"
ARDOISE = "contract-ardoise-forward-flow-ardoise-origination-defect"
SALE = "contract-ardoise-forward-flow-ardoise-stop-of-sale"
CORRECT = "ecoa-correct-inadvertent-error"
CIRCUMSTANCE = "contract-cyber-bankers-policy-calloway-circumstance"


def state(incidents, name, now="2026-11-16T10:00"):
    return state_of(read_incident(name, incidents), clock(now)(ZONE))


def duties(found):
    return {line.duty: line for line in found.duties}


def test_time_left_and_overdue(tmp_path):
    incidents, name, _ = opened(tmp_path)
    line = duties(state(incidents, name, "2026-11-18T22:59:59"))[ARDOISE]
    assert line.left == timedelta(hours=1)
    assert line.standing == "running"
    assert duties(state(incidents, name, "2026-11-19T01:59:59"))[ARDOISE].left_legal == timedelta(hours=-2)


def test_overdue_first_then_at_once_then_by_act_by(tmp_path):
    incidents, name, _ = opened(tmp_path)
    order = [line.duty for line in state(incidents, name, "2026-11-19T09:00").duties]
    assert order == [ARDOISE, CORRECT, CIRCUMSTANCE, SALE]  # the last waits for a decision to hold loans back


def test_what_it_takes_to_send(tmp_path):
    incidents, name, _ = opened(tmp_path)
    needs = duties(state(incidents, name))[ARDOISE].needs
    assert needs.notice.startswith("customer-ardoise-forward-flow")
    assert needs.drafter
    assert "GAP" not in needs.approver
    assert needs.method == "E-mail and courier"


def test_a_trigger_adds_duties_with_the_reason_and_a_withdrawn_one_drops_them(tmp_path):
    incidents, name, _ = opened(tmp_path)
    gone = {
        "contract-tallmere-subscriber-tallmere-report-access",
        "contract-cyber-bankers-policy-calloway-cyber",
    }
    added = changes.answer_trigger(
        name, incidents, clock(), "personal_data_breach", "b", "g", withdrawn=False
    )
    assert {turn.duty for turn in added.turns if turn.sign == "+"} == gone
    assert all("binds under" in turn.reason for turn in added.turns)
    dropped = changes.answer_trigger(
        name, incidents, clock(), "personal_data_breach", "b", "g", withdrawn=True
    )
    assert {turn.duty for turn in dropped.turns if turn.sign == "-"} == gone
    kinds = [entry.kind for entry in dropped.incident.record.timeline]
    assert kinds.count("duties") == 4


def test_counts_by_state_drop_a_state_only_once_all_are_placed(tmp_path):
    incidents, name, _ = opened(tmp_path, triggers=("state_personal_information_breach",))
    assert "us-il-individuals" in duties(state(incidents, name))
    part = changes.state_facts(
        name,
        incidents,
        clock(),
        ["residents:US-OH=19", "residents:US-MI=11", "people_total=37"],
        "s",
        "low",
        "b",
    )
    assert part.turns == ()
    assert not state(incidents, name).places_complete
    whole = changes.state_facts(name, incidents, clock(), ["residents:US-PA=7"], "s", "low", "b")
    assert {turn.duty for turn in whole.turns} == {"us-il-individuals", "us-il-ag"}
    assert all(turn.sign == "-" and "Illinois" in turn.reason for turn in whole.turns)
    fallen = {aside.duty: aside.reason for aside in state(incidents, name).fallen}
    assert "people affected" in fallen["us-il-individuals"]


def test_a_count_over_the_threshold_brings_the_authority(tmp_path):
    incidents, name, _ = opened(tmp_path, triggers=("state_personal_information_breach",))
    few = changes.state_facts(
        name, incidents, clock(), ["residents:US-IL=400", "people_total=400"], "s", "low", "b"
    )
    assert {(turn.sign, turn.duty) for turn in few.turns} == {("-", "us-il-ag")}
    assert "400" in few.turns[0].reason
    assert "the record says" in few.turns[0].reason
    many = changes.state_facts(
        name, incidents, clock(), ["residents:US-IL=501", "people_total=501"], "s", "low", "b"
    )
    assert {(turn.sign, turn.duty) for turn in many.turns} == {("+", "us-il-ag")}


def test_encryption_takes_a_duty_away_and_brings_it_back(tmp_path):
    incidents, name, _ = opened(tmp_path, triggers=("state_personal_information_breach",))
    safe = changes.state_facts(name, incidents, clock(), ["encrypted=yes"], "key log", "high", "b")
    assert "us-il-individuals" in {turn.duty for turn in safe.turns if turn.sign == "-"}
    back = changes.state_facts(name, incidents, clock(), ["encrypted=no"], "key copied", "high", "b")
    assert "us-il-individuals" in {turn.duty for turn in back.turns if turn.sign == "+"}


def test_a_later_stage_runs_from_what_was_really_sent(tmp_path):
    incidents, name, _ = opened(tmp_path, triggers=("credit_adverse_action",))
    waiting = duties(state(incidents, name))["ecoa-counteroffer"]
    assert waiting.standing == "waiting"
    changes.record_sent(
        name,
        incidents,
        clock("2026-11-20T12:00"),
        "ecoa-adverse-action-completed",
        "2026-11-20T11:00",
        "r",
        "b",
    )
    line = duties(state(incidents, name, "2026-11-20T12:00"))["ecoa-counteroffer"]
    assert line.due.deadline.due == datetime.fromisoformat("2027-02-18T23:59:59-05:00")


def test_a_determination_starts_the_bank_regulators_clock(tmp_path):
    incidents, name, _ = opened(tmp_path, triggers=("bank_notification_incident",))
    assert duties(state(incidents, name))["banks-occ-36h"].standing == "waiting"
    changes.say_when(
        name, incidents, clock("2026-11-16T15:00"), "determined", "2026-11-16T14:00", "T. D.", "desk down"
    )
    line = duties(state(incidents, name))["banks-occ-36h"]
    assert line.due.deadline.due == datetime.fromisoformat("2026-11-18T02:00:00-05:00")


def test_a_later_awareness_moves_the_clock_and_the_earlier_one_stays(tmp_path):
    incidents, name, _ = opened(tmp_path)
    changes.say_when(
        name, incidents, clock(), "aware", "2026-11-14T22:00", "pager", "alert LEND-DOC acknowledged"
    )
    incident = read_incident(name, incidents)
    assert len([m for m in incident.record.times if m.event == "aware"]) == 2
    line = duties(state(incidents, name))[ARDOISE]
    assert line.due.deadline.due == datetime.fromisoformat("2026-11-17T23:59:59-05:00")


def test_nothing_is_recorded_from_the_future_or_for_a_strange_duty(tmp_path):
    incidents, name, _ = opened(tmp_path)
    with pytest.raises(UsageProblem, match="is after now"):
        changes.record_sent(name, incidents, clock(), ARDOISE, "2026-11-17T08:00", "r", "b")
    with pytest.raises(UsageProblem, match="starts no such duty; did you mean"):
        changes.record_sent(name, incidents, clock(), ARDOISE[:-1], "2026-11-16T08:30", "r", "b")


def test_close_says_what_is_missing_and_closes_when_nothing_is(tmp_path):
    incidents, name, _ = opened(tmp_path)
    now = clock("2026-12-01T09:00")
    before = (incidents / name / "record.yaml").read_bytes()
    lacking = changes.close(name, incidents, now, "b").missing
    wanted = {ARDOISE, CORRECT, CIRCUMSTANCE, SALE, "times"}
    assert {line.split(":")[0] for line in lacking} == wanted
    assert len(lacking) == 6  # containment and recovery
    assert (incidents / name / "record.yaml").read_bytes() == before
    changes.record_sent(name, incidents, now, ARDOISE, "2026-11-17T15:20", "courier", "b")
    changes.record_sent(name, incidents, now, CIRCUMSTANCE, "2026-11-30T15:20", "form", "b")
    changes.decide_not(name, incidents, now, CORRECT, "no notice had gone", "b", {"evidence": "mail file"})
    changes.decide_not(name, incidents, now, SALE, "no loan was held back", "b", {})
    for event, at in (("contained", "2026-11-16T08:31"), ("recovered", "2026-11-23T07:00")):
        changes.say_when(name, incidents, now, event, at, "b", "g")
    assert changes.close(name, incidents, now, "b").missing == ()
    record = read_incident(name, incidents).record
    assert record.closed is not None
    assert record.decisions[0].regime
    with pytest.raises(UsageProblem, match="was closed at"):
        changes.record_sent(name, incidents, now, ARDOISE, "2026-11-17T15:20", "again", "b")


def test_a_new_version_within_fourteen_days_is_a_date_that_can_be_missed(tmp_path):
    incidents, name, _ = opened(tmp_path)
    changes.say_when(name, incidents, clock(), "contained", "2026-11-16T08:31", "b", "g")
    review = state(incidents, name, "2026-11-26T23:00").review
    assert (review.due.isoformat(), review.missed) == ("2026-11-26", False)
    assert state(incidents, name, "2026-11-27T00:00").review.missed
