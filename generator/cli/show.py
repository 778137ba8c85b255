"""The only place that prints. Data to stdout, everything else to stderr."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click


@dataclass
class Settings:
    """What `--quiet`, `--verbose`, NO_COLOR and `--debug` set for one run."""

    quiet: bool = False
    verbose: bool = False
    color: bool = True
    debug: bool = False


_DEFAULT = Settings()


def settings() -> Settings:
    """The settings of the running command."""
    context = click.get_current_context(silent=True)
    found = context.find_object(Settings) if context else None
    return found or _DEFAULT


def styled(text: str, **style: Any) -> str:
    """`text` in a style; plain with NO_COLOR. Click drops styles where stdout is no terminal."""
    return click.style(text, **style) if settings().color else text


def data(text: str = "") -> None:
    """The answer itself: stdout, also with `--quiet`."""
    click.echo(text)


def raw(value: bytes) -> None:
    """The answer as bytes on stdout, line ends as they are (a calendar file)."""
    sys.stdout.buffer.write(value)


def json(value: Any) -> None:
    """The answer as JSON on stdout: sorted only as given, UTF-8, two spaces."""
    click.echo(json_module.dumps(value, ensure_ascii=False, indent=2))


def note(text: str) -> None:
    """Progress and remarks on stderr; silent with `--quiet`."""
    if not settings().quiet:
        click.echo(text, err=True)


def detail(text: str) -> None:
    """Remarks that only `--verbose` shows, on stderr."""
    if settings().verbose and not settings().quiet:
        click.echo(text, err=True)


def warning(text: str) -> None:
    """Something that a person should look at; silent with `--quiet`."""
    note(f"{styled('warning:', fg='yellow')} {text}")


def error(text: str) -> None:
    """Why it failed; never silent. Several lines are one fault each."""
    lines = text.splitlines() or [""]
    head = styled("error:", fg="red", bold=True)
    if len(lines) == 1:
        click.echo(f"{head} {lines[0]}", err=True)
        return
    click.echo(f"{head} {len(lines)} problems", err=True)
    for line in lines:
        click.echo(f"  {line}", err=True)


def table(rows: Iterable[tuple[str, str]], *, width: int = 12) -> None:
    """Label and value, one row a line, on stdout."""
    for label, value in rows:
        click.echo(f"{label:<{width}}{value}")


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on stderr while long work runs; nothing where stderr is no terminal or with `--quiet`."""
    if settings().quiet or not sys.stderr.isatty():
        yield lambda done, total, name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, no_color=not settings().color)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def step(done: int, total: int, name: str) -> None:
            bar.update(task, total=total, completed=done, description=name)

        yield step
