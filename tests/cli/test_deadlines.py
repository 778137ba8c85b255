"""`airplan deadlines`: every clock that an incident starts for one profile."""

from datetime import datetime

import pytest
from markdown_it import MarkdownIt

from tests.cli.run import PROFILES, airplan, data
from tests.cli.test_clock_contract import KEYS

CLINICAL, LOAN, RETAIL = (
    PROFILES / f"{n}.yaml" for n in ("clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot")
)
SUNDAY = "2026-11-22T02:13-06:00"


def deadlines(profile, *words, trigger="phi_breach", aware=SUNDAY):
    return airplan("deadlines", profile, "--trigger", trigger, "--aware-at", aware, *words)


def by_duty(*words, **more):
    return {one["duty"]: one for one in data(deadlines(*words, "--format", "json", **more))}


def test_the_objects_of_clock_plus_the_binding():
    found = data(deadlines(CLINICAL, "--format", "json"))
    for one in found:
        assert set(one) == KEYS | {"binding"}
        assert one["binding"]["verdict"] == "binds"
        assert one["binding"]["reason"]
        assert one["due"] or one["why"]


def test_the_earliest_act_by_first_what_has_no_date_last():
    found = data(deadlines(CLINICAL, "--format", "json"))
    keys = [
        (one["act_by"] is None, datetime.fromisoformat(one["act_by"]) if one["act_by"] else None)
        for one in found
    ]
    dated = [moment for none, moment in keys if not none]
    assert dated == sorted(dated)
    assert [none for none, _ in keys] == sorted(none for none, _ in keys)
    assert found[0]["duty"] == "contract-baa-calumet-calumet-security-incident"
    assert found[0]["act_by"] == "2026-11-23T02:13:00-06:00"


def test_a_trigger_raises_what_it_implies():
    """A PHI breach is a security incident too: the agreement's clause for these runs."""
    assert "contract-baa-calumet-calumet-security-incident" in by_duty(CLINICAL)
    assert "hipaa-ba-to-covered-entity" in by_duty(CLINICAL)


def test_only_what_the_trigger_starts():
    found = by_duty(CLINICAL, trigger="service_incident")
    assert "contract-sla-brazos-bend-brazos-outage" in found
    assert "hipaa-individuals" not in found


def test_a_time_without_offset_is_read_in_the_clients_zone():
    assert by_duty(CLINICAL, aware="2026-11-22T02:13") == by_duty(CLINICAL)


def test_another_event_starts_its_clock():
    bank = {"trigger": "bank_notification_incident", "aware": "2026-11-21T23:40-05:00"}
    without = by_duty(LOAN, **bank)["banks-occ-36h"]
    given = by_duty(LOAN, "--at", "determined=2026-11-22T09:15-05:00", **bank)["banks-occ-36h"]
    assert given["act_by"] == "2026-11-23T21:15:00-05:00"
    assert without["due"] is None or without["act_by"] <= given["act_by"]


def test_a_notice_that_was_sent_starts_the_next():
    found = by_duty(
        RETAIL, "--at", "sent:us-ca-individuals=2026-11-20T10:00-08:00", "--fact", "residents:US-CA=640",
        trigger="state_personal_information_breach", aware="2026-11-15T02:13Z",
    )  # fmt: skip
    assert found["us-ca-ag"]["due"].startswith("2026-12-05T23:59:59")


def test_a_fact_of_the_incident_decides():
    state = {"trigger": "state_personal_information_breach", "aware": "2026-11-15T02:13Z"}
    assert "us-tx-ag" not in by_duty(RETAIL, **state)
    assert "us-tx-ag" in by_duty(RETAIL, "--fact", "residents:US-TX=260", **state)


def test_a_contract_that_is_not_yet_signed_starts_no_clock():
    """The insurer's policy was signed on 2026-03-30: the plan of an earlier day calls it coming."""
    found = by_duty(RETAIL, trigger="personal_data_breach", aware="2026-03-01T02:13Z")
    assert "gdpr-art33-supervisory-authority" in found
    insurer = found.get("contract-clew-bay-cyber-clew-bay-circumstance")
    assert insurer is None or insurer["binding"]["verdict"] == "coming"


def test_the_table_for_people():
    text = deadlines(CLINICAL).stdout
    assert text.startswith("Aware Sun 22 Nov 2026 02:13 (-06:00)\n")
    assert "ACT BY Mon 23 Nov 2026 02:13 (-06:00)" in text
    assert "[we support]" in text
    assert "[by delegation]" in text
    assert "elapsed on the UTC line" not in text
    assert "elapsed on the UTC line" in deadlines(CLINICAL, "-v").stdout


def test_markdown_is_one_table():
    lines = deadlines(CLINICAL, "--format", "md").stdout.splitlines()
    assert lines[0] == "| Act by | Legal end | To | Duty | Citation | Why |"
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines)
    assert len(lines) == 2 + len(by_duty(CLINICAL))


@pytest.mark.parametrize(
    ("words", "more", "expected"),
    [
        ([], {"trigger": "phi_breech"}, "--trigger phi_breech: no such trigger; did you mean `phi_breach`?"),
        ([], {"trigger": "zzz"}, "--trigger zzz: no such trigger"),
        (
            ["--at", "discoverd=2026-11-22T02:13"],
            {},
            "--at discoverd: no such event; did you mean `discovered`",
        ),
        (["--at", "sent:hipaa-mediaa=2026-11-22T02:13"], {}, "--at sent:hipaa-mediaa: no such duty"),
        (["--at", "discovered"], {}, "write EVENT=DATETIME"),
        ([], {"aware": "2026-11-01T01:30"}, "--aware-at 2026-11-01T01:30 happens twice in America/Chicago"),
        ([], {"aware": "2026-03-08T02:30"}, "--aware-at 2026-03-08T02:30"),
        (["--at", "determined=2026-11-01T01:30"], {}, "--at"),
        ([], {"aware": "soon"}, "write a time like"),
        (["--fact", "encryptd=yes"], {}, "did you mean `encrypted`"),
        (["--as-of", "2026-13-01"], {}, "--as-of 2026-13-01"),
    ],
)
def test_every_mistake_is_one_clear_line(words, more, expected):
    result = deadlines(CLINICAL, *words, **more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert expected in result.stderr


def test_an_ambiguous_time_shows_both_choices():
    words = deadlines(CLINICAL, aware="2026-11-01T01:30").stderr
    assert "2026-11-01T01:30-05:00" in words
    assert "2026-11-01T01:30-06:00" in words


def test_awareness_is_said_once():
    result = deadlines(CLINICAL, "--at", "aware=2026-11-23T10:00-06:00")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: --at aware=2026-11-23T10:00-06:00: --aware-at already says")
    assert deadlines(CLINICAL, "--at", f"aware={SUNDAY}").exit_code == 0


def test_markdown_holds_any_name(tmp_path):
    """A name from a profile stays text in the table, whatever it looks like."""
    text = (PROFILES / "retail_chatbot.yaml").read_text(encoding="utf-8")
    assert "\n  name: Skerry & Thread\n" in text
    own = tmp_path / "own.yaml"
    own.write_text(
        text.replace("\n  name: Skerry & Thread\n", "\n  name: '<img src=x> | [a](b) `'\n"), encoding="utf-8"
    )
    result = deadlines(own, "--format", "md", trigger="personal_data_breach")
    assert result.exit_code == 0, result.stderr
    html = MarkdownIt("commonmark").enable("table").render(result.stdout)
    assert "<img" not in html
    assert "<a " not in html
    assert "&lt;img src=x&gt; | [a](b) ` is a controller" in html
    assert len({row.count("<td") for row in html.split("<tr>")[2:]}) == 1


@pytest.mark.parametrize("form", ["table", "md"])
def test_a_doubtful_number_is_never_printed_without_its_doubt(form):
    found = by_duty(CLINICAL)
    doubtful = [one for one in found.values() if any("Verify with counsel" in d for d in one["derivation"])]
    text = deadlines(CLINICAL, "--format", form).stdout
    assert text.count("Verify with counsel") == len(doubtful)
