"""A record: how it is written, what faults it names, and that nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from generator.errors import InvalidInput, UsageProblem
from generator.sources import transaction
from generator.sources.records import load_record
from generator.sources.transaction import JOURNAL, commit, locked
from generator.workflows import incident_changes as changes
from generator.workflows.incidents import own_duties, read_incident
from generator.workflows.plans import known
from tests.unit.incidents.helpers import ROOT, clock, opened


def test_a_record_says_what_it_binds_to_and_who_said_so(tmp_path):
    incidents, name, profile = opened(tmp_path)
    record = read_incident(name, incidents).record
    assert name == "INC-2026-001"
    assert record.binds.source == "resolved"
    assert record.binds.version == "2.1"
    assert record.aware().by == "Abena Ansah"
    assert record.aware().at.isoformat() == "2026-11-16T08:10:00-05:00"
    assert read_incident(name, incidents).profile_path.resolve() == profile.resolve()


def test_the_next_number_is_free_and_per_year(tmp_path):
    opened(tmp_path)
    assert opened(tmp_path)[1] == "INC-2026-002"


def test_comments_of_a_person_stay(tmp_path):
    incidents, name, _ = opened(tmp_path)
    path = incidents / name / "record.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "triggers:", "# asked counsel twice\ntriggers:  # the yes\n  # first"
    )
    path.write_text(text, encoding="utf-8")
    changes.note(name, incidents, clock(), "Bridge opened", "E. Ubani", None)
    changes.state_facts(name, incidents, clock(), ["encrypted=no"], "log", "high", "S. B.")
    after = path.read_text(encoding="utf-8")
    for comment in ("# asked counsel twice\ntriggers:  # the yes\n  # first", "# Incident record of airplan"):
        assert comment in after
    assert read_incident(name, incidents).record.stated()["encrypted"].value is False


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("event: aware", "event: awere", "no event `awere`; did you mean `aware`?"),
        ("class: indirect-prompt-injection", "class: prompt-injection", "no incident class"),
        ("severity: SEV1", "severity: SEV9", "severity: "),
        ("people: []", "people:\n  - {residence: US-OH, count: -2, source: s, by: b}", "must be 0 or more"),
        ("facts: []", "facts:\n  - {fact: encrypted, value: maybe, source: s, by: b}", "facts.0.value: must be true or false"),
        ("facts: []", "facts:\n  - {fact: encripted, value: true, source: s, by: b}", "did you mean `encrypted`?"),
        ("-05:00\"\n    by: Abena", "\"\n    by: Abena", "needs an offset"),
        ("notices: []", "notices:\n  - {duty: banks-occ-36, sent_at: \"2026-11-17T08:00:00-05:00\", reference: r, by: b}", "did you mean `banks-occ-36h`"),
        ("people: []", "names: [Ana]\npeople: []", "names: "),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path, old, new, words):
    incidents, name, _ = opened(tmp_path)
    path = incidents / name / "record.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_incident(name, incidents)
    assert words in str(caught.value)
    assert all(problem.where.line > 4 for problem in caught.value.problems)


def test_more_people_by_residence_than_in_all_is_refused_and_nothing_written(tmp_path):
    incidents, name, _ = opened(tmp_path)
    before = (incidents / name / "record.yaml").read_bytes()
    with pytest.raises(InvalidInput, match="40 people by residence, 37 in all"):
        changes.state_facts(
            name, incidents, clock(), ["residents:US-OH=40", "people_total=37"], "s", "low", "b"
        )
    assert (incidents / name / "record.yaml").read_bytes() == before


def test_a_changed_plan_is_noticed(tmp_path):
    incidents, name, _ = opened(tmp_path)
    (incidents / name / "bound" / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidInput, match="not the file that the record binds to"):
        read_incident(name, incidents)


def test_each_change_keeps_the_text_before(tmp_path):
    incidents, name, _ = opened(tmp_path)
    before = (incidents / name / "record.yaml").read_bytes()
    changes.note(name, incidents, clock(), "one", "b", None)
    assert (incidents / name / "history" / "0001.yaml").read_bytes() == before


def _notes(incidents, name, who):
    for number in range(4):
        changes.note(name, incidents, clock(), f"{who} {number}", who, None)


def test_two_people_at_once_lose_nothing(tmp_path):
    incidents, name, _ = opened(tmp_path)
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_notes, args=(incidents, name, who)) for who in ("a", "b")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    said = {entry.what for entry in read_incident(name, incidents).record.timeline}
    assert {f"{who} {number}" for who in "ab" for number in range(4)} <= said


# --- crashes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", range(12))
def test_a_crash_at_any_step_leaves_all_old_or_all_new(tmp_path, monkeypatch, step):
    one, two = tmp_path / "record.yaml", tmp_path / "other" / "profile.yaml"
    two.parent.mkdir()
    for path in (one, two):
        path.write_bytes(b"old")
    left = step

    class Crash(BaseException):
        pass

    def breaking(real):
        def call(*args, **kwargs):
            nonlocal left
            if left == 0:
                raise Crash
            left -= 1
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(transaction, "_flushed", breaking(transaction._flushed))
        patched.setattr(transaction, "_sync", breaking(transaction._sync))
        patched.setattr(type(one), "replace", breaking(type(one).replace))
        patched.setattr(type(one), "unlink", breaking(type(one).unlink))
        try:
            with locked(tmp_path):
                commit(tmp_path, {one: b"new", two: b"new"})
        except Crash:
            pass
    with locked(tmp_path):
        pass
    assert (one.read_bytes(), two.read_bytes()) in ((b"old", b"old"), (b"new", b"new"))
    assert not (tmp_path / JOURNAL).exists()
    assert not list(tmp_path.glob(".*airplan-new"))


_WRITER = """
import sys
from pathlib import Path
from generator.workflows import incident_changes as changes
from tests.unit.incidents.helpers import clock
incidents, name = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for number in range(10000):
    changes.note(name, incidents, clock(), f"note {number}", "b", None)
    print(number, flush=True)
"""


@pytest.mark.slow
def test_a_killed_process_loses_no_note_that_it_reported(tmp_path):
    incidents, name, _ = opened(tmp_path)
    for pause in (0.0, 0.013, 0.031, 0.05, 0.077):
        before = len(read_incident(name, incidents).record.timeline)
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(incidents), name], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        while (line := writer.stdout.readline()) and line.strip() != "1":
            pass
        time.sleep(pause)
        os.kill(writer.pid, signal.SIGKILL)
        told = 2 + sum(1 for _ in writer.stdout)
        writer.wait()
        writer.stdout.close()
        after = load_record(incidents / name, known(), own_duties).record.timeline
        assert told <= len(after) - before <= told + 1


def test_a_record_saved_by_a_person_meanwhile_is_not_overwritten(tmp_path):
    incidents, name, _ = opened(tmp_path)
    path = incidents / name / "record.yaml"

    def slow(zone):
        path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
        return clock()(zone)

    with pytest.raises(UsageProblem, match="somebody saved it meanwhile"):
        changes.note(name, incidents, slow, "one", "b", None)
    assert path.read_text(encoding="utf-8").endswith("# mine\n")
