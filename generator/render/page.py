"""Composed documents -> render jobs. Light: the HTML is made where the PDF is made."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from generator.errors import UsageProblem
from generator.paths import data_folder
from generator.render.jobs import DocxOptions, Embedded, FormSource, PageSource, PdfOptions, RenderJob

if TYPE_CHECKING:
    from generator.render.markdown import Composed


def pdf_job(
    composed: Composed,
    plan: Mapping[str, Any],
    *,
    markdown: str | None = None,
    logo: bytes | None = None,
    name: str | None = None,
    embedded: Sequence[Embedded] = (),
) -> RenderJob:
    """The job that makes a document's PDF. `markdown` replaces the composed text where a person edited it.

    `plan` is the plan as plain data. `name` is the file name in the pack when it is not the document's own.
    `embedded` goes into a document that holds its sources, and into no other.
    """
    source = _source(composed, plan, markdown, logo)
    options = PdfOptions(
        stylesheets=stylesheets(composed.layout, plan["identity"]["paper"]),
        exact_pages=2 if composed.layout == "card" else None,
        logo=logo,
        pictures=composed.pictures,
        embedded=tuple(embedded) if composed.holds_sources else (),
    )
    return RenderJob(name or f"{composed.stem}.pdf", source, options)


def docx_job(
    composed: Composed,
    plan: Mapping[str, Any],
    reference: Reference,
    *,
    markdown: str | None = None,
    logo: bytes | None = None,
) -> RenderJob:
    """The job that makes a document for Word, in the look of `reference`."""
    options = DocxOptions(
        reference=reference.data,
        reference_sha256=hashlib.sha256(reference.data).hexdigest(),
        reference_name=reference.name,
        firms_own=reference.firms_own,
        logo=logo,
        pictures=composed.pictures,
    )
    return RenderJob(f"{composed.stem}.docx", _source(composed, plan, markdown, logo), options)


@dataclass(frozen=True, slots=True)
class Reference:
    """A Word document whose styles, header and footer are used."""

    data: bytes
    name: str
    """For messages."""
    firms_own: bool


def reference_doc(path: Path | None) -> Reference:
    """The reference document at `path`, or the shipped one. Raises UsageProblem for a file that is none."""
    own = data_folder("templates") / "docx" / "reference.docx"
    try:
        data = (path or own).read_bytes()
        with ZipFile(io.BytesIO(data)) as package:
            package.getinfo("word/document.xml")
    except (OSError, BadZipFile, KeyError) as error:
        raise UsageProblem(f"{path or own}: no Word document (.docx) that can be read") from error
    return Reference(data, str(path or own.name), path is not None)


def _source(
    composed: Composed, plan: Mapping[str, Any], markdown: str | None, logo: bytes | None
) -> PageSource:
    return PageSource(
        markdown=composed.markdown if markdown is None else markdown,
        anchors=composed.anchors,
        layout=composed.layout,
        title=composed.title,
        audience=composed.audience,
        contents=composed.contents,
        outline_depth=composed.outline_depth,
        furniture=furniture_json(plan),
        has_logo=logo is not None,
        pictures=tuple(name for name, _ in composed.pictures),
    )


def form_job(
    form: Mapping[str, Any], plan: Mapping[str, Any], *, name: str, logo: bytes | None = None
) -> RenderJob:
    """The job that makes the fillable form of `rca.filled_form`: an ordinary PDF, since forms fail PDF/UA."""
    source = FormSource(json.dumps(form), furniture_json(plan), logo is not None)
    names = (*stylesheets("form", plan["identity"]["paper"]), "styles/fillable.css")
    return RenderJob(name, source, PdfOptions(names, variant=None, forms=True, logo=logo))


def furniture_json(plan: Mapping[str, Any]) -> str:
    """What the head and the running lines say, as JSON."""
    return json.dumps({key: plan[key] for key in ("identity", "branding", "as_of")})


def stylesheets(layout: str, paper: str) -> tuple[str, ...]:
    """The styles of a layout, in order."""
    sheet = f"{paper}-landscape" if layout == "card" else paper
    return ("styles/fonts.css", "styles/base.css", f"styles/{layout}.css", f"styles/{sheet}.css")
