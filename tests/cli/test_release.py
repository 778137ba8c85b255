"""`airplan release` and `approve`: frozen once, approved by hash, printed by the next build."""

from __future__ import annotations

import hashlib
import json
import shutil

import pikepdf
import pytest

from tests.cli.run import MINIMAL, airplan, minimal

NOW = ("--now", "2026-11-24T10:00")
LATER = ("--now", "2026-11-25T09:00")


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    """The smallest profile, released."""
    folder = tmp_path_factory.mktemp("frozen")
    result = airplan("release", MINIMAL, "-o", folder / "releases", "--built", folder / "output", *NOW)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip() == str(folder / "releases/minimal/1.0")
    return folder / "releases"


@pytest.fixture
def releases(frozen, tmp_path):
    shutil.copytree(frozen, tmp_path / "releases")
    return tmp_path / "releases"


def release(profile, tmp_path, *more):
    return airplan(
        "release", profile, "-o", tmp_path / "releases", "--built", tmp_path / "output", *NOW, *more
    )


def approve(releases, *words):
    return airplan("approve", releases / "minimal/1.0", *words)


def build(tmp_path, profile=MINIMAL):
    result = airplan(
        "build", profile, "-o", tmp_path / "output", "--format", "md", "--releases", tmp_path / "releases"
    )
    assert result.exit_code == 0, result.stderr
    return tmp_path / "output/minimal", result


def sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_release_holds_every_document_and_its_hashes(frozen):
    folder = frozen / "minimal/1.0"
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert {
        "plan.json",
        "runbook.md",
        "runbook.pdf",
        "quick-card.pdf",
        "rca-form.pdf",
        "release.yaml",
    } <= names
    text = (folder / "release.yaml").read_text().replace('"', "")
    assert f"plan_sha256: {sha(folder / 'plan.json')}" in text
    assert f"manifest_sha256: {sha(folder / 'manifest.json')}" in text
    assert "released_at: 2026-11-24T10:00:00-07:00" in text
    assert "zone: America/Denver" in text
    listed = json.loads((folder / "manifest.json").read_text())["subject"]
    assert {s["name"] for s in listed} == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } - {"manifest.json", "release.yaml"}


def test_a_release_holds_what_it_was_made_from_and_no_letter_does(frozen, tmp_path):
    folder = frozen / "minimal/1.0"
    with pikepdf.open(folder / "runbook.pdf") as pdf:
        inside = {str(file.UF): file.EF.F.read_bytes() for file in pdf.Root.AF}
    assert inside == {
        "plan.json": (folder / "plan.json").read_bytes(),
        "profile.yaml": (folder / "source/profile.yaml").read_bytes(),
    }
    for path in folder.rglob("*.pdf"):
        with pikepdf.open(path) as pdf:
            assert ("/AF" in pdf.Root) == (path.name == "runbook.pdf"), path.name
    shutil.copy(folder / "source/profile.yaml", tmp_path / "again.yaml")
    result = airplan("build", tmp_path / "again.yaml", "-o", tmp_path / "again", "--format", "md")
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "again/minimal/plan.json").read_bytes() == (folder / "plan.json").read_bytes()


def test_a_release_is_never_overwritten(releases, tmp_path):
    before = {path: path.read_bytes() for path in releases.rglob("*") if path.is_file()}
    same = release(MINIMAL, tmp_path)
    assert (same.exit_code, same.stdout) == (1, "")
    assert "with this content" in same.stderr
    other = release(minimal(tmp_path, **{"Minimal Company": "Other Company"}), tmp_path)
    assert other.exit_code == 1
    assert "with other content" in other.stderr
    assert "plan.json" in other.stderr
    assert "new plan.version" in other.stderr
    assert {path: path.read_bytes() for path in releases.rglob("*") if path.is_file()} == before


def test_approvals_are_recorded_with_who_when_and_what(releases):
    result = approve(releases, "--by", "ana alvarez", "--role", "incident_commander", *LATER)
    assert result.exit_code == 0, result.stderr
    assert "approved by Ana Alvarez (incident_commander) on 2026-11-25 09:00-07:00" in result.stdout
    text = (releases / "minimal/1.0/approvals.yaml").read_text()
    assert f"plan_sha256: {sha(releases / 'minimal/1.0/plan.json')}" in text.replace('"', "")
    again = approve(releases, "--by", "ana", "--role", "incident_commander", *LATER)
    assert again.exit_code == 1
    assert (releases / "minimal/1.0/approvals.yaml").read_text() == text


def test_a_person_must_be_in_the_plan_or_outside(releases):
    result = approve(releases, "--by", "Anna Alvarez", "--role", "counsel", *LATER)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean Ana Alvarez?" in result.stderr
    assert not (releases / "minimal/1.0/approvals.yaml").exists()
    assert approve(releases, "--by", "Lee Park", "--role", "counsel", "--outside", *LATER).exit_code == 0
    assert "outside: true" in (releases / "minimal/1.0/approvals.yaml").read_text()


@pytest.mark.parametrize(("by", "remarked"), [("ana", False), ("Lee Park", True)])
def test_a_person_without_the_role_is_remarked(releases, by, remarked):
    result = approve(releases, "--by", by, "--role", "incident_commander", "--outside", *LATER)
    assert result.exit_code == 0
    assert ("does not give Lee Park the role incident_commander" in result.stderr) is remarked


@pytest.mark.parametrize("name", ["plan.json", "runbook.md", "manifest.json", "runbook.pdf"])
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_changed_release_is_not_approved(releases, name, how):
    path = releases / "minimal/1.0" / name
    path.unlink() if how == "gone" else path.write_bytes(path.read_bytes() + b" ")
    result = approve(releases, "--by", "ana", "--role", "counsel", *LATER)
    assert result.exit_code == 1
    assert name in result.stderr
    assert not (releases / "minimal/1.0/approvals.yaml").exists()


def test_an_approval_is_not_before_the_release(releases):
    result = approve(releases, "--by", "ana", "--role", "counsel", "--now", "2026-11-24T09:59")
    assert result.exit_code == 2
    assert "before the release" in result.stderr


def test_a_folder_that_is_no_release(tmp_path):
    result = airplan("approve", tmp_path, "--by", "x", "--role", "y", *LATER)
    assert result.exit_code == 2
    assert "is no release" in result.stderr


def test_a_build_prints_the_approval_of_exactly_its_plan(releases, tmp_path):
    pack, result = build(tmp_path)
    assert "NOT APPROVED" in (pack / "runbook.md").read_text()
    plan = (pack / "plan.json").read_bytes()
    approve(releases, "--by", "ana", "--role", "incident_commander", *LATER)
    pack, result = build(tmp_path)
    assert "APPROVED by Ana Alvarez (incident_commander) on 2026-11-25" in result.stderr
    for name in ("runbook.md", "quick-card.md", "deadlines.md"):
        text = (pack / name).read_text()
        assert "**APPROVED" in text, name
        assert "NOT APPROVED" not in text, name
    assert sha(pack / "plan.json") in (pack / "runbook.md").read_text()
    assert (pack / "plan.json").read_bytes() == plan, "the hash does not depend on the approval"
    other, result = build(tmp_path, minimal(tmp_path, **{"Minimal Company": "Other Company"}))
    assert "NOT APPROVED" in (other / "runbook.md").read_text()


def test_a_document_edited_after_the_approval_is_not_approved(releases, tmp_path):
    approve(releases, "--by", "ana", "--role", "incident_commander", *LATER)
    pack, _ = build(tmp_path)
    runbook = pack / "runbook.md"
    runbook.write_text(runbook.read_text().replace("## First hour", "## First hour, ours"))
    _, result = build(tmp_path)
    assert "not the texts that were approved, so NOT APPROVED: runbook.md" in result.stderr
    assert "First hour, ours" in runbook.read_text()
    assert "**DRAFT, NOT APPROVED**" in runbook.read_text()
    assert "NOT APPROVED" not in (pack / "deadlines.md").read_text()


def test_edits_made_before_the_release_are_released_and_approved(tmp_path):
    pack, _ = build(tmp_path)
    runbook = pack / "runbook.md"
    runbook.write_text(runbook.read_text().replace("## First hour", "## First hour, ours"))
    result = release(MINIMAL, tmp_path)
    assert "holds edits by hand: runbook.md" in result.stderr
    assert "First hour, ours" in (tmp_path / "releases/minimal/1.0/runbook.md").read_text()
    patch = (tmp_path / "releases/minimal/1.0/source/edits/runbook.md.patch").read_text()
    assert patch.startswith("--- made/runbook.md\n+++ edited/runbook.md\n")
    assert "-## First hour\n+## First hour, ours\n" in patch
    approve(tmp_path / "releases", "--by", "ana", "--role", "incident_commander", *LATER)
    _, result = build(tmp_path)
    assert "not the texts" not in result.stderr
    assert "First hour, ours" in runbook.read_text()
    assert "NOT APPROVED" not in runbook.read_text()


def test_a_broken_record_stops_the_build_with_its_line(releases, tmp_path):
    approve(releases, "--by", "ana", "--role", "counsel", *LATER)
    path = releases / "minimal/1.0/approvals.yaml"
    path.write_text(path.read_text().replace("by: Ana Alvarez", "by: 7"))
    result = airplan("build", MINIMAL, "-o", tmp_path / "output", "--format", "md", "--releases", releases)
    assert result.exit_code == 2
    assert "approvals.yaml:7:" in result.stderr


def test_a_wrong_time(tmp_path):
    result = airplan("release", MINIMAL, "-o", tmp_path, "--now", "soon", "--built", tmp_path)
    assert result.exit_code == 2
    assert not (tmp_path / "minimal").exists()


def test_check_writes_up_a_control_that_rests_on_an_approval_until_there_is_one(tmp_path):
    profile = minimal(tmp_path)
    control = "{id: C-1, title: The plan is approved, evidence: Approval record, rests_on: [approval_record]}"
    profile.write_text(f"{profile.read_text(encoding='utf-8')}\ncontrols:\n  - {control}\n", encoding="utf-8")
    folder = tmp_path / "releases"

    def written_up():
        result = airplan("check", profile, "--releases", folder)
        assert result.exit_code == 0, result.stderr
        return "control C-1 rests on the approval record of version 1.0, and none exists" in result.stdout

    assert written_up()
    assert release(profile, tmp_path).exit_code == 0
    assert written_up()
    assert approve(folder, "--by", "ana", "--role", "incident_commander", *LATER).exit_code == 0
    assert not written_up()
