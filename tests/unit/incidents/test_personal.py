"""No data of affected people: no field holds it, words that look like it are warned of, hostile words are escaped."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from generator.incidents.personal import personal
from generator.paths import data_folder
from generator.sources.yaml_source import read_yaml_file
from generator.workflows import incident_changes as changes
from generator.workflows.incident_fill import prepare_filling
from generator.workflows.incident_personal import all_remarks, personal_remarks
from generator.workflows.incidents import read_incident
from tests.cli.run import airplan
from tests.unit.incidents.helpers import clock, opened

EVIL = "<script>alert(1)</script> | ![x](http://evil.example/p.png) `a` **b**"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("her number is 219-09-9999", "a social security number (... 9999)"),
        ("219 09 9999", "a social security number (... 9999)"),
        ("wrote to ann.lee@mail.example.org", "an e-mail address (...@mail.example.org)"),
        ("card 4111 1111 1111 1111 seen", "a payment card number (... 1111)"),
    ],
)
def test_what_looks_like_data_of_a_person_is_named_and_not_repeated(text, found):
    assert list(personal(text)) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "call +1 614 555 0199", "run 4471, 1,204 files, 37 people", "2026-11-16 08:31", "claim 26-8841-000",
        "000-12-3456", "666-12-3456", "912-12-3456", "card 4111 1111 1111 1112", "sha 0123456789abcdef0123456789",
    ],
)  # fmt: skip
def test_what_responders_write_is_no_such_thing(text):
    assert list(personal(text)) == []


def test_addresses_of_the_plan_are_known(tmp_path):
    incidents, name, _ = opened(tmp_path)
    incident = read_incident(name, incidents)
    assert personal_remarks(incident, ["sent to Oversight@ardoise.example"]) == ()
    assert len(personal_remarks(incident, ["sent to ana@gmail.com"])) == 1


def test_a_note_is_written_and_warned_of_and_show_warns_until_it_is_gone(tmp_path):
    incidents, name, _ = opened(tmp_path)
    call = ("--incidents", incidents, "--now", "2026-11-16T09:00")
    done = airplan("incident", "note", name, "Spoke with 219-09-9999", "--by", "b", *call)
    assert done.exit_code == 0
    assert "a social security number (... 9999)" in done.stderr
    assert "219-09-9999" not in done.stderr
    assert "a social security number" in airplan("incident", "show", name, *call).stderr
    path = incidents / name / "record.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("219-09-9999", "the man"), encoding="utf-8")
    assert airplan("incident", "show", name, *call).stderr == ""


def test_hand_written_words_are_warned_of_too(tmp_path):
    incidents, name, _ = opened(tmp_path)
    changes.state_facts(name, incidents, clock(), ["encrypted=no"], "mail of bo@web.example", "low", "b")
    assert len(all_remarks(read_incident(name, incidents))) == 1


def test_the_record_has_no_field_for_a_name_and_fits_its_schema(tmp_path):
    """What says who people are: `by` and `owner` are our own people, `residence` is a place, `count` a number."""
    incidents, name, _ = opened(tmp_path)
    changes.state_facts(
        name, incidents, clock(), ["residents:US-OH=3", "people_total=3"], "count", "high", "b"
    )
    schema = json.loads((data_folder("schemas") / "incident-record.schema.json").read_text(encoding="utf-8"))
    affected = schema["definitions"]["Affected"]
    assert set(affected["properties"]) == {"residence", "count", "source", "confidence", "by", "recorded"}
    assert affected["additionalProperties"] is False
    data, _ = read_yaml_file(incidents / name / "record.yaml")
    validator = jsonschema.Draft7Validator(schema)
    assert [error.message for error in validator.iter_errors(data)] == []
    data["people"][0]["name"] = "Ana"
    assert any("name" in error.message for error in validator.iter_errors(data))


def test_the_first_line_of_a_record_leads_an_editor_to_the_schema(tmp_path):
    incidents, name, _ = opened(tmp_path)
    first = (incidents / name / "record.yaml").read_text(encoding="utf-8").split("\n", 1)[0]
    place = first.removeprefix("# yaml-language-server: $schema=")
    assert (incidents / name / place).resolve() == (
        data_folder("schemas") / "incident-record.schema.json"
    ).resolve()


def test_hostile_words_of_a_record_are_escaped_in_what_is_filled(tmp_path):
    incidents, name, _ = opened(tmp_path, triggers=("state_personal_information_breach",), title=EVIL)
    changes.note(name, incidents, clock(), EVIL, "b", None)
    changes.say_when(name, incidents, clock(), "contained", "2026-11-16T08:31", EVIL, EVIL)
    changes.decide_not(name, incidents, clock(), "us-il-individuals", EVIL, EVIL, {})
    filling = prepare_filling(name, incidents, clock(), pdf=False)
    form = filling.texts["rca-form.md"].decode()
    assert "alert(1)" in form  # it is there, as words
    for path, data in filling.texts.items():
        if path.endswith(".md"):
            text = data.decode()
            assert not re.search(r"(?<!\\)<script|(?<!\\)\*\*b|!\[x\]\(", text), path
