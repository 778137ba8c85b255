"""Checks signatures in PDFs and beside files. With signing.py the only module that imports pyHanko.

Bytes in, reports out. No clock and no network: revocation is never fetched, and nothing is trusted but what the
reader names. A hostile file gives a report with a fault.

Import it where it is needed, not at the top of a command: it takes half a second.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from cryptography import x509 as certificates
from cryptography.hazmat.primitives.serialization import Encoding

from generator.errors import UsageProblem
from generator.evidence.pdf_changes import MAX_NAMED, Change, changes_between
from generator.evidence.signers import common_name, read_certificates
from generator.model.signature import CertificateFacts, SignatureReport, TimestampReport, Trust

try:
    from asn1crypto import cms, x509
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.decode_limits import DecodePurpose
    from pyhanko.pdf_utils.misc import PdfStrictReadError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign import fields
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
    from pyhanko.sign.general import extract_signer_info
    from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
    from pyhanko.sign.validation.generic_cms import (
        async_validate_detached_cms,
        extract_certs_for_validation,
        extract_tst_data_iter,
    )
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms
except ModuleNotFoundError as missing:  # pragma: no cover - the lock always installs it
    raise UsageProblem(
        f"signatures need a library that is not installed ({missing.name}): pip install 'airplan-cli[sign]'"
    ) from None

for _library in ("pyhanko", "pyhanko_certvalidator"):
    # Their warnings come with tracebacks; what matters of them is in the report.
    logging.getLogger(_library).addHandler(logging.NullHandler())

MAX_PDF = 200_000_000
MAX_SIGNATURES = 50
WEAK_HASHES = frozenset({"md2", "md5", "sha1"})
SIGNING_USES = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
ANY_ALGORITHM = CMSAlgorithmUsagePolicy.lift_policy(AcceptAllAlgorithms())
"""A weak algorithm is named in the report, not hidden behind an error."""
HEXADECIMAL = re.compile(rb"<[0-9A-Fa-f]*>")


def check_pdf_signatures(
    pdf: bytes, *, trust: Iterable[bytes] = (), at: datetime | None = None
) -> tuple[SignatureReport, ...]:
    """A report on each signature, in the order they were made; empty for an unsigned PDF.

    `trust` are certificates (PEM or DER) that the reader trusts; nothing else is trusted. `at` is the moment to
    judge certificates for; without it a trusted timestamp's, else the one that the signer claims.
    A file that cannot be read gives one report with a `fault`, never an exception.
    Raises UsageProblem only for `trust` that holds no certificate.
    """
    anchors = _anchors(trust)
    if len(pdf) > MAX_PDF:
        return (SignatureReport(field="", fault=f"larger than {MAX_PDF} bytes, not read"),)
    try:
        reader = PackedReader(io.BytesIO(pdf))
        found = [
            (str(name), reference.get_object())
            for name, _, reference in fields.enumerate_sig_fields(reader, filled_status=True)
        ]
        if len(found) > MAX_SIGNATURES:
            return (SignatureReport(field="", fault=f"more than {MAX_SIGNATURES} signatures"),)
    except Exception as error:
        return (SignatureReport(field="", fault=f"not a PDF that can be read: {_words(error)}"),)
    reports = [
        _guarded(name, partial(_check_field, reader, name, field, pdf, anchors, at)) for name, field in found
    ]
    return tuple(sorted(reports, key=lambda report: report.revision))


def check_detached(
    data: bytes, signature: bytes, *, trust: Iterable[bytes] = (), at: datetime | None = None
) -> SignatureReport:
    """A report on a detached signature (CMS, DER) of `data`; garbage gives a `fault`. As check_pdf_signatures."""
    anchors = _anchors(trust)
    return _guarded("detached", lambda: _check_detached(data, signature, anchors, at))


def _guarded(name: str, check: Callable[[], SignatureReport]) -> SignatureReport:
    """Whatever a hostile file makes the library do, the answer is a report."""
    try:
        return check()
    except Exception as error:
        return SignatureReport(field=name, fault=f"the signature cannot be read: {_words(error)}")


def _words(error: Exception) -> str:
    text = " ".join(str(error).split())[:200]
    return text or type(error).__name__


def _check_detached(
    data: bytes, signature: bytes, anchors: list[Any], at: datetime | None
) -> SignatureReport:
    content = cms.ContentInfo.load(signature, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("it is no CMS signed data")
    signed = content["content"]
    if signed["encap_content_info"]["content"].native is not None:
        raise ValueError("it carries its own content, so it says nothing about the file beside it")
    judge = _Judge(signed, anchors, at)

    async def status(context: Any, stamp_context: Any) -> Any:
        return await async_validate_detached_cms(
            data,
            signed,
            signer_validation_context=context,
            ts_validation_context=stamp_context,
            key_usage_settings=SIGNING_USES,
            algorithm_policy=ANY_ALGORITHM,
        )

    return judge.report("detached", status, {"covers": "whole file"})


def _anchors(trust: Iterable[bytes]) -> list[Any]:
    return [
        x509.Certificate.load(one.public_bytes(Encoding.DER))
        for number, data in enumerate(trust, 1)
        for one in read_certificates(data, f"trusted certificate {number}")
    ]


def _check_field(
    reader: Any, name: str, field: Any, pdf: bytes, anchors: list[Any], at: datetime | None
) -> SignatureReport:
    embedded = EmbeddedPdfSignature(reader, field, name)
    judge = _Judge(embedded.signed_data, anchors, at)
    facts = _coverage(reader, embedded, pdf)
    if embedded.sig_object_type == "/DocTimeStamp":

        async def stamp_status(context: Any, _: Any) -> Any:
            return await async_validate_pdf_timestamp(embedded, context, skip_diff=True)

        return judge.timestamp_report(name, stamp_status, facts)

    async def status(context: Any, stamp_context: Any) -> Any:
        return await async_validate_pdf_signature(
            embedded,
            signer_validation_context=context,
            ts_validation_context=stamp_context,
            key_usage_settings=SIGNING_USES,
            algorithm_policy=ANY_ALGORITHM,
            skip_diff=True,
        )

    entries = embedded.sig_object
    facts["claimed_name"] = _text(entries, "/Name")
    facts["claimed_reason"] = _text(entries, "/Reason")
    return judge.report(name, status, facts)


def _text(entries: Any, key: str) -> str | None:
    return " ".join(str(entries[key]).split())[:400] or None if key in entries else None


def _coverage(reader: Any, embedded: Any, pdf: bytes) -> dict[str, Any]:
    """Which bytes are signed, and what came after them."""
    signed, last = int(embedded.signed_revision), int(reader.total_revisions) - 1
    facts: dict[str, Any] = {"revision": signed + 1, "revisions": last + 1}
    span = [int(number) for number in embedded.byte_range]
    if len(span) != 4 or span[0] != 0 or min(span) < 0 or span[2] + span[3] > len(pdf):
        return facts | {"covers": "part", "changes": ("the signed range is not the one that a PDF may have",)}
    if not HEXADECIMAL.fullmatch(pdf, span[1], span[2]):
        return facts | {"covers": "part", "changes": ("the unsigned gap holds more than the signature",)}
    embedded.compute_integrity_info(skip_diff=True)
    end = span[2] + span[3]
    if end == len(pdf):
        return facts | {"covers": "whole file"}
    if embedded.coverage.name not in ("ENTIRE_REVISION", "ENTIRE_FILE"):
        return facts | {"covers": "part", "changes": ("the signed range does not end with a revision",)}
    changes, modified = _changes(reader, embedded, signed, last)
    if signed == last and pdf[end:].strip():
        changes, modified = (*changes, f"{len(pdf) - end} bytes were appended after the signed part"), True
    return facts | {"covers": "revision", "changes": changes, "modified": modified}


def _changes(reader: Any, embedded: Any, signed: int, last: int) -> tuple[tuple[str, ...], bool]:
    if signed == last:
        return (), False
    result = embedded.evaluate_modifications(DEFAULT_DIFF_POLICY)
    allowed = isinstance(result, DiffResult) and result.modification_level in (
        ModificationLevel.NONE,
        ModificationLevel.LTA_UPDATES,
        ModificationLevel.FORM_FILLING,
    )
    changed = [
        reference
        for revision in range(signed + 1, last + 1)
        for reference in reader.xrefs.explicit_refs_in_revision(revision)
    ]
    try:
        named = changes_between(
            reader.get_historical_resolver(signed), reader.get_historical_resolver(last), changed
        )
    except Exception as error:
        named = (Change(f"a change that cannot be read ({_words(error)})", False),)
    modified = not allowed or not all(change.allowed for change in named)
    if modified and all(change.allowed for change in named):
        named = (*named, Change(f"a change that a later signature does not explain: {_words(result)}", False))
    # What breaks it first: a reader of one line sees that.
    ordered = [change.what for change in sorted(named, key=lambda change: change.allowed)]
    more = (f"{len(ordered) - MAX_NAMED} more changes",) if len(ordered) > MAX_NAMED else ()
    return (*ordered[:MAX_NAMED], *more), modified


class PackedReader(PdfFileReader):  # type: ignore[misc]
    """Reads the directory of a packed stream of objects once.

    pyHanko 0.38 reads it anew for each object: the 7,000 objects of a runbook took two minutes.
    """

    def __init__(self, stream: Any) -> None:
        self._packed: dict[int, tuple[io.BytesIO, int, list[int], dict[int, int]]] = {}
        super().__init__(stream)

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        if stmnum not in self._packed:
            self._packed[stmnum] = self._directory(stmnum)
        data, first, offsets, places = self._packed[stmnum]
        if places.get(idnum) != idx:
            raise PdfStrictReadError("an object is not where the directory of its stream says")
        data.seek(first + offsets[idx])
        found = generic.read_object(data, generic.Reference(idnum, 0, self))
        if isinstance(found, (generic.StreamObject, generic.IndirectObject)):
            raise PdfStrictReadError("an object of a kind that may not be packed")
        return found

    def _directory(self, stmnum: int) -> tuple[io.BytesIO, int, list[int], dict[int, int]]:
        stream = generic.Reference(stmnum, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream["/Type"] != "/ObjStm":
            raise PdfStrictReadError("packed objects are said to be in something else")
        data = stream.read_data(DecodePurpose.OBJECT_STREAM)
        first, count = int(stream["/First"]), int(stream["/N"])
        numbers = [int(word) for word in data[:first].split()[: 2 * count]]
        if len(numbers) != 2 * count or first < 0 or min(numbers, default=0) < 0:
            raise PdfStrictReadError("the directory of packed objects is damaged")
        names = numbers[::2]
        if len(set(names)) != len(names):
            raise PdfStrictReadError("the directory of packed objects names one twice")
        return io.BytesIO(data), first, numbers[1::2], {name: place for place, name in enumerate(names)}


class _Judge:
    """Certificate, chain, dates and timestamp of one signature."""

    def __init__(self, signed: Any, anchors: list[Any], at: datetime | None) -> None:
        self.anchors = anchors
        self.at = at
        self.info = extract_signer_info(signed)
        found = extract_certs_for_validation(signed)
        self.others = list(found.other_certs)
        self.certificate = found.signer_cert
        self.facts = _facts(self.certificate)

    def context(self, moment: datetime, others: list[Any]) -> Any:
        return ValidationContext(
            trust_roots=self.anchors,
            other_certs=others,
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )

    def within(self, moment: datetime | None) -> datetime:
        """A moment at which the certificate's dates say nothing: they are reported for themselves."""
        moment = moment or self.facts.valid_from
        return min(max(moment, self.facts.valid_from), self.facts.valid_until)

    def report(
        self, name: str, check: Callable[[Any, Any], Awaitable[Any]], facts: dict[str, Any]
    ) -> SignatureReport:
        stamp_context, told = self._stamp_context()
        status = asyncio.run(
            _await(check(self.context(self.within(self.at or told), self.others), stamp_context))
        )
        stamp = _stamp(status.timestamp_validity, self.anchors)
        claimed = status.signer_reported_dt
        if self.at is not None:
            judged_at, judged_by = self.at, "given"
        elif stamp is not None and stamp.intact and stamp.trust == "trusted":
            judged_at, judged_by = stamp.at, "timestamp"
        else:
            judged_at, judged_by = claimed, "claim" if claimed else "none"
        status = asyncio.run(_await(check(self.context(self.within(judged_at), self.others), stamp_context)))
        trust = _trust(status, self.certificate)
        return SignatureReport(
            field=name,
            certificate=self.facts,
            claimed_at=claimed,
            timestamp=stamp,
            intact=bool(status.intact and status.valid),
            trust=trust,
            trust_reason=None if trust == "trusted" else _why(status, trust),
            judged_at=judged_at,
            judged_by=judged_by,  # type: ignore[arg-type]
            in_date=_in_date(self.facts, judged_at),
            weak=_weak(self.info, self.certificate),
            **facts,
        )

    def timestamp_report(
        self, name: str, check: Callable[[Any, Any], Awaitable[Any]], facts: dict[str, Any]
    ) -> SignatureReport:
        status = asyncio.run(_await(check(self.context(self.within(self.at), self.others), None)))
        trust = _trust(status, self.certificate)
        return SignatureReport(
            field=name,
            kind="timestamp",
            certificate=self.facts,
            claimed_at=status.timestamp,
            intact=bool(status.intact and status.valid),
            trust=trust,
            trust_reason=None if trust == "trusted" else _why(status, trust),
            judged_at=self.at or status.timestamp,
            judged_by="given" if self.at else "timestamp",
            in_date=_in_date(self.facts, self.at or status.timestamp),
            weak=_weak(self.info, self.certificate),
            **facts,
        )

    def _stamp_context(self) -> tuple[Any, datetime | None]:
        """The context for the timestamp: the authority is judged for the moment that it tells."""
        for token in extract_tst_data_iter(self.info, signed=False):
            told: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
            return self.context(told, list(extract_certs_for_validation(token).other_certs)), told
        return self.context(self.within(self.at), []), None


async def _await(status: Awaitable[Any]) -> Any:
    return await status


def _facts(certificate: Any) -> CertificateFacts:
    one = certificates.load_der_x509_certificate(certificate.dump())
    return CertificateFacts(
        name=common_name(one),
        subject=one.subject.rfc4514_string(),
        issuer=one.issuer.rfc4514_string(),
        serial=f"{one.serial_number:x}",
        sha256=certificate.sha256.hex(),
        valid_from=one.not_valid_before_utc,
        valid_until=one.not_valid_after_utc,
    )


def _in_date(facts: CertificateFacts, moment: datetime | None) -> bool | None:
    return None if moment is None else facts.valid_from <= moment <= facts.valid_until


def _trust(status: Any, certificate: Any) -> Trust:
    if status.trust_problem_indic is None and status.validation_path is not None:
        return "trusted"
    return "self-signed" if certificate.self_issued else "unknown"


def _why(status: Any, trust: Trust) -> str:
    if trust == "self-signed":
        return "the certificate vouches for itself, and it is not among those that you trust"
    problem = getattr(status.trust_problem_indic, "name", None)
    words = {
        "NO_CERTIFICATE_CHAIN_FOUND": "no chain leads to a certificate that you trust",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE": "the chain of certificates has a fault",
        "CHAIN_CONSTRAINTS_FAILURE": "a certificate of the chain may not be used for this",
        "OUT_OF_BOUNDS_NO_POE": "a certificate of the chain was not valid at that moment",
        "REVOKED_NO_POE": "a certificate of the chain was revoked",
    }
    return words.get(problem or "", "no chain leads to a certificate that you trust")


def _stamp(status: Any, anchors: list[Any]) -> TimestampReport | None:
    if status is None:
        return None
    facts = _facts(status.signing_cert)
    return TimestampReport(
        at=status.timestamp,
        by=facts.name,
        intact=bool(status.intact and status.valid),
        trust=_trust(status, status.signing_cert),
    )


def _weak(info: Any, certificate: Any) -> tuple[str, ...]:
    found = []
    digest = info["digest_algorithm"]["algorithm"].native
    if digest in WEAK_HASHES:
        found.append(f"the hash {digest.upper()}")
    key = certificate.public_key
    if key.algorithm in ("rsa", "rsassa_pss", "dsa") and key.bit_size < 2048:
        found.append(f"a key of {key.bit_size} bits ({key.algorithm.upper()})")
    elif key.algorithm == "ec" and key.bit_size < 224:
        found.append(f"a key of {key.bit_size} bits (elliptic curve)")
    return tuple(found)
