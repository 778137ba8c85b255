"""Numbering definitions of our own in a Word document, so that lists number alike with every reference."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart

_DEPTH = 3
_STEP = 340
"""Indent of each depth in twentieths of a point."""


class Numbering:
    """Bullets share one list; every ordered list counts by itself."""

    def __init__(self, document: Document) -> None:
        self._root = _part(document).element
        self._bullet = self._definition("bullet")
        self._decimal = self._definition("decimal")
        self._bullets: int | None = None
        self._numbers: dict[int, int] = {}

    def bullets(self) -> int:
        """The number of the bulleted list."""
        if self._bullets is None:
            self._bullets = self._root.add_num(self._bullet).numId
        return self._bullets

    def numbers(self, list_number: int, start: int, depth: int) -> int:
        """The number of the ordered list that the blocks call `list_number`."""
        if list_number not in self._numbers:
            made = self._root.add_num(self._decimal)
            made.add_lvlOverride(ilvl=depth - 1).add_startOverride(start)
            self._numbers[list_number] = made.numId
        return self._numbers[list_number]

    def _definition(self, kind: str) -> int:
        """Add an abstract definition; all of these stand before the lists that use them."""
        taken = [int(a.get(qn("w:abstractNumId"))) for a in self._root.findall(qn("w:abstractNum"))]
        identifier = max(taken, default=-1) + 1
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
            f'<w:lvlText w:val="{"•" if kind == "bullet" else f"%{level + 1}."}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{_STEP * (level + 1)}" w:hanging="{_STEP}"/></w:pPr></w:lvl>'
            for level in range(_DEPTH)
        )
        made = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identifier}">'
            f'<w:multiLevelType w:val="hybridMultilevel"/>{levels}</w:abstractNum>'
        )
        before = (qn("w:numPicBullet"), qn("w:abstractNum"))
        self._root.insert(sum(child.tag in before for child in self._root), made)
        return identifier


def _part(document: Document) -> Any:
    """The numbering part, made where the reference has none."""
    part = document.part
    for relation in part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING:
            return relation.target_part
    made = NumberingPart(
        PackURI("/word/numbering.xml"),
        CONTENT_TYPE.WML_NUMBERING,
        parse_xml(f"<w:numbering {nsdecls('w')}/>"),
        part.package,
    )
    part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    return made
