"""A group of commands that imports a command only when it is called, and the options that every command has."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click

from generator.cli import show
from generator.errors import UsageProblem


class Entry(NamedTuple):
    """Where a command is (`module:function`), and its line in the list."""

    target: str
    help: str


class LazyGroup(click.Group):
    """The commands of `table`, by name and in its order."""

    table: Mapping[str, Entry]
    noun = "command"
    """What a user calls one of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        module_name, _, function = entry.target.partition(":")
        try:
            command: click.Command = getattr(import_module(module_name), function)
        except ModuleNotFoundError as missing:
            if missing.name != module_name:
                raise
            raise UsageProblem(f"`{ctx.command_path} {cmd_name}` is not part of this version") from None
        if not any(option.name == "quiet" for option in command.params):
            command.params.extend(shared_options())
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.table:
            import difflib

            near = difflib.get_close_matches(name, self.table, n=1)
            raise click.UsageError(
                f"no {self.noun} `{name}`{f'; did you mean `{near[0]}`?' if near else ''}", ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(f"{self.noun.capitalize()}s"):
            formatter.write_dl([(name, entry.help) for name, entry in self.table.items()])


def setting(name: str) -> Any:
    """A callback that notes in the settings of the run that the option was given."""

    def callback(ctx: click.Context, param: click.Parameter, value: object) -> None:
        if value:
            setattr(ctx.ensure_object(show.Settings), name, name != "color")

    return callback


def shared_options() -> list[click.Option]:
    """`--quiet` and `--verbose` are understood before and after the name of the command."""
    return [
        click.Option(
            ["--quiet", "-q"], is_flag=True, default=False, expose_value=False, callback=setting("quiet"),
            help="Print the answer and errors only.",
        ),
        click.Option(
            ["--verbose", "-v"], is_flag=True, default=False, expose_value=False, callback=setting("verbose"),
            help="Print more about what is done.",
        ),
    ]  # fmt: skip
