"""Run render jobs on an executor, results in order, one failure never hiding another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from typing import Protocol

from generator.batch.executors import local_executor
from generator.errors import RenderError
from generator.render.jobs import MissingGlyphs, RenderJob, TooLong, run_job

Progress = Callable[[RenderJob], None]
"""Called in this process after each job, in the order in which they end."""

Step = Callable[[int, int, str], None]
"""(files made, files to make, name of the last one)."""


class Places(Protocol):
    """Finds what an error should name in the profile."""

    def of_character(self, character: str) -> str | None:
        """Where a character stands."""

    def longest(self) -> Sequence[str]:
        """The longest texts of the document, each with its place and length."""


def run_jobs(
    jobs: Sequence[RenderJob], executor: Executor | None = None, progress: Progress | None = None
) -> list[bytes | RenderError]:
    """The PDF of each job, or the error that stopped it, in the order of `jobs`.

    The longest jobs start first, so that no worker ends long after the others.
    """
    if executor is None:
        return [_here(job, progress) for job in jobs]
    order = sorted(range(len(jobs)), key=lambda at: -jobs[at].weight())
    futures: dict[Future[bytes], int] = {executor.submit(run_job, jobs[at]): at for at in order}
    results: list[bytes | RenderError] = [b""] * len(jobs)
    for future in as_completed(futures):
        at = futures[future]
        try:
            results[at] = future.result()
        except RenderError as error:
            results[at] = error
        except OSError as error:
            results[at] = _no_room(jobs[at], error)
        if progress:
            progress(jobs[at])
    return results


def rendered(
    jobs: Sequence[RenderJob],
    processes: int,
    progress: Step | None = None,
    places: Callable[[RenderJob], Places] | None = None,
) -> dict[str, bytes]:
    """The file of each job by its name, made on `processes` processes. Raises the first RenderError.

    `places` finds what the error should name in the profile.
    """
    found: dict[str, bytes] = {}
    for job, made in zip(jobs, counted(jobs, processes, progress), strict=True):
        if isinstance(made, RenderError):
            raise explained(made, places(job)) if places else made
        found[job.name] = made
    return found


def counted(
    jobs: Sequence[RenderJob], processes: int, progress: Step | None = None
) -> list[bytes | RenderError]:
    """`run_jobs` on `processes` processes of this machine, with `progress` told after each job."""
    done = 0

    def step(job: RenderJob) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, len(jobs), job.name)

    with local_executor(min(processes, len(jobs))) as executor:
        return run_jobs(jobs, executor, step)


def _here(job: RenderJob, progress: Progress | None) -> bytes | RenderError:
    result: bytes | RenderError
    try:
        result = run_job(job)
    except RenderError as error:
        result = error
    except OSError as error:
        result = _no_room(job, error)
    if progress:
        progress(job)
    return result


def _no_room(job: RenderJob, error: OSError) -> RenderError:
    """Rendering works with temporary files: a full disk or a limit on file sizes stops one job, not the run."""
    return RenderError(f"{job.name}: {error.filename or 'a temporary file'}: {error.strerror or error}")


def explained(error: RenderError, places: Places) -> RenderError:
    """The error with the places in the profile where its characters, or the texts that are too long, stand."""
    if isinstance(error, TooLong) and (texts := places.longest()):
        return TooLong(f"{error}; shorten the longest texts: {'; '.join(texts)}")
    if not isinstance(error, MissingGlyphs):
        return error
    found = [f"{char!r}: {place}" for char in error.characters if (place := places.of_character(char))]
    return MissingGlyphs(f"{error}; {'; '.join(found)}", error.characters) if found else error
