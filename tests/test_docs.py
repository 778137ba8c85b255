"""The documentation says what the program does: commands, links, numbers and examples."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import COMMANDS, cli
from generator.errors import InvalidInput
from generator.sources.lawbook import load_lawbook
from generator.sources.profiles import load_profile_text
from generator.sources.tree import Node, grow, merge, plain
from generator.sources.yaml_source import read_yaml
from generator.workflows.plans import known

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "templates").rglob("*.md")})
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def blocks(page: str, kind: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [body for language, body in FENCE.findall(text) if language == kind]


def shown(command: str) -> list[str]:
    """The lines that a command prints on stdout and stderr. Its words hold no quotes."""
    return CliRunner().invoke(cli, command.split()[1:], prog_name="airplan").output.splitlines()


def assert_excerpt(excerpt: list[str], whole: list[str]) -> None:
    """Each line stands in `whole`, in order. `...` alone is any lines, inside a line any words."""
    rest = iter(whole)
    for line in excerpt:
        if line == "...":
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split("..."))))
        assert any(pattern.fullmatch(found) for found in rest), f"not printed: {line}"


# --- commands ----------------------------------------------------------------------------


def test_the_page_of_commands_is_what_help_prints():
    spec = importlib.util.spec_from_file_location("make_cli_docs", ROOT / "scripts" / "make_cli_docs.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made = script.page()
    assert script.PAGE.read_text(encoding="utf-8") == made, "run: python scripts/make_cli_docs.py"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name):
    rows = [
        line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("| `airplan ")
    ]
    assert any(re.match(rf"\| `airplan {name}[ `]", row) for row in rows)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_command_that_is_not_there(page):
    text = page.read_text(encoding="utf-8")
    told = re.findall(r"`airplan ([a-z]+)", text)
    for _, block in FENCE.findall(text):
        told += re.findall(r"^(?:\$ | +)?airplan ([a-z]+)", block, re.MULTILINE)
    assert set(told) <= set(COMMANDS)


# --- links -------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """Ids of headings, as web views of Markdown make them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    text = re.sub(r"`[^`\n]*`(?!\])", "", FENCE.sub("", page.read_text(encoding="utf-8")))
    dead = []
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        whole = (page.parent / name).resolve() if name else page
        there = whole.is_relative_to(ROOT) and whole.exists()
        if not there or (anchor and whole.suffix == ".md" and anchor not in anchors(whole)):
            dead.append(target)
    assert not dead


def test_files_that_the_readme_names_exist():
    text = README.read_text(encoding="utf-8")
    named = re.findall(r"`((?:catalog|templates|regulations|profiles|examples|scripts|docs)/[\w./-]*)`", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


# --- numbers and examples ----------------------------------------------------------------


def test_the_readme_counts_the_law_book_right():
    book = load_lawbook()
    duties = tuple(book.duties.values())
    versions = sum(len(duty.versions) for duty in duties)
    regulations = len({book.regulation_of(duty.id).id for duty in duties})
    words = f"{len(duties)} duties of {regulations} regulations, in {versions} dated versions"
    assert words in README.read_text(encoding="utf-8"), f"README, Limits: write {words}"


def test_the_readme_names_every_jurisdiction():
    book = load_lawbook()
    text = README.read_text(encoding="utf-8").partition("## Limits")[2]
    groups = {"US": "United States", "EU": "EU", "EEA": "EEA", "GB": "United Kingdom"}
    found = {book.regulation_of(duty).jurisdiction for duty in book.duties}
    states = {place for place in found if place.startswith("US-")}
    assert len(states - {"US-DC", "US-GU", "US-PR", "US-VI"}) == 50
    assert "all fifty states, the District of Columbia, Guam, Puerto Rico and the US Virgin Islands" in text
    found -= states
    names = [groups.get(place) or book.registry.places.names[place] for place in sorted(found)]
    assert [name for name in names if str(name) not in text] == []


@pytest.mark.parametrize("block", blocks("deadlines.md", "console"))
def test_worked_deadlines_are_what_clock_prints(block):
    commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    assert commands
    for command, output in commands:
        assert_excerpt(output.splitlines(), shown(command))


def tree(text: str, path: Path) -> Node:
    return grow(*read_yaml(text, path))


def test_the_profile_by_example_is_valid_whole_and_least():
    least, *more = blocks("profile.md", "yaml")
    load_profile_text(least, ROOT / "profiles" / "least.yaml", known())
    path = ROOT / "profiles" / "whole.yaml"
    whole = tree(least, path)
    for fragment in more:
        whole = merge(whole, tree(fragment, path))
    loaded = load_profile_text(json.dumps(plain(whole)), path, known())
    assert {"contracts", "detection", "review", "drills"} <= set(loaded.raw)


def test_the_common_errors_are_what_check_prints():
    text = (ROOT / "tests" / "data" / "minimal.yaml").read_text(encoding="utf-8")
    for right, wrong in (
        ("owner: ana\n", "owner: anna\n"),
        ("residence: DE", "residence: Germany"),
        ("+1 303 555 0143", "303 555 0143"),
        ("kind: chatbot", "kind: chat"),
        ("effective: 2026-11-24", "effective: 24 Nov 2026"),
    ):
        assert right in text
        text = text.replace(right, wrong)
    text += "review:\n  within: {value: 10, unit: business_days}\n"
    with pytest.raises(InvalidInput) as caught:
        load_profile_text(text, Path("bad.yaml"), known())
    block = blocks("profile.md", "console")[0].splitlines()
    lines = [line.strip() for line in block if line.startswith("  ")]
    assert_excerpt(lines, str(caught.value).splitlines())
    assert len(lines) == len(caught.value.problems)


def test_the_first_walk_through_is_what_happens(tmp_path):
    from generator.workflows import packs, plans

    file = tmp_path / "client.yaml"
    answers = ROOT / "examples" / "answers-clinical.yaml"
    call = ["new", str(file), "--from", "clinical_hipaa_ba", "--answers", str(answers), "--no-build"]
    assert CliRunner().invoke(cli, call, prog_name="airplan").exit_code == 0
    look, before = plans.first_look(file), plans.plan_profile(file).plan
    (tmp_path / "plan.json").write_bytes(plans.plan_json(before))
    printed = [f"{name}: {reason}" for name, reason in (*look.binds, *look.near)]
    printed += [look.sunday, *look.gaps]
    text = file.read_text(encoding="utf-8")
    for count, total in ((700, 1900), (0, 1200)):
        changed = text.replace("count: 300", f"count: {count}").replace("total: 1500", f"total: {total}")
        file.write_text(changed, encoding="utf-8")
        found = packs.changes_since(tmp_path, plans.plan_profile(file))
        printed += [f"{change.sign} {change.words}" for change in found]

    section = README.read_text(encoding="utf-8").partition("## Your own client")[2].partition("\n## ")[0]
    shown_there = [line for _, block in FENCE.findall(section) for line in block.splitlines()]
    lines = [line.strip() for line in shown_there if line.startswith("  ")]
    told = [line for line in lines if not line.startswith("...") and line != "client.yaml"]
    assert len(told) > 8
    assert_excerpt(told, printed)


def test_the_worked_example_of_the_incidents_page_is_an_excerpt_of_its_transcript():
    text = (ROOT / "examples/loan-incident/transcript.md").read_text(encoding="utf-8")
    transcript = [body.splitlines() for language, body in FENCE.findall(text) if language == "console"]
    calls = [
        call.splitlines()
        for block in blocks("incidents.md", "console")
        for call in re.split(r"^(?=\$ )", block, flags=re.MULTILINE)
        if call
    ]
    assert len(calls) > 15
    for head, *lines in calls:
        pattern = re.compile(".*".join(map(re.escape, head.split("..."))))
        (whole,) = [block for block in transcript if pattern.fullmatch(block[0])]
        assert_excerpt(lines, whole[1:])


def test_every_test_that_the_incidents_page_names_is_there():
    page = (ROOT / "docs/incidents.md").read_text(encoding="utf-8")
    there = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", page))
    assert len(named) > 12
    assert {name for name in named if f"def {name}(" not in there} == set()
