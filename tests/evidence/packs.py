"""A small evidence pack, made whole: two releases, an incident, a drill, a signed cover, two signatures of the manifest."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pikepdf
from pydantic import SecretStr

from generator.evidence.manifest import (
    EvidenceMeta,
    Subject,
    Unsigned,
    evidence_manifest,
    sha256,
    signature_name,
    sums_bytes,
)
from generator.evidence.signers import load_signer
from generator.evidence.signing import sign_detached, sign_pdf
from generator.model.release import Approval, Approvals, Release
from generator.render.manifest import PackFile, PackMeta, entry_of, manifest_bytes
from generator.sources.release_records import record_text
from tests.evidence.authority import NOW, PASSPHRASE, Identity, approver, owner

PLAN = "acme-scribe"
META = EvidenceMeta(
    plan_id=PLAN,
    versions=("1.0", "1.1"),
    client="Acme Health, Inc.",
    period=("2026-01-01", "2026-12-31"),
    tools={"airplan": "0.1"},
    dates={"plan": "2026-06-01"},
    signers=("Ada Owner", "Ben Approver"),
)
DRILL = b'{"drill": "stop", "seconds": 22}\n'
COVER = "00-cover.pdf"
FIELD = "Owner"
Files = dict[str, bytes]


@cache
def pdf(pages: int, title: str = "x") -> bytes:
    """A PDF of empty pages; the same for the same arguments."""
    made = pikepdf.Pdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 300))
    made.docinfo["/Title"] = title
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def _yaml(model: Release | Approvals) -> bytes:
    return record_text(model.model_dump(mode="json", by_alias=True)).encode()


def release(version: str, *, title: str = "Runbook", approved: bool = True) -> Files:
    """The files of one frozen release, by their names in it."""
    log = [
        {"date": "2026-02-19", "evidence": {"file": "evidence/stop.json", "sha256": sha256(DRILL)}},
        {"date": "2026-09-10", "evidence": None},
    ]
    plan = {"identity": {"id": PLAN, "version": version}, "drills": {"log": log}}
    parts = [
        PackFile("plan.json", json.dumps(plan).encode(), "plan", None),
        PackFile("runbook.md", f"# {title} {version}\n".encode() * 40, "text", "internal"),
        PackFile("runbook.pdf", pdf(3, f"{title} {version}"), "document", "internal"),
    ]
    meta = PackMeta(PLAN, version, "2026-06-01", "2026-06-01", {"airplan": "0.1"})
    manifest = manifest_bytes([entry_of(part) for part in parts], meta)
    files = {part.name: part.data for part in parts} | {"manifest.json": manifest}
    at = datetime(2026, 6 + int(version[-1]), 1, 12, tzinfo=UTC)
    record = Release(
        plan=PLAN,
        version=version,
        effective=date(2026, 6, 1),
        law_as_of=date(2026, 6, 1),
        released_at=at,
        zone="UTC",
        plan_sha256=sha256(files["plan.json"]),
        manifest_sha256=sha256(manifest),
    )
    files["release.yaml"] = _yaml(record)
    if approved:
        given = Approval(
            by="Ben Approver",
            role="privacy officer",
            at=at.replace(hour=15),
            zone="UTC",
            version=version,
            plan_sha256=record.plan_sha256,
            manifest_sha256=record.manifest_sha256,
        )
        files["approvals.yaml"] = _yaml(Approvals(plan=PLAN, version=version, approvals=(given,)))
    return files


def under(folder: str, files: Files) -> Files:
    return {f"{folder}/{name}": data for name, data in files.items()}


@cache
def _signer(identity: Identity) -> object:
    return load_signer(identity.p12(), SecretStr(PASSPHRASE))


@cache
def cover(pages: int = 2) -> bytes:
    """A cover, signed by the owner."""
    return sign_pdf(
        pdf(pages, "Cover"),
        _signer(owner()),
        name="Ada Owner",
        role="owner",
        reason="I made this pack",
        signed_at=NOW,
        field_name=FIELD,
    )


@cache
def _parts() -> tuple[tuple[str, bytes], ...]:
    files = {
        COVER: cover(),
        "incidents/INC-1/record.yaml": b"id: INC-1\n" * 30,
        "incidents/INC-1/notice.md": b"# Notice\n" * 30,
        "drills/stop.json": DRILL,
    }
    files |= under("plans/1.0", release("1.0")) | under("plans/1.1", release("1.1"))
    return tuple(files.items())


def parts() -> Files:
    """Every file that the manifest names."""
    return dict(_parts())


def sealed(files: Files, meta: EvidenceMeta = META, **changed: dict[str, object]) -> Files:
    """`files` with their manifest and SHA256SUMS; `changed` are other values for subjects, by name."""
    subjects = []
    for name, data in files.items():
        subject = Subject(name, sha256(data), role="document" if name.endswith(".pdf") else "data")
        if name.endswith("runbook.pdf"):
            subject = replace(subject, pages=3)
        if name == COVER:
            before = pdf(2, "Cover")
            subject = replace(subject, pages=2, unsigned=Unsigned(sha256(before), len(before)))
        subjects.append(replace(subject, **changed.get(name, {})))
    whole = files | {"manifest.json": evidence_manifest(subjects, meta)}
    return whole | {"SHA256SUMS": sums_bytes(whole)}


def signed(files: Files, *by: Identity, at: datetime = NOW) -> Files:
    """`files` with a signature of their manifest by each."""
    made = dict(files)
    for number, identity in enumerate(by or (owner(), approver()), 1):
        made[signature_name(number)] = sign_detached(files["manifest.json"], _signer(identity), signed_at=at)
    return made


@cache
def _pack() -> tuple[tuple[str, bytes], ...]:
    return tuple(signed(sealed(parts())).items())


def pack() -> Files:
    """The whole pack, as it was sent."""
    return dict(_pack())


def write(folder: Path, files: Files) -> Path:
    """`files` as a folder on disk."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
