"""Plan -> Markdown documents, the text of record. Pure: the plan and the templates decide every byte.

Headings in templates carry `{#anchor-id}`. The ids go into a sidecar (`Composed.anchors`), so that the
Markdown that people read and edit stays clean. How templates are written: templates/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import RenderError
from generator.paths import data_folder
from generator.render import coverage, diagram
from generator.render.escape import outside_fences, plain, settle
from generator.render.jobs import Anchor
from generator.render.lookups import look_ups
from generator.render.rca import filled_form
from generator.render.templating import exported, markdown_environment, render
from generator.render.words import filters, functions

if TYPE_CHECKING:
    from generator.model.document import DocumentSpec, Layout
    from generator.model.law import Audience
    from generator.model.plan import Plan
    from generator.model.rca import RcaForm

HEAD = "parts/head.md.j2"
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*\{#([a-z0-9][a-z0-9._-]*)\}[ \t]*$")
_BARE_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_INTERNAL_LINK = re.compile(r"(?<!\\)\]\(#([^)\s]*)\)")


@dataclass(frozen=True, slots=True)
class Composed:
    """One document as Markdown, before anything is written."""

    id: str
    stem: str
    """Path in the pack without ending: `runbook`, `notices/gdpr-33`."""
    title: str
    audience: Audience
    layout: Layout
    markdown: str
    anchors: tuple[Anchor, ...]
    contents: bool
    outline_depth: int
    pictures: tuple[tuple[str, bytes], ...] = ()
    """The pack's own drawings that it shows, by their names in the pack."""
    holds_sources: bool = False
    """In a release its PDF holds the plan and the profile that it was made from."""


def compose(
    plan: Plan,
    documents: Sequence[DocumentSpec],
    rca: RcaForm | None = None,
    *,
    templates: Sequence[Path] | None = None,
) -> tuple[Composed, ...]:
    """Every document of the plan as Markdown, in the order of the registry.

    `rca` are the questions of the form; without it a document of layout `form` is left out. `templates` are
    the folders searched, first hit wins. Raises RenderError with the template's line where a value is missing
    or a link leads nowhere.
    """
    return compose_data(plan.to_json_data(), documents, rca, templates=templates)


def compose_data(
    plan: Mapping[str, Any],
    documents: Sequence[DocumentSpec],
    rca: RcaForm | None = None,
    *,
    templates: Sequence[Path] | None = None,
    form: Mapping[str, Any] | None = None,
) -> tuple[Composed, ...]:
    """As `compose`, from the plan as plain data (`plan.json`). `form` is the review form with answers in it."""
    american = plan["identity"]["paper"] == "letter"
    folders = tuple(templates or (data_folder("templates"),))
    drawn = diagram.pipeline(plan)
    environment = markdown_environment(
        folders,
        filters(american=american),
        {
            **functions(),
            **coverage.functions(folders),
            **look_ups(plan),
            "pipeline_words": drawn.words if drawn else "",
            "plan": plan,
            "standing": lambda: _standing(plan),
        },
    )
    form = form or (filled_form(rca, plan) if rca else None)
    planned = {document["id"] for document in plan["documents"]}
    result = []
    for spec in documents:
        if spec.needs and spec.id not in planned:
            continue  # the planner decided: nothing to print here
        if spec.layout == "form" and form is None:
            continue
        for stem, title, audience, values in _instances(spec, plan):
            document = {"id": spec.id, "title": title, "audience": audience, "file": stem}
            values = {"document": {**document, "layout": spec.layout}, "rca": form, **values}
            text = settle(render(environment, _template(spec, values), values))
            if spec.layout == "notice":
                text = coverage.name_places(text)
            if spec.layout != "notice" or len(_pages(text)) > 1:  # a letter alone has no page for the house
                text = _with_head(text, settle(render(environment, HEAD, values)))
            pieces = [(stem, title, audience, spec.layout, text)]
            owner = values.get("notice") or values.get("kit")
            if spec.layout == "notice" and owner:
                pieces = _house_and_letter(stem, title, audience, text, owner, _standing(plan))
            for name, words, reader, layout, piece in pieces:
                markdown, anchors = lift_anchors(piece, spec.template)
                result.append(
                    Composed(
                        id=name if spec.for_each or len(pieces) > 1 else spec.id,
                        stem=name,
                        title=words,
                        audience=reader,
                        layout=layout,
                        markdown=markdown,
                        anchors=anchors,
                        contents=spec.contents,
                        outline_depth=spec.outline_depth,
                        pictures=diagram.shown_in(markdown, reader, drawn),
                        holds_sources=spec.holds_sources,
                    )
                )
    return tuple(result)


def category_words(plan: Mapping[str, Any]) -> dict[str, str]:
    """What letters call each category of data -> the category's id."""
    folders = (data_folder("templates"),)
    american = plan["identity"]["paper"] == "letter"
    values = {**functions(), **look_ups(plan), "plan": plan}
    environment = markdown_environment(folders, filters(american=american), values)
    words: Mapping[str, str] = exported(environment, "notices/parts/words.md.j2", "CATEGORY")
    return {text: identifier for identifier, text in words.items()}


def _standing(plan: Mapping[str, Any]) -> str:
    """What a reader must know before relying on it: DRAFT, NOT APPROVED, both or nothing."""
    identity = plan["identity"]
    words = ("DRAFT" if identity["draft"] else "", "" if identity["approved"] else "NOT APPROVED")
    return ", ".join(filter(None, words))


HOUSE = "INTERNAL"
"""Begins the heading of each page of a notice's text that stays in the house."""


def _house_and_letter(
    stem: str, title: str, audience: Audience, text: str, notice: Mapping[str, Any], standing: str
) -> list[tuple[str, str, Audience, Layout, str]]:
    """A notice's text as two documents: the letter, and the handling sheet that never leaves the house.

    The text's pages are parted by `---`. The first, and each whose heading says INTERNAL, is the house's; the first
    heading of the letter becomes its title, and a line under it says who drafts and approves, and `standing`. A text of
    one page is a letter alone.

    Returns (stem, title, audience, layout, text) of each.
    """
    pages = _pages(text)
    inside = [page for at, page in enumerate(pages) if at == 0 or _says_internal(page)]
    letter = [page for at, page in enumerate(pages) if at and not _says_internal(page)]
    if not letter:
        return [(stem, title, audience, "notice", text)]
    folder, _, name = stem.rpartition("/")
    state = f", {standing}" if standing else ""
    template = settle(
        f"*Template{state}. Drafter: {plain(notice['drafter'])}. Approver: {plain(notice['approver'])}. "
        "Delete this line before sending.*"
    ).strip()
    first, _, rest = letter[0].lstrip("\n").partition("\n")
    head = f"{first.removeprefix('#')}\n\n{template}\n{rest}"
    out = settle("\n\n---\n\n".join([head, *letter[1:]]))
    house = settle("\n\n---\n\n".join(inside))
    return [
        (stem, title, audience, "notice", out),
        (f"{folder}/handling/{name}", f"Handling: {title}", "internal", "handling", house),
    ]


def _pages(text: str) -> list[str]:
    """The pages of a text that lines `---` part."""
    turns = [number for number, line in outside_fences(text) if line == "---"]
    lines = text.split("\n")
    starts = [0, *(number + 1 for number in turns)]
    return ["\n".join(lines[a:b]) for a, b in zip(starts, [*turns, len(lines)], strict=True)]


def _says_internal(page: str) -> bool:
    """Whether the first heading of a page keeps it in the house."""
    heading = next((line for line in page.split("\n") if line.startswith("#")), "")
    return heading.lstrip("# ").startswith(HOUSE)


def _instances(
    spec: DocumentSpec, plan: Mapping[str, Any]
) -> Iterable[tuple[str, str, Audience, dict[str, Any]]]:
    """(stem, title, audience, template values) of each document that an entry stands for."""
    if spec.for_each is None:
        yield spec.file, spec.title, spec.audience, {"kit": plan["kit"].get(spec.id)}
        return
    for entry in plan[spec.for_each]:
        yield f"{spec.file}/{entry['id']}", entry["title"], entry["audience"], {"notice": entry}


def _template(spec: DocumentSpec, values: Mapping[str, Any]) -> str:
    """The template's path; a notice names its own."""
    return (
        spec.template.replace("{template}", values["notice"]["template"]) if spec.for_each else spec.template
    )


def _with_head(text: str, head: str) -> str:
    """Place the head of the document under its title."""
    if not head.strip() or not text.startswith("# "):
        return text
    title, _, rest = text.partition("\n")
    return settle(f"{title}\n\n{head}\n{rest}")


def lift_anchors(markdown: str, template: str) -> tuple[str, tuple[Anchor, ...]]:
    """Take `{#id}` off the headings. Raises RenderError for a repeated id or a link without a target."""
    lines = markdown.split("\n")
    anchors: list[Anchor] = []
    links: list[str] = []
    for number, line in outside_fences(markdown):
        links += _INTERNAL_LINK.findall(line)
        if found := _HEADING.match(line):
            anchors.append(Anchor(id=found[3], text=found[2]))
            lines[number] = f"{found[1]} {found[2]}"
        elif _BARE_HEADING.match(line):
            raise RenderError(f'templates/{template}: the heading "{line}" needs an id: {{#some-id}}')
    ids = [anchor.id for anchor in anchors]
    if repeated := sorted({i for i in ids if ids.count(i) > 1}):
        raise RenderError(f"templates/{template}: heading id used twice: {', '.join(repeated)}")
    if lost := sorted(set(links) - set(ids)):
        raise RenderError(f"templates/{template}: link to an id that no heading has: {', '.join(lost)}")
    return "\n".join(lines), tuple(anchors)
