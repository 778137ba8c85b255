"""Crosswalk, HIPAA addendum, control matrix and drill records, from the shipped profiles and small changes of them."""

from datetime import date
from itertools import pairwise

import pytest

from generator.model.release import ApprovalStamp
from generator.planning.citations import normal, touches
from generator.render.markdown import compose
from generator.sources.documents import load_documents
from generator.workflows.plans import sources, with_approvals
from tests.unit.planning.vary import REMOVED, plan

CLINICAL, SOC2, LOAN, SHOP = "clinical_hipaa_ba", "soc2_saas", "loan_multi_agent", "retail_chatbot"


def standard(made, identifier):
    return next(row for row in (*made.hipaa.standards, *made.hipaa.others) if row.id == identifier)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("45 CFR 164.308(a)(6)", "164.308(a)(6)(ii)", True),
        ("164.308(a)(1)(ii)(A)", "164.308(a)(1)(ii)(B)", False),
        ("12 CFR 1002", "12 CFR 1002.9(b)(2)", True),
        ("12 CFR 5", "12 CFR 53", False),
        ("12 CFR 30 App. B", "12 CFR 30 Appendix B (information security)", True),
        ("15 USC 1681", "15 USC 1681m(a)", True),
        ("CC7.4", "CC7.5", False),
        ("164.40", "164.404", False),
    ],
)
def test_two_citations(one, other, same):
    assert touches(one, other) is touches(other, one) is same


def test_a_note_in_brackets_is_no_part_of_a_citation():
    assert normal("45 CFR 164.314(a)(2)(iii)") == "164.314(a)(2)(iii)"


def plan_drill():
    return {
        "date": "2026-01-28",
        "kind": "tabletop",
        "scenario": "A key of somebody who left",
        "result": "passed",
        "measured": [{"what": "Revoked", "value": 18, "unit": "minutes", "target": 15}],
    }


def test_an_evidence_line_is_one_item_with_its_commas():
    items = [
        item for found in sources().catalog.references.criteria for e in found.entries for item in e.evidence
    ]
    assert [item for item in items if not item[:1].isupper()] == []


class TestCrosswalk:
    def test_attack_techniques_stand_apart(self):
        for name in (CLINICAL, LOAN, SHOP, SOC2):
            made = plan(name).crosswalk
            assert all("atlas" not in row.refs for row in made.rows)
            assert not any(
                i.startswith("AML.") for row in made.rows for ids in row.refs.values() for i in ids
            )
            assert any(row.attacker for row in made.rows)

    def test_every_printed_id_is_explained(self):
        made = plan(SOC2).crosswalk
        explained = {entry.id for framework in made.frameworks for entry in framework.used}
        printed = {i for row in made.rows for ids in (*row.refs.values(), row.attacker) for i in ids}
        assert printed | {i for ids in made.common.values() for i in ids} == explained

    def test_what_every_class_has_is_said_once(self):
        made = plan(CLINICAL).crosswalk
        for name, ids in made.common.items():
            assert ids
            assert all(not set(ids) & set(row.refs[name]) for row in made.rows)


class TestHipaa:
    def test_only_with_a_role(self):
        assert plan(SOC2).hipaa is None
        assert plan(CLINICAL, {"client.roles.hipaa": ["none"]}).hipaa is None

    def test_a_required_standard_without_its_policy_is_a_gap(self):
        made = plan(CLINICAL)
        assert standard(made, "164.308(a)(1)(ii)(C)").policies == ("LA-HR-06",)
        without = plan(CLINICAL, {"policies.LA-HR-06": REMOVED})
        assert standard(without, "164.308(a)(1)(ii)(C)").standing == "gap"

    def test_an_addressable_one_asks_for_the_decision(self):
        row = standard(plan(CLINICAL), "164.308(a)(5)(ii)(C)")
        assert row.standing == "assess"
        assert "write down" in row.words

    def test_who_is_bound(self):
        made = plan(CLINICAL)
        assert "Brazos Bend Health System (6.3(a))" in standard(made, "164.404").words
        assert standard(made, "164.408").words.endswith("hands over what it needs")
        assert standard(made, "164.410").standing == "policy"
        owner = plan(CLINICAL, {"client.roles.hipaa": ["covered_entity"]})
        assert standard(owner, "164.404").standing == "gap"
        assert standard(owner, "164.410").standing == "other"

    def test_agreements_tightest_first_with_counted_times(self):
        rows = plan(CLINICAL).hipaa.entities
        assert rows[0].counterparty == "Calumet Lakes Health"
        assert rows[0].act_by == "2026-11-23T02:13:00-06:00"
        assert all(a.act_by <= b.act_by for a, b in pairwise(rows))
        assert "it has discovered" in next(r for r in rows if r.contract == "baa-sound-harbor").agent

    def test_a_slower_subcontractor_is_called(self):
        rows = {row.id: row for row in plan(CLINICAL).hipaa.subcontractors}
        assert rows["auricle"].slack.startswith("24 hours longer")
        assert rows["auricle"].gap is None
        bare = plan(CLINICAL, {"providers.auricle.signed": REMOVED}).hipaa.subcontractors
        assert next(row for row in bare if row.id == "auricle").gap == (
            "date of signature of Auricle Speech and Language, Inc."
        )

    def test_stores_with_their_size(self):
        kinds = {row.id: row for row in plan(CLINICAL).hipaa.phi}
        assert kinds["audio"].stores[0].size == "about 17,550 visits at 5,850 a day"
        assert any("gen_ai.input.messages" in s.where for s in kinds["prompt"].stores)

    def test_a_kind_that_nobody_places_is_a_gap(self):
        made = plan(CLINICAL, {"data.retention": []})
        assert next(row for row in made.hipaa.phi if row.id == "audio").gap


class TestControlMatrix:
    def test_only_with_controls_or_an_audit(self):
        assert plan(SHOP).control_matrix is None

    def test_a_criterion_without_control(self):
        matrix = plan(SOC2).control_matrix
        assert [row.id for row in matrix.criteria if row.standing == "gap"] == ["P6.7"]

    def test_a_drill_without_file_is_asserted(self):
        drills = {drill.date: drill for drill in plan(SOC2).control_matrix.drills}
        assert drills[date(2026, 9, 10)].words.startswith("asserted, not evidenced: no evidence file")
        assert [day for day, drill in drills.items() if not drill.evidenced] == [date(2026, 9, 10)]

    def test_a_target_may_be_missed_only_in_time(self):
        above = {drill.date: drill.above_target for drill in plan(LOAN).control_matrix.drills}
        assert above[date(2026, 10, 7)] == ()
        assert any(
            "31 hours" in one for drill in plan(SOC2).control_matrix.drills for one in drill.above_target
        )

    def test_a_missed_target_is_written_up_whatever_the_result_was(self):
        gaps = plan(SOC2).control_matrix.gaps
        assert (
            "tabletop drill of 2026-01-28: passed with findings, and a target was missed: "
            "First sign to key revoked: 18 minutes, target 15" in gaps
        )
        record = plan(SOC2, {"drills.log.0.measured.0.value": 15}).control_matrix.gaps
        assert not any("2026-01-28" in line for line in record)

    @pytest.mark.parametrize(
        ("reviewed", "months", "words"),
        [
            ("2025-12-08", 12, "falls due on 2026-12-08, in 26 days"),
            ("2025-12-12", 12, "falls due on 2026-12-12, in 30 days"),
            ("2025-12-13", 12, None),
            ("2025-11-11", 12, "was due on 2026-11-11, 1 day ago"),
            ("2025-12-08", 24, None),
        ],
    )
    def test_a_policy_that_is_due_for_review_is_written_up(self, reviewed, months, words):
        changes = {"policies.2.reviewed": reviewed, "policies.2.review_every_months": months}
        found = [line for line in plan(SOC2, changes).control_matrix.gaps if line.startswith("policy POL-11")]
        assert (words is None) == (found == [])
        assert words is None or words in found[0]

    def test_a_control_that_rests_on_an_approval_shows_when_there_is_none(self):
        made = plan(SOC2)
        assert [c.id for c in made.control_matrix.controls if c.rests_on] == ["IR-01"]
        spec = [one for one in load_documents() if one.id == "control-matrix"]
        stamp = ApprovalStamp(by="B", role="executive_sponsor", on=date(2026, 11, 13), sha256="0" * 64)
        without, approved = (compose(one, spec)[0].markdown for one in (made, with_approvals(made, [stamp])))
        line = "control IR-01: its evidence is the approval record of version 3.2, and none exists"
        assert line in without
        assert "[GAP: approval record of version 3.2]" in without
        assert "approval record of version 3.2" not in approved

    def test_a_group_in_scope_is_each_of_its_standards(self):
        rows = {row.id: row for row in plan(CLINICAL).control_matrix.criteria}
        assert rows["164.308(a)(7)(ii)(D)"].controls == ("LAC-04",)
        assert rows["164.308(a)(2)"].standing == "gap"
        assert rows["164.308(a)(1)(ii)(A)"].words == "this audit itself"
        assert rows["164.404"].standing == "other"

    def test_the_clients_own_words_of_scope(self):
        rows = {row.id: row for row in plan(LOAN).control_matrix.criteria}
        assert rows["12 CFR 30 Appendix B (information security)"].controls == ("LC-112",)
        assert rows["FCRA adverse action and furnishing"].standing == "gap"
        assert rows["DF-8"].title == "A stop key can stop and cannot start."

    def test_a_control_points_to_its_section(self):
        places = {row.id: row.places for row in plan(SOC2).control_matrix.controls}
        assert places["IR-05"] == ("runbook, Drills",)
        assert places["IR-06"] == ("runbook, After the incident",)


class TestDrillSheets:
    def test_one_for_each_due_drill(self):
        made = plan(CLINICAL)
        assert [sheet.id for sheet in made.drill_sheets] == [drill.id for drill in made.drills_due]

    def test_marks_of_the_switches_and_findings_to_try_again(self):
        sheet = next(s for s in plan(CLINICAL).drill_sheets if s.id == "stop-2026-11")
        assert "10 seconds (internal)" in [row.mark for row in sheet.measures]
        assert any("scribe seat" in finding for finding in sheet.retest)
        assert sheet.file == "drills/2026-11-24-stop-2026-11.zip"

    def test_a_missed_target_is_tried_again(self):
        sheets = plan(SOC2, {"drills.log": [plan_drill()]}).drill_sheets
        tabletop = next(sheet for sheet in sheets if sheet.kind == "tabletop")
        assert "target missed: Revoked: 18 minutes, target 15 (2026-01-28)" in tabletop.retest

    def test_a_stop_drill_that_the_tier_asks_for_has_the_main_switch(self):
        sheet = next(s for s in plan().drill_sheets if s.kind == "stop")
        assert sheet.switches[0].startswith(f"{plan().main_switch}: ")


@pytest.mark.parametrize("name", [CLINICAL, LOAN, SHOP, SOC2, "minimal"])
def test_the_planner_decides_which_documents_there_are(name):
    made = plan(name)
    parts = {
        "hipaa-addendum": made.hipaa,
        "control-matrix": made.control_matrix,
        "drill-record": made.drill_sheets,
        "crosswalk": made.crosswalk,
    }
    wanted = {identifier for identifier, part in parts.items() if part}
    assert {document.id for document in made.documents} & parts.keys() == wanted
    specs = [spec for spec in load_documents() if spec.id in parts]
    assert {one.id for one in compose(made, specs)} == wanted


def test_compose_prints_nothing_that_the_planner_left_out():
    made = plan(CLINICAL).model_copy(update={"documents": ()})
    assert compose(made, [spec for spec in load_documents() if spec.id == "hipaa-addendum"]) == ()
