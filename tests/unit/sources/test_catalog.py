"""The shipped catalogue loads whole; a broken one says every name that leads nowhere."""

import shutil
import zoneinfo

import pytest

from generator.errors import InvalidInput
from generator.paths import data_folder
from generator.sources.catalog import load_catalog, load_place_zones
from generator.sources.known_words import known_words
from tests.broken_catalog import broken


def test_the_shipped_catalogue():
    catalog = load_catalog()
    assert len(catalog.classes) >= 38
    assert list(catalog.classes) == sorted(catalog.classes)
    assert set(catalog.leads) == {"retail_faq_chatbot", "loan_pipeline", "clinical_scribe", "soc2_saas"}
    assert catalog.places["US-TX"] == "Texas"
    assert {"EU", "EEA"} <= set(catalog.place_groups)
    assert catalog.gaps


def test_every_place_has_a_zone_of_the_database():
    places = load_place_zones()
    zones = zoneinfo.available_timezones()
    assert len([code for code in places if code.startswith("US-")]) == 56
    assert [code for code, entry in places.items() if entry.zone not in zones] == []
    groups = load_catalog().place_groups
    assert {code for group in groups.values() for code in group} <= set(places)


def test_known_words_of_the_catalogue():
    known = known_words(load_catalog())
    assert "wrong-patient-note" in known.classes
    assert "US-TX" in known.places
    assert "EU" not in known.places


def a_class() -> tuple[str, str]:
    path = sorted((data_folder("catalog") / "incidents").glob("*.yaml"))[0]
    return f"incidents/{path.name}", path.stem


def test_a_class_whose_id_is_not_its_file(tmp_path):
    file, name = a_class()
    found = broken(tmp_path, file, f"id: {name}", f"id: {name}-2")
    assert any(f"`{name}-2` is in the file {name}.yaml" in line for line in found)


def test_a_parameter_that_the_statement_lacks(tmp_path):
    file, _ = a_class()
    text = (data_folder("catalog") / file).read_text(encoding="utf-8")
    name = text.split("{", 1)[1].split("}", 1)[0]
    found = broken(tmp_path, file, f"{{{name}}}", "{other}")
    assert any("`{other}` has no parameter" in line for line in found)
    assert any(f"`{name}` is not in the statement" in line for line in found)


def test_a_lead_class_that_does_not_exist(tmp_path):
    found = broken(tmp_path, "leads.yaml", "wrong-patient-note", "wrong-patient-notes")
    assert found[0].endswith(
        "`wrong-patient-notes` is not a known incident class; did you mean `wrong-patient-note`?"
    )


def test_a_missing_file_is_named(tmp_path):
    folder = tmp_path / "catalog"
    shutil.copytree(data_folder("catalog"), folder)
    (folder / "stakes.yaml").unlink()
    with pytest.raises(InvalidInput, match=r"stakes\.yaml:1:1: there is no such file"):
        load_catalog([folder])


def test_a_firm_lays_its_own_class_over_ours(tmp_path):
    file, name = a_class()
    own = tmp_path / "incidents"
    own.mkdir()
    text = (data_folder("catalog") / file).read_text(encoding="utf-8")
    title = load_catalog().classes[name].title
    (own / f"{name}.yaml").write_text(text.replace(title, "Own title", 1), encoding="utf-8")
    assert load_catalog([data_folder("catalog"), tmp_path]).classes[name].title == "Own title"


def test_a_step_for_a_role_that_does_not_exist(tmp_path):
    found = broken(tmp_path, "incidents/memory-poisoning.yaml", "by: [on_call]", "by: [oncall]")
    assert any("`oncall` is not a known role" in line for line in found)


def test_a_step_without_a_time(tmp_path):
    found = broken(tmp_path, "incidents/memory-poisoning.yaml", "  within: contain\n", "")
    assert any("within" in line for line in found)


def test_a_step_with_a_window_that_no_tier_has(tmp_path):
    found = broken(tmp_path, "incidents/memory-poisoning.yaml", "within: contain", "within: tomorrow")
    assert any("within" in line for line in found)
