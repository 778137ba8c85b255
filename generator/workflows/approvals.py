"""Who approved a release, and what a release holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.deadlines.zones import zone_named
from generator.errors import InvalidInput, PlanError, Problem, SourceRef, UsageProblem
from generator.evidence.timeline import in_force_at, is_right
from generator.model.base import version_key
from generator.model.release import Approval, Approvals, ApprovalStamp, Release
from generator.render.manifest import NAME, read_manifest, sha256
from generator.sources.release_records import read_record

RELEASE = "release.yaml"
APPROVALS = "approvals.yaml"


@dataclass(frozen=True, slots=True)
class ApprovedRelease:
    """The approvals of one plan, and the texts that they cover."""

    stamps: tuple[ApprovalStamp, ...]
    texts: Mapping[str, str]
    """Name -> hash of each file of the release."""


def approval_of(releases: Path, plan_id: str, version: str, plan_sha256: str) -> ApprovedRelease | None:
    """The approvals of exactly this plan.json, or None. Raises InvalidInput for a record that cannot be read."""
    folder = releases / plan_id / version
    if not (folder / RELEASE).is_file() or not (folder / APPROVALS).is_file():
        return None
    release = read_release(folder)
    given = [one for one in read_record(folder / APPROVALS, Approvals).approvals if is_right(one, release)]
    texts = release_hashes(folder, release)
    if not given or texts is None or release.plan_sha256 != plan_sha256:
        return None
    return ApprovedRelease(tuple(map(stamp, given)), texts)


def stamp(approval: Approval) -> ApprovalStamp:
    """An approval as documents print it."""
    day = approval.at.astimezone(zone_named(approval.zone)).date()
    return ApprovalStamp(by=approval.by, role=approval.role, on=day, sha256=approval.plan_sha256)


def read_release(folder: Path) -> Release:
    """release.yaml of a release. Raises UsageProblem where there is none, InvalidInput where it is wrong."""
    if not (folder / RELEASE).is_file():
        raise UsageProblem(
            f"{folder} is no release: it has no {RELEASE}; `airplan release PROFILE` makes one"
        )
    release = read_record(folder / RELEASE, Release)
    try:
        zone_named(release.zone)
    except UsageProblem as error:
        raise InvalidInput([Problem(SourceRef(folder / RELEASE), "zone", str(error))]) from None
    return release


def releases_of(folder: Path) -> tuple[tuple[Path, Release], ...]:
    """Every release of a plan with its folder, by version. Raises InvalidInput for a record that cannot be read."""
    found = [(path.parent, read_release(path.parent)) for path in sorted(folder.glob(f"*/{RELEASE}"))]
    return tuple(sorted(found, key=lambda one: (version_key(one[1].version), one[1].released_at)))


def in_force(releases: Path, at: datetime) -> Path | None:
    """The folder of the release that was in force at a moment."""
    folders = {release: folder for folder, release in releases_of(releases)}
    standing = in_force_at(folders, at)
    return folders[standing] if standing else None


def release_hashes(folder: Path, release: Release) -> dict[str, str] | None:
    """Name -> hash of each file by the release's manifest; None when the manifest is not the released one."""
    try:
        data = (folder / NAME).read_bytes()
    except OSError:
        return None
    entries = read_manifest(data) if sha256(data) == release.manifest_sha256 else None
    return None if entries is None else {name: entry.sha256 for name, entry in entries.items()}


class Changed(PlanError):
    """The answer is no: a release is not what it was when it was frozen."""


def verify_release(folder: Path, release: Release) -> None:
    """Compare every file with its hash. Raises Changed with all that differ."""
    hashes = release_hashes(folder, release)
    if hashes is None:
        raise Changed(f"{folder / NAME}: changed since the release of {released_on(release)}")
    if hashes.get("plan.json") != release.plan_sha256:
        raise Changed(f"{folder / RELEASE}: its hash of plan.json is not that of the manifest")
    wrong = []
    for name, mark in sorted(hashes.items()):
        path = folder / name
        if not path.is_file():
            wrong.append(f"{path}: is gone")
        elif sha256(path.read_bytes()) != mark:
            wrong.append(f"{path}: changed since the release of {released_on(release)}")
    if wrong:
        raise Changed("\n".join(wrong))


def released_on(release: Release) -> str:
    """When a release was frozen, in its own zone."""
    return moment_words(release.released_at, release.zone)


def moment_words(at: datetime, zone: str) -> str:
    """A moment in a zone, to the minute, with its offset."""
    return at.astimezone(zone_named(zone)).isoformat(sep=" ", timespec="minutes")
