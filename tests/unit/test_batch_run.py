"""Running render jobs: what the system refuses stops one job, and is no fault of ours."""

from __future__ import annotations

import pytest

from generator.batch import run
from generator.batch.run import run_jobs
from generator.errors import RenderError
from generator.render.jobs import PdfOptions, RenderJob

JOBS = [RenderJob(name, "<p>x</p>", PdfOptions(("sheet.css",))) for name in ("a.pdf", "b.pdf")]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), OSError(27, "File too large", "/tmp/x")]
)
def test_a_full_disk_is_an_error_of_its_job(monkeypatch, error):
    def job(one):
        if one.name == "a.pdf":
            raise error
        return b"made"

    monkeypatch.setattr(run, "run_job", job)
    first, second = run_jobs(JOBS)
    assert second == b"made"
    assert isinstance(first, RenderError)
    assert str(first) == f"a.pdf: {error.filename or 'a temporary file'}: {error.strerror}"
