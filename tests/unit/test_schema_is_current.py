"""The committed JSON Schemas equal the models, are valid, and accept what loads."""

from pathlib import Path

import jsonschema
import pytest

from generator.paths import data_folder
from generator.sources.schemas import NAMES, modeline, schema, schema_file, schema_text
from generator.sources.yaml_source import read_yaml_file

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_schema_is_current(name):
    committed = (data_folder("schemas") / schema_file(name)).read_text(encoding="utf-8")
    assert committed == schema_text(name), "run `make schema`"


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_valid_draft_7(name):
    jsonschema.Draft7Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == "http://json-schema.org/draft-07/schema#"


def faults(data) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(schema("profile")).iter_errors(data)]


def test_profiles_that_load_fit_the_schema():
    minimal, _ = read_yaml_file(ROOT / "tests/data/minimal.yaml")
    base, _ = read_yaml_file(ROOT / "tests/bad_profiles/base_ok.yaml")
    assert faults(minimal) == []
    assert faults(base) == []
    minimal.pop("roles")
    assert faults(minimal) == ["'roles' is a required property"]


def test_with_extends_nothing_is_required_but_keys_are_known():
    assert faults({"schema": 1, "extends": "base.yaml", "client": {"name": "X"}, "volumes": None}) == []
    assert faults({"schema": 1, "extends": "base.yaml", "client": {"nam": "X"}}) != []


def test_keys_are_described():
    definitions = schema("profile")["definitions"]
    assert definitions["PlanSection"]["properties"]["effective"]["description"].startswith("The plan's date")
    assert "description" in definitions["Agent"]


def test_the_modeline_is_relative():
    line = modeline(ROOT / "profiles/own.yaml")
    assert line == "# yaml-language-server: $schema=../schemas/profile.schema.json"
