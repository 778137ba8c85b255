"""Markdown -> HTML body. The only module that imports markdown-it.

Raw HTML stays text, pictures but the pack's own become their words, links go to the web, to mail, to a phone or
inside the document. Headings get the stable ids of the sidecar, by order and text, so that edited text works.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from generator.render.jobs import Anchor
from generator.render.tables import PHONE, column_widths, is_to_fill

_BLANK = re.compile(r"\[ ____ ([^\[\]]*) ____ \]|\[ _{8} \]")
_RULED = re.compile(r"(?:\[ _{8} \]\n?)+")
_TASK = re.compile(r"\[([ xX])\][ \u00a0]")
_SLUG = re.compile(r"[^a-z0-9]+")

MONO_WIDTH = 0.6
"""Width of a character of Plan Mono in em."""
CODE_SIZE_PT = 8.2
SMALLEST_CODE_PT = 4.5


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands in the HTML."""

    level: int
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Body:
    """The HTML of a document's Markdown: title, what stands before the first `##`, then a piece per `##`."""

    title: str
    opening: str
    sections: tuple[str, ...]
    headings: tuple[Heading, ...]

    @property
    def html(self) -> str:
        """Everything after the opening."""
        return "".join(self.sections)

    def outline(self, depth: int) -> tuple[Heading, ...]:
        """The headings of the contents: level 2 down to `depth`."""
        return tuple(heading for heading in self.headings if 2 <= heading.level <= depth)


def to_html(
    markdown: str, anchors: Sequence[Anchor] = (), *,
    width_pt: float = 460.0, letter_pt: float = 4.8, pictures: Collection[str] = (),
) -> Body:  # fmt: skip
    """The body of a document.

    `width_pt` is the width of the text: code lines shrink until they fit. `letter_pt` is the mean width of a
    letter in a table. `pictures` are the names of the only pictures that are shown.
    """
    tokens = _parser().parse(markdown)
    headings = _give_ids(tokens, anchors)
    _mend_links(tokens, {heading.id for heading in headings})
    _mend_tables(tokens, width_pt / letter_pt)
    _mend_lists(tokens)
    _mend_ruled(tokens, width_pt)
    _mend_code(tokens, width_pt)
    start = 3 if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1" else 0
    cuts = [
        at for at in range(start, len(tokens)) if tokens[at].type == "heading_open" and tokens[at].tag == "h2"
    ]
    edges = [*cuts, len(tokens)]
    return Body(
        title=headings[0].words if start else "",
        opening=_rendered(tokens[start : edges[0]], pictures),
        sections=tuple(_rendered(tokens[a:b], pictures) for a, b in pairwise(edges)),
        headings=headings,
    )


class _Renderer(RendererHTML):
    """Renderer with our blanks, gaps, boxes and code."""

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """Text, with write-in blanks made visible and phone numbers kept on one line."""
        html = escape(tokens[idx].content, quote=False)
        if "+" in html:
            html = PHONE.sub(r'<span class="phone">\g<0></span>', html)
        return _BLANK.sub(_blank_html, html) if "[ " in html else html

    def strong_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """`**[GAP: ...]**` stands out."""
        after = tokens[idx + 1].content if idx + 1 < len(tokens) else ""
        return '<strong class="gap">' if after.startswith("[GAP: ") else "<strong>"

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """A picture of the pack's own, named to the letter; of any other its words stand in for it."""
        name = str(tokens[idx].attrGet("src") or "")
        words = self.renderInlineAsText(tokens[idx].children, options, env)
        if name in env["pictures"]:
            return f'<img class="diagram" src="{escape(name)}" alt="{escape(words)}">'
        return escape(f"[picture: {words}]", quote=False)

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """A code block; the lines neither wrap nor change."""
        token = tokens[idx]
        size = token.meta.get("size")
        style = f' style="font-size:{size:g}pt"' if size else ""
        return f"<pre{style}><code>{escape(token.content.rstrip(chr(10)), quote=False)}</code></pre>\n"

    code_block = fence

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """A table with the widths of its columns, where they are fixed."""
        widths = tokens[idx].meta.get("widths", ())
        group = "".join(f'<col style="width:{width:g}%">' for width in widths)
        return f"<table{self.renderAttrs(tokens[idx])}>" + (
            f"<colgroup>{group}</colgroup>\n" if group else "\n"
        )


def _blank_html(match: re.Match[str]) -> str:
    words = match[1]
    if not words:
        return '<span class="blank wide"></span>'
    return f'<span class="blank"><span class="blank-label">{words}</span></span>'


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    return parser.enable(["table", "strikethrough"])


def _rendered(tokens: Sequence[Token], pictures: Collection[str]) -> str:
    parser = _parser()
    return str(parser.renderer.render(list(tokens), parser.options, {"pictures": pictures}))


def _words(inline: Token) -> str:
    """The text of an inline token without markup."""
    return "".join(_leaf_words(inline.children or ()))


def _leaf_words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.children:
            yield from _leaf_words(token.children)


def _give_ids(tokens: Sequence[Token], anchors: Sequence[Anchor]) -> tuple[Heading, ...]:
    """Set the heading ids from the sidecar, else from the words; each id once."""
    opens = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    ids = match_ids([tokens[at + 1].content for at in opens], anchors)
    taken = {identifier for identifier in ids if identifier}
    result = []
    for at, known in zip(opens, ids, strict=True):
        words = _words(tokens[at + 1])
        identifier = known or _slug(words, taken)
        taken.add(identifier)
        tokens[at].attrSet("id", identifier)
        result.append(Heading(level=int(tokens[at].tag[1]), id=identifier, words=words))
    return tuple(result)


def match_ids(texts: Sequence[str], anchors: Sequence[Anchor]) -> list[str | None]:
    """The sidecar's id for each heading text: equal texts in order, then reworded ones in the same place."""
    ids: list[str | None] = [None] * len(texts)
    matcher = SequenceMatcher(None, [anchor.text for anchor in anchors], list(texts), autojunk=False)
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and a_to - a_from == b_to - b_from):
            for offset in range(b_to - b_from):
                ids[b_from + offset] = anchors[a_from + offset].id
    return ids


def _slug(words: str, taken: set[str]) -> str:
    base = _SLUG.sub("-", words.lower()).strip("-") or "section"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _inline_parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    for token in tokens:
        if token.children:
            yield token.children


def _mend_links(tokens: Sequence[Token], ids: set[str]) -> None:
    """A link to a heading that is gone becomes plain words; links inside and outside get a class."""
    for children in _inline_parts(tokens):
        dead = False
        for token in children:
            if token.type == "link_open":
                target = str(token.attrGet("href") or "")
                inside = target.startswith("#")
                dead = (inside and target[1:] not in ids) or not (inside or _is_outside(target))
                token.attrSet("class", "inside" if inside else "outside")
                if dead:
                    token.tag, token.attrs = "span", {}
            elif token.type == "link_close" and dead:
                token.tag, dead = "span", False


def _is_outside(target: str) -> bool:
    return target.startswith(("https://", "http://", "mailto:", "tel:"))


def _mend_tables(tokens: Sequence[Token], room: float) -> None:
    """Header cells get a scope; a table that is too wide for its longest words gets fixed columns."""
    opens = [at for at, token in enumerate(tokens) if token.type == "table_open"]
    for start in opens:
        end = next(at for at in range(start, len(tokens)) if tokens[at].type == "table_close")
        rows: list[list[str]] = []
        for at in range(start, end):
            token = tokens[at]
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(_words(tokens[at + 1]))
                _mend_cell(token, tokens[at + 1])
        if not any(cell.strip() for cell in rows[0]):
            _name_rows(tokens[start:end])
        columns = len(rows[0])
        tokens[start].attrSet("class", f"columns-{columns}" + (" wide" if columns >= 6 else ""))
        plain = [[_BLANK.sub("", cell).strip() for cell in row] for row in rows]
        tokens[start].meta["widths"] = column_widths(plain, room * (1.14 if columns >= 6 else 1))
        if any(is_to_fill(plain, column) for column in range(columns)):
            tokens[start].attrJoin("class", "to-fill")


def _name_rows(tokens: Sequence[Token]) -> None:
    """In a table without headings the first cell of each row is its heading."""
    for at, token in enumerate(tokens):
        if token.type == "td_open" and tokens[at - 1].type == "tr_open":
            token.tag = tokens[at + 2].tag = "th"
            token.attrSet("scope", "row")


def _mend_cell(token: Token, content: Token) -> None:
    align = str(token.attrGet("style") or "").removeprefix("text-align:")
    if align:
        token.attrs.pop("style")
        token.attrSet("class", f"to-{align}")
    if token.type == "th_open":
        if _words(content).strip():
            token.attrSet("scope", "col")
        else:
            token.tag = "td"


def _mend_ruled(tokens: Sequence[Token], width_pt: float) -> None:
    """A paragraph of nothing but blanks becomes ruled lines; a blank at its end reaches the margin."""
    for at, token in enumerate(tokens):
        if token.type != "inline" or tokens[at - 1].type != "paragraph_open" or tokens[at - 1].level:
            continue
        if _RULED.fullmatch(token.content):
            tokens[at - 1].attrSet("class", "ruled")
        elif token.content.endswith("[ ________ ]") and "\n" not in token.content:
            room = width_pt - 5.4 * (len(_words(token)) - 12)
            tokens[at - 1].attrSet("class", "filled")
            tokens[at - 1].attrSet("style", f"--room:{max(90, room):.0f}pt")


def _mend_lists(tokens: Sequence[Token]) -> None:
    """`- [ ] do this` becomes a box to tick on paper."""
    for at, token in enumerate(tokens):
        if token.type != "inline" or at < 2 or tokens[at - 2].type != "list_item_open" or not token.children:
            continue
        first = token.children[0]
        if first.type == "text" and (found := _TASK.match(first.content)):
            box = Token("text", "", 0, content="☐ " if found[1] == " " else "☒ ")
            first.content = first.content[found.end() :]
            open_, close = (
                Token("span_open", "span", 1, attrs={"class": "box"}),
                Token("span_close", "span", -1),
            )
            token.children[:0] = [open_, box, close]
            tokens[at - 2].attrSet("class", "task")


def _mend_code(tokens: Sequence[Token], width_pt: float) -> None:
    """A smaller size for a code block whose longest line does not fit."""
    depth = 0
    for token in tokens:
        if token.type in ("list_item_open", "blockquote_open"):
            depth += 1
        elif token.type in ("list_item_close", "blockquote_close"):
            depth -= 1
        elif token.type in ("fence", "code_block"):
            longest = max((len(line) for line in token.content.split("\n")), default=0)
            room = width_pt - 16 - 20 * depth
            size = room / (MONO_WIDTH * longest) if longest else CODE_SIZE_PT
            if size < CODE_SIZE_PT:
                token.meta = {**token.meta, "size": max(SMALLEST_CODE_PT, int(size * 20) / 20)}
