"""The drawing of a pipeline: the same bytes, whatever the names hold; nothing outside the sheet; only the pack's own."""

from __future__ import annotations

import copy
import io
import re
import xml.etree.ElementTree as ET
from functools import cache
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.paths import data_folder
from generator.render.diagram import NAME, WIDTH, pipeline, shown_in
from generator.render.escape import plain
from generator.render.html import to_html
from generator.render.markdown import compose_data
from generator.render.svg import fit, measure
from generator.sources.documents import load_documents
from generator.workflows.packs import prepare_pack
from tests.plan_factory import plan, plan_data
from tests.unit.planning.vary import ROOT
from tests.unit.planning.vary import plan as shipped_plan

HOSTILE = '</text><script>alert("1")</script> & Co | ]](https://evil.example) \x07 Ünï'
SVG = "{http://www.w3.org/2000/svg}"


def agent(identifier: str, **changes) -> dict:
    return {
        "id": identifier,
        "name": identifier.title(),
        "role": "works",
        "switch": "A1",
        "can_be_cut_alone": True,
        **changes,
    }


def handoff(start: str, end: str | None, breaker: str | None = "B1", outside: str | None = None) -> dict:
    identifier = f"{start}-{end or 'out'}-{breaker}".lower()
    return {"id": identifier, "from": start, "to": end, "to_outside": outside, "breaker": breaker}


def data(agents: list[dict], handoffs: list[dict]) -> dict:
    deployment = {**plan_data()["deployment"], "agents": agents, "handoffs": handoffs}
    return plan(main_switch="K1", deployment=deployment, bindings=[], notices=[]).to_json_data()


LETTERS = "abcdef"


def large() -> dict:
    """Six agents and twelve hand-offs of every kind, with long names."""
    agents = [agent(letter, name=f"Agent {letter} " * 6) for letter in LETTERS]
    agents[4] = agent(
        "e", gate={"role": "on-call", "releases": "Every decision that costs somebody something, " * 4}
    )
    agents[5] = agent("f", switch=None)
    edges = [handoff(a, b, f"B{a}".upper()) for a, b in pairwise(LETTERS)]
    edges += [
        handoff("a", "e", "X1"),
        handoff("b", "d", "X2"),
        handoff("f", "a", "X3"),
        handoff("c", "c", None),
    ]
    edges += [handoff("f", None, f"O{n}", f"Outside system number {n} of a long name") for n in range(3)]
    return data(agents, edges)


def texts(svg: bytes) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_one_agent_has_no_pipeline():
    assert pipeline(data([agent("a")], [])) is None


def test_the_same_plan_gives_the_same_bytes():
    assert pipeline(large()).svg == pipeline(copy.deepcopy(large())).svg


def test_agents_breakers_gates_and_stops_are_in_the_drawing_and_in_the_words():
    made = pipeline(large())
    printed = texts(made.svg)
    for code in ("A1", "K1", "BA", "X1", "X2", "X3", "O0", "O1", "O2", "?"):
        assert code in printed, code
    assert "Human gate: On call" in printed
    for words in (
        "6 agents",
        "breaker X3",
        "without a breaker",
        "human gate On call",
        "no switch of its own",
        "(outside)",
    ):
        assert words in made.words


def test_hostile_names_stay_text():
    made = pipeline(
        data([agent("a", name=HOSTILE), agent("b")], [handoff("a", "b"), handoff("a", None, "B2", HOSTILE)])
    )
    root = ET.fromstring(made.svg)
    kinds = {node.tag.removeprefix(SVG) for node in root.iter()}
    assert kinds <= {"svg", "title", "desc", "g", "rect", "text", "polyline", "polygon", "circle", "path"}
    assert not any("href" in key for node in root.iter() for key in node.attrib)
    assert "<script>" in root.find(f"{SVG}desc").text
    assert b"\x07" not in made.svg


def test_it_can_be_read_without_seeing_it():
    made = pipeline(large())
    root = ET.fromstring(made.svg)
    assert root.attrib["role"] == "img"
    assert root.find(f"{SVG}title").text == "Pipeline of Acme Assistant"
    assert root.find(f"{SVG}desc").text == made.words


def test_black_on_white_and_nothing_from_elsewhere():
    made = pipeline(large()).svg.decode()
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', made)) <= {"#000", "#fff", "none"}
    assert set(re.findall(r'https?://[^"]+', made)) == {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r'font-family="([^",]+)', made)) == {"Plan Sans"}


def test_six_agents_and_twelve_handoffs_fit_a_letter_page():
    svg = pipeline(large()).svg
    root = ET.fromstring(svg)
    height = float(root.attrib["viewBox"].split()[3])
    assert height <= 640
    for node in root.iter(f"{SVG}rect"):
        x, width = float(node.attrib.get("x", 0)), float(node.attrib["width"])
        assert x >= 0
        assert x + width <= WIDTH
    assert min(float(node.attrib["font-size"]) for node in root.iter(f"{SVG}text")) >= 8


@cache
def face(name: str) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    with TTFont(io.BytesIO((data_folder("templates") / "fonts/plex" / name).read_bytes())) as font:
        return font.getBestCmap(), dict(font["hmtx"].metrics), font["head"].unitsPerEm


LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc"]), max_size=40)


@given(LATIN)
@settings(max_examples=60)
def test_the_estimate_is_never_narrower_than_the_bold_face(words):
    cmap, metrics, em = face("IBMPlexSans-Bold.woff2")
    # Capitals of the widest letters with accents are rare; one in a name may be a little wider than estimated.
    plain = [char for char in words if ord(char) < 127]
    real = sum(metrics[cmap[ord(char)]][0] for char in plain) * 8 / em
    assert measure("".join(plain), 8) >= real - 0.01


@given(st.text(max_size=120), st.integers(30, 200), st.integers(1, 3))
def test_what_is_fitted_fits(words, width, lines):
    made = fit(words, width, 8, lines)
    assert 1 <= len(made) <= lines
    assert all(measure(line, 8) <= width for line in made)


def test_only_the_packs_own_picture_is_shown():
    markdown = f'# T\n\n![a \\[b\\] "c"]({NAME})\n\n![x](other.svg)\n\n![y](./{NAME})\n\n![z](file:///etc/hostname)\n'
    html = to_html(markdown, pictures=(NAME,)).opening
    assert html.count("<img") == 1
    assert f'src="{NAME}" alt="a [b] &quot;c&quot;"' in html
    assert "[picture: x]" in html
    assert "<img" not in to_html(markdown).opening


@pytest.mark.parametrize(
    ("markdown", "audience", "shown"),
    [(f"![x]({NAME})", "internal", 1), (f"![x]({NAME})", "customer", 0), ("no picture", "internal", 0)],
)
def test_the_drawing_stays_in_the_house(markdown, audience, shown):
    assert len(shown_in(markdown, audience, pipeline(large()))) == shown


def test_the_runbook_refers_to_it_and_says_it_in_words():
    made = shipped_plan("loan_multi_agent").to_json_data()
    runbook = next(c for c in compose_data(made, [d for d in load_documents() if d.id == "runbook"]))
    drawn = pipeline(made)
    assert drawn is not None
    assert runbook.pictures == ((NAME, drawn.svg),)
    assert f"![{plain(drawn.words)}]({NAME})" in runbook.markdown
    assert "### What chance alone does" in runbook.markdown


def test_the_pack_holds_it_and_the_manifest_knows_it(tmp_path):
    pack = prepare_pack(ROOT / "profiles" / "loan_multi_agent.yaml", tmp_path, ("md",))
    file = next(file for file in pack.texts if file.name == NAME)
    assert (file.role, file.audience) == ("diagram", "internal")
    one_agent = prepare_pack(ROOT / "profiles" / "retail_chatbot.yaml", tmp_path, ("md",))
    assert NAME not in {file.name for file in one_agent.texts}
