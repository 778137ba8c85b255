"""`airplan diff`: any two of packs, plan.json, profiles and revisions of git; 0 same, 1 different, 2 wrong."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.cli.run import MINIMAL, airplan, minimal


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """Packs of the smallest profile, and of one with another phone and one word more in a text."""
    folder = tmp_path_factory.mktemp("packs")
    other = minimal(folder, **{"555 0142": "555 0144"})
    for name, profile in (("a", MINIMAL), ("b", other)):
        assert airplan("build", profile, "-o", folder / name, "--format", "md").exit_code == 0
    return folder


def test_the_same(packs):
    result = airplan("diff", packs / "a/minimal", packs / "a/minimal/plan.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == "no difference"
    assert airplan("diff", packs / "a/minimal", MINIMAL).exit_code == 0


@pytest.mark.parametrize("old", ["a/minimal", "a/minimal/plan.json", None])
@pytest.mark.parametrize("new", ["b/minimal", "own.yaml"])
def test_every_kind_of_input(packs, old, new):
    result = airplan("diff", packs / old if old else MINIMAL, packs / new)
    assert result.exit_code == 1, result.stderr
    assert "phone: +1 303 555 0142 -> +1 303 555 0144" in result.stdout
    assert "because: profile edit" in result.stdout


def test_two_packs_tell_which_documents_differ(packs):
    found = json.loads(airplan("diff", packs / "a/minimal", packs / "b/minimal", "--format", "json").stdout)
    assert found["same"] is False
    assert {"runbook.md", "quick-card.md"} <= {text["name"] for text in found["texts"]}
    change = next(change for change in found["changes"] if change["id"] == "ana")
    assert (change["section"], change["kind"], change["wording_only"]) == (
        "People and contacts",
        "changed",
        False,
    )


def test_an_edit_by_hand_is_no_change_of_meaning(packs, tmp_path):
    import shutil

    shutil.copytree(packs / "a", tmp_path / "a")
    runbook = tmp_path / "a/minimal/runbook.md"
    runbook.write_text(runbook.read_text() + "\nOur own sentence.\n")
    result = airplan("diff", packs / "a/minimal", tmp_path / "a/minimal")
    assert result.exit_code == 1
    assert "no change of meaning, 1 document with other text" in result.stdout


def test_markdown_into_a_file(packs, tmp_path):
    result = airplan(
        "diff", packs / "a/minimal", packs / "b/minimal", "--format", "md", "-o", tmp_path / "d.md"
    )
    assert (result.exit_code, result.stdout.strip()) == (1, str(tmp_path / "d.md"))
    assert "| **ana** " in (tmp_path / "d.md").read_text()


@pytest.fixture
def repository(tmp_path):
    """A repository with a profile that extends a base, changed in the second commit."""

    def git(*words):
        subprocess.run(
            ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.org", *words],
            check=True, capture_output=True,
        )  # fmt: skip

    git("init", "-q")
    (tmp_path / "base.yaml").write_text("schema: 1\nbranding: {colour: '#123456'}\n")
    (tmp_path / "clients").mkdir()
    text = MINIMAL.read_text().replace("schema: 1\n", "schema: 1\nextends: ../base.yaml\n", 1)
    (tmp_path / "clients/one.yaml").write_text(text)
    git("add", "-A")
    git("commit", "-qm", "one")
    (tmp_path / "base.yaml").write_text("schema: 1\nbranding: {colour: '#654321'}\n")
    (tmp_path / "clients/one.yaml").write_text(text.replace("555 0142", "555 0144"))
    git("add", "-A")
    git("commit", "-qm", "two")
    return tmp_path


@pytest.mark.parametrize("inside", [True, False])
def test_a_revision_of_git_with_its_base_of_then(repository, monkeypatch, inside):
    monkeypatch.chdir(repository / "clients" if inside else repository)
    path = "one.yaml" if inside else "clients/one.yaml"
    result = airplan("diff", f"HEAD~1:{path}", path)
    assert result.exit_code == 1, result.stderr
    assert "555 0142 -> +1 303 555 0144" in result.stdout
    assert "branding" in result.stdout
    assert airplan("diff", f"HEAD:{path}", path).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        "HEAD:nowhere.yaml",
        "nobranch:clients/one.yaml",
        "--output=x:clients/one.yaml",
        "-x:a.yaml",
        "HEAD:../../etc/passwd",
    ],
)
def test_a_revision_that_is_not_there(repository, monkeypatch, words):
    monkeypatch.chdir(repository)
    result = airplan("diff", "--", words, "clients/one.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error:")
    assert not (repository / "x").exists()


def test_a_wrong_profile_of_a_revision_names_the_revision(repository, monkeypatch):
    monkeypatch.chdir(repository)
    (repository / "bad.yaml").write_text("schema: 1\n")
    subprocess.run(["git", "-C", str(repository), "add", "-A"], check=True)
    tree = subprocess.run(
        ["git", "-C", str(repository), "write-tree"], check=True, capture_output=True, text=True
    ).stdout.strip()
    result = airplan("diff", f"{tree}:bad.yaml", "clients/one.yaml")
    assert result.exit_code == 2
    assert f"{tree}:bad.yaml:1:1" in result.stderr
    assert "/tmp" not in result.stderr


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"identity": 7}', '{"schema": 2, "identity": {"id": "a"}}']
)
def test_a_file_that_is_no_plan(tmp_path, content):
    path = tmp_path / "plan.json"
    path.write_text(content)
    result = airplan("diff", path, MINIMAL)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "plan.json:1:1" in result.stderr


def test_what_is_not_there(tmp_path):
    result = airplan("diff", tmp_path / "nothing", MINIMAL)
    assert result.exit_code == 2
    assert "there is no such pack, release, plan.json or profile" in result.stderr
    assert airplan("diff", tmp_path, MINIMAL).exit_code == 2
    assert airplan("diff", MINIMAL, MINIMAL, "--format", "pdf").exit_code == 2


@pytest.mark.slow
@pytest.mark.pdf
def test_a_redline_pdf_holds_both_words(packs, tmp_path):
    out = tmp_path / "r.pdf"
    result = airplan("diff", packs / "a/minimal", packs / "b/minimal", "--format", "pdf", "-o", out)
    assert result.exit_code == 1, result.stderr
    text = subprocess.run(
        ["pdftotext", "-layout", str(out), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "Redline of the runbook: version 1.0 to 1.0" in text
    assert "0142" in text
    assert "0144" in text
    assert not set(text) & set("⸨⸩⸢⸣")
