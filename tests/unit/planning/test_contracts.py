"""Contract clauses as duties of the same type as the law's."""

from datetime import date, datetime

import pytest
from pydantic import ValidationError

from generator.deadlines.clock import compute
from generator.planning.build import fact_set
from generator.planning.contracts import contract_duties, delegated_duties
from generator.workflows.plans import sources
from tests.unit.planning.vary import binding, clause, contract, plan, profile, vary

SIGNED_LATER = "2026-12-01"


def with_contracts(*contracts, **more):
    return {"contracts": list(contracts), **{key.replace("__", "."): value for key, value in more.items()}}


def duties(*contracts):
    return contract_duties(vary(profile(), with_contracts(*contracts)))


def limb(window):
    (found,) = duties(contract("acme", clause(window=window)))
    return found[3].versions[0].clock.limbs[0]


def test_undefined_days_are_counted_the_strict_way_and_say_so():
    (found,) = duties(contract("acme", clause(window={"value": 5, "unit": "days_undefined"})))
    clock = found[3].versions[0].clock
    assert (clock.limbs[0].amount, clock.limbs[0].unit) == (5, "calendar_days")
    assert "defines none" in clock.note


def test_business_days_without_a_calendar_are_those_of_the_seat():
    assert limb({"value": 2, "unit": "business_days"}).calendar == "client"
    assert limb({"value": 2, "unit": "business_days", "calendar": "us-federal"}).calendar == "us-federal"
    assert limb({"value": 2, "unit": "calendar_days", "calendar": "us-federal"}).calendar is None


@pytest.mark.parametrize(
    ("window", "act_by"),
    [
        ({"value": 24, "unit": "hours"}, "2026-11-30T02:13:00-07:00"),
        ({"value": 2, "unit": "calendar_days"}, "2026-12-01T23:59:59-07:00"),
        ({"value": 2, "unit": "days_undefined"}, "2026-12-01T23:59:59-07:00"),
        ({"value": 2, "unit": "business_days"}, "2026-12-01T23:59:59-07:00"),
        ({"value": 5, "unit": "business_days", "calendar": "us-federal"}, "2026-12-04T23:59:59-07:00"),
    ],
)
def test_worked_for_the_sunday_in_the_zone_of_the_client(window, act_by):
    made = plan(changes=with_contracts(contract("acme", clause(window=window))))
    assert binding(made, "contract-acme-notice").example.act_by.isoformat() == act_by


def test_ids_come_from_the_profile_never_from_a_place_in_a_list():
    one, two = contract("acme", clause("breach"), clause("outage")), contract("beta", clause("breach"))
    turned = contract("acme", clause("outage"), clause("breach"))
    first = {duty.id for *_, duty in duties(one, two)}
    assert first == {"contract-acme-breach", "contract-acme-outage", "contract-beta-breach"}
    assert {duty.id for *_, duty in duties(two, turned)} == first


def test_what_others_owe_us_is_no_duty_of_ours():
    assert duties(contract("acme", direction="they_owe")) == ()


def test_a_soft_standard_stays_words():
    bare = clause(standard="without undue delay")
    del bare["window"]
    made = plan(changes=with_contracts(contract("acme", bare)))
    found = binding(made, "contract-acme-notice")
    assert (found.limit_words, found.urgency_minutes) == ("without undue delay", None)
    assert found.example.due is None


def test_content_and_what_must_not_be_in_it():
    made = plan(
        changes=with_contracts(contract("acme", clause(content=["what happened"], must_not=["admissions"])))
    )
    assert [(item.id, item.rule) for item in binding(made, "contract-acme-notice").content] == [
        ("what-happened", "must"),
        ("admissions", "must_not"),
    ]


def test_no_addressee_is_said_where_it_is_needed():
    made = plan(changes=with_contracts(contract("acme")))
    assert binding(made, "contract-acme-notice").recipient.contact == (
        "GAP: clause of Customer acme names no addressee",
    )


class TestSignature:
    def test_signed_later_is_coming(self):
        made = plan(changes=with_contracts(contract("acme", signed=SIGNED_LATER)))
        assert binding(made, "contract-acme-notice").verdict == "coming"
        assert binding(made, "contract-acme-notice").status == f"signed {SIGNED_LATER}"

    def test_it_binds_from_the_day_of_the_signature(self):
        changes = with_contracts(contract("acme", signed=SIGNED_LATER))
        for day, verdict in ((date(2026, 11, 30), "coming"), (date(2026, 12, 1), "binds")):
            assert binding(plan(changes=changes, as_of=day), "contract-acme-notice").verdict == verdict

    def test_what_is_coming_has_no_notice_yet_and_stands_last(self):
        made = plan(changes=with_contracts(contract("acme", signed=SIGNED_LATER), contract("beta")))
        assert [b.duty for b in made.bindings if b.source == "contract"] == [
            "contract-beta-notice",
            "contract-acme-notice",
        ]
        assert binding(made, "contract-acme-notice").notice is None
        assert [n.contract for n in made.notices if n.contract] == ["beta"]

    def test_no_date_is_binding_and_a_gap(self):
        bare = contract("acme")
        del bare["signed"]
        made = plan(changes=with_contracts(bare))
        assert binding(made, "contract-acme-notice").verdict == "binds"
        assert binding(made, "contract-acme-notice").status == "signature date not stated"
        assert "gap-contracts-acme-signed" in {gap.id for gap in made.gaps}


def test_delegated_duties_by_contract():
    changed = vary(
        profile(),
        with_contracts(
            contract("acme", delegated_duties=["hipaa-individuals"]),
            contract("beta", delegated_duties=["hipaa-individuals", "hipaa-media"]),
            contract("gamma", delegated_duties=["hipaa-media"], direction="they_owe"),
        ),
    )
    found = delegated_duties(changed, changed.plan.effective)
    assert {duty: [c.id for c in contracts] for duty, contracts in found.items()} == {
        "hipaa-individuals": ["acme", "beta"],
        "hipaa-media": ["beta"],
    }


def test_every_contract_of_the_shipped_profiles_is_in(four):
    for planned in four.values():
        wanted = {
            f"contract-{c.id}-{one.id}"
            for c in planned.loaded.profile.contracts
            if c.direction == "we_owe"
            for one in c.clauses
        }
        assert {b.duty for b in planned.plan.bindings if b.source == "contract"} == wanted


# --- a clause with two limits ----------------------------------------------------------------------------------

SALE = {"starts": "cut_off", "starts_words": "The next sale"}


def two_limits(**more):
    return contract("acme", clause(window={"value": 1, "unit": "business_days"}, earlier_of=[SALE], **more))


def test_two_limits_are_one_duty_with_the_earlier_of_them():
    (found,) = duties(two_limits())
    clock = found[3].versions[0].clock
    assert clock.combine == "earlier_of"
    assert [(limb.start, limb.amount, limb.unit) for limb in clock.limbs] == [
        ("aware", 1, "business_days"),
        ("cut_off", 0, "hours"),
    ]
    made = binding(plan(changes=with_contracts(two_limits())), "contract-acme-notice")
    assert made.limit_words == "the earlier of 1 business day and the next sale"
    assert "The next sale" not in made.start_words
    assert made.urgency_minutes  # "if sooner" has no length of its own
    assert made.example.act_by.isoformat() == "2026-11-30T23:59:59-07:00"


@pytest.mark.parametrize(
    ("sale", "act_by"),
    [
        ("2026-11-30T12:00:00-07:00", "2026-11-30T12:00:00-07:00"),
        ("2026-12-03T12:00:00-07:00", "2026-11-30T23:59:59-07:00"),
    ],
)
def test_the_limit_that_ends_first_counts(sale, act_by):
    (found,) = duties(two_limits())
    duty = found[3]
    moments = {
        "aware": datetime.fromisoformat("2026-11-29T02:13:00-07:00"),
        "cut_off": datetime.fromisoformat(sale),
    }
    base = vary(profile(), with_contracts(two_limits()))
    answer = compute(
        duty,
        duty.versions[0],
        moments,
        fact_set(base, sources()),
        None,
        sources().calendars,
        client_zone=base.client.time_zone,
    )
    assert answer.act_by.isoformat() == act_by


def test_a_second_limit_alone_is_an_error():
    with pytest.raises(ValidationError, match="stands beside `window`"):
        duties(contract("acme", clause(window=None, earlier_of=[SALE])))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("4.7: at once", "clause 4.7"),
        ("VIII.A", "clause VIII.A"),
        ("Clause 7.1", "Clause 7.1"),
        ("Condition VI.A", "Condition VI.A"),
    ],
)
def test_a_clause_is_called_clause_once(written, words):
    made = binding(
        plan(changes=with_contracts(contract("acme", clause(clause=written)))), "contract-acme-notice"
    )
    assert f", {words} (" in made.reason
