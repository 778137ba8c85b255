"""Plain data -> a model; what is wrong becomes Problems with place, key path, fault and mend.

Words are chosen by the `type` of a pydantic error, never by its message.
"""

from __future__ import annotations

import difflib
import json
import re
import types
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from generator.errors import InvalidInput, Problem, SourceRef
from generator.model.base import CODE_PATTERN, ID_PATTERN, LINE_PATTERN, PLACE_PATTERN
from generator.sources.model_walk import keys_at, known_path

M = TypeVar("M", bound=BaseModel)
Loc = tuple[str | int, ...]
Described = tuple[str, str]
Describe = Callable[[Loc, ErrorDetails], Described | None]
"""Own words for one error: (what is wrong, how to mend it), or None for ours."""

_TYPES = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "bool_type": "must be true or false",
    "date_type": "must be a date like 2026-11-24",
    "date_parsing": "must be a date like 2026-11-24",
    "date_from_datetime_parsing": "must be a date like 2026-11-24",
    "datetime_type": "must be a time like 2026-11-24T16:30:00+01:00",
    "datetime_parsing": "must be a time like 2026-11-24T16:30:00+01:00",
    "datetime_from_date_parsing": "must be a time like 2026-11-24T16:30:00+01:00",
    "timezone_aware": "needs an offset from UTC, like 2026-11-24T16:30:00+01:00",
    "time_parsing": "must be a time of day like 16:30",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "set_type": "must be a list",
    "frozen_set_type": "must be a list",
    "dict_type": "must be a mapping (`key: value` lines)",
    "model_type": "must be a mapping (`key: value` lines)",
    "model_attributes_type": "must be a mapping (`key: value` lines)",
    "dataclass_type": "must be a mapping (`key: value` lines)",
    "union_tag_invalid": "is of no known kind",
    "union_tag_not_found": "is of no known kind",
}
_LIMITS = {
    "greater_than": ("must be more than {gt}", "gt"),
    "greater_than_equal": ("must be {ge} or more", "ge"),
    "less_than": ("must be less than {lt}", "lt"),
    "less_than_equal": ("must be {le} or less", "le"),
}
_PATTERNS = (
    (ID_PATTERN, "is no id", "use lower-case letters, digits, `-`, `_` and `.`"),
    (CODE_PATTERN, "is no code", "use letters, digits, `-`, `_`, `.` and `:`"),
    (LINE_PATTERN, "has a line break", "write it on one line"),
    (PLACE_PATTERN, "is no place", "use an ISO code: a country like DE, or a state like US-TX"),
)


def near_words(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> list[str]:
    """The known words that look like `word`, nearest first."""
    candidates = sorted(set(known))
    close = difflib.get_close_matches(word, candidates, n=3, cutoff=cutoff)
    lower = [name for name in candidates if name.lower() == word.lower() and name not in close]
    return [*lower, *close]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "did you mean `x`?", or nothing."""
    near = near_words(word, known)
    return f"did you mean {' or '.join(f'`{name}`' for name in near[:2])}?" if near else ""


def validate(
    model: type[M],
    data: Any,
    places: Mapping[Loc, SourceRef],
    *,
    describe: Describe | None = None,
) -> M:
    """Build `model` from plain data. Strict: no `"5"` for 5. Raises InvalidInput with every problem."""
    try:
        return model.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise InvalidInput(_problems(error, model, data, places, describe)) from None


def validate_each(
    model: type[M],
    data: Any,
    places: Mapping[Loc, SourceRef],
    *,
    describe: Describe | None = None,
) -> tuple[M, ...]:
    """Build a list of `model`. Raises InvalidInput with every problem."""
    try:
        return _adapter(model).validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        items = types.GenericAlias(tuple, (model, ...))
        raise InvalidInput(_problems(error, items, data, places, describe)) from None


@cache
def _adapter(model: type[M]) -> TypeAdapter[tuple[M, ...]]:
    items: Any = types.GenericAlias(tuple, (model, ...))
    return TypeAdapter(items)


def _problems(
    error: ValidationError, model: Any, data: Any, places: Mapping[Loc, SourceRef], describe: Describe | None
) -> list[Problem]:
    """One Problem per fault; several faults of one value, from a plain union, become one."""
    found: dict[Loc, list[Described]] = {}
    for detail in error.errors(include_url=False, include_input=True):
        loc = detail["loc"]
        missing = detail["type"] == "missing"
        key = known_path(model, loc[:-1] if missing else loc, places)
        value = _value(data, key)
        if detail["type"] == "too_short" and len(value or ()) >= detail["ctx"]["min_length"]:
            continue  # pydantic counts entries without those that are wrong themselves
        if loc[-1:] == ("[key]",):
            value = key[-1]
        words = (describe(key, detail) if describe else None) or _words(detail, model, loc, value)
        if loc[-1:] == ("[key]",):
            words = f"the key {words[0]}", words[1]
        found.setdefault((*key, loc[-1]) if missing else key, []).append(words)
    return [
        Problem(_place(key, places), ".".join(map(str, key)), *_joined(words))
        for key, words in found.items()
        if not (_is_wrong_form(words) and any(other[: len(key)] == key and other != key for other in found))
    ]


def _is_wrong_form(words: list[Described]) -> bool:
    """Only "must be another kind of thing": noise where a branch of a union has faults of its own."""
    return all(what.startswith("must be") for what, _ in words)


def _joined(words: list[Described]) -> Described:
    distinct = list(dict.fromkeys(words))
    if len(distinct) == 1:
        return distinct[0]
    heads = [what.rpartition(", not ")[0] or what for what, _ in distinct]
    tail = distinct[0][0].rpartition(", not ")[2]
    if all(what.startswith("must be") for what in heads):
        kinds = " or ".join(what.removeprefix("must be ") for what in heads)
        return f"must be {kinds}, not {tail}", ""
    return "; ".join(what for what, _ in distinct), next((mend for _, mend in distinct if mend), "")


def _place(key: Loc, places: Mapping[Loc, SourceRef]) -> SourceRef:
    while key not in places:
        key = key[:-1]
    return places[key]


def _value(data: Any, path: Loc) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _words(detail: ErrorDetails, model: Any, loc: Loc, value: Any) -> Described:
    """What is wrong and how to mend it."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return "is missing", "add it"
    if kind == "extra_forbidden":
        known = keys_at(model, loc[:-1])
        near = did_you_mean(str(loc[-1]), known)
        return "is not a known key", near or (f"known keys: {', '.join(known)}" if known else "remove it")
    if kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", ""))) or [
            str(context.get("expected", ""))
        ]
        near = did_you_mean(str(value), allowed)
        return f"{_shown(value)} is not allowed", near or f"use one of: {', '.join(allowed)}"
    if kind == "value_error":
        what, _, mend = str(context.get("error", detail["msg"])).partition("; ")
        return what, mend
    if kind == "string_pattern_mismatch":
        for pattern, what, mend in _PATTERNS:
            if context.get("pattern") == pattern:
                return f"{_shown(value)} {what}", mend
        return f"{_shown(value)} does not have the form that is needed", f"form: {context.get('pattern')}"
    return _simple_words(kind, context, value, detail["msg"])


def _simple_words(kind: str, context: Mapping[str, Any], value: Any, message: str) -> Described:
    if kind == "string_type" and isinstance(value, bool | int | float):
        return f"must be text, not {_shown(value)}", "put quotes around it"
    if kind in _TYPES:
        return f"{_TYPES[kind]}, not {_shown(value)}", ""
    if kind in _LIMITS:
        return f"{_shown(value)} is out of range", _LIMITS[kind][0].format(**context)
    if kind == "string_too_short":
        return "is empty", "write something, or remove the key"
    if kind == "string_too_long":
        return f"is longer than {context.get('max_length')} characters", "shorten it"
    if kind == "too_short":
        return f"has too few entries: at least {context.get('min_length')}", ""
    if kind == "too_long":
        return f"has too many entries: at most {context.get('max_length')}", ""
    return message[:1].lower() + message[1:], ""


def _shown(value: Any) -> str:
    """A value as a person wrote it, shortened."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    plain = json.dumps(value) if isinstance(value, bool | int | float) else " ".join(str(value).split())
    text = plain if isinstance(value, bool | int | float) else f"`{plain}`"
    return text if len(text) <= 60 else f"{text[:57]}...`"
