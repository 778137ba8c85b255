"""Writes regulations/calendars/*.yaml from the `holidays` library, and says what that changes.

Years that a person has marked `official` are never touched; where the library differs from them, the
difference is printed. `--check` writes nothing and exits 1 when something would change.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import holidays

from generator.model.law import CalendarYear, WorkCalendar
from generator.sources.law_folders import load_calendar

FOLDER = Path(__file__).resolve().parent.parent / "regulations" / "calendars"
YEARS = range(2024, 2031)
SOURCE = f"computed by the Python library holidays {holidays.__version__}"
NATIONAL_ONLY = "National days only: holidays of one region or one authority are not in it."


@dataclass(frozen=True)
class Wanted:
    """One calendar to make: its id, whose it is, and how the library names it."""

    id: str
    title: str
    place: str
    country: str = ""
    subdivision: str | None = None
    market: str = ""
    weekend: tuple[str, ...] = ("sat", "sun")
    note: str = NATIONAL_ONLY
    closed: tuple[tuple[int, int, str], ...] = ()
    """Days of every year (month, day, name) that a statute closes and the library does not list."""
    worked: tuple[str, ...] = ()
    """Holidays by name that may be business days: counted as such, so that a count never ends late."""


EU = {
    "AT": "Austria", "BE": "Belgium", "BG": "Bulgaria", "CY": "Cyprus", "CZ": "Czechia", "DE": "Germany",
    "DK": "Denmark", "EE": "Estonia", "ES": "Spain", "FI": "Finland", "FR": "France", "GR": "Greece",
    "HR": "Croatia", "HU": "Hungary", "IE": "Ireland", "IT": "Italy", "LT": "Lithuania", "LU": "Luxembourg",
    "LV": "Latvia", "MT": "Malta", "NL": "Netherlands", "PL": "Poland", "PT": "Portugal", "RO": "Romania",
    "SE": "Sweden", "SI": "Slovenia", "SK": "Slovakia",
}  # fmt: skip
OTHERS = {
    "AU": "Australia", "BR": "Brazil", "CA": "Canada", "CH": "Switzerland", "CL": "Chile", "CO": "Colombia",
    "IN": "India", "IS": "Iceland", "JP": "Japan", "KR": "South Korea", "LI": "Liechtenstein", "MX": "Mexico",
    "NO": "Norway", "NZ": "New Zealand", "SG": "Singapore", "VN": "Vietnam", "ZA": "South Africa",
}  # fmt: skip

STATES = {
    "CA": "California", "CT": "Connecticut", "IA": "Iowa", "IL": "Illinois", "ME": "Maine", "MI": "Michigan",
    "MO": "Missouri", "NY": "New York", "OH": "Ohio", "TX": "Texas",
}  # fmt: skip
"""States whose statutes count business days or move a last day. Vermont stands apart below."""
_OF_STATE = (
    "State holidays. Whether a holiday on a Saturday closes the Friday before differs by state and is as the library "
    "has it."
)

WANTED = (
    Wanted(
        "us-federal", "Federal holidays of the United States", "US", "US",
        note="5 U.S.C. 6103. A holiday on a Saturday is observed on Friday, one on a Sunday on Monday; "
        "both days are listed. Days closed by executive order are not in it.",
    ),
    Wanted("gb-eng", "Bank holidays of England and Wales", "GB-ENG", "GB", "ENG", note="Substitute days are listed."),
    Wanted(
        "target", "Closing days of the TARGET system (European Central Bank)", "EU", market="XECB",
        note="Holidays of the EU institutions themselves are in no library and not in this calendar.",
    ),
    Wanted(
        "jp-admin", "Closed days of the administrative organs of Japan", "JP", "JP",
        note="Act on Holidays of Administrative Organs (1988): Saturdays, Sundays, public holidays and "
        "29 December to 3 January.",
        closed=tuple(
            (month, day, "Year-end closing of administrative organs")
            for month, day in ((1, 2), (1, 3), (12, 29), (12, 30), (12, 31))
        ),
    ),
    Wanted(
        "us-vt", "Holidays of the state of Vermont", "US-VT", "US", "VT",
        note=f"{_OF_STATE} Town Meeting Day and Bennington Battle Day count as business days, which gives the earlier "
        "end: 9 V.S.A. 2435 does not say whether they are.",
        worked=("Town Meeting Day", "Bennington Battle Day"),
    ),
    Wanted("eg", "Public holidays of Egypt", "EG", "EG", weekend=("fri", "sat"),
           note=f"{NATIONAL_ONLY} Islamic holidays are estimates until they are announced."),
    *(
        Wanted(f"us-{code.lower()}", f"Holidays of the state of {name}", f"US-{code}", "US", code, note=_OF_STATE)
        for code, name in STATES.items()
    ),
    *(Wanted(code.lower(), f"Public holidays of {name}", code, code) for code, name in {**EU, **OTHERS}.items()),
)  # fmt: skip


def days_of(wanted: Wanted, year: int) -> dict[date, str]:
    """The days off in one year; names in English where the library has them."""
    if wanted.market:
        made = holidays.financial_holidays(wanted.market, years=year)
    else:
        made = holidays.country_holidays(
            wanted.country,
            subdiv=wanted.subdivision,
            years=year,
            observed=True,
            language=_english(wanted.country),
        )
    days = {date(year, month, day): name for month, day, name in wanted.closed}
    days |= {day: " / ".join(name.split("; ")) for day, name in made.items() if day.year == year}
    return {day: name for day, name in sorted(days.items()) if not name.startswith(wanted.worked)}


def _english(country: str) -> str | None:
    languages = getattr(holidays.country_holidays(country), "supported_languages", ()) or ()
    return next((language for language in ("en_US", "en_GB", "en") if language in languages), None)


def made(wanted: Wanted, old: WorkCalendar | None) -> WorkCalendar:
    """The calendar as it should be: official years of `old` stay."""
    years = {}
    for year in sorted({*YEARS, *(old.years if old else ())}):
        kept = old.years.get(year) if old else None
        if kept and (kept.status == "official" or year not in YEARS):
            years[year] = kept
            continue
        years[year] = CalendarYear(status="computed", source=SOURCE, days=days_of(wanted, year))
    return WorkCalendar(
        id=wanted.id,
        title=wanted.title,
        place=wanted.place,
        weekend=wanted.weekend,
        note=wanted.note,
        years=years,
    )


def written(calendar: WorkCalendar) -> str:
    """The calendar as YAML, one day a line."""
    lines = [
        "schema: 1",
        f"id: {calendar.id}",
        f"title: {quoted(calendar.title)}",
        f"place: {quoted(calendar.place)}",
    ]
    lines.append(f"weekend: [{', '.join(calendar.weekend)}]")
    if calendar.note:
        lines.append(f"note: {quoted(calendar.note)}")
    lines.append("years:")
    for number, year in sorted(calendar.years.items()):
        lines += [
            f"  {number}:",
            f"    status: {year.status}",
            f"    source: {quoted(year.source)}",
            "    days:",
        ]
        lines += [f"      {day.isoformat()}: {quoted(name)}" for day, name in sorted(year.days.items())]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Text that is safe as one YAML value."""
    return "'" + text.replace("'", "''") + "'"


def changes(wanted: Wanted, old: WorkCalendar, new: WorkCalendar) -> list[str]:
    """What changes, and where an official year differs from the library; one line each."""
    lines = []
    for number in sorted({*old.years, *new.years}):
        before = old.years[number].days if number in old.years else {}
        official = number in old.years and old.years[number].status == "official"
        after = days_of(wanted, number) if official and number in YEARS else new.years[number].days
        label = f"{wanted.id} {number}" + (" (official, kept)" if official else "")
        if number not in old.years:
            lines.append(f"{label}: new year, {len(after)} days")
            continue
        lines += [f"{label}: + {day} {after[day]}" for day in sorted(after.keys() - before.keys())]
        lines += [f"{label}: - {day} {before[day]}" for day in sorted(before.keys() - after.keys())]
        lines += [
            f"{label}: {day} {before[day]} -> {after[day]}"
            for day in sorted(before.keys() & after.keys())
            if before[day] != after[day] and not official
        ]
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when something would change"
    )
    check = parser.parse_args().check
    FOLDER.mkdir(parents=True, exist_ok=True)
    differs = False
    for wanted in sorted(WANTED, key=lambda one: one.id):
        path = FOLDER / f"{wanted.id}.yaml"
        old = load_calendar(path) if path.is_file() else None
        new = made(wanted, old)
        text = written(new)
        lines = changes(wanted, old, new) if old else [f"{wanted.id}: new calendar"]
        for line in lines:
            print(line)
        if old is None or path.read_text(encoding="utf-8") != text:
            differs = True
            if not check:
                path.write_text(text, encoding="utf-8", newline="\n")
    print(
        f"{len(WANTED)} calendars from holidays {holidays.__version__}: {'changed' if differs else 'no change'}"
    )
    return 1 if check and differs else 0


if __name__ == "__main__":
    sys.exit(main())
