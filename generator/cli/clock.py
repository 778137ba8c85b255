"""`airplan clock`: one deadline from a duty and a start time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import show

if TYPE_CHECKING:
    from datetime import datetime

    from generator.model.deadline import Deadline


@click.command(
    epilog="""\b
Examples:
  airplan clock gdpr-art33-supervisory-authority --start 2026-11-27T16:30 --tz Europe/Berlin
  airplan clock hipaa-individuals --start 2026-03-02T09:00-06:00 --json
  airplan clock us-tx-ag --start 2026-03-02T09:00 --fact residents:US-TX=220

Exit codes: 0 an answer, also "no deadline, and why"; 2 the call is wrong; 3 the law data has no answer.
"""
)
@click.argument("duty", metavar="DUTY")
@click.option(
    "--start",
    required=True,
    metavar="DATETIME",
    help="The moment of the duty's own start event, e.g. 2026-11-27T16:30, with or without an offset.",
)
@click.option(
    "--tz",
    metavar="ZONE",
    help="Where days are counted, how a time without offset is read, and how results are shown "
    "(default: the law's own zone, else that of the recipient's place).",
)
@click.option("--at", multiple=True, metavar="EVENT=DATETIME", help="Another event of the duty. Repeatable.")
@click.option(
    "--fact", multiple=True, metavar="NAME=VALUE", help="A fact, e.g. residents:US-TX=220. Repeatable."
)
@click.option(
    "--holidays",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A work calendar (YAML) to use instead of the duty's own, or `YYYY-MM-DD: name` lines to add to it.",
)
@click.option("--hypothetical", is_flag=True, default=False, help="Compute although the duty does not apply.")
@click.option("--as-of", metavar="DATE", help="The day whose law applies (default: the day of the start).")
@click.option("--json", "as_json", is_flag=True, default=False, help="Print one JSON object.")
def clock(
    duty: str,
    start: str,
    tz: str | None,
    at: tuple[str, ...],
    fact: tuple[str, ...],
    holidays: Path | None,
    hypothetical: bool,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Compute one deadline: when DUTY must be done, and how that was counted.

    A time without an offset is read in --tz; one that happens twice, or not at all, is refused.
    """
    from generator.cli.clock_inputs import computed

    deadline, title = computed(
        duty, start, tz=tz, at=at, fact=fact, holidays=holidays, hypothetical=hypothetical, as_of=as_of
    )
    if as_json:
        show.json(deadline.as_json())
    else:
        _print(deadline, title)


def _print(deadline: Deadline, title: str) -> None:
    """For people: the two times first, then how they were found."""
    from generator.deadlines.zones import shown

    def moment(value: datetime | None) -> str:
        return shown(value) if value else ""

    show.data(show.styled(title, bold=True) + f"  [{deadline.duty}]")
    show.data()
    if deadline.due is None:
        show.data(show.styled("NO DATE", bold=True) + f"   {deadline.why}")
    else:
        show.data(show.styled(f"ACT BY   {moment(deadline.act_by)}", bold=True, fg="red"))
        show.data(show.styled(f"DUE      {moment(deadline.due)}", bold=True))
    if deadline.latest_possible:
        show.data(f"LATEST   {moment(deadline.latest_possible)}")
    if deadline.standard:
        show.data(f"STANDARD {deadline.standard}")
    if deadline.due is not None and deadline.why:
        show.data(f"BUT      {deadline.why}")
    show.data()
    show.data("How it was counted")
    for number, line in enumerate(deadline.derivation, 1):
        show.data(f"{number:>3}. {line}")
    show.data()
    rows: Mapping[str, Any] = {
        "Status": deadline.status.replace("_", " ") + (" (hypothetical)" if deadline.hypothetical else ""),
        "Reading": deadline.reading,
        "Calendar": deadline.calendar,
        "Zone": deadline.zone,
        "Citation": deadline.citation,
        "Confidence": deadline.confidence,
        "Not known": ", ".join(deadline.missing_facts),
    }
    show.table((f"{label}:", str(value)) for label, value in rows.items() if value)
