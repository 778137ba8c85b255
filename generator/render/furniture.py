"""A page's source -> a complete HTML page: head, contents and running lines around the body.

Runs where the PDF is made, so that an unchanged document costs no HTML.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generator.paths import data_folder
from generator.render.html import Body, to_html
from generator.render.jobs import FormSource, PageSource
from generator.render.templating import html_environment, render, trusted_html

TEXT_WIDTH_PT = {"letter": 482.0, "a4": 465.0}
CARD_WIDTH_PT = {"letter": 348.0, "a4": 374.0}

TURN = "<hr />\n"
"""`---` in the Markdown of a card, a notice or its handling sheet: turn over, a new page."""

AUDIENCE_WORDS = {
    "internal": "Internal",
    "counsel": "For counsel",
    "customer": "For customers and partners",
    "regulator": "For the regulator",
    "public": "Public",
    "people": "For the people concerned",
    "auditor": "For the auditor",
}


def page_html(source: PageSource | FormSource) -> str:
    """The HTML page of a document or of the fillable form."""
    return _form(source) if isinstance(source, FormSource) else _document(source)


def _document(source: PageSource) -> str:
    plan = json.loads(source.furniture)
    paper = plan["identity"]["paper"]
    width_pt, letter_pt = (
        (CARD_WIDTH_PT[paper], 4.3) if source.layout == "card" else (TEXT_WIDTH_PT[paper], 4.8)
    )
    body = to_html(
        source.markdown, source.anchors, width_pt=width_pt, letter_pt=letter_pt, pictures=source.pictures
    )
    return _furnished(
        {
            "layout": source.layout,
            "title": body.title or source.title,
            "title_id": body.headings[0].id if body.title else "top",
            "opening": body.opening,
            "parts": _parts(body, source),
            "outline": body.outline(source.outline_depth) if source.contents else (),
            "audience": source.audience,
        },
        plan,
        source.has_logo,
    )


def _form(source: FormSource) -> str:
    form = json.loads(source.form)
    content = {
        "layout": "form",
        "title": form["title"],
        "title_id": "rca",
        "opening": "",
        "parts": [render(html_environment(data_folder("templates")), "rca/form.html.j2", {"rca": form})],
        "outline": (),
        "audience": "internal",
    }
    return _furnished(content, json.loads(source.furniture), source.has_logo)


def _furnished(content: Mapping[str, Any], plan: Mapping[str, Any], has_logo: bool) -> str:
    """The page furniture around finished pieces of HTML."""
    return render(
        html_environment(data_folder("templates")),
        "parts/page.html.j2",
        {
            **content,
            "plan": plan,
            "opening": trusted_html(content["opening"]),
            "parts": [trusted_html(part) for part in content["parts"]],
            "audience": AUDIENCE_WORDS[content["audience"]],
            "logo": has_logo,
        },
    )


def _parts(body: Body, source: PageSource) -> list[str]:
    """The body in the pieces that the furniture stands between.

    A card: its two sides. A notice or handling sheet: its pages. A document with contents: its first
    section (the first hour), which shares page one with the head, then the rest, after the contents.
    """
    if source.layout in ("card", "notice", "handling"):
        return body.html.split(TURN)
    if source.contents and len(body.sections) > 1:
        return [body.sections[0], "".join(body.sections[1:])]
    return [body.html]
