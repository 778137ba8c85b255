"""A drawing of the pack in a Word document: as SVG, with its words as the description for those who cannot see it.

Word shows the SVG since 2016; the format wants a raster picture beside it for older readers, here one white pixel;
so the caption says what the drawing shows.
"""

from __future__ import annotations

import base64
import io
import re
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Emu, Pt

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg=="
)
_BOX = re.compile(rb'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_EXTENSION = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="{relation}"/>'
    "</a:ext></a:extLst>"
)


def add_drawing(document: Document, paragraph: Any, name: str, svg: bytes, words: str, width: int) -> None:
    """Put the drawing `name` into a paragraph, not wider than `width` (EMU); `words` describe it."""
    box = _BOX.search(svg)
    across, down = (float(box[1]), float(box[2])) if box else (400.0, 300.0)
    shown = min(Pt(across), width)
    part = document.part
    inline = part.new_pic_inline(io.BytesIO(_PIXEL), Emu(shown), Emu(round(shown * down / across)))
    drawing = Part(PackURI(f"/word/media/{name}"), "image/svg+xml", svg, part.package)
    relation = part.relate_to(drawing, RELATIONSHIP_TYPE.IMAGE)
    blip = next(inline.iter(qn("a:blip")))
    blip.append(parse_xml(_EXTENSION.format(relation=relation)))
    for place in [inline.docPr, *inline.iter(qn("pic:cNvPr"))]:
        place.set("name", name)
        place.set("descr", words)
    paragraph.add_run()._r.add_drawing(inline)
