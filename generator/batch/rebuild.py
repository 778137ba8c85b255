"""Make a pack again from the sources that it holds, and compare: `airplan verify --rebuild`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from generator.batch.run import Step, rendered
from generator.errors import PlanError
from generator.evidence.manifest import MANIFEST, BadManifest, Statement, read_statement
from generator.evidence.rebuilt import compare_rebuilt
from generator.evidence.report import Finding, fail, unproven
from generator.workflows.evidence import gather, versions_in_force
from generator.workflows.evidence_pack import pack_files, prepare_cover, prepare_exhibits
from generator.workflows.evidence_signing import signed_runbook
from generator.workflows.pack_sources import edit_patch
from generator.workflows.rebuild import (
    CannotRebuild,
    Rebuildable,
    evidence_comparison,
    lay_out,
    prepare_rebuild,
    signer_lines,
    tools_that_differ,
    version_comparison,
    version_now,
    versions_in,
)

REDACTED = (
    "a redacted pack cannot be rebuilt: what was taken out of its sources is missing; compare the original"
)


def rebuild(
    files: Mapping[str, bytes], *, jobs: int = 1, progress: Step | None = None
) -> tuple[Finding, ...]:
    """What a rebuild proves and what not. `files` are those of a pack whose hashes were checked. Never raises
    for a pack: what cannot be rebuilt is a finding."""
    try:
        statement = read_statement(files[MANIFEST])
    except (KeyError, BadManifest):
        return (unproven(MANIFEST, "cannot be read, so nothing was rebuilt"),)
    if statement.redacted:
        return (unproven("", REDACTED),)
    found: list[Finding] = []
    for version in versions_in(files):
        found += _guarded(version.where, partial(_version, version, jobs, progress))
    if statement.kind == "evidence":
        found += _guarded("the exhibits", partial(_exhibits, files, statement, jobs, progress))
    return tuple(found)


def _guarded(where: str, work: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """The findings of one part; a pack that does not fit together is a finding too."""
    try:
        return list(work())
    except CannotRebuild as error:
        return [unproven(where, str(error))]
    except (PlanError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        words = str(error) if isinstance(error, PlanError) else f"its sources do not fit together ({error})"
        return [fail(where, f"cannot be rebuilt: {' '.join(words.split())[:300]}")]


def _version(version: Rebuildable, jobs: int, progress: Step | None) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="airplan-") as folder:
        pack = prepare_rebuild(version, Path(folder))
        same_tools = not tools_that_differ(version.statement)
        made = rendered(pack.jobs, jobs, progress) if same_tools else {}
        yield from compare_rebuilt(version_comparison(version, pack, made), edit_patch)


def _exhibits(
    files: Mapping[str, bytes], statement: Statement, jobs: int, progress: Step | None
) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="airplan-") as folder:
        request = lay_out(files, Path(folder))
        now = version_now(files)
        gathered = gather(request, (now,) if now else versions_in_force(request))
        exhibits = prepare_exhibits(gathered)
        if tools_that_differ(statement):
            made = {f"{one.stem}.md": one.markdown.encode() for one in exhibits.composed}
            yield from compare_rebuilt(
                evidence_comparison(files, statement, made, texts_only=True), edit_patch
            )
            return
        pdfs = rendered(exhibits.jobs, jobs, progress)
        signers = signer_lines(statement)
        cover = prepare_cover(exhibits, pdfs, signers, signed_runbook(gathered) if signers else None)
        made = {
            name: file.data
            for name, file in pack_files(cover, rendered([cover.job], 1)[cover.job.name]).items()
        }
        yield from compare_rebuilt(evidence_comparison(files, statement, made, texts_only=False), edit_patch)
