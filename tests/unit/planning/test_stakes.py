"""The stakes tier: each answer, each edge between tiers, the printed sum."""

import pytest

from generator.planning import stakes
from generator.workflows.plans import sources
from tests.unit.planning.vary import plan, profile, vary

CATALOG = sources().catalog.stakes
WRITE = {"id": "send", "name": "Mail", "effect": "send", "what": "sends mail"}
READ = {"id": "look", "name": "Search", "effect": "read", "what": "reads pages"}


def agents(number):
    return [{"id": f"a{n}", "name": f"Agent {n}", "role": "works"} for n in range(number)]


def answers(**changes):
    return stakes.answers(vary(profile(), {key.replace("__", "."): value for key, value in changes.items()}))


@pytest.mark.parametrize(
    ("people", "answer"),
    [(999, "under_1000"), (1000, "under_100000"), (99_999, "under_100000"), (100_000, "100000_or_more")],
)
def test_reach_changes_at_the_first_number_of_the_next_step(people, answer):
    assert answers(data__people_total=people)["reach"] == answer


def test_reach_is_the_sum_of_places_where_no_total_is_given():
    assert answers(data__people=[{"residence": "DE", "count": 600}, {"residence": "FR", "count": 400}])[
        "reach"
    ] == ("under_100000")


@pytest.mark.parametrize(
    ("categories", "answer"),
    [
        (["name"], "personal"),
        (["name", "income"], "sensitive_or_financial"),
        (["name", "income", "phi"], "health_or_credit_decision"),
        (["biometric"], "health_or_credit_decision"),
        (["credit_decision"], "health_or_credit_decision"),
    ],
)
def test_the_strongest_category_decides(categories, answer):
    assert answers(data__categories=categories)["regulated_data"] == answer


@pytest.mark.parametrize(
    ("number", "tools", "answer"),
    [
        (0, [], "none"),
        (1, [READ], "none"),
        (0, [WRITE], "one_writing_tool"),
        (1, [WRITE, READ], "one_writing_tool"),
        (0, [WRITE, {**WRITE, "id": "pay"}], "several_agents_or_tools"),
        (2, [READ], "several_agents_or_tools"),
        (2, [WRITE], "several_agents_with_writing_tools"),
    ],
)
def test_agents_and_tools(number, tools, answer):
    found = answers(deployment__agents=agents(number), deployment__tools=tools)
    assert found["agents_and_write_tools"] == answer


FLOOR = {
    "data.people_total": 999,
    "data.categories": ["name"],
    "data.people": [{"residence": "DE", "count": 999}],
}
"""One point: personal data."""


@pytest.mark.parametrize(
    ("harm", "reversibility", "autonomy", "points", "tier"),
    [
        ("inconvenience", "at_once", "informs", 1, "A"),
        ("health_or_livelihood", "at_once", "informs", 4, "A"),
        ("life", "at_once", "informs", 5, "B"),
        ("life", "not", "informs", 8, "B"),
        ("life", "not", "drafts_for_review", 9, "C"),
    ],
)
def test_edges_of_the_tiers(harm, reversibility, autonomy, points, tier):
    changed = vary(
        profile(),
        {
            **FLOOR,
            "deployment.harm_if_wrong": harm,
            "deployment.reversibility": reversibility,
            "deployment.autonomy": autonomy,
        },
    )
    found = stakes.compute(changed, CATALOG)
    assert (found.points, found.tier) == (points, tier)


@pytest.mark.parametrize(("reach", "points", "tier"), [(99_999, 12, "C"), (100_000, 13, "D")])
def test_the_edge_of_the_highest_tier(reach, points, tier):
    changed = vary(
        profile(),
        {
            "deployment.harm_if_wrong": "life",
            "deployment.reversibility": "not",
            "deployment.autonomy": "acts_alone",
            "data.categories": ["name"],
            "data.people_total": reach,
        },
    )
    found = stakes.compute(changed, CATALOG)
    assert (found.points, found.tier) == (points, tier)


def test_the_edge_is_data_not_code():
    moved = tuple(
        tier.model_copy(
            update={
                "from_points": tier.from_points - (tier.id != "A"),
                "to_points": tier.to_points - (tier.id != "D"),
            }
        )
        for tier in CATALOG.tiers
    )
    four = vary(profile(), {**FLOOR, "deployment.harm_if_wrong": "health_or_livelihood"})
    assert stakes.compute(four, CATALOG).tier == "A"
    assert stakes.compute(four, CATALOG.model_copy(update={"tiers": moved})).tier == "B"


def test_the_tiers_cover_every_sum_once():
    top = sum(factor.maximum for factor in CATALOG.factors)
    for points in range(top + 1):
        assert sum(t.from_points <= points <= t.to_points for t in CATALOG.tiers) == 1, points
    assert all(max(s.points for s in f.scores) == f.maximum for f in CATALOG.factors)


@pytest.mark.parametrize("name", ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"])
def test_the_sum_is_printed(name, four):
    found = four[name].plan.stakes
    addends, _, rest = found.words.partition(" = ")
    assert [int(part) for part in addends.split(" + ")] == [row.points for row in found.rows]
    assert sum(row.points for row in found.rows) == found.points
    assert rest.startswith(f"{found.points}: tier {found.tier} ")
    assert found.maximum == 18
    assert all(row.points <= row.maximum and row.words for row in found.rows)


def test_four_clearly_different_depths(four):
    tiers = {name: planned.plan.stakes.tier for name, planned in four.items()}
    assert tiers["retail_chatbot"] == "A"
    assert tiers["soc2_saas"] == "C"
    assert tiers["clinical_hipaa_ba"] == "D"
    assert tiers["loan_multi_agent"] == "D"


def test_own_reason_is_printed_instead_of_the_general_one(four):
    planned = four["retail_chatbot"]
    harm = next(row for row in planned.plan.stakes.rows if row.id == "harm")
    assert harm.words == planned.loaded.profile.deployment.harm_because


def test_windows_carry_their_basis_and_tighten_with_the_tier(four):
    low, high = four["retail_chatbot"].plan, four["clinical_hipaa_ba"].plan
    for key in ("acknowledge_sev1", "acknowledge_sev2", "contain", "assess_notice"):
        assert high.windows[key].minutes < low.windows[key].minutes
        assert high.windows[key].basis == "judgement, stakes tier D"


class TestReview:
    """Never later than 14 calendar days, whatever the tier or the profile says."""

    @pytest.mark.parametrize(
        ("within", "days"),
        [
            ({"value": 3, "unit": "calendar_days"}, 3),
            ({"value": 2, "unit": "weeks"}, 10),
            ({"value": 30, "unit": "calendar_days"}, 10),
            ({"value": 5, "unit": "hours"}, 1),
        ],
    )
    def test_the_tightest_wins(self, within, days):
        assert plan(changes={"review.within": within}).review_within_days == days

    def test_of_the_shipped(self, four):
        assert all(1 <= planned.plan.review_within_days <= 14 for planned in four.values())

    def test_a_lax_tier_cannot_loosen_it(self):
        given = sources()
        lax = tuple(tier.model_copy(update={"review_within_days": 60}) for tier in CATALOG.tiers)
        catalog = given.catalog.model_copy(update={"stakes": CATALOG.model_copy(update={"tiers": lax})})
        from dataclasses import replace

        assert plan(given=replace(given, catalog=catalog)).review_within_days == 14
