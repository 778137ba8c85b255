"""`airplan build`: names of the contract, what it never overwrites, exit codes over one and many profiles."""

import json

import pytest

from tests.cli.run import MINIMAL, PROFILES, airplan, with_plan_id

TEXTS = {
    "plan.json", "manifest.json", "runbook.md", "quick-card.md", "deadlines.md", "rca-form.md",
    "playbooks.md", "drill-record.md", "crosswalk.md",
    "kit/holding-statement.md", "kit/handling/holding-statement.md", "kit/staff-message.md", "kit/phone-script.md",
}  # fmt: skip


def names(folder):
    return {
        p.relative_to(folder).as_posix()
        for p in folder.rglob("*")
        if p.is_file() and ".airplan" not in p.parts
    }


def build(*words, out):
    return airplan("build", *words, "-o", out, "--format", "md")


@pytest.fixture
def pack(tmp_path):
    """A pack of texts, freshly built."""
    assert build(MINIMAL, out=tmp_path / "out").exit_code == 0
    return tmp_path / "out" / "minimal"


class TestNames:
    def test_of_the_smallest_pack(self, pack):
        assert names(pack) == TEXTS

    def test_notices_have_their_folder(self, tmp_path):
        result = build(PROFILES / "retail_chatbot.yaml", out=tmp_path)
        assert result.exit_code == 0, result.stderr
        found = names(tmp_path / "skerry-thread-skein")
        assert found >= TEXTS
        notices = {name for name in found if name.startswith("notices/")}
        assert found - notices == TEXTS
        assert {
            "notices/gdpr-authority.md",
            "notices/uk-authority.md",
            "notices/us-state-individuals-tx.md",
        } <= notices

    def test_the_manifest_lists_every_file_with_its_hash(self, pack):
        import hashlib

        manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
        listed = {s["name"]: s["digest"]["sha256"] for s in manifest["subject"]}
        assert set(listed) == TEXTS - {"manifest.json"}
        for name, digest in listed.items():
            assert hashlib.sha256((pack / name).read_bytes()).hexdigest() == digest

    def test_stdout_is_the_folder_and_nothing_else(self, tmp_path):
        result = build(MINIMAL, out=tmp_path / "out")
        assert result.stdout == f"{tmp_path / 'out' / 'minimal'}\n"
        assert "NOT APPROVED" in result.stderr
        assert "DRAFT" in result.stderr

    def test_quiet_still_gives_the_answer(self, tmp_path):
        result = airplan("build", MINIMAL, "-o", tmp_path, "--format", "md", "-q")
        assert (result.stdout, result.stderr) == (f"{tmp_path / 'minimal'}\n", "")


class TestFormat:
    @pytest.mark.parametrize("text", ["html", "md,odt", "", ",", "MD"])
    def test_an_unknown_one_is_one_line(self, text, tmp_path):
        result = airplan("build", MINIMAL, "-o", tmp_path, "--format", text)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "use md or pdf or docx" in result.stderr
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.slow
    @pytest.mark.pdf
    def test_pdfs_come_and_go_with_the_format(self, tmp_path):
        def run(formats):
            result = airplan("build", MINIMAL, "-o", tmp_path, "--format", formats, "--jobs", 1)
            assert result.exit_code == 0, result.stderr
            return names(tmp_path / "minimal")

        pdfs = {f"{name.removesuffix('.md')}.pdf" for name in TEXTS if name.endswith(".md")}
        pdfs.add("rca-form-print.pdf")
        assert run("pdf,md") == TEXTS | pdfs
        (tmp_path / "minimal" / "deadlines.pdf").write_bytes(b"signed by hand")
        (tmp_path / "minimal" / "my-notes.txt").write_text("mine", encoding="utf-8")
        assert run("md") == TEXTS | {"deadlines.pdf", "my-notes.txt"}, "ours goes, the user's stays"


class TestWord:
    """`--format docx`."""

    def build(self, out, *words, formats="md,docx"):
        return airplan("build", MINIMAL, "-o", out, "--format", formats, "--jobs", 1, *words)

    def test_every_text_has_its_twin_and_both_go_with_the_format(self, tmp_path):
        import hashlib

        result = self.build(tmp_path)
        assert result.exit_code == 0, result.stderr
        folder = tmp_path / "minimal"
        texts = {name for name in names(folder) if name.endswith(".md")}
        twins = {name.removesuffix(".md") + ".docx" for name in texts}
        assert {name for name in names(folder) if name.endswith(".docx")} == twins
        listed = {s["name"]: s for s in json.loads((folder / "manifest.json").read_bytes())["subject"]}
        assert {listed[name]["annotations"]["role"] for name in twins} == {"word"}
        assert listed["runbook.docx"]["annotations"]["audience"] == "internal"
        for name in twins:
            assert (
                hashlib.sha256((folder / name).read_bytes()).hexdigest() == listed[name]["digest"]["sha256"]
            )
        (folder / "deadlines.docx").write_bytes(b"redlined by counsel")
        assert self.build(tmp_path).exit_code == 1, "an edited file is never overwritten"
        assert self.build(tmp_path, formats="md").exit_code == 0
        assert {name for name in names(folder) if name.endswith(".docx")} == {"deadlines.docx"}

    def test_a_reference_of_ones_own(self, tmp_path):
        import docx

        own = tmp_path / "firm.docx"
        document = docx.Document()
        document.sections[0].header.paragraphs[0].text = "Firm LLP {state}"
        document.save(str(own))
        assert self.build(tmp_path / "out", "--reference-doc", own).exit_code == 0
        made = docx.Document(str(tmp_path / "out" / "minimal" / "runbook.docx"))
        assert made.sections[0].header.paragraphs[0].text.startswith("Firm LLP DRAFT")

    def test_a_reference_that_is_none_is_one_line(self, tmp_path):
        own = tmp_path / "firm.docx"
        own.write_bytes(b"PK nothing")
        result = self.build(tmp_path / "out", "--reference-doc", own)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert "no Word document" in result.stderr
        assert not (tmp_path / "out").exists()
        assert self.build(tmp_path / "out", "--reference-doc", tmp_path / "lost.docx").exit_code == 2


class TestTwice:
    def test_nothing_changes(self, pack, tmp_path):
        before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(pack.rglob("*")) if p.is_file()}
        result = build(MINIMAL, out=tmp_path / "out")
        assert result.exit_code == 0
        assert "is up to date" in result.stderr
        assert {
            p: (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(pack.rglob("*")) if p.is_file()
        } == before

    def test_a_rebuild_names_what_came_and_went(self, tmp_path):
        text = (PROFILES / "retail_chatbot.yaml").read_text(encoding="utf-8")
        assert "US-TX, count: 220" in text
        path = tmp_path / "own.yaml"
        path.write_text(text, encoding="utf-8")
        assert build(path, out=tmp_path / "out").exit_code == 0
        more = text.replace("US-TX, count: 220", "US-TX, count: 260").replace(
            "people_total: 33640", "people_total: 33680"
        )
        path.write_text(more, encoding="utf-8")
        result = build(path, out=tmp_path / "out")
        assert result.exit_code == 0, result.stderr
        assert "  + us-tx-ag: " in result.stderr
        assert "  + notices/us-state-attorney-general-tx: " in result.stderr
        path.write_text(text, encoding="utf-8")
        result = build(path, out=tmp_path / "out")
        assert "  - us-tx-ag: " in result.stderr
        assert "would bind from at least 250 Texas residents; the profile says 220" in result.stderr
        assert not (tmp_path / "out/skerry-thread-skein/notices/us-state-attorney-general-tx.md").exists()


class TestAsOf:
    def test_the_day_whose_law_applies(self, tmp_path):
        assert (
            airplan("build", MINIMAL, "-o", tmp_path, "--format", "md", "--as-of", "2027-03-01").exit_code
            == 0
        )
        plan = json.loads((tmp_path / "minimal/plan.json").read_text(encoding="utf-8"))
        assert (plan["as_of"], plan["identity"]["effective"]) == ("2027-03-01", "2026-11-24")

    @pytest.mark.parametrize("day", ["2027-02-29", "tomorrow", "20270301", "2027-3-1"])
    def test_a_wrong_day(self, day, tmp_path):
        result = airplan("build", MINIMAL, "-o", tmp_path, "--as-of", day)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"--as-of {day}: write a day like" in result.stderr


class TestEdited:
    def test_edits_that_clash_are_never_overwritten(self, pack, tmp_path):
        runbook = pack / "runbook.md"
        runbook.write_text("Mine.\n", encoding="utf-8")
        others = {p: p.read_bytes() for p in pack.rglob("*") if p.is_file()}
        result = airplan("build", MINIMAL, "-o", tmp_path / "out", "--format", "md", "--as-of", "2027-03-01")
        assert result.exit_code == 1
        assert "edited by hand" in result.stderr
        assert "runbook.md (runbook.new.md)" in result.stderr
        after = {p: p.read_bytes() for p in pack.rglob("*") if p.is_file()}
        assert {p: after[p] for p in others} == others, "whole or not at all"
        assert [
            p.relative_to(pack).as_posix() for p in sorted(after.keys() - others) if ".airplan" not in p.parts
        ] == ["runbook.new.md"]

    def test_edits_that_do_not_clash_are_merged(self, pack, tmp_path):
        runbook = pack / "runbook.md"
        old = runbook.read_text(encoding="utf-8")
        runbook.write_text(old.replace("## First hour", "## Our first hour"), encoding="utf-8")
        result = airplan("build", MINIMAL, "-o", tmp_path / "out", "--format", "md", "--as-of", "2027-03-01")
        assert result.exit_code == 0, result.stderr
        assert "your edits are kept in runbook.md" in result.stderr
        new = runbook.read_text(encoding="utf-8")
        assert "## Our first hour" in new
        assert "law as of March 1, 2027" in new

    def test_force_overwrites_and_keeps_a_backup(self, pack, tmp_path):
        (pack / "runbook.md").write_text("Mine.\n", encoding="utf-8")
        result = airplan("build", MINIMAL, "-o", tmp_path / "out", "--format", "md", "--force")
        assert result.exit_code == 0, result.stderr
        assert (pack / "runbook.md").read_text(encoding="utf-8") != "Mine.\n"
        (backup,) = pack.glob(".airplan/backup-*/runbook.md")
        assert backup.read_text(encoding="utf-8") == "Mine.\n"
        assert "they are kept in" in result.stderr

    def test_a_file_of_ones_own_in_the_pack_stays(self, pack, tmp_path):
        (pack / "notes.txt").write_text("mine", encoding="utf-8")
        assert (
            airplan(
                "build", MINIMAL, "-o", tmp_path / "out", "--format", "md", "--as-of", "2027-03-01"
            ).exit_code
            == 0
        )
        assert (pack / "notes.txt").read_text(encoding="utf-8") == "mine"

    def test_a_foreign_folder_is_left_alone_and_the_pack_written_beside(self, tmp_path):
        folder = tmp_path / "minimal"
        folder.mkdir()
        (folder / "thesis.txt").write_text("mine", encoding="utf-8")
        result = build(MINIMAL, out=tmp_path)
        assert result.exit_code == 1
        assert [p.name for p in folder.iterdir()] == ["thesis.txt"]
        assert names(tmp_path / "minimal.new") == TEXTS
        assert "minimal.new" in result.stderr


class TestMany:
    def test_two_profiles_two_folders(self, tmp_path):
        paths = [with_plan_id(tmp_path, name) for name in ("alpha", "beta")]
        result = build(*paths, out=tmp_path / "out")
        assert result.exit_code == 0, result.stderr
        assert result.stdout.split() == [str(tmp_path / "out" / name) for name in ("alpha", "beta")]

    def test_the_same_plan_id_twice(self, tmp_path):
        one, two = with_plan_id(tmp_path, "alpha"), with_plan_id(tmp_path, "alpha", "other.yaml")
        result = build(one, two, out=tmp_path / "out")
        assert result.exit_code == 2
        assert f"{two}: plan.id is the same as in {one}" in result.stderr
        assert result.stdout.split() == [str(tmp_path / "out/alpha")]

    def test_the_same_file_twice_is_one_build(self, tmp_path):
        """A glob and a name may meet: no harm is done."""
        result = build(MINIMAL, MINIMAL, out=tmp_path / "out")
        assert result.exit_code == 0, result.stderr

    def test_one_that_fails_does_not_stop_the_others_and_the_worst_code_counts(self, tmp_path):
        good, bad = with_plan_id(tmp_path, "alpha"), tmp_path / "bad.yaml"
        bad.write_text("schema: 1\n", encoding="utf-8")
        result = build(tmp_path / "nowhere.yaml", bad, good, out=tmp_path / "out")
        assert result.exit_code == 2
        assert result.stdout.split() == [str(tmp_path / "out/alpha")]
        assert "nowhere.yaml:1:1: cannot be read" in result.stderr
        assert "bad.yaml:1:1" in result.stderr
        assert "Traceback" not in result.stderr

    def test_an_edited_file_beside_a_wrong_profile_is_the_wrong_profile(self, pack, tmp_path):
        (pack / "runbook.md").write_text("Mine.\n", encoding="utf-8")
        result = airplan(
            "build",
            MINIMAL,
            tmp_path / "nowhere.yaml",
            "-o",
            tmp_path / "out",
            "--format",
            "md",
            "--as-of",
            "2027-03-01",
        )
        assert result.exit_code == 2
        assert "edited by hand" in result.stderr


def test_no_profile_at_all():
    result = airplan("build")
    assert result.exit_code == 2
    assert "PROFILES" in result.stderr


def test_the_output_cannot_be_a_file(tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    result = build(MINIMAL, out=tmp_path / "out")
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "blocked").write_text("", encoding="utf-8")
    result = build(MINIMAL, out=tmp_path / "blocked" / "out")
    assert result.exit_code == 2, result.stderr
    assert "cannot be written" in result.stderr
