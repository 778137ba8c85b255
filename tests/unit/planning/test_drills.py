"""Drills: at most a quarter apart, what was never pulled, what is due."""

from datetime import date, timedelta

import pytest

from generator.planning import drills
from tests.unit.planning.vary import plan, profile, switch, vary

EFFECTIVE = date(2026, 11, 24)
QUARTER = timedelta(days=92)


def record(day, **more):
    return {"date": day, "kind": "stop", "scenario": "Night stop", "result": "passed", **more}


def proved(day, **more):
    return record(
        day,
        participants=["Ana"],
        measured=[{"what": "Order to last answer", "value": 41, "unit": "seconds"}],
        evidence={"file": "drill.pdf", "sha256": "0" * 64},
        **more,
    )


def scenario(identifier, due, kind="stop"):
    return {"id": identifier, "kind": kind, "scenario": "Planned", "due": due}


def made(**changes):
    return plan(changes={f"drills.{key}": value for key, value in changes.items()})


class TestNever:
    def test_it_is_said_loudly_and_due_within_a_fortnight(self):
        found = plan()
        assert (found.stop_drill_words, found.last_stop_drill) == ("NEVER DRILLED", None)
        assert found.next_stop_drill == EFFECTIVE + timedelta(days=14)
        assert [s.drill_words for s in found.switches] == ["NEVER DRILLED"]

    def test_a_tabletop_is_no_stop(self):
        assert made(log=[record("2026-11-01", kind="tabletop")]).stop_drill_words == "NEVER DRILLED"

    def test_a_drill_after_the_plans_date_does_not_count(self):
        later = vary(profile(), {"plan.effective": "2026-10-31", "drills.log": [record("2026-10-31")]})
        assert drills.last_stop_drill(later) is not None
        earlier = vary(profile(), {"plan.effective": "2026-10-30", "drills.log": [record("2026-10-31")]})
        assert drills.last_stop_drill(earlier) is None


class TestLast:
    def test_the_latest_of_several_in_any_order(self):
        found = made(log=[record("2026-10-01"), record("2026-11-02"), record("2026-09-01")])
        assert found.last_stop_drill == date(2026, 11, 2)

    def test_what_was_measured(self):
        assert made(log=[proved("2026-11-02")]).stop_drill_words == (
            "2026-11-02: passed, order to last answer 41 seconds"
        )

    @pytest.mark.parametrize("missing", ["participants", "measured", "evidence"])
    def test_without_proof_it_is_only_asserted(self, missing):
        held = proved("2026-11-02")
        del held[missing]
        assert made(log=[held]).stop_drill_words.endswith("asserted, not evidenced")

    def test_a_failed_one_is_not_polished(self):
        assert "failed" in made(log=[proved("2026-11-02", result="failed")]).stop_drill_words


class TestNext:
    @pytest.mark.parametrize("name", ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"])
    def test_never_later_than_a_quarter(self, name, four):
        found = four[name].plan
        assert found.next_stop_drill <= found.last_stop_drill + QUARTER

    def test_the_tiers_rhythm_after_the_last(self):
        assert made(log=[record("2026-11-02")]).next_stop_drill == date(2026, 11, 2) + timedelta(days=91)
        monthly = plan("clinical_hipaa_ba", {"drills.scenarios": []})
        assert monthly.next_stop_drill == monthly.last_stop_drill + timedelta(days=31)

    def test_an_earlier_plan_wins_a_later_one_does_not(self):
        log = [record("2026-11-02")]
        assert made(log=log, scenarios=[scenario("soon", "2026-12-03")]).next_stop_drill == date(2026, 12, 3)
        assert made(log=log, scenarios=[scenario("late", "2027-06-03")]).next_stop_drill == date(2027, 2, 1)

    def test_overdue_shows_as_a_date_before_the_plan(self):
        found = made(log=[record("2026-05-02")])
        assert found.next_stop_drill == date(2026, 8, 1)
        assert found.next_stop_drill < found.identity.effective


class TestDue:
    def test_what_the_profile_does_not_plan_the_tier_demands(self):
        found = {drill.id: drill for drill in plan().drills_due}
        assert set(found) == {"stop-drill", "tabletop"}
        assert found["stop-drill"].due == EFFECTIVE + timedelta(days=14)
        assert found["tabletop"].due <= EFFECTIVE + QUARTER
        assert found["tabletop"].inject
        assert "at least quarterly" in found["stop-drill"].because

    def test_what_it_plans_is_not_doubled(self):
        found = made(scenarios=[scenario("s", "2026-12-01"), scenario("t", "2026-12-02", "tabletop")])
        assert [drill.id for drill in found.drills_due] == ["s", "t"]
        assert all(drill.because == "planned in the profile" for drill in found.drills_due)

    def test_a_past_scenario_is_not_due_any_more(self):
        found = made(scenarios=[scenario("past", "2026-11-23"), scenario("today", "2026-11-24")])
        assert "past" not in {drill.id for drill in found.drills_due}
        assert "today" in {drill.id for drill in found.drills_due}

    def test_a_stop_planned_too_late_does_not_hide_the_one_that_is_due(self):
        """A stop drill in seven months does not make the quarterly one fall away."""
        found = made(log=[record("2026-11-02")], scenarios=[scenario("late", "2027-06-03")])
        assert min(drill.due for drill in found.drills_due if drill.kind == "stop") <= found.next_stop_drill

    def test_a_scenario_without_a_date_does_not_either(self):
        undated = {key: value for key, value in scenario("a", None).items() if value is not None}
        assert "stop-drill" in {drill.id for drill in made(scenarios=[undated]).drills_due}

    def test_a_tabletop_in_seven_months_does_not_make_the_quarterly_one_fall_away(self):
        found = made(scenarios=[scenario("late", "2027-06-03", "tabletop")])
        assert min(d.due for d in found.drills_due if d.kind == "tabletop") <= EFFECTIVE + QUARTER

    def test_by_date_the_undated_last(self):
        later = scenario("b", "2026-12-02")
        undated = {key: value for key, value in scenario("a", None).items() if value is not None}
        found = made(scenarios=[undated, later])
        assert [drill.id for drill in found.drills_due if drill.kind == "stop"] == ["b", "a"]


class TestSwitches:
    def test_the_log_decides(self):
        found = plan(changes={"drills.log": [proved("2026-11-02", switches=["K1"])]})
        (one,) = found.switches
        assert (one.last_drill, one.drill_words) == (
            date(2026, 11, 2),
            "2026-11-02: passed, order to last answer 41 seconds",
        )

    def test_a_date_without_a_record_says_so(self):
        found = plan(changes={"containment.switches": [switch(last_drill="2026-10-02")]})
        assert found.switches[0].drill_words == "2026-10-02: no record of it in the drill log"

    def test_another_switch_stays_undrilled(self):
        found = plan(
            changes={
                "containment.switches": [switch("K1"), switch("K2")],
                "drills.log": [proved("2026-11-02", switches=["K1"])],
            }
        )
        assert found.switches[1].drill_words == "NEVER DRILLED"
