"""A few calls through the real process: what a shell sees."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import MINIMAL, PROFILES, ROOT

AIRPLAN = Path(sys.executable).with_name("airplan")
CLOCK = ("clock", "hipaa-individuals", "--start", "2026-03-02T09:00-06:00")


def run(*words, cwd=ROOT, **env):
    return subprocess.run(
        [AIRPLAN, *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **env},
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--version",), 0),
        (CLOCK, 0),
        (("clock", "us-tx-ag", "--start", "2026-03-02T09:00", "--fact", "residents:US-TX=220"), 0),
        (("clock", "nothing", "--start", "2026-03-02T09:00"), 2),
        (("clok",), 2),
        (("clock", "hipaa-individuals"), 2),
        (("check", "nowhere.yaml"), 2),
        (("check", MINIMAL, "--strict"), 1),
        (("clock", "us-ca-cdph-health-facility", "--start", "2031-01-05T10:00"), 3),
    ],
)
def test_exit_codes(words, code):
    done = run(*words)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_data_on_stdout_alone_errors_on_stderr_alone():
    good, bad = run(*CLOCK, "--json"), run("clock", "nothing", "--start", "2026-03-02T09:00")
    assert good.stderr == ""
    assert good.stdout.startswith("{")
    assert bad.stdout == ""
    assert bad.stderr.startswith("error: ")


def test_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "generator", "--version"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.split()[0]) == (0, "airplan")


def _has_terminals() -> bool:
    """Whether this machine gives pseudo-terminals (a bare chroot does not)."""
    try:
        for end in os.openpty():
            os.close(end)
    except OSError:
        return False
    return True


def test_no_colour_where_none_is_wanted():
    """Also through a terminal: with NO_COLOR no escape sequence is written."""
    script = Path("/usr/bin/script")
    if not script.exists() or not _has_terminals():
        pytest.skip("no `script`, or no pseudo-terminal, to stand in for a terminal")
    for env, coloured in (({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)):
        done = subprocess.run(
            [script, "-qec", f"{AIRPLAN} {' '.join(CLOCK)}", "/dev/null"],
            cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
            env={**os.environ, "TERM": "xterm", **env},
        )  # fmt: skip
        assert done.returncode == 0
        assert ("\x1b[" in done.stdout) == coloured


def test_a_pipe_that_closes_early_is_no_fault():
    with subprocess.Popen(
        [AIRPLAN, "duties", PROFILES / "retail_chatbot.yaml", "--all", "--json"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdout.read(10)
        process.stdout.close()
        errors = process.stderr.read().decode()
        process.wait(timeout=60)
    assert "Traceback" not in errors
    assert "internal error" not in errors


def test_any_working_folder(tmp_path):
    done = run("build", MINIMAL, "--format", "md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "output/minimal\n"
    assert (tmp_path / "output/minimal/plan.json").is_file()


def test_a_profile_that_is_no_text(tmp_path):
    (tmp_path / "p.yaml").write_bytes(b"\xff\xfe\x00")
    done = run("check", "p.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "p.yaml:1:1" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_locale_without_utf8_does_not_break_names():
    done = run("duties", PROFILES / "retail_chatbot.yaml", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="")
    assert done.returncode == 0, done.stderr[-300:]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_clear_line():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([AIRPLAN, *CLOCK], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("error: reading or writing: ")
    assert "internal error" not in done.stderr


def test_a_file_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("schema", "--write", "-o", tmp_path / "file" / "below")
    assert done.returncode == 2
    assert "internal error" not in done.stderr
    assert str(tmp_path / "file") in done.stderr
