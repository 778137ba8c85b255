"""Pieces of an SVG drawing: shapes in black on white, text as text, words that fit their room. Pure.

Widths are estimated, never measured, so that the same plan gives the same bytes on every machine; the estimate is
on the wide side of the shipped face.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

FAMILY = "Plan Sans,Plan Symbols,IBM Plex Sans,Arial,sans-serif"
"""The shipped faces first; the others are for a browser that opens the file by itself."""
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDTHS = (
    (0.32, " ijl'"),
    (0.42, ",.!:;|[](){}ft-r"),
    (0.5, '/\\I"'),
    (1.0, "mwMW@%…→"),
    (0.61, "abcdeghknopqsuvxyz0123456789$+<=>^`~_*?#"),
)
_WIDTH = {char: width for width, chars in _WIDTHS for char in chars}


def measure(text: str, size: float) -> float:
    """The width of `text` in the bold face, or a little more."""
    return size * sum(_WIDTH.get(char, 0.75 if ord(char) < 0x250 else 1.0) for char in text)


def fit(text: str, width: float, size: float, lines: int = 1) -> list[str]:
    """`text` on at most `lines` lines of `width`; what does not fit ends in an ellipsis."""
    found: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, width, size):
            joined = f"{line} {piece}" if line else piece
            if measure(joined, size) <= width:
                line = joined
            else:
                found.append(line)
                line = piece
    found.append(line)
    if len(found) <= lines:
        return found
    last = found[lines - 1]
    while last and measure(f"{last}…", size) > width:
        last = last[:-1]
    return [*found[: lines - 1], f"{last.rstrip(' ,;:.')}…"]


def _pieces(word: str, width: float, size: float) -> Iterable[str]:
    """A word that is wider than the room, cut into pieces."""
    piece = ""
    for char in word:
        if piece and measure(piece + char, size) > width:
            yield piece
            piece = ""
        piece += char
    yield piece


def tidy(words: str) -> str:
    """`words` for XML: escaped, without the characters that XML forbids."""
    return escape(_ILLEGAL.sub("", words))


def text(
    x: float, y: float, words: str, *, size: float = 8, bold: bool = False, anchor: str = "start"
) -> str:
    """One line of text on its base line."""
    weight = ' font-weight="700"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}"{weight}{place}>{tidy(words)}</text>'


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    dash: str = "",
    line: float = 1,
    round_: float = 0,
    fill: str = "#fff",
) -> str:
    """A rectangle."""
    corner = f' rx="{round_:g}"' if round_ else ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{corner} fill="{fill}" stroke="#000" '
        f'stroke-width="{line:g}"{dashed}/>'
    )


def path(*points: tuple[float, float], line: float = 1) -> str:
    """A line through the points."""
    joined = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{joined}" fill="none" stroke="#000" stroke-width="{line:g}"/>'


def arrow(*points: tuple[float, float]) -> str:
    """A line with a head at its last point; its last leg is level or upright."""
    (x0, y0), (x, y) = points[-2:]
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    base = (x - 6 * dx, y - 6 * dy)
    head = ((x, y), (base[0] - 3 * dy, base[1] + 3 * dx), (base[0] + 3 * dy, base[1] - 3 * dx))
    corners = " ".join(f"{a:g},{b:g}" for a, b in head)
    return path(*points[:-1], base) + f'<polygon points="{corners}" fill="#000"/>'


def octagon(x: float, y: float, code: str) -> tuple[str, float]:
    """A stop sign with its code, left edge at `x`, centre at `y`; and how wide it is."""
    width, cut = max(18, measure(code, 8) + 10), 4
    right = x + width
    corners = (
        (x + cut, y - 7.5),
        (right - cut, y - 7.5),
        (right, y - 3.5),
        (right, y + 3.5),
        (right - cut, y + 7.5),
        (x + cut, y + 7.5),
        (x, y + 3.5),
        (x, y - 3.5),
    )
    points = " ".join(f"{a:g},{b:g}" for a, b in corners)
    shape = f'<polygon points="{points}" fill="#fff" stroke="#000" stroke-width="1.6"/>'
    return shape + text(x + width / 2, y + 2.8, code, bold=True, anchor="middle"), width


def person(x: float, y: float) -> str:
    """A head and shoulders, 9 wide, its foot at `y`."""
    return (
        f'<circle cx="{x + 4.5:g}" cy="{y - 7:g}" r="2.3" fill="#000"/>'
        f'<path d="M {x:g} {y:g} a 4.5 4.2 0 0 1 9 0 z" fill="#000"/>'
    )


def drawing(width: float, height: float, title: str, description: str, shapes: Iterable[str]) -> str:
    """The file: title and description for those who cannot see it, then the shapes, a line each."""
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}pt" height="{height:g}pt" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="title description" lang="en">'
    )
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            root,
            f'<title id="title">{tidy(title)}</title>',
            f'<desc id="description">{tidy(description)}</desc>',
            f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>',
            f'<g font-family="{FAMILY}" fill="#000">',
            *shapes,
            "</g>",
            "</svg>\n",
        ]
    )
