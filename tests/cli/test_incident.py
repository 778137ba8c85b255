"""`airplan incident` and `airplan todo` as commands: help, output, exit codes."""

from __future__ import annotations

import json

import pytest

from generator.cli.incident import STEPS
from tests.cli.run import ROOT, airplan, data

PROFILE = ROOT / "examples" / "loan-incident" / "trellis.yaml"
DUTY = "contract-ardoise-forward-flow-ardoise-origination-defect"
NOW = ("--now", "2026-11-16T10:00")


@pytest.fixture(scope="module")
def incidents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "incidents"
    done = airplan(
        "incident", "open", PROFILE, "--class", "indirect-prompt-injection", "--trigger", "wrong_decision_about_person",
        "--aware-at", "2026-11-16T08:10", "--by", "A. Ansah", "--ground", "replay", "--incidents", folder, *NOW,
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert done.stdout.strip().endswith("INC-2026-001/record.yaml")
    return folder


@pytest.mark.parametrize("step", STEPS)
def test_each_step_explains_itself(step):
    text = airplan("incident", step, "--help").stdout
    assert "Examples:" in text
    assert f"  airplan incident {step} " in text
    assert "Exit codes:" in text


def test_an_unknown_step_names_the_nearest():
    done = airplan("incident", "sennt")
    assert done.exit_code == 2
    assert "did you mean `sent`?" in done.stderr


def test_show_as_json_holds_clock_and_needs(incidents):
    found = data(airplan("incident", "show", "INC-2026-001", "--incidents", incidents, "--json", *NOW))
    line = next(duty for duty in found["duties"] if duty["duty"] == DUTY)
    assert line["act_by"] == "2026-11-18T23:59:59-05:00"
    assert line["seconds_left"] == 2 * 86400 + 13 * 3600 + 59 * 60 + 59
    assert line["needs"]["notice"].startswith("notices/customer-ardoise")
    assert found["binds"]["version"] == "2.1"


def test_show_as_a_calendar_holds_what_runs(incidents):
    text = airplan("incident", "show", "INC-2026-001", "--incidents", incidents, "--ics", *NOW).stdout
    assert text.count("BEGIN:VEVENT") == 2
    assert DUTY in text


def test_the_words_say_how_long_is_left(incidents):
    text = airplan("incident", "show", "INC-2026-001", "--incidents", incidents, *NOW).stdout
    assert "ACT BY Wed 18 Nov 2026 23:59:59 (-05:00), 2 d 13 h left" in text
    late = airplan(
        "incident", "show", "INC-2026-001", "--incidents", incidents, "--now", "2026-11-19T01:00"
    ).stdout
    assert "OVERDUE, legal end Wed 18 Nov 2026 23:59:59 (-05:00), 1 h over" in late


def test_a_strange_record_is_named(incidents):
    done = airplan("incident", "show", "INC-2026-404", "--incidents", incidents)
    assert done.exit_code == 2
    assert "no incident `INC-2026-404`; there are INC-2026-001" in done.stderr


def test_a_record_with_a_fault_exits_two_with_the_place(incidents, tmp_path):
    import shutil

    shutil.copytree(incidents, tmp_path / "incidents")
    path = tmp_path / "incidents" / "INC-2026-001" / "record.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("severity: SEV1", "severity: 1"), encoding="utf-8"
    )
    done = airplan("incident", "show", "INC-2026-001", "--incidents", tmp_path / "incidents")
    assert done.exit_code == 2
    assert "record.yaml:9:1: severity" in done.stderr


def test_close_that_cannot_exits_one(incidents):
    done = airplan("incident", "close", "INC-2026-001", "--by", "b", "--incidents", incidents, *NOW)
    assert done.exit_code == 1
    assert f"  {DUTY}: " in done.stdout


def test_apply_without_a_patch_exits_one(incidents):
    done = airplan("incident", "apply", "INC-2026-001", "--by", "b", "--incidents", incidents, *NOW)
    assert (done.exit_code, done.stdout) == (1, "nothing to apply: no open action has a patch\n")


def test_an_action_with_a_wrong_patch_is_refused(incidents):
    words = (
        "--what",
        "x",
        "--owner",
        "y",
        "--due",
        "2026-11-30",
        "--by",
        "b",
        "--incidents",
        incidents,
        *NOW,
    )
    for patch, said in (
        ("detection.signals.income-gapp.window.value=2", "did you mean `income-gap`?"),
        ("detection.signals.income-gap.window.value=two", "must be a number"),
        ("plan.version=9.9", "cannot change `plan.version`"),
        ("detection.signals.income-gap", "write PATH=VALUE"),
    ):
        done = airplan("incident", "action", "INC-2026-001", "--patch", patch, *words)
        assert done.exit_code == 2
        assert said in done.stderr


def test_todo_puts_the_overdue_clock_first_and_gaps_last(incidents):
    done = airplan("todo", PROFILE, "--incidents", incidents, "--now", "2026-11-19T01:00", "--json")
    todos = json.loads(done.stdout)[0]["todos"]
    assert todos[0]["kind"] == "clock"
    assert DUTY in todos[0]["what"]
    assert [item["urgency"] for item in todos] == sorted(item["urgency"] for item in todos)
    assert {"clock", "drill", "gap"} <= {item["kind"] for item in todos}


def test_todo_of_a_wrong_profile_goes_on_with_the_others(incidents, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("schema: 1\n", encoding="utf-8")
    done = airplan("todo", wrong, PROFILE, "--incidents", incidents, *NOW)
    assert done.exit_code == 2
    assert "harlan-creek-trellis" in done.stdout


def opened_on(folder, profile, klass, trigger):
    done = airplan(
        "incident", "open", ROOT / "profiles" / profile, "--class", klass, "--trigger", trigger, "--aware-at",
        "2026-11-16T08:10", "--by", "b", "--ground", "g", "--incidents", folder, *NOW,
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr


def test_no_notice_of_ours_is_a_gap_only_where_we_would_send_one(tmp_path):
    opened_on(tmp_path, "clinical_hipaa_ba.yaml", "wrong-patient-note", "phi_breach")
    found = data(airplan("incident", "show", "INC-2026-001", "--incidents", tmp_path, "--json", *NOW))
    needs = {duty["duty"]: duty["needs"] for duty in found["duties"]}
    assert needs["hipaa-four-factor-assessment"]["no_notice"] == "a record to keep, no letter to send"
    assert needs["hipaa-media"]["no_notice"].startswith("not ours to send: the law binds the ")
    assert needs["hipaa-individuals"]["no_notice"] is None
    assert not [duty for duty, need in needs.items() if "GAP" in (need["no_notice"] or "")]


def test_a_duty_of_another_falls_away_with_the_fact_that_decides(tmp_path):
    opened_on(tmp_path, "clinical_hipaa_ba.yaml", "wrong-patient-note", "phi_breach")
    done = airplan(
        "incident", "fact", "INC-2026-001", "residents:US-TX=3", "people_total=3", "--source", "log", "--by", "b",
        "--incidents", tmp_path, *NOW,
    )  # fmt: skip
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("  - us-wa-ag-hipaa")]
    assert "nor is there anything to help with" in line
    assert "Washington" in line.rpartition("help with")[2]


def test_a_word_that_is_no_class_or_trigger_is_answered_with_those_that_are():
    done = airplan(
        "incident", "open", PROFILE, "--class", "nonsense", "--trigger", "phi_breach", "--aware-at",
        "2026-11-16T08:10", *NOW,
    )  # fmt: skip
    assert done.exit_code == 2
    assert "one of: agent-cascade-failure, " in done.stderr


def test_a_severity_says_what_it_changes(tmp_path):
    opened_on(
        tmp_path, "../examples/loan-incident/trellis.yaml", "indirect-prompt-injection", "security_incident"
    )
    call = ("--because", "held", "--by", "b", "--incidents", tmp_path, *NOW)
    done = airplan("incident", "severity", "INC-2026-001", "SEV2", *call)
    assert done.stdout.startswith("INC-2026-001: SEV2, before SEV1\n")
    assert "answer within: 15 minutes (before: 5 minutes)" in done.stdout
    assert "no longer asked by the plan: Thibault Delacroix" in done.stdout
    assert airplan("incident", "severity", "INC-2026-001", "SEV9", *call).exit_code == 2
    text = airplan("incident", "show", "INC-2026-001", "--incidents", tmp_path, *NOW).stdout
    assert "  SEV2 since Mon 16 Nov 2026 10:00 (-05:00), before SEV1; b: held" in text
