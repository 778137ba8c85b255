"""Whether a text is a draft, and whether anybody approved it, stands in the Markdown of every document."""

from __future__ import annotations

import pytest

from generator.render.markdown import compose
from generator.sources.documents import load_documents, load_rca_form

SPECS = load_documents()


def composed(plan):
    return compose(plan, SPECS, load_rca_form())


def as_of(plan, *, draft: bool, approved: bool):
    return plan.model_copy(
        update={"identity": plan.identity.model_copy(update={"draft": draft, "approved": approved})}
    )


@pytest.mark.parametrize("name", ["clinical_hipaa_ba", "retail_chatbot"])
def test_every_document_says_that_it_is_a_draft_and_not_approved(four, name):
    plan = as_of(four[name].plan, draft=True, approved=False)
    for document in composed(plan):
        top = document.markdown[:1500]
        assert "DRAFT" in top, document.stem
        assert "NOT APPROVED" in top, document.stem


def test_a_document_is_not_called_what_it_is_not(four):
    documents = composed(as_of(four["clinical_hipaa_ba"].plan, draft=False, approved=True))
    assert {d.layout for d in documents} >= {"runbook", "notice", "handling", "card", "sheet", "form"}
    for document in documents:
        assert "NOT APPROVED" not in document.markdown[:1500], document.stem
        assert "DRAFT" not in document.markdown[:1500], document.stem


def test_a_letter_says_it_only_in_the_line_that_is_deleted(four):
    plan = as_of(four["clinical_hipaa_ba"].plan, draft=True, approved=False)
    letters = [d for d in composed(plan) if d.layout == "notice"]
    assert letters
    for letter in letters:
        lines = [line for line in letter.markdown.split("\n") if "NOT APPROVED" in line]
        assert len(lines) == 1, letter.stem
        assert lines[0].startswith("*Template, DRAFT, NOT APPROVED. Drafter: ")
        assert lines[0].endswith("Delete this line before sending.*")
