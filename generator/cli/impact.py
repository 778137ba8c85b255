"""`airplan impact`: which plans a change of law touches, and how."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from generator.cli import show


@click.command(
    epilog="""\b
Examples:
  airplan impact profiles/*.yaml --from 2025-12-01 --to 2026-12-01
  airplan impact clients/*.yaml --from 2026-11-24 --to 2027-01-01 --json

Exit codes: 0 compared, whether something changes or not; 2 a profile or the call is wrong;
3 the law data has no answer for a date.
"""
)
@click.argument("profiles", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--from", "first", required=True, metavar="DATE", help="The law of this day ...")
@click.option("--to", "last", required=True, metavar="DATE", help="... against the law of this day.")
@click.option(
    "--json", "as_json", is_flag=True, default=False, help="Print a JSON list, one entry a profile."
)
def impact(profiles: tuple[Path, ...], first: str, last: str, as_json: bool) -> None:
    """Compare the plans of PROFILES under the law of two days: duties gained, lost and changed, and the documents."""
    from generator.cli.clock_inputs import day_from
    from generator.workflows.impact import impact as compare

    found = compare(profiles, day_from(first, "--from"), day_from(last, "--to"))
    if as_json:
        show.json([{**asdict(one), "profile": one.profile.as_posix()} for one in found])
    else:
        for one in found:
            show.data(show.styled(f"{one.client} ({one.plan})" if one.plan else str(one.profile), bold=True))
            for change in one.changes:
                show.data(f"  {change.kind}  {change.duty}: {change.title}")
                if change.before:
                    show.data(f"      before: {change.before}")
                if change.after:
                    show.data(f"      after:  {change.after}")
                show.data(f"      {change.why}; documents: {', '.join(change.documents)}")
            if not one.changes and not one.error:
                show.data("  nothing changes")
    for one in found:
        if one.error:
            show.error(one.error)
    click.get_current_context().exit(max(one.exit_code for one in found))
