"""Replace a folder as a whole: staged beside it, then swapped by renames.

A run that was cut off leaves one of three states, and `settle_swap` of the next run completes or undoes it:
only the stage (undone), the old folder moved away and the stage complete (completed), both done but the
old one not yet deleted (deleted).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def stage_of(folder: Path) -> Path:
    """Where the new content is put together."""
    return folder.with_name(f".{folder.name}.airplan-new")


def old_of(folder: Path) -> Path:
    """Where the former content waits for the end of the swap."""
    return folder.with_name(f".{folder.name}.airplan-old")


@contextmanager
def one_writer(parent: Path) -> Iterator[None]:
    """Let one process at a time write packs under `parent`."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def settle_swap(folder: Path) -> None:
    """Complete or undo what an interrupted run left."""
    stage, old = stage_of(folder), old_of(folder)
    if not folder.exists() and old.exists():
        (stage if stage.exists() else old).rename(folder)
    for rest in (stage, old):
        if rest.exists():
            shutil.rmtree(rest)


def swap_in(folder: Path) -> None:
    """Put the stage in the folder's place. Call only when the stage is complete."""
    stage, old = stage_of(folder), old_of(folder)
    if folder.exists():
        folder.rename(old)
    stage.rename(folder)
    if old.exists():
        shutil.rmtree(old)
