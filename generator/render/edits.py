"""What a person did to the texts of a pack, and new texts that are laid beside edited ones.

`.airplan/pristine/` holds each text as it was made: the base of a merge. Where edits and the new text clash, the
new text is written beside the person's file (`runbook.new.md`) and kept under `.airplan/pending/`. When the person
has deleted the file beside, the edited one counts as merged with it: the pending text is then the base.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.errors import RenderError
from generator.render.manifest import NAME, Entry, json_bytes, read_manifest, sha256
from generator.render.swap import one_writer

INNER = ".airplan"
PRISTINE = f"{INNER}/pristine"
PENDING = f"{INNER}/pending"
PENDING_LIST = f"{PENDING}.json"
"""Text -> the file beside it and that file's hash."""

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Edit:
    """A text of the pack that a person changed."""

    name: str
    base: str
    """The text that the person started from."""
    own: bytes
    """The file as it is."""


def read_edits(folder: Path) -> dict[str, Edit]:
    """Every Markdown text in `folder` that a person changed and whose base is known, by name."""
    try:
        entries = read_manifest((folder / NAME).read_bytes()) or {}
    except OSError:
        return {}
    resolved = _resolved(folder)
    edits = {}
    for name, entry in entries.items():
        if not name.endswith(".md"):
            continue
        try:
            own = (folder / name).read_bytes()
            if sha256(own) == entry.sha256 and not entry.edited:
                continue
            base = (folder / (PENDING if name in resolved else PRISTINE) / name).read_text(encoding="utf-8")
        except (OSError, ValueError):
            continue
        edits[name] = Edit(name, base, own)
    return edits


def _pending(folder: Path) -> dict[str, tuple[str, str]]:
    try:
        data = json.loads((folder / PENDING_LIST).read_bytes())
        return {str(name): (str(row["aside"]), str(row["sha256"])) for name, row in data.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _resolved(folder: Path) -> set[str]:
    """Texts whose file beside the person has deleted."""
    return {name for name, (aside, _) in _pending(folder).items() if not (folder / aside).exists()}


def asides_of_ours(folder: Path) -> tuple[str, ...]:
    """The files beside edited texts that we wrote and nobody changed."""
    return tuple(sorted(aside for aside, mark in _pending(folder).values() if _hash(folder / aside) == mark))


def lay_beside(folder: Path, texts: Mapping[str, bytes]) -> dict[str, str]:
    """Write each new text beside the person's file of that name. Returns name -> the file written.

    Nothing else in the folder changes. A file beside that a person changed, or that was never ours, is left alone.
    """
    with one_writer(folder.parent):
        rows = _pending(folder)
        written = {}
        for name, data in sorted(texts.items()):
            aside = _free_name(folder, name, rows.get(name))
            _replace(folder / aside, data)
            _replace(folder / PENDING / name, data)
            rows[name] = (aside, sha256(data))
            written[name] = aside
        listed = {name: {"aside": aside, "sha256": mark} for name, (aside, mark) in sorted(rows.items())}
        _replace(folder / PENDING_LIST, json_bytes(listed))
    return written


def remarks(
    folder: Path,
    merged: Sequence[str],
    restored: Sequence[str],
    entries: Mapping[str, Entry],
    foreign: Sequence[str],
) -> str:
    """What a person who edited, renamed or deleted files wants to know."""
    lines = [f"{folder}: your edits are kept in {', '.join(merged)}"] if merged else []
    own = {_hash(folder / name): name for name in foreign} if restored else {}
    for name in restored:
        renamed = own.get(entries[name].sha256)
        how = f"renamed to {renamed}, which stays as yours," if renamed else "gone"
        lines.append(f"{folder}: {name} was {how} and is written anew")
    return "\n".join(lines)


def _free_name(folder: Path, name: str, known: tuple[str, str] | None) -> str:
    if known and _hash(folder / known[0]) in (known[1], None):
        return known[0]
    path = PurePosixPath(name)
    number = 1
    while True:
        words = ".new" if number == 1 else f".new-{number}"
        aside = path.with_name(f"{path.stem}{words}{path.suffix}").as_posix()
        if not (folder / aside).exists():
            return aside
        number += 1


def _hash(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return None


def _replace(path: Path, data: bytes) -> None:
    """Write a file as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.airplan-new")
    draft.write_bytes(data)
    os.replace(draft, path)  # noqa: PTH105


def check_name(name: str) -> None:
    """Raises RenderError for a name that is no plain path in a pack."""
    parts = PurePosixPath(name).parts
    if not parts or "\\" in name or not all(_PART.fullmatch(part) for part in parts) or name == NAME:
        raise RenderError(f"{name!r} cannot be the name of a file in a pack")
