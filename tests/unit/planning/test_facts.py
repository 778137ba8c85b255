"""Facts derived from what a profile says; what it does not say stays unknown."""

import pytest

from generator.law.facts import UNKNOWN
from generator.planning.build import fact_set
from generator.planning.facts import profile_facts
from generator.workflows.plans import sources
from tests.unit.planning.vary import profile, vary

GROUPS = sources().catalog.place_groups


def facts(**changes):
    changed = vary(profile(), {key.replace("__", "."): value for key, value in changes.items()})
    return profile_facts(changed, GROUPS)


def people(*pairs):
    return [{"residence": place, "count": count} for place, count in pairs]


def test_what_is_not_said_is_absent_never_no():
    found = facts()
    for name in (
        "sectors",
        "charters",
        "listed",
        "employees",
        "data_role",
        "creditor",
        "nis2_entity",
        "nydfs_covered",
    ):
        assert name not in found


def test_without_phi_hipaa_is_answered_with_phi_it_is_open():
    assert facts()["hipaa_role"] == ("none",)
    assert "hipaa_role" not in facts(data__categories=["name", "phi"])
    assert facts(data__categories=["name", "phi"], client__roles={"hipaa": ["business_associate"]})[
        "hipaa_role"
    ] == ("business_associate",)


def test_activities_are_complete_once_given():
    found = facts(client__activities=["decides_on_credit"])
    assert found["creditor"] is True
    assert found["furnishes_to_bureaus"] is False
    assert facts(client__activities=["none_of_these"])["creditor"] is False


def test_processor_and_controller_in_the_words_of_the_states():
    found = facts(client__roles={"data": ["processor", "controller"]})
    assert found["data_role"] == ("controller", "processor")
    assert found["state_data_role"] == ("maintains_for_others", "owner_or_licensee")


@pytest.mark.parametrize(
    ("served", "eu", "gb"),
    [
        ([("US-CO", 10)], False, False),
        ([("DE", 1)], True, False),
        ([("DE", 0), ("GB", 0)], False, False),
        ([("NO", 1)], True, False),
        ([("CH", 5)], False, False),
        ([("GB", 1)], False, True),
    ],
)
def test_offers(served, eu, gb):
    found = facts(data__people=people(*served))
    assert (found["offers_to_eu"], found["offers_to_gb"]) == (eu, gb)


@pytest.mark.parametrize(
    ("seat", "more", "member"),
    [
        ("IE", [], "IE"),
        ("US-CO", [], "none"),
        ("US-CO", ["NL"], "NL"),
        ("GB", [], "none"),
    ],
)
def test_member_state(seat, more, member):
    assert facts(client__seat={"place": seat}, client__establishments=more)["member_state"] == member


def test_a_seat_in_a_state_is_a_seat_in_its_country():
    assert facts()["established_in"] == ("US", "US-CO")


def test_the_same_place_twice_is_added_up():
    assert facts(data__people=people(("DE", 40), ("DE", 2)))["residents:DE"] == 42


def test_own_facts_win():
    assert facts(client__facts={"member_state": "DE"})["member_state"] == "DE"


def test_residents_are_a_closed_list():
    made = fact_set(vary(profile(), {"data.people": people(("US-TX", 250), ("DE", 3))}), sources())
    assert made.get("residents:US-TX") == 250
    assert made.get("residents:US-CA") == 0
    assert made.get("residents:US") == 250
    assert made.get("residents:EU") == 3


def test_a_count_of_a_country_alone_leaves_its_states_open():
    made = fact_set(vary(profile(), {"data.people": people(("US", 5000))}), sources())
    assert made.get("residents:US-TX") is UNKNOWN


def test_every_derived_fact_is_in_the_registry(four):
    registry = sources().book.registry
    for planned in four.values():
        for name, value in profile_facts(planned.loaded.profile, GROUPS).items():
            definition = registry.definition(name)
            assert definition is not None, name
            values = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
            assert set(values) <= set(definition.values or values), name
