"""Blocks -> the body of a Word document: real styles, tables with header rows, bookmarks, links, contents.

With docx.py the only module that imports python-docx.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from generator.render.blocks import WIDE_BLANK, Block, Cell, Run
from generator.render.docx_lists import Numbering
from generator.render.docx_pictures import add_drawing
from generator.render.html import Heading

CHARACTER_STYLES = {"code": "Inline Code", "gap": "Gap", "blank": "Blank", "note": "Instruction"}
DIRECT_LOOKS = {"bold": "b", "italic": "i", "strike": "strike"}
ITEM_STYLES = {
    "": "Body Text",
    "bullet": "List Bullet",
    "number": "List Number",
    "task": "Check List",
    "more": "List Continue",
}
WIDE_TABLE = 6
"""From so many columns on, a table is set smaller."""
_LONGEST_BOOKMARK = 40
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_BAD_IN_BOOKMARK = re.compile(r"[^A-Za-z0-9_]")


def clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def bookmark(identifier: str) -> str:
    """A heading's id as the name of a bookmark: letters, digits, underscores, at most 40, and still one of its kind."""
    name = f"x_{_BAD_IN_BOOKMARK.sub('_', identifier)}"
    if name == f"x_{identifier}" and len(name) <= _LONGEST_BOOKMARK:
        return name
    return f"{name[:31]}_{hashlib.sha256(identifier.encode()).hexdigest()[:8]}"


def element(tag: str, **attributes: object) -> Any:
    """An element of WordprocessingML with its attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def add_field(paragraph: Any, code: str, shown: str) -> None:
    """A field such as PAGE, with the words that stand there until Word updates it."""
    field_mark(paragraph._p, "begin")
    field_code(paragraph._p, code)
    field_mark(paragraph._p, "separate")
    paragraph.add_run(shown)
    field_mark(paragraph._p, "end")


def field_mark(parent: Any, kind: str, **attributes: str) -> None:
    run = element("r")
    run.append(element("fldChar", fldCharType=kind, **attributes))
    parent.append(run)


def field_code(parent: Any, code: str) -> None:
    run = element("r")
    text = element("instrText")
    text.text = f" {code} "
    run.append(text)
    parent.append(run)


class BodyWriter:
    """Writes blocks at the end of a document.

    `width` is that of the text. `turns`: a rule turns the page, as in a letter or card.
    """

    def __init__(self, document: Document, width: Any, *, turns: bool, pictures: Mapping[str, bytes]) -> None:
        self._document = document
        self._width = int(width.twips)
        self._turns = turns
        self._pictures = pictures
        self._turn_due = False
        self._bookmarks = 0
        self._styles = {style.name: style.style_id for style in document.styles}
        self._numbering = Numbering(document)
        self._links: dict[str, str] = {}

    def title(self, words: str, identifier: str, *, letter: bool = False) -> None:
        """The title of the document."""
        self._marked(self._paragraph("Letter Title" if letter else "Title", (Run(words),)), identifier)

    def turn(self) -> None:
        """What comes next begins a page."""
        self._turn_due = True

    def add(self, blocks: Iterable[Block]) -> None:
        """Write blocks in order."""
        for block in blocks:
            if block.kind == "rule" and self._turns:
                self.turn()
            elif block.kind == "rule":
                self._paragraph("Rule", ())
            elif block.kind == "heading":
                level = max(1, min(block.level - 1, 5))
                self._marked(self._paragraph(f"Heading {level}", block.runs), block.id)
            elif block.kind == "code":
                self._code(block)
            elif block.kind == "table":
                self._table(block.rows, block.widths)
            elif block.kind == "picture":
                words = "".join(run.text for run in block.runs)
                line = self._paragraph("Body Text", ())
                add_drawing(
                    self._document, line, block.id, self._pictures[block.id], words, self._width * 635
                )
                self._paragraph("Table Text Small", (Run(f"Drawing {block.id}: {words}"),))
            elif block.kind == "ruled":
                for _ in "".join(run.text for run in block.runs).split(WIDE_BLANK)[1:]:
                    self._paragraph("Write-in Line", (Run("\t"),))
            else:
                self._text(block)

    def contents(self, outline: Sequence[Heading], depth: int) -> None:
        """A contents field. Its entries are there before Word fills in the numbers of the pages."""
        self._paragraph("Contents Heading", (Run("Contents"),))
        for at, heading in enumerate(outline):
            line = self._paragraph(f"toc {heading.level - 1}", ())
            if at == 0:
                field_mark(line._p, "begin", dirty="true")
                field_code(line._p, f'TOC \\o "1-{max(1, depth - 1)}" \\h \\z \\u')
                field_mark(line._p, "separate")
            link = element("hyperlink", anchor=bookmark(heading.id), history="1")
            link.append(self._run(Run(heading.words), ""))
            link.append(self._run(Run("\t"), ""))
            line._p.append(link)
            for kind in ("begin", "separate", "end"):
                if kind == "separate":
                    field_code(link, f"PAGEREF {bookmark(heading.id)} \\h")
                field_mark(link, kind)
            if at == len(outline) - 1:
                field_mark(line._p, "end")

    # --- paragraphs

    def _paragraph(self, style: str, runs: Sequence[Run]) -> Any:
        line = self._document.add_paragraph()
        line._p.style = self._styles[style]
        if self._turn_due:
            line.paragraph_format.page_break_before = True
            self._turn_due = False
        self._fill(line._p, runs)
        return line

    def _text(self, block: Block) -> None:
        if block.quoted:
            self._paragraph("Box", block.runs)
            return
        depth = min(block.depth, 3)
        suffix = f" {depth}" if depth > 1 else ""
        line = self._paragraph(ITEM_STYLES[block.item] + suffix, block.runs)
        if block.item in ("bullet", "number"):
            number = (
                self._numbering.bullets()
                if block.item == "bullet"
                else self._numbering.numbers(block.list_number, block.start, depth)
            )
            properties = line._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = depth - 1
            properties.get_or_add_numId().val = number

    def _code(self, block: Block) -> None:
        """A paragraph for each line, so that a copied command is the command, without a line break of Word's own."""
        lines = "".join(run.text for run in block.runs).rstrip("\n").split("\n")
        for at, text in enumerate(lines):
            line = self._paragraph("Source Code", (Run(text),))
            if at < len(lines) - 1:
                line.paragraph_format.keep_with_next = True

    def _marked(self, line: Any, identifier: str) -> None:
        """Put a bookmark around a paragraph's words."""
        self._bookmarks += 1
        start = element("bookmarkStart", id=self._bookmarks, name=bookmark(identifier))
        place = 1 if line._p.pPr is not None else 0
        line._p.insert(place, start)
        line._p.append(element("bookmarkEnd", id=self._bookmarks))

    # --- runs

    def _fill(self, parent: Any, runs: Sequence[Run]) -> None:
        link: Any = None
        target = ""
        for run in runs:
            if not run.link:
                link, target = None, ""
                parent.append(self._run(run, ""))
                continue
            if link is None or run.link != target:
                link, target = self._hyperlink(run.link), run.link
                parent.append(link)
            link.append(self._run(run, "" if run.link.startswith("#") else "Hyperlink"))

    def _hyperlink(self, target: str) -> Any:
        if target.startswith("#"):
            return element("hyperlink", anchor=bookmark(target[1:]), history="1")
        if target not in self._links:
            self._links[target] = self._document.part.relate_to(
                clean(target), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
        link = element("hyperlink", history="1")
        link.set(qn("r:id"), self._links[target])
        return link

    def _run(self, run: Run, style: str) -> Any:
        made = element("r")
        style = next((name for mark, name in CHARACTER_STYLES.items() if mark in run.marks), style)
        look = element("rPr")
        if style:
            look.append(element("rStyle", val=self._styles[style]))
        look.extend(element(tag) for mark, tag in DIRECT_LOOKS.items() if mark in run.marks)
        if len(look):
            made.append(look)
        made.text = clean(run.text)
        return made

    # --- tables

    def _table(self, rows: Sequence[Sequence[Cell]], widths: Sequence[float]) -> None:
        """A table whose first row heads the columns and comes again on every page."""
        if self._turn_due:
            self._paragraph("Rule", ())
        columns = len(rows[0])
        sizes = [round(self._width * share / 100) for share in widths]
        text_style = "Table Text Small" if columns >= WIDE_TABLE else "Table Text"
        table = self._document.add_table(rows=0, cols=columns, style="Plan Table")
        table.autofit = False
        whole = table._tbl.tblPr.find(qn("w:tblW"))
        whole.set(qn("w:type"), "dxa")
        whole.set(qn("w:w"), str(sum(sizes)))
        for size, column in zip(sizes, table._tbl.tblGrid.findall(qn("w:gridCol")), strict=True):
            column.set(qn("w:w"), str(size))
        for number, cells in enumerate(rows):
            row = element("tr")
            properties = element("trPr")
            properties.append(element("cantSplit"))
            if number == 0:
                properties.append(element("tblHeader"))
            row.append(properties)
            for size, cell in zip(sizes, cells, strict=False):
                row.append(self._cell(cell, size, self._styles[text_style]))
            table._tbl.append(row)
        self._paragraph("After Table", ())

    def _cell(self, cell: Cell, size: int, style: str) -> Any:
        made = element("tc")
        properties = element("tcPr")
        properties.append(element("tcW", w=size, type="dxa"))
        made.append(properties)
        line = element("p")
        look = element("pPr")
        look.append(element("pStyle", val=style))
        if cell.align:
            look.append(element("jc", val=cell.align))
        line.append(look)
        self._fill(line, cell.runs)
        made.append(line)
        return made
