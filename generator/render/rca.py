"""The form of the root cause analysis, joined with a plan: field names, and what the plan fills in.

Pure. The result is plain data for the Markdown template and for the HTML of the fillable PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from generator.errors import RenderError
from generator.model.rca import safe_id

if TYPE_CHECKING:
    from generator.model.rca import FormColumn, FormItem, RcaForm

Data = Mapping[str, Any]
VERSION_FIELD = "rca__form__version"


def filled_form(form: RcaForm, plan: Data) -> dict[str, Any]:
    """The form for one plan. Raises RenderError when two fields would have one name."""
    sections = []
    for section in form.sections:
        items = [_item(section.id, item, plan) for item in section.items if _applies(item, plan)]
        if items and any(item["kind"] != "note" for item in items) and not _is_empty(section.id, items):
            sections.append(
                {"id": section.id, "title": section.title, "intro": section.intro, "items": items}
            )
    names = list(field_names(sections))
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise RenderError(f"templates/rca/questions.yaml: two fields have one name: {', '.join(repeated)}")
    return {
        "title": form.title,
        "version": form.version,
        "version_field": VERSION_FIELD,
        "sections": sections,
    }


def slots_of(item: Data) -> list[Any]:
    """What a person fills in one item: the cells of a table, the item itself, nothing of a note."""
    if item["kind"] == "table":
        return [cell for row in item["rows"] for cell in row["cells"] if cell["input"] != "given"]
    return [] if item["kind"] == "note" else [item]


def slots(sections: Iterable[Data]) -> Iterator[Any]:
    """Everything that takes an answer, in order."""
    for section in sections:
        for item in section["items"]:
            yield from slots_of(item)


def field_names(sections: Iterable[Data]) -> Iterator[str]:
    """The names of all fields, in order."""
    return (slot["name"] for slot in slots(sections))


def _is_empty(section: str, items: Iterable[Data]) -> bool:
    """The path through the agents says nothing where there is neither agent nor hand-off."""
    return section == "path" and not any(item["kind"] == "table" for item in items)


def _applies(item: FormItem, plan: Data) -> bool:
    return item.when is None or bool(plan["deployment"][item.when])


def _item(section: str, item: FormItem, plan: Data) -> dict[str, Any]:
    name = f"rca__{section}__{item.id}"
    data: dict[str, Any] = {
        "id": item.id,
        "kind": item.kind,
        "input": item.kind,
        "label": item.label.replace("{review_within_days}", str(plan["review_within_days"])),
        "hint": item.hint,
        "lines": item.lines,
        "options": list(item.options),
        "name": name,
        "value": _prefill(item.prefill, plan) if item.prefill else "",
    }
    if item.kind == "table":
        shares = [column.share for column in item.columns]
        first = 5 if item.numbered_rows else 24
        total = sum(shares) + first
        data["row_label"] = item.row_label or ""
        data["first_width"] = round(100 * first / total, 1)
        data["columns"] = [
            {"id": c.id, "label": c.label, "input": c.input, "width": round(100 * c.share / total, 1)}
            for c in item.columns
        ]
        data["rows"] = [
            {
                "id": row_id,
                "label": label,
                "cells": [_cell(name, row_id, label, column, given) for column in item.columns],
            }
            for row_id, label, given in _rows(item, plan)
        ]
    return data


def _cell(table: str, row: str, row_label: str, column: FormColumn, given: Data) -> dict[str, Any]:
    return {
        "name": f"{table}__{row}__{column.id}",
        "label": f"{row_label}: {column.label}" if row_label else column.label,
        "input": column.input,
        "options": list(column.options),
        "value": str(given.get(column.id, "")),
    }


def _rows(item: FormItem, plan: Data) -> Iterator[tuple[str, str, Data]]:
    """(id, label, values given by the plan) of each row."""
    if item.rows_from:
        yield from _ROWS[item.rows_from](plan)
        yield from ((f"spare{number}", "", {}) for number in range(1, item.spare_rows + 1))
    elif item.numbered_rows:
        yield from ((f"row{number}", str(number), {}) for number in range(1, item.numbered_rows + 1))
    else:
        yield from ((row.id, row.label, {}) for row in item.rows)


def _duties(plan: Data) -> Iterator[tuple[str, str, Data]]:
    for binding in plan["bindings"]:
        shown = not binding["same_as"] and not binding["confidential"]
        if binding["verdict"] == "binds" and binding["kind"] == "deadline" and shown:
            source = binding["citation"].partition(": ")[0] if binding["contract"] else binding["citation"]
            words = f"{binding['title']} ({binding['recipient']['name']}): {binding['limit_words']}; {source}"
            yield safe_id(binding["duty"]), words, {}


def _agents(plan: Data) -> Iterator[tuple[str, str, Data]]:
    for agent in plan["deployment"]["agents"]:
        yield safe_id(agent["id"]), agent["name"], {}


def _handoffs(plan: Data) -> Iterator[tuple[str, str, Data]]:
    names = {agent["id"]: agent["name"] for agent in plan["deployment"]["agents"]}
    for handoff in plan["deployment"]["handoffs"]:
        target = names.get(handoff["to"], handoff["to"]) or handoff["to_outside"] or ""
        yield safe_id(handoff["id"]), f"{names.get(handoff['from'], handoff['from'])} to {target}", {}


def _places(plan: Data) -> Iterator[tuple[str, str, Data]]:
    for people in plan["data"]["people"]:
        yield safe_id(people["residence"]), people["residence"], {"served": f"{people['count']:,}"}


def _classes(plan: Data) -> Iterator[tuple[str, str, Data]]:
    for entry in plan["classes"]:
        yield safe_id(entry["id"]), entry["title"], {}


_ROWS = {
    "duties": _duties,
    "agents": _agents,
    "handoffs": _handoffs,
    "places": _places,
    "classes": _classes,
}


def _prefill(path: str, plan: Data) -> str:
    """The value at a dotted path; `[]` takes each element of a list. Empty where the plan says nothing."""
    values: list[Any] = [plan]
    for step in path.split("."):
        key = step.removesuffix("[]")
        try:
            values = [value[key] for value in values if value is not None]
        except (KeyError, TypeError) as error:
            raise RenderError(f"templates/rca/questions.yaml: the plan has no {path}") from error
        if step.endswith("[]"):
            values = [entry for value in values for entry in value]
    return ", ".join(str(value) for value in values if value is not None)
