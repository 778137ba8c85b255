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
            wanted.append(max(least[-1], min(longest, 2.2 * mean + 6, 420) + PADDING))
    if sum(wanted) <= room:
        shares = wanted
    elif sum(least) >= room:
        shares = least
    else:
        spare = (room - sum(least)) / (sum(wanted) - sum(least))
        shares = [low + (high - low) * spare for low, high in zip(least, wanted, strict=True)]
        shares = _flattened(rows, shares, least)
    return [round(100 * share / sum(shares), 1) for share in shares]


def _flattened(rows: Sequence[Sequence[str]], shares: Sequence[float], least: Sequence[float]) -> list[float]:
    """The widths moved from column to column, a few characters at a time, as long as the table gets shorter."""
    lengths = [[len(cell) for cell in row] for row in rows]
    movable = [column for column in range(len(shares)) if not is_to_fill(rows, column)]

    def height(widths: Sequence[float]) -> float:
        return sum(
            max(1.0, *(length / (width - PADDING) for length, width in zip(row, widths, strict=False)))
            for row in lengths
        )

    best, now = list(shares), height(shares)
    for step in (6.0, 2.0):
        for _ in range(24):
            found = None
            for giver in movable:
                if best[giver] - step < least[giver]:
                    continue
                for taker in movable:
                    if taker == giver:
                        continue
                    tried = list(best)
                    tried[giver] -= step
                    tried[taker] += step
                    tall = height(tried)
                    if tall < now - 0.01:
                        found, now = tried, tall
            if found is None:
                break
            best = found
    return best


def _unbroken(word: str) -> int:
    """How many characters of a word must stand on one line. Codes and long words may break."""
    if word[0] == "+":
        return round(len(word) * 1.2)  # digits are wider than letters
    return min(len(word), 20 if word.isalpha() else 17)
