"""The worked example of examples/loan-incident runs, and prints what its transcript says."""

from __future__ import annotations

import difflib
import importlib.util
from pathlib import Path

import pytest

from generator.sources.profiles import load_profile
from generator.workflows.incidents import read_incident
from generator.workflows.plans import known

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "loan-incident"

pytestmark = [pytest.mark.slow, pytest.mark.pdf]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """The script as a module, and the folder in which it ran."""
    spec = importlib.util.spec_from_file_location("loan_incident_example", EXAMPLE / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("story") / "out"
    module.run(folder)
    return module, folder


def test_the_committed_transcript_is_what_the_script_prints(story):
    module, folder = story
    made = module.masked((folder / "transcript.md").read_text(encoding="utf-8"))
    kept = (EXAMPLE / "transcript.md").read_text(encoding="utf-8")
    lines = list(
        difflib.unified_diff(kept.splitlines(), made.splitlines(), "committed", "now", n=0, lineterm="")
    )
    assert not lines, "run: python examples/loan-incident/run.py --keep\n" + "\n".join(lines[:30])


def test_the_incident_ends_with_a_better_plan(story):
    _, folder = story
    record = read_incident("INC-2026-001", folder / "incidents").record
    assert sum(entry.count for entry in record.affected().values()) == 37
    assert set(record.affected()) == {"US-OH", "US-MI", "US-PA"}
    assert [action.applied.version if action.applied else None for action in record.actions] == [
        "2.2",
        "2.2",
        None,
    ]
    profile = load_profile(folder / "trellis.yaml", known()).profile
    underwriting = next(agent for agent in profile.deployment.agents if agent.id == "underwriting")
    assert underwriting.gate is not None
    assert profile.plan.version == "2.2"
    assert profile.plan.revisions[0].because == "because of INC-2026-001, action 1, 2"


def test_the_profile_changed_in_the_patched_lines_only(story):
    _, folder = story
    old = (EXAMPLE / "trellis.yaml").read_text(encoding="utf-8").splitlines()
    new = (folder / "trellis.yaml").read_text(encoding="utf-8").splitlines()
    changed = [line for line in difflib.unified_diff(old, new, n=0, lineterm="") if line[:1] in "+-"][2:]
    gone = [line for line in changed if line.startswith("-")]
    assert len(gone) == 3  # version, effective, automatic
    assert all("#" not in line for line in gone)


def test_no_notice_says_what_the_record_does_not(story):
    _, folder = story
    letter = next(
        (folder / "incidents/INC-2026-001/filled").glob("*/notices/credit-corrected-adverse-action.md")
    )
    text = letter.read_text(encoding="utf-8")
    assert "Filled from INC-2026-001" in text
    blanks = text.count("[ ____")
    assert f"{blanks} blanks" in text
    assert blanks > 20
