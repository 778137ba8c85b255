"""`airplan verify`: is a pack what was built, and what does it prove?"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import show
from generator.errors import EXIT_NO, EXIT_OK, UsageProblem
from generator.evidence.archive import LIMITS

if TYPE_CHECKING:
    from generator.evidence.report import Report, Signed


@click.command(
    epilog=f"""\b
Examples:
  airplan verify evidence-2026.zip --trust acme-ca.pem --expect-period 2026-01-01..2026-12-31
  airplan verify evidence-2026.zip --expect-plan acme-scribe --signed-after 2027-01-04
  airplan verify releases/acme-scribe/1.0

Nothing is unpacked to disk, and no more is read than: {LIMITS.words()}.

Exit codes: 0 nothing is wrong (read what is not proven); 1 something is wrong, each file named;
2 there is no such file, it is no ZIP and no folder, or the call is wrong.
"""
)
@click.argument("pack", type=click.Path(path_type=Path))
@click.option(
    "--trust", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Certificates (PEM or DER) that you trust, got on another way than the pack. The manifest must then be "
    "signed with a certificate that leads to one of them. May be repeated.",
)  # fmt: skip
@click.option(
    "--at", metavar="DATETIME",
    help="Judge certificates at this moment, not at that of the timestamp or of the signer's clock. "
    "Without an offset in UTC, here and below.",
)  # fmt: skip
@click.option("--expect-plan", metavar="ID", help="Fail unless it is the pack of this plan.")
@click.option("--expect-period", metavar="A..B", help="Fail unless it covers exactly these days.")
@click.option(
    "--expect-version", multiple=True, metavar="V", help="Fail unless it holds this version. May be repeated."
)
@click.option(
    "--expect-signer", multiple=True, metavar="NAME",
    help="Fail unless the manifest is signed by a trusted certificate of this name. May be repeated.",
)  # fmt: skip
@click.option(
    "--expect-manifest",
    metavar="SHA256",
    help="Fail unless manifest.json has this hash, told to you on another way.",
)
@click.option(
    "--signed-after", metavar="DATETIME", help="Fail unless the manifest was first signed after this moment."
)
@click.option(
    "--rebuild", "rebuilding", is_flag=True, default=False,
    help="Make plan and exhibits again from the sources in the pack, and compare byte for byte; PDFs too where the "
    "tools are of the same versions. Takes a minute or more; works in a temporary folder.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=None, metavar="N",
    help="Processes that render for --rebuild (default: one a core).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, default=False, help="Print the whole answer as JSON.")
def verify(
    pack: Path,
    trust: tuple[Path, ...],
    at: str | None,
    expect_plan: str | None,
    expect_period: str | None,
    expect_version: tuple[str, ...],
    expect_signer: tuple[str, ...],
    expect_manifest: str | None,
    signed_after: str | None,
    rebuilding: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Check PACK, a ZIP or a folder: hashes, signatures, releases, approvals; say what is proven and what is not.

    A whole older pack is sound in itself: only what you expect (--expect-..., --signed-after) can tell that it is
    not the one that you asked for.
    """
    from generator.evidence.report import Expectations
    from generator.workflows.verification import verify_pack

    if expect_signer and not trust:
        raise UsageProblem(
            "--expect-signer: anybody can write a name; name the certificates too, with --trust FILE"
        )
    expected = Expectations(
        plan=expect_plan,
        period=_period(expect_period),
        versions=expect_version,
        signers=expect_signer,
        signed_after=_moment(signed_after, "--signed-after"),
        manifest=_hash(expect_manifest),
        trusted=bool(trust),
    )
    report = verify_pack(pack, trust, _moment(at, "--at"), expected)
    if rebuilding:
        report = _rebuilt(pack, report, jobs or os.cpu_count() or 1)
    if as_json:
        show.json(_data(pack, report))
    else:
        _print(report)
    click.get_current_context().exit(EXIT_OK if report.verified else EXIT_NO)


def _rebuilt(pack: Path, report: Report, jobs: int) -> Report:
    """The report with what a rebuild says. Files that are not what the manifest names are not rebuilt."""
    from generator.batch.rebuild import rebuild
    from generator.evidence.report import unproven
    from generator.workflows.verification import open_pack

    if not report.verified:
        untried = unproven("", "that it can be rebuilt: not tried, since something is wrong already")
        return replace(report, findings=(*report.findings, untried))
    with show.progress("Rendering") as step:
        found = rebuild(open_pack(pack), jobs=jobs, progress=step)
    return replace(report, findings=(*report.findings, *found))


# --- options ----------------------------------------------------------------------------------


def _moment(text: str | None, option: str) -> datetime | None:
    from generator.deadlines.zones import instant

    return None if text is None else instant(text, "UTC", option=option)


def _period(text: str | None) -> tuple[date, date] | None:
    if text is None:
        return None
    try:
        first, last = (date.fromisoformat(part) for part in text.split(".."))
    except ValueError:
        raise UsageProblem(f"--expect-period {text}: write two days, like 2026-01-01..2026-12-31") from None
    if last < first:
        raise UsageProblem(f"--expect-period {text}: the last day is before the first")
    return first, last


def _hash(text: str | None) -> str | None:
    if text is None:
        return None
    digits = text.strip().lower()
    if len(digits) != 64 or not set(digits) <= set("0123456789abcdef"):
        raise UsageProblem(f"--expect-manifest {text}: a SHA-256 has 64 hexadecimal digits")
    return digits


# --- words ------------------------------------------------------------------------------------


def _print(report: Report) -> None:
    if report.identity:
        _print_identity(report)
    for level, head in (
        ("proven", "Proven"),
        ("not proven", "NOT proven"),
        ("warning", "To look at"),
        ("fail", "WRONG"),
    ):
        found = report.of(level)  # type: ignore[arg-type]
        if found:
            show.data(show.styled(f"{head}:", bold=True, fg="red" if level == "fail" else None))
            for one in found:
                show.data(f"  {one}")
            show.data()
    wrong, open_ = len(report.of("fail")), len(report.of("not proven"))
    if report.verified:
        show.data(f"Nothing is wrong; {open_} {'thing is' if open_ == 1 else 'things are'} not proven.")
    else:
        show.data(f"NOT VERIFIED: {wrong} {'thing is' if wrong == 1 else 'things are'} wrong.")


def _print_identity(report: Report) -> None:
    from generator.evidence.archive import shown

    identity = report.identity
    if identity is None:
        return
    rows = [("What", f"{identity.kind} of the plan {shown(identity.plan)}")]
    if identity.client:
        rows.append(("Client", shown(identity.client)))
    rows.append(("Versions", ", ".join(map(shown, identity.versions)) or "none"))
    if identity.period:
        rows.append(("Period", " to ".join(map(shown, identity.period))))
    if identity.kind == "evidence pack":
        rows.append(("Redacted", shown(identity.redacted) if identity.redacted else "no"))
    rows.append(("Files", str(identity.files)))
    rows.append(("Manifest", f"SHA-256 {identity.manifest_sha256}"))
    rows += [("Signature", _signature_words(one)) for one in report.signatures] or [
        ("Signature", "none checked")
    ]
    show.table(rows)
    show.data()


def _signature_words(one: Signed) -> str:
    from generator.evidence.archive import shown

    report = one.report
    who = shown(report.signer or "nobody that can be read")
    stamp = report.timestamp
    when = f", signed {_iso(report.claimed_at)} by their own clock" if report.claimed_at else ""
    stamped = f", timestamp {_iso(stamp.at)} by {shown(stamp.by)}" if stamp else ""
    return f"{shown(one.file)}: {who}{when}{stamped}: {report.verdict}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(sep=" ", timespec="minutes") if at else None


def _data(pack: Path, report: Report) -> dict[str, Any]:
    """The answer as plain data: every key is always there."""
    identity, expected = report.identity, report.expected
    period = identity.period if identity else None
    return {
        "pack": str(pack),
        "verified": report.verified,
        "kind": identity.kind if identity else None,
        "plan": identity.plan if identity else None,
        "versions": list(identity.versions) if identity else [],
        "client": identity.client if identity else None,
        "period": {"from": period[0], "to": period[1]} if period else None,
        "redacted": identity.redacted if identity else None,
        "files": identity.files if identity else None,
        "manifest_sha256": identity.manifest_sha256 if identity else None,
        "signatures": [
            {"file": one.file, "verdict": one.report.verdict, "signer": one.report.signer}
            | one.report.model_dump(mode="json")
            for one in report.signatures
        ],
        "expected": {
            "plan": expected.plan,
            "period": {"from": str(expected.period[0]), "to": str(expected.period[1])}
            if expected.period
            else None,
            "versions": list(expected.versions),
            "signers": list(expected.signers),
            "signed_after": expected.signed_after.isoformat() if expected.signed_after else None,
            "manifest_sha256": expected.manifest,
            "trusted": expected.trusted,
        },
        "findings": [
            {"level": one.level, "file": one.file or None, "what": one.what, "mend": one.mend or None}
            for one in dict.fromkeys(report.findings)
        ],
    }
