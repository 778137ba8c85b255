"""Options that the steps of `airplan incident` share, and the clock that `--now` replaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from generator.incidents.state import Turn
    from generator.workflows.incidents import Clock, Incident

F = TypeVar("F", bound=Callable[..., Any])


def record_argument(function: F) -> F:
    """ID, and where records are."""
    function = click.argument("record", metavar="ID")(function)
    return incidents_option(function)


def incidents_option(function: F) -> F:
    """`--incidents DIR`."""
    return click.option(
        "--incidents", type=click.Path(file_okay=False, path_type=Path), default=Path("incidents"), show_default=True,
        help="The folder that holds the records.",
    )(function)  # fmt: skip


def now_option(function: F) -> F:
    """`--now DATETIME`."""
    return click.option(
        "--now", metavar="DATETIME", help="The present moment, instead of the clock of this machine."
    )(function)


def by_option(function: F) -> F:
    """`--by WHO`, required."""
    return click.option(
        "--by",
        required=True,
        metavar="WHO",
        help="Who says or decides it: a name or a role of your own people.",
    )(function)


def clock_of(now: str | None) -> Clock:
    """The moment that `--now` says, read in the client's zone where it has no offset; else the wall clock."""

    def clock(zone: str) -> datetime:
        from generator.cli import wall_clock
        from generator.deadlines.zones import instant, zone_named

        return instant(now, zone, option="--now") if now else wall_clock.now().astimezone(zone_named(zone))

    return clock


def show_turns(turns: tuple[Turn, ...]) -> None:
    """Duties that came or went, each with the reason."""
    from generator.cli import show

    for turn in turns:
        show.data(f"  {turn.sign} {turn.duty}: {turn.title}; {turn.reason}")


def warn_of_personal(incident: Incident, *words: str | None, more: Iterable[str | None] = ()) -> None:
    """A warning where what was written looks like data of an affected person."""
    from generator.cli import show
    from generator.workflows.incident_personal import personal_remarks

    for remark in personal_remarks(incident, (*words, *more)):
        show.warning(remark)
