"""Failure modes of agents and hand-offs."""

import pytest

from generator.planning.agents import WHOLE_RUN, _fits, failure_modes
from generator.workflows.plans import sources
from tests.unit.planning.vary import plan, profile, vary

CATALOG = sources().catalog
ALL = frozenset(CATALOG.classes)
AGENTS = [
    {"id": "reader", "name": "Reader", "role": "reads"},
    {"id": "writer", "name": "Writer", "role": "writes"},
]
HANDOFF = {"id": "reader-writer", "from": "reader", "to": "writer"}
OWN = {
    "id": "X-1",
    "what": "Reads the wrong file.",
    "sign": "Two names in one file",
    "isolate": "Stop it.",
    "find": "By name.",
    "meaning_for_person": "Wrong answer.",
    "classes": ["cross-session-context-leak", "wrong-patient-note"],
}


@pytest.mark.parametrize("name", ["clinical_hipaa_ba", "loan_multi_agent", "soc2_saas", "retail_chatbot"])
def test_each_agent_and_each_handoff_has_one(name, four):
    made = four[name].plan
    places = {mode.place for mode in made.failure_modes}
    deployment = profile(name).deployment
    assert {agent.id for agent in deployment.agents} <= places
    assert {handoff.id for handoff in deployment.handoffs} <= places
    assert WHOLE_RUN in places


@pytest.mark.parametrize("name", ["clinical_hipaa_ba", "loan_multi_agent"])
def test_in_pipeline_order_the_whole_run_last(name, four):
    deployment = profile(name).deployment
    order = []
    for agent in deployment.agents:
        order += [agent.id, *(h.id for h in deployment.handoffs if h.from_ == agent.id)]
    order.append(WHOLE_RUN)
    found = list(dict.fromkeys(mode.place for mode in four[name].plan.failure_modes))
    assert found == order


def test_every_own_mode_is_printed_once(four):
    for name, planned in four.items():
        deployment = profile(name).deployment
        own = [m.id for holder in (*deployment.agents, *deployment.handoffs) for m in holder.failure_modes]
        assert sorted(m.id for m in planned.plan.failure_modes if m.own) == sorted(own)


def test_no_agents_no_modes():
    assert plan().failure_modes == ()


def test_own_modes_stand_instead_of_the_general_ones():
    changed = vary(
        profile(),
        {
            "deployment.agents": [{**AGENTS[0], "failure_modes": [OWN]}, AGENTS[1]],
            "deployment.handoffs": [HANDOFF],
        },
    )
    found = failure_modes(changed, CATALOG, ALL)
    assert [m.id for m in found if m.place == "reader"] == ["X-1"]
    assert any(not m.own for m in found if m.place == "writer")
    assert any(not m.own for m in found if m.place == "reader-writer")


def test_classes_that_cannot_happen_are_not_named():
    changed = vary(profile(), {"deployment.agents": [{**AGENTS[0], "failure_modes": [OWN]}]})
    found = failure_modes(changed, CATALOG, frozenset({"cross-session-context-leak"}))
    assert next(m for m in found if m.id == "X-1").classes == ("cross-session-context-leak",)
    assert all(m.classes for m in found)


class TestStages:
    """A seed of a named stage goes to the stage of that name only."""

    @pytest.mark.parametrize(
        ("where", "place", "title", "fits"),
        [
            ("intake", "intake", "Intake agent", True),
            ("intake", "underwriting", "Underwriting agent", False),
            ("drafting", "note-writer", "Draft agent", True),
            ("intake to underwriting", "intake-underwriting", "Intake agent to Underwriting agent", True),
            (
                "intake to underwriting",
                "underwriting-decision",
                "Underwriting agent to Decision agent",
                False,
            ),
            ("underwriting", "intake-underwriting", "Intake agent to Underwriting agent", False),
        ],
    )
    def test_names(self, where, place, title, fits):
        seed = next(
            s for s in CATALOG.failure_modes if s.deployment == "loan_pipeline" and s.when != "whole_run"
        )
        assert _fits(seed.model_copy(update={"where": where}), place, title) is fits

    def test_of_the_loan_pipeline(self, four):
        modes = {(m.id, m.place) for m in four["loan_multi_agent"].plan.failure_modes}
        assert ("LN-01", "intake") in modes
        assert ("LN-05", "intake-underwriting") in modes
        assert ("LN-10", "underwriting-decision") in modes
        assert not {place for key, place in modes if key == "LN-05"} - {"intake-underwriting"}

    def test_every_seed_of_a_kind_finds_its_place_where_all_stages_exist(self, four):
        """A seed that fits nowhere would be silently lost in the deployment it was written for."""
        placed = {m.id for m in four["loan_multi_agent"].plan.failure_modes}
        seeds = {s.id for s in CATALOG.failure_modes if s.deployment == "loan_pipeline"}
        assert seeds - placed == set()

    def test_every_seed_of_the_scribe_finds_its_place(self, four):
        placed = {m.id for m in four["clinical_hipaa_ba"].plan.failure_modes}
        seeds = {s.id for s in CATALOG.failure_modes if s.deployment == "clinical_scribe"}
        assert seeds - placed == set()


def test_classes_point_back_to_their_modes(four):
    for planned in four.values():
        modes = {m.id: m for m in planned.plan.failure_modes}
        for class_ in planned.plan.classes:
            assert set(class_.failure_modes) <= set(modes)
            assert all(class_.id in modes[m].classes for m in class_.failure_modes)
