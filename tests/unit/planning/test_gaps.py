"""Gaps: found where a rule finds nothing, derived from the plan, ranked by what hurts at 2 a.m."""

from dataclasses import replace

import pytest

from generator.planning import gaps
from generator.workflows.plans import sources
from tests.unit.planning.vary import contract, plan, profile, switch, vary

RULES = sources().catalog.gaps
SHIPPED = ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"]


def ids(made):
    return {gap.id for gap in made.gaps}


@pytest.mark.parametrize("name", [*SHIPPED, "minimal"])
def test_the_heaviest_first_each_once(name):
    found = plan(name).gaps
    assert [(-g.weight, g.key, g.id) for g in found] == sorted((-g.weight, g.key, g.id) for g in found)
    assert len({g.id for g in found}) == len(found)
    for gap in found:
        assert 1 <= gap.weight <= 9
        assert gap.ask.endswith("?"), gap
        assert "{" not in gap.what + gap.ask, gap
        assert gap.key, gap


def test_ids_come_from_names_never_from_places_in_a_list():
    switches = [switch("K1"), switch("K2")]
    forward = ids(plan(changes={"containment.switches": switches}))
    backward = ids(plan(changes={"containment.switches": switches[::-1]}))
    assert forward == backward
    assert {"gap-containment-switches-k1-effect", "gap-containment-switches-k2-effect"} <= forward


def test_answering_one_takes_it_away():
    before = ids(plan())
    after = ids(plan(changes={"volumes": {"unit": "chats", "per_day": 10}}))
    assert before - after == {"gap-volumes"}


def test_a_rota_needs_no_backup():
    rota = {"rota": {"name": "Night desk", "phone": "+1 303 555 0190", "schedule": "list"}}
    found = ids(plan(changes={"roles.on_call": rota}))
    assert "gap-roles-on-call-backup" not in found
    assert "gap-roles-on-call-backup" in ids(plan(changes={"roles.on_call": {"primary": "ana"}}))


def test_details_of_a_log_are_asked_only_where_there_is_one():
    assert "gap-detection-audit-log-retention-days" not in ids(plan())
    found = ids(plan(changes={"detection.audit_log": {"store": "log"}}))
    assert "gap-detection-audit-log-retention-days" in found
    assert "gap-detection-audit-log" not in found


def test_every_rule_names_a_path_that_the_profile_can_have():
    """A rule about a key that does not exist would be a gap that nobody can close."""
    schema = type(profile()).model_json_schema(by_alias=True)

    def values(node):
        (of,) = [*node.get("patternProperties", {}).values()] or [node["additionalProperties"]]
        return of

    def field(node, name):
        while True:
            if "$ref" in node:
                node = schema["$defs"][node["$ref"].rpartition("/")[2]]
            elif "anyOf" in node or "allOf" in node:
                node = next(n for n in (node.get("anyOf") or node["allOf"]) if n.get("type") != "null")
            elif name == "*":
                return node["items"] if node.get("type") == "array" else values(node)
            elif node.get("type") == "object" and name in node.get("properties", {}):
                return node["properties"][name]
            else:
                pytest.fail(f"no key {name}")

    for rule in RULES:
        node = schema
        for part in rule.path.split("."):
            node = field(node, part)


class TestPlaces:
    """Where the law book holds no law of a place, the plan says so."""

    NAMES = sources().book.registry.places.names
    EEA = frozenset(sources().catalog.place_groups["EEA"])
    HELD = frozenset({"EU", "EEA", "GB", "US", "US-TX"})
    """A book like the first cut: no law of Colorado, none of Switzerland."""

    def law_gaps(self, *places, seat="US-TX", held=HELD):
        people = [{"residence": place, "count": count} for place, count in places]
        changed = vary(profile(), {"data.people": people, "client.seat": {"place": seat}})
        return {gap.id: gap for gap in gaps.uncovered_places(changed, held, self.NAMES, self.EEA)}

    def test_colorado_and_switzerland(self):
        found = self.law_gaps(("US-CO", 10), ("CH", 10))
        assert set(found) == {"gap-place-us-co", "gap-place-ch"}
        assert found["gap-place-ch"].weight == 9
        assert "Switzerland" in found["gap-place-ch"].what

    def test_texas_germany_norway_and_britain_are_held(self):
        assert self.law_gaps(("US-TX", 10), ("DE", 10), ("NO", 10), ("GB", 10)) == {}

    def test_a_place_without_people_is_no_gap(self):
        assert self.law_gaps(("US-TX", 10), ("CH", 0)) == {}

    def test_the_seat_counts_too(self):
        assert set(self.law_gaps(("US-TX", 10), seat="CH")) == {"gap-place-ch"}

    def test_the_plan_asks_the_shipped_book(self):
        """With the law of Texas taken out of the book, the plan of a Texan client has the gap."""
        given = sources()
        texas = {"data.people": [{"residence": "US-TX", "count": 10}], "client.seat": {"place": "US-TX"}}
        assert "gap-place-us-tx" not in ids(plan(changes=texas))
        rest = {key: r for key, r in given.book.regulations.items() if r.jurisdiction != "US-TX"}
        without = replace(given, book=replace(given.book, regulations=rest))
        assert "gap-place-us-tx" in ids(plan(changes=texas, given=without))

    def test_the_shipped_profiles_stand_on_law_that_we_hold(self, four):
        for planned in four.values():
            assert not [gap.id for gap in planned.plan.gaps if gap.id.startswith("gap-place-")]


class TestLegalQuestions:
    def test_one_gap_a_fact_however_many_duties_hang_on_it(self):
        made = plan()
        hanging = [q for q in made.open_questions if any(m.fact == "listed" for m in q.missing)]
        gap = next(gap for gap in made.gaps if gap.id == "gap-law-listed")
        assert len(hanging) > 1
        assert f"{len(hanging)} duties bind" in gap.what
        assert gap.key == "client.listed"

    def test_a_legal_question_adds_its_weight_to_the_gap_at_its_place(self):
        made = plan()
        at_place = [gap for gap in made.gaps if gap.key == "client.charters"]
        assert [gap.id for gap in at_place] == ["gap-client-charters"]
        assert at_place[0].weight == 8

    def test_an_open_duty_always_has_its_gap(self):
        made = plan()
        keys = {m.profile_path or "client.facts" for q in made.open_questions for m in q.missing}
        assert keys <= {gap.key for gap in made.gaps}


class TestDerived:
    def test_no_confidence_score_and_no_query_anomaly(self):
        found = ids(plan())
        assert {"gap-cover-confidence-scoring", "gap-cover-query-anomaly"} <= found

    def test_a_role_that_decides_in_a_lead_playbook(self):
        made = plan()
        assert "gap-role-privacy-officer" in ids(made)
        held = plan(changes={"roles.privacy_officer": {"primary": "ana"}})
        assert "gap-role-privacy-officer" not in ids(held)

    def test_a_lead_class_without_a_signal_of_ones_own(self):
        made = plan()
        for class_ in made.classes:
            assert (f"gap-signal-{class_.id}" in ids(made)) == (class_.lead and not class_.signals)


class TestDraft:
    def test_gaps_make_a_draft(self):
        made = plan()
        assert made.identity.draft
        assert f"{len(made.gaps)} gaps listed at the end of the runbook" in made.identity.draft_reasons

    def test_leftovers_make_a_draft(self, four):
        for planned in four.values():
            assert any("starter value" in reason for reason in planned.plan.identity.draft_reasons)

    def test_never_approved_by_a_name_on_the_cover(self, four):
        assert not any(planned.plan.identity.approved for planned in four.values())


def test_rules_on_items_of_contracts():
    changed = vary(profile(), {"contracts": [{**contract("acme"), "clauses": []}]})
    found = {gap.id for gap in gaps.profile_gaps(changed, RULES)}
    assert "gap-contracts-acme-clauses" in found
    assert "gap-contracts" not in found


def test_evidence_of_lead_playbooks_without_a_place_is_one_gap(four):
    made = four["loan_multi_agent"].plan
    gap = next(gap for gap in made.gaps if gap.id == "gap-evidence-places")
    placeless = {e.title for c in made.classes if c.lead for e in c.evidence if e.where is None}
    assert f"{len(placeless)} things" in gap.what
