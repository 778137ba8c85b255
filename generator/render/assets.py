"""Fonts, styles and furniture as bytes in memory: all that a document may load."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from generator.paths import data_folder

_KEPT = (".css", ".woff2", ".ttf", ".svg")


@lru_cache(maxsize=2)
def shipped(templates: Path | None = None) -> Mapping[str, bytes]:
    """Every style and font under templates/, by its path from there (`styles/base.css`)."""
    root = templates or data_folder("templates")
    paths = [
        path for folder in ("fonts", "styles") for path in (root / folder).rglob("*") if path.suffix in _KEPT
    ]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(paths)}
