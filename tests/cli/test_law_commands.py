"""`impact`, `duties --audit` and the calendar file, through the command line."""

import json
from datetime import UTC, datetime

import icalendar
import pytest

from tests.cli.run import PROFILES, airplan, data

CLINICAL, RETAIL = (str(PROFILES / f"{name}.yaml") for name in ("clinical_hipaa_ba", "retail_chatbot"))


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
    told = airplan("impact", str(broken), "--from", "2025-12-01", "--to", "2026-12-01", "--json")
    (entry,) = json.loads(told.stdout)
    assert (entry["plan"], entry["client"], entry["profile"]) == (None, None, broken.as_posix())
    assert entry["error"]


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


def test_a_suspicious_activity_report_is_in_no_calendar():
    loan = PROFILES / "loan_multi_agent.yaml"
    words = ("deadlines", loan, "--trigger", "suspected_crime", "--aware-at", "2026-11-22T02:13-05:00")
    listed = {due["duty"] for due in data(airplan(*words, "--format", "json"))}
    assert "sar-cyber-event" in listed
    assert "sar-cyber-event" not in airplan(*words, "--format", "ics").stdout


def test_the_same_incident_gives_the_same_events():
    first = [str(event["uid"]) for event in events("--aware-at", "2026-12-24T18:00+01:00")]
    again = [str(event["uid"]) for event in events("--aware-at", "2026-12-24T17:00Z")]
    other = [str(event["uid"]) for event in events("--aware-at", "2026-12-25T18:00+01:00")]
    assert first == again
    assert not set(first) & set(other)
    assert len(set(first)) == len(first)


def test_a_limit_that_ends_where_it_is_acted_on_is_a_moment():
    """RFC 5545: DTEND lies after DTSTART, or is left out."""
    result = airplan(
        "deadlines", CLINICAL, "--trigger", "phi_breach", "--trigger", "service_incident",
        "--aware-at", "2026-11-22T23:59:59-06:00", "--format", "ics",
    )  # fmt: skip
    found = list(icalendar.Calendar.from_ical(result.stdout_bytes).walk("VEVENT"))
    for event in found:
        assert "dtend" not in event or event["dtend"].dt > event["dtstart"].dt
        alarms = [alarm["trigger"].dt for alarm in event.walk("VALARM")]
        assert alarms
        assert all(alarm > event["dtstamp"].dt for alarm in alarms)
    named = {str(event["uid"]).partition(".")[0]: event for event in found}
    outage = named["contract-sla-brazos-bend-brazos-outage"]
    assert outage["dtstart"].dt == datetime(2026, 11, 23, 6, 59, 59, tzinfo=UTC)
    assert [alarm["trigger"].dt for alarm in outage.walk("VALARM")] == [
        datetime(2026, 11, 23, 6, 29, 59, tzinfo=UTC)
    ]
    assert isinstance(named["contract-baa-calumet-calumet-security-incident"]["dtstart"].dt, datetime)


def test_what_is_not_in_the_calendar_is_named():
    words = ("deadlines", RETAIL, "--trigger", "personal_data_breach", "--aware-at", "2026-12-24T18:00Z")
    result = airplan(*words, "--format", "ics")
    assert "not in the calendar, having no date yet: " in result.stderr
    assert "gdpr-art33-4-phased-information" in result.stderr
    assert airplan("--quiet", *words, "--format", "ics").stderr == ""


def test_the_book_as_of_a_day_is_cited_as_of_that_day():
    early, late = (
        {line["id"]: line["citation"] for line in data(airplan("duties", "--json", "--as-of", day))}
        for day in ("2016-01-01", "2026-11-24")
    )
    assert set(early) == set(late)
    assert early != late


@pytest.mark.parametrize("word", ["24.11.2026", "1500-01-01", "9999-12-31"])
def test_a_wrong_day_is_refused_without_a_profile_too(word):
    for words in ((), ("--audit",), (RETAIL,)):
        result = airplan("duties", *words, "--as-of", word)
        assert result.exit_code == 2, words
        assert f"--as-of {word}: " in result.stderr


def test_the_audit_of_a_profile_holds_only_what_its_plan_leans_on():
    whole = data(airplan("duties", "--audit", "--as-of", "2026-11-24", "--json"))
    own = data(airplan("duties", RETAIL, "--audit", "--as-of", "2026-11-24", "--json"))
    leaned_on = {line["id"] for line in data(airplan("duties", RETAIL, "--as-of", "2026-11-24", "--json"))}
    assert 0 < own["duties"] < whole["duties"]
    assert {line["duty"] for line in own["lines"]} <= leaned_on
