"""Write a pack: whole or not at all, and never over a person's edits.

What is in the folder decides. No manifest: the folder is the user's, we write beside it. A file whose hash
differs from the manifest was edited: it is replaced only by a text that holds the edits (`PackFile.replaces`), or
under `force`; else nothing is written. What the manifest does not name is carried over untouched. Pristine copies
of the texts stay in `.airplan/` for merging (`edits.py`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from generator.errors import EXIT_NO, EXIT_OK, UsageProblem
from generator.render.edits import INNER, PENDING, PENDING_LIST, PRISTINE, asides_of_ours, check_name, remarks
from generator.render.manifest import (
    NAME,
    Entry,
    PackFile,
    PackMeta,
    entry_of,
    json_bytes,
    manifest_bytes,
    read_manifest,
    sha256,
)
from generator.render.swap import one_writer, settle_swap, stage_of, swap_in

CACHE = f"{INNER}/cache.json"
_PRISTINE_KINDS = (".md", ".json")


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What happened to a pack's folder. Names are paths in the pack."""

    folder: Path
    """Where the pack is now; not the folder asked for when that one is the user's."""
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    """Files that a person edited: the reason for a refusal, or kept, or backed up under `force`."""
    merged: tuple[str, ...] = ()
    """Files in which a person's edits were laid over the new text."""
    restored: tuple[str, ...] = ()
    """Files that were gone from the folder and were written anew."""
    backup: Path | None = None
    exit_code: int = EXIT_OK
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a folder holds before we write."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    """Hash of each file of ours that is there."""
    foreign: tuple[str, ...] = ()
    """Files that the manifest does not name."""
    empty: tuple[str, ...] = ()
    """Folders with nothing in them: not ours, and a version control's own may need them."""
    is_users: bool = False

    def edited(self) -> tuple[str, ...]:
        """Files of ours that a person changed."""
        return tuple(
            sorted(n for n, h in self.hashes.items() if h != self.entries[n].sha256 or self.entries[n].edited)
        )


def write_pack(
    folder: Path,
    files: Sequence[PackFile],
    meta: PackMeta,
    *,
    force: bool = False,
    cache: Mapping[str, Any] | None = None,
) -> PublishResult:
    """Write `files` as the pack in `folder`.

    `cache` is kept in the pack for the next run (see `reusable`). A file of an earlier run that is not in
    `files` is deleted if it is ours and unedited. Raises RenderError for a name that is no plain path.
    """
    for file in files:
        check_name(file.name)
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with one_writer(folder.parent):
        settle_swap(folder)
        standing = _standing(folder)
        if not standing.is_users:
            return _write_over(folder, standing, files, meta, force, cache or {})
        beside, standing = _beside(folder)
        result = _write_over(beside, standing, files, meta, force, cache or {})
    words = f"{folder} holds files but no manifest of ours: it is yours"
    words += f"; {result.message}" if result.exit_code else f". The pack is in {beside}"
    return replace(result, folder=beside, exit_code=EXIT_NO, message=words)


def resting_place(folder: Path) -> Path:
    """The folder in which `write_pack` would write: beside `folder` where that one is the user's."""
    folder = folder.resolve()
    if not folder.parent.is_dir():
        return folder
    with one_writer(folder.parent):
        settle_swap(folder)
        users = _ours(folder) is None and _standing(folder).is_users
        return _beside(folder)[0] if users else folder


def reusable(folder: Path, name: str, key: str) -> bytes | None:
    """The file `name` of the pack in `folder`, when it was made from exactly `key` and nobody changed it."""
    known = read_cache(folder).get(name)
    if not isinstance(known, dict) or known.get("key") != key:
        return None
    try:
        data = (folder / name).read_bytes()
    except OSError:
        return None
    return data if sha256(data) == known.get("sha256") else None


def read_cache(folder: Path) -> dict[str, Any]:
    """What the last run kept for this one; empty where there is nothing usable."""
    try:
        data = json.loads((folder / CACHE).read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _ours(folder: Path) -> dict[str, Entry] | None:
    """What the manifest names, where the folder holds a pack of ours."""
    manifest = folder / NAME
    return read_manifest(manifest.read_bytes()) if manifest.is_file() else None


def _standing(folder: Path) -> _Standing:
    if not folder.exists():
        return _Standing()
    if not folder.is_dir():
        raise UsageProblem(f"{folder} is a file; a pack needs a folder: move it, or give another -o")
    there = sorted(
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() or p.is_symlink()
    )
    empty = sorted(
        p.relative_to(folder).as_posix()
        for p in folder.rglob("*")
        if p.is_dir() and not p.is_symlink() and not any(p.iterdir())
    )
    entries = _ours(folder)
    if entries is None:
        return _Standing(is_users=bool(there))
    ours = [name for name in there if name in entries]
    outside = {NAME, CACHE, PENDING_LIST, *asides_of_ours(folder)}
    return _Standing(
        entries=entries,
        hashes={name: sha256((folder / name).read_bytes()) for name in ours},
        foreign=tuple(
            name
            for name in there
            if name not in entries and name not in outside and not name.startswith((PRISTINE, PENDING))
        ),
        empty=tuple(empty),
    )


def _beside(folder: Path) -> tuple[Path, _Standing]:
    """The first folder `<name>.new`, `<name>.new-2` ... that is ours or free."""
    number = 1
    while True:
        beside = folder.with_name(f"{folder.name}.new" + (f"-{number}" if number > 1 else ""))
        settle_swap(beside)
        standing = _standing(beside)
        if not standing.is_users:
            return beside, standing
        number += 1


def _write_over(
    folder: Path,
    standing: _Standing,
    files: Sequence[PackFile],
    meta: PackMeta,
    force: bool,
    cache: Mapping[str, Any],
) -> PublishResult:
    new = {file.name: file for file in files}
    edited = standing.edited()
    at_risk = [
        n for n in edited if n in new and standing.hashes[n] not in (sha256(new[n].data), new[n].replaces)
    ]
    at_risk += [
        n for n in standing.foreign if n in new and sha256((folder / n).read_bytes()) != sha256(new[n].data)
    ]
    if at_risk and not force:
        names = tuple(sorted(at_risk))
        return PublishResult(
            folder,
            edited=names,
            exit_code=EXIT_NO,
            message=f"{folder}: edited by hand, so nothing was written: {', '.join(names)}. "
            "Use --force to write them anew (a backup is kept)",
        )
    kept = [name for name in edited if name not in new]
    entries = [entry_of(file) for file in files]
    entries += [
        Entry(name, standing.hashes[name], standing.entries[name].role, standing.entries[name].audience, True)
        for name in kept
    ]
    written = tuple(sorted(n for n, f in new.items() if standing.hashes.get(n) != sha256(f.data)))
    removed = tuple(sorted(n for n in standing.hashes if n not in new and n not in kept))
    manifest = manifest_bytes(entries, meta)
    inner = {CACHE: json_bytes(cache)} if cache else {}
    merged = tuple(sorted(entry.name for entry in entries if entry.edited and entry.name in new))
    restored = tuple(sorted(n for n in standing.entries if n in new and n not in standing.hashes))
    done = PublishResult(
        folder,
        written=written,
        unchanged=tuple(sorted(set(new) - set(written))),
        removed=removed,
        edited=tuple(sorted({*kept, *at_risk, *merged})),
        merged=merged,
        restored=restored,
        message=remarks(folder, merged, restored, standing.entries, standing.foreign),
    )
    if not written and not removed and _same(folder, {NAME: manifest, **inner}):
        return done
    stage = stage_of(folder)
    backup = _fill(stage, folder, standing, files, kept, sorted(at_risk))
    for name, data in {**inner, NAME: manifest}.items():
        _write(stage / name, data)
    swap_in(folder)
    if backup is None:
        return done
    words = f"{folder}: edited files were written anew; they are kept in {folder / backup}"
    return replace(done, backup=folder / backup, message="\n".join(filter(None, (words, done.message))))


def _same(folder: Path, files: Mapping[str, bytes]) -> bool:
    return all(
        (folder / name).is_file() and (folder / name).read_bytes() == data for name, data in files.items()
    )


def _fill(
    stage: Path,
    folder: Path,
    standing: _Standing,
    files: Sequence[PackFile],
    kept: Sequence[str],
    at_risk: Sequence[str],
) -> str | None:
    """Put the new content together. Returns the backup's path in the pack, when there is one."""
    stage.mkdir()
    names = {file.name for file in files}
    for name in [*kept, *(n for n in standing.foreign if n not in names)]:
        _copy(folder / name, stage / name)
    backup = None
    if at_risk:
        number = 1
        while (folder / INNER / f"backup-{number}").exists():
            number += 1
        backup = f"{INNER}/backup-{number}"
        for name in at_risk:
            _copy(folder / name, stage / backup / name)
    for file in files:
        same = standing.hashes.get(file.name) == sha256(file.data)
        if same:
            _copy(folder / file.name, stage / file.name)
        else:
            _write(stage / file.name, file.data)
        if file.name.endswith(_PRISTINE_KINDS):
            _write(stage / PRISTINE / file.name, file.data if file.pristine is None else file.pristine)
    for name in kept:
        if (folder / PRISTINE / name).is_file():
            _copy(folder / PRISTINE / name, stage / PRISTINE / name)
    for name in standing.empty:
        if not name.startswith(INNER) and not any((stage / part).is_file() for part in _upward(name)):
            (stage / name).mkdir(parents=True, exist_ok=True)
    return backup


def _upward(name: str) -> list[str]:
    """The path and every folder above it."""
    path = PurePosixPath(name)
    return [path.as_posix(), *(parent.as_posix() for parent in path.parents if parent.name)]


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target, follow_symlinks=False)
