"""Every command explains itself, with examples, and the README lists it."""

import re

import pytest

from generator.cli import COMMANDS
from tests.cli.run import ROOT, airplan

README = ROOT / "README.md"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_that_parses(command):
    result = airplan(command, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert f"\n    airplan {command} " in result.stdout or f"\n  airplan {command} " in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_the_exit_codes_mean(command):
    if command == "schema":
        pytest.skip("has no other code than 0 and 2")
    assert "Exit codes:" in airplan(command, "--help").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained(command):
    text = airplan(command, "--help").stdout
    options = text[text.index("Options:") :].split("\n\n")[0]
    for line in options.splitlines()[1:]:
        found = re.match(r"  (-[^ ]+(?:, --[a-z-]+)?(?: [A-Z.=|]+)?)$", line)
        following = options[options.index(line) + len(line) + 1 :].splitlines()[:1]
        assert not found or (following and following[0].startswith("      ")), line


def test_the_group_lists_every_command_once():
    text = airplan("--help").stdout
    for command, entry in COMMANDS.items():
        assert len(re.findall(rf"^  {command} +", text, re.MULTILINE)) == 1
        assert entry.help.split()[0] in text


def test_h_is_help():
    assert airplan("-h").stdout == airplan("--help").stdout


def test_examples_name_files_and_duties_that_exist():
    from generator.workflows.plans import sources

    for command in COMMANDS:
        text = airplan(command, "--help").stdout
        for path in re.findall(r"\b(?:profiles|examples)/[a-z0-9_-]+\.yaml", text):
            assert (ROOT / path).is_file(), f"{command}: {path}"
        for duty in re.findall(r"airplan clock ([a-z0-9-]+)", text):
            assert duty in sources().book.duties, f"{command}: {duty}"


@pytest.mark.skipif(not README.is_file(), reason="no README yet")
@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_lists_the_command(command):
    assert f"airplan {command}" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["clock"], "airplan clock: missing argument 'DUTY'; see airplan clock --help"),
        (["--strict"], "airplan: no such option '--strict'"),
        (["clok"], "airplan: no command `clok`; did you mean `clock`?; see airplan --help"),
        (["clock", "x", "--begin", "1"], "airplan clock: no such option '--begin'"),
        (
            ["incident", "opn"],
            "airplan incident: no step `opn`; did you mean `open`?; see airplan incident --help",
        ),
        (
            ["deadlines", "none.yaml"],
            "airplan deadlines: invalid value for 'PROFILE': File 'none.yaml' does not exist",
        ),
    ],
)
def test_a_wrong_call_is_told_in_one_line(words, told):
    result = airplan(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(f"error: {told}")
    assert result.stderr.endswith("--help\n")
