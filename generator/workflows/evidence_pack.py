"""An evidence pack from what was gathered: exhibits, cover, manifest, the list of hashes, one archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from generator.errors import UsageProblem
from generator.evidence.archive import write_archive
from generator.evidence.manifest import (
    MANIFEST,
    SUMS,
    EvidenceMeta,
    Subject,
    Unsigned,
    evidence_manifest,
    sums_bytes,
)
from generator.model.evidence import ExhibitLine, SignerLine
from generator.render.exhibits import compose_exhibits
from generator.render.jobs import Embedded, RenderJob
from generator.render.manifest import PackFile, json_bytes, sha256
from generator.render.markdown import Composed
from generator.render.page import pdf_job
from generator.render.pdf_pages import page_count
from generator.render.versions import tool_versions
from generator.sources.documents import load_exhibits
from generator.workflows.evidence import LIVING, Gathered, evidence_data
from generator.workflows.evidence_request import GatheredFile
from generator.workflows.pack_sources import PROFILE, embedded_sources

DATA = "evidence.json"
COVER = "cover"


@dataclass(frozen=True, slots=True)
class Exhibits:
    """The exhibits but for the cover, composed and waiting for their PDFs."""

    gathered: Gathered
    composed: tuple[Composed, ...]
    jobs: tuple[RenderJob, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover, whose index knows the pages of the others."""

    exhibits: Exhibits
    composed: Composed
    job: RenderJob
    rendered: Mapping[str, bytes] = field(repr=False, default_factory=dict)


def prepare_exhibits(gathered: Gathered) -> Exhibits:
    """Compose every exhibit but the cover. Renders nothing. Raises RenderError."""
    plan = _plan(gathered)
    specs = [spec for spec in load_exhibits() if spec.id != COVER]
    data = evidence_data(gathered.evidence)
    version = gathered.version
    values = {"version": version.plan["identity"]["version"], "folder": version.folder}
    composed = compose_exhibits(data, plan, specs, values)
    return Exhibits(gathered, composed, tuple(pdf_job(one, plan) for one in composed))


def prepare_cover(
    exhibits: Exhibits,
    rendered: Mapping[str, bytes],
    signers: Sequence[SignerLine] = (),
    signed_plan: str | None = None,
) -> Cover:
    """Compose the cover once the other exhibits have their pages."""
    gathered = exhibits.gathered
    plan = _plan(gathered)
    spec = next(spec for spec in load_exhibits() if spec.id == COVER)
    values = {
        "index": [
            line.model_dump(mode="json")
            for line in sorted(_index(exhibits, rendered, signed_plan), key=lambda line: line.number)
        ],
        "signers": [line.model_dump(mode="json") for line in signers],
        "signed_plan": signed_plan,
    }
    data = evidence_data(gathered.evidence)
    [composed] = compose_exhibits(data, plan, [spec], values)
    job = pdf_job(composed, plan, embedded=_sources(gathered))
    return Cover(exhibits, composed, job, dict(rendered))


def pack_files(cover: Cover, cover_pdf: bytes) -> dict[str, GatheredFile]:
    """Every file of the pack by its name, but for manifest and list of hashes."""
    gathered = cover.exhibits.gathered
    pdfs = {**cover.rendered, cover.job.name: cover_pdf}
    files = {file.name: file for file in gathered.files}
    made = "made from evidence.json"
    for one in (*cover.exhibits.composed, cover.composed):
        files[f"{one.stem}.md"] = GatheredFile(
            f"{one.stem}.md", one.markdown.encode(), "text", one.audience, made
        )
        name = f"{one.stem}.pdf"
        files[name] = GatheredFile(name, pdfs[name], "document", one.audience, f"made from {one.stem}.md")
    words = "gathered from releases, records, profile and population"
    files[DATA] = GatheredFile(DATA, json_bytes(evidence_data(gathered.evidence)), "data", "auditor", words)
    return files


def manifest(
    cover: Cover,
    files: Mapping[str, GatheredFile],
    unsigned: Mapping[str, bytes] | None = None,
    signers: Sequence[SignerLine] = (),
) -> bytes:
    """manifest.json of the pack. `unsigned` holds each signed PDF as it was before."""
    evidence = cover.exhibits.gathered.evidence
    before = unsigned or {}
    subjects = [
        Subject(
            name=name,
            sha256=sha256(file.data),
            role=file.role,
            audience=file.audience,
            source=file.source,
            pages=_pages(file),
            unsigned=Unsigned(sha256(before[name]), len(before[name])) if name in before else None,
        )
        for name, file in files.items()
    ]
    dates = {"records as of": evidence.stands_as_of, "law as of": evidence.law_as_of.isoformat()}
    for line in evidence.releases:
        dates[f"version {line.version}, plan"] = line.law_as_of.isoformat()
        dates[f"version {line.version}, released"] = line.released_at or "not released"
        dates[f"version {line.version}, approved"] = line.approved_from or "not approved"
    return evidence_manifest(
        subjects,
        EvidenceMeta(
            plan_id=evidence.plan,
            versions=tuple(line.version for line in evidence.releases if line.released_at),
            client=evidence.client,
            period=(evidence.period.from_.isoformat(), evidence.period.to.isoformat()),
            redacted=evidence.redacted,
            tools=tool_versions(),
            dates=dates,
            signers=tuple(f"{signer.name}, {signer.role}" for signer in signers),
            gaps=evidence.gaps,
        ),
    )


def _pages(file: GatheredFile) -> int | None:
    """Pages of a PDF that this program made; a client's own file may be anything."""
    ours = file.role in ("document", "form", "signed")
    return page_count(file.data) if ours and file.name.endswith(".pdf") else None


def archive(files: Mapping[str, GatheredFile], listed: bytes, signatures: Mapping[str, bytes]) -> bytes:
    """The archive: the files, manifest.json, SHA256SUMS over both, and detached signatures. Raises UsageProblem."""
    data = {name: file.data for name, file in files.items()} | {MANIFEST: listed}
    try:
        return write_archive({**data, SUMS: sums_bytes(data), **signatures})
    except ValueError as error:
        raise UsageProblem(
            f"the evidence does not fit into one pack: {error}; take a shorter period"
        ) from None


def _plan(gathered: Gathered) -> Mapping[str, Any]:
    """The plan whose name, paper and dates the exhibits carry: that of the version in force.

    In place of DRAFT and APPROVED, which are said of the plan, their pages carry the period.
    """
    version, evidence = gathered.version, gathered.evidence
    state = f"{evidence.period.from_} to {evidence.period.to}{' · REDACTED' if evidence.redacted else ''}"
    identity = {**version.plan["identity"], "state": state}
    branding = {**version.plan["branding"], "footer": None}
    return {**version.plan, "identity": identity, "branding": branding}


def _sources(gathered: Gathered) -> Sequence[Embedded]:
    version = gathered.version
    plan = version.files["plan.json"]
    profile = version.files.get(PROFILE)
    own = [PackFile(PROFILE, profile, "source", "internal")] if profile is not None else []
    return embedded_sources(plan, own, date.fromisoformat(version.plan["as_of"]))


def _index(
    exhibits: Exhibits, rendered: Mapping[str, bytes], signed_plan: str | None
) -> Iterable[ExhibitLine]:
    gathered = exhibits.gathered
    yield ExhibitLine(
        number="00", name="00-cover.pdf", title="This cover", pages=None, source="evidence.json"
    )
    if signed_plan:
        words = "runbook.pdf of that version, signatures added after it"
        yield ExhibitLine(
            number="05", name=signed_plan, title="Signed copy of the runbook", pages=None, source=words
        )
    for one in exhibits.composed:
        name = f"{one.stem}.pdf"
        number = one.stem.partition("-")[0] if "/" not in one.stem else "21"
        yield ExhibitLine(
            number=number,
            name=name,
            title=one.title,
            pages=page_count(rendered[name]),
            source="evidence.json",
        )
    for line in gathered.evidence.releases:
        title = f"Version {line.version} of the plan, {line.files} files"
        source = "the release" if line.released_at else "the profile as it is now"
        source += ", redacted" if gathered.evidence.redacted else ", unchanged" if line.released_at else ""
        yield ExhibitLine(number="80", name=f"{line.folder}/", title=title, pages=None, source=source)
    supplied = [line for line in gathered.evidence.drills if line.packed]
    if supplied:
        words = f"Evidence files of {len(supplied)} drill{'s' * (len(supplied) > 1)}"
        yield ExhibitLine(
            number="31", name="drills/", title=words, pages=None, source="supplied by the client"
        )
    yield ExhibitLine(
        number="90", name=DATA, title="The exhibits as data", pages=None, source="releases, records, profile"
    )
    yield ExhibitLine(
        number="91",
        name=LIVING,
        title="The profile as it was read for this pack",
        pages=None,
        source="the client's profile, with all that it extends",
    )
