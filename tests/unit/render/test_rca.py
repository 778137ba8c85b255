"""The RCA form as data: stable field names, what the plan fills in, sections that apply."""

from __future__ import annotations

import re

import pytest

from generator.errors import RenderError
from generator.model.rca import RcaForm
from generator.render.rca import field_names, filled_form
from generator.sources.documents import load_rca_form
from tests.plan_factory import binding, plan_data


def items(form: dict, section: str) -> dict:
    return {item["id"]: item for s in form["sections"] if s["id"] == section for item in s["items"]}


def test_field_names_are_letters_digits_and_underscores():
    names = list(field_names(filled_form(load_rca_form(), _plan())["sections"]))
    assert len(names) > 300
    assert all(re.fullmatch(r"rca__[a-z0-9_]+", name) for name in names)
    assert len(set(names)) == len(names)


def _plan(**changes):
    from tests.plan_factory import plan

    return plan(**changes).to_json_data()


def test_the_plan_fills_in_what_it_knows():
    form = filled_form(load_rca_form(), _plan())
    identity = items(form, "identity")
    assert identity["plan"]["value"] == "acme-assistant"
    assert identity["client"]["value"] == "Acme Outdoor Ltd."
    assert identity["agents"]["value"] == "Intake agent"
    people = items(form, "extent")["people"]
    assert people["rows"][0]["label"] == "DE"
    assert people["rows"][0]["cells"][0]["value"] == "1,200"


def test_one_clock_row_for_each_binding_duty():
    bindings = [
        binding("b-1"),
        binding("b-2", verdict="coming"),
        binding("b-3", same_as="b-1"),
        binding("b.4", kind="wait"),
    ]
    rows = items(filled_form(load_rca_form(), _plan(bindings=bindings)), "clocks")["duties"]["rows"]
    assert [row["id"] for row in rows] == ["b_1", "spare1", "spare2"]
    assert rows[0]["cells"][2]["name"] == "rca__clocks__duties__b_1__sent"


def test_without_agents_the_path_is_left_out():
    deployment = {**plan_data()["deployment"], "agents": []}
    form = filled_form(load_rca_form(), _plan(deployment=deployment))
    assert "path" not in [section["id"] for section in form["sections"]]
    assert "agents" not in items(form, "identity")


def test_two_fields_of_one_name_stop_the_run():
    duties = [binding("a-b"), binding("a.b")]
    with pytest.raises(RenderError, match="one name"):
        filled_form(load_rca_form(), _plan(bindings=duties))


def test_a_path_that_the_plan_lacks_stops_the_run():
    item = {"id": "x", "kind": "text", "label": "X", "prefill": "identity.nothing"}
    form = RcaForm.model_validate(
        {"version": "1.0", "title": "T", "sections": [{"id": "s", "title": "S", "items": [item]}]}
    )
    with pytest.raises(RenderError, match=r"identity\.nothing"):
        filled_form(form, _plan())


def test_the_sixteen_layers_eight_actions_and_three_effect_checks():
    form = filled_form(load_rca_form(), _plan())
    assert len(items(form, "causes")["layers"]["rows"]) == 16
    assert len(items(form, "actions")["list"]["rows"]) == 8
    assert [row["label"] for row in items(form, "effect")["checks"]["rows"]] == [
        "30 days",
        "90 days",
        "180 days",
    ]
