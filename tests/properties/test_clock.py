"""Laws that hold for every clock: later starts never end earlier, act_by never after due ..."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.deadlines.calendars import after_business_days, with_days_off
from generator.deadlines.clock import Setting, answer
from generator.deadlines.counting import after_hours, after_months
from tests.duty_factory import duty, limb, version, work_calendar

settings.register_profile("airplan", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("airplan")

CALENDAR = work_calendar(
    off=tuple(f"{year}-{day}" for year in range(2020, 2036) for day in ("01-01", "05-01", "12-25"))
)
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "UTC"]
)
MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2033, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
LIMBS = st.builds(
    lambda unit, amount, counting, roll, anchor: limb(
        unit=unit,
        amount=amount,
        counting=counting,
        roll=roll,
        calendar="cal",
        anchor="start" if unit in ("hours", "business_days") else anchor,
    ),
    st.sampled_from(["hours", "calendar_days", "business_days", "months"]),
    st.integers(1, 12),
    st.sampled_from(["plain", "reg_1182_71"]),
    st.sampled_from(["none", "next_working_day", "noon_next_working_day"]),
    st.sampled_from(["start", "end_of_calendar_year"]),
)


def solved(one, moment: datetime, zone: str):
    rule = duty(version(one))
    on = moment.astimezone(ZoneInfo(zone)).date()
    return answer(rule, on, {"aware": moment}, Setting({"cal": CALENDAR}, zone=zone))


@given(LIMBS, MOMENTS, ZONES)
def test_act_by_is_set_and_between_start_and_due(one, moment, zone):
    found = solved(one, moment, zone)
    assert moment <= found.act_by <= found.due
    assert found.derivation


@given(LIMBS, MOMENTS, ZONES, st.integers(1, 60 * 24 * 40))
def test_a_later_start_never_ends_earlier(one, moment, zone, minutes):
    early, late = solved(one, moment, zone), solved(one, moment + timedelta(minutes=minutes), zone)
    if (
        one["unit"] != "hours" or one["roll"] == "none"
    ):  # hours that roll pass those that end after the day off
        assert early.due <= late.due
    assert early.act_by <= late.act_by


@given(MOMENTS, ZONES, ZONES, st.integers(1, 2000))
def test_hours_do_not_depend_on_the_zone(moment, one, other, amount):
    plain = limb(unit="hours", amount=amount)
    assert solved(plain, moment, one).due == solved(plain, moment, other).due
    ends = after_hours(moment.astimezone(ZoneInfo(one)), amount)
    assert ends.astimezone(UTC) - moment == timedelta(hours=amount)


@given(MOMENTS, ZONES, st.integers(1, 500))
def test_the_hour_not_counted_adds_at_most_one(moment, zone, amount):
    found = solved(limb(unit="hours", amount=amount, counting="reg_1182_71"), moment, zone)
    assert timedelta(0) < found.due - found.act_by <= timedelta(hours=1)
    assert (found.due.minute, found.due.second) == (0, 0) or zone in ("Asia/Kolkata", "Australia/Lord_Howe")


@given(
    st.dates(date(2021, 1, 1), date(2033, 1, 1)),
    st.integers(1, 40),
    st.lists(st.dates(date(2021, 1, 1), date(2034, 1, 1)), max_size=8),
)
def test_a_holiday_more_never_shortens(day, amount, more):
    wider = with_days_off(CALENDAR, dict.fromkeys(more, "day off"), "test")
    assert after_business_days(wider, day, amount) >= after_business_days(CALENDAR, day, amount)


@given(st.dates(date(1999, 1, 1), date(2099, 1, 1)), st.integers(0, 60))
def test_months_agree_with_dateutil(day, amount):
    assert after_months(day, amount) == day + relativedelta(months=amount)
