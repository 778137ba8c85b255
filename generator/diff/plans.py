"""Two plans compared by meaning, part by part, each part named by its id. Plans are plain data (`plan.json`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator.diff.changes import Change, Kind, PlanDiff, Side
from generator.diff.duties import duty_changes
from generator.diff.tree import Detail, differences, keyed, moved_keys, words

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the plan: its heading, and whether its entries are compared one by one."""

    section: str
    entries: bool = True
    ordered: bool = False
    skip: frozenset[str] = frozenset()
    """Keys that repeat another part."""


PLAN, PEOPLE, SIGNALS = "Plan", "People and contacts", "Signals and thresholds"
DATA, DRILLS = "Client, data and people served", "Drills"
CLASSES, SWITCHES, SYSTEM = "Incident classes and their steps", "Switches", "System and components"

PARTS: dict[str, Part] = {
    "identity": Part(PLAN, entries=False, skip=frozenset(("approved", "approvals", "draft_reasons"))),
    "as_of": Part(PLAN, entries=False),
    "stakes": Part("Tier and windows", entries=False),
    "windows": Part("Tier and windows"),
    "severities": Part("Tier and windows", entries=False),
    "severity_rules": Part("Tier and windows", entries=False),
    "review_within_days": Part("Tier and windows", entries=False),
    "people": Part(PEOPLE),
    "contacts": Part(PEOPLE),
    "coverage": Part(PEOPLE),
    "call_order": Part(PEOPLE, entries=False),
    "decisions": Part(PEOPLE),
    "communication": Part(PEOPLE, entries=False),
    "signals": Part(SIGNALS),
    "routes": Part(SIGNALS),
    "sampling": Part(SIGNALS),
    "audit_log": Part(SIGNALS, entries=False),
    "report_channels": Part(SIGNALS),
    "monitor_heartbeat": Part(SIGNALS, entries=False),
    "blind_spots": Part(SIGNALS, entries=False),
    "classes": Part(CLASSES),
    "classes_out": Part(CLASSES),
    "switches": Part(SWITCHES, ordered=True),
    "containment": Part(SWITCHES, entries=False, skip=frozenset(("switches",))),
    "main_switch": Part(SWITCHES, entries=False),
    "client": Part(DATA, entries=False),
    "data": Part(DATA, entries=False),
    "volumes": Part(DATA, entries=False),
    "components": Part(SYSTEM),
    "deployment": Part(SYSTEM, entries=False, skip=frozenset(("components",))),
    "providers": Part(SYSTEM),
    "failure_modes": Part(SYSTEM),
    "notices": Part("Notices"),
    "contracts": Part("Contracts"),
    "controls": Part("Controls"),
    "policies": Part("Controls"),
    "audit": Part("Controls", entries=False),
    "control_matrix": Part("Controls", entries=False),
    "drills_due": Part(DRILLS),
    "drill_sheets": Part(DRILLS),
    "hipaa": Part("HIPAA addendum", entries=False),
    "kit": Part("Communication kit"),
    "drills": Part(DRILLS, entries=False),
    "gaps": Part("Gaps"),
}
"""Parts with a heading of their own, in the order of the report. Every other key of a plan comes after them."""

DERIVED = frozenset(
    ("schema", "law", "example", "documents", "index", "first_evidence", "headlines", "revisions", "chance",
     "bindings", "open_questions", "near", "set_aside", "guidance", "standing", "last_stop_drill", "stop_drill_words")
)  # fmt: skip
"""Compared elsewhere, or worked from other parts: to list them would say the same change twice."""

FROM_PROFILE = frozenset((PEOPLE, SIGNALS, SWITCHES, SYSTEM, DATA, "Contracts", "Controls", DRILLS))
"""Sections whose content a client states; the others are worked out from it, or come from law and catalogue."""

WORDING_PARTS = frozenset(("wording", "branding"))


def compare(old: Data, new: Data) -> PlanDiff:
    """Every difference between two plans."""
    revisions = _new_revisions(old, new)
    found = [*_plan_parts(old, new, ("identity", "as_of")), *duty_changes(old, new)]
    rest = [key for key in (*PARTS, *sorted({*old, *new} - PARTS.keys())) if key not in DERIVED]
    found += _plan_parts(old, new, [key for key in rest if key not in ("identity", "as_of")])
    moved = _moved_date(old, new)
    return PlanDiff(
        old=_side(old),
        new=_side(new),
        changes=tuple(_with_reason(change, revisions, moved) for change in _once(found)),
        revisions=tuple(_revision_words(line) for line in revisions),
    )


def _once(changes: Sequence[Change]) -> Iterator[Change]:
    """Each thing that came or went once: a drill stands under what is due and as a sheet."""
    told: set[tuple[str, str, str]] = set()
    for change in changes:
        mark = (change.section, change.kind, change.id)
        if change.kind not in ("added", "removed") or mark not in told:
            yield change
        told.add(mark)


def _moved_date(old: Data, new: Data) -> str | None:
    """Why drills differ that the profile plans as before: what is due follows from the plan's date."""
    if old["as_of"] == new["as_of"] or old.get("drills") != new.get("drills"):
        return None
    return f"the plan's date: {old['as_of']} -> {new['as_of']}"


def _plan_parts(old: Data, new: Data, keys: Sequence[str]) -> Iterator[Change]:
    for key in keys:
        part = PARTS.get(key) or Part("Other", entries=_has_entries(old.get(key), new.get(key)))
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if part.entries:
            yield from _entries(key, part, _by_id(before), _by_id(after))
        elif change := _one(key, part, before, after):
            yield change


def _has_entries(*values: Any) -> bool:
    lists = [value for value in values if isinstance(value, list) and value]
    return bool(lists) and all(isinstance(entry, Mapping) for value in lists for entry in value)


def _by_id(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else keyed(value or [])


def _entries(key: str, part: Part, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    moved = moved_keys([*before], [*after]) if part.ordered else frozenset()
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        head = (part.section, name, _title(now if now is not None else was, key))
        if was is None or now is None:
            kind: Kind = "removed" if now is None else "added"
            said = Detail((key,), "removed" if now is None else "added", _said(was), _said(now))
            yield Change(head[0], kind, *head[1:], (said,))
            continue
        details = [*differences(was, now)]
        if name in moved:
            places = [f"place {[*entries].index(name) + 1}" for entries in (before, after)]
            details.insert(0, Detail(("order",), "moved", places[0], places[1]))
        if details:
            yield Change(head[0], _kind(key, was, now, details), *head[1:], tuple(details))


def _one(key: str, part: Part, before: Any, after: Any) -> Change | None:
    if part.skip:
        before, after = (
            {k: v for k, v in (one or {}).items() if k not in part.skip} for one in (before, after)
        )
    inner = isinstance(before, Mapping) and isinstance(after, Mapping)
    details = tuple(differences(before, after, () if inner else (key,)))
    if not details:
        return None
    if key in WORDING_PARTS:
        details = tuple(replace(detail, wording=True) for detail in details)
    return Change(part.section, _kind(key, before, after, details), key, key.replace("_", " "), details)


def _kind(key: str, was: Any, now: Any, details: Sequence[Detail]) -> Kind:
    if all(detail.wording for detail in details):
        return "reworded"
    if all(detail.kind == "moved" for detail in details if not detail.wording):
        return "moved"
    steps = _signal_steps(was, now) if key == "signals" else _minute_steps(was, now)
    if steps and all(step < 0 for step in steps):
        return "tightened"
    if steps and all(step > 0 for step in steps):
        return "loosened"
    return "changed"


def _signal_steps(was: Data, now: Data) -> list[float]:
    """How each level moved: below 0 it is reached earlier."""
    sign = -1 if now.get("direction") == "below" else 1
    steps = []
    for level in ("warn", "page", "automatic"):
        before, after = was.get(level), now.get(level)
        if before and after and before["at"] != after["at"]:
            steps.append(sign * (float(after["at"]) - float(before["at"])))
        elif bool(before) != bool(after):
            steps.append(-1.0 if after else 1.0)
    return steps


def _minute_steps(was: Any, now: Any) -> list[float]:
    if not isinstance(was, Mapping) or not isinstance(now, Mapping):
        return []
    pairs = [(was.get(name), now.get(name)) for name in ("minutes", "within_minutes", "escalate_minutes")]
    return [float(b) - float(a) for a, b in pairs if isinstance(a, int) and isinstance(b, int) and a != b]


def _title(entry: Any, key: str) -> str:
    if not isinstance(entry, Mapping):
        return key.replace("_", " ")
    inner = entry.get("switch") if isinstance(entry.get("switch"), Mapping) else entry
    named = ("name", "title", "question", "what", "counterparty", "scenario", "words")
    return next(
        (str(inner[one]) for one in named if isinstance(inner, Mapping) and inner.get(one)),
        key.replace("_", " "),
    )


def _said(entry: Any) -> str | None:
    if entry is None:
        return None
    if isinstance(entry, Mapping):
        named = ("reason", "because", "ask", "primary", "phone", "what", "stops", "statement", "live", "due")
        told = [words(entry[one]) for one in named if entry.get(one)]
        return "; ".join(told) or words(entry)
    return words(entry)


def _side(plan: Data) -> Side:
    identity = plan["identity"]
    return Side(
        str(identity["id"]),
        str(identity["version"]),
        str(identity["effective"]),
        str(plan["as_of"]),
        str(identity["client"]),
    )


def _new_revisions(old: Data, new: Data) -> list[Data]:
    known = {str(line["version"]) for line in old.get("revisions", ())}
    return [line for line in new.get("revisions", ()) if str(line["version"]) not in known]


def _revision_words(line: Data) -> str:
    because = str(line.get("because") or "")
    because = f" ({because if because.startswith('because') else f'because: {because}'})" if because else ""
    return f"{line['version']}, {line['date']}: {line['summary']}{because}"


def _about(line: Data, name: re.Pattern[str]) -> Data:
    """The line with the parts of its summary that name a thing; the whole of it where its reason does."""
    parts = [part for part in str(line["summary"]).split("; ") if name.search(part)]
    return {**line, "summary": "; ".join(parts)} if parts else line


def _with_reason(change: Change, revisions: Sequence[Data], moved: str | None) -> Change:
    """The change with the lines of the revision history that name its id; else that it is an edit of the profile.

    `moved` is the reason of drills that are due at other times because the plan has another date.
    """
    if change.wording or change.section == PLAN or any(r.startswith("change of law") for r in change.reasons):
        return change
    name = re.compile(rf"(?<![\w-]){re.escape(change.id)}(?![\w-])", re.IGNORECASE)
    told = [line for line in revisions if name.search(f"{line['summary']} {line.get('because') or ''}")]
    lines = tuple(f"revision {_revision_words(_about(line, name))}" for line in told)
    if not lines and not change.reasons and change.section in FROM_PROFILE:
        lines = (moved if moved and change.section == DRILLS else "profile edit",)
    return replace(change, reasons=(*change.reasons, *lines)) if lines else change
