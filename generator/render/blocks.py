"""The HTML of a document's Markdown -> flat blocks of runs, for formats that know no HTML. Pure.

Reads what `html.py` writes and nothing else: ids of headings, widths of columns, write-in blanks, gaps and
boxes to tick are there already, so that every format shows the same document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Literal

Mark = Literal["bold", "italic", "strike", "code", "gap", "blank", "note"]
Item = Literal["", "bullet", "number", "task", "more"]

_SPACE = re.compile(r"[ \t\r\n]+")
_WIDTH = re.compile(r"width:([0-9.]+)%")
_MARKS: dict[str, Mark] = {"strong": "bold", "em": "italic", "s": "strike", "del": "strike", "code": "code"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
WIDE_BLANK = "[ ________ ]"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. A line break is a run of its own: `\\n`."""

    text: str
    marks: frozenset[Mark] = frozenset()
    link: str = ""
    """An address, or `#id` of a heading of the same document."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    runs: tuple[Run, ...]
    align: Literal["", "right", "center"] = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, block of code, rule, table or picture, with its place in lists and boxes."""

    kind: Literal["heading", "paragraph", "ruled", "code", "rule", "table", "picture"]
    runs: tuple[Run, ...] = ()
    level: int = 0
    id: str = ""
    """Of a heading; of a picture its name."""
    item: Item = ""
    """The kind of list item that begins here; `more`: a further block of an item."""
    depth: int = 0
    """How deep in lists, from 1."""
    list_number: int = 0
    """Tells ordered lists apart, from 1."""
    start: int = 1
    """The number that an ordered list begins with."""
    quoted: bool = False
    rows: tuple[tuple[Cell, ...], ...] = ()
    """The first row heads the columns."""
    widths: tuple[float, ...] = ()
    """Share of each column in percent."""


def blocks(html: str) -> tuple[Block, ...]:
    """The blocks of a piece of HTML that `html.to_html` made."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return tuple(reader.found)


@dataclass(slots=True)
class _List:
    item: Item
    number: int = 0
    start: int = 1


@dataclass(slots=True)
class _Table:
    widths: list[float] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    align: Literal["", "right", "center"] = ""


class _Reader(HTMLParser):
    """Collects blocks; a paragraph without `<p>` (in a tight list) begins with its first text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self._runs: list[Run] | None = None
        self._block = Block("paragraph")
        self._lists: list[_List] = []
        self._ordered = 0
        self._item: Item = ""
        self._quotes = 0
        self._marks: list[tuple[str, Mark | None]] = []
        self._links: list[str] = []
        self._spans: list[str] = []
        self._table: _Table | None = None
        self._in_code = False
        self._note_may_begin = False

    # --- blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block or a mark."""
        values = {name: value or "" for name, value in attrs}
        classes = values.get("class", "").split()
        if tag in _HEADINGS:
            self._begin(Block("heading", level=int(tag[1]), id=values.get("id", "")))
        elif tag == "p":
            self._begin(Block("ruled" if "ruled" in classes else "paragraph"))
        elif tag == "pre":
            self._begin(Block("code"))
            self._in_code = True
        elif tag == "hr":
            self.end_block()
            self.found.append(self._placed(Block("rule")))
        elif tag in ("ul", "ol"):
            self.end_block()
            self._ordered += tag == "ol"
            start = int(values.get("start", "1"))
            self._lists.append(
                _List("number", self._ordered, start) if tag == "ol" else _List("bullet", start=start)
            )
        elif tag == "li":
            self.end_block()
            self._item = "task" if "task" in classes else self._lists[-1].item
        elif tag == "blockquote":
            self.end_block()
            self._quotes += 1
        elif tag in ("table", "col", "tr", "th", "td"):
            self._start_of_table(tag, values, classes)
        else:
            self._start_of_mark(tag, values, classes)

    def handle_endtag(self, tag: str) -> None:
        """Close a block or a mark."""
        if tag in _HEADINGS or tag in ("p", "pre"):
            self.end_block()
            self._in_code = False
        elif tag in ("ul", "ol"):
            self.end_block()
            self._lists.pop()
            self._item = "more" if self._lists else ""
        elif tag == "li":
            self.end_block()
        elif tag == "blockquote":
            self.end_block()
            self._quotes -= 1
        elif tag in ("th", "td") and self._table:
            self._table.rows[-1].append(Cell(_trimmed(self._runs or []), self._table.align))
            self._runs = None
        elif tag == "table" and self._table:
            table, self._table = self._table, None
            rows = tuple(tuple(row) for row in table.rows)
            widths = tuple(table.widths) or (100 / len(rows[0]),) * len(rows[0])
            self.found.append(self._placed(Block("table", rows=rows, widths=widths)))
        else:
            self._end_of_mark(tag)

    def _start_of_table(self, tag: str, values: dict[str, str], classes: list[str]) -> None:
        if tag == "table":
            self.end_block()
            self._table = _Table()
        elif self._table is None:
            return
        elif tag == "col":
            width = _WIDTH.search(values.get("style", ""))
            self._table.widths.append(float(width[1]) if width else 0.0)
        elif tag == "tr":
            self._table.rows.append([])
        else:
            self._runs = []
            self._table.align = (
                "right" if "to-right" in classes else "center" if "to-center" in classes else ""
            )

    def _begin(self, block: Block) -> None:
        self.end_block()
        self._block, self._runs = block, []

    def _placed(self, block: Block) -> Block:
        """The block with its place; the next one of the same list item is a further one."""
        here = self._lists[-1] if self._lists else None
        item: Item = self._item if here else ""
        if here:
            self._item = "more"
        return replace(
            block,
            item=item,
            depth=len(self._lists),
            list_number=here.number if here else 0,
            start=here.start if here else 1,
            quoted=self._quotes > 0,
        )

    def end_block(self) -> None:
        """Finish the paragraph that is open, if one is."""
        if self._runs is None or self._table:
            return
        runs = tuple(self._runs) if self._in_code else _trimmed(self._runs)
        if runs:
            self.found.append(self._placed(replace(self._block, runs=runs)))
        self._runs, self._block = None, Block("paragraph")

    # --- text and marks

    def handle_data(self, data: str) -> None:
        """Text; outside of code any white space is one space."""
        if self._in_code:
            self._add(data)
            return
        text = _SPACE.sub(" ", data)
        if self._runs is None:
            if self._table or not text.strip():
                return
            self._runs = []
        if self._note_may_begin and text.startswith("["):
            self._marks[-1] = ("em", "note")
        self._note_may_begin = False
        self._add(text)

    def _add(self, text: str) -> None:
        if self._runs is None:
            self._runs = []
        marks = frozenset(mark for _, mark in self._marks if mark)
        self._runs.append(Run(text, marks, self._links[-1] if self._links else ""))

    def _start_of_mark(self, tag: str, values: dict[str, str], classes: list[str]) -> None:
        if tag == "br":
            self._add("\n")
        elif tag == "img":
            picture = Block("picture", runs=(Run(values.get("alt", "")),), id=values.get("src", ""))
            self.found.append(self._placed(picture))
        elif tag == "a":
            self._links.append(values.get("href", ""))
        elif tag == "span" and "blank" in classes:
            self._marks.append(("span", "blank"))
            self._spans.append("blank" if "wide" not in classes else "wide")
            self._add(WIDE_BLANK if "wide" in classes else "[ ____ ")
        elif tag == "span":
            self._spans.append("")
        elif tag in _MARKS and not self._in_code:
            self._marks.append((tag, "gap" if "gap" in classes else _MARKS[tag]))
            self._note_may_begin = tag == "em"

    def _end_of_mark(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._links.pop()
        elif tag == "span" and self._spans:
            kind = self._spans.pop()
            if kind == "blank":
                self._add(" ____ ]")
            if kind:
                self._marks.pop()
        elif tag in _MARKS and not self._in_code and self._marks:
            self._marks.pop()


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """The runs without white space at both ends and after line breaks; empty ones are left out."""
    kept: list[Run] = []
    for run in runs:
        text = run.text.lstrip(" ") if not kept or kept[-1].text == "\n" else run.text
        if text:
            kept.append(replace(run, text=text))
    while kept and not kept[-1].text.strip(" \n"):
        kept.pop()
    if kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" "))
    return tuple(kept)
