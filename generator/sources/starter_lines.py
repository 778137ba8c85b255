"""What the sections of a new profile share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from generator.sources.yaml_text import block

Lines = list[str]


def slug(*words: str) -> str:
    """Words as an id."""
    text = unicodedata.normalize("NFKD", "-".join(words).lower()).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:60].strip("-")
    return made or "plan"


def ask(*questions: str, indent: int = 2) -> Lines:
    return [f"{' ' * indent}# ask: {question}" for question in questions]


def comment(text: str) -> str:
    return " ".join(text.split())


def section(title: str, words: str, data: Mapping[str, Any], *asks: str) -> Lines:
    return [f"# {words}", f"{title}:", *block(dict(data), 2), *ask(*asks)]
