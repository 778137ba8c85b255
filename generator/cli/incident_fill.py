"""`airplan incident fill`: notices and review form with what the record knows."""

from __future__ import annotations

import os
from pathlib import Path

import click

from generator.cli import show
from generator.cli.incident_options import clock_of, now_option, record_argument


@click.command(
    epilog="""\b
Examples:
  airplan incident fill INC-2026-001
  airplan incident fill INC-2026-001 --format md --now 2026-11-17T09:00

Exit codes: 0 written; 2 the record or the call is wrong; 3 the law data has no answer;
4 a document could not be rendered.
"""
)
@record_argument
@click.option(
    "--format", "formats", default="md,pdf", show_default=True, help="Which formats: md, pdf, or both."
)
@now_option
def fill(record: str, formats: str, incidents: Path, now: str | None) -> None:
    """Write the notices of duties that still run, and the review form (PDF, YAML, Markdown), filled from record ID.

    Only what the record states goes in; what is not known stays a blank, counted on the page and here. Each run has a
    folder of its own under incidents/ID/filled/.
    """
    from generator.batch.run import rendered
    from generator.cli.build import format_names
    from generator.workflows.incident_fill import prepare_filling, write_filling

    wanted = format_names(formats)
    filling = prepare_filling(record, incidents, clock_of(now), pdf="pdf" in wanted)
    made = rendered(filling.jobs, os.cpu_count() or 1)
    folder = write_filling(filling, made)
    show.data(str(folder))
    if filling.replanned:
        show.warning("plan.json of the record is of an older form: made anew from the profile as it was then")
    for document in filling.documents:
        choices = f", {document.choices} choices" if document.choices else ""
        show.data(f"  {document.name}: {document.filled} filled, {document.blanks} blanks{choices} left")
