"""Chance arithmetic: exact tails, what more samples and stricter levels do, and what gets no number."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model.plan import Chance
from generator.model.profile import Signal, Volumes
from generator.planning.chance import binomial_tail, chance, chances, poisson_tail
from tests.unit.planning.vary import plan, profile

VOLUMES = Volumes(unit="visits", per_day=Decimal(5850))


def signal(**changes) -> Signal:
    data = {"id": "s", "title": "S", "metric": "Bad ones", "unit": "percent", "window": {"value": 24, "unit": "hours"},
            "page": {"at": 5}, "smallest_sample": 100, "baseline": 2}  # fmt: skip
    return Signal.model_validate({**data, **changes})


def count(**changes) -> Signal:
    return signal(
        **{"unit": "items", "smallest_sample": None, "page": {"at": 2}, "baseline": Decimal("0.3"), **changes}
    )


# Cumulative tables in any textbook: Bin(20, 0.1) up to 4 is 0.9568, Bin(15, 0.4) up to 8 is 0.9050.
@pytest.mark.parametrize(
    ("least", "n", "p", "tail"),
    [
        (8, 10, "0.5", "0.0546875"),
        (5, 20, "0.1", "0.0432"),
        (9, 15, "0.4", "0.0950"),
        (1, 100, "0.004", "0.3302"),
    ],
)
def test_binomial_tails_of_the_tables(least, n, p, tail):
    assert round(binomial_tail(least, n, Decimal(p)), len(tail) - 2) == Decimal(tail)


# Poisson tables: mean 2 up to 3 is 0.8571, mean 10 up to 15 is 0.9513.
@pytest.mark.parametrize(
    ("least", "mean", "tail"), [(4, "2", "0.1429"), (16, "10", "0.0487"), (1, "0.02", "0.0198")]
)
def test_poisson_tails_of_the_tables(least, mean, tail):
    assert round(poisson_tail(least, Decimal(mean)), 4) == Decimal(tail)


@given(st.integers(1, 120), st.integers(0, 120), st.integers(1, 999))
def test_a_binomial_tail_is_exact(n, least, per_mille):
    p = Fraction(per_mille, 1000)
    exact = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1))
    assert abs(Fraction(binomial_tail(least, n, Decimal(per_mille) / 1000)) - exact) < Fraction(1, 10**35)


def test_a_poisson_tail_is_the_limit_of_binomial_ones():
    assert abs(poisson_tail(7, Decimal(3)) - binomial_tail(7, 90_000, Decimal(3) / 90_000)) < Decimal("1e-5")


def test_a_share_by_hand():
    # Five or more of 100 at 2 percent: 1 - 0.94917 (table) = 0.0508; 30 looks a month.
    made = chance(signal(), None)
    assert (made.false_pages_words, made.looks_a_month, made.sample, made.law) == ("1.5", 30, 100, "binomial")
    assert made.smallest_change == Decimal("6.7")
    assert binomial_tail(5, 100, Decimal("0.067")) >= Decimal("0.8") > binomial_tail(5, 100, Decimal("0.066"))


def test_a_share_with_a_floor_counts_the_misses():
    # 70 percent or less of 60 at 88: 18 or more misses at 12 percent.
    made = chance(signal(direction="below", page={"at": 70}, smallest_sample=60, baseline=88), None)
    assert made.smallest_change == Decimal("65.6")
    assert made.false_pages_a_month == 0
    assert made.false_pages_words == "under 0.01"


def test_a_count_by_hand():
    # 1 - e^-0.3 (1 + 0.3) = 0.0369 a day.
    made = chance(count(), VOLUMES)
    assert made.false_pages_words == "1.1"
    assert made.change_words == "3 items in 24 hours instead of 0.3 (one for every 1,950 visits)"


def test_a_count_with_a_floor():
    # At most 2 at a mean of 8: 0.01375 a day. At a mean of 1.5 a day shows it with 0.81, at 1.6 with 0.78.
    made = chance(count(direction="below", page={"at": 2}, baseline=8), VOLUMES)
    assert made.false_pages_a_month == Decimal("0.41")
    assert made.smallest_change == Decimal("1.5")


def test_a_level_of_one_event_pages_at_each():
    made = chance(
        count(page={"at": 1}, window={"value": 5, "unit": "minutes"}, baseline=Decimal("0.01")), VOLUMES
    )
    assert made.false_pages_a_month == 86
    assert made.change_words == "A single one pages"
    assert made.note is not None
    assert made.note.startswith("More than one page a day")


def test_a_level_finer_than_one_item_says_so():
    made = chance(
        signal(
            direction="below", page={"at": Decimal("99.5")}, smallest_sample=20, baseline=Decimal("99.98")
        ),
        None,
    )
    assert made.note == "One item of 20 is 5 percent, so a single one pages"


@given(st.integers(1, 20))
def test_more_samples_show_a_smaller_change(times):
    # Samples for which 5 percent is a whole number of items, so that rounding up hides nothing.
    small = chance(signal(smallest_sample=20 * times), None)
    large = chance(signal(smallest_sample=20 * times + 20), None)
    assert large.smallest_change <= small.smallest_change
    assert chance(signal(smallest_sample=2000), None).smallest_change < small.smallest_change


@given(st.integers(3, 60), st.integers(0, 1))
def test_a_stricter_level_pages_less(at, share):
    make = signal if share else count
    loose, strict = (chance(make(page={"at": level}), VOLUMES) for level in (at, at + 1))
    assert strict.false_pages_a_month <= loose.false_pages_a_month
    assert strict.smallest_change > loose.smallest_change


@given(st.integers(1, 48))
def test_a_shorter_window_looks_more_often(hours):
    made = chance(signal(window={"value": hours, "unit": "hours"}), None)
    assert abs(made.looks_a_month * hours - 720) <= Decimal("0.5") * hours


@pytest.mark.parametrize(
    ("given_signal", "volumes", "missing"),
    [
        (signal(baseline=None), VOLUMES, ("baseline",)),
        (signal(smallest_sample=None), VOLUMES, ("smallest sample",)),
        (signal(smallest_sample=None, baseline=None), None, ("baseline", "smallest sample")),
        (count(), None, ("cases a day",)),
        (count(baseline=None), None, ("baseline", "cases a day")),
    ],
)
def test_what_the_profile_lacks_is_a_gap_and_never_a_number(given_signal, volumes, missing):
    assert chance(given_signal, volumes) == Chance(signal="s", missing=missing)


def test_the_volumes_are_the_sample_where_the_unit_is_theirs():
    made = chance(signal(unit="percent of visits", smallest_sample=None), VOLUMES)
    assert made.sample == 5850
    hourly = signal(unit="percent of visits", smallest_sample=None, window={"value": 1, "unit": "hours"})
    assert chance(hourly, VOLUMES).missing == ("smallest sample",)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"unit": "seconds", "metric": "Median seconds to release"}, "median"),
        ({"unit": "percent", "metric": "Mean share of supported sentences"}, "median"),
        ({"unit": "times the median", "metric": "Runs in the hour"}, "ratio"),
        ({"unit": "US dollars an hour"}, "neither a count nor a share"),
        ({"unit": "minutes"}, "neither a count nor a share"),
        ({"unit": "requests/s"}, "neither a count nor a share"),
        ({"unit": "checks", "metric": "Test visits missing in a row"}, "in a row"),
        ({"unit": "files", "metric": "Decisions minus notices"}, "difference"),
        ({"unit": "scores", "page": {"at": Decimal("0.8")}, "baseline": Decimal("0.9")}, "neither a count nor a share"),
        ({"unit": "indexes", "page": {"at": Decimal("0.8")}}, "fractions"),
        ({"unit": "hits", "baseline": 0}, "baseline is 0"),
        ({"direction": "below", "page": {"at": 90}, "baseline": 100}, "baseline is 100"),
        ({"page": None}, "no page level"),
        ({"baseline": 5}, "past the page level"),
        ({"unit": "requests", "page": {"at": 50_000}}, "10,000 items"),
    ],
)  # fmt: skip
def test_a_silly_answer_is_not_given(changes, because):
    made = chance(signal(**changes), VOLUMES)
    assert made.because is not None
    assert because in made.because
    assert made.false_pages_a_month is None
    assert made.false_pages_words == ""


@pytest.mark.parametrize("name", ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"])
def test_every_signal_has_numbers_or_a_reason(name):
    source = profile(name)
    made = chances(source.detection.signals, source.volumes)
    assert set(made) == {s.id for s in source.detection.signals}
    for entry in made.values():
        assert (entry.law is not None) + bool(entry.missing) + bool(entry.because) == 1, entry
    assert any(entry.law for entry in made.values())


def test_the_plan_carries_it_and_loses_it_with_the_baseline():
    made = plan("loan_multi_agent", {"detection.signals.decline-shift.baseline": None, "volumes": None})
    assert made.chance["decline-shift"].missing == ("baseline",)
    assert made.chance["due-soon"].missing == ("cases a day",)
    assert made.chance["income-gap"].false_pages_words == "0.04"
