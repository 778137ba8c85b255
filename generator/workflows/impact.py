"""How a change of law between two dates touches the plans of many profiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from generator.errors import PlanError
from generator.model.plan import Binding, Plan
from generator.planning.build import build_plan
from generator.sources.profiles import load_profile
from generator.workflows.plans import known, sources


@dataclass(frozen=True, slots=True)
class DutyChange:
    """What happens to one duty of one plan."""

    kind: Literal["gained", "lost", "changed"]
    duty: str
    title: str
    before: str
    after: str
    why: str
    documents: tuple[str, ...]
    """Documents of the pack that change with it."""


@dataclass(frozen=True, slots=True)
class ProfileImpact:
    """What the change means for one profile. `error` instead of changes where it could not be read."""

    profile: Path
    plan: str | None
    client: str | None
    changes: tuple[DutyChange, ...]
    error: str = ""
    exit_code: int = 0


def impact(profiles: Sequence[Path], first: date, last: date) -> tuple[ProfileImpact, ...]:
    """The plans of `profiles` under the law of two days, compared duty by duty. One that fails stops no other."""
    return tuple(_one(path, first, last) for path in profiles)


def _one(path: Path, first: date, last: date) -> ProfileImpact:
    try:
        profile = load_profile(path, known()).profile
        before = build_plan(profile, sources(), first)
        after = build_plan(profile, sources(), last)
    except PlanError as error:
        return ProfileImpact(path, None, None, (), str(error), error.exit_code)
    return ProfileImpact(path, profile.plan.id, profile.client.name, changes(before, after))


def changes(before: Plan, after: Plan) -> tuple[DutyChange, ...]:
    """Duties gained, lost and changed by law. A contract's duty changes with the contract, not with the law."""
    old = {b.duty: b for b in before.bindings if b.verdict == "binds" and b.source == "law"}
    new = {b.duty: b for b in after.bindings if b.verdict == "binds" and b.source == "law"}
    hashes = [{v.duty: v.sha256 for v in plan.law.versions} for plan in (before, after)]
    found = [
        _change("gained", new[duty], "", _words(new[duty]), f"{new[duty].citation}; {new[duty].status}")
        for duty in sorted(new.keys() - old)
    ]
    found += [
        _change("lost", old[duty], _words(old[duty]), "", _why_lost(duty, old[duty], after))
        for duty in sorted(old.keys() - new)
    ]
    found += [
        _change(
            "changed",
            new[duty],
            _words(old[duty]),
            _words(new[duty]),
            f"{new[duty].citation}; {new[duty].status}",
        )
        for duty in sorted(old.keys() & new)
        if hashes[0].get(duty) != hashes[1].get(duty)
    ]
    return tuple(found)


def _change(
    kind: Literal["gained", "lost", "changed"], binding: Binding, before: str, after: str, why: str
) -> DutyChange:
    documents = [
        "runbook",
        "deadlines",
        "rca-form",
        *([f"notices/{binding.notice}"] if binding.notice else []),
    ]
    return DutyChange(kind, binding.duty, binding.title, before, after, why, tuple(documents))


def _words(binding: Binding) -> str:
    """The duty in one line: the limit, its start, its threshold."""
    threshold = f"; {binding.threshold_words}" if binding.threshold_words else ""
    european = any(limb.counting == "reg_1182_71" for limb in binding.clock.limbs)
    counting = "; counted by Regulation 1182/71" if european else ""
    return f"{binding.clock_words}{threshold}{counting}"


def _why_lost(duty: str, binding: Binding, after: Plan) -> str:
    entries = (*after.near, *after.open_questions, *after.set_aside, *after.guidance)
    return next(
        (entry.reason for entry in entries if entry.duty == duty), f"{binding.citation} no longer answers"
    )
