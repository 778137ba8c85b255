"""Shipped faces: which characters they have, and a cut of one for form fields. The only use of fontTools."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

WINDOWS_LATIN = tuple(bytes([code]).decode("cp1252", errors="replace") for code in range(32, 256))


@dataclass(frozen=True, slots=True)
class Face:
    """A face as a PDF wants it. Measures are in thousandths of an em."""

    data: bytes
    widths: tuple[int, ...]
    """Of the characters 32 to 255 in the Windows Latin encoding."""
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int


def characters(faces: Iterable[bytes]) -> frozenset[str]:
    """The characters that at least one of the faces has."""
    codes: set[int] = set()
    for data in faces:
        with TTFont(io.BytesIO(data), lazy=True) as font:
            codes |= set(font.getBestCmap())
    return frozenset(map(chr, codes))


@lru_cache(maxsize=2)
def latin_face(data: bytes) -> Face:
    """The face cut down to the Windows Latin characters, as TrueType. Same bytes every time."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = Options(hinting=False, layout_features=[], name_IDs=[1, 2, 4, 6], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in WINDOWS_LATIN if char != "\ufffd"])
    subsetter.subset(font)
    font.flavor = None
    scale = 1000 / font["head"].unitsPerEm
    cmap, metrics = font.getBestCmap(), font["hmtx"].metrics
    widths = tuple(round(metrics[cmap.get(ord(char), ".notdef")][0] * scale) for char in WINDOWS_LATIN)
    head, os2 = font["head"], font["OS/2"]
    done = io.BytesIO()
    font.save(done)
    return Face(
        data=done.getvalue(),
        widths=widths,
        box=tuple(round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)),
        ascent=round(font["hhea"].ascent * scale),
        descent=round(font["hhea"].descent * scale),
        cap_height=round(getattr(os2, "sCapHeight", 700) * scale),
    )
