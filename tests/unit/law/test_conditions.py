from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from generator.errors import UsageProblem
from generator.law.conditions import evaluate
from generator.law.facts import UNKNOWN, FactSet, parse_fact
from generator.model.conditions import Comparison, Condition
from tests.duty_factory import REGISTRY, facts

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
EU = {"fact": "offers_to_eu", "op": "is", "value": True}
ENCRYPTED = {"fact": "encrypted", "op": "is", "value": True}
ASSOCIATE = {"fact": "hipaa_role", "op": "includes", "value": "business_associate"}


def trace(condition, known: FactSet):
    return evaluate(CONDITION.validate_python(condition), known)


YES, NO, OPEN = facts(offers_to_eu=True), facts(offers_to_eu=False), facts()
TRUE = {"fact": "people_total", "op": "at_least", "value": 1}
FALSE = {"fact": "people_total", "op": "less_than", "value": 1}


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ({"all": [TRUE, EU]}, None), ({"all": [FALSE, EU]}, False), ({"any": [TRUE, EU]}, True),
        ({"any": [FALSE, EU]}, None), ({"not": EU}, None), ({"not": {"all": [FALSE, EU]}}, True),
        ({"all": [TRUE, TRUE]}, True), ({"any": [FALSE, FALSE]}, False),
    ],
)  # fmt: skip
def test_kleene(condition, value):
    assert trace(condition, facts(people_total=5)).value is value


@pytest.mark.parametrize(
    ("op", "wanted", "value"),
    [
        ("at_least", 5, True), ("at_least", 6, False), ("more_than", 5, False), ("more_than", 4, True),
        ("at_most", 5, True), ("at_most", 4, False), ("less_than", 5, False), ("less_than", 6, True),
        ("is", 5, True), ("is_not", 5, False),
    ],
)  # fmt: skip
def test_numbers_at_their_edge(op, wanted, value):
    assert trace({"fact": "people_total", "op": op, "value": wanted}, facts(people_total=5)).value is value


def test_sets_of_words():
    both = facts(hipaa_role=("business_associate", "covered_entity"))
    assert trace(ASSOCIATE, both).value is True
    assert (
        trace({"fact": "hipaa_role", "op": "includes", "value": ("covered_entity", "none")}, both).value
        is False
    )
    assert (
        trace({"fact": "hipaa_role", "op": "includes_any", "value": ("covered_entity", "none")}, both).value
        is True
    )


def test_places_lie_in_groups_and_countries():
    assert trace({"fact": "seat", "op": "is", "value": "EU"}, facts(seat="DE")).value is True
    assert trace({"fact": "seat", "op": "is", "value": "US"}, facts(seat="US-TX")).value is True
    assert trace({"fact": "seat", "op": "is", "value": "EU"}, facts(seat="US-TX")).value is False


def test_counts_of_groups_are_sums():
    count = {"fact": "residents:EU", "op": "at_least", "value": 10}
    assert trace(count, facts(residents__DE=6)).value is None
    assert trace(count, facts(residents__DE=6, residents__FR=4)).value is True
    assert trace(count, facts(("residents:",), residents__DE=6)).value is False
    assert facts(("residents:",), residents__US_TX=6).get("residents:US") == 6
    assert facts(("residents:",), residents__US=6).get("residents:US-TX") is UNKNOWN


def test_closed_prefix_makes_a_missing_place_zero():
    assert facts().get("residents:US-TX") is UNKNOWN
    assert facts(("residents:",), residents__DE=1).get("residents:US-TX") == 0


def test_missing_and_open_facts_are_told_apart():
    found = trace({"all": [EU, ENCRYPTED, {"any": [TRUE, ASSOCIATE]}]}, facts(people_total=5))
    assert found.missing == ("offers_to_eu",)
    assert found.open_facts == ("encrypted",)


def test_trace_in_words():
    found = trace({"all": [ASSOCIATE, EU]}, facts(hipaa_role=("business_associate",), offers_to_eu=False))
    assert list(found.lines()) == [
        "all of these: no",
        "  Roles under HIPAA: business associate: yes",
        "  Offers to people in the EU: no",
    ]
    assert [leaf.fact for leaf in found.decisive] == ["offers_to_eu"]


def test_an_unknown_is_never_used_as_a_truth():
    with pytest.raises(TypeError):
        bool(UNKNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("residents:US-TX=220", ("residents:US-TX", 220)), ("people_total=1,200", ("people_total", 1200)),
        ("encrypted=yes", ("encrypted", True)), ("encrypted = False", ("encrypted", False)), ("seat=DE", ("seat", "DE")),
        ("hipaa_role=none, covered_entity", ("hipaa_role", ("covered_entity", "none"))),
    ],
)  # fmt: skip
def test_facts_from_the_command_line(text, expected):
    assert parse_fact(text, REGISTRY) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("encrypted", "write NAME=VALUE"), ("encryptd=yes", "did you mean `encrypted`"), ("encrypted=maybe", "yes or no"),
        ("people_total=-5", "whole number"), ("people_total=", "whole number"), ("residents=5", "name a place"),
        ("residents:TX=5", "no place `TX`"), ("residents:Texas=5", "did you mean `US-TX`"),
        ("seat:US-TX=DE", "takes no place"), ("hipaa_role=covered_entiti", "did you mean `covered_entity`"),
        ("hipaa_role=x", "use one of"), ("seat=", "say a value"),
    ],
)  # fmt: skip
def test_bad_facts_say_one_clear_line(text, words):
    with pytest.raises(UsageProblem) as caught:
        parse_fact(text, REGISTRY)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


class TestReasons:
    """What is so, as a lawyer would say it; facts without a sentence keep their title."""

    @staticmethod
    def said(condition: dict[str, object], **values: object) -> str:
        return evaluate(Comparison.model_validate(condition), facts(**values)).said

    def test_the_role_held_and_not_the_whole_list_asked_for(self):
        asked = {
            "fact": "hipaa_role",
            "op": "includes_any",
            "value": ("covered_entity", "business_associate"),
        }
        assert self.said(asked, hipaa_role=("business_associate",)) == "the client is a business associate"
        assert self.said(asked, hipaa_role=("none",)) == (
            "the client is not a covered entity or a business associate"
        )

    def test_the_client_by_its_name(self):
        named = replace(facts(hipaa_role=("covered_entity",)), client="Larkspur Ambient")
        asked = {"fact": "hipaa_role", "op": "includes", "value": "covered_entity"}
        found = evaluate(Comparison.model_validate(asked), named)
        assert found.said == "Larkspur Ambient is a covered entity"

    @pytest.mark.parametrize(
        ("people", "least", "words"),
        [
            (171_900, 1, "171,900 of the people served reside in Texas"),
            (220, 250, "220 of the people served reside in Texas (asked: 250 or more)"),
            (0, 1, "none of the people served reside in Texas"),
        ],
    )
    def test_people_by_place(self, people, least, words):
        asked = {"fact": "residents:US-TX", "op": "at_least", "value": least}
        assert self.said(asked, residents__US_TX=people) == words

    def test_without_a_sentence_the_title(self):
        asked = {"fact": "offers_to_eu", "op": "is", "value": True}
        assert self.said(asked, offers_to_eu=False) == "not: offers to people in the EU"
