"""The registry of documents: what a pack consists of and how each document is laid out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from generator.model.base import Frozen, Identifier, Line
from generator.model.law import Audience

Layout = Literal["runbook", "card", "sheet", "notice", "handling", "form"]
"""`runbook`: chapters, contents; `card`: two pages; `sheet`: tables; `notice`: letter; `form`: to fill in."""

TemplatePath = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9_-]+(?:/(?:[a-z0-9_-]+|\{template\}))*\.md\.j2$")
]
PlanPath = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(?:\.[a-z_-]+)*$")]
FileStem = Annotated[str, StringConstraints(pattern=r"^(?:[a-z0-9][a-z0-9-]*/)?[a-z0-9][a-z0-9-]*$")]


class DocumentSpec(Frozen):
    """One entry of templates/documents.yaml."""

    id: Identifier
    template: TemplatePath
    """Path under templates/. `{template}` stands for the entry's own template."""
    file: FileStem
    """File name without ending, alone or in one folder; with `for_each` the folder."""
    title: Line
    audience: Audience
    layout: Layout
    outline_depth: int = Field(default=2, ge=1, le=4)
    """Deepest heading level in the contents; level 1 is the title."""
    contents: bool = False
    needs: PlanPath | None = None
    """Dotted path in the plan; where it is null or empty there the plan has no such document."""
    for_each: Literal["notices", "incidents"] | None = None
    """The entry stands for all of `plan.notices`, or for all incidents of an evidence pack: a file each."""
    holds_sources: bool = False
    """In a release its PDF holds plan.json and the profile. Only for documents that stay with house and auditor."""

    @model_validator(mode="after")
    def _template_fits(self) -> DocumentSpec:
        if "{template}" in self.template and self.for_each != "notices":
            raise ValueError("`{template}` needs for_each: notices")
        if self.holds_sources and self.audience not in ("internal", "auditor"):
            raise ValueError("a document for others than house and auditor holds no sources")
        return self
