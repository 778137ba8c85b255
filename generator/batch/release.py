"""Freeze the release of one profile: its PDFs are made on one executor, as for a build."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from generator.batch.run import Step, rendered
from generator.workflows.packs import PlacesInProfile
from generator.workflows.releases import Moment, Released, finish_release, prepare_release


def release_profile(
    profile: Path, into: Path, built: Path, moment: Moment, *, jobs: int = 1, progress: Step | None = None
) -> Released:
    """Freeze a profile's current version under `into`. Raises AlreadyReleased and what a build raises."""
    pack, folder = prepare_release(profile, into, built)
    loaded = pack.planned.loaded
    made = rendered(pack.jobs, jobs, progress, partial(PlacesInProfile, loaded))
    return finish_release(pack, folder, made, moment)
