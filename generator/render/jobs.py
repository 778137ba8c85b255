"""Rendering as independent jobs: plain values that travel to another process, and the key of their result."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from generator.errors import RenderError

Variant = Literal["pdf/ua-1", "pdf/a-3a"]
"""`pdf/a-3a` files also say that they are PDF/UA-1: tagged, titled, with a language and an outline."""


class MissingGlyphs(RenderError):
    """The shipped fonts lack characters. `characters` lets the caller find their place in the profile."""

    def __init__(self, message: str, characters: str = "") -> None:
        super().__init__(message, characters)
        self.message = message
        self.characters = characters

    def __str__(self) -> str:
        return self.message


class TooLong(RenderError):
    """A document does not fit its fixed number of pages. The caller knows which texts of the profile stand in it."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file inside a PDF from which the PDF was made (PDF/A-3: relationship `Source`)."""

    name: str
    media_type: str
    description: str
    data: bytes = field(repr=False)
    sha256: str
    """Stands for `data` in the key of the job."""
    dated: date
    """Midnight UTC of this day is its date of creation: a day of the plan, never the clock."""


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """What decides the bytes of a PDF beside the HTML and the shipped files."""

    stylesheets: tuple[str, ...]
    variant: Variant | None = "pdf/a-3a"
    """None: an ordinary PDF, as a fillable form must be."""
    forms: bool = False
    exact_pages: int | None = None
    logo: bytes | None = None
    pictures: tuple[tuple[str, bytes], ...] = ()
    """Drawings that the pack itself makes, by their names in it: all that a document may show beside the logo."""
    embedded: tuple[Embedded, ...] = ()
    """What the document was made from. Only in documents that stay with house and auditor."""


@dataclass(frozen=True, slots=True)
class DocxOptions:
    """What decides the bytes of a Word document beside its source."""

    reference: bytes = field(repr=False)
    """The document whose styles, header and footer are used."""
    reference_sha256: str
    """Stands for `reference` in the key of the job."""
    reference_name: str
    firms_own: bool = False
    """The reference is not ours."""
    logo: bytes | None = None
    pictures: tuple[tuple[str, bytes], ...] = ()
    """The pack's own drawings, by the names under which the document shows them."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The stable id of one heading, with the heading as it stands in the Markdown."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PageSource:
    """A document before its HTML is made."""

    markdown: str
    anchors: tuple[Anchor, ...]
    layout: str
    title: str
    audience: str
    contents: bool
    outline_depth: int
    furniture: str
    """Identity, branding and date of the plan, as JSON."""
    has_logo: bool = False
    pictures: tuple[str, ...] = ()
    """Names of the pictures that may be shown; any other prints as its words."""


@dataclass(frozen=True, slots=True)
class FormSource:
    """A fillable form before its HTML is made."""

    form: str
    """`rca.filled_form` as JSON."""
    furniture: str
    has_logo: bool = False


@dataclass(frozen=True, slots=True)
class RenderJob:
    """One PDF or Word document to make. `name` is its path in the pack, for messages and the cache."""

    name: str
    source: PageSource | FormSource | str
    """What it is made of; a string is finished HTML."""
    options: PdfOptions | DocxOptions

    def key(self, shipped_fingerprint: str) -> str:
        """Hash of everything that decides the bytes: source, options, shipped files, our code, versions."""
        digest = hashlib.sha256()
        for part in (shipped_fingerprint, repr(self.options), repr(self.source)):
            digest.update(f"{len(part)}\0{part}\0".encode())
        return digest.hexdigest()

    def weight(self) -> int:
        """About how much work it is."""
        match self.source:
            case PageSource():
                return len(self.source.markdown)
            case FormSource():
                return len(self.source.form)
        return len(self.source)


def run_job(job: RenderJob) -> bytes:
    """Make one document in this process. Raises RenderError."""
    if isinstance(job.options, DocxOptions):
        from generator.render.docx import to_docx

        if not isinstance(job.source, PageSource):
            raise RenderError(f"{job.name}: a Word document is made of Markdown")
        return to_docx(job.source, options=job.options)
    from generator.render.assets import shipped
    from generator.render.furniture import page_html

    html = job.source if isinstance(job.source, str) else page_html(job.source)
    if job.options.forms:
        from generator.render.forms import to_form

        return to_form(html, assets=shipped(), options=job.options, name=job.name)
    from generator.render.pdf import to_pdf

    return to_pdf(html, assets=shipped(), options=job.options, name=job.name)
