"""A walk down the types of a model: which keys are allowed at a place, and which parts of an error's
location are tags of a union and not keys of the file."""

from __future__ import annotations

import types
import typing
from collections.abc import Container
from typing import Any, Union

from pydantic import BaseModel, Discriminator, Tag
from pydantic.fields import FieldInfo

Loc = tuple[str | int, ...]


class _Tagged:
    """A discriminated union: an error's location names the branch by a tag that is in no file."""

    def __init__(self, union: Any, discriminator: Any) -> None:
        self.branches = typing.get_args(union)
        self.discriminator = discriminator

    def branch(self, tag: str | int) -> list[Any]:
        chosen = [part for part in self.branches if tag in self._tags(part)]
        return [kind for part in chosen or self.branches for kind in _plain(part)]

    def _tags(self, part: Any) -> list[Any]:
        tags = [mark.tag for mark in getattr(part, "__metadata__", ()) if isinstance(mark, Tag)]
        if isinstance(self.discriminator, str):
            for kind in _plain(part):
                field = kind.model_fields.get(self.discriminator) if _is_model(kind) else None
                tags.extend(typing.get_args(field.annotation) if field else ())
        return tags


def keys_at(model: Any, loc: Loc) -> list[str]:
    """The keys that the mapping at `loc` (with or without tags) below `model` may have, sorted."""
    kinds = _plain(model)
    for step in loc:
        below = _below(kinds, step)
        kinds = below or kinds
    return sorted({name for kind in _flat(kinds) for name in _names(kind)})


def known_path(model: Any, loc: Loc, places: Container[Loc]) -> Loc:
    """The part of an error's location that exists in the file: no tags, no type names."""
    kinds = _plain(model)
    path: Loc = ()
    for step in loc:
        if any(isinstance(kind, _Tagged) for kind in kinds):
            kinds = _below(kinds, step)
            continue
        if (*path, step) in places:
            path = (*path, step)
            kinds = _below(kinds, step)
    return path


def _plain(kind: Any) -> list[Any]:
    """`kind` without Annotated, optionals and plain unions; discriminated unions as `_Tagged`."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        inner, *marks = typing.get_args(kind)
        for mark in marks:
            found = mark if isinstance(mark, Discriminator) else getattr(mark, "discriminator", None)
            if found is not None:
                name = found.discriminator if isinstance(found, Discriminator) else found
                return [_Tagged(inner, name)]
        return _plain(inner)
    if origin is Union or origin is types.UnionType:
        return [inner for part in typing.get_args(kind) for inner in _plain(part)]
    return [] if kind is type(None) else [kind]


def _flat(kinds: list[Any]) -> list[Any]:
    return [
        inner
        for kind in kinds
        for inner in (
            [x for part in kind.branches for x in _plain(part)] if isinstance(kind, _Tagged) else [kind]
        )
    ]


def _below(kinds: list[Any], step: str | int) -> list[Any]:
    return [inner for kind in kinds for inner in _step(kind, step)]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _names(kind: Any) -> list[str]:
    if not _is_model(kind):
        return []
    return [field.alias or name for name, field in kind.model_fields.items()]


def _step(kind: Any, step: str | int) -> list[Any]:
    """The types one step below `kind`; none when the step does not exist there."""
    if isinstance(kind, _Tagged):
        return kind.branch(step)
    arguments = typing.get_args(kind)
    if isinstance(step, int):
        return _plain(arguments[0]) if arguments and typing.get_origin(kind) in (tuple, list) else []
    if typing.get_origin(kind) is dict:
        return _plain(arguments[1])
    if not _is_model(kind):
        return []
    for name, field in kind.model_fields.items():
        if step in (field.alias, name):
            return _of_field(field)
    return []


def _of_field(field: FieldInfo) -> list[Any]:
    """The types of a field; pydantic keeps a field's own discriminator beside its annotation."""
    found = field.discriminator
    marks = [mark for mark in field.metadata if isinstance(mark, Discriminator)]
    if found is None and marks:
        found = marks[0]
    if found is None:
        return _plain(field.annotation)
    name = found.discriminator if isinstance(found, Discriminator) else found
    return [_Tagged(field.annotation, name)]
