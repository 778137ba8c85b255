"""Make an evidence pack: render what has to be rendered, cover last, sign, and give the archive's bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator.batch.run import Step, rendered
from generator.model.evidence import Evidence
from generator.workflows.evidence import gather, versions_in_force
from generator.workflows.evidence_now import finish_version, prepare_version
from generator.workflows.evidence_pack import archive, manifest, pack_files, prepare_cover, prepare_exhibits
from generator.workflows.evidence_redaction import prepare_redaction, redact_gathered, redacted_versions
from generator.workflows.evidence_request import GatheredFile, Request
from generator.workflows.evidence_signing import sign_files, sign_manifest, signed_runbook
from generator.workflows.packs import PlacesInProfile

if TYPE_CHECKING:
    from generator.workflows.evidence_signing import Signing


@dataclass(frozen=True, slots=True)
class Made:
    """A pack that was made."""

    files: Mapping[str, GatheredFile]
    """By name, without manifest, list of hashes and signatures."""
    manifest: bytes
    signatures: Mapping[str, bytes]
    evidence: Evidence

    def archive(self) -> bytes:
        """The ZIP."""
        return archive(self.files, self.manifest, self.signatures)


def make_evidence(
    request: Request, *, signing: Signing | None = None, jobs: int = 1, progress: Step | None = None
) -> Made:
    """Everything that an evidence pack holds. Writes nothing.

    Raises InvalidInput, UsageProblem, Changed, LawGap, RenderError, TimestampFailed.
    """
    versions = versions_in_force(request)
    if not versions:
        pack = prepare_version(request)
        loaded = pack.planned.loaded
        made = rendered(pack.jobs, jobs, progress, partial(PlacesInProfile, loaded))
        versions = (finish_version(pack, made),)
    if request.redact:
        work = prepare_redaction(request, versions)
        redacted = redacted_versions(work, rendered(work.jobs, jobs, progress))
        gathered = redact_gathered(gather(request, redacted, redacted=True), work)
    else:
        gathered = gather(request, versions)
    exhibits = prepare_exhibits(gathered)
    pdfs = rendered(exhibits.jobs, jobs, progress)
    lines = signing.lines if signing else ()
    cover = prepare_cover(exhibits, pdfs, lines, signed_runbook(gathered) if signing else None)
    files = pack_files(cover, rendered([cover.job], 1, progress)[cover.job.name])
    unsigned: dict[str, bytes] = {}
    if signing:
        files, unsigned = sign_files(gathered, cover.job.name, files, signing)
    listed = manifest(cover, files, unsigned, lines)
    return Made(files, listed, sign_manifest(listed, signing) if signing else {}, gathered.evidence)
