"""`--help` imports nothing heavy. No timing: the modules are what costs."""

import subprocess
import sys

import pytest

from generator.cli import COMMANDS
from tests.cli.run import ROOT

_HEAVY = {
    "weasyprint",
    "pydantic",
    "jinja2",
    "yaml",
    "markdown_it",
    "pikepdf",
    "rich",
    "phonenumbers",
    "ruamel",
}
_CODE = """
import sys
sys.argv = ["airplan", *sys.argv[1:]]
from generator.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("\\n@" + " ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def imported(*words):
    done = subprocess.run(
        [sys.executable, "-c", _CODE, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.rpartition("@")[2].split())


@pytest.mark.parametrize("words", [("--help",), ("--version",), *((name, "--help") for name in COMMANDS)])
def test_help_is_light(words):
    assert imported(*words) & _HEAVY == set()


def test_a_clock_needs_no_renderer():
    found = imported("clock", "hipaa-individuals", "--start", "2026-03-02T09:00Z", "--json")
    assert found & {"weasyprint", "jinja2", "markdown_it", "pikepdf", "rich", "phonenumbers"} == set()


def test_duties_of_a_profile_need_no_renderer():
    found = imported("duties", "profiles/retail_chatbot.yaml", "--json")
    assert found & {"weasyprint", "jinja2", "markdown_it", "pikepdf"} == set()
