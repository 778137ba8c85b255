"""Any value prints as exactly that text: Markdown that CommonMark and our HTML read back as the same words."""

from __future__ import annotations

import re
import shlex
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.render.escape import COMMAND_WIDTH, command_lines, fenced, inline_code, one_line, plain, settle
from generator.render.html import to_html

HOSTILE = [
    "<img src=file:///etc/passwd>",
    "| broken | table",
    "{{ 7*7 }}",
    "Acme | Evil\n# H1",
    "# heading",
    "- item",
    "1. item",
    "12) item",
    "> quote",
    "---",
    "===",
    "*bold* _it_ `code` ~~gone~~",
    "[a](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "<script>alert(1)</script>",
    "&amp; &copy; &#60; AT&T R&D",
    "\\",
    "\\*",
    "a\\|b",
    "```\nfence",
    "~~~",
    "    indented",
    "[ref]: http://evil.example",
    "<https://evil.example>",
    "{#evil}",
    "{@what-happened}",
    ":---",
    "+ plus",
    "snake_case_name",
    "a < b > c",
    "5 * 3 * 2",
    "Stop!",
    "\u202eevil\u202c",
    "tab\there",
    "\ue001# private",
    "__init__",
    "___",
    "a~b ~~",
    "#",
    "x ##",
    "C#",
]
A_BLANK = re.compile(r"\[ (?:_{8}|____ .* ____) \]")
"""The one piece of text that is not kept as text: a blank is a blank whoever writes it."""
LINES = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
MARKUP = st.text(st.sampled_from("ab 1.)#>*_`~|[]()!<>&;\\{}-+=:\n\"'"), max_size=40)
VALUES = st.one_of(LINES, MARKUP).filter(lambda text: not A_BLANK.search(text))


def words(html: str) -> str:
    """The text of a piece of HTML, white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def expected(text: str) -> str:
    return " ".join(one_line(text).split())


def in_paragraph(text: str) -> str:
    return words(to_html(settle(plain(text))).opening)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_value_alone_on_a_line_prints_as_itself(text):
    body = to_html(settle(plain(text)))
    assert words(body.opening) == expected(text)
    assert set(re.findall(r"<(\w+)", body.opening)) <= {"p"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_value_in_a_table_stays_in_its_cell(text):
    markdown = settle(f"| A | B |\n| --- | --- |\n| {plain(text)} | second |\n| third | {plain(text)} |\n")
    html = to_html(markdown).opening
    cells = [words(cell) for cell in re.findall(r"<td>(.*?)</td>", html, re.DOTALL)]
    assert cells == [expected(text), "second", "third", expected(text)]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_value_in_a_list_and_in_bold_prints_as_itself(text):
    html = to_html(settle(f"- {plain(text)}\n- **x{plain(text)}**\n")).opening
    items = [words(item) for item in re.findall(r"<li>(.*?)</li>", html, re.DOTALL)]
    assert items == [expected(text), "x" + expected(text)] or items[0] == expected(text)


@given(VALUES)
def test_any_text_round_trips_through_a_paragraph(text):
    assert in_paragraph(text) == expected(text)


@given(VALUES)
def test_any_text_round_trips_inside_a_sentence(text):
    body = to_html(settle(f"The client {plain(text)} is told."))
    assert words(body.opening) == " ".join(f"The client {one_line(text)} is told.".split())


@given(VALUES)
def test_any_text_round_trips_in_a_table_cell(text):
    html = to_html(settle(f"| A | B |\n| --- | --- |\n| {plain(text)} | end |\n")).opening
    cells = [words(cell) for cell in re.findall(r"<td>(.*?)</td>", html, re.DOTALL)]
    assert cells == [expected(text), "end"]


@given(VALUES)
def test_any_text_round_trips_as_inline_code(text):
    code = inline_code(text)
    html = to_html(settle(f"See {code} here.\n\n| A | B |\n| --- | --- |\n| {code} | end |\n")).opening
    inside = [unescape(found) for found in re.findall(r"<code>(.*?)</code>", html, re.DOTALL)]
    assert [" ".join(found.split()) for found in inside] == [expected(text)] * (2 if expected(text) else 0)
    assert "<td>end</td>" in html


@given(VALUES)
def test_any_text_round_trips_in_a_heading(text):
    body = to_html(settle(f"# Title {plain(text)}\n"))
    assert " ".join(body.title.split()) == " ".join(f"Title {one_line(text)}".split())


def test_raw_markdown_stays_readable():
    assert settle(plain("R&D at AT&T, a_b, 5 * 3, 3 < 4, Art. 33(1), 100%, #1 and C# (ok)")) == (
        "R&D at AT&T, a_b, 5 * 3, 3 < 4, Art. 33(1), 100%, #1 and C# (ok)\n"
    )


def test_line_start_is_escaped_only_at_the_start_of_a_line():
    assert settle(f"- {plain('# x')}\n") == "- \\# x\n"
    assert settle(f"a {plain('# x')}\n") == "a # x\n"
    assert settle(f"| {plain('- x')} |\n") == "| - x |\n"
    assert settle(plain("1. x")) == "1\\. x\n"


WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=400)


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_a_command_is_the_same_command_after_pasting(arguments):
    lines = command_lines(arguments)
    pasted = "\n".join(lines).replace("\\\n", "")
    assert shlex.split(pasted) == arguments


@given(st.lists(st.text("abc-/'\" ", min_size=1, max_size=30), min_size=1, max_size=12))
def test_a_command_is_broken_between_arguments(arguments):
    lines = command_lines(arguments)
    longest = max(len(shlex.quote(argument)) for argument in arguments)
    assert all(len(line) <= max(COMMAND_WIDTH, longest + 4) for line in lines)
    assert all(line.endswith(" \\") for line in lines[:-1])


def test_an_over_long_argument_stays_whole():
    argument = "x" * 140
    assert any(argument in line for line in command_lines(["run", argument]))


@given(MARKUP)
def test_a_fence_holds_any_text(text):
    html = to_html(settle(f"before\n\n{fenced(text)}\n\nafter\n")).opening
    assert words(html.split("</pre>")[1]) == "after"


def test_settle_tidies_white_space():
    assert settle("\n\n# A  \n\n\n\nb\r\nc\n\n\n") == "# A\n\nb\nc\n"
    assert settle("```\na\n\n\n\nb\n```\n") == "```\na\n\n\n\nb\n```\n"
