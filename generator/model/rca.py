"""The form of the root cause analysis as data: sections, questions, tables (templates/rca/questions.yaml)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from generator.model.base import Frozen, Line

FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$", max_length=40)]
"""Part of a field's name in the PDF: lower-case letters, digits, single underscores."""

Input = Literal["text", "long", "choice", "check", "given"]
"""`given`: printed from the plan, not filled in."""

RowSource = Literal["duties", "agents", "handoffs", "places", "classes"]
"""Rows that come from the plan."""

Condition = Literal["agents", "handoffs"]
"""Printed only where the deployment has them."""


class FormRow(Frozen):
    """A row of a table with fixed rows."""

    id: FieldId
    label: Line


class FormColumn(Frozen):
    """A column of a table of questions."""

    id: FieldId
    label: Line
    input: Input = "text"
    options: tuple[Line, ...] = ()
    share: int = Field(default=10, ge=1, le=60)
    """Relative width."""

    @model_validator(mode="after")
    def _options_fit(self) -> FormColumn:
        if (self.input == "choice") != bool(self.options):
            raise ValueError("a choice has options, and nothing else does")
        return self


class FormItem(Frozen):
    """A question, a table of questions, or a sentence that explains."""

    id: FieldId
    kind: Literal["text", "long", "choice", "check", "table", "note"]
    label: Line
    hint: Line | None = None
    lines: int = Field(default=3, ge=1, le=20)
    """Height of a `long` answer."""
    options: tuple[Line, ...] = ()
    prefill: Line | None = None
    """Dotted path in the plan whose value stands in the field."""
    columns: tuple[FormColumn, ...] = ()
    rows: tuple[FormRow, ...] = ()
    numbered_rows: int = Field(default=0, ge=0, le=30)
    rows_from: RowSource | None = None
    spare_rows: int = Field(default=0, ge=0, le=10)
    """Empty rows after those of the plan."""
    row_label: Line | None = None
    """Heading of the first column, which names the row."""
    when: Condition | None = None

    @model_validator(mode="after")
    def _parts_fit(self) -> FormItem:
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a choice has options, and nothing else does")
        if self.kind == "table":
            sources = [bool(self.rows), self.numbered_rows > 0, self.rows_from is not None]
            if sources.count(True) != 1 or not self.columns:
                raise ValueError("a table has columns and one of: rows, numbered_rows, rows_from")
        elif self.columns or self.rows or self.numbered_rows or self.rows_from:
            raise ValueError("only a table has columns and rows")
        return self


class FormSection(Frozen):
    """A chapter of the form."""

    id: FieldId
    title: Line
    intro: Line | None = None
    items: tuple[FormItem, ...] = Field(min_length=1)


class RcaForm(Frozen):
    """The whole form. Field names `rca__section__field` are stable; the version goes up when one changes."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+$")]
    title: Line
    sections: tuple[FormSection, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_once(self) -> RcaForm:
        ids = [section.id for section in self.sections]
        ids += [f"{section.id} {item.id}" for section in self.sections for item in section.items]
        if len(set(ids)) != len(ids):
            raise ValueError("an id stands twice")
        return self


def safe_id(identifier: str) -> str:
    """An id of the plan as part of a field's name."""
    return re.sub(r"[^a-z0-9]+", "_", identifier.lower()).strip("_")
