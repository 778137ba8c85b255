"""Write a release: a pack that never changes again. The folder appears whole, and only where none is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from generator.errors import PlanError
from generator.render.manifest import NAME, PackFile, PackMeta, entry_of, manifest_bytes
from generator.render.swap import one_writer


class AlreadyReleased(PlanError):
    """The answer is no: this version was released before."""


def freeze(
    folder: Path, files: Sequence[PackFile], meta: PackMeta, record: Callable[[bytes], tuple[str, bytes]]
) -> None:
    """Write `files`, their manifest and what `record` makes of the manifest into `folder`.

    Raises AlreadyReleased when the folder is there, OSError when it cannot be written.
    """
    root = folder.parent.parent
    root.mkdir(parents=True, exist_ok=True)
    stage = root / f".{folder.parent.name}-{folder.name}.airplan-new"
    manifest = manifest_bytes([entry_of(file) for file in files], meta)
    name, data = record(manifest)
    with one_writer(root):
        if folder.exists():
            raise AlreadyReleased(f"{folder} is there already; a release is never overwritten")
        if stage.exists():
            shutil.rmtree(stage)
        for inner, content in [*((file.name, file.data) for file in files), (NAME, manifest), (name, data)]:
            path = stage / inner
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        folder.parent.mkdir(exist_ok=True)
        stage.rename(folder)
