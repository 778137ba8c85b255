"""Faults injected into real processes: killed at any moment, two at once. Nothing that was reported is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from generator.sources.profile_patch import next_version
from generator.sources.profiles import load_profile
from generator.sources.transaction import JOURNAL
from generator.workflows.incident_actions import add_action
from generator.workflows.incidents import read_incident
from generator.workflows.plans import known
from generator.workflows.releases import finish_release, prepare_release
from tests.cli.run import MINIMAL, ROOT
from tests.unit.incidents.helpers import clock, opened

pytestmark = pytest.mark.slow

NOW = ("--now", "2026-11-16T09:00")
PATCH = "detection.signals.doc-instructions.automatic.at"


def start(*words: object) -> subprocess.Popen[str]:
    """`airplan WORDS` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "generator", *map(str, words)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def note(incidents, name, text):
    return start("incident", "note", name, text, "--by", "b", "--incidents", incidents, *NOW)


def run_for(process: subprocess.Popen[str], moment: float) -> bool:
    """Kill the process after `moment` seconds; whether it had reported before."""
    time.sleep(moment)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    out, _ = process.communicate()
    return ": noted" in out


def duration(make) -> float:
    began = time.monotonic()
    make().communicate()
    return time.monotonic() - began


def test_a_command_killed_at_any_moment_leaves_a_record_that_reads(tmp_path):
    incidents, name, _ = opened(tmp_path)
    whole = duration(lambda: note(incidents, name, "first"))
    reported = ["first"]
    for step in range(5):
        text = f"note {step}"
        if run_for(note(incidents, name, text), whole * (0.4 + 0.13 * step)):
            reported.append(text)
        said = [entry.what for entry in read_incident(name, incidents).record.timeline]
        assert [text for text in reported if said.count(text) != 1] == []
    assert not (incidents / name / JOURNAL).exists()
    final = note(incidents, name, "last")
    assert ": noted" in final.communicate()[0]
    assert not list((incidents / name).glob(".*airplan-new"))


def test_two_commands_at_once_both_stay(tmp_path):
    incidents, name, _ = opened(tmp_path)
    common = ("--by", "b", "--incidents", incidents, *NOW)
    running = [
        start("incident", "note", name, "from the bridge", *common),
        start("incident", "fact", name, "people_total=37", "--source", "replay", *common),
        start("incident", "severity", name, "SEV2", "--because", "held", *common),
        start("incident", "at", name, "contained=2026-11-16T08:31", "--ground", "A2", *common),
    ]
    for process in running:
        _, error = process.communicate()
        assert process.returncode == 0, error
    record = read_incident(name, incidents).record
    assert "from the bridge" in [entry.what for entry in record.timeline]
    assert record.stated()["people_total"].value == 37
    assert record.severity == "SEV2"
    assert "contained" in record.moments()
    assert len(list((incidents / name / "history").iterdir())) == 4


def test_apply_killed_at_any_moment_leaves_profile_and_record_both_old_or_both_new(tmp_path):
    incidents, name, profile = opened(tmp_path)
    for number in range(5):
        fields = {"what": f"Sooner {number}", "owner": "security_lead", "due": "2026-11-27"}
        add_action(name, incidents, clock(), fields, [f"{PATCH}={number + 10}"], "b")

    def apply(number):
        return start(
            "incident", "apply", name, "--action", number, "--no-build", "--by", "b", "--incidents", incidents, *NOW
        )  # fmt: skip

    whole = duration(lambda: apply(1))
    version = load_profile(profile, known()).profile.plan.version
    for number in range(2, 6):
        process = apply(number)
        time.sleep(whole * (0.4 + 0.15 * (number - 2)))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        record = read_incident(name, incidents).record  # opens the folder, so settles what was cut off
        now = load_profile(profile, known()).profile
        signal_ = next(one for one in now.detection.signals if one.id == "doc-instructions")
        applied = record.actions[number - 1].applied
        if applied:
            version = next_version(version)
            assert (applied.version, float(signal_.automatic.at)) == (version, number + 9)
        assert now.plan.version == version


def test_two_who_approve_at_once_both_stay(tmp_path):
    pack, target = prepare_release(MINIMAL, tmp_path / "releases", tmp_path / "output")
    stand_ins = dict.fromkeys(pack.keys, b"%PDF")
    release = finish_release(pack, target, stand_ins, clock()).folder
    who = [f"Person {number}" for number in range(3)]
    later = ("--now", "2026-11-17T09:00")
    running = [
        start("approve", release, "--by", one, "--role", "counsel", "--outside", *later) for one in who
    ]
    for process in running:
        _, error = process.communicate()
        assert process.returncode == 0, error
    text = (release / "approvals.yaml").read_text(encoding="utf-8")
    assert all(f"by: {one}" in text for one in who)
