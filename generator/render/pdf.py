"""HTML -> PDF bytes, in a closed world. The only module that imports WeasyPrint (and pikepdf, with forms.py).

Documents are PDF/A-3a, for archives and with their sources inside where asked, and say that they are PDF/UA-1 too:
tagged, titled, with a language. Nothing is read but the bytes handed in, and any line in WeasyPrint's
log is an error. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import lru_cache
from html import unescape
from typing import Any

import pikepdf
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from generator.errors import RenderError
from generator.render.faces import characters
from generator.render.jobs import Embedded, MissingGlyphs, PdfOptions, TooLong

BASE = "https://airplan.invalid/"
"""Stands for the shipped files. The name cannot exist (RFC 2606)."""

SCALES = (1.16, 1.08, 1.0, 0.92, 0.84, 0.76, 0.68)
"""Sizes for a document of an exact number of pages, largest first; the largest that fits wins."""

FONT_PREFIX = "Plan-"


def to_pdf(html: str, *, assets: Mapping[str, bytes], options: PdfOptions, name: str = "document") -> bytes:
    """Render one document. `assets` are the shipped files by their names, `name` is for messages.

    Raises RenderError for anything that could not be loaded or understood, a missing glyph, a strange font,
    or a document that does not fit its number of pages.
    """
    drawn = "".join(data.decode() for picture, data in options.pictures if picture.endswith(".svg"))
    _check_glyphs(html + drawn, assets, name)
    fetcher = _Shipped(assets, options.logo, dict(options.pictures))
    with _strict_log(name):
        try:
            document = HTML(string=html, base_url=BASE, url_fetcher=fetcher)
            styles = _styles(options.stylesheets, _Frozen(assets))
            pages = _laid_out(document, styles, options, name)
            data: bytes = pages.write_pdf(
                finisher=_finisher(options),
                pdf_variant=options.variant,
                pdf_forms=options.forms or None,
                pdf_tags=options.variant is None,
                attachments=[_attachment(one) for one in sorted(options.embedded, key=lambda one: one.name)],
            )
        except FatalURLFetchingError as error:
            raise RenderError(f"{name}: {error}") from error
    _check_fonts(data, name)
    return data


def _laid_out(document: HTML, styles: list[CSS], options: PdfOptions, name: str) -> Any:
    """The laid-out pages; where their number is fixed, in the largest type that fits."""
    if options.exact_pages is None:
        return _layout(document, styles, options)
    best: Any = None
    fits, low, high = 0, 0, len(SCALES)
    while low < high:
        middle = (low + high) // 2
        pages = _layout(document, [*styles, _scaled(SCALES[middle])], options)
        fits = len(pages.pages)
        if fits <= options.exact_pages:
            best, high = pages, middle
        else:
            low = middle + 1
    if best is not None and len(best.pages) == options.exact_pages:
        return best
    found = fits if best is None else len(best.pages)
    hint = "even in the smallest type" if best is None else "only"
    kind = TooLong if best is None else RenderError
    raise kind(f"{name}: {found} pages {hint}; it must be {options.exact_pages}")


def _layout(document: HTML, styles: list[CSS], options: PdfOptions) -> Any:
    return document.render(
        font_config=_fonts(),
        stylesheets=styles,
        pdf_variant=options.variant,
        pdf_forms=options.forms or None,
        pdf_tags=options.variant is None,
    )


def _attachment(file: Embedded) -> Attachment:
    """A file for the PDF's own list of files, dated by the plan."""
    dated = datetime.combine(file.dated, time(), UTC)
    return Attachment(
        string=file.data,
        name=file.name,
        description=file.description,
        relationship="Source",
        created=dated,
        modified=dated,
    )


def _finisher(options: PdfOptions) -> Callable[[Any, Any], None]:
    """The last touch on a PDF before it is written."""

    def finish(_: Any, pdf: Any) -> None:
        media = {file.name: file.media_type for file in options.embedded}
        objects: list[Any] = [item for item in pdf.objects if isinstance(item, dict)]
        parents = {item.reference: item for item in objects}
        for item in objects:
            if item.get("S") == "/TH" and "A" in item:
                # Whether it heads its column or its row; WeasyPrint only links the cells to it by id.
                group = parents.get(parents.get(item.get("P"), {}).get("P"), {})
                item["A"].setdefault("Scope", "/Column" if group.get("S") == "/THead" else "/Row")
            if item.get("Type") == "/Filespec":
                stream = pdf.objects[int(item["EF"]["F"].split()[0])]
                kind = media[item["UF"].string]
                stream.extra["Subtype"] = "/" + kind.replace("/", "#2f")
        if "AF" in pdf.catalog:
            pdf.catalog["AF"] = type(pdf.catalog["AF"])(dict.fromkeys(pdf.catalog["AF"]))  # each stands twice
        if options.variant == "pdf/a-3a":
            _say_accessible(pdf)

    return finish


_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""
"""PDF/UA-1 (ISO 14289-1) beside PDF/A: its mark, and the description that PDF/A (ISO 19005-3, 6.6.2.3) wants of it."""


def _say_accessible(pdf: Any) -> None:
    """Add the mark of PDF/UA-1 to the metadata of a PDF/A file; WeasyPrint writes the mark of one variant only."""
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    [text] = stream.stream
    stream.stream = [text.replace(b"</rdf:RDF>", _UA, 1)]


class _Frozen:
    """Shipped files as a key of the cache: compared by identity."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        self.assets = assets

    def __hash__(self) -> int:
        return id(self.assets)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.assets is self.assets


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    """One font configuration for the life of the process: reading fonts is dear."""
    return FontConfiguration()


@lru_cache(maxsize=32)
def _style(name: str, frozen: _Frozen) -> CSS:
    if name not in frozen.assets:
        raise RenderError(f"there is no style {name}")
    text = frozen.assets[name].decode()
    return CSS(
        string=text, base_url=BASE + name, url_fetcher=_Shipped(frozen.assets, None), font_config=_fonts()
    )


def _styles(names: tuple[str, ...], frozen: _Frozen) -> list[CSS]:
    return [_style(name, frozen) for name in names]


@lru_cache(maxsize=len(SCALES))
def _scaled(scale: float) -> CSS:
    return CSS(string=f":root {{ font-size: {8.6 * scale:.2f}pt }}", base_url=BASE)


class _Shipped(URLFetcher):  # type: ignore[misc]
    """Serves the shipped files, the logo and the pack's pictures from memory; every other address stops the render."""

    def __init__(
        self, assets: Mapping[str, bytes], logo: bytes | None, pictures: Mapping[str, bytes] | None = None
    ) -> None:
        super().__init__()
        self._assets = assets
        self._logo = logo
        self._pictures = pictures or {}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The bytes behind `url`."""
        name = url.removeprefix(BASE) if url.startswith(BASE) else None
        if name == "logo" and self._logo is not None:
            return URLFetcherResponse(url, self._logo)
        if name is not None and name in self._pictures:
            return URLFetcherResponse(url, self._pictures[name])
        if name is None or name not in self._assets:
            raise FatalURLFetchingError(f"blocked: {url}")
        return URLFetcherResponse(url, self._assets[name])


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.lines.append(record.getMessage())


@contextmanager
def _strict_log(name: str) -> Iterator[None]:
    """Turn every warning of WeasyPrint into RenderError."""
    logger = logging.getLogger("weasyprint")
    collector = _Collector()
    kept = logger.propagate, logger.handlers[:]
    logger.handlers, logger.propagate = [collector], False
    try:
        yield
    finally:
        logger.propagate, logger.handlers = kept
    if collector.lines:
        raise RenderError(f"{name}: " + "; ".join(dict.fromkeys(collector.lines)))


_UPRIGHT = ("Sans-Regular.woff2", "DejaVuSans.ttf")
_TEXT = re.compile(r"<(?:head|style)\b.*?</(?:head|style)>|<[^>]*>", re.DOTALL)


def _check_glyphs(html: str, assets: Mapping[str, bytes], name: str) -> None:
    """Refuse characters that the shipped fonts lack; a reader would see a box or a stranger's font."""
    text = unescape(_TEXT.sub(" ", html))
    strange = {char for char in set(text) if ord(char) > 126 and not char.isspace()}
    missing = strange - _covered(_Frozen(assets)) if strange else set()
    if not missing:
        return
    messages = []
    for char in sorted(missing):
        at = text.index(char)
        around = " ".join(text[max(0, at - 30) : at + 30].split())
        label = unicodedata.name(char, "no name")
        messages.append(f'no glyph for {char!r} (U+{ord(char):04X} {label}) in "{around}"')
    raise MissingGlyphs(f"{name}: " + "; ".join(messages), "".join(sorted(missing)))


@lru_cache(maxsize=2)
def _covered(frozen: _Frozen) -> frozenset[str]:
    """The characters that the regular faces have, together."""
    files = [data for name, data in frozen.assets.items() if name.endswith(_UPRIGHT)]
    return characters(files)


def font_names(pdf: bytes) -> tuple[str, ...]:
    """The names of all fonts embedded in a PDF, without the subset tag."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        names = {
            str(item["/FontName"]).lstrip("/")
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        }
    return tuple(sorted(re.sub(r"^[A-Z]{6}\+", "", name) for name in names))


def _check_fonts(pdf: bytes, name: str) -> None:
    strangers = [font for font in font_names(pdf) if not font.startswith(FONT_PREFIX)]
    if strangers:
        raise RenderError(f"{name}: a font that is not ours came in: {', '.join(strangers)}")
