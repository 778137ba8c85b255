"""`airplan new`: by terminal and by file, and what it refuses."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.batch import build
from generator.cli import cli
from generator.sources.profiles import load_profile
from generator.workflows import plans

ROOT = Path(__file__).parents[3]
MINIMAL = str(ROOT / "tests/data/minimal.yaml")
EXAMPLE = str(ROOT / "examples/answers-clinical.yaml")

TYPED = [
    "Juniper Hollow Ltd",
    "DE",  # refused: Germany or Delaware
    "Colorado",
    "",  # the zone of the seat
    "Zoë Quist, 303 456 7890",  # refused
    "Zoë Quist, +1 303 456 7890, zoe@juniperhollow.com",
    "Ugo Xan, +1 303 456 7891",
    "Nib: drafts letters",
    "TX: 1200, CA: 300",
    "phi, name",
    "",  # no contract
    "Turn it off: Console > Nib > Off",
    "quill, q7, q6",
    "",  # the date offered
]


@dataclass(frozen=True)
class Look:
    binds = (("HIPAA: tell the covered entity", "handles PHI for covered entities"),)
    near = (("Texas attorney general", "250 people; 249 served"),)
    sunday = "aware Sunday 02:13: first act-by Sunday 14:13"
    gaps = ("Which number reaches Ugo Xan at night?",)
    written = (Path("output/x/runbook.md"),)


def run(*words: str, typed: list[str] | None = None):
    return CliRunner().invoke(cli, ["new", *words], input="\n".join(typed or []) + "\n")


def test_through_a_terminal_with_two_wrong_answers(tmp_path):
    target = tmp_path / "own.yaml"
    result = run(str(target), "--from", MINIMAL, "--no-build", "--now", "2026-11-24", typed=TYPED)
    assert result.exit_code == 0, result.output
    assert result.output.count("12/12") == 1
    assert "`DE` can be Germany or Delaware" in result.output
    assert "write it with the country code" in result.output
    assert "read as: Texas 1,200, California 300" in result.output
    profile = load_profile(target).profile
    assert profile.client.time_zone == "America/Denver"
    assert str(profile.plan.effective) == "2026-11-24"


def test_with_a_file_and_the_first_look(tmp_path, monkeypatch):
    monkeypatch.setattr(plans, "first_look", lambda *given, **more: Look())
    monkeypatch.setattr(build, "build_packs", lambda profiles, output, **more: [build.Built(profiles[0], 0)])
    target = tmp_path / "own.yaml"
    result = run(str(target), "--from", MINIMAL, "--answers", EXAMPLE, "-o", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    for words in (
        "HIPAA: tell the covered entity: handles PHI",
        "Texas attorney general",
        "Sunday 02:13",
        "Which number reaches",
        str(target),
    ):
        assert words in result.stdout


def test_it_never_writes_over_a_file(tmp_path):
    target = tmp_path / "own.yaml"
    target.write_text("mine", encoding="utf-8")
    result = run(str(target), "--from", MINIMAL, "--answers", EXAMPLE)
    assert result.exit_code == 2
    assert "is there already" in result.output
    assert target.read_text(encoding="utf-8") == "mine"


def test_an_unknown_starter_is_suggested(tmp_path):
    result = run(str(tmp_path / "own.yaml"), "--from", "clinical_hipaa", "--answers", EXAMPLE)
    assert result.exit_code == 2
    assert "did you mean `clinical_hipaa_ba`?" in result.output


def test_wrong_answers_in_a_file_write_nothing(tmp_path):
    answers = tmp_path / "answers.yaml"
    answers.write_text("client: X\nseat: Atlantis\n", encoding="utf-8")
    result = run(str(tmp_path / "own.yaml"), "--from", MINIMAL, "--answers", str(answers))
    assert result.exit_code == 2
    assert "answers.yaml:2:1: seat: `Atlantis` is not a known place" in result.output
    assert not (tmp_path / "own.yaml").exists()


@pytest.mark.parametrize("now", ["soon", "2026-13-01"])
def test_a_bad_date_for_now(tmp_path, now):
    result = run(str(tmp_path / "own.yaml"), "--from", MINIMAL, "--answers", EXAMPLE, "--now", now)
    assert result.exit_code == 2
    assert "not a date like" in result.output
