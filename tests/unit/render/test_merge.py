"""Edits by hand survive a rebuild: merged where they can be, never overwritten where they cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diff.merge import merge, read_own, write_own
from generator.errors import EXIT_NO
from generator.render.edits import lay_beside, read_edits
from generator.render.manifest import PackFile, PackMeta, sha256
from generator.render.markdown import Composed
from generator.render.publish import PublishResult, resting_place, write_pack
from generator.workflows.texts import clash_words, merged_text

META = PackMeta("acme", "1.0", "2026-11-24", "2026-11-24", {"airplan": "0.1.0"})
BASE = "# Runbook\n\nOne.\n\nTwo.\n\nThree.\n"
DOCUMENTS = ("runbook", "quick-card", "deadlines", "rca-form", "notices/gdpr-33", "notices/handling/gdpr-33")


def rebuild(folder: Path, force: bool = False, **texts: str) -> PublishResult:
    """As `airplan build` does: merge, then write, or lay the new texts beside. Names as in DOCUMENTS."""
    edits = {} if force else read_edits(resting_place(folder))
    made = []
    for stem, text in texts.items():
        composed = Composed(stem, stem, stem, "internal", "sheet", text, (), False, 2)
        made.append(merged_text(composed, {}, edits))
    clashing = [one for one in made if one.clashes]
    if clashing:
        beside = lay_beside(folder, {one.name: one.composed.markdown.encode() for one in clashing})
        message = clash_words(clashing, beside, str(folder))
        return PublishResult(folder, edited=tuple(beside), exit_code=EXIT_NO, message=message)
    files = [PackFile(m.name, m.data, "text", "internal", m.pristine, m.replaces) for m in made]
    return write_pack(folder, files, META, force=force)


def there(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".airplan" not in path.parts and path.name != "manifest.json"
    }


def marked_edited(folder: Path) -> set[str]:
    subjects = json.loads((folder / "manifest.json").read_text())["subject"]
    return {subject["name"] for subject in subjects if subject["annotations"]["edited"]}


@pytest.fixture
def pack(tmp_path):
    folder = tmp_path / "p"
    rebuild(folder, runbook=BASE)
    return folder


@pytest.mark.parametrize("stem", DOCUMENTS)
def test_an_edit_is_laid_over_the_new_text_of_every_document(tmp_path, stem):
    folder = tmp_path / "p"
    rebuild(folder, **{stem: BASE})
    (folder / f"{stem}.md").write_text(BASE.replace("One.", "One, ours."))
    result = rebuild(folder, **{stem: BASE.replace("Three.", "Three, new.")})
    assert (result.exit_code, result.merged) == (0, (f"{stem}.md",))
    merged = BASE.replace("One.", "One, ours.").replace("Three.", "Three, new.")
    assert there(folder) == {f"{stem}.md": merged}
    assert marked_edited(folder) == {f"{stem}.md"}
    assert "your edits are kept" in result.message


def test_an_edit_outlives_many_builds_and_is_gone_when_taken_back(pack):
    (pack / "runbook.md").write_text(BASE.replace("One.", "One, ours."))
    for number in range(3):
        new = BASE.replace("Three.", f"Three, build {number}.")
        assert rebuild(pack, runbook=new).exit_code == 0
        assert there(pack)["runbook.md"] == new.replace("One.", "One, ours.")
    assert rebuild(pack, runbook=new).written == ()
    (pack / "runbook.md").write_text(new)
    rebuild(pack, runbook=new)
    assert marked_edited(pack) == set()


def test_a_conflict_leaves_the_file_alone_and_lays_the_new_text_beside(pack):
    own, new = BASE.replace("Two.", "Two, ours."), BASE.replace("Two.", "Two, new.")
    (pack / "runbook.md").write_text(own)
    (before,) = [pack.joinpath("manifest.json").read_bytes()]
    result = rebuild(pack, runbook=new)
    assert result.exit_code == 1
    assert there(pack) == {"runbook.md": own, "runbook.new.md": new}
    assert pack.joinpath("manifest.json").read_bytes() == before
    assert (
        "runbook.md:5: your edit and the new text clash: yours: `Two, ours.`; new: `Two, new.`"
        in result.message
    )
    assert "runbook.new.md" in result.message


def test_a_conflict_stays_until_the_file_beside_is_deleted(pack):
    new = BASE.replace("Two.", "Two, new.")
    (pack / "runbook.md").write_text(BASE.replace("Two.", "Two, ours."))
    rebuild(pack, runbook=new)
    assert rebuild(pack, runbook=new).exit_code == 1
    assert [name for name in there(pack) if ".new" in name] == ["runbook.new.md"]
    both = BASE.replace("Two.", "Two, ours and new.")
    (pack / "runbook.md").write_text(both)
    (pack / "runbook.new.md").unlink()
    assert rebuild(pack, runbook=new).exit_code == 0
    assert there(pack) == {"runbook.md": both}
    later = new.replace("Three.", "Three, later.")
    assert rebuild(pack, runbook=later).exit_code == 0
    assert there(pack) == {"runbook.md": both.replace("Three.", "Three, later.")}


def test_a_file_beside_that_somebody_changed_is_not_overwritten(pack):
    (pack / "runbook.md").write_text(BASE.replace("Two.", "Two, ours."))
    rebuild(pack, runbook=BASE.replace("Two.", "Two, new."))
    (pack / "runbook.new.md").write_text("my notes")
    rebuild(pack, runbook=BASE.replace("Two.", "Two, newer."))
    assert there(pack)["runbook.new.md"] == "my notes"
    assert "Two, newer." in there(pack)["runbook.new-2.md"]


def test_the_file_beside_goes_when_the_conflict_is_over(pack):
    new = BASE.replace("Two.", "Two, new.")
    (pack / "runbook.md").write_text(BASE.replace("Two.", "Two, ours."))
    rebuild(pack, runbook=new)
    (pack / "runbook.md").write_text(new)
    assert rebuild(pack, runbook=new).exit_code == 0
    assert there(pack) == {"runbook.md": new}


def test_force_writes_anew_and_keeps_a_backup(pack):
    own = BASE.replace("Two.", "Two, ours.")
    (pack / "runbook.md").write_text(own)
    new = BASE.replace("Two.", "Two, new.")
    rebuild(pack, runbook=new)
    result = rebuild(pack, force=True, runbook=new)
    assert (result.exit_code, there(pack)) == (0, {"runbook.md": new})
    assert result.backup is not None
    assert (result.backup / "runbook.md").read_text() == own
    assert marked_edited(pack) == set()


def test_windows_line_ends_are_the_editors_and_stay(pack):
    own = BASE.replace("One.", "One, ours.").replace("\n", "\r\n")
    (pack / "runbook.md").write_bytes(own.encode())
    assert rebuild(pack, runbook=BASE.replace("Three.", "Three, new.")).exit_code == 0
    assert there(pack)["runbook.md"] == own.replace("Three.", "Three, new.")


def test_line_ends_and_a_byte_order_mark_alone_are_no_edit(pack):
    (pack / "runbook.md").write_bytes(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())
    new = BASE.replace("Two.", "Two, new.")
    assert rebuild(pack, runbook=new).exit_code == 0
    assert there(pack) == {"runbook.md": new}
    assert marked_edited(pack) == set()


def test_a_file_that_is_no_utf8_is_left_alone(pack):
    raw = BASE.replace("One.", "Eïns.").encode("latin-1")
    (pack / "runbook.md").write_bytes(raw)
    result = rebuild(pack, runbook=BASE)
    assert result.exit_code == 1
    assert (pack / "runbook.md").read_bytes() == raw
    assert "no UTF-8" in result.message


def test_a_renamed_file_stays_as_the_persons_and_ours_comes_back(pack):
    (pack / "runbook.md").rename(pack / "our-runbook.md")
    result = rebuild(pack, runbook=BASE)
    assert there(pack) == {"runbook.md": BASE, "our-runbook.md": BASE}
    assert "renamed to our-runbook.md" in result.message
    assert result.restored == ("runbook.md",)


def test_a_deleted_file_comes_back_and_it_is_said(pack):
    (pack / "runbook.md").unlink()
    result = rebuild(pack, runbook=BASE)
    assert there(pack) == {"runbook.md": BASE}
    assert "runbook.md was gone" in result.message


def test_an_edited_document_that_leaves_the_pack_stays_and_is_merged_when_it_returns(pack):
    own = BASE.replace("One.", "One, ours.")
    (pack / "runbook.md").write_text(own)
    rebuild(pack, other="Other.\n")
    assert there(pack)["runbook.md"] == own
    rebuild(pack, other="Other.\n", runbook=BASE.replace("Three.", "Three, new."))
    assert there(pack)["runbook.md"] == own.replace("Three.", "Three, new.")


def test_without_the_pristine_copy_nothing_is_guessed(pack):
    (pack / "runbook.md").write_text(BASE.replace("One.", "One, ours."))
    (pack / ".airplan" / "pristine" / "runbook.md").unlink()
    result = rebuild(pack, runbook=BASE.replace("Three.", "Three, new."))
    assert (result.exit_code, result.edited) == (1, ("runbook.md",))
    assert "One, ours." in there(pack)["runbook.md"]


def test_an_edit_made_while_the_pdfs_were_rendered_is_not_lost(pack):
    mine = BASE.replace("One.", "One, ours.")
    made = PackFile("runbook.md", b"merged", "text", "internal", b"new", sha256(mine.encode()))
    (pack / "runbook.md").write_text(mine + "More.\n")
    assert write_pack(pack, [made], META).exit_code == 1
    assert there(pack)["runbook.md"] == mine + "More.\n"


LINES = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=8).map(
    lambda x: "".join(f"{y}\n" for y in x)
)


@given(LINES, LINES)
def test_one_sided_changes_never_clash(base, other):
    assert merge(base, other, base).text == other
    assert merge(base, base, other).text == other
    assert not merge(base, other, other).clashes


@given(LINES, LINES, LINES)
def test_a_clash_keeps_the_persons_text(base, own, new):
    result = merge(base, own, new)
    assert not result.clashes or result.text == own


@given(st.text(alphabet="ab\n"), st.booleans())
def test_line_ends_come_back(text, windows):
    found = read_own(write_own(text, windows))
    assert found is not None
    assert found[0] == text


def test_a_clash_can_be_settled_from_the_persons_lines() -> None:
    base, own, new = "a\nphone 1\nz\n", "a\nphone 1, at once\nz\nmore\n", "a\nphone X\nz\n"
    assert merge(base, own, new).clashes
    settled = merge(base, own, new, lambda lines: lines.replace("1", "X"))
    assert settled.text == "a\nphone X, at once\nz\nmore\n"
    assert not settled.clashes
