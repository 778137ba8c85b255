"""Word documents of the hand-made plan: styles, tables, links, commands to the byte, header and footer, same bytes."""

from __future__ import annotations

import importlib.util
import io
import json
import multiprocessing
import re
import shlex
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from generator.errors import UsageProblem
from generator.paths import data_folder
from generator.render.blocks import blocks
from generator.render.docx_body import bookmark
from generator.render.html import to_html
from generator.render.jobs import PageSource, RenderJob, run_job
from generator.render.markdown import Composed, compose
from generator.render.page import Reference, docx_job, reference_doc
from generator.sources.documents import load_documents
from tests.plan_factory import plan, switch

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = (ROOT / "tests" / "render_templates", data_folder("templates"))
COMMANDS = [
    ["kubectl", "scale", "deployment/assistant", "--replicas=0", "-n", "prod"],
    ["put", "--value", "false; rm -rf 'x y'", "--flag", "fi ffi -- ... (c) 'quoted' \"double\" `tick` $HOME | >> <&>"],
    ["run", "x" * 300, "--with", "y" * 90],
]  # fmt: skip
OURS = reference_doc(None)


def made(**changes: Any) -> dict[str, tuple[Composed, RenderJob]]:
    """Each document of the hand-made plan with its job."""
    switches = [switch(f"K{number}", command=command) for number, command in enumerate(COMMANDS)]
    whole = plan(**{"switches": switches, **changes})
    data = whole.to_json_data()
    specs = [
        spec for spec in load_documents() if spec.id in ("runbook", "deadlines", "quick-card", "notices")
    ]
    return {c.stem: (c, docx_job(c, data, OURS)) for c in compose(whole, specs, templates=TEMPLATES)}


@pytest.fixture(scope="module")
def documents() -> dict[str, tuple[Composed, bytes]]:
    return {stem: (composed, run_job(job)) for stem, (composed, job) in made().items()}


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def source(markdown: str, layout: str = "sheet", **identity: Any) -> PageSource:
    whole = plan(identity=identity).to_json_data()
    furniture = json.dumps({key: whole[key] for key in ("identity", "branding", "as_of")})
    return PageSource(markdown, (), layout, "T", "internal", False, 2, furniture)


def written(markdown: str, layout: str = "sheet", reference: Reference = OURS, **identity: Any) -> bytes:
    composed = next(iter(made().values()))[0]
    job = docx_job(replace(composed, markdown=markdown), plan().to_json_data(), reference)
    return run_job(replace(job, source=source(markdown, layout, **identity)))


def furniture_text(document: Any) -> str:
    section = document.sections[0]
    return "\n".join(p.text for part in (section.header, section.footer) for p in part.paragraphs)


def test_commands_copy_to_the_byte(documents):
    lines = [p.text for p in opened(documents["runbook"][1]).paragraphs if p.style.name == "Source Code"]
    text = "\n".join(lines).replace("\\\n", "")
    for command in COMMANDS:
        assert any(shlex.split(line) == command for line in text.splitlines() if line), command


def test_headings_have_styles_and_the_words_of_the_markdown(documents):
    for stem, (composed, data) in documents.items():
        found = [
            (p.style.name, p.text)
            for p in opened(data).paragraphs
            if p.style.name.startswith("Heading") or "Title" in p.style.name
        ]
        wanted = re.findall(r"^(#+) (.*)$", composed.markdown, re.MULTILINE)
        title = "Letter Title" if composed.layout == "notice" else "Title"
        styles = [title if len(marks) == 1 else f"Heading {len(marks) - 1}" for marks, _ in wanted]
        assert [name for name, _ in found] == styles, stem
        assert found[0][1] == wanted[0][1]


def test_links_inside_lead_to_bookmarks(documents):
    body = opened(documents["runbook"][1]).element.body
    names = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    targets = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
    assert targets
    assert targets <= set(names)
    assert len(names) == len(set(names))
    assert all(len(name) <= 40 and re.fullmatch(r"[A-Za-z]\w*", name) for name in names)


def test_names_of_bookmarks_stay_apart():
    ids = ["a-b", "a.b", "a_b", "x" * 50, "x" * 51]
    assert len({bookmark(i) for i in ids}) == len(ids)


def test_every_table_has_a_header_row(documents):
    tables = [t for _, data in documents.values() for t in opened(data).tables]
    assert tables
    for table in tables:
        heads = [row for row in table._tbl.tr_lst if row.find(f".//{qn('w:tblHeader')}") is not None]
        assert heads == [table._tbl.tr_lst[0]]
        assert table.style.name == "Plan Table"


def test_contents_are_a_field_with_its_entries(documents):
    document = opened(documents["runbook"][1])
    codes = [code.text.strip() for code in document.element.body.iter(qn("w:instrText"))]
    assert codes[0].startswith("TOC ")
    entries = [p for p in document.paragraphs if p.style.name.startswith("toc ")]
    assert [p.text.strip() for p in entries] == [
        p.text for p in document.paragraphs if p.style.name == "Heading 1"
    ]
    kinds = [mark.get(qn("w:fldCharType")) for mark in document.element.body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("end") == len(codes)


def test_header_and_footer_say_what_it_is(documents):
    text = furniture_text(opened(documents["runbook"][1]))
    for words in (
        "Acme Outdoor",
        "acme-assistant 1.2",
        "Law as of 2026-11-24",
        "Internal",
        "NOT APPROVED",
        "Page",
    ):
        assert words in text
    assert "{" not in text


def test_a_letter_holds_nothing_of_the_house():
    data = written("# To whom it concerns\n\nText.\n", "notice")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        everything = "".join(
            package.read(n).decode() for n in package.namelist() if n.endswith((".xml", ".rels"))
        )
    assert "To whom it concerns" in everything
    for words in ("acme-assistant", "NOT APPROVED", "DRAFT", "Law as of", "Internal", "airplan"):
        assert words not in everything, words
    assert furniture_text(opened(data)).strip() == "Page 1 of 1"


@pytest.mark.parametrize(("paper", "size"), [("letter", (12240, 15840)), ("a4", (11906, 16838))])
def test_paper(paper, size):
    section = opened(written("# T\n", paper=paper)).sections[0]
    assert [round(section.page_width.twips), round(section.page_height.twips)] == pytest.approx(size, abs=2)
    card = opened(written("# T\n\n## A\n\na\n\n---\n\n## B\n\nb\n", "card", paper=paper)).sections[0]
    assert card.page_width > card.page_height


def test_the_same_input_gives_the_same_bytes_here_and_elsewhere(documents):
    job = made()["runbook"][1]
    assert run_job(job) == documents["runbook"][1]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as executor:
        assert executor.submit(run_job, job).result() == documents["runbook"][1]
    with zipfile.ZipFile(io.BytesIO(documents["runbook"][1])) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 11, 24, 0, 0, 0)}


def test_hostile_words_are_text():
    name = "<w:p>&amp; {state} ]]> \x0b\ud800 <script>"
    document = opened(written(f"# T\n\n`{name}`\n", client=name.replace("\ud800", "")))
    assert document.paragraphs[1].text == "<w:p>&amp; {state} ]]>  <script>"
    assert "<w:p>&amp; {state} ]]>" in document.sections[0].header.paragraphs[0].text


def test_gaps_blanks_and_instructions_stand_out():
    text = "# T\n\n**[GAP: who]** on [ ____ date ____ ] *[Keep this.]* [ ________ ]\n\n[ ________ ]\n[ ________ ]\n"
    document = opened(written(text))
    styled = {run.text: run.style.name for run in document.paragraphs[1].runs if run.text.strip()}
    assert styled["[GAP: who]"] == "Gap"
    assert styled["[ ____ "] == styled["date"] == styled["[ ________ ]"] == "Blank"
    assert styled["[Keep this.]"] == "Instruction"
    assert [p.style.name for p in document.paragraphs[2:]] == ["Write-in Line"] * 2


def test_lists_number_each_by_itself():
    document = opened(written("# T\n\n1. a\n2. b\n\ntext\n\n1. c\n\n- d\n  - e\n\n- [ ] f\n"))
    numbers = {p.text: p._p.pPr.numPr for p in document.paragraphs if p._p.pPr.numPr is not None}
    ids = {text: (n.numId.val, n.ilvl.val) for text, n in numbers.items()}
    assert ids["a"] == ids["b"] != ids["c"]
    assert (ids["d"][1], ids["e"][1]) == (0, 1)
    assert [p.text for p in document.paragraphs if p.style.name == "Check List"] == ["☐ f"]


def test_a_rule_turns_the_page_of_a_letter():
    document = opened(written("# T\n\na\n\n---\n\n## B\n\nb\n", "notice"))
    assert [p.text for p in document.paragraphs if p.paragraph_format.page_break_before] == ["B"]


def test_an_unsafe_link_is_words_and_a_safe_one_a_link():
    data = written("# T\n\n[a](javascript:x) [b](https://example.org/?a=1&b=2)\n")
    relations = opened(data).part.rels.values()
    assert [r.target_ref for r in relations if r.is_external] == ["https://example.org/?a=1&b=2"]


def test_a_drawing_is_shown_and_said():
    html = to_html("# T\n\n![two agents](p.svg)\n", pictures=("p.svg",)).opening
    assert [(b.kind, b.id, b.runs[0].text) for b in blocks(html)] == [("picture", "p.svg", "two agents")]
    job = docx_job(next(iter(made().values()))[0], plan().to_json_data(), OURS)
    page = replace(source("# T\n\n![two agents](p.svg)\n"), pictures=("p.svg",))
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 240"/>'
    data = run_job(replace(job, source=page, options=replace(job.options, pictures=(("p.svg", svg),))))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.read("word/media/p.svg") == svg
        assert 'descr="two agents"' in package.read("word/document.xml").decode()
    assert opened(data).paragraphs[2].text == "Drawing p.svg: two agents"


class TestOwnReference:
    """A firm's own reference document."""

    @pytest.fixture
    def firm(self) -> bytes:
        document = docx.Document()
        document.add_paragraph("Text of the template that is never printed")
        head = document.sections[0].header.paragraphs[0]
        for piece in ("Firm LLP for {cli", "ent}", " {audience}"):
            head.add_run(piece)
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()

    def test_its_furniture_is_filled_and_what_it_lacks_is_added(self, firm):
        document = opened(
            written("# T\n\n> box\n\n```\nls\n```\n", reference=Reference(firm, "firm.docx", True))
        )
        assert document.sections[0].header.paragraphs[0].text == "Firm LLP for Acme Outdoor Internal"
        foot = document.sections[0].footer.paragraphs[-1].text
        assert foot == "Plan acme-assistant 1.2 · Law as of 2026-11-24 · DRAFT · NOT APPROVED"
        assert [p.style.name for p in document.paragraphs] == ["Title", "Box", "Source Code"]

    def test_its_letterhead_is_not_that_of_the_client(self, firm):
        data = written("# T\n\nText.\n", "notice", reference=Reference(firm, "firm.docx", True))
        assert "Firm LLP" not in furniture_text(opened(data))

    @pytest.mark.parametrize("data", [b"no zip", None])
    def test_anything_else_is_refused(self, tmp_path, data):
        path = tmp_path / "own.docx"
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(UsageProblem, match=r"own\.docx: no Word document"):
            reference_doc(path)


def test_the_shipped_reference_is_what_its_script_makes():
    spec = importlib.util.spec_from_file_location("make", ROOT / "scripts" / "make_reference_docx.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    fresh, shipped = (zipfile.ZipFile(io.BytesIO(data)) for data in (module.made(), OURS.data))
    assert fresh.namelist() == shipped.namelist()
    assert all(fresh.read(name) == shipped.read(name) for name in fresh.namelist())
