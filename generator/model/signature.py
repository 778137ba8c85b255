"""What a check of a signature found. Printed by the command line, which needs no signing library for it."""

from __future__ import annotations

from typing import Literal

from generator.model.base import Frozen
from generator.model.release import Moment

Trust = Literal["trusted", "self-signed", "unknown"]
"""`trusted`: leads to a certificate that the reader named. `self-signed`: vouches for itself. `unknown`: neither."""

Verdict = Literal["good", "doubtful", "broken", "unreadable"]


class CertificateFacts(Frozen):
    """A certificate in the words that a reader compares."""

    name: str
    """Common name, else the whole subject."""
    subject: str
    issuer: str
    serial: str
    """In hexadecimal."""
    sha256: str
    valid_from: Moment
    valid_until: Moment


class TimestampReport(Frozen):
    """An RFC 3161 timestamp: a third party's word that the signature existed at a time."""

    at: Moment
    by: str
    """Common name of the authority."""
    intact: bool
    """It is over this signature and its own signature is right."""
    trust: Trust


class SignatureReport(Frozen):
    """One signature: what is proven, and what is not."""

    field: str
    """Name of the signature field; `detached` for a signature beside its file; empty where nothing could be read."""
    kind: Literal["signature", "timestamp"] = "signature"
    """`timestamp`: a timestamp over the whole document, by no person."""
    fault: str | None = None
    """Why it could not be read or checked at all. Then nothing else here counts."""
    certificate: CertificateFacts | None = None
    claimed_at: Moment | None = None
    """The signer's own clock: a claim, proven by nobody."""
    claimed_name: str | None = None
    claimed_reason: str | None = None
    timestamp: TimestampReport | None = None
    intact: bool = False
    """The bytes that were signed are these bytes, and the signature over them is right."""
    covers: Literal["whole file", "revision", "part"] = "part"
    revision: int = 1
    """The revision of the PDF that was signed; later ones were appended after it."""
    revisions: int = 1
    changes: tuple[str, ...] = ()
    """What was appended after it, in words; signatures too."""
    modified: bool = False
    """Some of that is more than another signature."""
    trust: Trust = "unknown"
    trust_reason: str | None = None
    """Why it is not trusted."""
    judged_at: Moment | None = None
    """The moment for which certificate and chain were judged."""
    judged_by: Literal["given", "timestamp", "claim", "none"] = "none"
    """Where that moment comes from: the reader, a trusted timestamp, or only the signer's claim."""
    in_date: bool | None = None
    """The certificate was within its dates at that moment."""
    weak: tuple[str, ...] = ()
    """Algorithms and keys too weak to rely on."""

    @property
    def signer(self) -> str | None:
        """Common name of who signed, from the certificate."""
        return self.certificate.name if self.certificate else None

    @property
    def verdict(self) -> Verdict:
        """`broken`: not what was signed. `doubtful`: unchanged, but who signed is not proven."""
        if self.fault is not None:
            return "unreadable"
        if not self.intact or self.modified or self.covers == "part":
            return "broken"
        stamp = self.timestamp
        if stamp is not None and not stamp.intact:
            return "broken"
        if self.trust != "trusted" or not self.in_date or self.weak:
            return "doubtful"
        return "good"
