"""Roles by name: acronyms in capitals wherever they stand."""

from __future__ import annotations

import pytest

from generator.planning.gaps import derived_gaps
from generator.planning.roles import Roles
from generator.workflows.plans import sources

ROLES = Roles(sources().catalog.vocabulary)


@pytest.mark.parametrize(
    ("role", "title", "inside"),
    [
        ("gpu_on_call", "GPU on call", "GPU on call"),
        ("dpo", "DPO", "DPO"),
        ("ciso", "CISO", "CISO"),
        ("hipaa_security_officer", "HIPAA security officer", "HIPAA security officer"),
        ("deputy_cto", "Deputy CTO", "deputy CTO"),
        ("head-of-it", "Head of IT", "head of IT"),
        ("ml_engineer", "ML engineer", "ML engineer"),
        ("night_sre", "Night SRE", "night SRE"),
        ("ai_lead", "AI lead", "AI lead"),
        ("incident_commander", "Incident commander", "incident commander"),
        ("security_lead", "Security lead", "security lead"),
    ],
)
def test_what_a_role_is_called(role, title, inside):
    assert (ROLES.title(role), ROLES.inside(role)) == (title, inside)


def test_a_gap_names_a_role_with_its_capitals(four):
    planned = four["retail_chatbot"]
    profile = planned.loaded.profile
    lead = next(c for c in planned.plan.classes if c.lead and c.decisions)
    point = lead.decisions[0].model_copy(update={"role": "ai_lead"})
    without = profile.model_copy(update={"roles": {r: h for r, h in profile.roles.items() if r != "ai_lead"}})
    found = derived_gaps(without, (), [lead.model_copy(update={"decisions": (point,)})], (), ROLES)
    told = [gap for gap in found if gap.key == "roles.ai_lead"]
    assert [gap.ask for gap in told] == ["Who is AI lead, with a backup?"]
