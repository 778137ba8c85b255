"""`airplan approve`: record who approved a release."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import show
from generator.cli.incident_options import clock_of


@click.command(
    epilog="""\b
Examples:
  airplan approve releases/acme-scribe/1.0 --by "Dana Ortiz" --role privacy_officer
  airplan approve releases/acme-scribe/1.0 --by "Lee Park" --role "outside counsel" --outside

Exit codes: 0 recorded; 1 the release was changed, or the person approved it before; 2 the person or the call is wrong.
"""
)
@click.argument("release", type=click.Path(path_type=Path))
@click.option("--by", required=True, metavar="NAME", help="Who approves: a person that the plan names.")
@click.option("--role", required=True, metavar="ROLE", help="In which role.")
@click.option("--outside", is_flag=True, default=False, help="The person is not in the plan.")
@click.option("--now", metavar="DATETIME", help="The moment of the approval, instead of the clock.")
def approve(release: Path, by: str, role: str, outside: bool, now: str | None) -> None:
    """Record in approvals.yaml of RELEASE that a person approved exactly its plan.json and its documents."""
    from generator.workflows.releases import approve as record

    made = record(release, by, " ".join(role.split()) or role, clock_of(now), outside=outside)
    approval = made.approval
    show.data(
        f"{made.folder}: version {approval.version} approved by {approval.by} ({approval.role}) on "
        f"{approval.at.isoformat(sep=' ', timespec='minutes')} ({approval.zone})"
    )
    show.note(f"  SHA-256 of plan.json {approval.plan_sha256}")
    for remark in made.remarks:
        show.warning(remark)
    show.note("  `airplan build PROFILE` now prints the approval on the documents")
