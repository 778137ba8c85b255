"""Where a chapter stands in a finished PDF: titles of the outline with their pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf


def page_count(pdf: bytes) -> int:
    """The number of pages."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def outline_pages(pdf: bytes) -> dict[str, int]:
    """Title -> page, counted from 1, of every entry of the outline; of two with one title the first."""
    found: dict[str, int] = {}
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as outline:
        numbers = {page.objgen: at for at, page in enumerate(opened.pages, 1)}
        for item in _items(outline.root):
            target = item.destination
            page = target[0] if isinstance(target, pikepdf.Array) and len(target) else None
            number = numbers.get(page.objgen) if isinstance(page, pikepdf.Object) else None
            if number is not None:
                found.setdefault(str(item.title), number)
    return found


def _items(level: Any) -> Iterator[Any]:
    for item in level:
        yield item
        yield from _items(item.children)
