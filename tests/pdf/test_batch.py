"""Render jobs on processes: order, errors one by one, the same bytes as in one process."""

from __future__ import annotations

import tempfile

import pytest

from generator.batch.executors import local_executor
from generator.batch.run import explained, run_jobs
from generator.errors import RenderError
from generator.render.jobs import MissingGlyphs, PdfOptions, RenderJob
from generator.render.page import stylesheets

pytestmark = [pytest.mark.pdf, pytest.mark.slow]

OPTIONS = PdfOptions(stylesheets("sheet", "a4"))


def job(name: str, text: str) -> RenderJob:
    html = f"<!doctype html><html lang=en><head><title>{name}</title></head><body><p>{text}</p></body></html>"
    return RenderJob(name, html, OPTIONS)


JOBS = [job("a", "short"), job("bad", "日"), job("b", "longer " * 500), job("c", "→ ☐")]


def test_results_are_in_order_and_the_same_on_any_executor(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = []
    alone = run_jobs(JOBS, None, lambda done: ended.append(done.name))
    assert ended == ["a", "bad", "b", "c"]
    with local_executor(2) as executor:
        many = run_jobs(JOBS, executor, lambda done: ended.append(done.name))
    assert sorted(ended[4:]) == ["a", "b", "bad", "c"]
    assert [alone[0], alone[2], alone[3]] == [many[0], many[2], many[3]]
    assert isinstance(alone[1], RenderError)
    assert isinstance(many[1], MissingGlyphs)
    assert many[1].characters == "日"
    assert not list(tmp_path.glob("airplan-*"))


def test_an_error_is_explained_with_its_place():
    error = MissingGlyphs("x.pdf: no glyph", "日")
    assert str(explained(error, lambda _: "profiles/x.yaml:3:5: client.name")).endswith(
        "'日': profiles/x.yaml:3:5: client.name"
    )
    assert explained(error, lambda _: None) is error
    other = RenderError("x")
    assert explained(other, lambda _: "y") is other


def test_one_job_at_a_time_needs_no_executor():
    with local_executor(1) as executor:
        assert executor is None
