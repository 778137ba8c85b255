"""The command line: a lazy table of commands, and every error as one clean message with its exit code.

Nothing heavy is imported before a command runs, so `--help` stays fast.
"""

from __future__ import annotations

import os
import sys
import traceback
import zoneinfo
from typing import Any

import click

from generator import __version__
from generator.cli import show
from generator.cli.lazy import Entry, LazyGroup, setting, shared_options
from generator.errors import EXIT_INPUT, PlanError

EXIT_INTERNAL = 70


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
    "verify": Entry(
        "generator.cli.verify:verify",
        "Check a pack: hashes, signatures, approvals; what is proven, what not.",
    ),
    "evidence": Entry(
        "generator.cli.evidence:evidence", "Pack the evidence of a period for an auditor, as one ZIP."
    ),
    "impact": Entry("generator.cli.impact:impact", "Show which plans a change of law touches, and how."),
    "todo": Entry("generator.cli.todo:todo", "List what is to be done, most urgent first."),
    "schema": Entry("generator.cli.schema:schema", "Write or check the JSON Schemas for editors."),
}


class Airplan(LazyGroup):
    """The commands of airplan, and every error as one clean message with its exit code."""

    table = COMMANDS

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        try:
            return super().make_context(*args, **extra)
        except click.UsageError as error:
            raise _in_one_line(error) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _in_one_line(error) from None
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


class _WrongUsage(click.ClickException):
    """A call that Click refused, in the form of every other error."""

    exit_code = EXIT_INPUT

    def show(self, file: Any = None) -> None:
        show.error(self.message)


def _in_one_line(error: click.UsageError) -> click.ClickException:
    """`airplan clock: missing argument 'DUTY'; see airplan clock --help`. A call without words prints the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error
    command = error.ctx.command_path if error.ctx else "airplan"
    words = " ".join(error.format_message().split()).rstrip(".")
    return _WrongUsage(f"{command}: {words[:1].lower()}{words[1:]}; see {command} --help")


def _no_file(error: OSError) -> None:
    """A file, folder or disk that cannot be used: one line, no fault of ours."""
    if show.settings().debug:
        click.echo("".join(traceback.format_exception(error)), err=True)
    show.error(f"{error.filename or 'reading or writing'}: {error.strerror or error}")
    _drop_unwritten()


def _drop_unwritten() -> None:
    """Give up what standard output still holds and cannot take: else the interpreter tries once more as it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


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


_HIDDEN = [
    click.Option(
        ["--env-no-color"], envvar="NO_COLOR", hidden=True, expose_value=False, callback=setting("color")
    ),
    click.Option(
        ["--env-debug"], envvar="AIRPLAN_DEBUG", hidden=True, expose_value=False, callback=setting("debug")
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
