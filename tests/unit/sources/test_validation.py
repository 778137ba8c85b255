from __future__ import annotations

from decimal import Decimal
from pathlib import PurePath
from typing import Literal

import pytest
from pydantic import Field, model_validator

from generator.errors import InvalidInput
from generator.model.base import Code, Frozen, Identifier, Line, Number, Place
from generator.model.conditions import Condition
from generator.sources.validation import did_you_mean, validate, validate_each
from generator.sources.yaml_source import read_yaml


class Officer(Frozen):
    name: Line
    phone: Line


class System(Frozen):
    id: Identifier
    since: int = Field(gt=0)
    kind: Literal["chat", "voice"] = "chat"
    code: Code | None = None
    share: Number = Decimal(1)


class House(Frozen):
    people: dict[str, Officer] = {}
    systems: tuple[System, ...] = Field(default=(), min_length=1)
    place: Place = "DE"
    when: Condition | None = None
    either: bool | int | tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _fits(self) -> House:
        if self.place == "FR":
            raise ValueError("is France; move")
        return self


def problems(text: str, model: type[Frozen] = House) -> list[str]:
    data, places = read_yaml(text, PurePath("p.yaml"))
    with pytest.raises(InvalidInput) as caught:
        validate(model, data, places)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("people:\n  privacy_officer:\n    name: A\n", ["p.yaml:2:3: people.privacy_officer.phone: is missing; add it"]),
        ("systems: [{id: a, since: x}]", ["p.yaml:1:19: systems.0.since: must be a whole number, not `x`"]),
        ("systems: [{id: a, since: '5'}]", ["p.yaml:1:19: systems.0.since: must be a whole number, not `5`"]),
        ("systems: [{id: a, since: 0}]", ["p.yaml:1:19: systems.0.since: 0 is out of range; must be more than 0"]),
        ("systems: [{id: A b, since: 1}]", [("p.yaml:1:12: systems.0.id: `A b` is no id; use lower-case letters, "
                                             "digits, `-`, `_` and `.`")]),
        ("systems: [{id: a, since: 1, code: T 1}]", [("p.yaml:1:29: systems.0.code: `T 1` is no code; use letters, "
                                                      "digits, `-`, `_`, `.` and `:`")]),
        ("systems: [{id: 5, since: 1}]", ["p.yaml:1:12: systems.0.id: must be text, not 5; put quotes around it"]),
        ("systems: [{id: a, since: 1, kind: voise}]",
         ["p.yaml:1:29: systems.0.kind: `voise` is not allowed; did you mean `voice`?"]),
        ("systems: [{id: a, since: 1, kind: x}]",
         ["p.yaml:1:29: systems.0.kind: `x` is not allowed; use one of: chat, voice"]),
        ("systems: [{id: a, sinse: 1}]", ["p.yaml:1:11: systems.0.since: is missing; add it",
                                          "p.yaml:1:19: systems.0.sinse: is not a known key; did you mean `since`?"]),
        ("systems: []", ["p.yaml:1:1: systems: has too few entries: at least 1"]),
        ("systems: 5", ["p.yaml:1:1: systems: must be a list, not 5"]),
        ("place: Germany", [("p.yaml:1:1: place: `Germany` is no place; use an ISO code: a country like DE, "
                             "or a state like US-TX")]),
        ("place: FR", ["p.yaml:1:1: is France; move"]),
        ("either: x", ["p.yaml:1:1: either: must be true or false or a whole number or a list, not `x`"]),
        ("either: [x, 5]", ["p.yaml:1:13: either.1: must be text, not 5; put quotes around it"]),
        ("[1]", ["p.yaml:1:1: must be a mapping (`key: value` lines), not a list"]),
    ],
)  # fmt: skip
def test_our_own_words_with_the_place(text, expected):
    assert problems(text) == expected


def test_tags_of_unions_are_not_keys():
    text = "when:\n  all:\n  - {fact: x, op: iss, value: 1}\n  - any:\n    - {fact: x}\n  - not: {fact: y, valeu: 1}\n"
    assert problems(text) == [
        "p.yaml:3:15: when.all.0.op: `iss` is not allowed; did you mean `is`?",
        "p.yaml:5:7: when.all.1.any.0.value: is missing; add it",
        "p.yaml:6:5: when.all.2.not.value: is missing; add it",
        "p.yaml:6:20: when.all.2.not.valeu: is not a known key; did you mean `value`?",
    ]


def test_every_entry_of_a_list():
    data, places = read_yaml("- {name: a, phone: b}\n- {name: a}\n- 5\n", PurePath("p.yaml"))
    with pytest.raises(InvalidInput) as caught:
        validate_each(Officer, data, places)
    assert [str(problem.where) for problem in caught.value.problems] == ["p.yaml:2:3", "p.yaml:3:3"]
    assert validate_each(Officer, data[:1], places)[0].phone == "b"


def test_own_words_come_first():
    data, places = read_yaml("place: X", PurePath("p.yaml"))
    with pytest.raises(InvalidInput, match=r"p\.yaml:1:1: place: nowhere; go"):
        validate(
            House, data, places, describe=lambda key, _: ("nowhere", "go") if key == ("place",) else None
        )


def test_a_code_may_hold_a_colon():
    data, places = read_yaml("systems: [{id: a, since: 1, code: 'T-1:b'}]", PurePath("p.yaml"))
    assert validate(House, data, places).systems[0].code == "T-1:b"


def test_suggestions_ignore_case():
    assert did_you_mean("TX", ["tx", "ny"]) == "did you mean `tx`?"
    assert did_you_mean("zzz", ["tx"]) == ""
