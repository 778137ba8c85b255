"""Notices written in advance: one letter a recipient, everything its duties want, the right drafter."""

import pytest

from generator.workflows.plans import sources
from tests.unit.planning.vary import clause, contract, plan, profile

SHIPPED = ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"]


def notices(made):
    return {notice.id: notice for notice in made.notices}


@pytest.mark.parametrize("name", SHIPPED)
def test_each_sending_duty_with_a_template_has_its_document(name, four):
    made = four[name].plan
    templates = {duty.id: duty.notice for duty in sources().book.duties.values()}
    held = notices(made)
    for b in made.bindings:
        wants = b.source == "contract" or templates[b.duty] not in (None, "internal-record")
        if b.verdict == "binds" and b.role != "supports" and wants:
            assert b.notice in held, b.duty
            assert b.duty in held[b.notice].duties
        else:
            assert b.notice is None, b.duty


@pytest.mark.parametrize("name", SHIPPED)
def test_every_required_item_is_carried_into_the_document(name, four):
    made = four[name].plan
    for notice in made.notices:
        wanted = {(b.duty, item.id) for b in made.bindings if b.duty in notice.duties for item in b.content}
        assert {(item.duty, item.item) for item in notice.items} == wanted, notice.id


class TestGrouping:
    def test_one_letter_for_each_covered_entity_which_fulfils_the_law_too(self, four):
        held = notices(four["clinical_hipaa_ba"].plan)
        letters = {key: n for key, n in held.items() if key.startswith("covered-entity-")}
        assert set(letters) == {
            "covered-entity-baa-brazos-bend",
            "covered-entity-baa-calumet",
            "covered-entity-baa-sound-harbor",
        }
        for key, letter in letters.items():
            assert letter.contract == key.removeprefix("covered-entity-")
            assert "hipaa-ba-to-covered-entity" in letter.duties
        assert "hipaa-ba-to-covered-entity" not in held

    def test_the_clauses_of_one_contract_share_a_letter(self):
        made = plan(
            changes={"contracts": [contract("acme", clause("breach"), clause("outage")), contract("beta")]}
        )
        held = notices(made)
        assert held["customer-acme"].duties == ("contract-acme-breach", "contract-acme-outage")
        assert held["customer-beta"].duties == ("contract-beta-notice",)

    def test_the_tightest_of_them_is_named(self):
        slow = clause("slow", window={"value": 5, "unit": "calendar_days"})
        made = plan(changes={"contracts": [contract("acme", slow, clause("fast"))]})
        assert notices(made)["customer-acme"].tightest == "contract-acme-fast"

    def test_a_soft_standard_alone_has_no_tightest(self):
        soft = clause(standard="promptly")
        del soft["window"]
        made = plan(changes={"contracts": [contract("acme", soft)]})
        assert notices(made)["customer-acme"].tightest is None

    @pytest.mark.parametrize(
        ("role", "key", "template"),
        [
            ("covered_entity", "covered-entity-acme", "hipaa-ba-to-covered-entity"),
            ("business_associate", "business-associate-acme", "hipaa-subcontractor-to-ba"),
            ("controller", "controller-acme", "gdpr-processor-to-controller"),
            ("insurer", "insurer-acme", "insurer"),
            ("customer", "customer-acme", "business-customer"),
        ],
    )
    def test_names_and_templates_by_the_counterpartys_role(self, role, key, template):
        made = plan(changes={"contracts": [contract("acme", counterparty_role=role)]})
        assert notices(made)[key].template == template

    def test_one_letter_for_each_state(self, four):
        held = notices(four["retail_chatbot"].plan)
        assert {"us-state-individuals-ca", "us-state-individuals-ny", "us-state-individuals-tx"} <= set(held)
        assert held["us-state-individuals-ca"].recipient.place == "US-CA"
        assert "us-state-attorney-general-tx" not in held, "220 residents: the duty is only near"


class TestOwners:
    """The most specific statement of the profile wins."""

    ROLES = {
        "incident_commander": {"primary": "ana", "backup": "ben"},
        "privacy_officer": {"primary": "ben"},
        "legal_counsel": {"primary": "ana"},
    }

    def owner(self, *owners):
        made = plan(
            changes={
                "roles": self.ROLES,
                "contracts": [contract("acme")],
                "communication.notices": [
                    {"notice": notice, "drafter": drafter, "approver": "legal_counsel"}
                    for notice, drafter in owners
                ],
            }
        )
        return notices(made)["customer-acme"].drafter

    def test_nobody_is_a_gap(self):
        assert self.owner() == "GAP: no drafter named"
        assert self.owner(("ftc", "privacy_officer")) == "GAP: no drafter named"

    @pytest.mark.parametrize(
        "names",
        [["default"], ["business-customer", "default"], ["customer-acme", "business-customer", "default"]],
    )
    def test_the_first_that_fits(self, names):
        others = [(name, "incident_commander") for name in reversed(names[1:])]
        assert self.owner(*others, (names[0], "privacy_officer")) == "Ben Brandt (privacy officer)"

    def test_a_duty_beats_the_default(self):
        found = self.owner(("default", "incident_commander"), ("contract-acme-notice", "privacy_officer"))
        assert found == "Ben Brandt (privacy officer)"

    def test_a_deputy_is_named(self, four):
        owners = {o.notice: o for o in profile("retail_chatbot").communication.notices}
        for notice in four["retail_chatbot"].plan.notices:
            owner = owners.get(notice.id) or owners.get(notice.template)
            if owner:
                assert bool(notice.deputy_approver) == bool(owner.deputy_approver)

    def test_nobody_approves_what_they_draft(self, four):
        for planned in four.values():
            for notice in planned.plan.notices:
                assert notice.drafter.partition(" (")[0] != notice.approver.partition(" (")[0], notice.id

    def test_no_gap_in_a_shipped_profile(self, four):
        for planned in four.values():
            for notice in planned.plan.notices:
                assert "GAP" not in notice.drafter + notice.approver, notice.id


def test_ids_are_safe_as_file_names(four):
    for planned in four.values():
        for notice in planned.plan.notices:
            assert notice.id.replace("-", "").isalnum(), notice.id
            assert notice.id == notice.id.lower()


def test_a_notice_that_leaves_the_house_is_never_internal(four):
    for planned in four.values():
        for notice in planned.plan.notices:
            assert notice.audience != "internal", notice.id
