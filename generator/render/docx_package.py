"""A DOCX file packed so that the same content gives the same bytes. Pure."""

from __future__ import annotations

import io
import zipfile
from datetime import date

FIRST = ("[Content_Types].xml", "_rels/.rels")
"""Readers that only look at the beginning find these there."""


def repacked(data: bytes, day: str) -> bytes:
    """The package with its parts in a fixed order, all of one time: the beginning of `day` (ISO)."""
    when = date.fromisoformat(day)
    stamp = (max(when.year, 1980), when.month, when.day, 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        names = sorted(source.namelist(), key=lambda name: (name not in FIRST, name))
        for name in names:
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # the same on every system
            info.external_attr = 0o644 << 16
            target.writestr(info, source.read(name), compresslevel=6)
    return out.getvalue()
