"""How long the runbook and the card of the four shipped profiles are, and that the first hour is one page."""

from __future__ import annotations

import io
import re
import subprocess

import pikepdf
import pytest

from generator.render.jobs import run_job
from generator.render.markdown import Composed, compose
from generator.render.page import pdf_job
from generator.sources.documents import load_documents
from tests.conftest import SHIPPED

pytestmark = [pytest.mark.pdf, pytest.mark.slow]

RUNBOOK_PAGES = {"retail_chatbot": range(12, 21)}
OTHERS = range(12, 46)


@pytest.fixture(scope="module")
def rendered(four) -> dict[str, dict[str, tuple[Composed, bytes]]]:
    """Runbook and card of each shipped profile, each rendered once for all tests here."""
    specs = [spec for spec in load_documents() if spec.id in ("runbook", "quick-card")]
    return {
        name: {
            composed.stem: (composed, run_job(pdf_job(composed, planned.plan.to_json_data())))
            for composed in compose(planned.plan, specs)
        }
        for name, planned in four.items()
    }


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def words(pdf: bytes, first: int, last: int) -> str:
    command = ["pdftotext", "-f", str(first), "-l", str(last), "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(text.split())


@pytest.mark.parametrize("name", SHIPPED)
def test_the_runbook_keeps_to_its_pages(rendered, name):
    assert pages(rendered[name]["runbook"][1]) in RUNBOOK_PAGES.get(name, OTHERS)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_card_has_two_sides(rendered, name):
    assert pages(rendered[name]["quick-card"][1]) == 2


@pytest.mark.parametrize("name", SHIPPED)
def test_the_first_hour_is_the_first_page(rendered, name):
    """From its heading to the last word of its last paragraph, and with the command of the main switch whole."""
    composed, pdf = rendered[name]["runbook"]
    part = composed.markdown.partition("\n## First hour\n")[2].partition("\n## ")[0]
    never = re.sub(r"[*`\\]", "", part.strip().splitlines()[-1])
    assert never.startswith("Never.")
    page = words(pdf, 1, 1)
    assert "First hour" in page
    assert " ".join(never.split()[-12:]) in page
    for line in re.search(r"```sh\n(.*?)\n```", part, re.DOTALL)[1].splitlines():
        assert " ".join(line.split()) in page
