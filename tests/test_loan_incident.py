"""The worked example of examples/loan-incident runs, and prints what its committed files say."""

from __future__ import annotations

import difflib
import importlib.util
import json
from pathlib import Path

import pdfplumber
import pytest

from generator.sources.profiles import load_profile
from generator.workflows.incidents import read_incident
from generator.workflows.plans import known

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "loan-incident"
RELEASES = "releases/harlan-creek-trellis"

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


@pytest.mark.parametrize("name", ["transcript.md", "diff.md", "diff.json"])
def test_the_committed_file_is_what_the_script_makes(story, name):
    module, folder = story
    made = module.masked((folder / name).read_text(encoding="utf-8"))
    kept = (EXAMPLE / name).read_text(encoding="utf-8")
    lines = list(
        difflib.unified_diff(kept.splitlines(), made.splitlines(), "committed", "now", n=0, lineterm="")
    )
    assert not lines, "run: python examples/loan-incident/run.py --keep\n" + "\n".join(lines[:30])


def test_every_committed_output_is_compared(story):
    module, _ = story
    assert {path.name for path in EXAMPLE.iterdir()} - {"run.py", "trellis.yaml", "__pycache__"} == set(
        module.KEPT
    )


def test_the_record_binds_to_the_release_and_ends_with_a_better_plan(story):
    _, folder = story
    record = read_incident("INC-2026-001", folder / "incidents").record
    assert (record.binds.source, record.binds.version) == ("release", "2.1")
    assert (folder / "incidents/INC-2026-001" / record.binds.path).resolve() == (
        folder / RELEASES / "2.1/plan.json"
    ).resolve()
    assert sum(entry.count for entry in record.affected().values()) == 37
    assert set(record.affected()) == {"US-OH", "US-MI", "US-PA"}
    applied = [action.applied.version if action.applied else None for action in record.actions]
    assert applied == ["2.2", "2.2", None]
    assert record.closed is not None
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


def test_the_pack_was_rebuilt_with_its_pdfs(story):
    """`incident apply` builds; the release that follows is the same pack, frozen, with its sources in the runbook."""
    _, folder = story
    pack, release = folder / "output/harlan-creek-trellis", folder / RELEASES / "2.2"
    assert json.loads((pack / "plan.json").read_bytes())["identity"]["version"] == "2.2"
    assert (pack / "runbook.md").read_bytes() == (release / "runbook.md").read_bytes()
    for name in ("playbooks", "quick-card", "deadlines", "rca-form"):
        assert (pack / f"{name}.pdf").read_bytes() == (release / f"{name}.pdf").read_bytes()
    with pdfplumber.open(pack / "runbook.pdf") as pdf:
        text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "because of INC-2026-001, action 1, 2" in " ".join(text.split())
    assert "2.2" in pdf.pages[0].extract_text()


def test_each_change_of_the_two_actions_names_the_incident(story):
    _, folder = story
    changes = {change["id"]: change for change in json.loads((folder / "diff.json").read_bytes())["changes"]}
    for name, action in (("doc-instructions", "action 2"), ("deployment", "action 1")):
        (reason,) = changes[name]["reasons"]
        assert f": {action}: " in reason
        assert "because of INC-2026-001" in reason
    assert changes["doc-instructions"]["kind"] == "tightened"


def test_the_redline_shows_what_came_and_went_without_colour(story):
    """In black and white an insertion is known by a line under it, a deletion by a line through it."""
    _, folder = story
    with pdfplumber.open(folder / "redline.pdf") as pdf:
        lines = [*_ruled(pdf.pages)]
    under = {text for kind, text in lines if kind == "under"}
    through = {text for kind, text in lines if kind == "through"}
    assert {"21,", "INC-2026-001,", "(deployment.agents.underwriting.gate);"} <= under - through
    assert {"18,"} <= through - under


def _ruled(pages):
    """(kind, words) of every thin rule that lies under or through words."""
    for page in pages:
        words = page.extract_words(keep_blank_chars=False)
        rules = [rect for rect in [*page.rects, *page.lines] if rect["height"] < 1 and rect["width"] > 3]
        for rule in rules:
            for word in words:
                inside = rule["x0"] - 1 <= word["x0"] and word["x1"] <= rule["x1"] + 1
                height = (rule["top"] + rule["bottom"]) / 2 - word["top"]
                share = height / (word["bottom"] - word["top"])
                if inside and 0.3 < share < 0.72:
                    yield "through", word["text"]
                elif inside and 0.72 <= share < 1.25:
                    yield "under", word["text"]


def test_the_form_comes_back_as_it_was_typed(story):
    _, folder = story
    answers = read_incident("INC-2026-001", folder / "incidents").record.rca[0].answers
    assert answers["rca__identity__severity_first"] == "SEV2"
    assert answers["rca__identity__severity_final"] == "SEV1"
    assert answers["rca__signoff__complete"] is True


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
