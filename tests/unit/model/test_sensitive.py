"""Which fields are sensitive: decided for each contact, read from profile and plan alike, shown in the schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.model.plan import Plan
from generator.model.profile import Profile
from generator.model.sensitive import Public, Sensitive, fields, marked, marks_of, replaced
from generator.sources.schemas import schema
from tests.cli.run import PROFILES, ROOT
from tests.conftest import SHIPPED

if TYPE_CHECKING:
    from generator.workflows.plans import Planned

_CONTACT = re.compile(r"(?:^|_)(?:phone|email)$")
PROFILE_TEXT = (ROOT / "tests/data/sensitive.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", [Profile, Plan])
def test_every_contact_is_sensitive_or_public(model: type) -> None:
    contacts = {
        name: marks_of(kind) for name, kind in fields(model) if _CONTACT.search(name.rpartition(".")[2])
    }
    assert len(contacts) > 10
    assert {name for name, marks in contacts.items() if not marks} == set()


def test_public_is_the_exception_that_somebody_wrote_down() -> None:
    public = {name for name, kind in fields(Profile) if isinstance(next(iter(marks_of(kind)), None), Public)}
    assert public == {
        "Communication.reply_email", "Communication.reply_phone", "LawEnforcement.phone", "Provider.email",
        "Provider.phone", "Regulator.email", "Regulator.phone",
    }  # fmt: skip


def test_the_plan_declares_whatever_the_profile_declares(four: dict[str, Planned]) -> None:
    for name in SHIPPED:
        raw = yaml.safe_load((PROFILES / f"{name}.yaml").read_text(encoding="utf-8"))
        plan = four[name].plan.to_json_data()
        told = {one.value for one in marked(Profile, raw) if isinstance(one.mark, Sensitive)}
        kept = {one.value for one in marked(Plan, plan) if isinstance(one.mark, Sensitive)}
        assert told
        assert told <= kept, name


def test_a_contract_number_is_sensitive_for_insurance_alone() -> None:
    data = {"contracts": [{"kind": "insurance", "reference": "P-1"}, {"kind": "baa", "reference": "B-1"}]}
    assert [one.value for one in marked(Profile, data)] == ["P-1"]


def test_replaced_changes_sensitive_values_and_nothing_else() -> None:
    data = yaml.safe_load(PROFILE_TEXT)
    changed = replaced(Profile, data, "X")
    assert yaml.safe_load(PROFILE_TEXT) == data, "the data given stays as it is"
    differ = {path for path, value in _leaves(data) if dict(_leaves(changed))[path] != value}
    assert differ == {one.path for one in marked(Profile, data) if isinstance(one.mark, Sensitive)}


def test_older_data_with_unknown_keys_is_read_all_the_same() -> None:
    data = {"people": {"ana": {"phone": "+1 303 555 0142", "pager": "7"}}, "gone": [1, {"phone": "x"}]}
    assert [(one.path, one.value) for one in marked(Profile, data)] == [
        (("people", "ana", "phone"), "+1 303 555 0142")
    ]


def test_the_schema_shows_the_marks() -> None:
    definitions = schema("profile")["definitions"]
    assert "x-sensitive" in str(definitions["Person"]["properties"]["phone"])
    assert definitions["Credential"]["properties"]["where"]["x-sensitive"] == "place of a credential"
    reply = definitions["Communication"]["properties"]["reply_phone"]
    assert reply["x-public"] == "printed in notices"
    assert "x-sensitive" not in str(reply)


def _leaves(data: object, path: tuple[object, ...] = ()) -> list[tuple[tuple[object, ...], object]]:
    if isinstance(data, dict):
        return [leaf for key, value in data.items() for leaf in _leaves(value, (*path, key))]
    if isinstance(data, list):
        return [leaf for at, value in enumerate(data) for leaf in _leaves(value, (*path, at))]
    return [(path, data)]
