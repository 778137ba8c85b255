from __future__ import annotations

from datetime import date

import pytest

from generator.law.applies import verdict
from tests.duty_factory import duty, facts, version

ON = date(2026, 11, 24)
ASSOCIATE = {"fact": "hipaa_role", "op": "includes", "value": "business_associate"}
COVERED = {"fact": "hipaa_role", "op": "includes", "value": "covered_entity"}
TEXAS = {"fact": "residents:US-TX", "comparator": "at_least", "value": 250, "scope": "total",
         "words": "250 residents of Texas"}  # fmt: skip
IS_ASSOCIATE = facts(hipaa_role=("business_associate",))


def test_binds_with_the_reason_and_where_the_profile_says_it():
    found = verdict(duty(version(when=ASSOCIATE)), IS_ASSOCIATE, ON)
    assert (found.verdict, found.role, found.missing) == ("binds", "sends", ())
    assert found.reason == "binds because the client is a business associate (client.roles.hipaa)"


def test_supports_another_who_sends():
    found = verdict(duty(version(when=COVERED, supports_when=ASSOCIATE)), IS_ASSOCIATE, ON)
    assert (found.verdict, found.role) == ("binds", "supports")


def test_a_support_that_falls_away_says_what_is_missing():
    """Nobody in Texas: that the client is no covered entity is not why it need not help one."""
    anybody = {"fact": "residents:US-TX", "op": "at_least", "value": 1}
    law = duty(version(when=COVERED, supports_when={"all": [ASSOCIATE, anybody]}))
    nobody = verdict(law, facts(hipaa_role=("business_associate",), residents__US_TX=0), ON)
    assert nobody.verdict == "not"
    assert nobody.reason == (
        "does not bind because the client is not a covered entity (client.roles.hipaa); "
        "nothing to support because none of the people served reside in Texas"
    )
    stranger = verdict(law, facts(hipaa_role=(), residents__US_TX=0), ON)
    assert stranger.reason == "does not bind because the client is not a covered entity (client.roles.hipaa)"


def test_a_contract_can_delegate():
    found = verdict(duty(version(when=COVERED)), IS_ASSOCIATE, ON, frozenset({"duty"}))
    assert (found.verdict, found.role) == ("binds", "delegation")


def test_not_says_why():
    found = verdict(duty(version(when=COVERED)), IS_ASSOCIATE, ON)
    assert (found.verdict, found.role) == ("not", None)
    assert found.reason == "does not bind because the client is not a covered entity (client.roles.hipaa)"


def test_a_missing_fact_is_an_open_question():
    found = verdict(duty(version(when=ASSOCIATE)), facts(), ON)
    assert found.verdict == "unknown"
    assert [(one.fact, one.question, one.profile_path) for one in found.missing] == [
        ("hipaa_role", "hipaa_role?", "client.roles.hipaa")
    ]


def test_a_fact_of_the_incident_leaves_it_binding():
    unless_encrypted = {"all": [ASSOCIATE, {"not": {"fact": "encrypted", "op": "is", "value": True}}]}
    found = verdict(duty(version(when=unless_encrypted)), IS_ASSOCIATE, ON)
    assert (found.verdict, found.open_facts) == ("binds", ("encrypted",))


@pytest.mark.parametrize(("people", "expected"), [(250, "binds"), (249, "near"), (0, "not")])
def test_thresholds(people, expected):
    found = verdict(duty(version(thresholds=[TEXAS])), facts(residents__US_TX=people), ON)
    assert found.verdict == expected


def test_near_says_how_far():
    found = verdict(duty(version(thresholds=[TEXAS])), facts(residents__US_TX=220), ON)
    assert found.near == "would bind from 250 residents of Texas; the profile says 220"


def test_unknown_number_is_an_open_question():
    assert verdict(duty(version(thresholds=[TEXAS])), facts(), ON).verdict == "unknown"


def test_fewer_than_is_always_possible_in_a_plan():
    few = {**TEXAS, "comparator": "less_than", "value": 10}
    assert verdict(duty(version(thresholds=[few])), facts(residents__US_TX=5000), ON).verdict == "binds"


def test_any_one_place():
    any_place = {**TEXAS, "fact": "residents", "scope": "per_place"}
    closed = ("residents:",)
    assert (
        verdict(duty(version(thresholds=[any_place])), facts(closed, residents__US_CA=300), ON).verdict
        == "binds"
    )
    spread = facts(closed, residents__US_CA=200, residents__US_TX=200)
    assert verdict(duty(version(thresholds=[any_place])), spread, ON).verdict == "near"


def test_coming_within_a_year():
    found = verdict(duty(version(when=ASSOCIATE, **{"from": "2027-01-01"})), IS_ASSOCIATE, ON)
    assert (found.verdict, found.coming_from) == ("coming", date(2027, 1, 1))
    later = verdict(duty(version(when=ASSOCIATE, **{"from": "2028-01-01"})), IS_ASSOCIATE, ON)
    assert (later.verdict, later.status) == ("not", "not_yet")


def test_guidance_never_binds():
    found = verdict(duty(version(when=ASSOCIATE), force="guidance"), IS_ASSOCIATE, ON)
    assert (found.verdict, found.relevant_guidance) == ("not", True)
    assert "guidance" in found.reason
