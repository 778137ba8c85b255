"""Column widths of a table, from the words in its cells. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

PADDING = 2.6
"""Left and right padding of a cell, in characters."""
PHONE = re.compile(r"\+[0-9][0-9 ().\-/x]{6,28}[0-9]")
"""A phone number: never broken."""
_WORD = re.compile(rf"{PHONE.pattern}|\S+")


def is_to_fill(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Nobody has written into the column: it is there to be filled in by hand."""
    return len(rows) > 1 and not any(row[column] for row in rows[1:])


def column_widths(rows: Sequence[Sequence[str]], room: float) -> list[float]:
    """The share of each column, in percent, by the words of its cells; `room` is the width in characters.

    As a browser does it: no column below its longest word, the rest by how much text it holds. Done here
    and not by measuring every word, which took a sixth of the time of a render.
    """
    least: list[float] = []
    wanted: list[float] = []
    for column in range(len(rows[0])):
        cells = [row[column] for row in rows if column < len(row)]
        word = max((_unbroken(word) for cell in cells for word in _WORD.findall(cell)), default=1)
        longest = max(max(map(len, cells)), 1)
        least.append(word * 1.08 + PADDING)
        if is_to_fill(rows, column):
            least[-1] = max(least[-1], 14.0)
            wanted.append(max(least[-1], 24.0))
        else:
            mean = sum(map(len, cells)) / len(cells)
            wanted.append(max(least[-1], min(longest, 2.2 * mean + 6, 180) + PADDING))
    if sum(wanted) <= room:
        shares = wanted
    elif sum(least) >= room:
        shares = least
    else:
        spare = (room - sum(least)) / (sum(wanted) - sum(least))
        shares = [low + (high - low) * spare for low, high in zip(least, wanted, strict=True)]
    return [round(100 * share / sum(shares), 1) for share in shares]


def _unbroken(word: str) -> int:
    """How many characters of a word must stand on one line. Codes and long words may break."""
    if word[0] == "+":
        return round(len(word) * 1.2)  # digits are wider than letters
    return min(len(word), 20 if word.isalpha() else 17)
