"""Which paragraph of a notice covers which element that a law or contract wants in it.

A notice template marks a paragraph with `{{ covers('what-happened', 'contact') }}`, which prints nothing.
`templates/notices/coverage.toml` maps the item ids of the law files to these paragraph keys, so that a new
law needs no change of a template; an item without an entry is its own key. What no paragraph covers stands
under "Further required statements" and reported by `airplan check --content`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from generator.model.plan import Plan
from generator.paths import data_folder
from generator.render.templating import RawMarkdown

CONTRACT = "contract-items"
"""Paragraph key of everything that a contract's own clause asks for: its words are the client's, not ours."""

_MARK = re.compile(r"\bcovers\(((?:\s*'[a-z0-9-]+'\s*,?)+)\s*\)")
_KEY = re.compile(r"'([a-z0-9-]+)'")
_INCLUDE = re.compile(r"{%-?\s*include\s+[\"']([^\"']+)[\"']")
_INCLUDE_TAG = re.compile(_INCLUDE.pattern + r"[^%]*%}")
_COMMENT = re.compile(r"{#-?\s.*?#}", re.DOTALL)
"""A comment has a space after its `{#`; `{#id}` is the id of a heading."""
_HEADING_OR_MARK = re.compile(r"^#{2,6} .*\{#(?P<anchor>[a-z0-9._-]+)\}\s*$|" + _MARK.pattern, re.MULTILINE)
_PLACE = re.compile(r"(?<!\\)\{@([a-z0-9.|_-]+)\}")
_TITLED = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t]*\{#([a-z0-9._-]+)\}[ \t]*$", re.MULTILINE)
FURTHER = "further-required"
"""The heading under which stands what no paragraph of a template says."""

Aliases = Mapping[str, Mapping[str, Sequence[str]]]
"""Template id (or `any`) -> paragraph key -> item ids, plain or as `duty/item`."""
Item = Mapping[str, Any]


def covered(template_source: str, part: Callable[[str], str] | None = None) -> frozenset[str]:
    """The paragraph keys that a template marks, with those of the parts that it includes.

    `part` gives the source of an included template by name; without it only `template_source` is read.
    """
    source = _COMMENT.sub("", template_source)
    keys = {key for mark in _MARK.findall(source) for key in _KEY.findall(mark)}
    if part is not None:
        for name in _INCLUDE.findall(source):
            keys |= covered(part(name), part)
    return frozenset(keys)


def anchors(template_source: str, part: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """For each paragraph key the ids of the headings under which a template marks it, in the order of the letter."""
    source = _INCLUDE_TAG.sub(lambda found: part(found[1]), _COMMENT.sub("", template_source))
    source = _COMMENT.sub("", source)
    under, found = "", dict[str, tuple[str, ...]]()
    for match in _HEADING_OR_MARK.finditer(source):
        if match["anchor"]:
            under = match["anchor"]
            continue
        for key in _KEY.findall(match[0]):
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), under)))
    return found


def name_places(markdown: str) -> str:
    """`{@id}` and `{@id|other}` become the text of the first of these headings that stands in the document."""
    titles = {found[2]: found[1] for found in _TITLED.finditer(markdown)}

    def title(found: re.Match[str]) -> str:
        return next((titles[name] for name in found[1].split("|") if name in titles), "")

    return _PLACE.sub(title, markdown)


def uncovered_items(plan: Plan, templates: Sequence[Path] | None = None) -> list[tuple[str, str]]:
    """(notice id, what is missing) for every element that a notice must have and that no paragraph covers."""
    folders = tuple(templates or (data_folder("templates"),))
    found: list[tuple[str, str]] = []
    for notice in plan.notices:
        items = [item.model_dump() for item in notice.items]
        found += [
            (notice.id, _finding(item)) for item in _missing(notice.template, items, folders, ("must",))
        ]
    return found


def _finding(item: Item) -> str:
    return (
        f'{item["duty"]}: no paragraph covers "{item["text"]}" (item {item["item"]}); it is printed under '
        '"Further required statements" until templates/notices/coverage.toml maps it'
    )


def functions(templates: Sequence[Path]) -> dict[str, Callable[..., Any]]:
    """What notice templates call: `covers`, `wants`, `forbids`, `heading_of`, `in_order` and so on.

    `templates` are the folders searched, first hit wins.
    """
    folders = tuple(templates)

    def wants(notice: Mapping[str, Any], key: str) -> bool:
        """Some duty of the notice asks for this paragraph."""
        return any(item["rule"] != "must_not" for item in _items_of(notice, key, folders))

    def forbids(notice: Mapping[str, Any], key: str) -> bool:
        """Some duty of the notice forbids this paragraph."""
        return any(item["rule"] == "must_not" for item in _items_of(notice, key, folders))

    def heading_of(notice: Mapping[str, Any], key: str, otherwise: str) -> str:
        """The heading that the law prescribes for this paragraph, word for word, else `otherwise`."""
        prescribed = (item["heading"] for item in _items_of(notice, key, folders) if item["heading"])
        return str(next(prescribed, otherwise))

    def in_order(notice: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
        """`keys` in the order in which the law puts its headings; the others keep their places after them."""
        aliases = _aliases(folders)
        prescribed = [
            paragraph_of(notice["template"], item["duty"], item["item"], aliases)
            for item in notice["items"]
            if item["heading"]
        ]
        first = [key for key in dict.fromkeys(prescribed) if key in keys]
        return [*first, *(key for key in keys if key not in first)]

    def by_paragraph(notice: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What must be said, in the order of the letter: the headings that it can stand under, and the items."""
        template, aliases = notice["template"], _aliases(folders)
        places = _template_anchors(folders, template)
        order = list(dict.fromkeys(places.values()))
        groups: dict[tuple[str, ...], list[Item]] = {}
        for item in unique(item for item in notice["items"] if item["rule"] != "must_not"):
            key = paragraph_of(template, item["duty"], item["item"], aliases)
            groups.setdefault(places.get(key, (FURTHER,)), []).append(item)
        return [
            {"place": RawMarkdown(f"{{@{'|'.join(place)}}}"), "items": groups[place]}
            for place in sorted(groups, key=lambda one: order.index(one) if one in order else len(order))
        ]

    def missing_items(notice: Mapping[str, Any]) -> list[Item]:
        """What must, or if known must, be said and stands in no paragraph; each text once."""
        return unique(_missing(notice["template"], notice["items"], folders, ("must", "if_known")))

    return {
        "covers": _covers,
        "wants": wants,
        "forbids": forbids,
        "heading_of": heading_of,
        "in_order": in_order,
        "missing_items": missing_items,
        "by_paragraph": by_paragraph,
        "unique": unique,
    }


def unique(items: Iterable[Item]) -> list[Item]:
    """`items` without those whose text stood before: several duties often ask for the same."""
    seen: dict[str, Item] = {}
    for item in items:
        seen.setdefault(item["text"], item)
    return list(seen.values())


def paragraph_of(template: str, duty: str, item: str, aliases: Aliases) -> str:
    """The paragraph key of a law's item.

    The template's own table wins over the general one, and in it `duty/item` over `item`.
    """
    if duty.startswith("contract-"):
        return CONTRACT
    for table in (aliases.get(template, {}), aliases.get("any", {})):
        for name in (f"{duty}/{item}", item):
            for key, names in table.items():
                if name in names:
                    return key
    return item


def _covers(*_: str) -> str:
    """Prints nothing: a mark for `covered`."""
    return ""


def _items_of(notice: Mapping[str, Any], key: str, folders: tuple[Path, ...]) -> list[Item]:
    aliases = _aliases(folders)
    return [
        item
        for item in notice["items"]
        if paragraph_of(notice["template"], item["duty"], item["item"], aliases) == key
    ]


def _missing(
    template: str, items: Iterable[Item], folders: tuple[Path, ...], rules: Sequence[str]
) -> list[Item]:
    keys, aliases = _template_keys(folders, template), _aliases(folders)
    return [
        item
        for item in items
        if item["rule"] in rules and paragraph_of(template, item["duty"], item["item"], aliases) not in keys
    ]


@lru_cache(maxsize=256)
def _template_keys(folders: tuple[Path, ...], template: str) -> frozenset[str]:
    """What `notices/<template>.md.j2` covers; nothing where there is no such template."""
    source = _read(folders, f"notices/{template}.md.j2")
    return covered(source, lambda name: _read(folders, name))


@lru_cache(maxsize=256)
def _template_anchors(folders: tuple[Path, ...], template: str) -> dict[str, tuple[str, ...]]:
    source = _read(folders, f"notices/{template}.md.j2")
    return anchors(source, lambda name: _read(folders, name))


@lru_cache(maxsize=8)
def _aliases(folders: tuple[Path, ...]) -> Aliases:
    return tomllib.loads(_read(folders, "notices/coverage.toml"))


def _read(folders: tuple[Path, ...], name: str) -> str:
    """The file of the first folder that has it; empty where none has."""
    paths = (folder / name for folder in folders)
    return next((path.read_text(encoding="utf-8") for path in paths if path.is_file()), "")
