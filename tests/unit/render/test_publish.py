"""A pack is written whole or not at all, and never over a person's edits."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import pytest

from generator.errors import RenderError, UsageProblem
from generator.render import publish, swap
from generator.render.manifest import PackFile, PackMeta, sha256
from generator.render.publish import reusable, write_pack

META = PackMeta("acme", "1.0", "2026-11-24", "2026-11-24", {"airplan": "0.1.0"})


def pack(**texts: str) -> list[PackFile]:
    """Files by name (`_` stands for `/`, `.md` is added)."""
    return [
        PackFile(f"{name.replace('_', '/')}.md", text.encode(), "text", "internal")
        for name, text in texts.items()
    ]


def there(folder: Path) -> dict[str, str]:
    """Every file of the pack outside `.airplan`, but for the manifest."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".airplan" not in path.parts and path.name != "manifest.json"
    }


def beside(folder: Path) -> set[str]:
    return {path.name for path in folder.parent.iterdir()}


def test_a_new_pack_has_a_manifest_in_the_shape_of_in_toto(tmp_path):
    result = write_pack(tmp_path / "p", pack(runbook="one", notices_a="two"), META)
    assert (result.exit_code, result.written, result.message) == (0, ("notices/a.md", "runbook.md"), "")
    manifest = json.loads((tmp_path / "p" / "manifest.json").read_text())
    assert manifest["_type"] == "https://in-toto.io/Statement/v1"
    assert manifest["subject"][1] == {
        "name": "runbook.md",
        "digest": {"sha256": sha256(b"one")},
        "annotations": {"role": "text", "audience": "internal", "edited": False},
    }
    assert manifest["predicate"]["plan"] == {
        "id": "acme",
        "version": "1.0",
        "effective": "2026-11-24",
        "as_of": "2026-11-24",
    }
    assert (tmp_path / "p" / ".airplan" / "pristine" / "notices" / "a.md").read_text() == "two"
    assert beside(tmp_path / "p") == {"p"}


def test_the_same_again_changes_nothing(tmp_path):
    folder = tmp_path / "p"
    write_pack(folder, pack(runbook="one"), META, cache={"runbook.pdf": {"key": "k"}})
    inode = folder.stat().st_ino
    result = write_pack(folder, pack(runbook="one"), META, cache={"runbook.pdf": {"key": "k"}})
    assert result.written == ()
    assert result.unchanged == ("runbook.md",)
    assert folder.stat().st_ino == inode


def test_a_rebuild_changes_adds_and_deletes(tmp_path):
    folder = tmp_path / "p"
    write_pack(folder, pack(runbook="one", gone="x", same="s"), META)
    result = write_pack(folder, pack(runbook="two", new="n", same="s"), META)
    assert (result.written, result.removed, result.unchanged) == (
        ("new.md", "runbook.md"),
        ("gone.md",),
        ("same.md",),
    )
    assert there(folder) == {"runbook.md": "two", "new.md": "n", "same.md": "s"}
    assert not (folder / ".airplan" / "pristine" / "gone.md").exists()


def test_an_edited_file_is_never_overwritten(tmp_path):
    folder = tmp_path / "p"
    write_pack(folder, pack(runbook="one", other="o"), META)
    (folder / "runbook.md").write_text("one, edited")
    result = write_pack(folder, pack(runbook="two", other="changed"), META)
    assert (result.exit_code, result.edited, result.written) == (1, ("runbook.md",), ())
    assert "runbook.md" in result.message
    assert there(folder) == {"runbook.md": "one, edited", "other.md": "o"}


def test_an_edit_that_equals_the_new_text_is_no_conflict(tmp_path):
    folder = tmp_path / "p"
    write_pack(folder, pack(runbook="one"), META)
    (folder / "runbook.md").write_text("two")
    assert write_pack(folder, pack(runbook="two"), META).exit_code == 0


def test_force_overwrites_and_keeps_backups(tmp_path):
    folder = tmp_path / "p"
    write_pack(folder, pack(runbook="one"), META)
    for number in (1, 2):
        (folder / "runbook.md").write_text(f"edit {number}")
        result = write_pack(folder, pack(runbook="two"), META, force=True)
        assert result.exit_code == 0
        assert result.backup == folder / ".airplan" / f"backup-{number}"
        assert (folder / ".airplan" / f"backup-{number}" / "runbook.md").read_text() == f"edit {number}"
    assert (folder / ".airplan" / "backup-1" / "runbook.md").read_text() == "edit 1"
    assert there(folder) == {"runbook.md": "two"}


def test_a_left_out_file_goes_only_if_unedited(tmp_path):
    folder = tmp_path / "p"
    write_pack(folder, pack(a="a", b="b", c="c"), META)
    (folder / "b.md").write_text("b, edited")
    result = write_pack(folder, pack(a="a"), META)
    assert (result.exit_code, result.removed, result.edited) == (0, ("c.md",), ("b.md",))
    assert there(folder) == {"a.md": "a", "b.md": "b, edited"}
    subjects = json.loads((folder / "manifest.json").read_text())["subject"]
    assert [(s["name"], s["annotations"]["edited"]) for s in subjects] == [("a.md", False), ("b.md", True)]
    assert write_pack(folder, pack(a="a", b="b2"), META).exit_code == 1


def test_a_folder_of_the_users_is_left_alone(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    result = write_pack(folder, pack(runbook="one"), META)
    assert result.exit_code == 1
    assert result.folder == tmp_path / "p.new"
    assert "yours" in result.message
    assert there(folder) == {"mine.txt": "mine"}
    assert there(tmp_path / "p.new") == {"runbook.md": "one"}
    again = write_pack(folder, pack(runbook="two"), META)
    assert again.folder == tmp_path / "p.new"
    assert there(tmp_path / "p.new") == {"runbook.md": "two"}


def test_a_manifest_that_is_not_ours_makes_the_folder_the_users(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"_type": "other"}')
    assert write_pack(folder, pack(runbook="one"), META).folder == tmp_path / "p.new"


def test_the_users_own_files_in_a_pack_are_carried_over(tmp_path):
    folder = tmp_path / "p"
    write_pack(folder, pack(runbook="one"), META)
    (folder / "notes.txt").write_text("mine")
    write_pack(folder, pack(runbook="two"), META)
    assert there(folder) == {"runbook.md": "two", "notes.txt": "mine"}


def test_empty_folders_of_the_users_stay(tmp_path):
    """A version control keeps folders that hold nothing for a while, and is broken without them."""
    folder = tmp_path / "p"
    write_pack(folder, pack(runbook="one"), META)
    (folder / ".git" / "refs" / "heads").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref")
    (folder / "extra.md").mkdir()
    write_pack(folder, pack(runbook="two", extra="ours"), META)
    assert (folder / ".git" / "refs" / "heads").is_dir()
    assert there(folder) == {".git/HEAD": "ref", "extra.md": "ours", "runbook.md": "two"}


def test_a_file_in_the_place_of_the_folder_is_a_wrong_call(tmp_path):
    (tmp_path / "p").write_text("mine")
    with pytest.raises(UsageProblem, match="is a file; a pack needs a folder"):
        write_pack(tmp_path / "p", pack(runbook="one"), META)
    assert (tmp_path / "p").read_text() == "mine"


def test_an_edited_pack_beside_the_users_folder_says_both(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    write_pack(folder, pack(runbook="one"), META)
    (tmp_path / "p.new" / "runbook.md").write_text("edited")
    message = write_pack(folder, pack(runbook="two"), META).message
    assert "it is yours; " in message
    assert "edited by hand" in message


def test_a_new_document_does_not_overwrite_a_file_of_the_users(tmp_path):
    folder = tmp_path / "p"
    write_pack(folder, pack(runbook="one"), META)
    (folder / "extra.md").write_text("mine")
    result = write_pack(folder, pack(runbook="one", extra="ours"), META)
    assert (result.exit_code, result.edited) == (1, ("extra.md",))


class Cut(Exception):
    """The run is cut off here."""


@pytest.mark.parametrize("step", range(5))
def test_a_run_that_is_cut_off_is_completed_or_undone(tmp_path, monkeypatch, step):
    folder = tmp_path / "p"
    write_pack(folder, pack(runbook="one"), META)
    done = {"n": 0}

    def cutting(real):
        def call(*args, **kwargs):
            if done["n"] == step:
                raise Cut
            done["n"] += 1
            return real(*args, **kwargs)

        return call

    monkeypatch.setattr(publish, "_write", cutting(publish._write))
    monkeypatch.setattr(Path, "rename", cutting(Path.rename))
    with contextlib.suppress(Cut):
        write_pack(folder, pack(runbook="two"), META)
    monkeypatch.undo()
    write_pack(folder, pack(runbook="two"), META)
    assert there(folder) == {"runbook.md": "two"}
    assert beside(folder) == {"p"}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"p": "old", "stage": "new"}, "old"),
        ({"old": "old", "stage": "new"}, "new"),
        ({"old": "old"}, "old"),
        ({"p": "new", "old": "old"}, "new"),
    ],
)
def test_each_state_that_a_cut_off_swap_leaves(tmp_path, states, expected):
    folder = tmp_path / "p"
    names = {"p": folder, "stage": swap.stage_of(folder), "old": swap.old_of(folder)}
    for name, text in states.items():
        names[name].mkdir()
        (names[name] / "x").write_text(text)
    swap.settle_swap(folder)
    assert (folder / "x").read_text() == expected
    assert beside(folder) == {"p"}


@pytest.mark.parametrize(
    "name", ["../x.md", "/etc/x", "a/../b", "", ".hidden", "a\\b", "manifest.json", "a//.x", "-x"]
)
def test_names_never_become_paths_unchecked(tmp_path, name):
    with pytest.raises(RenderError, match="cannot be the name"):
        write_pack(tmp_path / "p", [PackFile(name, b"", "text", None)], META)
    assert not (tmp_path / "p").exists()


def test_a_cached_file_is_used_only_for_the_same_key_and_unchanged(tmp_path):
    folder = tmp_path / "p"
    pdf = PackFile("runbook.pdf", b"%PDF", "document", "internal")
    write_pack(folder, [pdf], META, cache={"runbook.pdf": {"key": "k", "sha256": sha256(b"%PDF")}})
    assert reusable(folder, "runbook.pdf", "k") == b"%PDF"
    assert reusable(folder, "runbook.pdf", "other") is None
    (folder / "runbook.pdf").write_bytes(b"changed")
    assert reusable(folder, "runbook.pdf", "k") is None
    shutil.rmtree(folder)
    assert reusable(folder, "runbook.pdf", "k") is None
