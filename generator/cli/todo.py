"""`airplan todo`: what is to be done, most urgent first."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import show
from generator.cli.incident_options import clock_of, incidents_option, now_option

_WORDS = ("OVERDUE", "NOW", "LATE", "AHEAD", "LAW", "LATER")


@click.command(
    epilog="""\b
Examples:
  airplan todo profiles/loan_multi_agent.yaml
  airplan todo profiles/*.yaml --incidents incidents --now 2026-12-01T09:00 --json

Exit codes: 0 listed; 2 a profile or a record is wrong; 3 the law data has no answer.
"""
)
@click.argument("profiles", nargs=-1, required=True, type=click.Path(path_type=Path))
@incidents_option
@click.option("--json", "as_json", is_flag=True, default=False, help="Print the lists as JSON.")
@now_option
def todo(profiles: tuple[Path, ...], incidents: Path, as_json: bool, now: str | None) -> None:
    """List what is to be done about PROFILES: clocks of open incidents, reviews, actions, drills, law, gaps."""
    from dataclasses import asdict

    from generator.workflows.todo import todo as lists

    found = lists(profiles, incidents, clock_of(now))
    if as_json:
        show.json(
            [
                {
                    "profile": one.profile.as_posix(),
                    "plan": one.plan,
                    "todos": [
                        {**asdict(item), "due": item.due.isoformat() if item.due else None}
                        for item in one.todos
                    ],
                }
                for one in found
            ]
        )
    else:
        for one in found:
            if one.plan:
                show.data(show.styled(f"{one.plan} ({one.profile})", bold=True))
            for item in one.todos:
                due = item.due.isoformat() if item.due else ""
                show.data(f"  {_WORDS[item.urgency]:<8}{item.kind:<7}{due:<11}{item.what}")
            if one.plan and not one.todos:
                show.data("  nothing")
    for one in found:
        if one.error:
            show.error(one.error)
    click.get_current_context().exit(max(one.exit_code for one in found))
