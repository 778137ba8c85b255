"""Which messages of the communication kit a plan has, and who writes and releases them."""

from __future__ import annotations

import pytest

from generator.model.catalog import KitRule
from generator.planning.kit import plan_kit
from generator.planning.roles import Roles
from generator.sources.documents import load_documents
from generator.workflows.plans import known, sources
from tests.unit.planning.vary import vary

RULES = sources().catalog.kit
ROLES = Roles(sources().catalog.vocabulary)


@pytest.mark.parametrize(
    ("name", "only_here"),
    [
        ("retail_chatbot", set()),
        ("soc2_saas", {"status-page", "customer-qa", "law-enforcement-sheet"}),
        ("loan_multi_agent", {"status-page", "customer-qa", "law-enforcement-sheet", "board-memo", "delay-letter"}),
        ("clinical_hipaa_ba", {"status-page", "customer-qa", "law-enforcement-sheet", "board-memo", "safety-alert"}),
    ],
)  # fmt: skip
def test_the_tier_and_the_kind_decide(four, name, only_here):
    plan = four[name].plan
    assert set(plan.kit) == {"holding-statement", "staff-message", "phone-script"} | only_here
    assert {d.id for d in plan.documents if d.file.startswith("kit/")} == set(plan.kit)


def test_every_rule_has_its_document_and_its_name_in_profiles():
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    registered = {spec.id: spec for spec in load_documents() if spec.file.startswith("kit/")}
    assert set(registered) == set(ids)
    assert all(spec.needs == f"kit.{spec.id}" for spec in registered.values())
    assert set(ids) <= known().notices


def owners(profile, **rule):
    return plan_kit(profile, [KitRule(id="phone-script", **rule)], "D", "soc2_saas", ROLES)["phone-script"]


def test_who_writes_and_who_releases(four):
    profile = four["soc2_saas"].loaded.profile
    plain = owners(profile, drafter="customer_lead")
    assert (plain.drafter, plain.approver) == (
        "Anneliese Kwarteng (customer lead)",
        "Solomon Birdwhistell (legal counsel)",
    )
    assert plain.deputy_approver == "Beatriz Oyarzún (executive sponsor)"
    ruled = owners(profile, drafter="security_lead", approver="legal_counsel", deputy="nobody-holds-it")
    assert ruled.deputy_approver is None
    assert owners(profile, drafter="legal_counsel").same_person


def test_the_profile_wins(four):
    own = {"notice": "phone-script", "drafter": "privacy_officer", "approver": "security_lead"}
    profile = vary(four["soc2_saas"].loaded.profile, {"communication.notices": [own]})
    assert "privacy officer" in owners(profile, drafter="customer_lead").drafter
    assert owners(profile, drafter="customer_lead").deputy_approver is None
