"""Signatures of an evidence pack: on the cover, on a copy of the runbook, over the manifest; one signer after another.

The copy begins with the released file byte for byte: a signature only appends to a PDF, so the release itself stays
as it was approved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from generator.evidence.manifest import signature_name
from generator.evidence.signature_block import SignatureBlock
from generator.model.evidence import SignerLine
from generator.workflows.evidence import Gathered
from generator.workflows.evidence_request import GatheredFile

if TYPE_CHECKING:
    from generator.evidence.signers import Signer

MOST_SIGNERS = 8
"""Boxes that the last page of the cover has room for."""
_LEFT, _WIDTH, _HEIGHT, _STEP, _TOP = (62, 312), 232, 66, 76, 560
"""Points from the lower left of the page, on letter and on A4."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs, when, and where a timestamp comes from."""

    signers: tuple[tuple[str, Signer], ...]
    """(role, key and certificate), in the order of signing."""
    at: datetime
    reason: str
    timestamp_url: str | None = None

    @property
    def lines(self) -> tuple[SignerLine, ...]:
        """The signers for the cover."""
        return tuple(SignerLine(name=signer.name, role=role) for role, signer in self.signers)


def signed_runbook(gathered: Gathered) -> str | None:
    """Name of the signed copy of the runbook of the version in force; None where it has no PDF."""
    version = gathered.version
    return (
        f"05-runbook-{version.plan['identity']['version']}-signed.pdf"
        if "runbook.pdf" in version.files
        else None
    )


def sign_files(
    gathered: Gathered, cover: str, files: Mapping[str, GatheredFile], signing: Signing
) -> tuple[dict[str, GatheredFile], dict[str, bytes]]:
    """(files with signatures, each signed file as it was before). Raises UsageProblem, TimestampFailed."""
    from generator.render.pdf_pages import page_count

    found = dict(files)
    plain = {cover: found[cover].data}
    boxes = _boxes(len(signing.signers), page_count(found[cover].data))
    found[cover] = replace(found[cover], data=_signed(found[cover].data, signing, boxes))
    if name := signed_runbook(gathered):
        version = gathered.version
        data = version.files["runbook.pdf"]
        plain[name] = data
        words = f"{version.folder}/runbook.pdf with signatures added after it"
        found[name] = GatheredFile(name, _signed(data, signing, ()), "signed", "internal", words)
    return found, plain


def sign_manifest(manifest: bytes, signing: Signing) -> dict[str, bytes]:
    """The detached signatures of the manifest by file name. Raises UsageProblem, TimestampFailed."""
    from generator.evidence.signing import sign_detached

    return {
        signature_name(number): sign_detached(
            manifest, signer, signed_at=signing.at, timestamp_url=signing.timestamp_url
        )
        for number, (_, signer) in enumerate(signing.signers, 1)
    }


def _signed(pdf: bytes, signing: Signing, boxes: Sequence[SignatureBlock]) -> bytes:
    from generator.evidence.signing import SignatureField, prepare_fields, sign_pdf

    fields = [
        SignatureField(f"signature{number}", f"Signature: {role}", boxes[number - 1] if boxes else None)
        for number, (role, _) in enumerate(signing.signers, 1)
    ]
    data = prepare_fields(pdf, fields)
    for field, (role, signer) in zip(fields, signing.signers, strict=True):
        data = sign_pdf(
            data,
            signer,
            name=signer.name,
            role=role,
            reason=signing.reason,
            signed_at=signing.at,
            field_name=field.name,
            block=field.block,
            timestamp_url=signing.timestamp_url,
        )
    return data


def _boxes(count: int, page: int) -> list[SignatureBlock]:
    """Two boxes a row on the lower half of a page."""
    found = []
    for number in range(count):
        left, top = _LEFT[number % 2], _TOP - _STEP * (number // 2)
        found.append(SignatureBlock(page, left, top - _HEIGHT, left + _WIDTH, top))
    return found
