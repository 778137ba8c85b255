"""`airplan clock --json`: the contract of DESIGN section 8, for duties from all over the law book."""

from datetime import datetime

import pytest

from generator.workflows.plans import sources
from tests.cli.run import airplan, data

KEYS = {
    "schema", "duty", "status", "start", "zone", "amount", "unit", "due", "act_by", "latest_possible", "standard", "why",
    "calendar", "reading", "derivation", "citation", "confidence", "hypothetical", "missing_facts",
}  # fmt: skip
BOOK = sources().book
_ALL = sorted(BOOK.duties)
SAMPLE = [_ALL[at * len(_ALL) // 40] for at in range(40)]


def moment(text):
    found = datetime.fromisoformat(text)
    assert found.utcoffset() is not None
    return found


def fits(answer):
    """What holds for every answer."""
    assert set(answer) == KEYS
    assert answer["schema"] == 1
    assert isinstance(answer["derivation"], list)
    assert answer["derivation"]
    assert isinstance(answer["missing_facts"], list)
    assert answer["citation"]
    assert answer["confidence"] in ("high", "medium", "low")
    assert (answer["act_by"] is None) == (answer["due"] is None)
    if answer["due"] is None:
        assert answer["why"]
    else:
        assert moment(answer["act_by"]) <= moment(answer["due"])
        if answer["unit"] in ("calendar_days", "business_days", "months"):
            assert "T23:59:59" in answer["due"] or "noon" in " ".join(answer["derivation"])


@pytest.mark.parametrize("duty", SAMPLE)
def test_every_key_is_always_there(duty):
    words = ("clock", duty, "--start", "2026-11-27T16:30", "--tz", "Europe/Berlin")
    answer = data(airplan(*words, "--json"))
    fits(answer)
    assert (answer["duty"], answer["hypothetical"]) == (duty, False)
    if answer["start"]:
        assert moment(answer["start"]) == moment("2026-11-27T16:30:00+01:00")
    assert airplan(*words).stdout.startswith(BOOK.duties[duty].title)


@pytest.mark.parametrize("duty", SAMPLE[::4])
def test_hypothetical_computes_all_the_same(duty):
    answer = data(airplan("clock", duty, "--start", "2026-11-27T16:30Z", "--hypothetical", "--json"))
    fits(answer)


def test_the_example_of_the_gdpr():
    """Aware Friday 16:30 in Berlin: act by Monday 16:30, legal end Monday 17:00."""
    answer = data(
        airplan(
            "clock",
            "gdpr-art33-supervisory-authority",
            "--start",
            "2026-12-04T16:30",
            "--tz",
            "Europe/Berlin",
            "--json",
        )
    )
    assert (answer["act_by"], answer["due"]) == ("2026-12-07T16:30:00+01:00", "2026-12-07T17:00:00+01:00")
    assert (answer["amount"], answer["unit"]) == (72, "hours")


def test_a_duty_outside_its_life_is_an_answer():
    duty = next(d for d in BOOK.duties.values() if d.versions[0].from_ and d.versions[0].from_.year >= 2027)
    answer = data(airplan("clock", duty.id, "--start", "2026-11-27T16:30Z", "--json"))
    assert answer["due"] is None
    assert answer["why"]
    assert answer["status"] != "in_force"


def test_zones_of_tz_are_shown_not_only_read():
    words = ("clock", "hipaa-individuals", "--start", "2026-03-02T23:30Z", "--json")
    tokyo, chicago = (
        data(airplan(*words, "--tz", zone))["due"] for zone in ("Asia/Tokyo", "America/Chicago")
    )
    assert (tokyo, chicago) == ("2026-05-02T23:59:59+09:00", "2026-05-01T23:59:59-05:00")
