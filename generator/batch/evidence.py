"""Make an evidence pack: render what has to be rendered, cover last, sign, and give the archive's bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.batch.run import Step, rendered
from generator.model.evidence import Evidence
from generator.render.manifest import sha256
from generator.workflows.evidence import gather, needs_building
from generator.workflows.evidence_now import finish_version, prepare_version
from generator.workflows.evidence_pack import archive, manifest, pack_files, prepare_cover, prepare_exhibits
from generator.workflows.evidence_redaction import prepare_redaction, redact_gathered, redacted_versions
from generator.workflows.evidence_request import Request
from generator.workflows.evidence_signing import sign_files, sign_manifest, signed_runbook
from generator.workflows.packs import place_of_character

if TYPE_CHECKING:
    from generator.workflows.evidence_signing import Signing


@dataclass(frozen=True, slots=True)
class Made:
    """A pack that was made."""

    data: bytes
    evidence: Evidence
    files: int
    manifest_sha256: str


def make_evidence(
    request: Request,
    file: str,
    *,
    signing: Signing | None = None,
    jobs: int = 1,
    progress: Step | None = None,
) -> Made:
    """The archive that is to be called `file`. Writes nothing.

    Raises InvalidInput, UsageProblem, Changed, LawGap, RenderError, TimestampFailed.
    """
    now = None
    if needs_building(request):
        pack = prepare_version(request)
        loaded = pack.planned.loaded
        made = rendered(pack.jobs, jobs, progress, lambda char: place_of_character(loaded, char))
        now = finish_version(pack, made)
    if request.redact:
        work = prepare_redaction(request, now)
        versions = redacted_versions(work, rendered(work.jobs, jobs, progress))
        gathered = redact_gathered(gather(request, now, redacted=versions), work)
    else:
        gathered = gather(request, now)
    exhibits = prepare_exhibits(gathered)
    pdfs = rendered(exhibits.jobs, jobs, progress)
    lines = signing.lines if signing else ()
    cover = prepare_cover(exhibits, pdfs, file, lines, signed_runbook(gathered) if signing else None)
    files = pack_files(cover, rendered([cover.job], 1, progress)[cover.job.name])
    unsigned: dict[str, bytes] = {}
    if signing:
        files, unsigned = sign_files(gathered, cover.job.name, files, signing)
    listed = manifest(cover, files, unsigned, lines)
    signatures = sign_manifest(listed, signing) if signing else {}
    data = archive(files, listed, signatures)
    return Made(data, gathered.evidence, len(files), sha256(listed))
