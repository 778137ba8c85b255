"""Rendering as independent jobs: plain values that travel to another process, and the key of their result."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from generator.errors import RenderError

Variant = Literal["pdf/ua-1", "pdf/a-3a"]


class MissingGlyphs(RenderError):
    """The shipped fonts lack characters. `characters` lets the caller find their place in the profile."""

    def __init__(self, message: str, characters: str = "") -> None:
        super().__init__(message, characters)
        self.message = message
        self.characters = characters

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """What decides the bytes of a PDF beside the HTML and the shipped files."""

    stylesheets: tuple[str, ...]
    variant: Variant | None = "pdf/ua-1"
    """None: an ordinary PDF, as a fillable form must be."""
    forms: bool = False
    exact_pages: int | None = None
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class RenderJob:
    """One PDF to make. `name` is its path in the pack, for messages and the cache."""

    name: str
    html: str
    options: PdfOptions

    def key(self, shipped_fingerprint: str) -> str:
        """Hash of everything that decides the bytes: HTML, options, shipped files, versions."""
        digest = hashlib.sha256()
        parts: Mapping[str, bytes] = {
            "shipped": shipped_fingerprint.encode(),
            "options": repr(self.options).encode(),
            "html": self.html.encode(),
        }
        for name, data in parts.items():
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()


def run_job(job: RenderJob) -> bytes:
    """Make one PDF in this process. Raises RenderError."""
    from generator.render.assets import shipped

    if job.options.forms:
        from generator.render.forms import to_form

        return to_form(job.html, assets=shipped(), options=job.options, name=job.name)
    from generator.render.pdf import to_pdf

    return to_pdf(job.html, assets=shipped(), options=job.options, name=job.name)
