"""Corrective actions: added, changed, and turned into a new version of the plan."""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from generator.deadlines.zones import shown
from generator.errors import InvalidInput, UsageProblem
from generator.model.incident import Action, Patch
from generator.sources.profile_patch import Revision, next_version, patched
from generator.sources.profiles import load_profile
from generator.sources.records import Change, LoadedRecord, change_record, find_record, load_record
from generator.sources.round_trip import Tree, with_entry
from generator.sources.transaction import locked
from generator.sources.yaml_source import read_yaml
from generator.workflows.incidents import Clock, Incident, joined, own_duties, timeline_line
from generator.workflows.plans import known

_PATCH = re.compile(r"\s*([A-Za-z0-9_:-]+(?:\.[A-Za-z0-9_:-]+)+)\s*=\s*(.+?)\s*")


class _Nothing(Exception):
    """Nothing is to be written."""


def patches_in(text: str) -> tuple[Patch, ...]:
    """`a.b = 1; c.d = 2` as patches; other words are none."""
    found = [_PATCH.fullmatch(part) for part in text.split(";")]
    if not all(found):
        return ()
    return tuple(Patch(path=m[1], value=plain_value(m[2])) for m in found if m)


def plain_value(text: str) -> Any:
    """A value as YAML reads it. Raises UsageProblem."""
    try:
        data, _ = read_yaml(f"value: {text}\n", Path("value"))
    except InvalidInput as error:
        raise UsageProblem(f"`{text}` is no value: {error.problems[0].what}") from None
    return data["value"]


def add_action(
    name: str, incidents: Path, clock: Clock, fields: Mapping[str, Any], patches: Sequence[str], by: str
) -> tuple[Incident, int]:
    """A new corrective action, with its patch checked against the profile. (record, number of the action)."""
    number = 0

    def change(loaded: LoadedRecord) -> Change:
        nonlocal number
        incident = joined(loaded)
        now = clock(incident.profile.client.time_zone)
        number = max((action.id for action in incident.record.actions), default=0) + 1
        given = [patch_of(text) for text in patches]
        if given:
            patched(load_profile(incident.profile_path, known()), given, None, known())
        entry = {"id": number, **{k: v for k, v in fields.items() if v}, "state": "open"}
        if given:
            entry["patch"] = [patch.model_dump() for patch in given]
        text = with_entry(loaded.text, "actions", entry)
        return Change(
            with_entry(
                text, "timeline", timeline_line(now, by, f"Action {number}: {fields['what']}", "action")
            )
        )

    after = change_record(find_record(name, incidents), known(), own_duties, change)
    return joined(after), number


def patch_of(text: str) -> Patch:
    """`PATH=VALUE` as a patch. Raises UsageProblem."""
    match = _PATCH.fullmatch(text)
    if not match:
        raise UsageProblem(f"--patch {text}: write PATH=VALUE, e.g. detection.signals.ID.page.at=1")
    return Patch(path=match[1], value=plain_value(match[2]))


def set_action(
    name: str, incidents: Path, clock: Clock, number: int, state: str, verification: str | None, by: str
) -> Incident:
    """Another state of an action, and how it was verified."""

    def change(loaded: LoadedRecord) -> Change:
        incident = joined(loaded)
        now = clock(incident.profile.client.time_zone)
        action = _action(incident, number)
        if state == "verified" and not (verification or action.verification):
            raise UsageProblem(f"action {number}: say how it was verified (--verification)")
        tree = Tree(loaded.text)
        tree.set(("actions", str(number), "state"), state)
        if verification:
            tree.set(("actions", str(number), "verification"), verification)
        words = f"Action {number}: {state}{f' ({verification})' if verification else ''}"
        return Change(with_entry(tree.text(), "timeline", timeline_line(now, by, words, "action")))

    return joined(change_record(find_record(name, incidents), known(), own_duties, change))


def _action(incident: Incident, number: int) -> Action:
    for action in incident.record.actions:
        if action.id == number:
            return action
    there = ", ".join(str(action.id) for action in incident.record.actions) or "none"
    raise UsageProblem(f"{incident.record.id} has no action {number}; there are: {there}")


@dataclass(frozen=True, slots=True)
class Applied:
    """What `incident apply` does or did."""

    profile: Path
    diff: str
    version: str | None
    """The new plan version; None where there was nothing to apply."""
    actions: tuple[int, ...]


def apply_actions(
    name: str, incidents: Path, clock: Clock, numbers: Sequence[int], by: str, *, dry_run: bool
) -> Applied:
    """Put the patches of open actions into the profile, with a new version and its line of history.

    Profile and record change together, or neither does. Raises UsageProblem, InvalidInput.
    """
    folder = find_record(name, incidents)
    made = Applied(Path(), "", None, ())

    def change(loaded: LoadedRecord) -> Change:
        nonlocal made
        incident = joined(loaded)
        now = clock(incident.profile.client.time_zone)
        chosen = _to_apply(incident, numbers)
        made, new = _patch(incident, chosen, now.date())
        if dry_run or not chosen:
            raise _Nothing
        tree = Tree(loaded.text)
        for action in chosen:
            applied = {"at": now.isoformat(), "by": by, "version": made.version}
            tree.set(("actions", str(action.id), "applied"), applied)
        words = f"Plan version {made.version}: {_because(incident, chosen)}"
        text = with_entry(tree.text(), "timeline", timeline_line(now, by, words, "action"))
        return Change(text, {made.profile: new.encode()})

    profile = _profile_folder(folder)
    try:
        with locked(profile):
            change_record(folder, known(), own_duties, change)
    except _Nothing:
        pass
    return made


def _profile_folder(folder: Path) -> Path:
    incident = joined(load_record(folder, known(), own_duties))
    if not incident.profile_path.is_file():
        raise UsageProblem(f"{incident.profile_path}: the profile that the record names is not there")
    return incident.profile_path.parent


def _to_apply(incident: Incident, numbers: Sequence[int]) -> tuple[Action, ...]:
    chosen = [_action(incident, number) for number in numbers] or list(incident.record.actions)
    for action in chosen if numbers else ():
        if action.applied:
            raise UsageProblem(
                f"action {action.id} is in plan version {action.applied.version} since {shown(action.applied.at)}"
            )
        if not action.patch:
            raise UsageProblem(f"action {action.id} has no patch of the profile")
    return tuple(a for a in chosen if a.patch and not a.applied and a.state != "dropped")


def _because(incident: Incident, actions: Sequence[Action]) -> str:
    return f"because of {incident.record.id}, action {', '.join(str(action.id) for action in actions)}"


_SUMMARY = 400


def _summary(actions: Sequence[Action]) -> str:
    """What the actions change, in one line of the history. Paths stay whole: `airplan diff` finds a reason by them."""
    named = [", ".join(dict.fromkeys(patch.path for patch in action.patch)) for action in actions]
    heads = [f"action {action.id}: " for action in actions]
    room = _SUMMARY - sum(len(head) + len(path) + 5 for head, path in zip(heads, named, strict=True))
    width = max(room // len(actions), 0)
    parts = [
        f"{head}{textwrap.shorten(action.what, width, placeholder=' ...')} ({path})"
        for head, action, path in zip(heads, actions, named, strict=True)
    ]
    return "; ".join(parts)[:_SUMMARY]


def _patch(incident: Incident, actions: Sequence[Action], today: date) -> tuple[Applied, str]:
    path = incident.profile_path
    if not actions:
        return Applied(path, "", None, ()), ""
    loaded = load_profile(path, known())
    plan = loaded.profile.plan
    version = next_version(plan.version)
    revision = Revision(
        version=version,
        day=max(today, plan.effective),
        summary=_summary(actions),
        because=_because(incident, actions),
        by=plan.owner,
    )
    patches = [patch for action in actions for patch in action.patch]
    new = patched(loaded, patches, revision, known())
    old = loaded.sources[0].text
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"{path} {plan.version}", f"{path} {version}", lineterm=""
    )
    return Applied(path, "\n".join(lines), version, tuple(action.id for action in actions)), new
