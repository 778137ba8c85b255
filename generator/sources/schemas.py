"""JSON Schemas of the files that people write, made from the models. Draft 7, which editors know best.

A profile with `extends` may leave out what its base file says: for it the same schema counts without
required keys, and `null` (which removes an inherited key) is allowed everywhere.
"""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from generator.model.catalog import IncidentClass
from generator.model.evidence import Population
from generator.model.incident import IncidentRecord
from generator.model.law import Regulation
from generator.model.profile import Profile
from generator.model.release import Approvals, Release
from generator.paths import data_folder

SchemaName = Literal[
    "profile", "regulation", "incident-class", "incident-record", "release", "approvals", "population"
]
_MODELS: dict[SchemaName, tuple[type[BaseModel], str]] = {
    "profile": (Profile, "airplan profile"),
    "regulation": (Regulation, "airplan regulation"),
    "incident-class": (IncidentClass, "airplan incident class"),
    "incident-record": (IncidentRecord, "airplan incident record"),
    "release": (Release, "airplan release"),
    "approvals": (Approvals, "airplan approvals"),
    "population": (Population, "airplan population of incidents"),
}
NAMES: tuple[SchemaName, ...] = tuple(_MODELS)
_MODULES = ("base", "conditions", "law", "catalog", "profile", "release", "incident", "evidence")
Json = dict[str, Any]


def schema_text(name: SchemaName) -> str:
    """The schema as the file under `schemas/` holds it."""
    return json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n"


def schema_file(name: SchemaName) -> str:
    """The file's name under `schemas/`."""
    return f"{name}.schema.json"


def modeline(target: Path, name: SchemaName = "profile") -> str:
    """The first line of a YAML file by which editors find its schema, relative to the file."""
    schemas = (data_folder("schemas") / schema_file(name)).resolve()
    try:
        place = Path(os.path.relpath(schemas, target.resolve().parent)).as_posix()
    except ValueError:  # another drive of Windows: no relative way leads there
        place = schemas.as_uri()
    return f"# yaml-language-server: $schema={place}"


def schema(name: SchemaName) -> Json:
    """The JSON Schema of one kind of file."""
    model, title = _MODELS[name]
    raw = model.model_json_schema(by_alias=True)
    definitions = {key: _tidied(value, key) for key, value in raw.pop("$defs", {}).items()}
    root = _tidied(raw, model.__name__)
    if name == "profile":
        root, definitions = _with_overlay(root, definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        **{key: value for key, value in root.items() if key not in ("title", "definitions")},
        "definitions": dict(sorted(definitions.items())),
    }


def _tidied(node: Json, model: str) -> Json:
    """One model's schema: described from the docstrings, in draft 7, without noise."""
    described = copy.deepcopy(node)
    for key, value in described.get("properties", {}).items():
        text = value.get("description") or _attribute_texts().get((model, key))
        if text:
            value["description"] = text
    if "description" in described:
        described["description"] = _flat(described["description"])
    tidy: Json = _each(described, _draft_7)
    return tidy


def _draft_7(node: Json) -> Json:
    """A node in draft 7: no sibling beside `$ref`, no titles made of key names, numbers as numbers."""
    node.pop("title", None) if isinstance(node.get("title"), str) else None
    if not isinstance(node.get("default", ""), dict | list) and node.get("default", "") is None:
        del node["default"]
    if "$ref" in node:
        reference = str(node.pop("$ref")).replace("#/$defs/", "#/definitions/")
        return {**node, "allOf": [{"$ref": reference}]} if node else {"$ref": reference}
    if node.get("anyOf") == [{"type": "number"}, {"type": "string"}]:
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        return {**rest, "type": "number"}
    if "patternProperties" in node:
        node.setdefault("additionalProperties", False)
    return node


def _each(node: Any, change: Callable[[Json], Json]) -> Any:
    """Every schema below `node` (and itself) changed; maps of names to schemas are only walked."""
    if isinstance(node, list):
        return [_each(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {}
    for key, value in node.items():
        if key in ("properties", "patternProperties", "definitions"):
            changed[key] = {name: _each(child, change) for name, child in value.items()}
        elif key in ("default", "enum", "const", "required"):
            changed[key] = value
        else:
            changed[key] = _each(value, change)
    return change(changed)


# --- extends ----------------------------------------------------------------------------


def _with_overlay(root: Json, definitions: dict[str, Json]) -> tuple[Json, dict[str, Json]]:
    """A root that asks for everything without `extends`, and for nothing but known keys with it."""
    overlay = {f"Over{name}": _relaxed(value) for name, value in definitions.items()}
    whole = {**definitions, "Profile": root, "OverProfile": _relaxed(root), **overlay}
    chosen = {
        "description": root.get("description", ""),
        "type": "object",
        "required": ["schema"],
        "if": {"required": ["extends"]},
        "then": {"$ref": "#/definitions/OverProfile"},
        "else": {"$ref": "#/definitions/Profile"},
    }
    return chosen, whole


def _relaxed(node: Json) -> Json:
    """A definition that requires nothing, allows `null`, and points at relaxed definitions."""

    def relax(part: Json) -> Json:
        part.pop("required", None)
        if "$ref" in part:
            part["$ref"] = part["$ref"].replace("#/definitions/", "#/definitions/Over")
        if "properties" in part:
            part["properties"] = {key: _nullable(value) for key, value in part["properties"].items()}
        return part

    relaxed: Json = _each(copy.deepcopy(node), relax)
    return relaxed


def _nullable(node: Json) -> Json:
    options = node.get("anyOf", [])
    if {"type": "null"} in options or "const" in node:
        return node
    words = {"description": node["description"]} if "description" in node else {}
    return {
        **words,
        "anyOf": [{key: value for key, value in node.items() if key != "description"}, {"type": "null"}],
    }


# --- the words under an attribute --------------------------------------------------------


@cache
def _attribute_texts() -> dict[tuple[str, str], str]:
    """(model, key) -> the docstring under that attribute."""
    found: dict[tuple[str, str], str] = {}
    for name in _MODULES:
        module = importlib.import_module(f"generator.model.{name}")
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.ClassDef):
                model = getattr(module, node.name)
                found.update({(node.name, key): text for key, text in _texts(node, model).items()})
    return found


def _texts(node: ast.ClassDef, model: Any) -> dict[str, str]:
    found = {}
    fields = getattr(model, "model_fields", {})
    for before, after in zip(node.body, node.body[1:], strict=False):
        if not (isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name)):
            continue
        if (
            isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and before.target.id in fields
        ):
            key = fields[before.target.id].alias or before.target.id
            found[key] = _flat(str(after.value.value))
    return found


def _flat(text: str) -> str:
    return " ".join(text.split())
