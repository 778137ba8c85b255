"""Write several files so that a crash leaves all of them old or all of them new.

Every new text is written beside its target and flushed to the disk. Then a journal names the pairs; its own rename is
the moment at which the change is decided. After it the files are renamed into place and the journal is deleted. Whoever
opens the folder next finishes what a journal names, and throws away new texts that no journal names.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from generator.errors import UsageProblem

if sys.platform != "win32":
    import fcntl

JOURNAL = ".airplan-journal.json"
_NEW = ".airplan-new"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change what is in `folder`; what a crash left is settled first."""
    if sys.platform == "win32":
        settle(folder)
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        settle(folder)
        yield
    finally:
        os.close(handle)


def commit(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Replace every file of `files` by its new content: all of them or none. Call inside `locked(folder)`."""
    entries = []
    for target, content in files.items():
        new = _beside(target)
        _flushed(new, content)
        entries.append({"new": _from(folder, new), "target": _from(folder, target), "sha256": _hash(content)})
    journal = folder / JOURNAL
    _flushed(journal.with_name(journal.name + _NEW), json.dumps(entries).encode())
    journal.with_name(journal.name + _NEW).replace(journal)
    _sync(folder)
    _finish(journal)


def settle(folder: Path) -> None:
    """Finish the change that a journal names; delete new texts that were never decided."""
    journal = folder / JOURNAL
    if journal.exists():
        _finish(journal)
    for rest in folder.glob(f".*{_NEW}"):
        if rest.is_file():
            rest.unlink(missing_ok=True)


def _finish(journal: Path) -> None:
    """Rename every new file that is still there; one whose rename is done has only its target left."""
    for entry in json.loads(journal.read_bytes()):
        new, target = (journal.parent / entry[key] for key in ("new", "target"))
        if new.exists() and _hash(new.read_bytes()) == entry["sha256"]:
            new.replace(target)
            _sync(target.parent)
    journal.unlink()


def _from(folder: Path, path: Path) -> str:
    """A path as seen from the folder, so that a folder that was moved can still be settled."""
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}{_NEW}")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _flushed(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UsageProblem(f"{path}: cannot be written: {error.strerror or error}") from None


def _sync(folder: Path) -> None:
    """Make renames in a folder last through a loss of power, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
