"""A new profile from answers and a starter: it loads, and no fact of the starter's client is left."""

import re
from datetime import date
from pathlib import Path

import pytest

from generator.errors import InvalidInput, UsageProblem
from generator.sources import answers as read
from generator.sources import starter_keep
from generator.sources.key_paths import find, walk
from generator.sources.leftovers import leftovers
from generator.sources.profiles import load_profile, load_profile_text
from generator.sources.questions import QUESTIONS, answers_from_file
from generator.sources.starter import profile_text
from generator.sources.starter_files import answer_words, find_starter, new_profile, shipped, write_new
from generator.sources.yaml_source import read_yaml, read_yaml_file
from generator.sources.yaml_text import block, scalar

ROOT = Path(__file__).parents[3]
WORDS = answer_words()
TODAY = date(2026, 11, 24)
STARTERS = sorted(shipped())

ANSWERS = """\
client: Juniper Hollow Ltd
seat: Colorado
owner: Zoë Quist, +1 303 456 7890, zoe@juniperhollow.com
backup: Ugo Xan, +1 303 456 7891
system: "Nib: drafts letters"
people: "TX: 1,200, CA: 300; Germany: 5"
data: [phi, name]
contracts: Wold Clinic, baa, 2025-03-01, 48 hours; Fenn, Inc., dpa, 5 days
stop: "Turn it off: $ kubectl scale deploy/nib --replicas=0"
model: quill, q7, q6
"""


def answered(tmp_path: Path, text: str = ANSWERS) -> read.Answers:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return answers_from_file(path, WORDS, TODAY)


def facts_of(data) -> set[str]:
    """Texts that only one client can have: names, versions, contacts, clauses, commands, sentences."""
    patterns = (
        "client.name", "client.legal_name", "client.seat.city", "client.regulators.*.name", "deployment.name",
        "deployment.purpose", "deployment.components.*.live", "deployment.components.*.last_good",
        "deployment.components.*.name", "deployment.harm_because", "deployment.agents.*.limits.*",
        "providers.*.name", "contracts.*.counterparty", "contracts.*.reference", "people.*.name", "people.*.phone",
        "people.*.email", "roles.*.rota.name", "containment.switches.*.console", "containment.switches.*.manual",
        "detection.signals.*.alert", "detection.signals.*.query", "drills.log.*.scenario", "plan.id",
        "deployment.tenants.*.name", "policies.*.title", "controls.*.title",
    )  # fmt: skip
    return {
        text
        for pattern in patterns
        for _, text in find(data, pattern)
        if isinstance(text, str) and len(text) > 3
    }


@pytest.mark.parametrize("name", STARTERS)
class TestEveryStarter:
    def test_the_new_profile_loads_and_keeps_no_invented_fact(self, name, tmp_path):
        starter, _ = read_yaml_file(shipped()[name])
        text = profile_text(answered(tmp_path), starter, name, WORDS.places)
        loaded = load_profile_text(text, tmp_path / "own.yaml")
        lower = text.lower()
        assert [fact for fact in facts_of(starter) if fact.lower() in lower] == []
        words = set(re.findall(r"[^\W\d_][\w’'-]*", text.split("# from starter", 1)[1]))
        words -= {"Texas", "California", "Colorado", "Germany"}  # the answers' own places, in comments
        assert sorted(starter_keep.invented(starter) & words) == []
        assert leftovers(loaded, {name: starter}) == ()
        assert loaded.starter == name

    def test_dates_and_phones_are_only_the_answers(self, name, tmp_path):
        starter, _ = read_yaml_file(shipped()[name])
        text = profile_text(answered(tmp_path), starter, name, WORDS.places)
        assert set(re.findall(r"\d{4}-\d{2}-\d{2}", text)) == {"2026-11-24", "2025-03-01"}
        assert set(re.findall(r"\+\d[\d ]+\d", text)) == {"+1 303 456 7890", "+1 303 456 7891"}

    def test_structure_is_kept(self, name, tmp_path):
        starter, _ = read_yaml_file(shipped()[name])
        data, _ = read_yaml(profile_text(answered(tmp_path), starter, name, WORDS.places), Path("own.yaml"))
        for key in ("kind", "autonomy", "harm_if_wrong", "reversibility"):
            assert data["deployment"][key] == starter["deployment"][key]
        assert len(data["deployment"].get("agents", [])) == len(starter["deployment"].get("agents", []))
        for _, level in [*find(data, "detection.signals.*.warn"), *find(data, "detection.signals.*.page")]:
            assert level["basis"] == "judgement"
        assert not any(str(path[-1]) in ("baseline", "alert", "query", "source") for path, _ in walk(data))

    def test_it_asks(self, name, tmp_path):
        starter, _ = read_yaml_file(shipped()[name])
        text = profile_text(answered(tmp_path), starter, name, WORDS.places)
        assert text.count("# ask: ") >= 20


class TestAnswers:
    def test_twelve_questions_and_their_defaults(self, tmp_path):
        assert len(QUESTIONS) <= 12
        found = answered(tmp_path)
        assert found.time_zone == "America/Denver"
        assert found.effective == TODAY
        assert found.people == {"US-TX": 1200, "US-CA": 300, "DE": 5}
        assert [(c.counterparty, c.value, c.unit) for c in found.contracts] == [
            ("Wold Clinic", 48, "hours"),
            ("Fenn, Inc.", 5, "days_undefined"),
        ]
        assert found.stop.command == ("kubectl", "scale", "deploy/nib", "--replicas=0")

    def test_the_example_file_works_and_data_is_as_good_as_text(self, tmp_path):
        example = answers_from_file(ROOT / "examples/answers-clinical.yaml", WORDS, TODAY)
        assert example.people == {"US-TX": 1200, "US-CA": 300}
        assert example.contracts[1].unit == "days_undefined"
        as_data = ANSWERS.replace(
            'people: "TX: 1,200, CA: 300; Germany: 5"', "people: {TX: 1200, US-CA: 300, DE: 5}"
        )
        assert answered(tmp_path, as_data).people == {"US-TX": 1200, "US-CA": 300, "US-DE": 5}

    def test_all_wrong_answers_are_reported_with_their_lines(self, tmp_path):
        text = ANSWERS.replace("seat: Colorado", "seat: DE").replace("+1 303 456 7891", "303 456 7891")
        text = text.replace("[phi, name]", "[phii]").replace("client: Juniper Hollow Ltd\n", "")
        with pytest.raises(InvalidInput) as caught:
            answered(tmp_path, text)
        found = [(p.where.line, p.key) for p in caught.value.problems]
        assert set(found) >= {(1, "client"), (1, "seat"), (3, "backup"), (6, "data")}
        assert "Germany or Delaware" in str(caught.value)
        assert "did you mean `phi`?" in str(caught.value)

    def test_an_unknown_key_is_reported(self, tmp_path):
        with pytest.raises(InvalidInput, match="did you mean `model`"):
            answered(tmp_path, ANSWERS.replace("model:", "modell:"))

    @pytest.mark.parametrize(
        ("text", "country", "code"),
        [("CA", "US", "US-CA"), ("CA", "DE", "CA"), ("tx", "DE", "US-TX"), ("Texas", None, "US-TX"), ("germany", "US", "DE"),
         ("US-NY", None, "US-NY"), ("Georgia", "US", "US-GA"), ("Georgia", "DE", "GE"), ("NO", "SE", "NO"), ("Quebec", None, "CA-QC")],
    )  # fmt: skip
    def test_places(self, text, country, code):
        assert read.place(text, WORDS, country=country) == code

    @pytest.mark.parametrize("text", ["Atlantis", "CA", "", "XX"])
    def test_places_that_are_none_or_two(self, text):
        with pytest.raises(ValueError, match=r"not a known place|can be"):
            read.place(text, WORDS)

    @pytest.mark.parametrize("text", ["TX", "TX: many", "TX: 5, TX: 6", "TX: 5 CA: 6", ""])
    def test_people_that_cannot_be_read(self, text):
        with pytest.raises(ValueError, match=r"write it like|twice"):
            read.people(text, WORDS, country="US")

    @pytest.mark.parametrize(
        ("text", "value", "unit"),
        [("48 hours", 48, "hours"), ("24h", 24, "hours"), ("10 business days", 10, "business_days"), ("5 days", 5, "days_undefined"),
         ("3 calendar_days", 3, "calendar_days"), ("1.5 hours", 1.5, "hours")],
    )  # fmt: skip
    def test_windows(self, text, value, unit):
        assert read.window(text) == {"value": value, "unit": unit}

    @pytest.mark.parametrize("text", ["Ana", "+1 303 456 7890", "Ana, 303 456 7890", "Ana, +1 303"])
    def test_a_person_needs_name_and_phone(self, text):
        with pytest.raises(ValueError, match=r"no name|no phone|not a phone number"):
            read.person(text)


NASTY = [
    "<img src=file:///etc/passwd>",
    "| broken | table",
    "{{ 7*7 }}",
    "a: b # c",
    "yes",
    "NO",
    "12:30",
    "1.10",
    "'quoted' \"twice\"",
    "- dash",
    "*star",
    "&and",
    "back\\slash",
    "Zoë – “smart”",
    "trailing:",
    "[x]",
    "x, y",
    "#hash",
    "null",
    "=",
    "\u2028line",
]


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_written_so_that_it_reads_back(text):
    data = {"a": text, "b": [text, {"c": text}], "d": {"e": text}, "f": [[text]]}
    assert read_yaml("\n".join(block({"a": text, "b": [text], "d": {"e": text}})), Path("x"))[0] == {
        "a": text,
        "b": [text],
        "d": {"e": text},
    }
    assert read_yaml(f"x: {scalar(text)}", Path("x"))[0] == {"x": text}
    assert data["a"] == text


def test_a_client_with_a_nasty_name(tmp_path):
    path = tmp_path / "answers.yaml"
    lines = ANSWERS.replace("client: Juniper Hollow Ltd", f"client: {scalar('| {{ 7*7 }} <b># x: y')}")
    path.write_text(lines, encoding="utf-8")
    found = answers_from_file(path, WORDS, TODAY)
    minimal, _ = read_yaml_file(ROOT / "tests/data/minimal.yaml")
    text = profile_text(found, minimal, "minimal", WORDS.places)
    assert load_profile_text(text, path).profile.client.name == "| {{ 7*7 }} <b># x: y"


def test_the_file_is_written_once_and_never_over_another(tmp_path):
    target = tmp_path / "deep/own.yaml"
    text = new_profile(target, find_starter(STARTERS[0]), answered(tmp_path), WORDS)
    write_new(target, text)
    assert load_profile(target).profile.client.name == "Juniper Hollow Ltd"
    assert [path.name for path in target.parent.iterdir()] == ["own.yaml"]
    with pytest.raises(InvalidInput, match="is there already"):
        write_new(target, "other")
    assert target.read_text(encoding="utf-8") == text


def test_a_starter_by_name_by_path_and_unknown():
    name = STARTERS[0]
    assert find_starter(name) == shipped()[name]
    assert find_starter(str(shipped()[name])) == shipped()[name]
    with pytest.raises(UsageProblem, match=f"did you mean `{name}`"):
        find_starter(name[:-1])


@pytest.mark.parametrize("name", STARTERS)
def test_whoever_holds_phi_is_never_said_to_have_no_role(tmp_path, name):
    """`none` from a starter would turn the whole of HIPAA off without a question."""
    starter, _ = read_yaml_file(shipped()[name])
    answers = answered(tmp_path, ANSWERS.replace("Wold Clinic, baa, 2025-03-01, 48 hours; ", ""))
    profile = load_profile_text(
        profile_text(answers, starter, name, WORDS.places), tmp_path / "own.yaml"
    ).profile
    assert "none" not in profile.client.roles.hipaa
