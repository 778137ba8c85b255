"""`airplan incident rca|action|apply`: from the review to the better plan."""

from __future__ import annotations

import os
from pathlib import Path

import click

from generator.cli import show
from generator.cli.incident_options import by_option, clock_of, now_option, record_argument, warn_of_personal
from generator.errors import UsageProblem


@click.command(
    epilog="""\b
Examples:
  airplan incident rca INC-2026-001 returned/rca-form.pdf --by "W. Mwangi"
  airplan incident rca INC-2026-001 incidents/INC-2026-001/filled/rca-form.yaml --by "W. Mwangi"

Exit codes: 0 read; 2 the form cannot be read or a field is wrong, each is named; 3 the law data has no answer.
"""
)
@record_argument
@click.argument("form", type=click.Path(path_type=Path), metavar="FILE")
@by_option
@now_option
def rca(record: str, form: Path, by: str, incidents: Path, now: str | None) -> None:
    """Read FILE, a filled review form (.pdf, .yaml or .md), into record ID. Earlier readings are kept."""
    from generator.workflows.incident_rca import import_rca

    read = import_rca(record, incidents, clock_of(now), form, by)
    name = read.incident.record.id
    if read.again:
        show.data(f"{name}: {form} was read before; nothing changed")
        return
    show.data(f"{name}: {read.answers} answers read, {len(read.actions)} new corrective actions")
    for action in read.incident.record.actions:
        if action.id in read.actions:
            show.data(f"  {action.id}. {action.what}; {action.owner}, due {action.due}")
            for patch in action.patch:
                show.data(f"     {patch.path} = {patch.value}")
    warn_of_personal(read.incident, more=map(str, read.incident.record.rca[-1].answers.values()))


@click.command(
    epilog="""\b
Examples:
  airplan incident action INC-2026-001 --what "Page at the first flagged document" --owner ai_lead --due 2026-11-27 \\
      --patch detection.signals.doc-instructions.page.at=1 --by "W. Mwangi"
  airplan incident action INC-2026-001 --number 1 --state verified --verification "planted file held, drill 12-02" \\
      --by "N. Quispe"

Exit codes: 0 written; 2 the record, the patch or the call is wrong; 3 the law data has no answer.
"""
)
@record_argument
@click.option("--what", metavar="WORDS", help="The action, in one line.")
@click.option("--owner", metavar="WHO", help="Who does it.")
@click.option("--due", metavar="DATE", help="By when.")
@click.option("--cause", metavar="WORDS", help="The cause that it answers.")
@click.option(
    "--type", "kind", type=click.Choice(["prevent", "detect", "limit", "repair"]), help="What it does."
)
@click.option("--strength", type=click.Choice(["strong", "medium", "weak"]), help="How well it holds.")
@click.option(
    "--patch",
    "patches",
    multiple=True,
    metavar="PATH=VALUE",
    help="A value of the profile that it changes, by keys and ids. Repeatable.",
)
@click.option(
    "--number", type=click.IntRange(1), metavar="N", help="An action that is there, to change its state."
)
@click.option("--state", type=click.Choice(["open", "done", "verified", "dropped"]), help="Its new state.")
@click.option("--verification", metavar="WORDS", help="How one sees that it works, and who looked.")
@by_option
@now_option
def action(
    record: str,
    what: str | None,
    owner: str | None,
    due: str | None,
    cause: str | None,
    kind: str | None,
    strength: str | None,
    patches: tuple[str, ...],
    number: int | None,
    state: str | None,
    verification: str | None,
    by: str,
    incidents: Path,
    now: str | None,
) -> None:
    """Add a corrective action to record ID, or change the state of one with --number."""
    from generator.cli.clock_inputs import day_from
    from generator.workflows import incident_actions as actions

    if number is not None:
        if not state or what or patches:
            raise UsageProblem("--number: say the new --state, and nothing that only a new action has")
        changed = actions.set_action(record, incidents, clock_of(now), number, state, verification, by)
        show.data(f"{changed.record.id}: action {number} {state}")
        warn_of_personal(changed, verification, by)
        return
    if not (what and owner and due):
        raise UsageProblem("a new action needs --what, --owner and --due")
    fields = {
        "what": what,
        "cause": cause,
        "type": kind,
        "strength": strength,
        "owner": owner,
        "due": day_from(due, "--due").isoformat(),
        "verification": verification,
    }
    incident, made = actions.add_action(record, incidents, clock_of(now), fields, patches, by)
    show.data(f"{incident.record.id}: action {made} added")
    warn_of_personal(incident, what, cause, verification, by)


@click.command(
    epilog="""\b
Examples:
  airplan incident apply INC-2026-001 --dry-run --by "W. Mwangi"
  airplan incident apply INC-2026-001 --action 1 --action 2 --by "W. Mwangi"

Exit codes: 0 applied; 1 nothing to apply, or an edited file of the pack was left alone; 2 the patch makes the profile
wrong, or the call is wrong; 3 the law data has no answer; 4 a document could not be rendered.
"""
)
@record_argument
@click.option(
    "--action", "numbers", type=click.IntRange(1), multiple=True, metavar="N",
    help="Only this action. Repeatable; default: every open action with a patch.",
)  # fmt: skip
@by_option
@click.option(
    "--dry-run", is_flag=True, default=False, help="Show the change of the profile and write nothing."
)
@click.option("--no-build", is_flag=True, default=False, help="Change the profile and do not build the pack.")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("output"), show_default=True,
    help="Where the pack is built.",
)  # fmt: skip
@click.option(
    "--format", "formats", default="md,pdf", show_default=True, help="Which formats: md, pdf, or both."
)
@now_option
def apply(
    record: str,
    numbers: tuple[int, ...],
    by: str,
    dry_run: bool,
    no_build: bool,
    output: Path,
    formats: str,
    incidents: Path,
    now: str | None,
) -> None:
    """Put the profile patches of corrective actions into the profile: new plan version, line of history, new pack.

    The change is shown as a diff. Comments and order of the profile stay; the new text is checked before it is written.
    """
    from generator.cli.build import format_names, report
    from generator.workflows.incident_actions import apply_actions

    wanted = format_names(formats)
    made = apply_actions(record, incidents, clock_of(now), numbers, by, dry_run=dry_run)
    if made.version is None:
        show.data("nothing to apply: no open action has a patch")
        click.get_current_context().exit(1)
    show.data(made.diff)
    if dry_run:
        show.note(f"{made.profile}: not changed (--dry-run)")
        return
    show.note(f"{made.profile}: plan version {made.version}, actions {', '.join(map(str, made.actions))}")
    if no_build:
        return
    from generator.batch.build import build_packs

    with show.progress("Rendering") as step:
        built = build_packs((made.profile,), output, formats=wanted, jobs=os.cpu_count() or 1, progress=step)
    report(built[0])
    click.get_current_context().exit(built[0].exit_code)
