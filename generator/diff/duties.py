"""Duties of two plans compared: gained, lost, tightened, loosened, with the old and new words and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from generator.diff.changes import Change, Kind
from generator.diff.tree import Detail, differences

Data = Mapping[str, Any]

DUTIES = "Duties"
OTHERS = "Duties that do not bind"
_LISTS = ("open_questions", "near", "set_aside", "guidance", "standing")
_SKIPPED = frozenset(
    ("duty", "verdict", "example", "example_words", "urgency_minutes", "clock", "limit_words")
)
"""Shown otherwise, or worked from the rest."""


def duty_changes(old: Data, new: Data) -> Iterator[Change]:
    """Every duty whose verdict, limit or content differs, by id."""
    before, after = _bindings(old), _bindings(new)
    for duty in sorted(before.keys() | after.keys()):
        if duty not in before:
            yield _gained(after[duty], old, new)
        elif duty not in after:
            yield _lost(before[duty], old, new)
        else:
            yield from _both(before[duty], after[duty], old, new)
    others = [dict(_others(plan)) for plan in (old, new)]
    for duty in sorted((others[0].keys() | others[1].keys()) - before.keys() - after.keys()):
        yield from _other(others[0].get(duty), others[1].get(duty))


def _bindings(plan: Data) -> dict[str, Data]:
    return {str(b["duty"]): b for b in plan.get("bindings", ())}


def _others(plan: Data) -> Iterator[tuple[str, Data]]:
    for name in _LISTS:
        for entry in plan.get(name, ()):
            yield str(entry["duty"]), entry


def limit(binding: Data) -> str:
    """The limit in one line."""
    threshold = f"; {binding['threshold_words']}" if binding.get("threshold_words") else ""
    return f"{binding.get('clock_words')}{threshold}"


def _gained(binding: Data, old: Data, new: Data) -> Change:
    kind: Kind = "gained" if binding["verdict"] == "binds" else "coming"
    detail = Detail(("limit",), "added", None, limit(binding))
    reasons = [str(binding["reason"])]
    law = _law(binding, new)
    start = law.get("from") if law else None
    if start and str(start) > str(old.get("as_of")):
        reasons.append(f"change of law: in force from {start}")
    return Change(
        DUTIES,
        kind,
        str(binding["duty"]),
        str(binding["title"]),
        (detail,),
        _citation(binding),
        tuple(reasons),
    )


def _lost(binding: Data, old: Data, new: Data) -> Change:
    now = dict(_others(new)).get(str(binding["duty"]))
    if now:
        reason = str(now["reason"])
        if str(new.get("as_of")) != str(old.get("as_of")) and "not in force" in reason:
            reason = f"change of law: {reason}"
    elif binding.get("source") == "contract":
        reason = "profile edit: the contract no longer sets it"
    else:
        reason = "it is no duty here any more"
    detail = Detail(("limit",), "removed", limit(binding), None)
    return Change(
        DUTIES, "lost", str(binding["duty"]), str(binding["title"]), (detail,), _citation(binding), (reason,)
    )


def _both(was: Data, now: Data, old: Data, new: Data) -> Iterator[Change]:
    details: list[Detail] = []
    if limit(was) != limit(now) or was.get("clock") != now.get("clock"):
        details.append(Detail(("limit",), "changed", limit(was), limit(now)))
    keys = [
        key
        for key in dict.fromkeys([*was, *now])
        if key not in _SKIPPED and key not in ("clock_words", "threshold_words")
    ]
    for key in keys:
        details += differences(was.get(key), now.get(key), (key,))
    kind = _kind(was, now, details)
    if was["verdict"] != now["verdict"]:
        details.insert(0, Detail(("verdict",), "changed", str(was["verdict"]), str(now["verdict"])))
        kind = "gained" if now["verdict"] == "binds" else "coming"
    if not details:
        return
    yield Change(
        DUTIES, kind, str(now["duty"]), str(now["title"]), tuple(details), _citation(now),
        _why(was, now, old, new) if kind != "reworded" else (),
    )  # fmt: skip


def _kind(was: Data, now: Data, details: list[Detail]) -> Kind:
    before, after = was.get("urgency_minutes"), now.get("urgency_minutes")
    if before != after and any(detail.path == ("limit",) for detail in details):
        infinite = float("inf")
        return (
            "tightened"
            if (infinite if after is None else after) < (infinite if before is None else before)
            else "loosened"
        )
    return "reworded" if all(detail.wording for detail in details) else "changed"


def _why(was: Data, now: Data, old: Data, new: Data) -> tuple[str, ...]:
    """The reasons that the plans hold: the facts that decide, or another version of the law."""
    if now.get("source") == "contract":
        return ("profile edit: the contract's clause",)
    reasons = []
    before, after = _law(was, old), _law(now, new)
    if before and after and before["sha256"] != after["sha256"]:
        start = f", in force from {after['from']}" if after.get("from") else ""
        reasons.append(f"change of law: {now['citation']}{start}")
    if was.get("reason") != now.get("reason"):
        reasons.append(str(now["reason"]))
    return tuple(reasons)


def _law(binding: Data, plan: Data) -> Data | None:
    versions = plan.get("law", {}).get("versions", ())
    return next((version for version in versions if version["duty"] == binding["duty"]), None)


def _citation(binding: Data) -> str:
    named = str(binding.get("citation") or binding.get("regulation"))
    clause = binding.get("clause")
    return f"{named}, clause {clause}" if clause and str(clause) not in named else named


def _other(was: Data | None, now: Data | None) -> Iterator[Change]:
    entry = now or was or {}
    head = (OTHERS, str(entry["duty"]), str(entry["title"]))
    reasons = (str(entry["reason"]),)
    if was is None or now is None:
        kind: Literal["removed", "added"] = "removed" if now is None else "added"
        verdict = str(entry["verdict"])
        detail = Detail(
            ("verdict",), kind, None if was is None else verdict, None if now is None else verdict
        )
        yield Change(head[0], kind, *head[1:], (detail,), str(entry["regulation"]), reasons)
    elif was["verdict"] != now["verdict"]:
        detail = Detail(("verdict",), "changed", str(was["verdict"]), str(now["verdict"]))
        yield Change(head[0], "changed", *head[1:], (detail,), str(entry["regulation"]), reasons)
    elif details := tuple(differences(dict(was), dict(now))):
        only_words = all(d.wording for d in details)
        yield Change(
            head[0], "reworded" if only_words else "changed", *head[1:], details, str(entry["regulation"])
        )
