"""What the signatures of a pack prove, in words. Pure: the checks themselves are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from generator.evidence.archive import shown
from generator.evidence.manifest import MANIFEST, Statement, Subject, sha256, signature_name, signature_number
from generator.evidence.report import (
    Expectations,
    Finding,
    Signed,
    counted,
    fail,
    proven,
    some,
    unproven,
    warning,
)
from generator.model.signature import SignatureReport

Files = Mapping[str, bytes]

NO_LIBRARY = "install airplan-cli[sign] to check signatures"
NOT_SIGNED = (
    f"who made the pack, and when: {MANIFEST} is not signed, and whoever changes a file can change it too"
)


@dataclass(frozen=True, slots=True)
class Checkers:
    """The checks of the signing library, with the reader's trust and moment already in them."""

    pdf: Callable[[bytes], tuple[SignatureReport, ...]]
    detached: Callable[[bytes, bytes], SignatureReport]
    """Of (data, signature)."""


def signature_findings(
    statement: Statement, files: Files, library: Callable[[], Checkers | None], expected: Expectations
) -> tuple[list[Finding], tuple[Signed, ...]]:
    """What is to be said about signatures, and each of them as it was checked.

    `library` is asked only where there is something to check: it is slow to start, and None where it is missing.
    """
    findings = list(_prefix_findings(statement, files))
    names = sorted((name for name in files if signature_number(name)), key=signature_number)  # type: ignore[arg-type]
    findings += _row_findings(statement, names)
    pdfs = [
        subject
        for subject in statement.subjects
        if subject.name in files and (subject.unsigned or _may_be_signed(subject.name, files[subject.name]))
    ]
    checkers = library() if names or pdfs else None
    if checkers is None:
        findings += _unchecked(names, pdfs, expected)
        return findings, ()
    over_manifest = [Signed(name, checkers.detached(files[MANIFEST], files[name])) for name in names]
    signed = list(over_manifest)
    for one in over_manifest:
        findings += _judged(one, fail, MANIFEST, f"{MANIFEST}, and through it every file that it names,")
        findings += _as_named(one, statement.signers)
    for subject in pdfs:
        reports = [Signed(subject.name, report) for report in checkers.pdf(files[subject.name])]
        if subject.unsigned and not reports:
            what = "is not signed, but the manifest says that it is: the signatures were taken away"
            findings.append(fail(subject.name, what))
        # A signature that came with somebody else's document is shown, but is no part of what this pack promises.
        for one in reports:
            findings += _judged(one, fail if subject.unsigned else warning, "this document", "this document")
        signed += reports
    if not names:
        findings.append(unproven("", NOT_SIGNED))
    if any(one.report.trust == "trusted" for one in signed):
        findings.append(unproven("", "that no certificate was revoked: nothing is looked up over a network"))
    findings += _wanted(over_manifest, expected)
    return findings, tuple(signed)


def _may_be_signed(name: str, data: bytes) -> bool:
    return name.lower().endswith(".pdf") and b"/ByteRange" in data


def _unchecked(names: list[str], pdfs: list[Subject], expected: Expectations) -> Iterator[Finding]:
    """Nothing is signed, or the library is missing."""
    there = [*names, *(subject.name for subject in pdfs)]
    mend = NO_LIBRARY if there else ""
    if there:
        yield unproven("", f"the signatures of {some(there)}: they are there and were not checked", mend)
    if not names:
        yield unproven("", NOT_SIGNED)
    if expected.trusted or expected.signers or expected.signed_after:
        yield fail(MANIFEST, "has no checked signature, so nothing that you expect of signatures holds", mend)


def _row_findings(statement: Statement, names: list[str]) -> Iterator[Finding]:
    """No signature of the manifest is missing from the row."""
    numbers = [signature_number(name) or 0 for name in names]
    last = max([*numbers, len(statement.signers)], default=0)
    for number in range(1, last + 1):
        if number not in numbers:
            by = f" of {shown(statement.signers[number - 1])}" if number <= len(statement.signers) else ""
            yield fail(signature_name(number), f"is missing: the signature{by} of {MANIFEST} was taken away")


def _prefix_findings(statement: Statement, files: Files) -> Iterator[Finding]:
    """A signed PDF still begins with the bytes that were there before it was signed."""
    right = 0
    for subject in statement.subjects:
        before = subject.unsigned
        if before is None or subject.name not in files:
            continue
        data = files[subject.name]
        if len(data) < before.size or sha256(data[: before.size]) != before.sha256:
            what = f"does not begin with the {before.size} bytes that the manifest names as the unsigned document"
            yield fail(subject.name, what)
        else:
            right += 1
    if right:
        words = counted(
            right,
            "signed PDF begins with the unsigned document",
            "signed PDFs begin with the unsigned documents",
        )
        yield proven("", f"{words} that the manifest names")


# --- one signature --------------------------------------------------------------------------


def _judged(one: Signed, wrong: Callable[[str, str], Finding], over: str, what: str) -> Iterator[Finding]:
    """The findings of one signature over a file, in short and in full words; `wrong` makes those of a broken one."""
    report, file = one.report, one.file
    if report.fault is not None:
        yield wrong(file, shown(report.fault))
        return
    who = shown(report.signer or "somebody without a name")
    if report.verdict == "broken":
        yield from (wrong(file, reason) for reason in _broken(report, who, over))
        return
    if report.kind == "timestamp":
        yield from _stamp(one, who)
        return
    if report.in_date is False:
        yield wrong(file, f"the certificate of {who} was not valid {_judging(report)}")
    if report.verdict == "good":
        yield proven(file, f"{who} signed {what} with a certificate that leads to one that you trust")
    elif report.in_date is not False:
        yield proven(file, f"{what} is as it was when it was signed with the certificate of {who}")
        yield unproven(file, f"that {who} is who signed: {_doubt(report)}")
    for change in report.changes:
        yield warning(file, f"added after the signature of {who}: {shown(change)}")
    yield from _moment(one, who)


def _as_named(one: Signed, signers: tuple[str, ...]) -> Iterator[Finding]:
    """Whether it is the signer whom the manifest announces in this place."""
    number, facts = signature_number(one.file) or 0, one.report.certificate
    if facts is None or number > len(signers):
        return
    name = signers[number - 1].rpartition(", ")[0] or signers[number - 1]  # without the role
    if name.casefold() not in (facts.name.casefold(), facts.subject.casefold()):
        yield warning(
            one.file, f"is by {shown(facts.name)}, and {MANIFEST} announces {shown(name)} in this place"
        )


def _broken(report: SignatureReport, who: str, over: str) -> Iterator[str]:
    if not report.intact:
        yield f"the signature of {who} does not fit {over}: one of them was changed after signing"
    elif report.modified or report.covers == "part":
        added = some(report.changes) or "parts that the signature does not cover"
        yield f"was changed after {who} signed it: {added}"
    if report.timestamp is not None and not report.timestamp.intact:
        yield f"the timestamp on the signature of {who} does not fit it"


def _doubt(report: SignatureReport) -> str:
    reasons = []
    if report.trust == "self-signed":
        reasons.append("the certificate vouches for itself")
    elif report.trust == "unknown":
        reasons.append(shown(report.trust_reason or "the certificate leads to none that you trust"))
    if report.in_date is None:
        reasons.append("nothing says at what moment to judge it (--at DATETIME)")
    reasons += [f"weak: {shown(one)}" for one in report.weak]
    return "; ".join(reasons)


def _judging(report: SignatureReport) -> str:
    sources = {
        "given": "as given by --at",
        "timestamp": "the time of the timestamp",
        "claim": "when it was signed",
    }
    source = sources.get(report.judged_by, "at an unknown time")
    return f"on {_iso(report.judged_at)} ({source})" if report.judged_at else source


def _stamp(one: Signed, who: str) -> Iterator[Finding]:
    report = one.report
    at = report.timestamp.at if report.timestamp else report.judged_at
    when = f" at {_iso(at)}" if at else ""
    if report.trust == "trusted":
        yield proven(one.file, f"was there as it is now{when}: timestamp of {who}")
    else:
        yield unproven(
            one.file, f"that it was there{when}: the timestamp authority {who} leads to none that you trust"
        )


def _moment(one: Signed, who: str) -> Iterator[Finding]:
    """When it was signed, and who says so."""
    report = one.report
    stamp = report.timestamp
    claim = f"at {_iso(report.claimed_at)}" if report.claimed_at else "at no stated time"
    if stamp is not None and stamp.trust == "trusted":
        yield proven(one.file, f"{who} had signed by {_iso(stamp.at)}: timestamp of {shown(stamp.by)}")
    elif stamp is not None:
        yield unproven(
            one.file,
            f"when {who} signed: the timestamp of {_iso(stamp.at)} is by {shown(stamp.by)}, "
            "who leads to none that you trust",
        )
    else:
        yield unproven(
            one.file,
            f"when {who} signed: {claim} by the signer's own clock, and nobody's timestamp stands beside it",
        )


def _iso(at: datetime | None) -> str:
    return at.isoformat(sep=" ", timespec="minutes") if at else "an unknown time"


# --- the reader's own questions -------------------------------------------------------------


def _wanted(over_manifest: list[Signed], expected: Expectations) -> Iterator[Finding]:
    """Whether the manifest is signed by whom and when the reader expects."""
    good = [one for one in over_manifest if one.report.verdict == "good"]
    if expected.trusted and not good:
        what = "has no signature that leads to a certificate that you trust"
        yield fail(MANIFEST, what)
    for name in expected.signers:
        if not any(_named(one.report, name) for one in good):
            yield fail(
                MANIFEST, f"is not signed by {shown(name)} with a certificate that you trust, as expected"
            )
    if expected.signed_after:
        yield _after(good if expected.trusted else over_manifest, expected.signed_after)


def _named(report: SignatureReport, name: str) -> bool:
    facts = report.certificate
    return facts is not None and name.casefold() in (facts.name.casefold(), facts.subject.casefold())


def _after(signed: list[Signed], limit: datetime) -> Finding:
    """The first signature decides: a later one can be put on an older pack by anybody."""
    moments = []
    for one in signed:
        if one.report.verdict in ("good", "doubtful"):
            stamp = one.report.timestamp
            at = stamp.at if stamp and stamp.trust == "trusted" else one.report.claimed_at
            if at is not None:
                moments.append((at, bool(stamp and stamp.trust == "trusted")))
    if not moments:
        return fail(MANIFEST, f"no usable signature says that it was signed after {_iso(limit)}, as expected")
    at, stamped = min(moments)
    if at <= limit:
        return fail(MANIFEST, f"was signed at {_iso(at)}, not after {_iso(limit)} as expected: an older pack")
    if not stamped:
        return unproven(
            MANIFEST, f"that it was signed after {_iso(limit)}: only the signer's own clock says so"
        )
    return proven(MANIFEST, f"was signed after {_iso(limit)}, as expected")
