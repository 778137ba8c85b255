"""Words of a record that look like data of a person who is affected. A record holds numbers of people, never these."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = re.compile(r"(?<![\d-])(\d{3})[- ](\d{2})[- ](\d{4})(?![\d-])")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")


def personal(text: str, own: str = "") -> Iterator[str]:
    """What `text` seems to hold, in words that do not repeat it. Addresses that stand in `own` are the house's."""
    for found in _NUMBER.finditer(text):
        # The US never issues 000, 666 or 900 and up; the middle and the end are never all zeros.
        area, group, serial = found.groups()
        if area not in ("000", "666") and area < "900" and group != "00" and serial != "0000":
            yield f"a social security number (... {serial})"
    for found in _MAIL.finditer(text):
        if found[0].casefold() not in own.casefold():
            yield f"an e-mail address (...@{found[0].rpartition('@')[2]})"
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _luhn(digits):
            yield f"a payment card number (... {digits[-4:]})"


def _luhn(digits: str) -> bool:
    """The check digit that every payment card number carries (ISO/IEC 7812-1)."""
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
