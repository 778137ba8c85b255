"""A folder read as an archive is: within limits, no links followed, every fault named, nothing written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.errors import UsageProblem
from generator.evidence.archive import LIMITS, MIB, ArchiveProblem, BadArchive, Limits, name_clashes, shown


class Folder(Mapping[str, bytes]):
    """The files of a folder by their names with `/`. A file is read when it is asked for, and not kept."""

    def __init__(self, root: Path, names: tuple[str, ...]) -> None:
        self._root, self._names = root, dict.fromkeys(names)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        return (self._root / name).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


def read_folder(root: Path, limits: Limits = LIMITS) -> Folder:
    """The files of a folder, sorted by name. Raises BadArchive with every entry that is no plain file."""
    problems: list[ArchiveProblem] = []
    names: list[str] = []
    total = 0

    def unreadable(error: OSError) -> None:
        raise UsageProblem(f"{error.filename}: cannot be read: {error.strerror or error}")

    for at, folders, files in os.walk(root, onerror=unreadable):
        if len(Path(at).relative_to(root).parts) >= limits.parts:
            raise BadArchive(
                [ArchiveProblem(shown(Path(at).name), f"more than {limits.parts} folders in one another")]
            )
        for entry in (*folders, *files):
            path = Path(at, entry)
            name = path.relative_to(root).as_posix()
            about = path.lstat()
            if stat.S_ISLNK(about.st_mode):
                problems.append(ArchiveProblem(shown(name), "is a symbolic link"))
            elif stat.S_ISREG(about.st_mode):
                names.append(name)
                total += about.st_size
                if about.st_size > limits.file:
                    what = f"is {about.st_size // MIB} MiB; {limits.file // MIB} are allowed"
                    problems.append(ArchiveProblem(shown(name), what))
            elif not stat.S_ISDIR(about.st_mode):
                problems.append(ArchiveProblem(shown(name), "is neither a file nor a folder"))
        if len(names) > limits.entries:
            raise BadArchive([ArchiveProblem("", f"more than {limits.entries} files")])
    if total > limits.total:
        what = f"the files are {total // MIB} MiB; {limits.total // MIB} are allowed"
        problems.append(ArchiveProblem("", what))
    problems += name_clashes(names)
    if problems:
        raise BadArchive(problems)
    return Folder(root, tuple(sorted(names)))
