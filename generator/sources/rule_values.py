"""Rules: single values that a type alone cannot check - phones, time zones, facts, file names, the logo."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from generator.model.conditions import FactDefinition
from generator.sources import phones
from generator.sources.key_paths import KeyPath, find, get, mappings, number, walk
from generator.sources.rules_base import Fault, Subject, nearest
from generator.sources.validation import did_you_mean

LOGO_BYTES = 2_000_000
_LOGO_STARTS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".svg": (),
}
_SVG_FAULTS = (
    (re.compile(rb"<!ENTITY", re.IGNORECASE), "declares entities"),
    (
        re.compile(rb"\x00|encoding\s*=\s*[\"'](?!utf-8|us-ascii|iso-8859-1)", re.IGNORECASE),
        "is not UTF-8 text",
    ),
    (
        re.compile(rb"<(?:\w+:)?(?:script|foreignObject|iframe)\b", re.IGNORECASE),
        "holds a script or a foreign page",
    ),
    (
        re.compile(rb"<(?:\w+:)?(?:text|tspan)\b", re.IGNORECASE),
        "holds text, which needs fonts that are not there",
    ),
    (
        re.compile(rb"@import|\bhref\s*=\s*[\"'](?!\s*(?:#|data:image/(?:png|jpeg)))", re.IGNORECASE),
        "refers to another file",
    ),
    (re.compile(rb"url\(\s*[\"']?(?!\s*#)", re.IGNORECASE), "refers to another file"),
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]"
)
_DEVICE_NAMES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))]
)
_NONE_OF_THEM = {
    "client.charters": "none",
    "client.activities": "none_of_these",
    "client.roles.hipaa": "none",
    "client.roles.ai_act": "none",
    "deployment.consequential_decisions": "none",
}


def phones_are_numbers(subject: Subject) -> Iterator[Fault]:
    """Every phone is well-formed, with its country code."""
    for path, value in walk(subject.data):
        if not (path and str(path[-1]).endswith("phone")) or value is None:
            continue
        what = phones.fault(value) if isinstance(value, str) else f"`{value}` is not a phone number"
        if what:
            yield Fault(path, what, "write it with the country code, like +1 303 555 0142")


def zones_exist(subject: Subject) -> Iterator[Fault]:
    """Every time zone is in the zone database."""
    for pattern in ("client.time_zone", "people.*.time_zone"):
        for path, value in find(subject.data, pattern):
            if isinstance(value, str) and not zone_exists(value):
                near = did_you_mean(value, _zone_names())
                yield Fault(
                    path, f"`{value}` is not a time zone", near or "use an IANA name like America/Denver"
                )


def zone_exists(name: str) -> bool:
    """True when the zone database knows `name`."""
    return name in _zone_names()


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def facts_are_known(subject: Subject) -> Iterator[Fault]:
    """`client.facts` holds facts of the registry, each of its own type."""
    known = subject.known.facts
    facts = get(subject.data, "client.facts")
    if not known or not isinstance(facts, dict):
        return
    stated = {
        name: entry for name, entry in known.items() if entry.known == "profile" and not entry.per_place
    }
    for name, value in facts.items():
        path: KeyPath = ("client", "facts", name)
        entry = known.get(name)
        if entry is None:
            yield Fault(
                path, f"`{name}` is not a known fact", did_you_mean(name, stated) or "see catalog/facts.yaml"
            )
        elif entry.known == "incident":
            yield Fault(
                path, f"only an incident can tell `{name}`", "remove it; it is asked when an incident is open"
            )
        elif entry.per_place:
            yield Fault(
                path,
                f"`{name}` is counted by place",
                f"write it under `{entry.profile_path or 'data.people'}`",
            )
        else:
            yield from _fact_type(path, value, entry)


def _fact_type(path: KeyPath, value: Any, entry: FactDefinition) -> Iterator[Fault]:
    words = value if isinstance(value, list) else [value]
    fits = {
        "yes_no": isinstance(value, bool),
        "count": isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        "word": isinstance(value, str),
        "words": isinstance(value, list) and all(isinstance(word, str) for word in value),
    }[entry.type]
    form = {
        "yes_no": "true or false",
        "count": "a whole number",
        "word": "one word",
        "words": "a list of words",
    }
    if not fits:
        yield Fault(path, f"the fact `{entry.id}` takes {form[entry.type]}", entry.question)
    elif entry.values:
        for word in words:
            if word not in entry.values:
                near = did_you_mean(str(word), entry.values)
                yield Fault(
                    path,
                    f"`{word}` is not a value of `{entry.id}`",
                    near or f"use one of: {', '.join(entry.values)}",
                )


def names_make_folders(subject: Subject) -> Iterator[Fault]:
    """`plan.id` makes a folder, so it may not be a name that some systems keep for devices."""
    value = get(subject.data, "plan.id")
    if isinstance(value, str) and value.split(".")[0].lower() in _DEVICE_NAMES:
        yield Fault(("plan", "id"), f"`{value}` cannot be a folder name on every system", "choose another id")


def texts_can_be_seen(subject: Subject) -> Iterator[Fault]:
    """A text of nothing but invisible characters is an empty one."""
    for path, value in walk(subject.data):
        if isinstance(value, str) and value.strip() and not _UNSEEN.sub("", value).strip():
            yield Fault(
                path, "shows nothing: its characters are invisible", "write something, or remove the key"
            )
        elif isinstance(value, str) and re.search("[\u2028\u2029]", value):
            yield Fault(path, "has a line separator (U+2028, U+2029)", "write a space or a line break")


def none_stands_alone(subject: Subject) -> Iterator[Fault]:
    """`none` in a list contradicts everything beside it."""
    for pattern, word in _NONE_OF_THEM.items():
        for path, value in find(subject.data, pattern):
            if isinstance(value, list) and word in value and len(value) > 1:
                yield Fault(path, f"`{word}` stands beside other values", f"remove `{word}`, or the others")


def shares_are_percentages(subject: Subject) -> Iterator[Fault]:
    """A share is between 0 and 100; a percentage never above 100 or below 0."""
    for path, value in find(subject.data, "detection.sampling.*.share_percent"):
        share = number(value)
        if share is not None and not 0 <= share <= 100:
            yield Fault(path, f"{value} is no share in percent", "write a number from 0 to 100")


def logo_is_a_small_picture(subject: Subject) -> Iterator[Fault]:
    """The logo is a small PNG, JPEG or SVG inside the folder of the file that names it."""
    for path, branding in mappings(subject.data, "branding"):
        value = branding.get("logo")
        if isinstance(value, str) and subject.folder is not None:
            key = (*path, "logo")
            what = _logo_fault(value, logo_folder(subject, key))
            if what:
                yield Fault(key, what[0], what[1])


def logo_folder(subject: Subject, key: KeyPath = ("branding", "logo")) -> Path:
    """The folder that a logo's path is relative to: that of the file which names it."""
    return Path(nearest(key, subject.places).path).parent


def _logo_fault(value: str, folder: Path) -> tuple[str, str] | None:
    path = Path(value)
    if "\\" in value or ":" in value or path.is_absolute() or ".." in path.parts:
        return (
            f"`{value}` is not a path inside the profile's folder",
            "put the file beside the profile and name it",
        )
    if path.suffix.lower() not in _LOGO_STARTS:
        return f"`{value}` is no picture that can be printed", "use a .png, .jpg or .svg file"
    whole = folder / path
    if not whole.resolve().is_relative_to(folder.resolve()):
        return f"`{value}` leads out of the profile's folder", "put the file itself beside the profile"
    if not whole.is_file():
        return f"there is no file `{value}`", "put it beside the profile, or remove the key"
    if whole.stat().st_size > LOGO_BYTES:
        return f"`{value}` is larger than {LOGO_BYTES // 1_000_000} MB", "use a smaller picture"
    starts = _LOGO_STARTS[path.suffix.lower()]
    data = whole.read_bytes()
    if starts and not data.startswith(starts):
        return f"`{value}` is not a {path.suffix[1:].upper()} file inside", "export the picture again"
    for pattern, what in () if starts else _SVG_FAULTS:
        if pattern.search(data):
            return f"`{value}` {what}", "export it as plain SVG with text as paths, or as PNG"
    return None
