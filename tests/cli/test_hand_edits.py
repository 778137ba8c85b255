"""Edits by hand in a real pack: every kind of document, renamed and deleted files, Windows lines, a changed template."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import PROFILES, ROOT, airplan

PLAN = "larkspur-scribe"
OWN = "Our own sentence, by hand."
KINDS = (
    "runbook.md", "quick-card.md", "deadlines.md", "rca-form.md", "hipaa-addendum.md", "control-matrix.md",
    "drill-record.md", "crosswalk.md", "playbooks.md", "notices/", "notices/handling/", "kit/", "kit/handling/",
)  # fmt: skip


def build(profile: Path, output: Path):
    return airplan("build", profile, "-o", output, "--format", "md")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A pack that holds every kind of document, and its profile."""
    folder = tmp_path_factory.mktemp("built")
    profile = shutil.copy(PROFILES / "clinical_hipaa_ba.yaml", folder / "clinical.yaml")
    assert build(profile, folder / "output").exit_code == 0
    return folder


@pytest.fixture
def own(built, tmp_path):
    """A copy of it: (profile, pack)."""
    shutil.copytree(built, tmp_path / "own")
    return tmp_path / "own/clinical.yaml", tmp_path / "own/output" / PLAN


def documents(pack: Path) -> list[str]:
    subjects = json.loads((pack / "manifest.json").read_bytes())["subject"]
    return sorted(subject["name"] for subject in subjects if subject["name"].endswith(".md"))


def with_own_sentence(text: str) -> str:
    """The sentence before the last heading, or at the end where there is only the title."""
    head, heading, rest = text.rpartition("\n## ")
    return f"{head}\n{OWN}\n{heading}{rest}" if heading else f"{text}\n{OWN}\n"


def new_version(profile: Path) -> None:
    text = profile.read_text(encoding="utf-8")
    assert 'version: "3.2"' in text
    text = text.replace('version: "3.2"', 'version: "3.3"', 1)
    profile.write_text(text, encoding="utf-8")


def test_every_kind_of_document_keeps_its_edit_under_a_new_version(own):
    profile, pack = own
    names = documents(pack)
    assert [kind for kind in KINDS if not any(name.startswith(kind) for name in names)] == []
    for name in names:
        path = pack / name
        path.write_text(with_own_sentence(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    new_version(profile)
    done = build(profile, pack.parent)
    assert done.exit_code == 0, done.output
    for name in names:
        text = (pack / name).read_text(encoding="utf-8")
        assert text.count(OWN) == 1, name
        assert "version 3.2" not in text, name
    assert "version 3.3" in (pack / "runbook.md").read_text(encoding="utf-8")


def test_windows_lines_stay_in_every_document(own):
    profile, pack = own
    for name in documents(pack):
        path = pack / name
        text = with_own_sentence(path.read_text(encoding="utf-8"))
        path.write_bytes(text.replace("\n", "\r\n").encode())
    new_version(profile)
    assert build(profile, pack.parent).exit_code == 0
    for name in documents(pack):
        data = (pack / name).read_bytes()
        assert OWN.encode() in data, name
        assert data.count(b"\n") == data.count(b"\r\n"), name


def test_renamed_stays_deleted_comes_back(own):
    profile, pack = own
    edited = with_own_sentence((pack / "runbook.md").read_text(encoding="utf-8"))
    (pack / "runbook.md").unlink()
    (pack / "our-runbook.md").write_text(edited, encoding="utf-8")
    (pack / "quick-card.md").unlink()
    done = build(profile, pack.parent)
    assert done.exit_code == 0, done.output
    assert (pack / "our-runbook.md").read_text(encoding="utf-8") == edited
    assert (pack / "runbook.md").is_file()
    assert (pack / "quick-card.md").is_file()
    assert "quick-card.md was gone" in done.output


_WITH_OTHER_TEMPLATES = """
import sys
from pathlib import Path
import generator.paths as paths
paths._PACKAGE = Path(sys.argv.pop(1)) / "generator"
from generator.cli import main
main()
"""


def build_with(templates: Path, profile: Path, output: Path) -> subprocess.CompletedProcess[str]:
    """A build of a product whose templates were changed: a process of its own, for templates are read once."""
    return subprocess.run(
        [sys.executable, "-c", _WITH_OTHER_TEMPLATES, templates, "build", profile, "-o", output, "--format", "md"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def product(tmp_path):
    """The data folders, with templates of our own to change; one sentence of the runbook is another there."""
    folder = tmp_path / "product"
    folder.mkdir()
    for name in ("regulations", "catalog", "schemas", "profiles"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "templates", folder / "templates", ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "templates/runbook/communication.md.j2"
    text = path.read_text(encoding="utf-8")
    assert "Last column: severities." in text
    path.write_text(text.replace("Last column: severities.", "The last column names severities."), "utf-8")
    return folder


def test_a_changed_template_under_an_edited_document_is_merged(own, product):
    profile, pack = own
    path = pack / "runbook.md"
    path.write_text(with_own_sentence(path.read_text(encoding="utf-8")), encoding="utf-8")
    done = build_with(product, profile, pack.parent)
    assert done.returncode == 0, done.stderr
    text = path.read_text(encoding="utf-8")
    assert "The last column names severities." in text
    assert OWN in text


def test_a_changed_template_under_the_edited_sentence_clashes_and_the_edit_stays(own, product):
    profile, pack = own
    path = pack / "runbook.md"
    edited = path.read_text(encoding="utf-8").replace("Last column: severities.", "Severities stand last.")
    assert "Severities stand last." in edited
    path.write_text(edited, encoding="utf-8")
    done = build_with(product, profile, pack.parent)
    assert done.returncode == 1
    assert "your edit and the new text clash" in done.stdout + done.stderr
    assert path.read_text(encoding="utf-8") == edited
    assert "The last column names severities." in (pack / "runbook.new.md").read_text(encoding="utf-8")
