"""Render jobs on processes: order, errors one by one, the same bytes as in one process."""

from __future__ import annotations

import tempfile

import pytest

from generator.batch.executors import local_executor
from generator.batch.run import explained, run_jobs
from generator.errors import RenderError
from generator.render.jobs import MissingGlyphs, PageSource, PdfOptions, RenderJob, TooLong
from generator.render.page import stylesheets
from generator.workflows.packs import PlacesInProfile

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


class Found:
    """A profile in which everything stands in one place, or nothing at all."""

    def __init__(self, *places: str) -> None:
        self.places = places

    def of_character(self, character: str) -> str | None:
        return self.places[0] if self.places else None

    def longest(self) -> tuple[str, ...]:
        return self.places


def test_an_error_is_explained_with_its_place():
    error = MissingGlyphs("x.pdf: no glyph", "日")
    assert str(explained(error, Found("profiles/x.yaml:3:5: client.name"))).endswith(
        "'日': profiles/x.yaml:3:5: client.name"
    )
    assert explained(error, Found()) is error
    other = RenderError("x")
    assert explained(other, Found("y")) is other


def test_a_document_that_is_too_long_names_the_texts_to_shorten():
    error = TooLong("quick-card.pdf: 3 pages")
    assert str(explained(error, Found("p.yaml:3:5: a (99 characters)", "p.yaml:9:1: b (50 characters)"))) == (
        "quick-card.pdf: 3 pages; shorten the longest texts: "
        "p.yaml:3:5: a (99 characters); p.yaml:9:1: b (50 characters)"
    )
    assert explained(error, Found()) is error


def test_the_longest_texts_of_the_card_are_found_in_the_profile(four):
    loaded = four["retail_chatbot"].loaded
    switch = loaded.profile.containment.switches[0]
    card = PageSource(f"| **K1** | {switch.stops} |\n", (), "card", "Card", "internal", False, 2, "{}")
    (told, *_) = PlacesInProfile(loaded, RenderJob("c.pdf", card, PdfOptions(()))).longest()
    assert told.endswith(f"containment.switches.0.stops ({len(switch.stops)} characters)")
    assert "profiles/retail_chatbot.yaml:" in told


def test_one_job_at_a_time_needs_no_executor():
    with local_executor(1) as executor:
        assert executor is None
