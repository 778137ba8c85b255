"""The whole plan: own sentences, the first hour, documents, stable ids."""

import re

import pytest

from generator.planning import first_hour
from generator.workflows.plans import plan_json, sources
from tests.unit.planning.vary import contract, plan, profile, switch, vary

SHIPPED = ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"]


class TestWording:
    def test_by_kind_and_for_all(self):
        assert plan().wording["people-first"].startswith("Is a customer about to act")
        assert plan("clinical_hipaa_ba").wording["people-first"].startswith("Is a patient being treated")
        entry = next(e for e in sources().wording.entries if not e.by_kind)
        assert plan().wording[entry.id] == entry.text

    def test_the_clients_own_sentence_wins_and_the_rest_stays(self):
        made = plan(changes={"wording": {"never-1": "Touch nothing before the copy is made."}})
        assert made.wording == {**plan().wording, "never-1": "Touch nothing before the copy is made."}

    @pytest.mark.parametrize("name", SHIPPED)
    def test_every_key_has_a_text(self, name, four):
        made = four[name].plan.wording
        assert set(made) >= {entry.id for entry in sources().wording.entries}
        assert all(text.strip() for text in made.values())


class TestFirstHour:
    def test_the_main_switch_stops_everything_on_the_highest_rung(self):
        switches = [
            switch("K1", rung="C3"),
            switch("K2", rung="C6", scope="topic"),
            switch("K3", rung="C5"),
            switch("K4", rung="C5"),
        ]
        assert first_hour.main_switch(vary(profile(), {"containment.switches": switches})) == "K3"

    def test_where_none_stops_everything_the_highest_rung(self):
        switches = [switch("K1", rung="C2", scope="topic"), switch("K2", rung="C4", scope="agent")]
        assert first_hour.main_switch(vary(profile(), {"containment.switches": switches})) == "K2"

    def test_two_roles_of_one_person_are_one_call(self):
        roles = {
            "privacy_officer": {"primary": "ana"},
            "legal_counsel": {"primary": "ben"},
            "incident_commander": {"primary": "ana", "backup": "ben"},
        }
        assert first_hour.call_order(vary(profile(), {"roles": roles})) == (
            "incident_commander",
            "legal_counsel",
        )

    def test_roles_of_ones_own_are_called_where_no_known_one_is_held(self):
        assert first_hour.call_order(vary(profile(), {"roles": {"helper": {"primary": "ana"}}})) == (
            "helper",
        )

    @pytest.mark.parametrize("name", SHIPPED)
    def test_of_the_shipped(self, name, four):
        made = four[name].plan
        assert 1 <= len(made.call_order) <= 8
        assert set(made.call_order) <= set(made.contacts)
        assert made.main_switch in {s.switch.id for s in made.switches}
        assert 1 <= len(made.first_evidence) <= 6
        keys = [(e.volatility, 9999 if e.kept_days is None else e.kept_days) for e in made.first_evidence]
        assert keys == sorted(keys)

    @pytest.mark.parametrize("name", SHIPPED)
    def test_the_index_names_every_class_by_sight_and_every_alert(self, name, four):
        made = four[name].plan
        sights = [entry.class_id for entry in made.index if entry.kind == "sight"]
        assert sights == [c.id for c in made.classes]
        alerts = [entry.words.lower() for entry in made.index if entry.kind == "alert"]
        assert alerts == sorted(alerts)
        present = {c.id for c in made.classes}
        assert len(alerts) == sum(bool(present & set(s.classes)) for s in made.signals)


class TestDocuments:
    @pytest.mark.parametrize("name", SHIPPED)
    def test_files_are_unique_and_follow_the_contract(self, name, four):
        made = four[name].plan
        files = [document.file for document in made.documents]
        assert {"runbook", "quick-card", "deadlines", "rca-form"} <= set(files)
        assert [file for file in files if file.startswith("notices/")] == [
            f"notices/{notice.id}" for notice in made.notices
        ]
        assert len({document.id for document in made.documents}) == len(files)

    def test_paper_by_the_seat_unless_said(self, four):
        assert four["retail_chatbot"].plan.identity.paper == "a4"
        assert four["clinical_hipaa_ba"].plan.identity.paper == "letter"
        assert plan(changes={"branding": {"paper": "a4"}}).identity.paper == "a4"


class TestStableIds:
    def test_no_id_is_a_list_position(self, four):
        for planned in four.values():
            made = planned.plan
            names = [
                *(b.duty for b in made.bindings),
                *(c.id for c in made.classes),
                *(g.id for g in made.gaps),
                *(n.id for n in made.notices),
                *(d.id for d in made.drills_due),
                *(m.id for m in made.failure_modes),
            ]
            assert not [name for name in names if re.fullmatch(r"(?:[a-z]+-)?\d+", name)]

    def test_a_new_contract_in_front_renames_nothing(self):
        one = plan(changes={"contracts": [contract("beta")]})
        two = plan(changes={"contracts": [contract("alpha"), contract("beta")]})
        for of in (
            lambda p: {b.duty for b in p.bindings},
            lambda p: {n.id for n in p.notices},
            lambda p: {g.id for g in p.gaps},
        ):
            assert of(one) <= of(two)

    @pytest.mark.parametrize("name", SHIPPED)
    def test_unique(self, name, four):
        made = four[name].plan
        for ids in (
            [b.duty for b in made.bindings],
            [c.id for c in made.classes],
            [n.id for n in made.notices],
            [g.id for g in made.gaps],
            [d.id for d in made.drills_due],
            [(m.id, m.place) for m in made.failure_modes],
        ):
            assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", SHIPPED)
def test_plan_json_holds_the_keys_of_the_contract(name, four):
    data = four[name].plan.to_json_data()
    for key in ("schema", "as_of", "law", "stakes", "bindings", "classes", "classes_out", "signals", "switches", "people",
                "decisions", "notices", "drills_due", "drills", "controls", "gaps", "revisions"):  # fmt: skip
        assert key in data
    for b in data["bindings"]:
        assert {
            "duty",
            "verdict",
            "role",
            "reason",
            "trigger",
            "recipient",
            "clock",
            "citation",
            "status",
            "confidence",
        } <= set(b)
    for version in data["law"]["versions"]:
        assert re.fullmatch(r"[0-9a-f]{64}", version["sha256"])


def test_planning_twice_gives_the_same_bytes():
    assert plan_json(plan("retail_chatbot")) == plan_json(plan("retail_chatbot"))


def test_decisions_have_an_owner_a_limit_and_a_default(four):
    for planned in four.values():
        for decision in planned.plan.decisions:
            assert decision.within_minutes > 0
            assert decision.if_no
            assert decision.who


def test_a_client_that_extends_its_firms_file_gets_a_plan():
    from generator.workflows.plans import plan_profile
    from tests.unit.planning.vary import ROOT

    made = plan_profile(ROOT / "examples" / "client_of_firm.yaml").plan
    assert made.identity.draft
    assert made.bindings
    assert made.main_switch
