"""`airplan build`: the documents of one or more profiles."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import show
from generator.errors import UsageProblem

if TYPE_CHECKING:
    from generator.batch.build import Built


@click.command(
    epilog="""\b
Examples:
  airplan build profiles/clinical_hipaa_ba.yaml
  airplan build profiles/*.yaml -o output --jobs 2
  airplan build client.yaml --format md --as-of 2027-01-01
  airplan build client.yaml --format md,pdf,docx --reference-doc our-firm.docx

Exit codes: 0 built; 1 an edited file or a folder of yours was left alone; 2 a profile or the call is wrong;
3 the law data has no answer; 4 a document could not be rendered. Over many profiles the worst is returned.
"""
)
@click.argument("profiles", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("output"), show_default=True,
    help="The folder in which each plan gets a folder of its own.",
)  # fmt: skip
@click.option(
    "--format",
    "formats",
    default="md,pdf",
    show_default=True,
    help="Which formats: md, pdf, docx (Word), several with commas. One left out loses its unedited old files.",
)
@click.option(
    "--reference-doc", "reference", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With docx: a Word document whose styles, margins, header and footer are used.",
)  # fmt: skip
@click.option("--as-of", metavar="DATE", help="The day whose law applies (default: the plan's own date).")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=None,
    metavar="N",
    help="Processes that render (default: one a core).",
)
@click.option(
    "--force", is_flag=True, default=False, help="Overwrite files edited by hand; a backup is kept."
)
@click.option(
    "--fresh", is_flag=True, default=False, help="Render every document anew, also where nothing changed."
)
@click.option(
    "--releases",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("releases"),
    show_default=True,
    help="The folder whose approval records count.",
)
def build(
    profiles: tuple[Path, ...],
    output: Path,
    formats: str,
    reference: Path | None,
    as_of: str | None,
    jobs: int | None,
    force: bool,
    fresh: bool,
    releases: Path,
) -> None:
    """Build the plan of each of PROFILES: runbook, quick card, deadlines, notices and RCA forms."""
    from generator.batch.build import build_packs
    from generator.cli.clock_inputs import day_from

    with show.progress("Rendering") as step:
        built = build_packs(
            profiles,
            output,
            formats=format_names(formats),
            reference=reference,
            as_of=day_from(as_of) if as_of else None,
            jobs=jobs or os.cpu_count() or 1,
            force=force,
            fresh=fresh,
            releases=releases,
            progress=step,
        )
    for one in built:
        report(one)
    click.get_current_context().exit(max(one.exit_code for one in built))


_CHOICES = "md or pdf or docx, several with commas"


def format_names(text: str) -> tuple[str, ...]:
    """The formats of `--format`, checked. Raises UsageProblem."""
    from generator.workflows.packs import FORMATS

    wanted = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in wanted:
        if name not in FORMATS:
            raise UsageProblem(f"--format {name}: use {_CHOICES}")
    if not wanted:
        raise UsageProblem(f"--format: use {_CHOICES}")
    return wanted


def report(built: Built) -> None:
    """What became of one profile: where it is, how long it is, what changed, what is missing."""
    if built.error:
        show.error(built.error)
    if built.pack is None or built.result is None:
        return
    plan, result = built.pack.planned.plan, built.result
    if not result.written and not result.removed and not built.exit_code:
        show.note(f"{built.profile}: {result.folder} is up to date")
    identity = plan.identity
    approved = "; ".join(f"APPROVED by {s.by} ({s.role}) on {s.on}" for s in built.pack.stamps)
    state = " ".join(word for word in ("DRAFT" if identity.draft else "", approved or "NOT APPROVED") if word)
    show.data(str(_shown(result.folder)))
    show.note(
        f"  {identity.client}: {identity.deployment}, version {identity.version}, tier {plan.stakes.tier}, "
        f"law as of {plan.as_of}. {state}"
    )
    for reason in identity.draft_reasons:
        show.note(f"  {reason}")
    if built.pack.not_stamped:
        show.warning(
            f"not the texts that were approved, so NOT APPROVED: {', '.join(built.pack.not_stamped)}"
        )
    for change in built.changes:
        show.note(f"  {change.sign} {change.words}")
    for line in plan.law.later:
        show.warning(line)
    show.detail(f"  written: {', '.join(result.written) or 'nothing'}")
    if result.message and not built.exit_code:
        for line in result.message.splitlines():
            show.note(f"  {line}")


def _shown(folder: Path) -> Path:
    """Relative to here where it lies below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
