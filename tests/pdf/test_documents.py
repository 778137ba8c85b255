"""What is in the PDFs of the hand-made plan: tags, outline, fonts, commands to the byte, pages, closed world."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from generator.errors import RenderError
from generator.paths import data_folder
from generator.render.assets import shipped
from generator.render.jobs import Embedded, MissingGlyphs, PdfOptions, RenderJob, run_job
from generator.render.markdown import Composed, compose
from generator.render.page import pdf_job, stylesheets
from generator.render.pdf import font_names, to_pdf
from generator.sources.documents import load_documents
from tests.plan_factory import plan, switch

pytestmark = [pytest.mark.pdf, pytest.mark.slow]

TEMPLATES = (Path(__file__).parents[1] / "render_templates", data_folder("templates"))
COMMANDS = [
    ["kubectl", "scale", "deployment/assistant", "--replicas=0", "-n", "prod"],
    ["aws", "ssm", "put-parameter", "--name", "/acme/assistant/enabled", "--value", "false; rm -rf 'x y'", "--overwrite",
     "--region", "us-west-2", "--profile", "break--glass", "fi fl ffi -- ... (c) 'quoted' \"double\" `tick` $HOME | >>"],
    ["curl", "-X", "POST", "https://admin.example/api/v1/flags/" + "a1b2c3" * 17 + "?off=1&why=incident"],
    ["run", "x" * 300],
]  # fmt: skip


@pytest.fixture(scope="module")
def documents() -> dict[str, tuple[Composed, bytes]]:
    """Each document of the hand-made plan with its PDF."""
    made = plan(switches=[switch(f"K{number}", command=command) for number, command in enumerate(COMMANDS)])
    data = made.to_json_data()
    return {
        c.stem: (c, run_job(pdf_job(c, data))) for c in compose(made, load_documents(), templates=TEMPLATES)
    }


def simple(html: str, *, css: str = "", options: PdfOptions | None = None) -> bytes:
    page = f"<!doctype html><html lang=en><head><title>T</title><style>{css}</style></head><body>{html}</body></html>"
    return to_pdf(
        page, assets=shipped(), options=options or PdfOptions(stylesheets("sheet", "a4")), name="simple.pdf"
    )


def text_of(pdf: bytes, *options: str) -> str:
    return subprocess.run(
        ["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def test_every_document_is_tagged_titled_and_has_a_language(documents):
    for stem, (_, data) in documents.items():
        with pikepdf.open(io.BytesIO(data)) as pdf:
            root = pdf.Root
            assert "/StructTreeRoot" in root, stem
            assert root.MarkInfo.Marked is True
            assert str(root.Lang) == "en"
            assert root.ViewerPreferences.DisplayDocTitle is True
            with pdf.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert "Acme Outdoor" in metadata["dc:title"]
                assert metadata["xmp:CreateDate"].startswith("2026-11-24")
                assert metadata["xmp:ModifyDate"].startswith("2026-11-24")


def test_the_outline_follows_the_headings(documents):
    composed, data = documents["runbook"]
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["AI incident response runbook"]
        chapters = [item.title for item in outline.root[0].children]
    assert chapters == ["First hour", "Clocks that may run", "Gaps"]
    assert composed.anchors[1].id == "first-hour"


def test_table_cells_know_their_headers(documents):
    _, data = documents["runbook"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        items = [
            o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/StructElem"
        ]
        headers = {bytes(o.ID): o for o in items if o.get("/S") == "/TH"}
        assert headers
        assert all(header.A.Scope == "/Column" for header in headers.values())
        cells = [o for o in items if o.get("/S") == "/TD"]
        assert all(bytes(cell.A.Headers[0]) in headers for cell in cells)


def test_only_shipped_fonts(documents):
    for stem, (_, data) in documents.items():
        names = font_names(data)
        assert names, stem
        assert all(name.startswith("Plan-") for name in names), names


def test_the_card_has_exactly_two_pages(documents):
    with pikepdf.open(io.BytesIO(documents["quick-card"][1])) as pdf:
        assert len(pdf.pages) == 2
        box = pdf.pages[0].MediaBox
        assert box[2] > box[3]


def test_paper(documents):
    with pikepdf.open(io.BytesIO(documents["runbook"][1])) as pdf:
        assert [round(float(v)) for v in pdf.pages[0].MediaBox] == [0, 0, 612, 792]


def test_commands_copy_to_the_byte(documents):
    text = text_of(documents["runbook"][1], "-raw")
    joined = text.replace("\\\n", "")
    for command in COMMANDS:
        lines = [line for line in joined.splitlines() if line.startswith(command[0] + " ")]
        assert any(shlex.split(line) == command for line in lines), command


def test_lines_of_a_command_stand_in_the_pdf_as_in_the_markdown(documents):
    composed, data = documents["runbook"]
    text = text_of(data, "-layout")
    blocks = re.findall(r"^```sh\n(.*?)\n```$", composed.markdown, re.DOTALL | re.MULTILINE)
    printed = [line.strip() for line in text.splitlines()]
    for block in blocks:
        for line in block.splitlines():
            assert line.strip() in printed


def test_nothing_overflows_the_page(documents):
    for stem, (_, data) in documents.items():
        boxes = text_of(data, "-bbox")
        width = float(re.search(r'<page width="([0-9.]+)"', boxes)[1])
        words = [(float(x), w) for x, w in re.findall(r'xMax="([0-9.]+)"[^>]*>([^<]*)<', boxes)]
        assert all(x <= width - 20 for x, _ in words), (stem, [w for w in words if w[0] > width - 20])


def test_running_lines(documents):
    text = text_of(documents["runbook"][1], "-layout")
    assert "acme-assistant 1.2 · Law as of 2026-11-24 · Internal" in text
    assert re.search(r"Page 2 of \d+", text)
    assert "DRAFT · NOT APPROVED" in text


def test_a_notice_says_nothing_of_another_audience(documents):
    text = text_of(documents["notices/gdpr-authority"][1])
    assert "Two gaps are open" not in text
    assert "For the regulator" in text


def test_the_same_input_gives_the_same_bytes(documents):
    composed, data = documents["deadlines"]
    made = plan(switches=[switch(f"K{number}", command=command) for number, command in enumerate(COMMANDS)])
    assert run_job(pdf_job(composed, made.to_json_data())) == data


def test_qpdf_finds_nothing_wrong(documents, tmp_path):
    for _, data in documents.values():
        (tmp_path / "x.pdf").write_bytes(data)
        subprocess.run(["qpdf", "--check", tmp_path / "x.pdf"], check=True, capture_output=True)


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "https://evil.example/x.png", "logo", "../fonts/nothing.ttf"]
)
def test_nothing_else_is_loaded(address):
    with pytest.raises(RenderError, match="blocked"):
        simple(f'<p>x</p><img src="{address}" alt="x">')


def test_a_stylesheet_cannot_load_either():
    with pytest.raises(RenderError):
        simple("<p>x</p>", css='@import url("file:///etc/hostname");')


def test_the_profiles_own_logo_is_shown():
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
    )
    options = PdfOptions(stylesheets("sheet", "a4"), logo=svg)
    assert simple('<img src="logo" alt="Acme" class="logo">', options=options).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("css", "words"), [("p { colour: red }", "colour"), ("p::nonsense { top: 0 }", "nonsense")]
)
def test_a_line_in_the_log_fails_the_render(css, words):
    with pytest.raises(RenderError, match=words):
        simple("<p>x</p>", css=css)


def test_a_lost_anchor_fails_the_render():
    with pytest.raises(RenderError, match="nowhere"):
        simple('<p><a href="#nowhere">x</a></p>')


def test_a_missing_glyph_names_the_text():
    with pytest.raises(MissingGlyphs, match=r"U\+65E5.*call 日本 now") as caught:
        simple("<p>Please call 日本 now</p>")
    assert caught.value.characters == "日本"


def test_signs_and_accents_are_covered():
    assert font_names(
        simple("<p>☐ ☒ ⚠ → ≥ × “Łódź” Žižkov ελ Ω Привет <code>→ ☐</code> <b>☐</b> <i>☐</i></p>")
    )


def test_a_card_that_cannot_fit_fails():
    html = "".join(f"<p>line {number}</p>" for number in range(2000))
    page = f"<!doctype html><html lang=en><head><title>T</title></head><body><section class=part>{html}</section></body></html>"
    job = RenderJob("card.pdf", page, PdfOptions(stylesheets("card", "a4"), exact_pages=2))
    with pytest.raises(RenderError, match="pages even in the smallest type"):
        run_job(job)


def test_pdf_a_and_pdf_ua_are_claimed_together_and_explained(documents):
    """PDF/A-3 wants a description of every kind of metadata that it does not know, PDF/UA's mark among them."""
    for stem, (_, data) in documents.items():
        with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A"), stem
            assert metadata["pdfuaid:part"] == "1"
            text = pdf.Root.Metadata.read_bytes()
            assert text.count(b"<rdf:RDF") == 1
            assert b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in text
            assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
            assert pdf.trailer.ID is not None


def test_sources_are_embedded_sorted_dated_by_the_plan_and_listed_once():
    sources = [
        Embedded(name, kind, "made from", name.encode(), "0" * 64, date(2026, 11, 24))
        for name, kind in (("profile.yaml", "application/yaml"), ("plan.json", "application/json"))
    ]
    options = PdfOptions(stylesheets("sheet", "a4"), embedded=tuple(sources))
    data = simple("<p>x</p>", options=options)
    assert data == simple("<p>x</p>", options=options)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not pdf.check_pdf_syntax()
        files = list(pdf.Root.AF)
        assert [str(file.UF) for file in files] == ["plan.json", "profile.yaml"]
        assert [str(name) for name in list(pdf.Root.Names.EmbeddedFiles.Names)[::2]] == [
            "plan.json",
            "profile.yaml",
        ]
        for file, kind in zip(files, ("application/json", "application/yaml"), strict=True):
            assert file.AFRelationship == "/Source"
            assert file.EF.F.Subtype == f"/{kind}"
            assert file.EF.F.Params.CreationDate == "D:20261124000000Z"
            assert file.EF.F.read_bytes() == str(file.UF).encode()
