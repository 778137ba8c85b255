"""Profile files -> a checked profile, with the file and line of every value.

`extends: FILE` lays the profile over a base file. FILE is relative to the file that names it; it is no
URL and no absolute path, and it stays inside the parent folder of the profile's own folder (so
`../firm.yaml` works and `../../etc/passwd` does not). At most five files deep, no circles.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import ErrorDetails

from generator.errors import InvalidInput, Problem, SourceRef
from generator.model import profile as model
from generator.model.profile import Profile
from generator.sources import profile_rules
from generator.sources.known_words import KnownWords
from generator.sources.migrations import migrate
from generator.sources.rule_values import logo_folder
from generator.sources.rules_base import Subject, nearest
from generator.sources.tree import KeyPath, Node, grow, merge, places_of, plain
from generator.sources.validation import validate
from generator.sources.yaml_source import read_text_file, read_yaml

MAX_FILES = 5


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that was read, whole."""

    path: Path
    text: str
    sha256: str
    """Of the text in UTF-8 with `\\n` line ends."""


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A profile with everything known about where it came from."""

    profile: Profile
    places: Mapping[KeyPath, SourceRef]
    """Key path -> file, line, column; an inherited value keeps the place that it came from."""
    raw: Mapping[str, Any]
    """The merged data as plain values."""
    sources: tuple[SourceFile, ...]
    """The profile first, then what it extends."""

    @property
    def path(self) -> Path:
        """The profile's own file."""
        return self.sources[0].path

    @property
    def logo(self) -> Path | None:
        """The logo's file, checked to lie beside the file that names it."""
        name = self.profile.branding.logo
        return logo_folder(Subject(self.raw, self.places, KnownWords())) / name if name else None

    @property
    def starter(self) -> str | None:
        """The starter that `airplan new` made the file from."""
        found = re.search(r"^# from starter ([A-Za-z0-9_.-]+)", self.sources[0].text, re.MULTILINE)
        return found[1] if found else None

    def place(self, path: KeyPath) -> SourceRef:
        """Where a value, or the nearest thing that holds it, was written."""
        return nearest(path, self.places)


def load_profile(path: Path, known: KnownWords | None = None) -> LoadedProfile:
    """Read and check a profile. Raises InvalidInput with every problem found.

    With `known`, names from the catalogue and the law book are checked too.
    """
    return load_profile_text(read_text_file(path), path, known)


def load_profile_text(text: str, path: Path, known: KnownWords | None = None) -> LoadedProfile:
    """Like `load_profile`, for a text that is (or will be) in the file `path`."""
    root, sources = _chain(text, path)
    data, places = plain(root), places_of(root)
    subject = Subject(data, places, known or KnownWords(), path.parent)
    found = profile_rules.check(subject)
    try:
        profile = validate(Profile, data, places, describe=_words)
    except InvalidInput as error:
        told = {(problem.where, problem.key) for problem in found}
        found += [problem for problem in error.problems if (problem.where, problem.key) not in told]
        raise InvalidInput(found) from None
    if found:
        raise InvalidInput(found)
    return LoadedProfile(profile, places, data, sources)


# --- extends ----------------------------------------------------------------------------


def _chain(text: str, path: Path) -> tuple[Node, tuple[SourceFile, ...]]:
    """The profile laid over everything that it extends, and the files read."""
    limit = path.resolve().parent.parent
    roots = [_root(text, path)]
    sources = [_source(path, text)]
    seen = [path.resolve()]
    while (named := roots[-1].value.get("extends")) is not None:
        base = _base_path(named, sources[-1].path, limit)
        if base.resolve() in seen:
            raise _refused(named, f"`{named.value}` is extended in a circle", "remove one `extends`")
        if len(seen) >= MAX_FILES:
            raise _refused(named, f"more than {MAX_FILES} files extend each other", "join some of them")
        base_text = read_text_file(base)
        roots.append(_root(base_text, base))
        sources.append(_source(base, base_text))
        seen.append(base.resolve())
    merged = roots.pop()
    while roots:
        merged = merge(merged, roots.pop())
    return merged, tuple(sources)


def _root(text: str, path: Path) -> Node:
    data, places = read_yaml(text, path)
    if not isinstance(data, dict):
        raise InvalidInput([Problem(places[()], "", "is not a mapping", "start with `schema: 1`")])
    return migrate(grow(data, places))


def _source(path: Path, text: str) -> SourceFile:
    return SourceFile(path, text, hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest())


def _base_path(named: Node, own: Path, limit: Path) -> Path:
    value = named.value
    if not isinstance(value, str) or not value.strip():
        raise _refused(named, "must be the name of a file", "write a path relative to this file")
    if (
        "://" in value
        or ":" in value
        or "\\" in value
        or value.startswith("~")
        or PurePosixPath(value).is_absolute()
    ):
        raise _refused(
            named, f"`{value}` is not a relative path", "write a path relative to this file, with `/`"
        )
    base = own.parent / value
    if not base.resolve().is_relative_to(limit):
        raise _refused(
            named,
            f"`{value}` leads out of the folder above the profile's",
            "put the base file there or below",
        )
    if not base.is_file():
        raise _refused(named, f"there is no file `{value}`", "write a path relative to this file")
    return base


def _refused(named: Node, what: str, mend: str) -> InvalidInput:
    return InvalidInput([Problem(named.where, "extends", what, mend)])


# --- words for forms that only profiles have --------------------------------------------


def _pattern(kind: Any) -> str:
    return str(TypeAdapter(kind).json_schema()["pattern"])


_FORMS = {
    _pattern(model.Phone): ("is not a phone number", "write it with the country code, like +1 303 555 0142"),
    _pattern(model.Email): ("is not an e-mail address", "write it like name@company.com"),
    _pattern(model.Zone): ("is not a time zone", "use an IANA name like America/Denver"),
    _pattern(model.ClockTime): ("is not a time of day", "write it like 02:13, in quotes"),
    _pattern(model.VersionText): ("is not a version", 'write numbers with dots in quotes, like "1.0"'),
    _pattern(model.SwitchId): ("is not a switch code", "use capitals and digits, like K1 or STOP-ALL"),
    _pattern(model.Argument): (
        "has a character that no command word may have",
        "write one word of the command a line",
    ),
}


def _words(loc: tuple[str | int, ...], detail: ErrorDetails) -> tuple[str, str] | None:
    """What is wrong, for the patterns of the profile's own types."""
    if detail["type"] != "string_pattern_mismatch":
        return None
    form = _FORMS.get(str(detail.get("ctx", {}).get("pattern")))
    shown = " ".join(str(detail["input"]).split())[:60]
    return (f"`{shown}` {form[0]}", form[1]) if form else None
