"""The Jinja2 set-up and compose: escaping, macros, strictness, anchors."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import RenderError
from generator.model.document import DocumentSpec
from generator.render.markdown import Composed, compose
from generator.render.templating import html_environment, markdown_environment, render, trusted_html
from generator.render.words import filters, functions
from tests.plan_factory import notice, plan, switch

SHEET = DocumentSpec(
    id="sheet", template="sheet.md.j2", file="sheet", title="Sheet", audience="internal", layout="notice"
)


def composed(tmp_path: Path, text: str, **changes: object) -> Composed:
    """The text as a template, composed for the hand-made plan."""
    (tmp_path / "parts").mkdir(exist_ok=True)
    (tmp_path / "parts" / "head.md.j2").write_text("")
    (tmp_path / "sheet.md.j2").write_text(text)
    return compose(plan(**changes), [SHEET], templates=[tmp_path])[0]


def markdown(tmp_path: Path, text: str, **changes: object) -> str:
    return composed(tmp_path, f"# T {{#t}}\n\n{text}", **changes).markdown.removeprefix("# T\n\n")


@pytest.mark.parametrize(
    ("client", "printed"),
    [
        ("<img src=file:///etc/passwd>", "\\<img src=file:///etc/passwd>\n"),
        ("| broken | table", "\\| broken \\| table\n"),
        ("{{ 7*7 }}", "{{ 7\\*7 }}\n"),
    ],
)
def test_a_client_name_is_text(tmp_path, client, printed):
    assert markdown(tmp_path, "{{ plan.identity.client }}", identity={"client": client}) == printed


def test_macro_call_and_set_blocks_are_escaped_once(tmp_path):
    text = """{% macro m(x) %}**{{ x }}**{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}
{% set block %}<{{ "a*b" }}>{% endset %}
{{ m("a_*b") }} {{ block }} {% call m("c") %}<{{ "d*" }}{% endcall %}"""
    assert markdown(tmp_path, text) == "**a\\_\\*b** <a\\*b> **c**<d\\*\n"


def test_joining_keeps_spaces_and_escapes_values(tmp_path):
    text = '{{ ["a*", "b|"]|join(", ") }}; {{ "x*" ~ gap("y") }}; {{ gap("z") + "*" }}{{ ", " }}end'
    assert markdown(tmp_path, text) == "a\\*, b\\|; x\\***[GAP: y]**; **[GAP: z]**\\*, end\n"


def test_keys_win_over_dict_methods(tmp_path):
    rich = notice(items=[{"duty": "d", "item": "i", "text": "say it", "rule": "must", "heading": None}])
    assert markdown(tmp_path, "{{ plan.notices[0].items[0].text }}", notices=[rich]) == "say it\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ plan.nothing_here }}", "sheet.md.j2:3"),
        ("\n{{ plan.identity.next_review and none }}", "cannot be printed"),
        ("{{ plan.bindings }}", "list or mapping"),
        ("{% if %}", "sheet.md.j2:3"),
        ("## No id", "needs an id"),
        ("## A {#t}", "used twice"),
        ("[x](#lost)", "lost"),
        ("{{ plan.__class__ }}", "unsafe"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ fail('no drafter') }}", "no drafter"),
        ("{{ plan.identity.update(id='x') }}", "unsafe"),
    ],
)
def test_a_mistake_stops_the_run_with_its_place(tmp_path, text, words):
    with pytest.raises(RenderError, match=words):
        markdown(tmp_path, text)


def test_anchors_go_into_the_sidecar(tmp_path):
    result = composed(
        tmp_path, "# T {#top}\n\n## S {{ 'x*' }} {#s-{{ 'a'|lower }}}\n\n[s](#s-a)\n\n```\n# no {#id}\n```\n"
    )
    assert [(a.id, a.text) for a in result.anchors] == [("top", "T"), ("s-a", "S x\\*")]
    assert result.markdown == "# T\n\n## S x\\*\n\n[s](#s-a)\n\n```\n# no {#id}\n```\n"


def test_comments_need_a_space(tmp_path):
    assert markdown(tmp_path, "a{# gone #}b") == "ab\n"


def test_look_ups(tmp_path):
    text = """{{ contact("on-call").primary }} {{ who("nobody") }}
{{ duty("gdpr-art33-supervisory-authority").limit_words }} {{ duty("x") is none }} {{ switch("K1").drill_words }}"""
    assert markdown(tmp_path, text) == "Ana Ruiz **[GAP: who is nobody]**\n72 hours yes NEVER DRILLED\n"


def test_imported_macros_see_the_plan(tmp_path):
    (tmp_path / "m.md.j2").write_text(
        "{% macro c() %}{{ plan.identity.client }} {{ gap('x') }}{% endmacro %}"
    )
    assert markdown(tmp_path, "{% import 'm.md.j2' as m %}{{ m.c() }}") == "Acme Outdoor **[GAP: x]**\n"


def test_a_command_and_inline_code(tmp_path):
    commands = [switch("K1", command=["echo", "a`b", "c|d"])]
    text = "{{ plan.switches[0].switch.command|command }}\n\n| {{ 'a|b'|code }} |\n\n{{ 'a|b'|code }}"
    assert markdown(tmp_path, text, switches=commands) == (
        "```sh\necho 'a`b' 'c|d'\n```\n\n| `a\\|b` |\n\n`a|b`\n"
    )


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("'2026-11-24'|date", "November 24, 2026"),
        ("none|date", "**[GAP: date]**"),
        ("'2026-11-29T02:13:00-07:00'|moment", "Sunday, November 29, 2026, 02:13 (UTC-07:00)"),
        ("{'value': 1, 'unit': 'hours'}|duration", "1 hour"),
        ("{'value': 15, 'unit': 'minutes'}|duration", "15 minutes"),
        ("{'value': 3, 'unit': 'days_undefined'}|duration", "3 days"),
        ("90|minutes", "90 minutes"),
        ("120|minutes", "2 hours"),
        ("2880|minutes", "2 calendar days"),
        ("1200|number", "1,200"),
        ("'law'|basis", "(law)"),
        ("{'value': 1, 'basis': 'contract'}|basis", "(contract)"),
        ("none|phone", "**[GAP: phone]**"),
        ("counted(1, 'duty')", "1 duty"),
        ("counted(3, 'duty')", "3 duties"),
        ("plural(2, 'day')", "days"),
        ("blank('date')", "[ ____ date ____ ]"),
        ("blank()", "[ ________ ]"),
        ("'https://a.example/x'|link", "<https://a.example/x>"),
        ("link('https://a.example/(x)', 'the *portal*')", "[the \\*portal\\*](<https://a.example/(x)>)"),
        ("link('javascript:x', 'y')", "y (javascript:x)"),
        ("none|cell", "–"),
        ("['a', 'b|']|cell", "a; b\\|"),
        ("'a\n\nb\nc'|paragraphs", "a\n\nb c"),
    ],
)
def test_filters(tmp_path, expression, printed):
    assert markdown(tmp_path, "x {{ " + expression + " }}") == f"x {printed}\n"


def test_a4_writes_dates_the_european_way(tmp_path):
    assert markdown(tmp_path, "{{ plan.as_of|date }}", identity={"paper": "a4"}) == "24 November 2026\n"


def test_several_notices_come_from_one_entry(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "head.md.j2").write_text("")
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "plain.md.j2").write_text("# {{ notice.title }} {#n}\n")
    spec = DocumentSpec(
        id="notices",
        template="notices/{template}.md.j2",
        file="notices",
        title="Notices",
        audience="internal",
        layout="notice",
        for_each="notices",
    )
    both = [notice("one", title="One"), notice("two", title="Two", audience="customer")]
    result = compose(plan(notices=both), [spec], templates=[tmp_path])
    assert [(c.id, c.stem, c.title, c.audience) for c in result] == [
        ("notices/one", "notices/one", "One", "regulator"),
        ("notices/two", "notices/two", "Two", "customer"),
    ]


def test_html_furniture_escapes(tmp_path):
    (tmp_path / "f.html.j2").write_text("<p>{{ x }}{{ y }}</p>")
    environment = html_environment(tmp_path)
    assert (
        render(environment, "f.html.j2", {"x": "<img>", "y": trusted_html("<b>ok</b>")})
        == "<p>&lt;img&gt;<b>ok</b></p>"
    )


def test_filters_for_html_are_gone(tmp_path):
    environment = markdown_environment((tmp_path,), filters(american=True), functions())
    assert not {"safe", "e", "escape", "tojson"} & set(environment.filters)
