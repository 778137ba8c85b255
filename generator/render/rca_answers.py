"""Answers to the form of the root cause analysis, whatever they were written in: which fields there are, what fits.

Pure. PDF, YAML and Markdown are read elsewhere into field name -> text; here each text is checked as a person wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from generator.errors import UsageProblem
from generator.model.base import version_key
from generator.render.rca import slots

NOT_KNOWN = frozenset(
    ("not known", "unknown", "none", "not yet", "not sent", "did not run", "n/a", "open", "goes on", "never")
)
"""What may stand where a date or a number is asked and there is none."""
_DATE = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ,]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?))?"
    r"(?:\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2}|[A-Za-z_]+/[A-Za-z_/]+|[A-Z]{2,5}))?"
)
_DATES = re.compile(
    r"rca__(?:dates__(?:containment_ended|review_due|review_held|plan_due)|timeline__(?:moments|events)__\w+__at"
    r"|extent__window_(?:from|to)|extent__people__\w+__told|clocks__duties__\w+__(?:started|due|sent)"
    r"|actions__list__\w+__due|effect__checks__\w+__due|reversal__effects__\w+__told|signoff__signatures__\w+__date)"
)
_COUNTS = re.compile(
    r"rca__(?:extent__cases_(?:total|checked|affected)|extent__people__\w+__affected"
    r"|reproduction__(?:failed_runs|runs|control_failed|control_runs))"
)
_YES = frozenset(("yes", "on", "x", "true", "1", "checked"))
_NO = frozenset(("", "off", "no", "false", "0"))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form."""

    name: str
    label: str
    input: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field."""

    field: str
    what: str
    mend: str = ""


def fields_of(form: Mapping[str, Any]) -> dict[str, Field]:
    """Every field of `rca.filled_form` that a person fills, by name."""
    return {
        slot["name"]: Field(slot["name"], slot["label"], slot["input"], tuple(slot["options"]))
        for slot in slots(form["sections"])
    }


def check_version(found: str | None, current: str) -> None:
    """Raises UsageProblem unless the answers were written for this version of the form."""
    if not found:
        raise UsageProblem("carries no form version: it is not the review form of airplan")
    if found != current:
        older = version_key(found) < version_key(current)
        mend = "`airplan incident fill` writes a form of this version; copy the answers over"
        raise UsageProblem(
            f"is form version {found}, {'older' if older else 'newer'} than {current}, which this airplan reads; {mend}"
        )


def checked(form: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """(answers by field, faults). Empty answers are left out; a tick is true."""
    fields = fields_of(form)
    answers: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in given.items():
        field = fields.get(name)
        if field is None:
            faults.append(
                Fault(name, "is no field of this plan's form", "take the form that `incident fill` wrote")
            )
            continue
        found = _value(field, value)
        if isinstance(found, Fault):
            faults.append(found)
        elif found not in (None, ""):
            answers[name] = found
    return answers, [*faults, *_across(answers)]


def _value(field: Field, value: Any) -> Any:
    text = (
        ""
        if value is None
        else str(value).strip()
        if not isinstance(value, bool)
        else ("yes" if value else "no")
    )
    if field.input == "check":
        if text.lower() in _YES | _NO:
            return True if text.lower() in _YES else None
        return Fault(field.name, f"`{text[:40]}` is no tick", "tick the box, or leave it empty")
    if not text:
        return None
    if field.input == "choice":
        if text not in field.options:
            return Fault(
                field.name, f"`{text[:60]}` is none of the choices", f"one of: {'; '.join(field.options)}"
            )
        return text
    if text.lower().rstrip(".") in NOT_KNOWN:
        return text
    if _DATES.fullmatch(field.name):
        return (
            text
            if is_date(text)
            else Fault(
                field.name,
                f"`{text[:60]}` is no date",
                "write 2026-11-24, with a time 2026-11-24 16:30 -05:00, or `not known`",
            )
        )
    if _COUNTS.fullmatch(field.name) and not re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+|\d+", text):
        return Fault(field.name, f"`{text[:60]}` is no number", "write digits, or `not known`")
    return text


def is_date(text: str) -> bool:
    """Whether a text begins with a day that exists, and goes on with a time and a zone or with nothing."""
    match = _DATE.fullmatch(text)
    if not match:
        return False
    try:
        date.fromisoformat(match["day"])
        if match["time"]:
            datetime.strptime(match["time"], "%H:%M:%S" if match["time"].count(":") == 2 else "%H:%M")  # noqa: DTZ007
    except ValueError:
        return False
    return True


def _across(answers: Mapping[str, Any]) -> Iterator[Fault]:
    """An action needs its owner and its date, and a row of an action nothing without the action."""
    for row in sorted(
        {found[1] for name in answers if (found := re.match(r"rca__actions__list__(\w+?)__", name))}
    ):
        here = f"rca__actions__list__{row}__"
        if f"{here}what" not in answers:
            yield Fault(f"{here}what", "the row says no action", "write the action, or empty the row")
            continue
        for column, words in (("owner", "an owner"), ("due", "a due date")):
            value = str(answers.get(here + column, ""))
            if not value or (column == "due" and not is_date(value)):
                yield Fault(here + column, f"the action has no {words.split(' ', 1)[1]}", f"name {words}")


def action_rows(answers: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The corrective actions, a row each, by column."""
    rows = sorted(
        {found[1] for name in answers if (found := re.match(r"rca__actions__list__(\w+?)__what$", name))}
    )
    for row in rows:
        here = f"rca__actions__list__{row}__"
        yield {"row": row, **{k.removeprefix(here): str(v) for k, v in answers.items() if k.startswith(here)}}


# --- Markdown -------------------------------------------------------------------------------------

_BLANK = re.compile(r"\[ _{4,}(?: .*? _{4,})? \]|_{4,}")
_TICKED = re.compile(r"(?:☒|☑|✓|\[[xX]\])\s*")


def from_markdown(text: str, form: Mapping[str, Any]) -> tuple[str | None, dict[str, str], dict[str, int]]:
    """(form version, answers by field, line of each) of the Markdown form with answers written into it."""
    lines = text.replace("\r\n", "\n").split("\n")
    version = next((m[1] for line in lines if (m := re.match(r"Form version ([0-9.]+?)\.?\s*$", line))), None)
    answers: dict[str, str] = {}
    places: dict[str, int] = {}
    starts = {line[3:].strip(): n for n, line in enumerate(lines) if line.startswith("## ")}
    for section in form["sections"]:
        first = starts.get(section["title"])
        if first is None:
            continue
        last = next((n for n in range(first + 1, len(lines)) if lines[n].startswith("## ")), len(lines))
        for item in section["items"]:
            for name, (value, line) in _item_answers(item, lines, first + 1, last).items():
                answers[name], places[name] = value, line + 1
    return version, answers, places


def _item_answers(
    item: Mapping[str, Any], lines: list[str], first: int, last: int
) -> dict[str, tuple[str, int]]:
    if item["kind"] == "note":
        return {}
    label = _plain(item["label"])
    if item["kind"] == "check":
        line = next(
            (n for n in range(first, last) if _plain(re.sub(r"^- \[.\] ", "", lines[n])) == label), None
        )
        ticked = line is not None and re.match(r"- \[[xX]\]", lines[line])
        return {item["name"]: ("yes", line)} if ticked and line is not None else {}
    head = next(
        (n for n in range(first, last) if _plain(lines[n]).startswith(label) and lines[n].startswith("**")),
        None,
    )
    if head is None:
        return {}
    if item["kind"] == "table":
        return _table_answers(item, lines, head + 1, last)
    if item["kind"] == "long":
        stop = next(
            (n for n in range(head + 1, last) if lines[n].startswith(("**", "- [", "|", "Form version"))),
            last,
        )
        words = " ".join(part for n in range(head + 1, stop) if (part := _written(lines[n])))
        return {item["name"]: (words, head)} if words else {}
    value = re.sub(r"^\*\*.*?:\*\*|^\*\*.*?\*\* \(.*?\):", "", lines[head]).strip()
    if item["kind"] == "choice":
        return _choice(item["name"], item["options"], value, head)
    written = _written(value)
    return {item["name"]: (written, head)} if written else {}


def _table_answers(
    item: Mapping[str, Any], lines: list[str], first: int, last: int
) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    body = [n for n in range(first, last) if lines[n].startswith("|")]
    # The table of this item is the first run of lines after its title.
    run = [n for at, n in enumerate(body) if n - at == body[0]][2:] if body else []
    for row, n in zip(item["rows"], run, strict=False):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", lines[n])[1:-1]][1:]
        for cell, value in zip(row["cells"], cells, strict=False):
            if cell["input"] == "choice":
                found |= _choice(cell["name"], cell["options"], value, n)
            elif cell["input"] != "given" and (written := _written(value)):
                found[cell["name"]] = (written, n)
    return found


def _choice(name: str, options: list[str], value: str, line: int) -> dict[str, tuple[str, int]]:
    ticked = [part.split("☐")[0].strip() for part in _TICKED.split(value)[1:]]
    if not ticked and "☐" not in value and _written(value):
        ticked = [_written(value)]
    words = [_plain(part) for part in ticked]
    return {name: (" and ".join(words), line)} if words else {}


def _written(text: str) -> str:
    return _plain(_BLANK.sub("", text))


def _plain(text: str) -> str:
    """Words without Markdown's own signs and with plain spaces."""
    text = text.replace("\u00a0", " ").replace("**", "")
    return " ".join(re.sub(r"\\([^\w\s])", r"\1", text).split())
