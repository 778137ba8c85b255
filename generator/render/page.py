"""Composed Markdown -> a complete HTML page: furniture (head, contents, running lines) around the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from generator.paths import data_folder
from generator.render.html import Body, to_html
from generator.render.jobs import PdfOptions, RenderJob
from generator.render.templating import html_environment, render, trusted_html

if TYPE_CHECKING:
    from generator.render.markdown import Composed

TEXT_WIDTH_PT = {"letter": 482.0, "a4": 465.0}
CARD_WIDTH_PT = {"letter": 348.0, "a4": 374.0}

TURN = "<hr />\n"
"""`---` in the Markdown of a card or a notice: turn over, a new page."""

AUDIENCE_WORDS = {
    "internal": "Internal",
    "counsel": "For counsel",
    "customer": "For the customer",
    "regulator": "For the regulator",
    "public": "Public",
    "people": "For the people concerned",
}


def pdf_job(
    composed: Composed,
    plan: Mapping[str, Any],
    *,
    markdown: str | None = None,
    logo: bytes | None = None,
    name: str | None = None,
) -> RenderJob:
    """The job that makes a document's PDF. `markdown` replaces the composed text where a person edited it.

    `plan` is the plan as plain data. `name` is the file name in the pack when it is not the document's own.
    """
    paper = plan["identity"]["paper"]
    card = composed.layout == "card"
    body = to_html(
        composed.markdown if markdown is None else markdown,
        composed.anchors,
        width_pt=(CARD_WIDTH_PT if card else TEXT_WIDTH_PT)[paper],
    )
    html = _furnished(
        {
            "layout": composed.layout,
            "title": body.title or composed.title,
            "title_id": body.headings[0].id if body.title else "top",
            "opening": body.opening,
            "parts": _parts(body, composed),
            "outline": body.outline(composed.outline_depth) if composed.contents else (),
            "audience": composed.audience,
        },
        plan,
        logo,
    )
    options = PdfOptions(
        stylesheets=stylesheets(composed.layout, paper),
        exact_pages=2 if card else None,
        logo=logo,
    )
    return RenderJob(name or f"{composed.stem}.pdf", html, options)


def form_job(
    form: Mapping[str, Any], plan: Mapping[str, Any], *, name: str, logo: bytes | None = None
) -> RenderJob:
    """The job that makes the fillable form of `rca.filled_form`: an ordinary PDF, since forms fail PDF/UA."""
    environment = html_environment(data_folder("templates"))
    body = render(environment, "rca/form.html.j2", {"rca": form})
    html = _furnished(
        {
            "layout": "form",
            "title": form["title"],
            "title_id": "rca",
            "opening": "",
            "parts": [body],
            "outline": (),
            "audience": "internal",
        },
        plan,
        logo,
    )
    names = (*stylesheets("form", plan["identity"]["paper"]), "styles/fillable.css")
    return RenderJob(name, html, PdfOptions(names, variant=None, forms=True, logo=logo))


def _furnished(content: Mapping[str, Any], plan: Mapping[str, Any], logo: bytes | None) -> str:
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
            "logo": logo is not None,
        },
    )


def _parts(body: Body, composed: Composed) -> list[str]:
    """The body in the pieces that the furniture stands between.

    A card: its two sides. A notice: the handling sheet and the letter. A document with contents: its first section (the first hour), which shares page one
    with the head, then the rest, which comes after the contents.
    """
    if composed.layout in ("card", "notice"):
        return body.html.split(TURN)
    if composed.contents and len(body.sections) > 1:
        return [body.sections[0], "".join(body.sections[1:])]
    return [body.html]


def stylesheets(layout: str, paper: str) -> tuple[str, ...]:
    """The styles of a layout, in order."""
    sheet = f"{paper}-landscape" if layout == "card" else paper
    return ("styles/fonts.css", "styles/base.css", f"styles/{layout}.css", f"styles/{sheet}.css")
