"""Who can be reached on a Sunday at 02:00, with the right and with the credential."""

import pytest

from generator.planning import people
from generator.planning.roles import Roles
from generator.workflows.plans import sources
from tests.unit.planning.vary import REMOVED, plan, profile, switch, vary

ROLES = Roles(sources().catalog.vocabulary)
ROTA = {"name": "Night desk", "phone": "+1 303 555 0190", "schedule": "duty list in the kitchen"}
KEY = {"what": "Console password", "where": "safe", "holders": ["security_lead"]}


def coverage(**changes):
    changed = vary(profile(), {key.replace("__", "."): value for key, value in changes.items()})
    (found,) = people.coverage(changed)
    return found


def test_nobody_said_whether_they_answer_at_night():
    found = coverage()
    assert (found.gap, found.who) == (True, ())
    assert found.words == "nobody who may pull it answers on a Sunday at 02:00"


def test_a_primary_who_answers():
    found = coverage(people__ana__on_call=True)
    assert (found.gap, found.who) == (False, ("Ana Alvarez +1 303 555 0142",))


def test_the_backup_counts_too():
    found = coverage(people__ana__on_call=False, people__ben__on_call=True)
    assert found.who == ("Ben Brandt +1 303 555 0143",)


def test_on_call_without_a_phone_reaches_nobody():
    assert coverage(people__ana__on_call=True, people__ana__phone=REMOVED).gap


def test_a_rota_always_answers():
    found = coverage(roles__incident_commander={"rota": ROTA})
    assert (found.gap, found.who) == (False, ("Night desk +1 303 555 0190",))


def test_the_right_but_no_credential():
    found = coverage(
        people__ana__on_call=True,
        roles__security_lead={"primary": "ben"},
        containment__switches=[switch(credential=KEY)],
    )
    assert (found.gap, found.who) == (True, ())
    assert found.words == "those who may pull it answer, but nobody who holds the credential does"


def test_the_credential_but_not_the_right():
    found = coverage(
        people__ben__on_call=True,
        roles__incident_commander={"primary": "ana"},
        roles__security_lead={"primary": "ben"},
        containment__switches=[switch(credential=KEY)],
    )
    assert found.gap


def test_both_in_one_person_through_two_roles():
    found = coverage(
        people__ben__on_call=True,
        roles__security_lead={"primary": "ben"},
        containment__switches=[switch(credential=KEY)],
    )
    assert found.who == ("Ben Brandt +1 303 555 0143",)


def test_each_name_once_though_two_roles_may():
    found = coverage(
        people__ana__on_call=True,
        roles__security_lead={"primary": "ana"},
        containment__switches=[switch(who=["incident_commander", "security_lead"])],
    )
    assert found.who == ("Ana Alvarez +1 303 555 0142",)


def test_nobody_is_a_gap_of_the_heaviest_weight():
    made = plan()
    gap = next(gap for gap in made.gaps if gap.id == "gap-night-k1")
    assert (gap.weight, gap.key) == (9, "containment.switches.K1")
    assert "K1" in gap.ask
    assert "gap-night-k1" not in {g.id for g in plan(changes={"people.ana.on_call": True}).gaps}


def test_the_registrar_of_the_retailer_sleeps(four):
    found = {c.switch: c for c in four["retail_chatbot"].plan.coverage}
    assert found["DNS-OUT"].gap
    assert not found["BOT-OFF"].gap


@pytest.mark.parametrize("name", ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"])
def test_every_switch_has_its_answer_and_every_role_a_line(name, four):
    planned = four[name]
    assert [c.switch for c in planned.plan.coverage] == [
        s.id for s in planned.loaded.profile.containment.switches
    ]
    assert list(planned.plan.contacts) == list(planned.loaded.profile.roles)


class TestContacts:
    def test_a_rota_stands_before_the_person(self):
        made = people.contacts(
            vary(profile(), {"roles.incident_commander": {"rota": ROTA, "primary": "ana"}}), ROLES
        )
        contact = made["incident_commander"]
        assert (contact.primary, contact.primary_phone) == ("Night desk", "+1 303 555 0190")
        assert "duty list in the kitchen" in contact.primary_note

    def test_minutes_to_escalation(self):
        made = people.contacts(
            vary(
                profile(),
                {"roles.incident_commander.escalate_after": {"value": 0.25, "unit": "hours"}},
            ),
            ROLES,
        )
        assert made["incident_commander"].escalate_minutes == 15

    def test_a_role_held_by_a_backup_alone_is_a_visible_gap(self):
        made = people.contacts(vary(profile(), {"roles.on_call": {"backup": "ben"}}), ROLES)
        assert made["on_call"].gap
        assert made["on_call"].primary == "GAP: nobody named"


class TestRoleWords:
    def test_name_and_title(self):
        assert people.role_words(profile(), "incident_commander", ROLES) == "Ana Alvarez (incident commander)"

    def test_a_stand_in_says_for_whom(self):
        assert people.role_words(profile(), "privacy_officer", ROLES) == (
            "Ana Alvarez (incident commander, for the privacy officer)"
        )

    def test_without_a_stand_in_it_is_a_gap(self):
        changed = vary(profile(), {"roles": {"helper": {"primary": "ana"}}})
        assert (
            people.role_words(changed, "privacy_officer", ROLES)
            == "GAP: nobody holds the role privacy officer"
        )
