"""The shipped starters by name, and a new profile written to a file that is not there yet."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generator.errors import InvalidInput, Problem, SourceRef, UsageProblem
from generator.paths import data_folder
from generator.sources.answers import Answers, Words
from generator.sources.catalog import load_place_zones
from generator.sources.lawbook import load_registry
from generator.sources.profiles import LoadedProfile, load_profile, load_profile_text
from generator.sources.schemas import modeline
from generator.sources.starter import profile_text
from generator.sources.validation import did_you_mean


def shipped() -> dict[str, Path]:
    """Name -> file of every shipped profile, sorted by name."""
    return {path.stem: path for path in sorted(data_folder("profiles").glob("*.yaml"))}


def find_starter(text: str) -> Path:
    """The file of a starter: a shipped name, or a path. Raises UsageProblem."""
    known = shipped()
    name = text.removesuffix(".yaml").replace("-", "_")
    if name in known:
        return known[name]
    path = Path(text)
    if path.is_file():
        return path
    near = did_you_mean(name, known) or f"use one of: {', '.join(known)}, or the path of a profile"
    raise UsageProblem(f"--from {text}: no such starter; {near}")


def starter_data(loaded: LoadedProfile) -> dict[str, Mapping[str, Any]]:
    """The raw data of the shipped profile that `loaded` was made from, by name, to compare in `leftovers`."""
    path = shipped().get(loaded.starter or "")
    return {path.stem: _shipped_data(path)} if path else {}


@cache
def _shipped_data(path: Path) -> Mapping[str, Any]:
    """Many profiles come from one starter."""
    return load_profile(path).raw


def answer_words() -> Words:
    """The places and data categories that answers are read with."""
    categories = load_registry().definitions["data_categories"].values
    return Words(load_place_zones(), frozenset(categories))


def new_profile(file: Path, starter: Path, answers: Answers, words: Words) -> str:
    """The text of the profile for `file`, read back once. Raises InvalidInput where it would not load."""
    text = profile_text(answers, load_profile(starter).raw, starter.stem, words.places, modeline(file))
    load_profile_text(text, file)
    return text


def write_new(file: Path, text: str) -> None:
    """Write `text` to `file`, whole or not at all. Raises InvalidInput when the file exists."""
    file.parent.mkdir(parents=True, exist_ok=True)
    staged = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        staged.write_text(text, encoding="utf-8", newline="\n")
        os.link(staged, file)  # fails when the file is there, unlike a rename
    except FileExistsError:
        raise exists(file) from None
    finally:
        staged.unlink(missing_ok=True)


def exists(file: Path) -> InvalidInput:
    """The refusal to write over a file."""
    return InvalidInput(
        [Problem(SourceRef(file), "", "is there already", "choose another name, or move it away")]
    )
