"""The handling sheets of the shipped profiles: how many pages each has, and that its headings are the letter's."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest

from generator.render.jobs import run_job
from generator.render.markdown import Composed, compose
from generator.render.page import pdf_job
from generator.sources.documents import load_documents
from tests.conftest import SHIPPED

LONGER = {
    "notices/handling/bank-supervisor": 2,  # the second page is the words for the call
    "notices/handling/credit-corrected-adverse-action": 2,  # eight duties, three letters, a table of reasons
    "notices/handling/hipaa-individuals": 2,  # three duties with their own exceptions
}


@pytest.fixture(scope="module", params=SHIPPED)
def pack(request, four) -> tuple[dict, dict[str, Composed]]:
    """A shipped plan as data, with its documents by path."""
    plan = four[request.param].plan
    return plan.to_json_data(), {c.stem: c for c in compose(plan, load_documents())}


@pytest.mark.pdf
@pytest.mark.slow
def test_a_sheet_is_one_page_or_known_to_be_longer(pack):
    data, documents = pack
    found = {}
    for stem, composed in documents.items():
        if composed.layout == "handling" and "/handling/" in stem:
            with pikepdf.open(io.BytesIO(run_job(pdf_job(composed, data)))) as pdf:
                found[stem] = len(pdf.pages)
    assert found
    assert {stem: n for stem, n in found.items() if n > LONGER.get(stem, 1)} == {}


def test_what_must_be_said_stands_under_a_heading_that_the_letter_has(pack):
    for stem, sheet in pack[1].items():
        if not stem.startswith("notices/handling/"):
            continue
        letter = pack[1][stem.replace("/handling/", "/")]
        titles = {anchor.text for c in (letter, sheet) for anchor in c.anchors} | {
            letter.markdown.split("\n", 1)[0].lstrip("# ")
        }
        part = sheet.markdown.split("### It says, under these headings", 1)[1].split("\n### ", 1)[0]
        named = re.findall(r"^- \[ \] \*\*(.+?):\*\* \S", part, re.M)
        assert named or "prescribes no content" in part, stem
        assert set(named) <= titles, stem
        assert "{@" not in sheet.markdown + letter.markdown
