"""Freezing a version of a plan with all its documents, and recording who approved it.

What is approved is plan.json as released, byte for byte, and through the manifest every document. plan.json itself
never says that it is approved, so its hash does not depend on the approval; documents built later print the record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.errors import PlanError, UsageProblem
from generator.model.release import Approval, Approvals, Release
from generator.render.freeze import AlreadyReleased, freeze
from generator.render.manifest import NAME, entry_of, read_manifest, sha256
from generator.sources.release_records import append_entry, read_record, record_text
from generator.sources.validation import near_words
from generator.workflows.approvals import (
    APPROVALS,
    RELEASE,
    moment_words,
    read_release,
    released_on,
    verify_release,
)
from generator.workflows.packs import Pack, pack_files, pack_meta, prepare_pack

Moment = Callable[[str], datetime]
"""Zone -> now, in that zone: the wall clock or `--now`."""

_RELEASE_HEAD = (
    "Written by `airplan release`. A release never changes; a new version gets a folder of its own."
)
_APPROVALS_HEAD = (
    "Written by `airplan approve`: who approved exactly which plan.json and which documents (manifest.json).\n"
    "Entries are added at the end and never changed."
)


_RENDERED = ("document", "form", "word")
"""Roles of files that are made from the texts."""


class NotReleasable(PlanError):
    """The answer is no: the pack cannot be frozen as it stands."""


class AlreadyApproved(PlanError):
    """The answer is no: the same person approved the same release before."""


@dataclass(frozen=True, slots=True)
class Released:
    """A release that was made."""

    folder: Path
    release: Release
    draft_reasons: tuple[str, ...]


def prepare_release(profile: Path, into: Path, built: Path) -> tuple[Pack, Path]:
    """The pack to freeze, and the folder that it will get. Renders nothing, writes nothing.

    Edits by hand in the pack under `built` are part of it. Raises AlreadyReleased, NotReleasable, and what
    `prepare_pack` raises.
    """
    pack = prepare_pack(profile, built, sources_inside=True)
    identity = pack.planned.plan.identity
    folder = into / identity.id / identity.version
    if folder.exists():
        raise AlreadyReleased(_released_before(pack, folder))
    if pack.clashing:
        names = ", ".join(text.name for text in pack.clashing)
        raise NotReleasable(
            f"{pack.folder}: edits by hand clash with the new text of {names}; run `airplan build` first"
        )
    return pack, folder


def _released_before(pack: Pack, folder: Path) -> str:
    """That the version is taken, and whether by the same content."""
    release = read_release(folder)
    try:
        entries = read_manifest((folder / NAME).read_bytes()) or {}
    except OSError:
        entries = {}
    new = {file.name: entry_of(file).sha256 for file in pack.texts}
    old = {name: entry.sha256 for name, entry in entries.items() if entry.role not in _RENDERED}
    differ = sorted(
        (name for name in new.keys() | old if new.get(name) != old.get(name)),
        key=lambda name: (name != "plan.json", name),
    )
    head = f"{folder}: version {release.version} was released on {released_on(release)}"
    if not differ:
        return f"{head} with this content; a release is never overwritten"
    shown = ", ".join(differ[:4]) + (f" and {len(differ) - 4} more" if len(differ) > 4 else "")
    return (
        f"{head} with other content ({shown}); a release is never overwritten: give the profile a new plan.version. "
        f"`airplan diff {folder} PROFILE` shows what changed"
    )


def finish_release(pack: Pack, folder: Path, rendered: Mapping[str, bytes], moment: Moment) -> Released:
    """Write the release, whole or not at all. Raises AlreadyReleased, UsageProblem."""
    plan = pack.planned.plan
    zone = plan.identity.zone
    at = moment(zone)
    files = pack_files(pack, rendered)
    made: list[Release] = []

    def record(manifest: bytes) -> tuple[str, bytes]:
        release = Release(
            plan=plan.identity.id,
            version=plan.identity.version,
            effective=plan.identity.effective,
            law_as_of=plan.as_of,
            released_at=at,
            zone=zone,
            plan_sha256=next(entry_of(file).sha256 for file in files if file.name == "plan.json"),
            manifest_sha256=sha256(manifest),
            edited=tuple(file.name for file in files if entry_of(file).edited),
        )
        made.append(release)
        return RELEASE, record_text(release.model_dump(mode="json", by_alias=True), _RELEASE_HEAD).encode()

    try:
        freeze(folder, files, pack_meta(pack), record)
    except OSError as error:
        raise UsageProblem(f"{folder}: cannot be written: {error.strerror or error}") from None
    return Released(folder, made[0], plan.identity.draft_reasons)


@dataclass(frozen=True, slots=True)
class Approved:
    """An approval that was recorded."""

    folder: Path
    approval: Approval
    approvals: Approvals
    remarks: tuple[str, ...]


def approve(where: Path, by: str, role: str, moment: Moment, *, outside: bool = False) -> Approved:
    """Record that a person approved a release.

    Raises UsageProblem for a person whom the plan does not name (unless `outside`), Changed for a release that is
    not what it was, AlreadyApproved, InvalidInput.
    """
    folder = where.parent if where.name == RELEASE else where
    release = read_release(folder)
    verify_release(folder, release)
    plan = json.loads((folder / "plan.json").read_bytes())
    name = _person(plan, by, outside, folder)
    at = moment(release.zone)
    if at < release.released_at:
        raise UsageProblem(
            f"--now {moment_words(at, release.zone)} is before the release of {released_on(release)}"
        )
    approval = Approval(
        by=name,
        role=role,
        at=at,
        zone=release.zone,
        version=release.version,
        plan_sha256=release.plan_sha256,
        manifest_sha256=release.manifest_sha256,
        outside=outside and not _named(plan, name),
    )
    path = folder / APPROVALS
    before = read_record(path, Approvals).approvals if path.exists() else ()
    for one in before:
        if (one.by.casefold(), one.role, one.manifest_sha256) == (
            name.casefold(),
            role,
            release.manifest_sha256,
        ):
            raise AlreadyApproved(
                f"{path}: {name} ({role}) approved this on {moment_words(one.at, one.zone)}"
            )
    first = {"schema": 1, "plan": release.plan, "version": release.version, "approvals": []}
    entry = approval.model_dump(mode="json")
    after = append_entry(path, "approvals", entry, Approvals, first, _APPROVALS_HEAD)
    return Approved(folder, approval, after, tuple(_remarks(plan, name, role)))


def _named(plan: Mapping[str, object], name: str) -> bool:
    return name.casefold() in {known.casefold() for known in _people(plan).values()}


def _people(plan: Mapping[str, object]) -> dict[str, str]:
    """Id -> name of everybody whom the plan names."""
    people = plan.get("people")
    return {str(key): str(one["name"]) for key, one in people.items()} if isinstance(people, dict) else {}


def _person(plan: Mapping[str, object], by: str, outside: bool, folder: Path) -> str:
    """The person's name as the plan writes it."""
    wanted = " ".join(by.split())
    if not wanted:
        raise UsageProblem("--by: name the person")
    people = _people(plan)
    for key, name in people.items():
        if wanted.casefold() in (key.casefold(), name.casefold()):
            return name
    if outside:
        return wanted
    near = near_words(wanted, people.values())
    hint = (
        f"did you mean {' or '.join(near[:2])}?"
        if near
        else f"it names {', '.join(sorted(people.values())[:8])}"
    )
    raise UsageProblem(
        f"--by {wanted}: the plan in {folder} names no such person; {hint} Or record somebody else with --outside"
    )


def _remarks(plan: Mapping[str, object], name: str, role: str) -> list[str]:
    """What a reader of the record will ask."""
    remarks = []
    identity, contacts = plan.get("identity"), plan.get("contacts")
    approver = identity.get("approver") if isinstance(identity, dict) else None
    if approver and approver != name:
        remarks.append(f"the plan names {approver} as its approver, not {name}")
    holds = contacts.get(role) if isinstance(contacts, dict) else None
    if isinstance(holds, dict) and name not in (holds.get("primary"), holds.get("backup")):
        remarks.append(f"the plan does not give {name} the role {role}")
    return remarks
