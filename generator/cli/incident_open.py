"""`airplan incident open`: a new record."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import show
from generator.cli.incident_options import clock_of, incidents_option, now_option, warn_of_personal
from generator.errors import UsageProblem


@click.command(
    "open",
    epilog="""\b
Examples:
  airplan incident open profiles/loan_multi_agent.yaml --class indirect-prompt-injection \\
      --trigger wrong_decision_about_person --aware-at 2026-11-16T08:10 \\
      --by "Abena Ansah, fair-lending officer" --ground "37 outcomes differ on replay"
  airplan incident open client.yaml --class provider-outage --trigger service_incident \\
      --aware-at 2026-11-22T02:13 --drill

Exit codes: 0 opened; 2 the profile or the call is wrong; 3 the law data has no answer.
""",
)
@click.argument("profile", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--class", "class_", required=True, metavar="CLASS", help="The incident class, an id of the runbook."
)
@click.option(
    "--aware-at",
    required=True,
    metavar="DATETIME",
    help="When somebody was reasonably certain. Without an offset it is read in the client's zone.",
)
@click.option(
    "--trigger",
    "triggers",
    multiple=True,
    required=True,
    metavar="TRIGGER",
    help="A question answered with yes, a name of catalog/triggers.yaml. Repeatable.",
)
@click.option("--by", metavar="WHO", help="Who says when somebody was aware.")
@click.option("--ground", metavar="WORDS", help="On what ground: what was seen, read or said.")
@click.option(
    "--severity",
    type=click.Choice(["SEV1", "SEV2", "SEV3", "SEV4"]),
    help="Default: what the plan gives the class.",
)
@click.option("--title", metavar="WORDS", help="One line; default: the title of the class.")
@click.option(
    "--at",
    multiple=True,
    metavar="EVENT=DATETIME",
    help="Another time: occurred, detected, contained, determined ... Repeatable.",
)
@click.option(
    "--fact",
    multiple=True,
    metavar="NAME=VALUE",
    help="A fact that is known already, e.g. encrypted=no, residents:US-OH=19. Repeatable.",
)
@click.option("--source", metavar="WORDS", help="Where the facts come from.")
@click.option(
    "--plan",
    type=click.Path(file_okay=False, path_type=Path),
    help="The pack or release that was in force, instead of the one under --releases.",
)
@click.option(
    "--releases",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("releases"),
    show_default=True,
    help="Where releases are; the newest in force at awareness counts.",
)
@click.option("--drill", is_flag=True, default=False, help="Not an incident: an exercise.")
@incidents_option
@now_option
def open_(
    profile: Path,
    class_: str,
    aware_at: str,
    triggers: tuple[str, ...],
    by: str | None,
    ground: str | None,
    severity: str | None,
    title: str | None,
    at: tuple[str, ...],
    fact: tuple[str, ...],
    source: str | None,
    plan: Path | None,
    releases: Path,
    drill: bool,
    incidents: Path,
    now: str | None,
) -> None:
    """Open a record for an incident of PROFILE: incidents/INC-YYYY-NNN/record.yaml.

    It binds to the release in force at awareness, to the pack named by --plan, or to the plan made of PROFILE now.
    """
    from generator.workflows.incident_opening import Opening, open_incident, open_questions
    from generator.workflows.incidents import state_of

    times = {"aware": aware_at}
    for text in at:
        event, equals, moment = (part.strip() for part in text.partition("="))
        if not equals or event == "aware":
            raise UsageProblem(f"--at {text}: write EVENT=DATETIME; awareness is --aware-at")
        times[event] = moment
    opening = Opening(
        class_=class_,
        triggers=tuple(dict.fromkeys(triggers)),
        times=times,
        by=by,
        ground=ground,
        severity=severity,
        title=title,
        facts=fact,
        source=source,
        plan_folder=plan,
        releases=releases,
        drill=drill,
    )
    clock = clock_of(now)
    opened = open_incident(profile, incidents, opening, clock)
    record = opened.incident.record
    show.data(str(opened.incident.loaded.path))
    show.note(
        f"  {record.id}: {record.title}, {record.severity}; binds to {record.binds.plan} version "
        f"{record.binds.version} ({record.binds.source}, {record.binds.sha256[:12]})"
    )
    for remark in opened.remarks:
        show.warning(remark)
    warn_of_personal(opened.incident, title, by, ground, source)
    found = state_of(opened.incident, clock(opened.incident.profile.client.time_zone))
    show.note(f"  {len(found.duties)} duties run or wait for their start: airplan incident show {record.id}")
    for question, raises in open_questions(opened.incident):
        show.note(f"  still to answer: {question} If yes: airplan incident trigger {record.id} {raises}")
