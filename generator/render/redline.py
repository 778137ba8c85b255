"""The PDF of a redline: the runbook's look, insertions underlined, deletions struck, a bar in the margin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.render.furniture import page_html
from generator.render.jobs import PageSource, PdfOptions, RenderJob
from generator.render.page import furniture_json, stylesheets

TAGS = {"⸨": "<ins>", "⸩": "</ins>", "⸢": "<del>", "⸣": "</del>"}
"""The marks of `diff/text.py`."""

_MARK = re.compile(f"[{''.join(TAGS)}]")
_TAG = re.compile(r"<title>[^<]*</title>|<[^>]*>")


def redline_job(markdown: str, title: str, plan: Mapping[str, Any], *, name: str) -> RenderJob:
    """The job that makes the PDF of a marked text under `title`; `plan` is the new plan as data."""
    source = PageSource(
        markdown=markdown,
        anchors=(),
        layout="runbook",
        title=title,
        audience="internal",
        contents=False,
        outline_depth=2,
        furniture=furniture_json(plan),
    )
    names = (*stylesheets("runbook", plan["identity"]["paper"]), "styles/redline.css")
    return RenderJob(name, marked(page_html(source)), PdfOptions(names))


def marked(html: str) -> str:
    """HTML with the marks in its text as tags, and none in its attributes."""
    clean = _TAG.sub(lambda found: _MARK.sub("", found[0]), html)
    return _MARK.sub(lambda found: TAGS[found[0]], clean)
