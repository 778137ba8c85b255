"""The dozen answers from which `airplan new` makes a profile: typed by a person or read from a file. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from generator.model.base import Frozen, Identifier, Line, Number, Place
from generator.model.profile import Command, Email, Phone, Zone
from generator.sources import phones
from generator.sources.catalog import PlaceEntry
from generator.sources.rule_values import zone_exists
from generator.sources.validation import did_you_mean

WindowUnit = Literal["hours", "calendar_days", "business_days", "days_undefined"]
ContractKind = Literal[
    "baa", "subcontractor_baa", "dpa", "services", "sla", "insurance", "card_scheme", "warehouse_lender",
    "other",
]  # fmt: skip


class PersonAnswer(Frozen):
    """A person with the ways to reach them."""

    name: Line
    title: Line | None = None
    phone: Phone
    email: Email | None = None


class SystemAnswer(Frozen):
    """The AI system."""

    name: Line
    purpose: Line


class ContractAnswer(Frozen):
    """A contract under which the client must tell somebody."""

    counterparty: Line
    kind: ContractKind
    signed: date | None = None
    value: Number = Field(gt=0)
    unit: WindowUnit


class StopAnswer(Frozen):
    """The one way to stop everything."""

    name: Line
    command: Command | None = None
    console: Line | None = None
    manual: Line | None = None

    @model_validator(mode="after")
    def _one_way(self) -> StopAnswer:
        if not (self.command or self.console or self.manual):
            raise ValueError("no way to stop it; add command, console or manual")
        return self


class VersionAnswer(Frozen):
    """The model in use and the one before."""

    name: Line
    live: Line
    previous: Line | None = None


class Answers(Frozen):
    """All answers."""

    client: Line
    seat: Place
    time_zone: Zone
    owner: PersonAnswer
    backup: PersonAnswer
    system: SystemAnswer
    people: dict[Place, int] = Field(min_length=1)
    data: tuple[Identifier, ...] = Field(min_length=1)
    contracts: tuple[ContractAnswer, ...] = ()
    stop: StopAnswer
    model: VersionAnswer | None = None
    effective: date


@dataclass(frozen=True, slots=True)
class Words:
    """The closed lists that answers are read with."""

    places: Mapping[str, PlaceEntry]
    categories: frozenset[str]


# --- reading one answer; ValueError says what is wrong ------------------------------------


def place(text: str, words: Words, *, country: str | None = None) -> str:
    """A place by code, by bare US state code, or by name.

    A code that is both a country and a US state (`CA`) is read as the state when `country` is US, as the
    country when it is another, and refused when it is not known yet.
    """
    given = text.strip()
    code = given.upper().replace("_", "-")
    state = f"US-{code}"
    if code in words.places and state in words.places:
        if country is None:
            names = f"{words.places[code].name} or {words.places[state].name}"
            raise ValueError(f"`{given}` can be {names}; write the name, or {state}")
        return state if country == "US" else code
    for candidate in (code, state):
        if candidate in words.places:
            return candidate
    named: dict[str, str] = {}
    for key, entry in words.places.items():
        named.setdefault(entry.name.split(" (")[0].lower(), key)
    if given.lower() == "georgia" and country == "US":
        return "US-GA"
    if given.lower() in named:
        return named[given.lower()]
    near = did_you_mean(given.title(), [entry.name for entry in words.places.values()])
    raise ValueError(
        f"`{given}` is not a known place; {near or 'write a name like Texas, or a code like US-TX'}"
    )


_COUNT = re.compile(r"\s*[,;]?\s*([^:=,;]+?)\s*[:=]\s*(\d{1,3}(?:[,']\d{3})+|\d+)(?=\s*(?:[,;]|$))")


def people(text: str, words: Words, *, country: str | None) -> dict[str, int]:
    """`TX: 1200, CA: 300` -> people by place."""
    found: dict[str, int] = {}
    position = 0
    while position < len(text.rstrip().rstrip(",;")):
        match = _COUNT.match(text, position)
        if not match:
            raise ValueError(f"cannot read `{text[position:].strip(' ,;')}`; write it like TX: 1200, CA: 300")
        code = place(match[1], words, country=country)
        if code in found:
            raise ValueError(f"`{match[1]}` is there twice")
        found[code] = int(re.sub(r"\D", "", match[2]))
        position = match.end()
    if not found:
        raise ValueError("nobody named; write it like TX: 1200, CA: 300")
    return found


def person(text: str) -> dict[str, Any]:
    """`Name, +1 303 ..., name@company.com` -> a person. A further part is the title."""
    found: dict[str, Any] = {}
    for part in (piece.strip() for piece in text.split(",")):
        if not part:
            continue
        if "@" in part:
            found["email"] = part
        elif re.match(r"\+|\(?\d", part):
            fault = phones.fault(part)
            if fault:
                raise ValueError(f"{fault}; write it with the country code, like +1 303 555 0142")
            found["phone"] = part
        else:
            found["title" if "name" in found else "name"] = part
    for key in ("name", "phone"):
        if key not in found:
            raise ValueError(f"no {key}; write it like Ana Alvarez, +1 303 555 0142, ana@company.com")
    return found


def system(text: str) -> dict[str, str]:
    """`Name: purpose`."""
    name, colon, purpose = (part.strip() for part in text.partition(":"))
    if not (name and colon and purpose):
        raise ValueError("write it like Helper: answers questions of customers")
    return {"name": name, "purpose": purpose[0].upper() + purpose[1:]}


def data(text: str, words: Words) -> list[str]:
    """`phi, name` -> data categories."""
    found = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;]", text))):
        name = re.sub(r"[\s-]+", "_", part.lower())
        name = {"ssn": "social_security_number", "email": "contact", "phone": "contact"}.get(name, name)
        if name not in words.categories:
            near = (
                did_you_mean(name, words.categories) or f"use words of: {', '.join(sorted(words.categories))}"
            )
            raise ValueError(f"`{part}` is not a known category; {near}")
        found.append(name)
    if not found:
        raise ValueError("name at least one category")
    return list(dict.fromkeys(found))


_WINDOW = re.compile(r"(\d+(?:\.\d+)?)\s*(hours?|hrs?|h|business days?|working days?|calendar days?|days?)")


def window(text: str) -> dict[str, Any]:
    """`48 hours` -> value and unit. Plain days stay undefined, as the contract left them."""
    match = _WINDOW.fullmatch(text.strip().lower().replace("_", " "))
    if not match:
        raise ValueError(
            f"`{text.strip()}` is no notice window; write it like 48 hours, 10 business days, 5 days"
        )
    word = match[2]
    unit = (
        "hours"
        if word.startswith("h")
        else "business_days"
        if word.startswith(("business", "working"))
        else "calendar_days"
        if word.startswith("calendar")
        else "days_undefined"
    )
    number = float(match[1])
    return {"value": int(number) if number.is_integer() else number, "unit": unit}


_CONTRACT = "Northlake Clinic, baa, 2025-03-01, 48 hours"
_KINDS: tuple[str, ...] = ContractKind.__args__  # type: ignore[attr-defined]


def contracts(text: str) -> list[dict[str, Any]]:
    """`Northlake Clinic, baa, 2025-03-01, 48 hours; ...`, or `none`."""
    if text.strip().lower() in ("", "none", "no", "-"):
        return []
    found = []
    for entry in filter(None, (piece.strip() for piece in re.split(r"[;\n]", text))):
        item: dict[str, Any] = {}
        for part in (piece.strip() for piece in entry.split(",")):
            kind = part.lower().replace(" ", "_")
            if kind in _KINDS and "kind" not in item:
                item["kind"] = kind
            elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", part):
                item["signed"] = part
            elif _WINDOW.fullmatch(part.lower()):
                item |= window(part)
            elif "kind" not in item:
                item["counterparty"] = f"{item['counterparty']}, {part}" if "counterparty" in item else part
            else:
                raise ValueError(
                    f"cannot read `{part}`; write it like Northlake Clinic, baa, 2025-03-01, 48 hours"
                )
        if "counterparty" not in item or "value" not in item or "kind" not in item:
            raise ValueError(
                f"`{entry}`: write counterparty, kind, date, window, like {_CONTRACT}"
                f" (kinds: {', '.join(_KINDS)})"
            )
        found.append(item)
    return found


def stop(text: str) -> dict[str, Any]:
    """`Name: $ command`, `Name: Console > path`, or `Name: what to do by hand`."""
    name, colon, how = (part.strip() for part in text.partition(":"))
    if not (name and colon and how):
        raise ValueError(
            "write it like Turn it off: Admin console > Assistant > Off, or Turn it off: $ command"
        )
    if how.startswith("$"):
        try:
            return {"name": name, "command": shlex.split(how[1:])}
        except ValueError:
            raise ValueError("a quotation mark in the command is not closed") from None
    return {"name": name, "console" if " > " in how else "manual": how}


def version(text: str) -> dict[str, str] | None:
    """`model, version in use, version before`; empty: not known."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or text.strip().lower() in ("none", "unknown", "-"):
        return None
    if len(parts) not in (2, 3):
        raise ValueError("write it like acme-large, 2026-08, 2026-05")
    if len(parts) == 3 and parts[1] == parts[2]:
        raise ValueError("the version before cannot be the version in use")
    return dict(zip(("name", "live", "previous"), parts, strict=False))


def zone(text: str) -> str:
    """An IANA time zone."""
    if not zone_exists(text.strip()):
        raise ValueError(f"`{text.strip()}` is not a time zone; use an IANA name like America/Denver")
    return text.strip()


def day(text: str) -> str:
    """A date."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise ValueError(f"`{text.strip()}` is not a date like 2026-11-24") from None
