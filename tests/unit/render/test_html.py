"""Markdown -> HTML: ids from the sidecar, closed links, tables, code, blanks."""

from __future__ import annotations

import re

import pytest

from generator.render.html import match_ids, to_html
from generator.render.jobs import Anchor
from generator.render.tables import column_widths

ANCHORS = (Anchor("t", "T"), Anchor("one", "One"), Anchor("two", "Same"), Anchor("three", "Same"))


def test_headings_get_the_ids_of_the_sidecar():
    body = to_html("# T\n\n## One\n\n## Same\n\n## Same\n", ANCHORS)
    assert [(h.level, h.id, h.words) for h in body.headings] == [
        (1, "t", "T"), (2, "one", "One"), (2, "two", "Same"), (2, "three", "Same"),
    ]  # fmt: skip
    assert body.title == "T"
    assert len(body.sections) == 3


def test_an_edited_document_keeps_the_ids_it_can():
    texts = ["T", "New first", "One, reworded", "Same", "Same", "New last"]
    assert match_ids(texts, ANCHORS)[3:5] == ["two", "three"]
    assert match_ids(["T", "Uno", "Same", "Same"], ANCHORS) == ["t", "one", "two", "three"]
    body = to_html("# T\n\n## Added by hand\n\n## One\n", ANCHORS)
    assert [h.id for h in body.headings] == ["t", "added-by-hand", "one"]


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "file:///etc/passwd", "vbscript:x", "data:text/html,x", "/etc/passwd", "#gone"],
)
def test_other_links_are_words(target):
    html = to_html(f"[words]({target})").opening
    assert "href" not in html
    assert "words" in html


def test_links_in_the_document_and_outside():
    body = to_html("# T\n\n[in](#t) [out](https://a.example/x)\n", ANCHORS)
    assert '<a href="#t" class="inside">in</a>' in body.opening
    assert '<a href="https://a.example/x" class="outside">out</a>' in body.opening


def test_pictures_and_raw_html_are_text():
    html = to_html(
        '![alt](https://a.example/x.png) <img src="x"> <script>x</script>\n\n<div>block</div>\n'
    ).opening
    assert "<img" not in html
    assert "<script" not in html
    assert "<div" not in html
    assert "[picture: alt]" in html


def test_tables_have_scopes_and_widths():
    html = to_html("| A | B |\n| --- | ---: |\n| long words in here | 1 |\n").opening
    assert '<th scope="col">A</th>' in html
    assert '<th class="to-right" scope="col">B</th>' in html
    assert len(re.findall(r'<col style="width:', html)) == 2
    assert "columns-2" in html


def test_a_table_without_headings_has_them_in_its_first_column():
    """PDF/UA: every table needs header cells."""
    html = to_html("| | |\n| --- | --- |\n| Owner | Ana |\n| Approver | |\n").opening
    assert html.count('<th scope="row">') == 2
    assert '<th scope="row">Owner</th>\n<td>Ana</td>' in html
    assert '<th scope="row">Approver</th>' in html
    assert 'scope="row"' not in to_html("| A | |\n| --- | --- |\n| 1 | 2 |\n").opening


def test_widths_follow_the_words():
    widths = column_widths(
        [["Code", "What it stops"], ["K1", "All answers of the assistant in the shop " * 3]], 100
    )
    assert widths[0] < 15
    assert sum(widths) == pytest.approx(100, abs=0.3)
    even = column_widths([["One", "Two"], ["a b", "c d"]], 100)
    assert even == [50.0, 50.0]


def test_no_column_is_narrower_than_its_longest_word():
    rows = [["Duty", "Recipient"], ["x " * 200, "Superintendent"]]
    widths = column_widths(rows, 60)
    assert widths[1] * 60 / 100 >= len("Superintendent")


def test_columns_to_write_in_are_wide():
    html = to_html("| A | B |\n| --- | --- |\n| x | [ ________ ] |\n| y | [ ____ date ____ ] |\n").opening
    assert "to-fill" in html
    assert column_widths([["A", "B"], ["x " * 300, ""]], 100)[1] > 14


def test_long_code_lines_get_smaller_type():
    assert "font-size" not in to_html("```\nshort\n```\n").opening
    size = float(
        re.search(r"font-size:([0-9.]+)pt", to_html(f"```\n{'x' * 120}\n```\n", width_pt=460).opening)[1]
    )
    assert size * 0.6 * 120 <= 460


def test_code_is_kept_to_the_byte():
    html = to_html("```sh\na  'b'   \"c\" -- x\n  --y\n```\n").opening
    assert html == "<pre><code>a  'b'   \"c\" -- x\n  --y</code></pre>\n"


def test_blanks_gaps_boxes_and_phones():
    html = to_html(
        "[ ____ date and time ____ ] **[GAP: phone]** and +1 303 555 0142.\n\n- [ ] do\n- [x] done\n"
    ).opening
    assert '<span class="blank"><span class="blank-label">date and time</span></span>' in html
    assert '<strong class="gap">[GAP: phone]</strong>' in html
    assert '<span class="phone">+1 303 555 0142</span>.' in html
    assert html.count('<li class="task">') == 2
    assert '<span class="box">☐ </span>do' in html
    assert '<span class="box">☒ </span>done' in html


def test_two_blanks_in_one_line_are_two_blanks():
    html = to_html("From [ ____ a ____ ] to [ ____ b ____ ] and [ ________ ] or [ ________ ].").opening
    assert html.count('class="blank"') == 2
    assert html.count('class="blank wide"') == 2


def test_a_paragraph_of_blanks_is_ruled():
    html = to_html("[ ________ ]\n[ ________ ]\n\n**Name:** [ ________ ]\n").opening
    assert '<p class="ruled">' in html
    assert '<p class="filled" style="--room:' in html
