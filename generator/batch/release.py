"""Freeze the release of one profile: its PDFs are made on one executor, as for a build."""

from __future__ import annotations

from pathlib import Path

from generator.batch.build import Progress
from generator.batch.executors import local_executor
from generator.batch.run import explained, run_jobs
from generator.errors import RenderError
from generator.render.jobs import RenderJob
from generator.workflows.packs import PlacesInProfile
from generator.workflows.releases import Moment, Released, finish_release, prepare_release


def release_profile(
    profile: Path, into: Path, built: Path, moment: Moment, *, jobs: int = 1, progress: Progress | None = None
) -> Released:
    """Freeze a profile's current version under `into`. Raises AlreadyReleased and what a build raises."""
    pack, folder = prepare_release(profile, into, built)
    done = 0

    def step(job: RenderJob) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, len(pack.jobs), job.name)

    with local_executor(min(jobs, len(pack.jobs))) as executor:
        results = run_jobs(pack.jobs, executor, step)
    rendered: dict[str, bytes] = {}
    for job, made in zip(pack.jobs, results, strict=True):
        if isinstance(made, RenderError):
            raise explained(made, PlacesInProfile(pack.planned.loaded, job))
        rendered[job.name] = made
    return finish_release(pack, folder, rendered, moment)
