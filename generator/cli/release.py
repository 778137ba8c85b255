"""`airplan release`: freeze the current version of a plan."""

from __future__ import annotations

import os
from pathlib import Path

import click

from generator.cli import show
from generator.cli.incident_options import clock_of


@click.command(
    epilog="""\b
Examples:
  airplan release profiles/loan_multi_agent.yaml
  airplan release client.yaml -o /srv/plans/releases --built output
  airplan release client.yaml --now 2026-11-24T10:00

Exit codes: 0 released; 1 the version was released before, or edits by hand clash with the new text;
2 the profile or the call is wrong; 3 the law data has no answer; 4 a document could not be rendered.
"""
)
@click.argument("profile", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("releases"), show_default=True,
    help="The folder in which each plan has a folder with its versions.",
)  # fmt: skip
@click.option(
    "--built", type=click.Path(file_okay=False, path_type=Path), default=Path("output"), show_default=True,
    help="The folder of built packs: edits made there by hand are part of the release.",
)  # fmt: skip
@click.option("--now", metavar="DATETIME", help="The moment of the release, instead of the clock.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=None, metavar="N",
    help="Processes that render (default: one a core).",
)  # fmt: skip
def release(profile: Path, output: Path, built: Path, now: str | None, jobs: int | None) -> None:
    """Freeze the current version of PROFILE with all its documents under releases/<plan.id>/<version>/."""
    from generator.batch.release import release_profile

    with show.progress("Rendering") as step:
        made = release_profile(
            profile, output, built, clock_of(now), jobs=jobs or os.cpu_count() or 1, progress=step
        )
    show.data(str(made.folder))
    record = made.release
    show.note(
        f"  {record.plan} version {record.version}, released "
        f"{record.released_at.isoformat(sep=' ', timespec='minutes')} ({record.zone}), law as of "
        f"{record.law_as_of}. NOT APPROVED"
    )
    show.note(f"  SHA-256 of plan.json {record.plan_sha256}")
    for reason in made.draft_reasons:
        show.warning(f"DRAFT: {reason}")
    if record.edited:
        show.note(f"  holds edits by hand: {', '.join(record.edited)}")
