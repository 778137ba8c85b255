"""Plain data -> YAML text that our own reader reads back to the same data. Block style, two spaces."""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(r"[^\W\d_](?:[\w ./()'@%+;–-]|,(?= )|:(?=[^\s]))*", re.UNICODE)
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PHONE = re.compile(r"\+\d[\d ().-]*\d")
WIDTH = 100


def scalar(value: Any, *, flow: bool = False) -> str:
    """One value on one line; `flow`: inside `[...]` or `{...}`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json.dumps(value)
    text = str(value)
    if _DATE.fullmatch(text) or _PHONE.fullmatch(text):
        return text
    safe = _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in _WORDS
    if safe and not text.endswith(":") and not (flow and "," in text):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    return "".join(
        char if char.isprintable() else f"\\U{ord(char):08X}" for char in json.dumps(text, ensure_ascii=False)
    )


def block(data: Any, indent: int = 0) -> list[str]:
    """The lines of a mapping or a list. Short lists of words and small mappings stay on one line."""
    pad = " " * indent
    lines: list[str] = []
    if isinstance(data, dict):
        for key, value in data.items():
            lines += _entry(f"{pad}{_key(key)}:", value, indent)
        return lines
    for item in data:
        inner = block(item, indent + 2) if isinstance(item, dict) and item else [f"{pad}  {_inline(item)}"]
        lines += [f"{pad}- {inner[0][indent + 2 :]}", *inner[1:]]
    return lines


def _entry(head: str, value: Any, indent: int) -> list[str]:
    short = _inline(value)
    small = not isinstance(value, dict | list) or not value or _is_small(value)
    if small and (not isinstance(value, dict | list) or len(head) + len(short) < WIDTH):
        return [f"{head} {short}"]
    return [head, *block(value, indent + 2)]


def _is_small(value: Any) -> bool:
    """A list of scalars, or a mapping of at most four scalars."""
    parts = list(value.values()) if isinstance(value, dict) else value
    return not any(isinstance(part, dict | list) for part in parts) and (
        isinstance(value, list) or len(parts) <= 4
    )


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {scalar(part, flow=True)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(scalar(part, flow=True) for part in value) + "]"
    return scalar(value)


def _key(key: str) -> str:
    return scalar(key, flow=True)
