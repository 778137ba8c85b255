"""Which values of a file may not go to every reader: said once, at the field, and read from there.

A field is `Sensitive` (a redacted evidence pack replaces its value everywhere) or, where its type is sensitive by
itself, `Public` (an e-mail address that letters print for everybody). Both stand in the JSON Schema.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.fields import FieldInfo

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A value that an auditor need not see and that would hurt in other hands."""

    what: str
    only_where: tuple[str, str] | None = None
    """(key beside it, its value): sensitive there, and nowhere else."""

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        words = (
            f"{self.what}, where {self.only_where[0]} is {self.only_where[1]}"
            if self.only_where
            else self.what
        )
        return {**handler(core_schema), "x-sensitive": words}


@dataclass(frozen=True, slots=True)
class Public:
    """A contact that anybody may know."""

    why: str
    published: bool = False
    """Printed for the whole world: it stays also where it is a person's own, but not in that person's field."""

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**_without_sensitive(handler(core_schema)), "x-public": self.why}


def _without_sensitive(node: Any) -> Any:
    """A schema without the mark of the type, which the field's own mark overrules."""
    if isinstance(node, dict):
        return {key: _without_sensitive(part) for key, part in node.items() if key != "x-sensitive"}
    return [_without_sensitive(part) for part in node] if isinstance(node, list) else node


Mark = Sensitive | Public


@dataclass(frozen=True, slots=True)
class Marked:
    """A value in a file whose field carries a mark."""

    path: Steps
    value: str
    mark: Mark


def marked(model: type[BaseModel], data: Any) -> Iterator[Marked]:
    """Every value of `data`, plain data of the shape of `model`, whose field is marked.

    `data` may be of an older shape: keys that the model does not know are passed over.
    """
    yield from _marked(model, (), data, (), {})


def replaced(model: type[BaseModel], data: Any, by: str) -> Any:
    """A copy of `data` with every sensitive value replaced."""
    copy = _copied(data)
    for one in marked(model, data):
        if isinstance(one.mark, Sensitive):
            place = copy
            for step in one.path[:-1]:
                place = place[step]
            place[one.path[-1]] = by
    return copy


def fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """(`Person.phone`, its type with all marks) of every field at and below `model`, each model once."""
    seen: set[type[BaseModel]] = set()
    left = [model]
    while left:
        one = left.pop()
        if one in seen:
            continue
        seen.add(one)
        for name, info in one.model_fields.items():
            yield f"{one.__name__}.{name}", _whole(info)
            left += _models(info.annotation)


def marks_of(kind: Any) -> tuple[Mark, ...]:
    """The marks of a type, the outermost first."""
    found: list[Mark] = []
    if metadata := getattr(kind, "__metadata__", ()):
        found += [one for one in reversed(metadata) if isinstance(one, Sensitive | Public)]
        kind = typing.get_args(kind)[0]
    for part in _parts(kind):
        found += marks_of(part)
    return tuple(found)


def _whole(info: FieldInfo) -> Any:
    """The type of a field with the marks that pydantic keeps beside it."""
    metadata = tuple(one for one in info.metadata if isinstance(one, Sensitive | Public))
    kind: Any = info.annotation
    for one in metadata:
        kind = typing.Annotated[kind, one]
    return kind


def _marked(
    kind: Any, marks: tuple[Mark, ...], data: Any, path: Steps, beside: Mapping[str, Any]
) -> Iterator[Marked]:
    if metadata := getattr(kind, "__metadata__", ()):
        own = tuple(one for one in reversed(metadata) if isinstance(one, Sensitive | Public))
        kind, marks = typing.get_args(kind)[0], (*marks, *own)
    if isinstance(data, str):
        mark = next((one for one in (*marks, *marks_of(kind)) if _counts(one, beside)), None)
        if mark is not None:
            yield Marked(path, data, mark)
        return
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        for part in _fitting(args, data):
            yield from _marked(part, marks, data, path, beside)
    elif isinstance(data, Mapping):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, info in kind.model_fields.items():
                key = info.alias if info.alias is not None and info.alias in data else name
                if key in data:
                    yield from _marked(_whole(info), (), data[key], (*path, key), data)
        elif origin is dict:
            for key, value in data.items():
                yield from _marked(args[1], marks, value, (*path, key), beside)
    elif isinstance(data, list | tuple) and origin in (tuple, list):
        every = (len(args) == 2 and args[1] is Ellipsis) or origin is list
        for at, value in enumerate(data):
            if every or at < len(args):
                yield from _marked(args[0] if every else args[at], marks, value, (*path, at), beside)


def _copied(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _copied(part) for key, part in data.items()}
    return [_copied(part) for part in data] if isinstance(data, list | tuple) else data


def _counts(mark: Mark, beside: Mapping[str, Any]) -> bool:
    if isinstance(mark, Public) or mark.only_where is None:
        return True
    key, value = mark.only_where
    return bool(beside.get(key) == value)


def _fitting(args: tuple[Any, ...], data: Any) -> Iterator[Any]:
    """The branches of a union that may hold `data`; of several models the one that knows the most of its keys."""
    models = [part for part in args if isinstance(part, type) and issubclass(part, BaseModel)]
    if isinstance(data, Mapping) and models:
        yield max(models, key=lambda one: len(data.keys() & set(one.model_fields)))
        return
    yield from (part for part in args if part is not type(None))


def _parts(kind: Any) -> tuple[Any, ...]:
    return typing.get_args(kind) if typing.get_origin(kind) in (Union, types.UnionType, tuple, list) else ()


def _models(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type):
        return [kind] if issubclass(kind, BaseModel) else []
    return [found for part in typing.get_args(kind) for found in _models(part)]
