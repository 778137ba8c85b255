"""`airplan schema`: the JSON Schemas by which editors help."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import show

KINDS = ("profile", "regulation", "incident-class", "incident-record", "release", "approvals", "population")


@click.command(
    epilog="""\b
Examples:
  airplan schema profile > profile.schema.json
  airplan schema --write       write all of them under schemas/

First line of a profile, so that editors find it:
  # yaml-language-server: $schema=../schemas/profile.schema.json
"""
)
@click.argument("name", required=False, type=click.Choice(KINDS))
@click.option("--write", is_flag=True, default=False, help="Write to schemas/ instead of printing.")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Another folder than schemas/, with --write.",
)
def schema(name: str | None, write: bool, output: Path | None) -> None:
    """Print the JSON Schema of one kind of file (default: profile), or write them all."""
    from generator.paths import data_folder
    from generator.sources.schemas import NAMES, schema_file, schema_text

    chosen = [known for known in NAMES if known == name or (name is None and write)] or ["profile"]
    if not write:
        show.data(schema_text(chosen[0]).rstrip("\n"))
        return
    folder = output or data_folder("schemas")
    folder.mkdir(parents=True, exist_ok=True)
    for known in NAMES:
        if known in chosen:
            (folder / schema_file(known)).write_text(schema_text(known), encoding="utf-8", newline="\n")
            show.note(f"written: {folder / schema_file(known)}")
