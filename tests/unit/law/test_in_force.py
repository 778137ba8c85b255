from __future__ import annotations

from datetime import date

import pytest

from generator.errors import LawGap
from generator.law.in_force import in_force
from tests.duty_factory import duty, version

OLD = version(**{"from": None, "until": "2027-01-01"})
NEW = version(**{"from": "2027-01-01"})
TWO = duty(OLD, NEW)


def test_version_changes_on_the_first_day_of_the_new_one():
    before, after = in_force(TWO, date(2026, 12, 31)), in_force(TWO, date(2027, 1, 1))
    assert (before.version, before.coming) == (TWO.versions[0], TWO.versions[1])
    assert (after.version, after.coming) == (TWO.versions[1], None)
    assert "start not verified" in before.words


@pytest.mark.parametrize(("on", "coming"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True)])
def test_coming_is_within_one_year(on, coming):
    assert (in_force(TWO, on).coming is not None) is coming


@pytest.mark.parametrize(
    ("versions", "standing"),
    [
        ([version(**{"from": "2027-06-01"})], "not_yet"),
        ([version(until="2021-01-01")], "ended"),
        ([version(state="proposed", **{"from": None})], "proposed"),
        ([version(state="repealed")], "repealed"),
        ([version(state="repealed", until="2026-05-14")], "repealed"),
        ([version(state="stayed")], "stayed"),
        ([version(state="repealed"), version(state="proposed")], "repealed"),
    ],
)
def test_a_day_outside_the_life_is_an_answer(versions, standing):
    life = in_force(duty(*versions), date(2026, 11, 24))
    assert (life.standing, life.version) == (standing, None)
    assert life.words


def test_a_repealed_version_answers_until_it_ended():
    assert (
        in_force(duty(version(state="repealed", until="2026-05-14")), date(2026, 5, 13)).standing
        == "in_force"
    )


def test_hole_and_overlap_are_faults_of_the_data():
    hole = duty(version(until="2021-01-01"), version(**{"from": "2022-01-01"}))
    overlap = duty(version(), version(**{"from": "2022-01-01"}))
    for broken, on in ((hole, date(2021, 6, 1)), (overlap, date(2023, 1, 1))):
        with pytest.raises(LawGap):
            in_force(broken, on)


def test_a_proposal_never_answers_beside_law():
    both = duty(version(), version(state="proposed", **{"from": "2026-01-01"}))
    assert in_force(both, date(2026, 11, 24)).version is both.versions[0]


def test_leap_day():
    assert in_force(TWO, date(2024, 2, 29)).coming is None
