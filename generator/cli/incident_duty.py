"""`airplan incident sent|decide|close`: what became of each duty."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import show
from generator.cli.incident_edit import CODES
from generator.cli.incident_options import (
    by_option,
    clock_of,
    now_option,
    record_argument,
    show_turns,
    warn_of_personal,
)


@click.command(
    epilog=f"""\b
Examples:
  airplan incident sent INC-2026-001 contract-ardoise-forward-flow-ardoise-origination-defect \\
      --sent-at 2026-11-17T15:20 --reference "courier 7731" --by "M. Levitan"
{CODES}"""
)
@record_argument
@click.argument("duty")
@click.option(
    "--sent-at",
    required=True,
    metavar="DATETIME",
    help="When it went, or was received where the law wants receipt.",
)
@click.option(
    "--reference",
    required=True,
    metavar="WORDS",
    help="What proves it: number of the filing, courier, message.",
)
@by_option
@now_option
def sent(
    record: str, duty: str, sent_at: str, reference: str, by: str, incidents: Path, now: str | None
) -> None:
    """Record that the notice of DUTY went out. Later stages are counted from it."""
    from generator.workflows import incident_changes as changes

    changed = changes.record_sent(record, incidents, clock_of(now), duty, sent_at, reference, by)
    show.data(f"{changed.incident.record.id}: {duty} sent")
    show_turns(changed.turns)
    warn_of_personal(changed.incident, reference, by)


@click.command(
    epilog=f"""\b
Examples:
  airplan incident decide INC-2026-001 banks-occ-36h --not-notified --by "T. Delacroix" \\
      --because "no business line was materially degraded: 37 of 31,000 files" --evidence "memo CRO-118"
{CODES}"""
)
@record_argument
@click.argument("duty")
@click.option("--not-notified", is_flag=True, required=True, help="The decision: no notice under this duty.")
@click.option(
    "--because", required=True, metavar="WORDS", help="The reason, as it would be told to the authority."
)
@by_option
@click.option("--regime", metavar="WORDS", help="The law; default: the duty's own.")
@click.option("--question", metavar="WORDS", help="The question that decided it.")
@click.option("--answer", metavar="WORDS", help="Its answer.")
@click.option("--evidence", metavar="WORDS", help="What shows it: memo, log, assessment.")
@now_option
def decide(
    record: str,
    duty: str,
    not_notified: bool,
    because: str,
    by: str,
    regime: str | None,
    question: str | None,
    answer: str | None,
    evidence: str | None,
    incidents: Path,
    now: str | None,
) -> None:
    """Record the decision that DUTY needs no notice in this incident."""
    from generator.errors import UsageProblem
    from generator.workflows import incident_changes as changes

    if not not_notified:
        raise UsageProblem("decide: say --not-notified; a notice that went out is `airplan incident sent`")
    given = {"regime": regime, "question": question, "answer": answer, "evidence": evidence}
    more = {key: value for key, value in given.items() if value}
    changed = changes.decide_not(record, incidents, clock_of(now), duty, because, by, more)
    show.data(f"{changed.incident.record.id}: {duty} decided, not notified")
    warn_of_personal(changed.incident, because, by, more=more.values())


@click.command(
    epilog="""\b
Examples:
  airplan incident close INC-2026-001 --by "W. Mwangi"

Exit codes: 0 closed; 1 something is missing, and what; 2 the record or the call is wrong; 3 the law data has no answer.
"""
)
@record_argument
@by_option
@now_option
def close(record: str, by: str, incidents: Path, now: str | None) -> None:
    """Close record ID. Every duty must be sent or decided, and containment and recovery stated."""
    from generator.workflows import incident_changes as changes

    changed = changes.close(record, incidents, clock_of(now), by)
    if not changed.missing:
        show.data(f"{changed.incident.record.id}: closed")
        return
    show.data(f"{changed.incident.record.id}: not closed, {len(changed.missing)} missing")
    for line in changed.missing:
        show.data(f"  {line}")
    click.get_current_context().exit(1)
