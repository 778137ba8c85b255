"""The versions of a plan for an evidence pack: each release whole, when it was in force, who approved it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from generator.errors import UsageProblem
from generator.evidence.timeline import Stretch, approved_from, is_right, stretches
from generator.model.evidence import ApprovalLine, ReleaseLine, Span
from generator.model.release import Approval, Approvals, Release
from generator.render.manifest import NAME, read_manifest
from generator.render.pdf_pages import page_count
from generator.sources.release_records import read_record
from generator.workflows.approvals import APPROVALS, RELEASE, releases_of, verify_release
from generator.workflows.evidence_request import GatheredFile, Request
from generator.workflows.pack_sources import PROFILE

FOLDER = "plans"
NOT_RELEASED = "unreleased"
"""Folder of a plan that is no release: `verify` asks a release for its record."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the plan with all its files."""

    folder: str
    plan: Mapping[str, Any]
    release: Release | None
    approvals: tuple[Approval, ...]
    files: Mapping[str, bytes]
    """By path in its folder."""
    before: Mapping[str, bytes] | None = None
    """The files before values were taken out of them; None where `files` are as they were released or made."""

    @property
    def original(self) -> Mapping[str, bytes]:
        """The files as they were released or made."""
        return self.files if self.before is None else self.before


def released_versions(request: Request, plan_id: str, zone: ZoneInfo) -> tuple[Version, ...]:
    """Every release that was in force on some day of the period, unchanged since. Raises InvalidInput, Changed."""
    every = releases_of(request.releases / plan_id)
    wanted = {
        piece.release
        for piece in stretches([release for _, release in every], request.first, request.last, zone)
    }
    return tuple(_version(folder, release) for folder, release in every if release in wanted)


def _version(folder: Path, release: Release) -> Version:
    verify_release(folder, release)
    entries = read_manifest((folder / NAME).read_bytes()) or {}
    names = [*entries, NAME, RELEASE]
    approvals: tuple[Approval, ...] = ()
    if (folder / APPROVALS).is_file():
        approvals = read_record(folder / APPROVALS, Approvals).approvals
        names.append(APPROVALS)
    files = {name: (folder / name).read_bytes() for name in sorted(names)}
    if not _inside(folder, names):
        raise UsageProblem(f"{folder}: a file of the release is a link that leads elsewhere")
    return Version(f"{FOLDER}/{release.version}", json.loads(files["plan.json"]), release, approvals, files)


def _inside(folder: Path, names: Sequence[str]) -> bool:
    home = folder.resolve()
    return all((folder / name).resolve().is_relative_to(home) for name in names)


def version_files(version: Version) -> list[GatheredFile]:
    """The files of a version as files of the pack."""
    entries = read_manifest(version.files[NAME]) or {}
    words = (
        f"release {version.release.version}, {'unchanged' if version.before is None else 'redacted'}"
        if version.release
        else f"the profile as it is now{'' if version.before is None else ', redacted'}; not a release"
    )
    found = []
    for name, data in version.files.items():
        entry = entries.get(name)
        found.append(
            GatheredFile(
                f"{version.folder}/{name}",
                data,
                entry.role if entry else "record",
                (entry.audience or "internal") if entry else "internal",
                words,
            )
        )
    return found


def release_line(version: Version, zone: ZoneInfo) -> ReleaseLine:
    """A version for the list of releases."""
    identity, release = version.plan["identity"], version.release
    approved = approved_from(version.approvals, release) if release else None
    entries = read_manifest(version.original[NAME]) or {}
    return ReleaseLine(
        version=identity["version"],
        folder=version.folder,
        effective=date.fromisoformat(identity["effective"]),
        law_as_of=date.fromisoformat(version.plan["as_of"]),
        released_at=stamp(release.released_at, zone) if release else None,
        plan_sha256=entries["plan.json"].sha256,
        edited=tuple(sorted(name for name, entry in entries.items() if entry.edited)),
        files=len(version.files),
        rebuildable=PROFILE in version.files and version.before is None,
        approved_from=stamp(approved, zone) if approved else None,
        runbook_pages=page_count(version.files["runbook.pdf"]) if "runbook.pdf" in version.files else None,
    )


def approval_lines(version: Version, zone: ZoneInfo) -> list[ApprovalLine]:
    """Who approved a version."""
    release = version.release
    return [
        ApprovalLine(
            version=one.version,
            by=one.by,
            role=one.role.replace("_", " "),
            at=stamp(one.at, zone),
            plan_sha256=one.plan_sha256,
            right=release is not None and is_right(one, release),
        )
        for one in version.approvals
    ]


def spans(request: Request, versions: Sequence[Version], zone: ZoneInfo) -> tuple[Span, ...]:
    """The period in pieces, for print."""
    releases = [version.release for version in versions if version.release]
    approvals = {version.release.version: version.approvals for version in versions if version.release}
    return tuple(
        Span.model_validate(
            {
                "from": stamp(piece.start, zone),
                "to": stamp(piece.end, zone),
                "days": piece.days,
                "version": piece.release.version if piece.release else None,
                "approval": _approval(piece, approvals, zone),
            }
        )
        for piece in stretches(releases, request.first, request.last, zone)
    )


def _approval(piece: Stretch, approvals: Mapping[str, Sequence[Approval]], zone: ZoneInfo) -> str:
    if piece.release is None:
        return "no release was in force"
    since = approved_from(approvals[piece.release.version], piece.release)
    if since is None:
        return "approved by nobody"
    if since <= piece.start:
        return "approved"
    if since > piece.end:
        return f"approved only afterwards, on {stamp(since, zone)[:10]}"
    return f"approved from {stamp(since, zone)[:16].replace('T', ' ')}"


def stamp(at: datetime, zone: ZoneInfo) -> str:
    """A moment in the client's zone, to the second."""
    return at.astimezone(zone).isoformat(timespec="seconds")
