"""Markdown -> Word. The only module that imports python-docx.

The look comes from a reference document (ours, or a firm's own): its styles, margins, headers and footers.
Words in braces in these, such as {client}, are filled from the plan. The same input gives the same bytes.
"""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.image.exceptions import UnrecognizedImageError
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from generator.errors import RenderError
from generator.render.blocks import blocks
from generator.render.docx_body import BodyWriter, add_field, clean, element
from generator.render.docx_package import repacked
from generator.render.furniture import AUDIENCE_WORDS
from generator.render.html import Body, to_html
from generator.render.jobs import DocxOptions, PageSource
from generator.render.page import reference_doc

PAPER_MM = {"letter": (215.9, 279.4), "a4": (210.0, 297.0)}
LANGUAGE = {"letter": "en-US", "a4": "en-GB"}
CARD_MARGIN_MM = 11
CARD_SCALE = 0.72
"""Type of the quick card against that of the other documents."""
REQUIRED = ("client", "plan", "law", "audience", "state")
"""Words that header and footer must hold; those that a reference lacks get a line of their own."""
_LETTERS = ("notice",)
_MARK = re.compile(r"\{(client|document|plan|law|audience|state|footer)\}")


def open_reference(data: bytes, name: str) -> Document:
    """A reference document. Raises RenderError when it is none."""
    try:
        return docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise RenderError(f"{name}: not a Word document (.docx)") from error


def to_docx(source: PageSource, *, options: DocxOptions) -> bytes:
    """One document for Word. Raises RenderError for a reference that is no DOCX."""
    plan = json.loads(source.furniture)
    document = open_reference(options.reference, options.reference_name)
    _add_missing_styles(document)
    _clear_body(document)
    width = _set_up_page(document, source.layout, plan["identity"]["paper"])
    if source.layout == "card":
        _scale(document, CARD_SCALE)
    if plan["branding"]["colour"] and not options.firms_own:
        _colour(document, plan["branding"]["colour"])
    body = to_html(
        source.markdown, source.anchors, width_pt=width.pt, letter_pt=4.8, pictures=source.pictures
    )
    _write(document, body, source, width, options)
    words = _furniture_words(plan, source, body.title or source.title)
    if source.layout in _LETTERS:
        _plain_letter(document)
    else:
        _fill_furniture(document, words)
    _properties(document, plan, source, words["document"])
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue(), plan["as_of"])


def _write(document: Document, body: Body, source: PageSource, width: Any, options: DocxOptions) -> None:
    if options.logo is not None:
        try:
            document.add_picture(io.BytesIO(options.logo), height=Mm(14))
        except UnrecognizedImageError:
            document.add_paragraph()  # an SVG, which Word's format does not take without a twin
    turns = source.layout in ("card", "notice", "handling")
    writer = BodyWriter(document, width, turns=turns, pictures=dict(options.pictures))
    if body.title:
        writer.title(body.title, body.headings[0].id, letter=source.layout in _LETTERS)
    writer.add(blocks(body.opening))
    if source.contents and len(body.sections) > 1:
        writer.add(blocks(body.sections[0]))
        writer.contents(body.outline(source.outline_depth), source.outline_depth)
        writer.turn()
        writer.add(blocks("".join(body.sections[1:])))
    else:
        writer.add(blocks(body.html))


# --- page and styles


def _clear_body(document: Document) -> None:
    """Take out what the reference says; its last section stays, with page, header and footer."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _set_up_page(document: Document, layout: str, paper: str) -> Any:
    """Paper, direction and margins; returns the width of the text. Right tabs of header and footer follow it."""
    section = document.sections[-1]
    before = _text_width(section)
    short, long = (Mm(mm) for mm in PAPER_MM[paper])
    section.page_width, section.page_height, section.orientation = short, long, WD_ORIENT.PORTRAIT
    if layout == "card":
        section.page_width, section.page_height, section.orientation = long, short, WD_ORIENT.LANDSCAPE
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Mm(CARD_MARGIN_MM))
        section.header_distance = section.footer_distance = Mm(5)
        _two_columns(section._sectPr)
    after = _text_width(section)
    for style in (s for s in document.styles if s.name in ("Header", "Footer")):
        for stop in style.paragraph_format.tab_stops:
            if abs(stop.position - before) < Mm(8):
                stop.position = after
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE[paper])
    return Pt((after.pt - 20) / 2) if layout == "card" else after


def _two_columns(properties: Any) -> None:
    before = [qn(f"w:{tag}") for tag in ("pgSz", "pgMar", "paperSrc", "pgBorders", "lnNumType", "pgNumType")]
    for old in properties.findall(qn("w:cols")):
        properties.remove(old)
    at = max(n for n, child in enumerate(properties) if child.tag in before)
    properties.insert(at + 1, element("cols", num=2, space=400))


def _text_width(section: Any) -> Emu:
    return Emu(section.page_width - section.left_margin - section.right_margin)


@lru_cache(maxsize=1)
def _own_styles() -> Mapping[str, Any]:
    return {
        style.name: style.element
        for style in open_reference(reference_doc(None).data, "reference.docx").styles
    }


def _add_missing_styles(document: Document) -> None:
    """Our styles that the reference lacks are taken from ours, so that a firm's plain template will do."""
    there = {style.name for style in document.styles}
    ids = {style.style_id for style in document.styles}
    for name, own in _own_styles().items():
        if name not in there and own.get(qn("w:styleId")) not in ids:
            document.styles.element.append(copy.deepcopy(own))


def _scale(document: Document, factor: float) -> None:
    """Set all type and the space around it smaller."""
    for tag, attributes in (
        ("w:sz", ("w:val",)),
        ("w:szCs", ("w:val",)),
        ("w:spacing", ("w:before", "w:after")),
    ):
        for setting in document.styles.element.iter(qn(tag)):
            for attribute in attributes:
                if value := setting.get(qn(attribute)):
                    setting.set(qn(attribute), str(max(1, round(int(value) * factor))))


def _colour(document: Document, colour: str) -> None:
    """Title and headings in the client's colour."""
    for style in document.styles:
        if style.name == "Title" or style.name.startswith("Heading "):
            for setting in style.element.iter(qn("w:color")):
                setting.set(qn("w:val"), colour.lstrip("#").upper())


# --- header and footer


def _furniture_words(plan: Mapping[str, Any], source: PageSource, title: str) -> dict[str, str]:
    identity, branding = plan["identity"], plan["branding"]
    state = ["DRAFT"] if identity["draft"] else []
    state.append("APPROVED" if identity["approved"] else "NOT APPROVED")
    return {
        "client": branding["name"] or identity["client"],
        "document": title,
        "plan": f"Plan {identity['id']} {identity['version']}",
        "law": f"Law as of {plan['as_of']}",
        "audience": AUDIENCE_WORDS[source.audience],
        "state": " · ".join(state),
        "footer": branding["footer"] or "",
    }


_PARTS = (
    "header", "first_page_header", "even_page_header", "footer", "first_page_footer", "even_page_footer",
)  # fmt: skip


def _furniture(document: Document) -> Iterable[Any]:
    """Every header and footer that the sections have of their own."""
    for section in document.sections:
        for name in _PARTS:
            part = getattr(section, name)
            if not part.is_linked_to_previous:
                yield part


def _fill_furniture(document: Document, words: Mapping[str, str]) -> None:
    """Put the plan's words in place of {client}, {plan} ...; a word that stands nowhere comes into the footers."""
    parts = list(_furniture(document))
    found = {
        word for part in parts for line in list(part._element.iter(qn("w:p"))) for word in _fill(line, words)
    }
    lost = [clean(words[word]) for word in REQUIRED if words[word] and word not in found]
    if lost:
        footers = [part for part in parts if part._element.tag == qn("w:ftr")] or [
            document.sections[-1].footer
        ]
        for footer in footers:
            footer.add_paragraph(" · ".join(lost), style="Footer")


def _fill(line: Any, words: Mapping[str, str]) -> list[str]:
    """Fill one paragraph; returns the words found. Word may have cut {client} into several runs."""
    texts = list(line.iter(qn("w:t")))
    marks = list(_MARK.finditer("".join(text.text or "" for text in texts)))
    for mark in reversed(marks):
        _replace(texts, mark.start(), mark.end(), clean(words[mark[1]]))
    if marks and not any(text.text for text in texts) and len(line.getparent().findall(qn("w:p"))) > 1:
        line.getparent().remove(line)
    return [mark[1] for mark in marks]


def _replace(texts: Iterable[Any], start: int, end: int, value: str) -> None:
    """Put `value` in place of the characters from `start` to `end` of all texts together."""
    at = 0
    for text in texts:
        old = text.text or ""
        low, high = max(start - at, 0), min(end - at, len(old))
        if low < high:
            text.text = old[:low] + value + old[high:]
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            value = ""
        at += len(old)


def _plain_letter(document: Document) -> None:
    """A letter leaves the house: no header, and only the number of the page in the footer."""
    for section in document.sections:
        section.different_first_page_header_footer = False
        for name in _PARTS:
            getattr(section, name).is_linked_to_previous = True
    document.settings.odd_and_even_pages_header_footer = False
    footer = document.sections[-1].footer
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.style = "Footer"
    line.add_run("\tPage ")
    add_field(line, "PAGE", "1")
    line.add_run(" of ")
    add_field(line, "NUMPAGES", "1")


def _properties(document: Document, plan: Mapping[str, Any], source: PageSource, title: str) -> None:
    """What the file says of itself. A letter says nothing of the plan."""
    identity, letter = plan["identity"], source.layout in _LETTERS
    day = datetime.fromisoformat(plan["as_of"]).replace(tzinfo=UTC)
    of = document.core_properties
    of.title, of.author, of.language = title[:255], identity["legal_name"][:255], LANGUAGE[identity["paper"]]
    of.subject = (
        "" if letter else f"{identity['deployment']}, plan {identity['id']} {identity['version']}"[:255]
    )
    of.keywords = of.comments = of.category = of.last_modified_by = ""
    of.created = of.modified = day.replace(tzinfo=None)
    of.revision = 1
