"""`airplan duties`: the text for people, the JSON for programs."""

import pytest

from tests.cli.run import PROFILES, airplan, data

RETAIL = PROFILES / "retail_chatbot.yaml"
KEYS = {"id", "regulation", "jurisdiction", "recipient", "verdict", "reason"}


def by_id(*words):
    return {line["id"]: line for line in data(airplan("duties", *words, "--json"))}


def test_text_by_verdict_with_the_reason():
    result = airplan("duties", RETAIL)
    assert result.exit_code == 0
    text = result.stdout
    assert text.index("Binds (") < text.index("Nearly binds (")
    assert "  us-tx-ag\n" in text
    assert "would bind from at least 250 Texas residents; the profile says 220" in text
    assert "Does not bind" not in text
    assert "Does not bind (" in airplan("duties", RETAIL, "--all").stdout


def test_roles_are_marked():
    text = airplan("duties", PROFILES / "clinical_hipaa_ba.yaml").stdout
    assert "hipaa-individuals [by delegation]" in text
    assert "hipaa-media [we support]" in text


@pytest.mark.parametrize("name", ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"])
def test_json_agrees_with_the_plan(name, four):
    path = PROFILES / f"{name}.yaml"
    found, made = by_id(path), four[name].plan
    assert all(set(line) >= KEYS for line in found.values())
    for b in made.bindings:
        assert (found[b.duty]["verdict"], found[b.duty]["role"]) == (b.verdict, b.role), b.duty
    for entry in made.near:
        assert found[entry.duty]["verdict"] == "near"
        assert found[entry.duty]["near"] == entry.reason


def test_without_a_profile_every_duty_without_a_verdict():
    lines = data(airplan("duties", "--json"))
    assert len(lines) == len({line["id"] for line in lines}) > 140
    assert all(line["verdict"] is None for line in lines)
    assert all(set(line) >= KEYS for line in lines)
    text = airplan("duties")
    assert len(text.stdout.splitlines()) == len(lines)
    assert f"{len(lines)} duties of" in text.stderr


def test_all_covers_the_whole_book():
    everything = by_id(RETAIL, "--all")
    assert set(by_id()) <= set(everything)
    assert all(line["reason"] for line in everything.values())


def test_as_of_moves_the_law():
    assert airplan("duties", RETAIL, "--as-of", "soon").exit_code == 2
    assert by_id(RETAIL, "--as-of", "2027-06-01")


def test_an_open_fact_names_its_question_and_its_place(tmp_path):
    from tests.cli.run import MINIMAL

    result = airplan("duties", MINIMAL)
    assert result.exit_code == 0
    assert "Open: a fact is missing (" in result.stdout
    assert "-> client.roles.data" in result.stdout
    assert by_id(MINIMAL)["gdpr-art33-supervisory-authority"]["missing_facts"] == ["data_role"]


def test_a_profile_that_is_not_there():
    result = airplan("duties", "nowhere.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
