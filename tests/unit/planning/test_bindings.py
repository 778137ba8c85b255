"""Verdicts as the plan prints them: what binds and why, in which role, what is near, coming or open."""

from datetime import date

import pytest

from tests.unit.planning.vary import binding, contract, plan, profile, vary

SENDS, SUPPORTS, DELEGATION = "sends", "supports", "delegation"


def texas(count):
    people = [
        {"residence": p.residence, "count": count if p.residence == "US-TX" else p.count}
        for p in profile("retail_chatbot").data.people
    ]
    return plan("retail_chatbot", {"data.people": people, "data.people_total": 33640 - 220 + count})


class TestRoles:
    def test_a_business_associate_sends_supports_and_sends_by_delegation(self, four):
        made = four["clinical_hipaa_ba"].plan
        assert binding(made, "hipaa-ba-to-covered-entity").role == SENDS
        assert binding(made, "hipaa-hhs-500-plus").role == SUPPORTS
        assert binding(made, "hipaa-individuals").role == DELEGATION

    def test_without_the_clause_the_letters_are_the_covered_entitys(self):
        contracts = [
            {**c.model_dump(mode="json", by_alias=True, exclude_none=True), "delegated_duties": []}
            for c in profile("clinical_hipaa_ba").contracts
        ]
        made = plan("clinical_hipaa_ba", {"contracts": contracts})
        assert binding(made, "hipaa-individuals").role == SUPPORTS
        assert "hipaa-individuals" not in {n.id for n in made.notices}

    def test_what_we_support_has_no_notice_of_ours(self, four):
        for planned in four.values():
            for b in planned.plan.bindings:
                if b.role == SUPPORTS:
                    assert b.notice is None, b.duty

    def test_a_bank_of_the_occ_tells_the_occ_in_36_hours(self, four):
        found = binding(four["loan_multi_agent"].plan, "banks-occ-36h")
        assert (found.role, found.limit_words) == (SENDS, "36 hours")
        assert "12 CFR" in found.citation

    def test_a_processor_tells_its_controller(self, four):
        assert binding(four["soc2_saas"].plan, "uk-gdpr-art33-2-processor").verdict == "binds"


class TestNear:
    @pytest.mark.parametrize(("count", "where"), [(249, "near"), (250, "bindings")])
    def test_the_texas_attorney_general_of_the_retailer(self, count, where):
        made = texas(count)
        assert ("us-tx-ag" in {entry.duty for entry in made.near}) == (where == "near")
        assert ("us-tx-ag" in {b.duty for b in made.bindings}) == (where == "bindings")

    def test_it_says_how_far(self, four):
        made = four["retail_chatbot"].plan
        found = next(entry for entry in made.near if entry.duty == "us-tx-ag")
        assert found.reason == "would bind from at least 250 Texas residents; the profile says 220"

    def test_nobody_there_is_not_near(self):
        made = texas(0)
        assert not {entry.duty for entry in made.near} & {"us-tx-ag", "us-tx-cra"}


class TestOpen:
    def test_a_missing_fact_is_a_question_never_a_no(self):
        made = plan()
        open_ = {entry.duty: entry for entry in made.open_questions}
        assert "gdpr-art33-supervisory-authority" in open_
        missing = open_["gdpr-art33-supervisory-authority"].missing
        assert [(m.fact, m.profile_path) for m in missing] == [("data_role", "client.roles.data")]
        assert missing[0].question.endswith("?")

    def test_the_answer_settles_it(self):
        made = plan(changes={"client.roles": {"data": ["controller"]}})
        assert binding(made, "gdpr-art33-supervisory-authority").verdict == "binds"
        assert "gdpr-art33-supervisory-authority" not in {entry.duty for entry in made.open_questions}

    def test_a_shipped_profile_leaves_nothing_open(self, four):
        for name, planned in four.items():
            assert [question.duty for question in planned.plan.open_questions] == [], name


class TestDates:
    def test_the_law_is_read_at_the_plans_date_or_the_one_given(self):
        made = plan("retail_chatbot", as_of=date(2027, 3, 1))
        assert (made.as_of, made.law.as_of) == (date(2027, 3, 1), date(2027, 3, 1))
        assert made.identity.effective == date(2026, 11, 9)

    def test_every_binding_names_the_version_that_answered(self, four):
        for planned in four.values():
            made = planned.plan
            assert {v.duty for v in made.law.versions} == {b.duty for b in made.bindings}
            for version in made.law.versions:
                if next(b for b in made.bindings if b.duty == version.duty).verdict == "binds":
                    assert version.from_ is None or version.from_ <= made.as_of, version.duty
                    assert version.until is None or made.as_of < version.until, version.duty

    def test_a_change_of_the_law_changes_its_hash(self):
        before = {v.duty: v.sha256 for v in plan("retail_chatbot").law.versions}
        after = {v.duty: v.sha256 for v in texas(250).law.versions}
        assert {d: after[d] for d in before} == before

    def test_a_repealed_wording_binds_until_its_end(self):
        people = [{"residence": "DE", "count": 12}]
        carrier = {"client.charters": ["telecom_carrier"], "data.people": people, "data.people_total": 12}
        before = plan("retail_chatbot", carrier, as_of=date(2024, 1, 1))
        assert binding(before, "eecc-art40-repealed").verdict == "binds"
        after = plan("retail_chatbot", carrier, as_of=date(2024, 10, 18))
        assert "eecc-art40-repealed" not in {b.duty for b in after.bindings}


class TestOrder:
    def test_tightest_first_and_words_where_they_belong(self, four):
        for planned in four.values():
            bindings = planned.plan.bindings
            keys = [(b.verdict == "coming", b.sort_minutes) for b in bindings]
            assert keys == sorted(keys)
            assert all(b.sort_minutes == b.urgency_minutes for b in bindings if b.urgency_minutes is not None)

    def test_immediately_comes_first_and_as_soon_as_possible_after_a_day(self, four):
        at_once = binding(four["clinical_hipaa_ba"].plan, "us-tx-data-owner")
        soon = binding(four["loan_multi_agent"].plan, "glba-interagency-regulator")
        assert (at_once.urgency_minutes, at_once.sort_minutes) == (None, 0)
        assert (soon.urgency_minutes, soon.sort_minutes) == (None, 1440)

    def test_a_clock_that_starts_at_another_notice_sorts_after_it(self, four):
        order = [b.duty for b in four["retail_chatbot"].plan.bindings]
        assert order.index("us-ca-ag") > order.index("us-ca-individuals")


@pytest.mark.parametrize("name", ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"])
def test_every_binding_is_complete(name, four):
    made = four[name].plan
    assert made.bindings
    assert len({b.duty for b in made.bindings}) == len(made.bindings)
    for b in made.bindings:
        assert b.reason, b.duty
        assert b.citation, b.duty
        assert b.role in (SENDS, SUPPORTS, DELEGATION), b.duty
        assert b.kind == "deadline", b.duty
        if b.source == "contract":
            assert (b.force, b.confidence, b.verified_on) == ("contract", "as_stated", None), b.duty
        else:
            assert b.force in ("law", "regulator_rule", "scheme_rule"), b.duty
            assert b.confidence in ("high", "medium", "low"), b.duty
        assert b.trigger, b.duty
        assert set(b.trigger) <= set(made.triggers), b.duty
        assert b.example is not None, b.duty
        if b.example.due:
            assert b.example.act_by <= b.example.due, b.duty
        else:
            assert b.example.why, b.duty
            assert b.example.act_by is None, b.duty


def test_what_is_set_aside_shares_ground_with_the_client(four):
    retail = {entry.jurisdiction for entry in four["retail_chatbot"].plan.set_aside}
    assert "US-IL" not in retail, "nobody in Illinois, so its law is no news"
    assert not {e.duty for e in four["retail_chatbot"].plan.set_aside} & {
        b.duty for b in four["retail_chatbot"].plan.bindings
    }


def test_calendars_of_the_plan_hold_what_its_clocks_count_with(four):
    """plan.json holds everything that a clock needs at incident time (DESIGN section 1)."""
    for planned in four.values():
        for b in planned.plan.bindings:
            for limb in b.clock.limbs:
                if limb.unit == "business_days":
                    assert limb.calendar in planned.plan.law.calendars, b.duty
    for planned in four.values():
        for calendar in planned.plan.law.calendars.values():
            assert planned.plan.as_of.year in calendar.years


def test_a_contract_that_counts_the_seats_business_days_brings_its_calendar():
    window = {"window": {"value": 2, "unit": "business_days"}}
    made = plan(
        changes={
            "contracts": [
                contract(
                    "acme",
                    {
                        "id": "notice",
                        "triggers": ["personal_data_breach"],
                        "starts": "aware",
                        "starts_words": "We become aware",
                        "clause": "7",
                        **window,
                    },
                )
            ]
        }
    )
    used = binding(made, "contract-acme-notice").example.calendar
    assert used in made.law.calendars


def test_the_example_night_is_the_first_sunday_after_the_plans_date():
    for effective, night in (
        ("2026-11-24", "2026-11-29T02:13-07:00"),
        ("2026-11-28", "2026-11-29T02:13-07:00"),
        ("2026-11-29", "2026-12-06T02:13-07:00"),
    ):
        assert plan(changes={"plan.effective": effective}).example.aware_at == night


def test_the_first_act_by_is_of_a_duty_that_we_send(four):
    for planned in four.values():
        made = planned.plan
        first = binding(made, made.example.first_duty)
        assert first.role != SUPPORTS
        assert first.example.act_by == min(
            b.example.act_by
            for b in made.bindings
            if b.verdict == "binds" and b.role != SUPPORTS and b.example.act_by
            if b.trigger != ("service_incident",)
        )


def test_without_any_clock_it_says_so():
    made = plan(
        vary(
            profile(),
            {"client.activities": ["none_of_these"], "data.people": [{"residence": "US-CO", "count": 3}]},
        )
    )
    assert made.example.first_duty is None
    assert made.example.first_words == "no clock with a number starts from awareness alone"


def asked(made, duty):
    return {question.id for question in binding(made, duty).exceptions}


def test_a_ground_that_the_profile_rules_out_is_not_asked_for():
    """Whoever has no role under HIPAA is not asked whether HIPAA takes the notice over; what is open is asked."""
    assert asked(plan("loan_multi_agent"), "us-il-individuals") == {
        "law-enforcement",
        "scope-and-restoration",
        "encrypted",
    }


def test_the_primary_federal_regulator_is_named_by_the_charter():
    made = plan("loan_multi_agent")
    assert (
        binding(made, "glba-interagency-regulator").recipient.name
        == "Office of the Comptroller of the Currency"
    )
    other = plan("loan_multi_agent", {"client.charters": ["fdic_bank"], "client.regulators": []})
    assert (
        binding(other, "glba-interagency-regulator").recipient.name == "Federal Deposit Insurance Corporation"
    )
