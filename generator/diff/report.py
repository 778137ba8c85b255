"""A comparison for people and for programs: lines of text, Markdown, plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from generator.diff.changes import SIGNS, Change, PlanDiff, Side
from generator.diff.tree import Detail

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def as_data(diff: PlanDiff) -> dict[str, Any]:
    """The comparison as plain data, for JSON."""
    return {
        "schema": 1,
        "same": diff.same,
        "old": asdict(diff.old),
        "new": asdict(diff.new),
        "revisions": list(diff.revisions),
        "changes": [{**_change(change), "wording_only": change.wording} for change in diff.changes],
        "texts": [asdict(text) for text in diff.texts],
    }


def _change(change: Change) -> dict[str, Any]:
    data = asdict(change)
    data["details"] = [{**asdict(detail), "path": ".".join(detail.path)} for detail in change.details]
    return data


def as_text(diff: PlanDiff) -> list[str]:
    """The comparison as lines for a terminal."""
    lines = [_head(diff)]
    lines += [f"recorded: {line}" for line in diff.revisions]
    for section, changes in groupby(_sorted(diff.meaning), key=lambda change: change.section):
        lines += ["", section]
        for change in changes:
            lines.append(
                f"  {SIGNS[change.kind]} {_title(change)}{f' ({change.citation})' if change.citation else ''}"
            )
            lines += [f"      {line}" for line in _details(change)]
            lines += [f"      because: {reason}" for reason in change.reasons]
    reworded = [change for change in diff.changes if change.wording]
    if reworded:
        lines += ["", "Wording only"]
        lines += [f"  = {change.section}: {change.id}{_places(change)}" for change in reworded]
    if diff.texts:
        lines += ["", "Documents whose text differs"]
        lines += [
            f"  {text.name}: {text.added} line{'s' if text.added != 1 else ''} in, {text.removed} out"
            for text in diff.texts
        ]
    return [*lines, "", counted(diff)]


def as_markdown(diff: PlanDiff) -> str:
    """The comparison as a Markdown document."""
    lines = [f"# What changed: {_md(diff.new.client)}", "", _md(_head(diff)), ""]
    if diff.revisions:
        lines += ["## Recorded reasons", "", *(f"- {_md(line)}" for line in diff.revisions), ""]
    for section, changes in groupby(_sorted(diff.meaning), key=lambda change: change.section):
        lines += [f"## {section}", ""]
        lines += ["| What | Change | Old | New | Because |", "| --- | --- | --- | --- | --- |"]
        for change in changes:
            lines += _rows(change)
        lines.append("")
    reworded = [change for change in diff.changes if change.wording]
    if reworded:
        lines += ["## Wording only", ""]
        lines += [f"- {change.section}: {_md(change.id)}{_md(_places(change))}" for change in reworded]
        lines.append("")
    if diff.texts:
        lines += [
            "## Documents whose text differs",
            "",
            "| Document | Lines in | Lines out |",
            "| --- | --: | --: |",
        ]
        lines += [f"| {_md(text.name)} | {text.added} | {text.removed} |" for text in diff.texts]
        lines.append("")
    return "\n".join([*lines, counted(diff), ""])


def counted(diff: PlanDiff) -> str:
    """How much differs, in one line."""
    if diff.same:
        return "no difference"
    meaning = len(diff.meaning)
    words = len(diff.changes) - meaning
    parts = [
        f"{meaning} change{'s' if meaning != 1 else ''} of meaning" if meaning else "no change of meaning",
        f"{words} of wording only" if words else "",
        f"{len(diff.texts)} document{'s' if len(diff.texts) != 1 else ''} with other text"
        if diff.texts
        else "",
    ]
    return ", ".join(part for part in parts if part)


def _head(diff: PlanDiff) -> str:
    return f"{_side(diff.old)} -> {_side(diff.new)}"


def _side(side: Side) -> str:
    return f"{side.plan} {side.version} (in force from {side.effective}, law as of {side.as_of})"


def _sorted(changes: tuple[Change, ...]) -> list[Change]:
    """By section, in the order in which sections come first."""
    order = {section: at for at, section in enumerate(dict.fromkeys(change.section for change in changes))}
    return sorted(changes, key=lambda change: order[change.section])


def _title(change: Change) -> str:
    kind = "" if change.kind in ("changed", "added", "removed") else f"{change.kind}: "
    return f"{kind}{change.id}" + (f": {change.title}" if change.title != change.id else "")


def _details(change: Change) -> Iterator[str]:
    for detail in change.details:
        if not detail.wording:
            where = (
                ""
                if change.kind in ("added", "removed") or detail.path == ("limit",)
                else f"{_path(detail)}: "
            )
            yield f"{where}{_old_new(detail)}"


def _old_new(detail: Detail) -> str:
    if detail.old is None:
        return f"new: {detail.new}"
    if detail.new is None:
        return f"gone: {detail.old}"
    if detail.kind == "moved":
        return f"moved from {detail.old} to {detail.new}"
    return f"{detail.old} -> {detail.new}"


def _path(detail: Detail) -> str:
    parts = detail.path[1:] if detail.path[:1] == ("switch",) and len(detail.path) > 1 else detail.path
    return " > ".join(part.replace("_", " ") for part in parts)


def _places(change: Change) -> str:
    shown = dict.fromkeys(_path(detail) for detail in change.details)
    return f" ({', '.join(shown)})" if shown else ""


def _rows(change: Change) -> Iterator[str]:
    because = _md("; ".join(change.reasons))
    what = f"**{_md(change.id)}** {_md(change.title) if change.title != change.id else ''}".rstrip()
    what += f" ({_md(change.citation)})" if change.citation else ""
    for at, detail in enumerate(d for d in change.details if not d.wording):
        kind = change.kind if at == 0 else detail.kind
        path = (
            ""
            if detail.path == ("limit",) or change.kind in ("added", "removed")
            else f" {_md(_path(detail))}"
        )
        cells = (
            what if at == 0 else "",
            f"{kind}{path}",
            _md(detail.old or ""),
            _md(detail.new or ""),
            because if at == 0 else "",
        )
        yield f"| {' | '.join(cells)} |"


def _md(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
