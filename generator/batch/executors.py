"""Executors for render jobs: this process, or several. Never threads: layout holds the interpreter's lock."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

TASKS_PER_WORKER = 100
"""A worker is renewed after so many jobs: its memory grows slowly."""


@contextmanager
def local_executor(jobs: int) -> Iterator[Executor | None]:
    """An executor with `jobs` processes; None for one job at a time in this process.

    Workers end without cleaning up after WeasyPrint, so their temporary files go into a folder that is
    deleted here.
    """
    if jobs <= 1:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="airplan-"))
    try:
        with ProcessPoolExecutor(
            max_workers=jobs,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=(str(folder),),
            max_tasks_per_child=TASKS_PER_WORKER,
        ) as executor:
            yield executor
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start_worker(temporary: str) -> None:
    """Runs once in each worker: temporary files go where the parent deletes them."""
    tempfile.tempdir = temporary
