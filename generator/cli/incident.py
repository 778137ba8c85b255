"""`airplan incident`: the record of one incident, from the alarm to the better plan. A table of subcommands."""

from __future__ import annotations

from importlib import import_module

import click

STEPS = {
    "open": ("generator.cli.incident_open:open_", "Open a record: class, awareness, triggers."),
    "show": (
        "generator.cli.incident_show:show_",
        "Show every duty with time left, what it needs, what is unknown.",
    ),
    "note": ("generator.cli.incident_edit:note", "Add a line to the timeline."),
    "at": ("generator.cli.incident_edit:at", "Say when an event was, who says so, on what ground."),
    "trigger": (
        "generator.cli.incident_edit:trigger",
        "Answer a trigger's question with yes, or take it back.",
    ),
    "fact": ("generator.cli.incident_edit:fact", "State facts; duties that come or go are named."),
    "sent": ("generator.cli.incident_duty:sent", "Record a notice that went out."),
    "decide": ("generator.cli.incident_duty:decide", "Record a reasoned decision not to notify."),
    "fill": ("generator.cli.incident_fill:fill", "Write notices and review form, filled from the record."),
    "rca": ("generator.cli.incident_review:rca", "Read a filled review form into the record."),
    "action": ("generator.cli.incident_review:action", "Add a corrective action, or change its state."),
    "apply": (
        "generator.cli.incident_review:apply",
        "Turn corrective actions into a new version of the plan.",
    ),
    "close": ("generator.cli.incident_duty:close", "Close the record, or say what is missing."),
}


class Steps(click.Group):
    """A group that imports a subcommand only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(STEPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = STEPS.get(cmd_name)
        if entry is None:
            return None
        module, _, function = entry[0].partition(":")
        command: click.Command = getattr(import_module(module), function)
        if not any(option.name == "quiet" for option in command.params):
            from generator.cli import shared_options

            command.params.extend(shared_options())
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in STEPS:
            import difflib

            near = difflib.get_close_matches(name, STEPS, n=1)
            raise click.UsageError(f"no step `{name}`{f'; did you mean `{near[0]}`?' if near else ''}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Steps"):
            formatter.write_dl([(name, words) for name, (_, words) in STEPS.items()])


@click.group(
    cls=Steps,
    epilog="""\b
Examples:
  airplan incident open profiles/loan_multi_agent.yaml --class indirect-prompt-injection \\
      --trigger wrong_decision_about_person --aware-at 2026-11-16T08:10 --by "A. Ansah" --ground "read run 4471"
  airplan incident show INC-2026-001

Exit codes: 0 fine; 1 not closed, something is missing; 2 the record, the profile or the call is wrong;
3 the law data has no answer; 4 a document could not be rendered.
""",
)
def incident() -> None:
    """Keep the record of one incident: clocks, notices, decisions, review, and the plan that comes of it.

    A record is a folder, incidents/INC-YYYY-NNN/, with record.yaml, which a person may edit. It binds to the release of
    the plan that was in force. Numbers of people by residence are stored, names never.
    """
