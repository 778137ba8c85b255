"""Worked vectors: each is a date that a lawyer can check by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from generator.deadlines.calendars import after_business_days, with_days_off
from generator.deadlines.clock import Setting, answer
from generator.deadlines.counting import after_months
from generator.deadlines.zones import instant, zone_named
from generator.errors import LawGap, UsageProblem
from generator.sources.lawbook import load_calendars
from tests.duty_factory import (
    BERLIN,
    CHICAGO,
    NEW_YORK,
    REGISTRY,
    days,
    duty,
    facts,
    hours,
    limb,
    version,
    work_calendar,
)

EU_HOURS = {"counting": "reg_1182_71"}
NO_FACTS = facts()


def solve(rule, start, zone, *, at=None, calendars=None, known=NO_FACTS, **more):
    """The deadline for one start, with `due` and `act_by` as local text."""
    on = instant(start, zone_named(zone))
    events = {rule.versions[0].clock.limbs[0].start: on}
    events |= {name: instant(text, zone_named(zone)) for name, text in (at or {}).items()}
    setting = Setting(calendars or {}, known, zone, lookup=more.pop("lookup", None))
    return answer(rule, more.pop("on", on.date()), events, setting, **more)


def local(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None


def single(one, **more):
    return duty(version(one, **more))


@pytest.mark.parametrize(
    ("start", "due", "act_by"),
    [
        ("2026-11-27T16:30", "2026-11-30T17:00+01:00", "2026-11-30T16:30+01:00"),
        ("2026-11-27T16:00", "2026-11-30T17:00+01:00", "2026-11-30T16:00+01:00"),
        ("2026-03-27T16:30", "2026-03-30T18:00+02:00", "2026-03-30T17:30+02:00"),
        ("2026-10-23T16:30", "2026-10-26T16:00+01:00", "2026-10-26T15:30+01:00"),
    ],
)
def test_gdpr_72_hours_in_berlin(start, due, act_by):
    found = solve(single(hours(72, **EU_HOURS)), start, BERLIN)
    assert (local(found.due), local(found.act_by)) == (due, act_by)


def test_the_later_reading_is_named_and_not_used():
    found = solve(single(hours(72, **EU_HOURS)), "2026-11-27T16:30", BERLIN)
    assert "Art. 3(5)" in found.reading
    assert "not used" in found.reading


def test_plain_hours_are_elapsed_time():
    found = solve(single(hours(36)), "2026-10-24T12:00", BERLIN)
    assert local(found.due) == local(found.act_by) == "2026-10-25T23:00+01:00"


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2027-05-05T10:00", "2028-02-29T23:59-06:00"), ("2026-05-05T10:00", "2027-03-01T23:59-06:00"),
        ("2026-12-31T23:59", "2027-03-01T23:59-06:00"),
    ],
)  # fmt: skip
def test_hipaa_sixty_days_after_the_end_of_the_year(start, due):
    assert local(solve(single(days(60, anchor="end_of_calendar_year")), start, CHICAGO).due) == due


@pytest.mark.parametrize(
    ("day", "amount", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)), (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)  # fmt: skip
def test_months(day, amount, expected):
    assert after_months(day, amount) == expected


def test_texas_sixty_and_thirty_days():
    assert local(solve(single(days(60)), "2026-03-02T23:30", CHICAGO).due) == "2026-05-01T23:59-05:00"
    assert local(solve(single(days(30)), "2026-02-10T09:00", CHICAGO).due) == "2026-03-12T23:59-05:00"


def test_days_are_counted_where_the_law_means():
    late = instant("2026-03-02T23:30-06:00", None)
    rule = single(days(30))
    chicago = answer(rule, date(2026, 3, 2), {"discovered": late}, Setting({}, zone=CHICAGO))
    new_york = answer(rule, date(2026, 3, 2), {"discovered": late}, Setting({}, zone=NEW_YORK))
    assert (chicago.due.date(), new_york.due.date()) == (date(2026, 4, 1), date(2026, 4, 2))


def test_us_business_days_over_thanksgiving():
    shipped = load_calendars()
    four = single(limb("determined", amount=4, unit="business_days", calendar="us-federal"))
    found = solve(four, "2026-11-24T18:00", NEW_YORK, calendars=shipped)
    assert local(found.due) == "2026-12-01T23:59-05:00"
    assert any("Thanksgiving" in step for step in found.derivation)
    assert any("computed" in step for step in found.derivation)
    saturday = solve(four, "2026-11-21T18:00", NEW_YORK, calendars=shipped)
    assert local(saturday.due) == "2026-11-27T23:59-05:00"


def test_observed_days():
    federal = load_calendars()["us-federal"]
    assert after_business_days(federal, date(2026, 7, 2), 1) == date(2026, 7, 6)
    assert after_business_days(federal, date(2027, 12, 30), 1) == date(2028, 1, 3)


def test_a_year_outside_the_calendar_has_no_answer():
    rule = single(limb("determined", amount=4, unit="business_days", calendar="cal"))
    with pytest.raises(LawGap, match="2036"):
        solve(rule, "2035-12-28T09:00", NEW_YORK, calendars={"cal": work_calendar()})


def test_roll_to_the_next_working_day_only_where_the_law_says_so():
    saturday = "2026-11-26T09:00"
    assert local(solve(single(days(2)), saturday, NEW_YORK).due) == "2026-11-28T23:59-05:00"
    rolled = single(days(2, roll="next_working_day", calendar="cal"))
    found = solve(rolled, saturday, NEW_YORK, calendars={"cal": work_calendar(off=("2026-11-30",))})
    assert local(found.due) == local(found.act_by) == "2026-12-01T23:59-05:00"


def test_two_working_days_for_a_period_in_days():
    two = single(days(2, roll="next_working_day", calendar="cal", **EU_HOURS))
    found = solve(two, "2026-11-27T09:00", BERLIN, calendars={"cal": work_calendar()})
    assert (local(found.due), local(found.act_by)) == ("2026-12-01T23:59+01:00", "2026-11-30T23:59+01:00")


NOON = hours(24, roll="noon_next_working_day", calendar="member_state", **EU_HOURS,
             roll_unless={"fact": "noon_relief_excluded", "op": "is", "value": True})  # fmt: skip


@pytest.mark.parametrize(
    ("known", "due", "missing"),
    [
        (facts(noon_relief_excluded=False, member_state="DE"), "2026-11-30T12:00+01:00", ()),
        (facts(noon_relief_excluded=True, member_state="DE"), "2026-11-28T17:00+01:00", ()),
        (facts(member_state="DE"), "2026-11-28T17:00+01:00", ("noon_relief_excluded",)),
        (facts(noon_relief_excluded=False), "2026-11-28T17:00+01:00", ("member_state",)),
        (facts(noon_relief_excluded=False, seat="DE"), "2026-11-30T12:00+01:00", ()),
    ],
)
def test_dora_noon_of_the_next_working_day(known, due, missing):
    found = solve(
        single(NOON), "2026-11-27T16:30", BERLIN, calendars={"de": work_calendar("de")}, known=known
    )
    assert (local(found.due), found.missing_facts) == (due, missing)
    assert local(found.act_by) == "2026-11-28T16:30+01:00"


def test_a_limit_that_ends_at_midnight_ends_on_the_day_before():
    rule = single(hours(1, roll="noon_next_working_day", calendar="cal"))
    found = solve(rule, "2026-11-27T23:00", BERLIN, calendars={"cal": work_calendar()})
    assert local(found.due) == "2026-11-28T00:00+01:00"


def test_the_earlier_and_the_later_of_two_limits():
    limbs = (hours(4, "classified", **EU_HOURS), hours(24, **EU_HOURS))
    earlier = duty(version(*limbs, combine="earlier_of"))
    later = duty(version(*limbs, combine="later_of"))
    aware = {"aware": "2026-11-23T09:30"}
    assert local(solve(earlier, "2026-11-24T08:30", BERLIN, at=aware).due) == "2026-11-24T10:00+01:00"
    assert local(solve(later, "2026-11-24T08:30", BERLIN, at=aware).due) == "2026-11-24T13:00+01:00"
    alone = solve(earlier, "2026-11-24T08:30", BERLIN)
    assert local(alone.due) == "2026-11-24T13:00+01:00"
    assert "aware may bring an earlier end" in alone.why


def test_a_start_at_another_notice():
    first = duty(version(hours(24)), id="first")
    second = duty(version(hours(72, "sent:first")), id="second")
    aware = instant("2026-11-24T09:00", zone_named(BERLIN))
    setting = Setting(
        {}, zone=BERLIN, lookup=lambda name: (first, first.versions[0]) if name == "first" else None
    )
    waiting = answer(second, date(2026, 11, 24), {"aware": aware}, setting)
    assert (waiting.due, waiting.act_by, waiting.why) == (None, None, "starts when Title of first is sent")
    assert local(waiting.latest_possible) == "2026-11-28T09:00+01:00"
    sent = answer(second, date(2026, 11, 24), {"sent:first": aware}, setting)
    assert local(sent.due) == "2026-11-27T09:00+01:00"


def test_two_notices_that_wait_for_each_other_end():
    one = duty(version(hours(1, "sent:two")), id="one")
    two = duty(version(hours(1, "sent:one")), id="two")
    book = {"one": (one, one.versions[0]), "two": (two, two.versions[0])}
    assert answer(one, date(2026, 11, 24), {}, Setting({}, lookup=book.get)).latest_possible is None


def test_a_soft_standard_has_no_date():
    soft = duty(version(limb(), clock={"standard": "without undue delay"}))
    found = solve(soft, "2026-11-24T09:00", BERLIN)
    assert (found.due, found.standard) == (None, "without undue delay")
    assert found.why == "the law sets no number: without undue delay"


TEXAS = {"fact": "residents:US-TX", "comparator": "at_least", "value": 250, "scope": "total",
         "words": "250 residents of Texas"}  # fmt: skip


def test_below_the_threshold():
    rule = single(days(30), thresholds=[TEXAS])
    below = solve(rule, "2026-02-10T09:00", CHICAGO, known=facts(residents__US_TX=220))
    assert (below.due, below.why) == (
        None,
        "below the threshold: 250 residents of Texas; the number given is 220",
    )
    assert solve(rule, "2026-02-10T09:00", CHICAGO, known=facts(residents__US_TX=250)).due is not None
    unknown = solve(rule, "2026-02-10T09:00", CHICAGO)
    assert (unknown.due is not None, unknown.missing_facts) == (True, ("residents:US-TX",))
    anyway = solve(rule, "2026-02-10T09:00", CHICAGO, known=facts(residents__US_TX=220), hypothetical=True)
    assert (local(anyway.due), anyway.hypothetical) == ("2026-03-12T23:59-05:00", True)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"state": "proposed"}, "proposed"), ({"state": "stayed"}, "stayed"), ({"state": "repealed"}, "repealed"),
        ({"from": "2027-01-01"}, "not_yet"), ({"until": "2021-01-01"}, "ended"),
    ],
)  # fmt: skip
def test_outside_its_life(more, status):
    rule = single(days(30), **more)
    found = solve(rule, "2026-11-24T09:00", CHICAGO)
    assert (found.status, found.due, bool(found.why)) == (status, None, True)
    anyway = solve(rule, "2026-11-24T09:00", CHICAGO, hypothetical=True)
    assert (anyway.status, local(anyway.due), anyway.hypothetical) == (status, "2026-12-24T23:59-06:00", True)


def test_an_exception_that_holds():
    rule = single(days(30), exceptions=[
        {"id": "safe", "text": "Encrypted.", "when": {"fact": "encrypted", "op": "is", "value": True}}])  # fmt: skip
    assert solve(rule, "2026-11-24T09:00", CHICAGO, known=facts(encrypted=True)).due is None
    assert solve(rule, "2026-11-24T09:00", CHICAGO).due is not None


def test_only_deadlines_are_clocks():
    assert solve(duty(version(days(30)), kind="retention"), "2026-11-24T09:00", CHICAGO).due is None


def test_json_has_every_key():
    found = solve(single(hours(72)), "2026-11-27T16:30", BERLIN).as_json()
    assert list(found) == [
        "schema", "duty", "status", "start", "zone", "amount", "unit", "due", "act_by", "latest_possible", "standard",
        "why", "calendar", "reading", "derivation", "citation", "confidence", "hypothetical", "missing_facts",
    ]  # fmt: skip
    assert found["due"] == "2026-11-30T16:30:00+01:00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-10-25T02:30", "happens twice in Europe/Berlin: write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00"),
        ("2026-03-29T02:30", "does not exist in Europe/Berlin: write 2026-03-29T01:30+01:00 or 2026-03-29T03:30+02:00"),
        ("2026-02-30T10:00", "no such date"), ("today", "write a time like"), ("2026-01-01T25:00", "no such date"),
        ("2026-01-01T10:00+99:00", "no such date"), ("0001-01-01T00:00+14:00", "between 1970 and 2199"),
    ],
)  # fmt: skip
def test_times_that_are_refused(text, words):
    with pytest.raises(UsageProblem) as caught:
        instant(text, zone_named(BERLIN))
    assert words in str(caught.value)


def test_times_that_are_read():
    berlin = zone_named(BERLIN)
    assert instant("2026-10-25T02:30+01:00", berlin).isoformat() == "2026-10-25T02:30:00+01:00"
    assert instant("2026-11-27T15:30Z", berlin).isoformat() == "2026-11-27T16:30:00+01:00"
    assert instant("2026-11-27 16:30", berlin).isoformat() == "2026-11-27T16:30:00+01:00"
    with pytest.raises(UsageProblem, match="add an offset"):
        instant("2026-11-27T16:30", None)


@pytest.mark.parametrize(
    "name", ["Mars/Foo", "", "../etc/passwd", "/etc/localtime", "Europe", "europe/berln"]
)
def test_unknown_zones(name):
    with pytest.raises(UsageProblem, match="no time zone"):
        zone_named(name)


def test_the_zone_of_the_place_where_nothing_else_says():
    rule = duty(version(days(30)), recipient_place="US-TX")
    start = instant("2026-03-03T04:30Z", None)
    found = answer(rule, date(2026, 3, 2), {"discovered": start}, Setting({}, facts()))
    assert (found.zone, found.due.date()) == (CHICAGO, date(2026, 4, 1))
    assert REGISTRY.places.zones["US-TX"] == CHICAGO


def test_days_added_to_a_calendar():
    more = with_days_off(work_calendar(), {date(2026, 11, 25): "strike"}, "a file")
    assert after_business_days(more, date(2026, 11, 24), 1) == date(2026, 11, 26)
