"""The traps that public deadline tools fall into, on the shipped law book."""

from datetime import date

import pytest

from generator.law.in_force import in_force
from generator.sources.lawbook import load_lawbook

BOOK = load_lawbook()
TODAY = date(2026, 11, 24)


def version(duty):
    return in_force(BOOK.duties[duty], TODAY).version


def items(duty, rule):
    return {item.id: item.text.lower() for item in version(duty).content if item.rule == rule}


def test_massachusetts_must_not_describe_the_breach_nor_count_people():
    banned = " ".join(items("us-ma-individuals", "must_not").values())
    assert "nature" in banned
    assert "number" in banned


def test_illinois_must_not_count_and_rhode_island_must():
    assert "number" in " ".join(items("us-il-individuals", "must_not").values())
    assert "number" in " ".join(items("us-ri-individuals", "must").values())


@pytest.mark.parametrize(
    ("first", "second"), [("us-md-ag", "us-md-individuals"), ("us-nj-state-police", "us-nj-individuals")]
)
def test_the_authority_comes_before_the_people(first, second):
    assert second in BOOK.duties[first].before


def test_louisianas_attorney_general_must_have_received_it():
    assert BOOK.duties["us-la-ag"].satisfied_by == "received"


def test_the_occ_must_have_received_it():
    assert BOOK.duties["banks-occ-36h"].satisfied_by == "received"


def test_texas_has_sixty_days_for_people_and_thirty_for_the_attorney_general():
    assert [version(duty).clock.limbs[0].amount for duty in ("us-tx-individuals", "us-tx-ag")] == [60, 30]
    (threshold,) = version("us-tx-ag").thresholds
    assert (threshold.comparator, threshold.value, threshold.scope) == ("at_least", 250, "per_place")


def test_vermont_fourteen_business_days_or_the_notice_to_people_if_sooner():
    clock = version("us-vt-ag").clock
    assert clock.combine == "earlier_of"
    assert {(limb.amount, limb.unit) for limb in clock.limbs} >= {(14, "business_days")}
    assert any(limb.start == "sent:us-vt-individuals" for limb in clock.limbs)


def test_dora_takes_the_earlier_of_two_limits_and_later_reports_run_from_earlier_ones():
    clock = version("dora-initial-notification-4h-from-classification").clock
    assert clock.combine == "earlier_of"
    assert {(limb.start, limb.amount) for limb in clock.limbs} == {("classified", 4), ("aware", 24)}
    later = [d for d in BOOK.duties if d.startswith("dora-") and ("intermediate" in d or "final" in d)]
    starts = {limb.start for duty in later for limb in version(duty).clock.limbs if limb.amount}
    assert any(start.startswith("sent:dora-") for start in starts)


def test_colorados_act_of_2024_never_applied():
    for duty in (d for d in BOOK.duties if d.startswith("us-co-sb24-205")):
        assert {in_force(BOOK.duties[duty], date(year, 7, 1)).version for year in range(2024, 2031)} == {None}


NOT_A_DEADLINE = {
    "hipaa-burden-and-retention": "retention",
    "ca-pipeda-records": "retention",
    "dfars-image-preservation": "retention",
    "nydfs-irp": "cadence",
    "pci-irp-content": "cadence",
    "fcc-cpni-2007-customers": "wait",
    "hipaa-law-enforcement-delay-oral": "tolling",
    "sec-8k-ag-delay": "tolling",
    "us-co-sb26-189-ag-cure": "cure",
    "us-tx-traiga-ag-cure": "cure",
    "us-ca-sb53-internal-use-summary": "cadence",
    "us-ny-raise-quarterly": "cadence",
    "us-il-sb315-quarterly": "cadence",
    "us-ca-cppa-risk-assessment-update": "cadence",
    "eu-reg-1182-71": "rule",
    "uk-gdpr-art4a-computation": "rule",
}


@pytest.mark.parametrize(("duty", "kind"), NOT_A_DEADLINE.items())
def test_a_number_that_is_no_notification_deadline_is_never_printed_as_one(duty, kind):
    assert BOOK.duties[duty].kind == kind


@pytest.mark.parametrize("duty", ["au-ndb-assessment", "hipaa-nprm-restore-72h"])
def test_other_numbers_that_are_no_notice(duty):
    assert BOOK.duties[duty].kind != "deadline"


HISTORIES = {
    "us-ny-individuals": date(2024, 12, 21),
    "us-ca-individuals": date(2026, 1, 1),
    "us-ok-individuals": date(2026, 1, 1),
    "regsp-individuals": date(2025, 12, 3),
    "ftc-safeguards-ftc": date(2024, 5, 13),
    "nydfs-incident-72h": date(2023, 12, 1),
    "uk-gdpr-art33-ico": date(2025, 8, 20),
    "us-ny-raise-dfs": date(2027, 1, 1),
    "cra-incident-early-warning-24h": date(2026, 9, 11),
    "cl-21719-agency": date(2026, 12, 1),
    "in-dpdp-board-72h": date(2027, 5, 13),
}


@pytest.mark.parametrize(("duty", "day"), HISTORIES.items())
def test_a_change_of_law_is_a_version_with_its_date(duty, day):
    assert day in {v.from_ for v in BOOK.duties[duty].versions}


def test_one_filing_is_printed_once():
    twins = {duty.id: duty.same_as for duty in BOOK.duties.values() if duty.same_as}
    assert twins["us-ny-dfs-500-17"].startswith("nydfs-")
    assert all(twin not in twins for twin in twins.values())
