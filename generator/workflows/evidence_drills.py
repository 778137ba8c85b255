"""The drills of a period for an evidence pack, each with its evidence file where the client supplied it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.errors import UsageProblem
from generator.evidence.archive import LIMITS, MIB, name_fault
from generator.model.evidence import DrillLine
from generator.model.profile import DrillRecord, MeasuredTime, Profile
from generator.render.manifest import sha256
from generator.workflows.evidence_request import GatheredFile, Request

FOLDER = "drills"


def drills(
    profile: Profile, request: Request, root: Path
) -> tuple[tuple[DrillLine, ...], list[GatheredFile]]:
    """The drills of the period, oldest first, and the evidence files found under `root`. Raises UsageProblem."""
    lines: list[DrillLine] = []
    files: dict[str, GatheredFile] = {}
    held = [one for one in profile.drills.log if request.first <= one.date <= request.last]
    for record in sorted(held, key=lambda one: (one.date, one.kind, one.scenario)):
        data = _evidence_file(record, root)
        packed = None
        if data is not None and record.evidence:
            packed = f"{FOLDER}/{record.evidence.file}"
            words = f"evidence file of the {record.kind} drill of {record.date}, supplied by the client"
            files[packed] = GatheredFile(packed, data, "drill evidence", "auditor", words)
        lines.append(_line(record, data, packed))
    return tuple(lines), list(files.values())


def _evidence_file(record: DrillRecord, root: Path) -> bytes | None:
    """The file that the log names; None where it was not supplied."""
    if record.evidence is None:
        return None
    name = record.evidence.file
    fault = name_fault(f"{FOLDER}/{name}")
    if fault:
        raise UsageProblem(f"drills.log of {record.date}: evidence file {name}: {fault}")
    path = root / name
    if not path.exists():
        return None
    if not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
        raise UsageProblem(f"{path}: is no ordinary file inside {root}; put the file itself there")
    if path.stat().st_size > LIMITS.file:
        raise UsageProblem(
            f"{path}: larger than {LIMITS.file // MIB} MiB, which no evidence pack holds; "
            "name a summary with its hash in the drill log, and keep the file where an auditor can ask for it"
        )
    return path.read_bytes()


def _line(record: DrillRecord, data: bytes | None, packed: str | None) -> DrillLine:
    evidence = record.evidence
    return DrillLine(
        date=record.date,
        kind=record.kind,
        scenario=record.scenario,
        result=record.result.replace("_", " "),
        participants=record.participants,
        measured=tuple(_measured(value, record) for value in record.measured),
        missed=len(record.missed),
        findings=record.findings,
        file=evidence.file if evidence else None,
        sha256=evidence.sha256 if evidence else None,
        supplied="none named"
        if evidence is None
        else "missing"
        if data is None
        else "matches"
        if sha256(data) == evidence.sha256
        else "differs",
        packed=packed,
        words=" ".join(_words(record, data)),
    )


def _words(record: DrillRecord, data: bytes | None) -> Iterator[str]:
    """What the drill counts as, for an auditor."""
    evidence = record.evidence
    if evidence is None or record.unproved:
        yield f"Asserted, not evidenced: {', '.join(record.unproved)} missing."
    elif data is None:
        yield "Asserted: the evidence file was not supplied with this pack; its hash is the profile's."
    elif sha256(data) != evidence.sha256:
        yield f"NOT EVIDENCED: the file supplied is another one (its SHA-256 is {sha256(data)})."
    else:
        yield "Evidenced: the file is in this pack, and its hash is the one in the profile."


def _measured(value: MeasuredTime, record: DrillRecord) -> str:
    words = f"{value.what}: {value.value:g} {value.unit}"
    if value.target is None:
        return words
    missed = any(line.startswith(f"{value.what}: ") for line in record.missed)
    return f"{words}, target {value.target:g}{' MISSED' if missed else ''}"
