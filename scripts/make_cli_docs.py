"""Write docs/cli.md from the `--help` of every command: scripts/make_cli_docs.py

tests/test_docs.py fails when the page and the help differ.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generator.cli import COMMANDS, cli

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cli.md"
WIDTH = 90
HEAD = """\
# Commands

Made by `python scripts/make_cli_docs.py` from `--help`; do not edit.

The answer goes to stdout, everything else to stderr. A `DATETIME` is ISO 8601, with an offset (`2026-11-27T16:30+01:00`) or
without one, and is then read in the zone that the command names. `NO_COLOR` switches styles off; `AIRPLAN_DEBUG=1` prints
the traceback of an internal error. Exit codes: 0 fine; 1 the answer is no; 2 input or usage wrong; 3 the law data has no
answer; 4 rendering failed; 70 an internal error.
"""


def page() -> str:
    """The whole page."""
    settings = {**cli.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH, "color": False}
    top = click.Context(cli, info_name="airplan", **settings)
    parts = [HEAD, _block("airplan", cli, top)]
    for name in COMMANDS:
        command = cli.get_command(top, name)
        if command is None:
            raise SystemExit(f"no command {name}")
        context = click.Context(command, parent=top, info_name=name, **settings)
        parts.append(_block(f"airplan {name}", command, context))
        if isinstance(command, click.Group):
            parts += _steps(name, command, context, settings)
    return "\n".join(parts)


def _steps(name: str, group: click.Group, context: click.Context, settings: dict[str, Any]) -> list[str]:
    """The subcommands of a group."""
    parts = []
    for step in group.list_commands(context):
        command = group.get_command(context, step)
        if command is None:
            raise SystemExit(f"no step {step}")
        inner = click.Context(command, parent=context, info_name=step, **settings)
        parts.append(_block(f"airplan {name} {step}", command, inner))
    return parts


def _block(title: str, command: click.Command, context: click.Context) -> str:
    lines = [line.rstrip() for line in command.get_help(context).splitlines()]
    return "\n".join([f"## {title}", "", "```text", *lines, "```", ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"written: {PAGE.relative_to(ROOT)}")
