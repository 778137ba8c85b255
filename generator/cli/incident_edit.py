"""`airplan incident note|at|trigger|fact`: what a person adds to a record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import show
from generator.cli.incident_options import (
    by_option,
    clock_of,
    now_option,
    record_argument,
    show_turns,
    warn_of_personal,
)
from generator.errors import UsageProblem

if TYPE_CHECKING:
    from generator.incidents.severity import Call, Consequences
    from generator.model.catalog import Severity

CODES = "\nExit codes: 0 written; 2 the record or the call is wrong; 3 the law data has no answer.\n"


@click.command(
    epilog=f"""\b
Examples:
  airplan incident note INC-2026-001 "Intake stopped with A1" --by "E. Ubani"
  airplan incident note INC-2026-001 "Report RC-18 shows 37 files" --at 2026-11-16T07:40 --by "A. Ansah"
{CODES}"""
)
@record_argument
@click.argument("text")
@by_option
@click.option("--at", metavar="DATETIME", help="When it was, if not now.")
@now_option
def note(record: str, text: str, by: str, at: str | None, incidents: Path, now: str | None) -> None:
    """Add TEXT to the timeline of record ID."""
    from generator.workflows import incident_changes as changes

    changed = changes.note(record, incidents, clock_of(now), text, by, at)
    show.data(f"{changed.incident.record.id}: noted")
    warn_of_personal(changed.incident, text, by)


@click.command(
    epilog=f"""\b
Examples:
  airplan incident at INC-2026-001 contained=2026-11-16T08:31 --by "E. Ubani" --ground "A2 and B4 in effect"
  airplan incident at INC-2026-001 determined=2026-11-16T14:00 --by "T. Delacroix" --ground "loan desk down"
{CODES}"""
)
@record_argument
@click.argument("when", metavar="EVENT=DATETIME")
@by_option
@click.option("--ground", required=True, metavar="WORDS", help="What was seen, read or decided.")
@now_option
def at(record: str, when: str, by: str, ground: str, incidents: Path, now: str | None) -> None:
    """Say when an event was: occurred, detected, aware, determined, contained, recovered ...

    A later statement counts instead of an earlier one; both stay. Clocks that run from it are computed anew.
    """
    from generator.workflows import incident_changes as changes

    event, equals, moment = (part.strip() for part in when.partition("="))
    if not equals or not event:
        raise UsageProblem(f"{when}: write EVENT=DATETIME, e.g. contained=2026-11-16T08:31")
    changed = changes.say_when(record, incidents, clock_of(now), event, moment, by, ground)
    show.data(
        f"{changed.incident.record.id}: {event} at {changed.incident.record.moments()[event].at.isoformat()}"
    )
    show_turns(changed.turns)
    warn_of_personal(changed.incident, ground, by)


@click.command(
    epilog=f"""\b
Examples:
  airplan incident trigger INC-2026-001 credit_notice_wrong --by "A. Ansah" --ground "12 letters of Saturday"
  airplan incident trigger INC-2026-001 personal_data_breach --withdraw --by counsel --ground "no copy left the bank"
{CODES}"""
)
@record_argument
@click.argument("name", metavar="TRIGGER")
@by_option
@click.option(
    "--ground", required=True, metavar="WORDS", help="On what ground the answer is yes, or no longer."
)
@click.option("--withdraw", is_flag=True, default=False, help="Take an earlier yes back.")
@now_option
def trigger(
    record: str, name: str, by: str, ground: str, withdraw: bool, incidents: Path, now: str | None
) -> None:
    """Answer the question of TRIGGER with yes, so that its clocks run."""
    from generator.workflows import incident_changes as changes

    changed = changes.answer_trigger(record, incidents, clock_of(now), name, by, ground, withdrawn=withdraw)
    show.data(f"{changed.incident.record.id}: {name} {'taken back' if withdraw else 'raised'}")
    show_turns(changed.turns)
    warn_of_personal(changed.incident, ground, by)


@click.command(
    epilog=f"""\b
Examples:
  airplan incident fact INC-2026-001 residents:US-OH=19 residents:US-MI=11 residents:US-PA=7 people_total=37 \\
      --source "replay of the weekend's files" --by "B. Tran"
  airplan incident fact INC-2026-001 encrypted=no --source "gateway log" --confidence high --by "S. Bhattarai"
{CODES}"""
)
@record_argument
@click.argument("facts", metavar="NAME=VALUE...", nargs=-1, required=True)
@click.option(
    "--source", required=True, metavar="WORDS", help="Where it comes from: a log, a count, a person."
)
@click.option(
    "--confidence",
    type=click.Choice(["high", "medium", "low"]),
    default="medium",
    show_default=True,
    help="How sure it is.",
)
@by_option
@now_option
def fact(
    record: str,
    facts: tuple[str, ...],
    source: str,
    confidence: str,
    by: str,
    incidents: Path,
    now: str | None,
) -> None:
    """State facts of the incident, names of catalog/facts.yaml; duties that come or go are named with the reason.

    Counts of people by residence are `residents:PLACE`. Once they add up to `people_total`, a place that is not listed
    counts as nobody; until then it counts with all the people served there.
    """
    from generator.workflows import incident_changes as changes

    changed = changes.state_facts(record, incidents, clock_of(now), facts, source, confidence, by)
    show.data(f"{changed.incident.record.id}: {'; '.join(facts)}")
    show_turns(changed.turns)
    warn_of_personal(changed.incident, source, by)


@click.command(
    epilog=f"""\b
Examples:
  airplan incident severity INC-2026-001 SEV1 --because "an adverse-action letter reached 12 people" --by "W. Mwangi"
{CODES}"""
)
@record_argument
@click.argument("level", type=click.Choice(["SEV1", "SEV2", "SEV3", "SEV4"]))
@click.option("--because", required=True, metavar="WORDS", help="What happened to people and records.")
@by_option
@now_option
def severity(record: str, level: Severity, because: str, by: str, incidents: Path, now: str | None) -> None:
    """Change the severity of record ID to LEVEL. The former one stays in the record, with the reason.

    What the change means by the plan is printed: how fast to answer, who leads, who is called by when. Clocks of law
    and contract do not depend on it.
    """
    from generator.workflows.incident_severity import set_severity

    made = set_severity(record, incidents, clock_of(now), level, because, by)
    show.data(f"{made.incident.record.id}: {level}, before {made.former}")
    _consequences(made.consequences)
    warn_of_personal(made.incident, because, by)


def _consequences(found: Consequences) -> None:
    new, old = found.new, found.old
    if new and old:
        show.data(f"  means: {new.means}")
        for words, now, before in (
            ("answer within", new.answer_within, old.answer_within),
            ("leads", new.leads, old.leads),
            ("contain", new.contain, old.contain),
        ):
            show.data(f"  {words}: {now}" + (f" (before: {before})" if now != before else " (as before)"))
    for call in found.called:
        show.data(f"  + call: {_call(call)}")
    for call in found.dropped:
        show.data(f"  - no longer asked by the plan: {call.who} -> {call.tells}")
    show.data(
        f"  steps of the chain of calls that stay: {found.still}; clocks of law and contract do not depend on it"
    )


def _call(call: Call) -> str:
    from generator.deadlines.zones import shown

    end = f", by {shown(call.by)}" if call.by else ""
    return f"{call.who} -> {call.tells}; within {call.within}{end}; {call.channel}"
