"""The exhibits of an evidence pack as Markdown, from the evidence as data and the plan that was in force. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from generator.paths import data_folder
from generator.render.escape import settle
from generator.render.lookups import look_ups
from generator.render.markdown import Composed, lift_anchors
from generator.render.templating import markdown_environment, render
from generator.render.words import filters, functions

if TYPE_CHECKING:
    from generator.model.document import DocumentSpec


def compose_exhibits(
    evidence: Mapping[str, Any],
    plan: Mapping[str, Any],
    specs: Sequence[DocumentSpec],
    values: Mapping[str, Any],
) -> tuple[Composed, ...]:
    """The exhibits of `specs`. `values` is what their templates see beside `evidence`, `plan` and `document`.

    Raises RenderError with the template's line where a value is missing.
    """
    environment = markdown_environment(
        (data_folder("templates"),),
        filters(american=plan["identity"]["paper"] == "letter"),
        {**functions(), **look_ups(plan), "plan": plan},
    )
    found = []
    for spec in specs:
        for stem, title, own in _instances(spec, evidence):
            document = {"id": spec.id, "title": title, "audience": spec.audience, "file": stem}
            given = {"evidence": evidence, "document": document, **values, **own}
            markdown, anchors = lift_anchors(settle(render(environment, spec.template, given)), spec.template)
            found.append(
                Composed(
                    id=spec.id,
                    stem=stem,
                    title=title,
                    audience=spec.audience,
                    layout=spec.layout,
                    markdown=markdown,
                    anchors=anchors,
                    contents=spec.contents,
                    outline_depth=spec.outline_depth,
                    holds_sources=spec.holds_sources,
                )
            )
    return tuple(found)


def _instances(spec: DocumentSpec, evidence: Mapping[str, Any]) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """(path without ending, title, values of its own) of each document that an entry stands for."""
    if spec.for_each is None:
        yield spec.file, spec.title, {}
        return
    for entry in evidence[spec.for_each]:
        yield f"{entry['folder']}/summary", f"{entry['id']}: {entry['title']}", {"incident": entry}
