"""A redline shows every word that came and went, and taking it apart gives both texts back."""

from __future__ import annotations

import re

import pytest

from generator.diff.text import DEL, DEL_END, INS, INS_END, changed_lines, redline
from generator.render import redline as rendered
from generator.render.html import to_html


def side(text: str, *, new: bool) -> str:
    """One side of a redline."""
    out, start, end = (DEL, INS, INS_END) if new else (INS, DEL, DEL_END)
    text = re.sub(f"{out}[^{out}]*?{DEL_END if new else INS_END}", "", text)
    return text.replace(start, "").replace(end, "")


def html_of(old: str, new: str) -> str:
    body = to_html(redline(old, new))
    return rendered.marked(body.opening + body.html)


CASES = {
    "a word": ("Stop the scribe now.\n", "Stop the mailer now.\n"),
    "a cell": ("| A | B |\n| --- | --- |\n| one | two |\n", "| A | B |\n| --- | --- |\n| one | three |\n"),
    "a list item": ("- One old thing here\n- Two\n", "- One new thing here\n- Two\n"),
    "code": ("Run `stop --all` at once.\n", "Run `stop --all --now` at once.\n"),
    "bold": ("Say **never once** to them.\n", "Say **never twice** to them.\n"),
    "a task": ("- [ ] Call the first person\n", "- [ ] Call the second person\n"),
    "a heading": ("## Stop the old thing\n\nText.\n", "## Stop the new thing\n\nText.\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_both_sides_can_be_read_out_of_it(name):
    old, new = CASES[name]
    marked = redline(old, new)
    assert side(marked, new=False).split() == old.split()
    assert side(marked, new=True).split() == new.split()
    assert INS in marked
    assert DEL in marked


@pytest.mark.parametrize("name", CASES)
def test_its_html_is_nested_well(name):
    html = html_of(*CASES[name])
    open_tags: list[str] = []
    for slash, tag in re.findall(r"<(/?)([a-z0-9]+)[^>]*?>", html):
        if tag in ("hr", "br", "col"):
            continue
        if slash:
            assert open_tags.pop() == tag, html
        else:
            open_tags.append(tag)
    assert "<ins>" in html
    assert "<del>" in html
    assert not re.search("[⸨⸩⸢⸣]", html)


def test_the_same_text_has_no_marks():
    text = "# A\n\n- b\n\n```\ncode\n```\n"
    assert redline(text, text) == text


def test_a_row_that_came_and_one_that_went_leave_a_table():
    head = "| A | B |\n| --- | --- |\n"
    html = html_of(head + "| one | 1 |\n| two | 2 |\n", head + "| two | 2 |\n| three | 3 |\n")
    assert html.count("<tr>") == 4
    assert "<del>one</del>" in html
    assert "<ins>three</ins>" in html


def test_a_table_of_other_columns_is_replaced_as_a_whole():
    old = "| A | B |\n| --- | --- |\n| one | 1 |\n"
    new = "| A | B | C |\n| --- | --- | --- |\n| one | 1 | x |\n"
    assert html_of(old, new).count("<table") == 2


def test_a_fence_keeps_its_lines():
    html = html_of("```\na\nb\n```\n", "```\na\nc\n```\n")
    assert "a\n<del>b</del>\n<ins>c</ins>" in html


def test_marks_in_a_users_text_are_taken_out():
    assert redline("a ⸨b⸩\n", "a b\n") == "a b\n"


def test_no_mark_is_left_in_an_attribute():
    assert rendered.marked('<p title="⸨x⸩">⸨y⸩</p>') == '<p title="x"><ins>y</ins></p>'


def test_the_renderer_knows_every_mark():
    assert set(rendered.TAGS) == {INS, INS_END, DEL, DEL_END}


def test_lines_in_and_out():
    assert changed_lines("a\nb\nc\n", "a\nx\ny\nc\n") == (2, 1)
