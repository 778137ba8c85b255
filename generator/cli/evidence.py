"""`airplan evidence`: the auditor's evidence pack of a period, as one ZIP."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import show
from generator.cli.incident_options import clock_of, incidents_option
from generator.errors import EXIT_NO, PlanError, UsageProblem

if TYPE_CHECKING:
    from pydantic import SecretStr

    from generator.workflows.evidence_signing import Signing


class Kept(PlanError):
    """The answer is no: a file is there that would be lost."""


@click.command(
    epilog="""\b
Examples:
  airplan evidence client.yaml --period 2026-01-01..2026-12-31 -o evidence-2026.zip
  airplan evidence client.yaml --period 2026-01-01..2026-12-31 --population audit/population.yaml --files audit/drills
  airplan evidence client.yaml --period 2026-01-01..2026-12-31 --sign owner=owner.p12 --sign approver=approver.p12 \\
      --passphrase-file owner=owner.txt --timestamp https://tsa.example/rfc3161

A passphrase comes from --passphrase-file, from AIRPLAN_SIGN_PASSPHRASE, or is asked for; never from an argument.
The pack needs no airplan to be checked: its cover says how. What is missing in it is listed in it (70-gaps).

Exit codes: 0 made; 1 a release was changed since it was frozen, the file is there with other content, or --strict and
something is missing; 2 a record, the profile or the call is wrong; 3 the law data has no answer; 4 a document could not
be rendered.
"""
)
@click.argument("profile", type=click.Path(path_type=Path))
@click.option("--period", required=True, metavar="A..B", help="First and last day, both counted.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="The ZIP to write (default: PLAN-evidence-A-B.zip here).",
)  # fmt: skip
@click.option(
    "--releases", type=click.Path(file_okay=False, path_type=Path), default=Path("releases"), show_default=True,
    help="The folder of releases.",
)  # fmt: skip
@incidents_option
@click.option(
    "--files", type=click.Path(file_okay=False, exists=True, path_type=Path), metavar="DIR",
    help="Where the evidence files of the drill log are (default: the profile's folder).",
)  # fmt: skip
@click.option(
    "--population", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Where the list of incidents was read from, who extracted and who attests it, alerts dismissed (YAML, "
    "schemas/population.schema.json).",
)  # fmt: skip
@click.option(
    "--as-of", metavar="DATETIME",
    help="Up to when the records were read (default: when the population was extracted, else their last entry).",
)  # fmt: skip
@click.option(
    "--redact", type=click.Choice(["auditor"]),
    help="Replace personal contacts and what the profile marks as sensitive, everywhere in the pack.",
)  # fmt: skip
@click.option(
    "--sign", multiple=True, metavar="ROLE=FILE",
    help="Sign as ROLE with the key in FILE (PKCS#12 or PEM). May be repeated; signed in this order.",
)  # fmt: skip
@click.option(
    "--passphrase-file", multiple=True, metavar="ROLE=FILE",
    help="The passphrase of ROLE's key is the first line of FILE.",
)  # fmt: skip
@click.option("--timestamp", metavar="URL", help="RFC 3161 server that stamps each signature.")
@click.option("--now", metavar="DATETIME", help="The moment of signing, instead of the clock.")
@click.option("--strict", is_flag=True, default=False, help="Exit 1 where something is missing.")
@click.option("--force", is_flag=True, default=False, help="Replace a file that is there.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=None, metavar="N",
    help="Processes that render (default: one a core).",
)  # fmt: skip
@click.option("--env-passphrase", envvar="AIRPLAN_SIGN_PASSPHRASE", hidden=True, default=None)
@click.pass_context
def evidence(
    ctx: click.Context,
    profile: Path,
    period: str,
    output: Path | None,
    releases: Path,
    incidents: Path,
    files: Path | None,
    population: Path | None,
    as_of: str | None,
    redact: str | None,
    sign: tuple[str, ...],
    passphrase_file: tuple[str, ...],
    timestamp: str | None,
    now: str | None,
    strict: bool,
    force: bool,
    jobs: int | None,
    env_passphrase: str | None,
) -> None:
    """Pack the evidence of a period for an auditor.

    The pack holds every release of PROFILE's plan that was in force, approvals, incidents, drills, corrective actions,
    controls by document and page, the law with citations, and what is missing.
    """
    from generator.batch.evidence import make_evidence
    from generator.workflows.evidence import plan_of
    from generator.workflows.evidence_request import Request
    from generator.workflows.evidence_request import period as days

    if ctx.get_parameter_source("env_passphrase") is click.core.ParameterSource.COMMANDLINE:
        raise UsageProblem(
            "a passphrase is never an argument: use --passphrase-file or AIRPLAN_SIGN_PASSPHRASE"
        )
    first, last = days(period)
    plan, zone = plan_of(profile)
    target = output or Path(f"{plan}-evidence-{first}-{last}.zip")
    reason = f"Evidence pack of {plan}, {first} to {last}"
    signing = _signing(sign, passphrase_file, env_passphrase, timestamp, now, zone, reason)
    request = Request(
        profile, first, last, releases, incidents, files, population, as_of=as_of, redact=redact
    )
    with show.progress("Rendering") as step:
        made = make_evidence(request, signing=signing, jobs=jobs or os.cpu_count() or 1, progress=step)
    data = made.archive()
    _write(target, data, force)
    show.data(str(target))
    found = made.evidence
    listed = hashlib.sha256(made.manifest).hexdigest()
    show.note(f"  {len(made.files)} files, {len(data) / 1_000_000:.1f} MB; SHA-256 of manifest.json {listed}")
    real = [line for line in found.incidents if not line.drill]
    show.note(
        f"  {len(found.releases)} versions, {len(found.approvals)} approvals, "
        f"{len(real) or 'no'} incidents, {len(found.drills)} drills, {len(found.actions)} corrective actions"
    )
    if not signing:
        show.note("  not signed: it proves that its files belong together, not who made them (--sign)")
    for line in found.gaps:
        show.warning(line)
    if strict and found.gaps:
        ctx.exit(EXIT_NO)


def _signing(
    sign: tuple[str, ...],
    passphrase_files: tuple[str, ...],
    env_passphrase: str | None,
    timestamp: str | None,
    now: str | None,
    zone: str,
    reason: str,
) -> Signing | None:
    if not sign:
        if timestamp or passphrase_files:
            raise UsageProblem("--timestamp and --passphrase-file belong to --sign ROLE=FILE")
        return None
    from generator.evidence.signers import load_signer
    from generator.workflows.evidence_signing import MOST_SIGNERS, Signing

    keys = [_pair(text, "--sign") for text in sign]
    if len(keys) > MOST_SIGNERS:
        raise UsageProblem(f"--sign: {MOST_SIGNERS} signers at most, {len(keys)} given")
    files = dict(_pair(text, "--passphrase-file") for text in passphrase_files)
    strangers = sorted(files.keys() - {role for role, _ in keys})
    if strangers:
        raise UsageProblem(f"--passphrase-file {strangers[0]}: nobody signs in that role")
    signers = []
    at = clock_of(now)(zone)
    for role, path in keys:
        signer = load_signer(path, _passphrase(role, path, files, env_passphrase), name=str(path))
        if warning := signer.warning(at):
            show.warning(warning)
        signers.append((role.replace("_", " "), signer))
    return Signing(tuple(signers), at, reason, timestamp)


def _pair(text: str, option: str) -> tuple[str, Path]:
    role, sign, path = text.partition("=")
    if not sign or not role.strip() or not path or "," in role:
        raise UsageProblem(
            f"{option} {text}: write ROLE=FILE, as in owner=owner.p12, the role without a comma"
        )
    return " ".join(role.split()), Path(path)


def _passphrase(
    role: str, key: Path, files: Mapping[str, Path], from_environment: str | None
) -> SecretStr | None:
    """The passphrase of a key: its file, the environment, else a question where somebody can answer."""
    from pydantic import SecretStr

    if role in files:
        try:
            lines = files[role].read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise UsageProblem(f"--passphrase-file {role}: {files[role]} cannot be read") from None
        return SecretStr(lines[0] if lines else "")
    if from_environment is not None:
        return SecretStr(from_environment)
    if sys.stdin.isatty():
        return SecretStr(
            click.prompt(f"Passphrase of {key}", hide_input=True, default="", show_default=False, err=True)
        )
    return None


def _write(target: Path, data: bytes, force: bool) -> None:
    """Write the file whole. A file that is there with other content is kept unless `force`."""
    if target.exists():
        if target.is_file() and target.read_bytes() == data:
            show.note("  unchanged: the file is there with exactly these bytes")
            return
        if not force:
            raise Kept(f"{target} is there with other content; name another file, or --force replaces it")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.airplan-new")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
