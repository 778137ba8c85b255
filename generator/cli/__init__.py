"""The command line: a lazy table of commands, and every error as one clean message with its exit code.

Nothing heavy is imported before a command runs, so `--help` stays fast.
"""

from __future__ import annotations

import traceback
import zoneinfo
from importlib import import_module
from typing import Any, NamedTuple

import click

from generator import __version__
from generator.cli import show
from generator.errors import EXIT_INPUT, PlanError, UsageProblem

EXIT_INTERNAL = 70


class Entry(NamedTuple):
    """Where a command is, and its line in the list."""

    target: str
    help: str


COMMANDS = {
    "new": Entry("generator.cli.new:new", "Make a profile of your own from a starter."),
    "check": Entry("generator.cli.check:check", "Check profiles: errors, gaps, findings."),
    "build": Entry("generator.cli.build:build", "Build the documents of one or more profiles."),
    "release": Entry(
        "generator.cli.release:release", "Freeze the current version of a plan with all its documents."
    ),
    "approve": Entry("generator.cli.approve:approve", "Record who approved a release."),
    "diff": Entry("generator.cli.diff:diff", "Compare two plans by meaning."),
    "duties": Entry(
        "generator.cli.duties:duties", "List duties: all, or those that bind a profile, with reasons."
    ),
    "clock": Entry("generator.cli.clock:clock", "Compute one deadline from a duty and a start time."),
    "deadlines": Entry(
        "generator.cli.deadlines:deadlines", "Compute every deadline that an incident starts."
    ),
    "incident": Entry(
        "generator.cli.incident:incident", "Keep the record of an incident: clocks, notices, review, plan."
    ),
    "impact": Entry("generator.cli.impact:impact", "Show which plans a change of law touches, and how."),
    "todo": Entry("generator.cli.todo:todo", "List what is to be done, most urgent first."),
    "schema": Entry("generator.cli.schema:schema", "Write or check the JSON Schemas for editors."),
}


class Airplan(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module_name, _, function = entry.target.partition(":")
        try:
            command: click.Command = getattr(import_module(module_name), function)
        except ModuleNotFoundError as missing:
            if missing.name != module_name:
                raise
            raise UsageProblem(f"`airplan {cmd_name}` is not part of this version") from None
        if not any(option.name == "quiet" for option in command.params):
            command.params.extend(shared_options())
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            import difflib

            near = difflib.get_close_matches(name, COMMANDS, n=1)
            raise click.UsageError(
                f"no command `{name}`{f'; did you mean `{near[0]}`?' if near else ''}", ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except PlanError as error:
            show.error(str(error))
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            raise
        except OSError as error:
            _no_file(error)
            ctx.exit(EXIT_INPUT)
        except Exception as error:
            _internal(error)
            ctx.exit(EXIT_INTERNAL)


def _no_file(error: OSError) -> None:
    """A file, folder or disk that cannot be used: one line, no fault of ours."""
    if show.settings().debug:
        click.echo("".join(traceback.format_exception(error)), err=True)
    show.error(f"{error.filename or 'reading or writing'}: {error.strerror or error}")


def _internal(error: Exception) -> None:
    """A fault of ours: one line, and the traceback only where somebody asked for it."""
    if show.settings().debug:
        click.echo("".join(traceback.format_exception(error)), err=True)
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" at {last[0].filename.rpartition('/')[2]}:{last[0].lineno}" if last else ""
    words = " ".join(str(error).split())[:200]
    show.error(
        f"internal error in airplan {__version__}{where}: {type(error).__name__}: {words} "
        "(please report it; AIRPLAN_DEBUG=1 shows more)"
    )


def _set(name: str) -> Any:
    def callback(ctx: click.Context, param: click.Parameter, value: object) -> None:
        if value:
            setattr(ctx.ensure_object(show.Settings), name, name != "color")

    return callback


def shared_options() -> list[click.Option]:
    """`--quiet` and `--verbose` are understood before and after the name of the command."""
    return [
        click.Option(
            ["--quiet", "-q"], is_flag=True, default=False, expose_value=False, callback=_set("quiet"),
            help="Print the answer and errors only.",
        ),
        click.Option(
            ["--verbose", "-v"], is_flag=True, default=False, expose_value=False, callback=_set("verbose"),
            help="Print more about what is done.",
        ),
    ]  # fmt: skip


_HIDDEN = [
    click.Option(
        ["--env-no-color"], envvar="NO_COLOR", hidden=True, expose_value=False, callback=_set("color")
    ),
    click.Option(
        ["--env-debug"], envvar="AIRPLAN_DEBUG", hidden=True, expose_value=False, callback=_set("debug")
    ),
]
"""Set by the environment alone; Click reads it, so that nothing else has to."""


@click.group(
    cls=Airplan,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=[*shared_options(), *_HIDDEN],
)
@click.version_option(__version__, prog_name="airplan", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """AI incident response plans from a profile and a dated, cited law book.

    A plan says what the law demands of one deployment on one date. It is no legal advice.

    \b
    Examples:
      airplan check profiles/loan.yaml
      airplan build profiles/loan.yaml
      airplan clock gdpr-art33-supervisory-authority --start 2026-11-27T16:30 --tz Europe/Berlin
    """
    ctx.ensure_object(show.Settings)
    zoneinfo.reset_tzpath(())  # the tzdata package decides, never the machine's own files


def main() -> None:
    """Entry point of `airplan`."""
    cli()
