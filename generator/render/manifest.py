"""manifest.json: what is in a pack and by what it was made, in the shape of an in-toto Statement. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:airplan:pack:1"
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack, ready to write. `name` is its path in the pack, with `/`."""

    name: str
    data: bytes
    role: str
    """plan, text (the Markdown of record), document (a PDF), form, calendar ..."""
    audience: str | None
    """internal, counsel, customer, regulator, public, people; None where no person is meant."""
    pristine: bytes | None = None
    """The text as it was made, where `data` holds a person's edits as well."""
    replaces: str | None = None
    """Hash of the person's file whose edits `data` holds: that file may be replaced, and no other."""


@dataclass(frozen=True, slots=True)
class PackMeta:
    """Which plan the pack is of and what made it."""

    plan_id: str
    plan_version: str
    as_of: str
    effective: str
    tools: Mapping[str, str]
    """Names and versions of the program, the libraries and the system libraries."""
    redacted: str | None = None
    """For whom values were taken out: then this is not the pack that was built."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as the manifest knows it."""

    name: str
    sha256: str
    role: str
    audience: str | None
    edited: bool = False


def sha256(data: bytes) -> str:
    """Hash in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def entry_of(file: PackFile) -> Entry:
    """The manifest's entry of a file that we made."""
    edited = file.pristine is not None and file.pristine != file.data
    return Entry(file.name, sha256(file.data), file.role, file.audience, edited)


def manifest_bytes(entries: Iterable[Entry], meta: PackMeta) -> bytes:
    """The manifest as text: stable order, UTF-8, one newline at the end."""
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [
            {
                "name": entry.name,
                "digest": {"sha256": entry.sha256},
                "annotations": {"role": entry.role, "audience": entry.audience, "edited": entry.edited},
            }
            for entry in sorted(entries, key=lambda entry: entry.name)
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "plan": {
                "id": meta.plan_id,
                "version": meta.plan_version,
                "effective": meta.effective,
                "as_of": meta.as_of,
            },
            "tools": dict(sorted(meta.tools.items())),
            **({"redacted": meta.redacted} if meta.redacted else {}),
        },
    }
    return json_bytes(statement)


def json_bytes(data: Any) -> bytes:
    """JSON as this program writes it."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def read_manifest(data: bytes) -> dict[str, Entry] | None:
    """The entries by name, or None when this is no manifest of ours."""
    try:
        statement = json.loads(data)
        if statement["_type"] != STATEMENT_TYPE or statement["predicateType"] != PREDICATE_TYPE:
            return None
        entries = [
            Entry(
                name=str(subject["name"]),
                sha256=str(subject["digest"]["sha256"]),
                role=str(subject["annotations"]["role"]),
                audience=subject["annotations"]["audience"],
                edited=bool(subject["annotations"]["edited"]),
            )
            for subject in statement["subject"]
        ]
    except (ValueError, KeyError, TypeError):
        return None
    return {entry.name: entry for entry in entries}
