"""Notices and review form, filled from a record: what is known stands there, what is not stays a counted blank."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from generator.deadlines.zones import shown
from generator.incidents.fill import Filled, duty_columns, fill_markdown, form_answers, sent_column
from generator.incidents.state import IncidentState
from generator.model.document import DocumentSpec
from generator.model.plan import Plan
from generator.planning.build import build_plan
from generator.render.jobs import RenderJob
from generator.render.markdown import Composed, category_words, compose_data
from generator.render.page import form_job, pdf_job
from generator.render.rca import filled_form, slots, slots_of
from generator.sources.documents import load_documents, load_rca_form
from generator.sources.transaction import commit, locked
from generator.sources.yaml_text import scalar
from generator.workflows.incidents import Clock, Incident, read_incident, state_of
from generator.workflows.plans import sources


@dataclass(frozen=True, slots=True)
class FilledDocument:
    """One document, and how much of it is still to be written."""

    name: str
    filled: int
    blanks: int
    choices: int


@dataclass(frozen=True, slots=True)
class Filling:
    """Everything that `incident fill` writes: texts now, PDFs once they are rendered."""

    incident: Incident
    documents: tuple[FilledDocument, ...]
    texts: Mapping[str, bytes]
    jobs: tuple[RenderJob, ...]
    stamp: str
    replanned: bool
    """The plan that the record binds to was written by an older airplan: made anew from the frozen profile."""


def prepare_filling(name: str, incidents: Path, clock: Clock, *, pdf: bool) -> Filling:
    """Fill the notices of every duty that is neither sent nor decided, and the review form. Writes nothing.

    Raises UsageProblem, InvalidInput, LawGap, RenderError.
    """
    incident = read_incident(name, incidents)
    zone = incident.profile.client.time_zone
    now = clock(zone)
    found = state_of(incident, now)
    wanted = {line.needs.notice for line in found.duties if line.standing not in ("sent", "decided")}
    documents: list[FilledDocument] = []
    texts: dict[str, bytes] = {}
    jobs: list[RenderJob] = []
    whole, replanned = _printable(incident)
    plan = {**whole, "notices": [n for n in whole["notices"] if n["id"] in wanted]}
    for composed in compose_data(plan, _specs("notices")):
        if composed.layout != "notice":
            continue
        filled = _notice(composed, incident, plan, zone)
        markdown = _marked(filled, incident, now)
        texts[f"{composed.stem}.md"] = markdown.encode()
        documents.append(FilledDocument(f"{composed.stem}.md", filled.filled, filled.blanks, filled.choices))
        if pdf:
            jobs.append(pdf_job(composed, plan, markdown=markdown))
    form, answered, empty = _form(incident, found, whole)
    texts["rca-form.md"] = _form_markdown(whole, form)
    texts["rca-form.yaml"] = _form_yaml(form).encode()
    documents.append(FilledDocument("rca-form.md", answered, empty, 0))
    if pdf:
        jobs.append(form_job(form, whole, name="rca-form.pdf"))
    return Filling(incident, tuple(documents), texts, tuple(jobs), f"{now:%Y%m%d-%H%M}", replanned)


def write_filling(filling: Filling, rendered: Mapping[str, bytes]) -> Path:
    """Write into a folder of its own under `filled/`; an earlier filling, and what a person wrote into it, stays."""
    base = filling.incident.folder / "filled"
    with locked(filling.incident.folder):
        number, folder = 1, base / filling.stamp
        while folder.exists():
            number += 1
            folder = base / f"{filling.stamp}-{number}"
        files = {folder / name: data for name, data in {**filling.texts, **rendered}.items()}
        for path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
        commit(filling.incident.folder, files)
    return folder


def _printable(incident: Incident) -> tuple[Mapping[str, Any], bool]:
    """The bound plan as today's templates want it; made anew from the frozen profile where it is of an older form."""
    try:
        return Plan.model_validate_json(json.dumps(incident.plan)).to_json_data(), False
    except ValidationError:
        on = date.fromisoformat(incident.plan["as_of"])
        return build_plan(incident.profile, sources(), on).to_json_data(), True


def _specs(identifier: str) -> Sequence[DocumentSpec]:
    return tuple(spec for spec in load_documents() if spec.id == identifier)


def _notice(composed: Composed, incident: Incident, plan: Mapping[str, Any], zone: str) -> Filled:
    names = {name: code for code, name in sources().book.registry.places.names.items()}
    return fill_markdown(composed.markdown, incident.record, zone, names, category_words(plan))


def _marked(filled: Filled, incident: Incident, now: datetime) -> str:
    """The letter with a line that says what it is, under its title."""
    head, line, rest = filled.markdown.partition("\n")
    words = (
        f"*Filled from {incident.record.id} at {shown(now)}, plan version {incident.record.binds.version}: "
        f"{filled.filled} filled, {filled.blanks} blanks and {filled.choices} choices left. Not sent. "
        "Delete this line before sending.*"
    )
    return f"{head}\n\n{words}{line}{rest}"


def _form(
    incident: Incident, found: IncidentState, plan: Mapping[str, Any]
) -> tuple[dict[str, Any], int, int]:
    """(form with answers, fields answered, fields empty)."""
    zone = incident.profile.client.time_zone
    duties = {line.duty: dict(_columns(line, zone)) for line in found.duties}
    answers = form_answers(incident.record, zone, duties)
    if found.review.due:
        answers["rca__dates__review_due"] = answers["rca__dates__plan_due"] = found.review.due.isoformat()
    if incident.record.rca:
        answers |= {name: str(value) for name, value in incident.record.rca[-1].answers.items()}
    form = filled_form(load_rca_form(), plan)
    fields = list(slots(form["sections"]))
    for slot in fields:
        slot["value"] = answers.get(slot["name"], slot["value"])
    answered = sum(1 for slot in fields if slot["value"])
    return form, answered, len(fields) - answered


def _columns(line: Any, zone: str) -> Iterator[tuple[str, str]]:
    deadline = line.due.deadline
    yield from duty_columns(deadline.start, deadline.due, zone).items()
    if line.sent:
        yield "sent", sent_column(line.sent.sent_at, zone)
        yield "on_time", "no" if line.late else "yes"
    if line.decision:
        yield "on_time", "did not run"
        yield "why_not", f"{line.decision.because}; decided by {line.decision.by}"


def _form_markdown(plan: Mapping[str, Any], form: Mapping[str, Any]) -> bytes:
    spec = next(spec for spec in load_documents() if spec.layout == "form")
    composed = compose_data(plan, (spec,), form=form)
    return composed[0].markdown.encode()


def _form_yaml(form: Mapping[str, Any]) -> str:
    """The form as a file to type into: every field with its question, empty where nothing is known."""
    lines = [
        "# Review form. Write between the quotes; leave empty what does not apply; `not known` is an answer.",
        "# Read it back with: airplan incident rca ID THIS-FILE --by WHO",
        f'form_version: "{form["version"]}"',
        "answers:",
    ]
    for section in form["sections"]:
        lines += ["", f"  # {section['title']}"]
        for item in section["items"]:
            if item["kind"] == "table":
                lines.append(f"  # {item['label']}")
            for slot in slots_of(item):
                choices = f" ({' / '.join(slot['options'])})" if slot["options"] else ""
                value = scalar(slot["value"]) if slot["value"] else '""'
                lines.append(f"  {slot['name']}: {value}  # {slot['label']}{choices}")
    return "\n".join(lines) + "\n"
