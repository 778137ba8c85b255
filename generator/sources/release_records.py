"""release.yaml and approvals.yaml: YAML that people may read and edit, every fault with its place.

An entry is appended under the lock of its folder and the file replaced as a whole (`transaction.py`): whoever is cut
off leaves the old file or the new one, and of two who append at once both stay. What is there, comments too, stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from generator.errors import InvalidInput, Problem
from generator.sources.transaction import commit, locked
from generator.sources.validation import validate
from generator.sources.yaml_source import read_text_file, read_yaml
from generator.sources.yaml_text import block

M = TypeVar("M", bound=BaseModel)


def read_record(path: Path, model: type[M]) -> M:
    """One record. Raises InvalidInput with every problem and its place."""
    data, places = read_yaml(read_text_file(path), path)
    return validate(model, data, places)


def record_text(data: Mapping[str, Any], head: str = "") -> str:
    """A record as YAML text under comment lines."""
    comments = "".join(f"# {line}\n" for line in head.splitlines())
    return comments + "\n".join(block(dict(data))) + "\n"


def append_entry(
    path: Path, key: str, entry: Mapping[str, Any], model: type[M], first: Mapping[str, Any], head: str = ""
) -> M:
    """Append `entry` to the list `key`, the last key of the record; a record that is not there starts as `first`.

    Returns the record as it is now. Raises InvalidInput when the file, or the file with the entry, is wrong; then
    nothing is written.
    """
    with locked(path.parent):
        text = read_text_file(path) if path.exists() else record_text(first, head)
        data, places = read_yaml(text, path)
        validate(model, data, places)
        if key in data and list(data)[-1] != key:
            what, mend = "must be the last key, so that entries can be added", f"move `{key}` to the end"
            raise InvalidInput([Problem(places[key,], key, what, mend)])
        lines = text.rstrip("\n").split("\n")
        if not data.get(key):
            lines = [line for line in lines if not line.startswith(f"{key}:")] + [f"{key}:"]
        lines += [f"  {line}" for line in block([dict(entry)])]
        new = "\n".join(lines) + "\n"
        record = validate(model, *read_yaml(new, path))
        commit(path.parent, {path: new.encode()})
    return record
