"""The checked law book as one file, so that a run need not parse hundreds of YAML files again.

The name of the file is a hash of every byte that decides its content: the law files, the closed lists, the models
and the checks. A changed byte is another name, so the file can never be stale. It lies in `__pycache__` of the
regulations folder; where that cannot be written, every run parses.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, ValidationError

from generator import __version__
from generator.model.base import Frozen
from generator.model.law import Authority, Regulation

FOLDER = "__pycache__"


class StoredPlace(Frozen):
    """Where a duty stands."""

    duty: str
    file: str
    line: int
    column: int


class StoredBook(Frozen):
    """What the law files say, checked. The closed lists are small and read anew."""

    regulations: tuple[Regulation, ...]
    authorities: tuple[Authority, ...]
    places: tuple[StoredPlace, ...] = Field(default=())


def key_of(files: Iterable[Path]) -> str:
    """Hash over names and bytes of the files, and over the code that reads them."""
    digest = hashlib.sha256(__version__.encode())
    package = Path(__file__).resolve().parent.parent
    code = sorted([*(package / "model").glob("*.py"), *(package / "sources").glob("*.py")])
    for path in [*code, *files]:
        data = path.read_bytes()
        digest.update(f"\0{path.as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def read(folder: Path, key: str) -> StoredBook | None:
    """The stored book of that key, or None where there is none that can be read."""
    try:
        return StoredBook.model_validate_json((folder / FOLDER / _name(key)).read_bytes(), strict=True)
    except (OSError, ValidationError):
        return None


def write(folder: Path, key: str, book: StoredBook) -> None:
    """Store the book and drop older ones. Does nothing where the folder cannot be written."""
    target = folder / FOLDER / _name(key)
    try:
        target.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".lawbook-")
        with os.fdopen(handle, "wb") as file:
            file.write(book.model_dump_json(by_alias=True, exclude_defaults=True).encode())
        Path(name).replace(target)
        for old in target.parent.glob("lawbook-*.json"):
            if old != target:
                old.unlink(missing_ok=True)
    except OSError:
        return


def _name(key: str) -> str:
    return f"lawbook-{key[:32]}.json"
