"""The dozen questions of `airplan new`, and answers from a file instead of a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from generator.errors import InvalidInput, Problem
from generator.sources import answers as read
from generator.sources.answers import Answers, Words
from generator.sources.rules_base import nearest
from generator.sources.validation import validate
from generator.sources.yaml_source import read_yaml_file

Given = dict[str, Any]
"""Answers so far, as plain data under the keys of `Answers`."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the key of its answer, how to ask, how to read what is typed."""

    key: str
    text: str
    example: str
    read: Callable[[str, Words, Given], Any]
    default: Callable[[Words, Given, date], str | None] = lambda words, given, today: None
    """What an empty answer stands for; None: an answer is needed."""


def _country(given: Given) -> str | None:
    return str(given["seat"]).partition("-")[0] if given.get("seat") else None


def _name(text: str, words: Words, given: Given) -> str:
    if not text.strip():
        raise ValueError("write a name")
    return text.strip()


def _zone_of_seat(words: Words, given: Given, today: date) -> str | None:
    entry = words.places.get(str(given.get("seat")))
    return entry.zone if entry else None


QUESTIONS = (
    Question("client", "Name of the client?", "Cedar Notes, Inc.", _name),
    Question(
        "seat",
        "Where is its seat? (country, or US state)",
        "Colorado",
        lambda text, words, given: read.place(text, words),
    ),
    Question(
        "time_zone", "Time zone?", "America/Denver", lambda text, words, given: read.zone(text), _zone_of_seat
    ),
    Question(
        "owner",
        "Who owns the plan and leads an incident? (name, phone, e-mail)",
        "Ana Alvarez, +1 303 555 0142, ana@cedar.example",
        lambda text, words, given: read.person(text),
    ),
    Question(
        "backup",
        "Who stands in? (name, phone)",
        "Ben Brandt, +1 303 555 0143",
        lambda text, words, given: read.person(text),
    ),
    Question(
        "system",
        "The AI system? (name: what it does)",
        "Scribe: drafts visit notes for clinicians",
        lambda text, words, given: read.system(text),
    ),
    Question(
        "people",
        "Where do the people served live, and how many? (US states by code, other places by name)",
        "TX: 1200, CA: 300",
        lambda text, words, given: read.people(text, words, country=_country(given)),
    ),
    Question(
        "data",
        "Which data about them does it handle?",
        "phi, name, date_of_birth, voice",
        lambda text, words, given: read.data(text, words),
    ),
    Question(
        "contracts",
        "Which contracts set a time to tell somebody? (counterparty, kind, signed, time; ...)",
        "Northlake Clinic, baa, 2025-03-01, 48 hours",
        lambda text, words, given: read.contracts(text),
        lambda words, given, today: "none",
    ),
    Question(
        "stop",
        "How is it stopped? (name: console path, `$ command`, or what to do by hand)",
        "Turn the scribe off: Admin console > Features > Scribe > Off",
        lambda text, words, given: read.stop(text),
    ),
    Question(
        "model",
        "Which model? (name, version in use, version before)",
        "acme-large, 2026-08, 2026-05",
        lambda text, words, given: read.version(text),
        lambda words, given, today: "unknown",
    ),
    Question(
        "effective",
        "Date of the plan?",
        "2026-11-24",
        lambda text, words, given: read.day(text),
        lambda words, given, today: today.isoformat(),
    ),
)


def to_answers(given: Given) -> Answers:
    """Answers read one by one, as a value."""
    return Answers.model_validate_json(json.dumps(given), strict=True)


def answers_from_file(path: Path, words: Words, today: date) -> Answers:
    """The answers in a YAML file: under each key what one would type, or the same as data.

    Raises InvalidInput with every problem.
    """
    data, places = read_yaml_file(path)
    if not isinstance(data, dict):
        raise InvalidInput([Problem(places[()], "", "is not a mapping", "write `client: NAME` and so on")])
    given, problems = dict(data), []
    for question in QUESTIONS:
        key = question.key
        text = given.get(key)
        if text is None:
            default = question.default(words, given, today)
            if default is None:
                problems.append(
                    Problem(places[()], key, "is missing", f"{question.text} e.g. {question.example}")
                )
                continue
            text = default
        try:
            given[key] = _read(question, text, words, given)
        except ValueError as error:
            what, _, mend = str(error).partition("; ")
            problems.append(Problem(nearest((key,), places), key, what, mend))
            given.pop(key)
    if problems:
        problems += [
            Problem(nearest((key,), places), str(key), "is not a known key", f"known: {', '.join(_KEYS)}")
            for key in data
            if key not in _KEYS
        ]
        raise InvalidInput(problems)
    return validate(Answers, given, places)


_KEYS = tuple(question.key for question in QUESTIONS)


def _read(question: Question, value: Any, words: Words, given: Given) -> Any:
    """What a file says under a key: text as typed, or data."""
    if isinstance(value, str):
        return question.read(value, words, given)
    if question.key == "people" and isinstance(value, dict):
        return {read.place(str(key), words, country=_country(given)): count for key, count in value.items()}
    if question.key == "data" and isinstance(value, list):
        return read.data(", ".join(map(str, value)), words)
    if question.key == "contracts" and isinstance(value, list):
        return [entry for item in value for entry in _contract(item)]
    return value


def _contract(item: Any) -> list[Any]:
    if isinstance(item, str):
        return list(read.contracts(item))
    if isinstance(item, Mapping) and isinstance(item.get("window"), str):
        rest = {key: value for key, value in item.items() if key != "window"}
        return [{**rest, **read.window(item["window"])}]
    return [item]
