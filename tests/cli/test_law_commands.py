"""`impact`, `duties --audit` and the calendar file, through the command line."""

from datetime import UTC, datetime

import icalendar
import pytest

from tests.cli.run import PROFILES, airplan, data

RETAIL = str(PROFILES / "retail_chatbot.yaml")


def changes(*words):
    found = data(airplan("impact", *words, "--json"))
    return {(one["plan"], change["duty"]): change for one in found for change in one["changes"]}


def test_a_change_of_law_names_the_duties_and_documents():
    found = changes(RETAIL, "--from", "2025-12-01", "--to", "2026-12-01")
    change = found["skerry-thread-skein", "us-ca-individuals"]
    assert change["kind"] == "changed"
    assert "30" not in change["before"]
    assert "30 calendar days" in change["after"]
    assert "notices/us-state-individuals-ca" in change["documents"]


def test_the_same_law_changes_nothing():
    assert changes(RETAIL, "--from", "2026-11-01", "--to", "2026-11-02") == {}


def test_a_contract_is_no_change_of_law():
    found = changes(RETAIL, "--from", "2020-01-01", "--to", "2026-12-01")
    assert not [duty for _, duty in found if duty.startswith("contract-")]


def test_one_broken_profile_does_not_stop_the_others(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("schema: 1\n", encoding="utf-8")
    result = airplan("impact", str(broken), RETAIL, "--from", "2025-12-01", "--to", "2026-12-01")
    assert result.exit_code == 2
    assert "us-ca-individuals" in result.stdout
    assert "broken.yaml" in result.stderr


@pytest.mark.parametrize("word", ["soon", "2026-13-01", "24.11.2026"])
def test_a_date_that_is_none(word):
    result = airplan("impact", RETAIL, "--from", word, "--to", "2026-12-01")
    assert result.exit_code == 2
    assert f"--from {word}: write a day like" in result.stderr


def test_the_audit_tells_what_to_look_up():
    found = data(airplan("duties", "--audit", "--as-of", "2026-11-24", "--json"))
    lines = {(line["duty"], line["kind"]) for line in found["lines"]}
    assert found["duties"] > 600
    assert ("circia-cyber-incident", "doubtful") in lines
    assert ("circia-cyber-incident", "proposed") in lines
    assert not [duty for duty, kind in lines if duty == "hipaa-individuals" and kind in ("stale", "doubtful")]


def test_what_was_verified_grows_stale():
    kinds = {
        day: {line["kind"] for line in data(airplan("duties", "--audit", "--as-of", day, "--json"))["lines"]}
        for day in ("2026-11-24", "2027-11-24")
    }
    assert "stale" not in kinds["2026-11-24"]
    assert "stale" in kinds["2027-11-24"]


def events(*words):
    result = airplan("deadlines", RETAIL, "--trigger", "personal_data_breach", *words, "--format", "ics")
    assert result.exit_code == 0, result.stderr
    return list(icalendar.Calendar.from_ical(result.stdout_bytes).walk("VEVENT"))


def test_the_calendar_file_reads_back():
    found = {
        str(event["uid"]).partition(".")[0]: event for event in events("--aware-at", "2026-12-24T18:00+01:00")
    }
    event = found["gdpr-art33-supervisory-authority"]
    assert event["dtstart"].dt == datetime(2026, 12, 27, 17, 0, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2026, 12, 27, 18, 0, tzinfo=UTC)
    assert event["dtstamp"].dt == datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    assert "GDPR Art. 33(1)" in event["description"]
    assert "How it was counted" in event["description"]
    assert len(event.walk("VALARM")) == 2


def test_the_same_incident_gives_the_same_events():
    first = [str(event["uid"]) for event in events("--aware-at", "2026-12-24T18:00+01:00")]
    again = [str(event["uid"]) for event in events("--aware-at", "2026-12-24T17:00Z")]
    other = [str(event["uid"]) for event in events("--aware-at", "2026-12-25T18:00+01:00")]
    assert first == again
    assert not set(first) & set(other)
    assert len(set(first)) == len(first)
