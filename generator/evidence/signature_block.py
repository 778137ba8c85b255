"""The words of a visible signature and the shipped type they are set in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from fontTools.ttLib import TTFont

from generator.errors import UsageProblem
from generator.paths import data_folder

SIZES = (10, 9, 8, 7, 6)
"""Points, largest first."""
LEADING = 2
"""Points between two lines."""
MARGIN = 4


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Where a signature shows: page from 1, corners in whole points from the lower left of the page."""

    page: int
    left: int
    bottom: int
    right: int
    top: int

    @property
    def inner(self) -> tuple[int, int]:
        """Width and height for text."""
        return self.right - self.left - 2 * MARGIN, self.top - self.bottom - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class SetText:
    """Text broken into lines that fit, and its size."""

    text: str
    size: int


@lru_cache(maxsize=1)
def face() -> bytes:
    """The shipped sans-serif as plain OpenType: HarfBuzz does not read the packed form."""
    font = TTFont(data_folder("templates") / "fonts" / "plex" / "IBMPlexSans-Regular.woff2")
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    font.close()
    return out.getvalue()


@lru_cache(maxsize=1)
def _widths() -> tuple[dict[int, int], int]:
    font = TTFont(io.BytesIO(face()))
    advances = font["hmtx"]
    widths = {code: advances[glyph][0] for code, glyph in font.getBestCmap().items()}
    return widths, font["head"].unitsPerEm


def block_lines(name: str, role: str, reason: str, signed_at: datetime) -> tuple[str, ...]:
    """What a visible signature says."""
    return (
        f"Signed by {name}",
        role,
        f"on {signed_at:%Y-%m-%d %H:%M} {signed_at:%Z}".rstrip(),
        f"Reason: {reason}",
    )


def set_text(lines: Sequence[str], block: SignatureBlock) -> SetText:
    """The lines broken to the width of the block, in the largest size that fits.

    Raises UsageProblem for characters that the shipped font lacks, or a block that is too small.
    """
    widths, _ = _widths()
    lines = [" ".join(line.split()) for line in lines]
    strange = sorted({character for line in lines for character in line if ord(character) not in widths})
    if strange:
        named = ", ".join(f"{character!r} (U+{ord(character):04X})" for character in strange)
        raise UsageProblem(f"visible signature: the shipped fonts lack {named}; sign without a visible block")
    width, height = block.inner
    for size in SIZES:
        broken = [part for line in lines for part in _broken(line, width, size)]
        if len(broken) * (size + LEADING) <= height and all(_width(part, size) <= width for part in broken):
            return SetText("\n".join(broken), size)
    raise UsageProblem(
        f"visible signature: its text does not fit into {block.right - block.left:g} x"
        f" {block.top - block.bottom:g} points; give a larger block or a shorter reason"
    )


def _width(text: str, size: int) -> float:
    widths, em = _widths()
    return sum(widths[ord(character)] for character in text) * size / em


def _broken(line: str, width: int, size: int) -> list[str]:
    parts: list[str] = []
    for word in line.split(" "):
        longer = f"{parts[-1]} {word}" if parts else word
        if parts and _width(longer, size) <= width:
            parts[-1] = longer
        else:
            parts.append(word)
    return parts
