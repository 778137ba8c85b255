"""What a record says, put into the blanks of a notice and of the review form. What is not known stays a blank.

A blank is filled only where the words before it ask for exactly one thing that the record states. All else, and every
choice, stays for the person who drafts: a blank too many is a minute's work, a wrong fact in a notice is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from generator.deadlines.zones import shown
from generator.model.incident import IncidentRecord
from generator.model.rca import safe_id

BLANK = re.compile(r"\[ _{4,}(?: .*? _{4,})? \]")
CHOICE = re.compile(r"\[choose: ")
_TICK = re.compile(r"^- \[ \] (.+)$")

# (words of the line before the blank, words inside the blank, event). Matched whole, so that a template's other
# sentence is never filled by accident.
_TIMES: tuple[tuple[str, str, str], ...] = (
    (r"- \*\*We became aware:\*\* ", r"date, time, time zone", "aware"),
    (r"We learned of it on ", r"date", "aware"),
    (r"- \*\*Determined:\*\* ", r"date, time, time zone", "determined"),
    (r"Detected: ", r"date, time, time zone", "detected"),
    (r"Stopped: ", r"date, time, time zone", "contained"),
    (r"- \*\*Date and time of the event:\*\* ", r"date and time, or estimate", "occurred"),
)
_COUNTS: tuple[tuple[str, str], ...] = (
    (r"- \*\*All people, about:\*\* ", "people_total"),
    (r"- \*\*Residents of (?P<place>[A-Z][A-Za-z. ]+), about:\*\* ", "residents"),
)


_ROWS = {
    "occurred": "began",
    "detected": "detected",
    "aware": "aware",
    "contained": "contained",
    "recovered": "restored",
}
"""Event -> row of the form's moments."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A document filled from a record."""

    markdown: str
    filled: int
    blanks: int
    """Blanks that are left."""
    choices: int
    """Choices that a person makes."""


def fill_markdown(
    markdown: str, record: IncidentRecord, zone: str, places: Mapping[str, str], categories: Mapping[str, str]
) -> Filled:
    """Fill a notice. `places` are names of places to codes, `categories` words of a category to its id."""
    done = 0
    lines = []
    for line in markdown.split("\n"):
        new, count = _line(line, record, zone, places, categories)
        lines.append(new)
        done += count
    text = "\n".join(lines)
    return Filled(text, done, len(BLANK.findall(text)), len(CHOICE.findall(text)))


def _line(
    line: str, record: IncidentRecord, zone: str, places: Mapping[str, str], categories: Mapping[str, str]
) -> tuple[str, int]:
    moments = record.moments()
    for before, inside, event in _TIMES:
        match = re.match(rf"({before})\[ _{{4,}} {inside} _{{4,}} \]", line)
        if match and event in moments:
            words = _said(moments[event].at, zone, day_only=inside == "date")
            return f"{match[1]}{words}{line[match.end() :]}", 1
    for before, fact in _COUNTS:
        match = re.match(rf"({before})\[ _{{4,}}[^\]]*? _{{4,}} \]", line)
        if match and (value := _count(fact, match.groupdict().get("place"), record, places)) is not None:
            return f"{match[1]}{value:,}{line[match.end() :]}", 1
    tick = _TICK.match(line)
    stated = record.stated().get("data_categories")
    if tick and stated and isinstance(stated.value, tuple) and categories.get(tick[1]) in stated.value:
        return f"- [x] {tick[1]}", 1
    return line, 0


def _count(fact: str, place: str | None, record: IncidentRecord, places: Mapping[str, str]) -> int | None:
    if fact == "residents":
        entry = record.affected().get(places.get(place or "", ""))
        return entry.count if entry else None
    stated = record.stated().get(fact)
    return stated.value if stated and isinstance(stated.value, int) else None


def _said(moment: datetime, zone: str, *, day_only: bool) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%B} {local.day}, {local.year}" if day_only else shown(local)


def form_answers(
    record: IncidentRecord, zone: str, duties: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """What the record already answers of the review form, by field name.

    `duties` has, for each duty, its columns `started`, `due`, `sent`, `on_time`, `why_not` as far as they are known.
    """
    moments = record.moments()
    answers = {
        "rca__identity__incident": record.id,
        "rca__identity__title": record.title,
        "rca__identity__plan_version": record.binds.version,
        "rca__identity__severity_first": record.first_severity(),
        "rca__identity__classes": record.class_,
    }
    for event, row in _ROWS.items():
        if event in moments:
            here = f"rca__timeline__moments__{row}__"
            answers[f"{here}at"] = _iso(moments[event].at, zone)
            answers[f"{here}source"] = moments[event].ground
            answers[f"{here}note"] = f"said by {moments[event].by}"
    if "contained" in moments:
        answers["rca__dates__containment_ended"] = _iso(moments["contained"].at, zone)
    for place, entry in record.affected().items():
        here = f"rca__extent__people__{safe_id(place)}__"
        answers |= {f"{here}affected": str(entry.count), f"{here}how": entry.source}
    for duty, columns in duties.items():
        answers |= {f"rca__clocks__duties__{safe_id(duty)}__{name}": value for name, value in columns.items()}
    for number, action in enumerate(record.actions[:8], 1):
        here = f"rca__actions__list__row{number}__"
        change = "; ".join(f"{patch.path} = {patch.value}" for patch in action.patch) or action.plan_change
        given = {
            "what": action.what,
            "type": action.type,
            "strength": action.strength,
            "owner": action.owner,
            "due": action.due.isoformat() if action.due else None,
            "verified": action.verification,
            "plan_change": change,
        }
        answers |= {f"{here}{name}": str(value) for name, value in given.items() if value}
    return answers


def duty_columns(started: datetime | None, due: datetime | None, zone: str) -> dict[str, str]:
    """Start and end of a duty, for its row of the form."""
    found = {"started": started, "due": due}
    return {name: _iso(moment, zone) for name, moment in found.items() if moment}


def sent_column(sent_at: datetime, zone: str) -> str:
    """When a notice was sent, for its row of the form."""
    return _iso(sent_at, zone)


def _iso(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"
