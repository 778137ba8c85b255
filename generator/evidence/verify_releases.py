"""Releases inside of a pack, or as a pack of their own: whole, of the right version, approved. Pure.

A release hangs together by hashes: release.yaml names manifest.json and plan.json, manifest.json names every document,
and each approval names both. So a release, a plan or an approval of another version is found even where a forger
made the outer manifest anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator.errors import InvalidInput
from generator.evidence.archive import shown
from generator.evidence.manifest import MANIFEST, BadManifest, Statement, Unsigned, load_json, read_statement
from generator.evidence.report import Finding, counted, fail, proven, some, unproven
from generator.evidence.verify_redacted import redacted_findings
from generator.model.base import version_key
from generator.model.release import Approvals, Release

RELEASE = "release.yaml"
APPROVALS = "approvals.yaml"
PLAN = "plan.json"
PLANS = "plans/"

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class RecordReaders:
    """Read release.yaml and approvals.yaml; the name is for messages. Raise InvalidInput."""

    release: Callable[[bytes, str], Release]
    approvals: Callable[[bytes, str], Approvals]


def release_findings(
    statement: Statement, files: Files, hashes: Mapping[str, str], readers: RecordReaders, *, frozen: bool
) -> Iterator[Finding]:
    """What is to be said about each release: `frozen` is a pack that is one itself."""
    if statement.redacted:
        yield from redacted_findings(statement, files, hashes, readers)
        return
    if frozen:
        version = statement.versions[0] if statement.versions else ""
        judge = _Judge("", version, statement, files, hashes, readers)
        yield from judge.findings()
        yield from judge.drills()
    if statement.kind != "evidence":
        return
    held = sorted({name.split("/")[1] for name in files if name.startswith(PLANS) and name.count("/") > 1})
    newest = max(
        held, key=lambda one: (version_key(one), one), default=""
    )  # its drill log holds the earlier ones
    for version in statement.versions:
        if version not in held:
            yield fail(
                f"{PLANS}{version}/",
                f"is missing: {MANIFEST} says that the pack holds version {shown(version)}",
            )
    for version in held:
        if version not in statement.versions:
            yield fail(f"{PLANS}{version}/", f"is a version that {MANIFEST} does not list")
        judge = _Judge(f"{PLANS}{version}/", version, statement, files, hashes, readers)
        yield from judge.findings()
        if version == newest:
            yield from judge.drills()


@dataclass(frozen=True, slots=True)
class _Judge:
    """One release: its files are those under `at`."""

    at: str
    version: str
    outer: Statement
    files: Files
    hashes: Mapping[str, str]
    readers: RecordReaders

    def findings(self) -> Iterator[Finding]:
        for name in (RELEASE, MANIFEST):
            if self.at + name not in self.files:
                yield fail(self.at + name, "is missing: without it nothing says what was released")
                return
        try:
            release = self.readers.release(self.files[self.at + RELEASE], self.at + RELEASE)
        except InvalidInput as error:
            yield from self.invalid(RELEASE, error)
            return
        try:
            inner = read_statement(self.files[self.at + MANIFEST])
        except BadManifest as error:
            yield from (fail(self.at + MANIFEST, fault) for fault in error.faults)
            return
        found = [*self.identity(release, inner), *self.content(release, inner), *self.plan(release)]
        yield from found
        if not any(
            one.level == "fail" or (one.level == "not proven" and one.file == self.at) for one in found
        ):
            count = len(inner.subjects)
            on = release.released_at.isoformat(sep=" ", timespec="minutes")
            yield proven(
                self.at,
                f"version {shown(release.version)} is whole, {counted(count, 'file', 'files')}, as released on {on}",
            )
        yield from self.approvals(release)

    def invalid(self, name: str, error: InvalidInput) -> Iterator[Finding]:
        for problem in error.problems[:5]:
            where = f"line {problem.where.line}"
            key = f"{problem.key}: " if problem.key else ""
            yield fail(self.at + name, f"{where}: {shown(key)}{shown(problem.what)}", shown(problem.mend))

    def identity(self, release: Release, inner: Statement) -> Iterator[Finding]:
        """The folder, release.yaml and the inner manifest speak of the same plan and version."""
        for name, plan, version in (
            (RELEASE, release.plan, release.version),
            (MANIFEST, inner.plan_id, inner.versions[0] if inner.versions else ""),
        ):
            if plan != self.outer.plan_id:
                what = f"is of the plan {shown(plan)}, not of {shown(self.outer.plan_id)}"
                yield fail(self.at + name, what)
            if version != self.version:
                what = f"is of version {shown(version)}, not of {shown(self.version)}: another release in its place"
                yield fail(self.at + name, what)

    def content(self, release: Release, inner: Statement) -> Iterator[Finding]:
        """The hashes of the release."""
        told = inner.told
        differ = sorted(
            name for name, mark in told.items() if self.hashes.get(self.at + name) not in (None, mark)
        )
        missing = sorted(name for name in told if self.at + name not in self.hashes)
        signed = {subject.name: subject.unsigned for subject in self.outer.subjects if subject.unsigned}
        appended = [name for name in differ if self.begins_as_released(name, told[name], signed)]
        differ = [name for name in differ if name not in appended]
        broken_manifest = self.hashes[self.at + MANIFEST] != release.manifest_sha256
        broken_plan = told.get(PLAN) != release.plan_sha256
        own = {self.at + name for name in (*told, RELEASE, APPROVALS, MANIFEST)}
        extra = (
            sorted(name for name in self.files if name.startswith(self.at) and name not in own)
            if self.at
            else []
        )
        for name in missing:
            yield fail(self.at + name, "is missing: the release holds it")
        for name in appended:
            what = "that only signatures were added since the release: up to the first one it is the word of who signed"
            yield unproven(self.at + name, what)
        for name in extra:
            yield fail(name, "is not of the release: its manifest does not name it")
        if broken_manifest:
            yield fail(
                self.at + MANIFEST, f"was changed since the release: its SHA-256 is not the one in {RELEASE}"
            )
        if broken_plan:
            yield fail(self.at + RELEASE, f"names another SHA-256 for {PLAN} than the {MANIFEST} beside it")
        if self.at:  # in a release alone the manifest was compared before
            for name in differ:
                yield fail(
                    self.at + name,
                    "was changed since the release: its SHA-256 is not the one in its manifest",
                )

    def begins_as_released(self, name: str, mark: str, signed: Mapping[str, Unsigned]) -> bool:
        """Whether a document begins with the one released, by what the outer manifest says of it before signing."""
        before = signed.get(self.at + name)
        return before is not None and before.sha256 == mark

    def plan(self, release: Release) -> Iterator[Finding]:
        """plan.json itself says which plan and version it is."""
        name = self.at + PLAN
        if name not in self.files:
            yield fail(name, "is missing: the release holds no plan")
            return
        try:
            data = load_json(self.files[name])
        except BadManifest as error:
            yield from (fail(name, fault) for fault in error.faults)
            return
        identity = data.get("identity") if isinstance(data, dict) else None
        for key, wanted in (("id", release.plan), ("version", release.version)):
            told = identity.get(key) if isinstance(identity, dict) else None
            if told != wanted:
                there = shown(told) if isinstance(told, str) else "nothing"
                yield fail(name, f"its {key} is {there}, not {shown(wanted)} as released")

    def approvals(self, release: Release) -> Iterator[Finding]:
        """Each approval names exactly this plan and these documents."""
        name = self.at + APPROVALS
        if name not in self.files:
            yield unproven(self.at, "that anybody approved it: there is no approval record (NOT APPROVED)")
            return
        try:
            record = self.readers.approvals(self.files[name], name)
        except InvalidInput as error:
            yield from self.invalid(APPROVALS, error)
            return
        if (record.plan, record.version) != (release.plan, release.version):
            there = f"{shown(record.plan)} version {shown(record.version)}"
            yield fail(
                name,
                f"is the record of {there}, not of {shown(release.plan)} version {shown(release.version)}",
            )
        if not record.approvals:
            yield unproven(self.at, "that anybody approved it: the approval record is empty (NOT APPROVED)")
        for one in record.approvals:
            who = f"{shown(one.by)} ({shown(one.role)})"
            differ = [
                what
                for what, told, real in (
                    ("version", one.version, release.version),
                    (PLAN, one.plan_sha256, release.plan_sha256),
                    (MANIFEST, one.manifest_sha256, release.manifest_sha256),
                )
                if told != real
            ]
            wrong = bool(differ)
            if differ:
                yield fail(
                    name,
                    f"the approval of {who} is of another release: it names another {' and another '.join(differ)}",
                )
            elif one.at < release.released_at:
                wrong = True
                yield fail(name, f"the approval of {who} is dated before the release")
            if not wrong:
                on = one.at.isoformat(sep=" ", timespec="minutes")
                outside = ", whom the plan does not name" if one.outside else ""
                yield proven(
                    name, f"the record of {who}{outside}, {on}, names exactly this plan and these documents"
                )

    def drills(self) -> Iterator[Finding]:
        """A drill counts as evidenced where a file with the hash of its log is in the pack."""
        try:
            data = load_json(self.files[self.at + PLAN]) if self.at + PLAN in self.files else {}
        except BadManifest:
            return
        drills = data.get("drills") if isinstance(data, dict) else None
        log = drills.get("log") if isinstance(drills, dict) else None
        known = set(self.hashes.values())
        absent, bare, there = [], [], 0
        for one in log if isinstance(log, list) else []:
            if not isinstance(one, dict):
                continue
            day = str(one.get("date", "no date"))
            proof = one.get("evidence")
            if not isinstance(proof, dict):
                bare.append(day)
            elif proof.get("sha256") in known:
                there += 1
            else:
                absent.append(f"{day} ({proof.get('file', 'no file')})")
        if there:
            yield proven(
                self.at + PLAN,
                f"{counted(there, 'drill', 'drills')} with an evidence file in the pack, as the drill log hashes it",
            )
        if absent:
            yield unproven(
                self.at + PLAN, f"drills whose evidence file is not supplied or differs: {some(absent)}"
            )
        if bare:
            yield unproven(self.at + PLAN, f"drills that are asserted without an evidence file: {some(bare)}")
