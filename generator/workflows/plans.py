"""Profile file -> plan; what a check and a first look say about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from generator.model.findings import Finding
from generator.model.plan import Gap, Plan
from generator.model.release import ApprovalStamp
from generator.paths import data_folder
from generator.planning.build import Sources, build_plan
from generator.planning.policies import reviews_due
from generator.render.manifest import json_bytes
from generator.sources.catalog import load_catalog
from generator.sources.documents import load_documents
from generator.sources.known_words import KnownWords, known_words
from generator.sources.lawbook import load_calendars, load_lawbook
from generator.sources.leftovers import leftovers
from generator.sources.profiles import LoadedProfile, load_profile
from generator.sources.starter_files import starter_data
from generator.sources.wording import load_wording
from generator.workflows.approvals import approval_of

if TYPE_CHECKING:
    from generator.render.plain_language import Grade


@cache
def sources() -> Sources:
    """The shipped law book, catalogue and calendars, read once per process."""
    book = load_lawbook()
    return Sources(
        book=book,
        catalog=load_catalog(),
        calendars=load_calendars(),
        wording=load_wording(),
        documents=load_documents(),
    )


def notice_templates() -> tuple[str, ...]:
    """Ids of the shipped templates of notices and of the communication kit."""
    return tuple(
        sorted(
            path.name.removesuffix(".md.j2")
            for folder in ("notices", "kit")
            for path in (data_folder("templates") / folder).glob("*.md.j2")
        )
    )


@cache
def known() -> KnownWords:
    """Every word that a profile may name, for its validation."""
    return known_words(sources().catalog, sources().book, notice_templates())


@dataclass(frozen=True, slots=True)
class Planned:
    """A profile as read, and the plan made of it."""

    loaded: LoadedProfile
    plan: Plan
    leftovers: tuple[tuple[str, str], ...]
    """(key path, what) of each value that an example or a starter left."""


def plan_profile(path: Path, as_of: date | None = None) -> Planned:
    """Read a profile and resolve its plan. Raises InvalidInput with every problem, or LawGap."""
    loaded = load_profile(path, known())
    left = tuple(leftovers(loaded, starter_data(loaded)))
    on = as_of or loaded.profile.plan.effective
    return Planned(loaded, build_plan(loaded.profile, sources(), on, [what for _, what in left]), left)


def plan_json(plan: Plan) -> bytes:
    """plan.json: stable order, every key there, UTF-8, one newline at the end.

    Without approvals, whoever approved it: its hash is what an approval approves.
    """
    return json_bytes(without_approvals(plan).to_json_data())


def with_approvals(plan: Plan, stamps: Sequence[ApprovalStamp]) -> Plan:
    """The plan as its documents print it once it is approved."""
    identity = plan.identity.model_copy(update={"approved": bool(stamps), "approvals": tuple(stamps)})
    return plan.model_copy(update={"identity": identity})


def without_approvals(plan: Plan) -> Plan:
    """The plan as it is released and hashed."""
    return with_approvals(plan, ())


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What `check` found: gaps to ask the client about, findings, and why the pack is a draft."""

    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...]
    draft_reasons: tuple[str, ...]
    grades: tuple[Grade, ...] = ()
    """With `content`: how easy the letters to people and the public are to read."""


def check_profile(
    path: Path, *, content: bool = False, as_of: date | None = None, releases: Path | None = None
) -> CheckResult:
    """Validate a profile and list what is missing or doubtful. Raises InvalidInput for errors.

    `releases` is the folder whose approval records count.
    """
    planned = plan_profile(path, as_of)
    plan = planned.plan
    found = [
        Finding("leftover", key, what, "", str(_where(planned.loaded, key)))
        for key, what in planned.leftovers
    ]
    found += [
        Finding("law", "plan.effective", words, "rebuild with --as-of to see it", None)
        for words in plan.law.later
    ]
    found += [
        Finding("doubt", binding.duty, f"{binding.title}: {binding.doubt}", "verify with counsel", None)
        for binding in plan.bindings
        if binding.doubt
    ]
    found += list(_contradicted(planned.loaded))
    found += list(_would_be_written_up(planned, releases))
    grades: tuple[Grade, ...] = ()
    if content:
        from generator.render.coverage import uncovered_items

        found += [Finding("content", notice, words, "", None) for notice, words in uncovered_items(plan)]
        from generator.workflows.reading import letter_grades

        grades = letter_grades(plan)
        found += [
            Finding(
                "content",
                one.name,
                f"reads like grade {one.grade}",
                "shorter sentences and words: 8 or lower",
                None,
            )
            for one in grades
            if one.too_hard
        ]
    return CheckResult(plan.gaps, tuple(found), plan.identity.draft_reasons, grades)


def _contradicted(loaded: LoadedProfile) -> Iterator[Finding]:
    """Facts that can hardly both be true, and would turn the duties of a whole law off."""
    if "phi" in loaded.profile.data.categories and "none" in (loaded.profile.client.roles.hipaa or ()):
        what = "PHI is handled (data.categories), and nobody has a role under HIPAA: no HIPAA duty binds"
        mend = "correct one of the two, or have counsel confirm it"
        yield Finding("doubt", "client.roles.hipaa", what, mend, str(_where(loaded, "client.roles.hipaa")))


def _would_be_written_up(planned: Planned, releases: Path | None) -> Iterator[Finding]:
    """What an auditor finds in the records that the profile itself states."""
    profile, plan, loaded = planned.loaded.profile, planned.plan, planned.loaded
    for at, record in enumerate(profile.drills.log):
        if record.missed:
            what = f"{record.kind} drill of {record.date}: {record.result.replace('_', ' ')}, and a target was missed"
            key = f"drills.log.{at}.measured"
            mend = "say what was done about it, and measure it again"
            yield Finding("audit", key, f"{what}: {'; '.join(record.missed)}", mend, str(_where(loaded, key)))
    due = reviews_due(profile, plan.as_of)
    for at, policy in enumerate(profile.policies):
        if policy.id in due:
            key = f"policies.{at}.reviewed"
            yield Finding("audit", key, due[policy.id], "review it", str(_where(loaded, key)))
    resting = [at for at, control in enumerate(profile.controls) if "approval_record" in control.rests_on]
    if resting and not _approved(plan, releases):
        for at in resting:
            key = f"controls.{at}.rests_on"
            what = f"control {profile.controls[at].id} rests on the approval record of version "
            what += f"{plan.identity.version}, and none exists"
            mend = "`airplan release`, then `airplan approve`"
            yield Finding("audit", key, what, mend, str(_where(loaded, key)))


def _approved(plan: Plan, releases: Path | None) -> bool:
    if releases is None:
        return False
    hashed = sha256(plan_json(plan)).hexdigest()
    return approval_of(releases, plan.identity.id, plan.identity.version, hashed) is not None


def _where(loaded: LoadedProfile, key: str) -> object:
    return loaded.place(tuple(int(part) if part.isdigit() else part for part in key.split(".")))


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What a consultant wants to see of a new client at once."""

    binds: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, str], ...]
    sunday: str
    gaps: tuple[str, ...]


def first_look(path: Path, as_of: date | None = None) -> FirstLook:
    """What binds and why, what nearly does, the worst night, and the ten gaps most worth asking."""
    plan = plan_profile(path, as_of).plan
    return FirstLook(
        binds=tuple(
            (f"{b.title}, {b.limit_words} ({b.citation})", b.reason)
            for b in plan.bindings
            if b.verdict == "binds"
        ),
        near=tuple((f"{entry.title} ({entry.regulation})", entry.reason) for entry in plan.near),
        sunday=f"aware {plan.example.words}: {plan.example.first_words}",
        gaps=tuple(f"{gap.ask} ({gap.what})" for gap in plan.gaps[:10]),
    )
