"""Small duties and calendars for unit tests, so that these do not hang on the shipped law."""

from __future__ import annotations

import zoneinfo
from datetime import date
from typing import Any

from generator.law.facts import FactSet
from generator.model.conditions import FactDefinition
from generator.model.law import CalendarYear, Duty, WorkCalendar
from generator.model.lawbook import FactRegistry, PlaceNames

zoneinfo.reset_tzpath(())

BERLIN, CHICAGO, NEW_YORK = "Europe/Berlin", "America/Chicago", "America/New_York"


def limb(start: str = "aware", **more: Any) -> dict[str, Any]:
    return {"start": start, "start_words": start, **more}


def hours(amount: int, start: str = "aware", **more: Any) -> dict[str, Any]:
    return limb(start, amount=amount, unit="hours", **more)


def days(amount: int, start: str = "discovered", **more: Any) -> dict[str, Any]:
    return limb(start, amount=amount, unit="calendar_days", **more)


def version(
    *limbs: dict[str, Any], combine: str = "single", clock: Any = None, **more: Any
) -> dict[str, Any]:
    return {
        "from": "2020-01-01",
        "citation": {"text": "Act s. 1"},
        "trigger_words": "a breach",
        "triggers": ["personal_data_breach"],
        "confidence": "high",
        "clock": {"combine": combine, "limbs": limbs or [hours(72)], **(clock or {})},
        **more,
    }


def duty(*versions: dict[str, Any], id: str = "duty", **more: Any) -> Duty:  # noqa: A002
    return Duty.model_validate(
        {
            "id": id,
            "title": f"Title of {id}",
            "bound_party": "controller",
            "recipient": "people",
            "recipient_name": "the people",
            "versions": versions or (version(),),
            **more,
        }
    )


def work_calendar(
    key: str = "cal", off: tuple[str, ...] = (), years: range = range(2020, 2036)
) -> WorkCalendar:
    held = {
        year: CalendarYear(
            status="computed",
            source="a test",
            days={date.fromisoformat(day): "day off" for day in off if day.startswith(str(year))},
        )
        for year in years
    }
    return WorkCalendar(id=key, title="Test", place="US", years=held)


REGISTRY = FactRegistry(
    {
        row["id"]: FactDefinition.model_validate({"title": row["id"], "question": f"{row['id']}?", **row})
        for row in (
            {"id": "residents", "type": "count", "per_place": True, "title": "People who reside there",
             "holds": "{value} of the people served reside in {place}{asked}",
             "lacks": "{value} of the people served reside in {place}{asked}"},
            {"id": "people_total", "type": "count"},
            {"id": "hipaa_role", "type": "words", "title": "Roles under HIPAA", "profile_path": "client.roles.hipaa",
             "values": ("covered_entity", "business_associate", "none"),
             "holds": "{client} is {value}", "lacks": "{client} is not {value}",
             "words": {"covered_entity": "a covered entity", "business_associate": "a business associate"}},
            {"id": "seat", "type": "word"},
            {"id": "member_state", "type": "word"},
            {"id": "offers_to_eu", "type": "yes_no", "title": "Offers to people in the EU"},
            {"id": "encrypted", "type": "yes_no", "title": "Encrypted", "known": "incident"},
            {"id": "noon_relief_excluded", "type": "yes_no", "title": "Excluded from the weekend rule"},
        )
    },
    PlaceNames(
        {"US-TX": "Texas", "US-CA": "California", "US": "United States", "DE": "Germany", "FR": "France"},
        {"EU": ("DE", "FR")},
        {"US-TX": CHICAGO, "DE": BERLIN},
    ),
)  # fmt: skip


def facts(closed: tuple[str, ...] = (), **values: Any) -> FactSet:
    named = {
        key.replace("__", ":").replace("_TX", "-TX").replace("_CA", "-CA"): value
        for key, value in values.items()
    }
    return FactSet(named, frozenset(closed), REGISTRY)
