"""Build the packs of many profiles: compose all, render every PDF on one executor, write each pack whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.batch.run import Step, counted, explained
from generator.errors import EXIT_OK, PlanError, RenderError
from generator.render.jobs import RenderJob
from generator.render.publish import PublishResult
from generator.workflows.packs import (
    DEFAULT_FORMATS,
    Change,
    Pack,
    PlacesInProfile,
    changes_since,
    finish_pack,
    prepare_pack,
)


@dataclass(frozen=True, slots=True)
class Built:
    """What became of one profile."""

    profile: Path
    exit_code: int
    error: str = ""
    pack: Pack | None = None
    result: PublishResult | None = None
    changes: tuple[Change, ...] = ()


def build_packs(
    profiles: Sequence[Path],
    output: Path,
    *,
    formats: Sequence[str] = DEFAULT_FORMATS,
    as_of: date | None = None,
    jobs: int = 1,
    force: bool = False,
    fresh: bool = False,
    releases: Path | None = None,
    progress: Step | None = None,
    reference: Path | None = None,
) -> tuple[Built, ...]:
    """Build every profile, in the order given. One that fails never stops the others.

    `releases` is the folder whose approval records count.
    """
    prepared: list[Pack | Built] = []
    owners: dict[Path, Path] = {}
    for path in profiles:
        try:
            pack = prepare_pack(
                path, output, formats, as_of, fresh, force=force, releases=releases, reference=reference
            )
        except PlanError as error:
            prepared.append(Built(path, error.exit_code, str(error)))
            continue
        taken = owners.setdefault(pack.folder, path)
        if taken != path:
            prepared.append(
                Built(path, 2, f"{path}: plan.id is the same as in {taken}; give each plan its own id")
            )
            continue
        prepared.append(pack)
    packs = [pack for pack in prepared if isinstance(pack, Pack)]
    rendered = _render([(pack, job) for pack in packs for job in pack.jobs], jobs, progress)
    return tuple(
        _finished(path, entry, rendered, force) if isinstance(entry, Pack) else entry
        for path, entry in zip(profiles, prepared, strict=True)
    )


def _render(
    work: Sequence[tuple[Pack, RenderJob]], jobs: int, progress: Step | None
) -> dict[tuple[Path, str], bytes | RenderError]:
    """Every PDF, by (pack folder, name)."""
    results = counted([job for _, job in work], jobs, progress)
    return {(pack.folder, job.name): result for (pack, job), result in zip(work, results, strict=True)}


def _finished(
    path: Path, pack: Pack, rendered: dict[tuple[Path, str], bytes | RenderError], force: bool
) -> Built:
    failed = []
    pdfs: dict[str, bytes] = {}
    for job in pack.jobs:
        made = rendered[pack.folder, job.name]
        if isinstance(made, RenderError):
            failed.append(explained(made, PlacesInProfile(pack.planned.loaded, job)))
        else:
            pdfs[job.name] = made
    if failed:
        return Built(path, failed[0].exit_code, "\n".join(map(str, failed)), pack)
    changes = changes_since(pack.folder, pack.planned)
    try:
        result = finish_pack(pack, pdfs, force)
    except PlanError as error:
        return Built(path, error.exit_code, str(error), pack)
    except OSError as error:
        return Built(path, 2, f"{pack.folder}: cannot be written: {error.strerror or error}", pack)
    return Built(
        path, result.exit_code, result.message if result.exit_code != EXIT_OK else "", pack, result, changes
    )
