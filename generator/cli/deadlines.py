"""`airplan deadlines`: every deadline that an incident starts for one profile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import show
from generator.errors import UsageProblem

if TYPE_CHECKING:
    from generator.incidents.running import Due


@click.command(
    epilog="""\b
Examples:
  airplan deadlines profiles/clinical_hipaa_ba.yaml --trigger phi_breach --aware-at 2026-11-22T02:13-06:00
  airplan deadlines profiles/loan_multi_agent.yaml --trigger bank_notification_incident \\
      --aware-at 2026-11-21T23:40 --at determined=2026-11-22T09:15 --format json

Exit codes: 0 fine; 2 the profile or the call is wrong; 3 the law data has no answer.
"""
)
@click.argument("profile", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trigger",
    "triggers",
    multiple=True,
    required=True,
    metavar="TRIGGER",
    help="What happened, a name of catalog/triggers.yaml (phi_breach, personal_data_breach ...). Repeatable.",
)
@click.option(
    "--aware-at",
    required=True,
    metavar="DATETIME",
    help="When somebody was reasonably certain. Without an offset it is read in the client's zone.",
)
@click.option(
    "--at", multiple=True, metavar="EVENT=DATETIME", help="Another event, e.g. determined=... Repeatable."
)
@click.option(
    "--fact",
    multiple=True,
    metavar="NAME=VALUE",
    help="A fact of the incident, e.g. encrypted=no. Repeatable.",
)
@click.option("--as-of", metavar="DATE", help="The day whose law applies (default: the day of awareness).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "md", "ics"]),
    default="table",
    show_default=True,
    help="How to print.",
)
def deadlines(
    profile: Path,
    triggers: tuple[str, ...],
    aware_at: str,
    at: tuple[str, ...],
    fact: tuple[str, ...],
    as_of: str | None,
    form: str,
) -> None:
    """Compute every deadline that an incident starts for PROFILE, the earliest act-by first."""
    from generator.cli.clock_inputs import day_from
    from generator.workflows import duties

    found, aware = duties.incident_deadlines(
        profile, triggers, aware_at, dict(map(_event, at)), fact, day_from(as_of) if as_of else None
    )
    if form == "json":
        show.json([_data(due) for due in found])
    elif form == "md":
        _markdown(found)
    elif form == "ics":
        _calendar(found, aware, profile)
    else:
        _table(found, aware)


def _event(text: str) -> tuple[str, str]:
    name, equals, moment = (part.strip() for part in text.rpartition("="))
    if not equals or not name:
        raise UsageProblem(f"--at {text}: write EVENT=DATETIME")
    return name, moment


def _data(due: Due) -> dict[str, Any]:
    return {
        **due.deadline.as_json(),
        "binding": {
            "title": due.title,
            "recipient": due.recipient,
            "regulation": due.regulation,
            "source": due.source,
            "verdict": due.verdict.verdict,
            "role": due.verdict.role,
            "reason": due.verdict.reason,
        },
    }


def _moment(value: datetime | None) -> str:
    from generator.deadlines.zones import shown

    return shown(value) if value else ""


def _role(due: Due) -> str:
    return {"supports": "we support", "delegation": "by delegation"}.get(str(due.verdict.role), "")


def _table(found: Sequence[Due], aware: datetime) -> None:
    show.data(f"Aware {_moment(aware)}")
    if not found:
        show.data("No duty of this profile starts from that.")
        return
    from generator.deadlines.words import trust_words

    for due in found:
        deadline = due.deadline
        show.data()
        if deadline.due:
            head = f"ACT BY {_moment(deadline.act_by)}"
            end = "" if deadline.due == deadline.act_by else f"   legal end {_moment(deadline.due)}"
            show.data(show.styled(head, bold=True) + end)
        else:
            show.data(show.styled("NO DATE", bold=True) + f" {deadline.why}")
        role = _role(due)
        show.data(f"  {due.title} -> {due.recipient}{f' [{role}]' if role else ''}")
        limit = (
            f"{deadline.amount} {deadline.unit.replace('_', ' ')}"
            if deadline.unit
            else deadline.standard or ""
        )
        trust = trust_words(deadline.confidence)
        show.data(f"  {limit}; {deadline.citation}; {trust}  [{deadline.duty}]")
        for line in _doubts(due):
            show.data(f"  {line}")
        if deadline.latest_possible:
            show.data(f"  latest possible {_moment(deadline.latest_possible)}")
        show.data(f"  {due.verdict.reason}")
        if show.settings().verbose:
            for number, line in enumerate(deadline.derivation, 1):
                show.data(f"  {number:>3}. {line}")
    show.note("\n--verbose shows how each was counted")


def _doubts(due: Due) -> list[str]:
    """What is doubtful about the number; it is never printed without."""
    return [line for line in due.deadline.derivation if line.startswith("Verify with counsel")]


def _calendar(found: Sequence[Due], aware: datetime, profile: Path) -> None:
    from generator.export.ics import Entry, calendar
    from generator.workflows.duties import is_confidential, plan_id

    entries = [
        Entry(due.deadline, due.title, due.recipient, due.verdict.reason)
        for due in found
        if not is_confidential(due.deadline.duty)
    ]
    show.raw(calendar(entries, plan_id(profile), aware))
    undated = [due for due in found if due.deadline.act_by is None]
    if undated:
        show.note(
            f"not in the calendar, having no date yet: {', '.join(due.deadline.duty for due in undated)}"
        )


def _markdown(found: Sequence[Due]) -> None:
    from generator.render.escape import plain, settle

    def cell(text: object) -> str:
        return settle(f"| {plain(str(text if text is not None else ''))}").removeprefix("|").strip()

    show.data("| Act by | Legal end | To | Duty | Citation | Why |")
    show.data("| --- | --- | --- | --- | --- | --- |")
    for due in found:
        deadline = due.deadline
        row = (
            _moment(deadline.act_by) or deadline.why,
            _moment(deadline.due),
            due.recipient,
            due.title,
            deadline.citation,
            " ".join((f"{due.verdict.reason}.", *_doubts(due))),
        )
        show.data("| " + " | ".join(map(cell, row)) + " |")
