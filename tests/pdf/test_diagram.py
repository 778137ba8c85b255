"""The drawing in a PDF: a figure with its words, text as text, shipped fonts, and nothing else to load."""

from __future__ import annotations

import io
import subprocess

import pikepdf
import pytest

from generator.errors import RenderError
from generator.render.assets import shipped
from generator.render.diagram import NAME
from generator.render.html import to_html
from generator.render.jobs import MissingGlyphs, PdfOptions
from generator.render.page import stylesheets
from generator.render.pdf import font_names, to_pdf
from generator.render.svg import drawing, octagon, text

pytestmark = [pytest.mark.pdf, pytest.mark.slow]

WORDS = 'Pipeline of 2 agents: "Intake" & Decision.'


def picture(words: str = "Intake") -> bytes:
    return drawing(200, 60, "T", WORDS, [octagon(10, 20, "K1")[0], text(60, 22, words, bold=True)]).encode()


def page(markdown: str, pictures: tuple[tuple[str, bytes], ...] = ((NAME, picture()),)) -> bytes:
    body = to_html(markdown, pictures=tuple(name for name, _ in pictures)).opening
    html = f"<!doctype html><html lang=en><head><title>T</title></head><body>{body}</body></html>"
    return to_pdf(
        html, assets=shipped(), options=PdfOptions(stylesheets("runbook", "letter"), pictures=pictures)
    )


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return page(f"![{WORDS}]({NAME})")


def test_it_is_a_figure_with_its_words(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        figures = [
            item
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
        assert [str(figure.Alt) for figure in figures] == [WORDS]


def test_its_text_is_text_in_shipped_fonts(pdf):
    said = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "Intake" in said
    assert "K1" in said
    assert all(name.startswith("Plan-") for name in font_names(pdf))
    assert any("Bold" in name for name in font_names(pdf))


def test_the_same_bytes_twice(pdf):
    assert page(f"![{WORDS}]({NAME})") == pdf


def test_a_picture_that_was_not_handed_in_is_blocked():
    html = f'<!doctype html><html lang=en><head><title>T</title></head><body><img src="{NAME}" alt="x"></body></html>'
    with pytest.raises(RenderError, match="blocked"):
        to_pdf(html, assets=shipped(), options=PdfOptions(stylesheets("runbook", "letter")))


def test_a_picture_cannot_load_another():
    bad = picture().replace(
        b"</g>\n</svg>", b'<image href="file:///etc/hostname" width="9" height="9"/></g>\n</svg>'
    )
    with pytest.raises(RenderError):
        page(f"![x]({NAME})", ((NAME, bad),))


def test_a_character_without_a_glyph_in_a_picture_stops_the_render():
    with pytest.raises(MissingGlyphs):
        page(f"![x]({NAME})", ((NAME, picture("日本")),))
