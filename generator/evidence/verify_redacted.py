"""Redacted versions in an evidence pack: they are no releases, and what their records still prove. Pure.

A redacted version has a manifest of its own. Beside it are the records of the release that it was made from,
unchanged: release and approvals name the same hashes, those of files that are not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from generator.errors import InvalidInput
from generator.evidence.archive import shown
from generator.evidence.manifest import MANIFEST, BadManifest, Statement, read_statement
from generator.evidence.report import Finding, fail, proven, unproven

if TYPE_CHECKING:
    from generator.evidence.verify_releases import RecordReaders

PLANS = "redacted/plans/"
RELEASE = "original-release.yaml"
APPROVALS = "original-approvals.yaml"

Files = Mapping[str, bytes]


def redacted_findings(
    statement: Statement, files: Files, hashes: Mapping[str, str], readers: RecordReaders
) -> Iterator[Finding]:
    """What is to be said about each version of a redacted pack."""
    held = sorted({name.split("/")[2] for name in files if name.startswith(PLANS) and name.count("/") > 2})
    for version in sorted({*held, *statement.versions}):
        where = f"{PLANS}{version}/"
        if version not in held:
            yield fail(where, f"is missing: {MANIFEST} says that the pack holds version {shown(version)}")
            continue
        if version not in statement.versions:
            yield fail(where, f"is a version that {MANIFEST} does not list")
        yield from _own_manifest(where, version, statement, files, hashes)
        try:
            yield from _records(where, version, statement, files, readers)
        except InvalidInput as error:
            for problem in error.problems[:5]:
                key = f"{problem.key}: " if problem.key else ""
                words = f"line {problem.where.line}: {shown(key)}{shown(problem.what)}"
                yield fail(problem.where.path.as_posix(), words, shown(problem.mend))
        yield unproven(
            where,
            "that its documents are those released and approved, but for what was taken out: the released files are "
            "not here",
            f"whoever holds them compares their hashes with {RELEASE}",
        )


def _own_manifest(
    where: str, version: str, statement: Statement, files: Files, hashes: Mapping[str, str]
) -> Iterator[Finding]:
    """The folder's manifest is of this plan and version, and names exactly the files that are there."""
    if where + MANIFEST not in files:
        yield fail(where + MANIFEST, "is missing: without it nothing says what the version holds")
        return
    try:
        inner = read_statement(files[where + MANIFEST])
    except BadManifest as error:
        yield from (fail(where + MANIFEST, fault) for fault in error.faults)
        return
    if (inner.plan_id, inner.versions) != (statement.plan_id, (version,)):
        yield fail(where + MANIFEST, f"is not of {shown(statement.plan_id)} version {shown(version)}")
    there = {name.removeprefix(where): mark for name, mark in hashes.items() if name.startswith(where)}
    there.pop(MANIFEST)
    for name in sorted(inner.told.keys() | there):
        if name not in there:
            yield fail(where + name, "is missing: the version's manifest names it")
        elif name not in inner.told:
            yield fail(where + name, "is not of the version: its manifest does not name it")
        elif inner.told[name] != there[name]:
            yield fail(where + name, "was changed: its SHA-256 is not the one in the version's manifest")


def _records(
    where: str, version: str, statement: Statement, files: Files, readers: RecordReaders
) -> Iterator[Finding]:
    """The records of release and approval, against each other. Raises InvalidInput."""
    if where + RELEASE not in files:
        yield fail(where + RELEASE, "is missing: nothing says which release was redacted")
        return
    release = readers.release(files[where + RELEASE], where + RELEASE)
    if (release.plan, release.version) != (statement.plan_id, version):
        yield fail(
            where + RELEASE, f"is the record of {shown(release.plan)} version {shown(release.version)}"
        )
    name = where + APPROVALS
    record = readers.approvals(files[name], name) if name in files else None
    if record is None or not record.approvals:
        yield unproven(where, "that anybody approved it: there is no approval record (NOT APPROVED)")
        return
    of_release = (release.version, release.plan_sha256, release.manifest_sha256)
    for one in record.approvals:
        who = f"{shown(one.by)} ({shown(one.role)})"
        if (one.version, one.plan_sha256, one.manifest_sha256) != of_release:
            yield fail(name, f"the approval of {who} is of another release than {RELEASE}")
        elif one.at < release.released_at:
            yield fail(name, f"the approval of {who} is dated before the release")
        else:
            on = one.at.isoformat(sep=" ", timespec="minutes")
            yield proven(
                name, f"the record of {who}, {on}, names the hashes of the release, as {RELEASE} does"
            )
