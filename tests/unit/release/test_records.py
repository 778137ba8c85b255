"""release.yaml and approvals.yaml: every fault with its place, and nothing lost when two write or one is cut off."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from generator.errors import InvalidInput
from generator.model.release import Approvals, Release
from generator.sources import release_records, transaction
from generator.sources.release_records import append_entry, read_record, record_text

FIRST = {"schema": 1, "plan": "acme", "version": "1.0", "approvals": []}
HASH = "0" * 64


def entry(name: str) -> dict[str, object]:
    return {
        "by": name,
        "role": "counsel",
        "at": "2026-11-25T09:00:00-07:00",
        "zone": "America/Denver",
        "version": "1.0",
        "plan_sha256": HASH,
        "manifest_sha256": HASH,
        "outside": False,
    }


def append(path, name):
    return append_entry(path, "approvals", entry(name), Approvals, FIRST, "Head.")


def names(path):
    return [one.by for one in read_record(path, Approvals).approvals]


def test_entries_are_appended_and_comments_stay(tmp_path):
    path = tmp_path / "approvals.yaml"
    append(path, "Ana")
    path.write_text(path.read_text() + "    # seen on paper\n")
    append(path, 'Ben: the "second" #2')
    assert names(path) == ["Ana", 'Ben: the "second" #2']
    assert "# Head." in path.read_text()
    assert "# seen on paper" in path.read_text()


def test_two_who_append_at_once_both_stay(tmp_path):
    path = tmp_path / "approvals.yaml"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append(path, f"Person {n}"), range(16)))
    assert sorted(names(path)) == sorted(f"Person {n}" for n in range(16))


class Cut(Exception):
    """The run is cut off here."""


@pytest.mark.parametrize("step", range(4))
def test_a_run_that_is_cut_off_leaves_the_old_record_or_the_new_one(tmp_path, monkeypatch, step):
    path = tmp_path / "approvals.yaml"
    append(path, "Ana")
    done = {"n": 0}

    def cutting(real):
        def call(*args):
            done["n"] += 1
            if done["n"] == step + 1:
                raise Cut
            return real(*args)

        return call

    monkeypatch.setattr(transaction.os, "replace", cutting(transaction.os.replace))
    monkeypatch.setattr(transaction, "_flushed", cutting(transaction._flushed))
    with pytest.raises(Cut):
        append(path, "Ben")
    monkeypatch.undo()
    assert names(path) in (["Ana"], ["Ana", "Ben"])
    append(path, "Cy")
    assert names(path) in (["Ana", "Cy"], ["Ana", "Ben", "Cy"])


def test_a_wrong_record_is_named_with_its_line_and_not_written(tmp_path):
    path = tmp_path / "approvals.yaml"
    append(path, "Ana")
    text = path.read_text().replace(HASH, "zz", 1).replace("by: Ana", "bye: Ana")
    path.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        append(path, "Ben")
    lines = {problem.key: problem.where.line for problem in caught.value.problems}
    assert lines["approvals.0.plan_sha256"] == 1 + text.split("\n").index(
        next(line for line in text.split("\n") if "zz" in line)
    )
    assert "approvals.0.bye" in lines
    assert path.read_text() == text


def test_the_list_must_be_the_last_key(tmp_path):
    path = tmp_path / "approvals.yaml"
    path.write_text('schema: 1\napprovals: []\nplan: acme\nversion: "1.0"\n')
    with pytest.raises(InvalidInput, match="move `approvals` to the end"):
        append(path, "Ana")


def test_a_time_without_an_offset_is_refused(tmp_path):
    path = tmp_path / "release.yaml"
    data = {
        "schema": 1, "plan": "acme", "version": "1.0", "effective": "2026-11-24", "law_as_of": "2026-11-24",
        "released_at": "2026-11-24T10:00:00", "zone": "UTC", "plan_sha256": HASH, "manifest_sha256": HASH,
    }  # fmt: skip
    path.write_text(record_text(data))
    with pytest.raises(InvalidInput, match=r"release.yaml:6:1: released_at: needs an offset"):
        read_record(path, Release)


def test_the_module_reads_no_clock():
    assert not hasattr(release_records, "datetime")
