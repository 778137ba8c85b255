"""`airplan check`: errors, gaps and findings of profiles."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import show

if TYPE_CHECKING:
    from generator.workflows.plans import CheckResult

SHOWN = 5
"""How many leftovers of an example are listed without `--verbose`."""


@click.command(
    epilog="""\b
Examples:
  airplan check client.yaml
  airplan check profiles/*.yaml --strict
  airplan check client.yaml --content      does every notice hold what its duties ask for, and can people read it?

Exit codes: 0 no error; 1 findings, with --strict or --content; 2 errors; 3 the law data has no answer.
Over many profiles all are checked, and the worst code is returned.
"""
)
@click.argument("profiles", metavar="PROFILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--content",
    is_flag=True,
    default=False,
    help="Check the content of notices and the school grade of letters to people too; findings exit with 1.",
)
@click.option("--strict", is_flag=True, default=False, help="Findings exit with 1.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day whose law applies (default: the plan's).",
)
@click.option(
    "--releases",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("releases"),
    show_default=True,
    help="Where releases are: their approval records count.",
)
@click.pass_context
def check(
    ctx: click.Context,
    profiles: tuple[Path, ...],
    content: bool,
    strict: bool,
    as_of: datetime | None,
    releases: Path,
) -> None:
    """Check profiles: what is wrong, what is missing, what would go badly.

    Errors stop a build. Gaps are printed in the plan where they hurt, and here by weight. Findings are
    valid but doubtful: leftovers of an example, law that will change, a number that counsel should verify,
    a drill that missed its target, a policy that is due for review, evidence that does not exist.
    """
    from generator.errors import EXIT_NO, EXIT_OK, PlanError
    from generator.workflows import plans

    worst = EXIT_OK
    for path in profiles:
        try:
            result = plans.check_profile(
                path, content=content, as_of=as_of.date() if as_of else None, releases=releases
            )
        except PlanError as error:
            show.data(f"{path}: {_count(len(str(error).splitlines()), 'error')}")
            show.error(str(error))
            worst = max(worst, error.exit_code)
            continue
        _print(path, result)
        if result.findings and (strict or content):
            worst = max(worst, EXIT_NO)
    ctx.exit(worst)


def _print(path: Path, result: CheckResult) -> None:
    gaps = sorted(result.gaps, key=lambda gap: (-gap.weight, gap.key))
    draft = f"; DRAFT: {', '.join(result.draft_reasons)}" if result.draft_reasons else ""
    counts = f"{_count(len(gaps), 'gap')}, {_count(len(result.findings), 'finding')}"
    show.data(f"{path}: no error, {counts}{draft}")
    for gap in gaps:
        show.data(f"  gap {gap.weight}  {gap.key}: {gap.what}. Ask: {gap.ask}")
    for one in result.grades:
        size = f"{_count(one.words, 'word')}, {_count(one.sentences, 'sentence')}"
        show.data(f"  grade {one.grade:.1f}  {one.name} ({size})")
    left = [finding for finding in result.findings if finding.kind == "leftover"]
    for finding in result.findings:
        if finding not in left[SHOWN:] or show.settings().verbose:
            show.data(f"  finding  {finding}")
    if len(left) > SHOWN and not show.settings().verbose:
        show.data(f"  finding  ... and {len(left) - SHOWN} more leftovers of an example (-v lists them)")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
