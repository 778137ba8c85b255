from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from generator.cli import cli

GDPR = ["clock", "gdpr-art33-supervisory-authority", "--start", "2026-11-27T16:30", "--tz", "Europe/Berlin"]
HIPAA = ["clock", "hipaa-individuals", "--start", "2026-03-02T09:00", "--tz", "America/Chicago"]


def run(*args: str, env: dict[str, str] | None = None):
    return CliRunner().invoke(cli, list(args), env=env)


def test_json_on_the_shipped_law():
    result = run(*HIPAA, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["due"], answer["citation"]) == ("2026-05-01T23:59:59-05:00", "45 CFR 164.404(a)-(d)")


def test_the_72_hours_of_the_gdpr_on_the_shipped_law():
    answer = json.loads(run(*GDPR, "--json").stdout)
    assert (answer["due"], answer["act_by"]) == ("2026-11-30T17:00:00+01:00", "2026-11-30T16:30:00+01:00")


@pytest.mark.parametrize(("people", "dated"), [("220", False), ("250", True)])
def test_a_threshold_on_the_shipped_law(people, dated):
    args = (
        "clock",
        "us-tx-ag",
        "--start",
        "2026-02-10T09:00",
        "--fact",
        f"residents:US-TX={people}",
        "--json",
    )
    result = run(*args)
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["due"] is not None) == (0, dated)
    assert json.loads(run(*args, "--hypothetical").stdout)["due"] is not None


def test_a_year_outside_the_calendar_is_exit_3():
    result = run("clock", "us-ca-cdph-health-facility", "--start", "2031-01-05T10:00")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "us-ca holds 2024 to 2030, not 2031" in result.stderr


def test_people_see_the_date_first():
    result = run(*HIPAA)
    assert result.exit_code == 0
    assert "ACT BY   Fri 1 May 2026 23:59:59 (-05:00)" in result.stdout.splitlines()[2]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["clock", "hipaa-individual", "--start", "2026-03-02T09:00Z"], "did you mean `hipaa-individuals`"),
        (["clock", "hipaa-individuals", "--start", "2026-03-02T09:00"], "add an offset"),
        (["clock", "hipaa-individuals", "--start", "soon"], "write a time like"),
        (["clock", "hipaa-individuals", "--start", ""], "write a time like"),
        (["clock", "hipaa-individuals", "--start", "2026-02-29T10:00Z"], "no such date"),
        (["clock", "hipaa-individuals", "--start", "9999-12-31T23:59-12:00"], "between 1970 and 2199"),
        ([*HIPAA[:-1], "Mars/Foo"], "no time zone `Mars/Foo`"),
        ([*HIPAA, "--at", "aware=2026-03-01T00:00"], "does not use `aware`"),
        ([*HIPAA, "--at", "aware"], "write EVENT=DATETIME"),
        ([*HIPAA, "--at", "discovered=2026-03-01T00:00"], "is the start of the duty"),
        ([*HIPAA, "--fact", "encryptd=yes"], "did you mean `encrypted`"),
        ([*HIPAA, "--as-of", "2026-13-01"], "--as-of 2026-13-01"),
    ],
)
def test_every_mistake_is_one_clear_line(args, words):
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


def test_a_fact_that_lifts_the_duty():
    result = run(*HIPAA, "--fact", "encrypted=yes", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["due"], bool(answer["why"])) == (0, None, True)


def test_days_added_by_a_file(tmp_path):
    file = tmp_path / "days.yaml"
    file.write_text("2026-11-25: strike\n", encoding="utf-8")
    assert run(*HIPAA, "--holidays", str(file)).exit_code == 0
    file.write_text("soon: strike\n", encoding="utf-8")
    assert run(*HIPAA, "--holidays", str(file)).exit_code == 2


def test_unknown_command_and_missing_module():
    assert "did you mean `clock`" in run("clok").stderr
    assert run("--version").stdout.startswith("airplan ")


def test_an_internal_error_is_one_line(monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom\nagain")

    monkeypatch.setattr("generator.cli.clock_inputs.computed", broken)
    result = run(*HIPAA)
    assert result.exit_code == 70
    assert result.stderr.count("\n") == 1
    assert "please report" in result.stderr
    assert "Traceback" in run(*HIPAA, env={"AIRPLAN_DEBUG": "1"}).stderr


@pytest.mark.parametrize("args", [["--help"], ["clock", "--help"]])
def test_help_is_light(args):
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom generator.cli import cli\n"
        f"assert CliRunner().invoke(cli, {args!r}).exit_code == 0\n"
        "print(sorted({'pydantic', 'weasyprint', 'yaml', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
