"""Pages and chapters of a finished PDF, which may be hostile."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf


def page_count(pdf: bytes) -> int:
    """The number of pages in the page tree, counted. Raises ValueError with words for what cannot be read as it is."""
    with _opened(pdf) as opened:
        return len(opened.pages)


def outline_pages(pdf: bytes) -> dict[str, int]:
    """Title -> page, counted from 1, of every entry of the outline; of two with one title the first.

    Raises ValueError as `page_count` does.
    """
    found: dict[str, int] = {}
    with _opened(pdf) as opened, opened.open_outline() as outline:
        numbers: dict[Any, int] = {page.objgen: at for at, page in enumerate(opened.pages, 1)}
        for item in _items(outline.root):
            target = item.destination
            page = target[0] if isinstance(target, pikepdf.Array) and len(target) else None
            if isinstance(page, pikepdf.Object) and page.objgen in numbers:
                found.setdefault(str(item.title), numbers[page.objgen])
    return found


def _items(level: Any) -> Iterator[Any]:
    for item in level:
        yield item
        yield from _items(item.children)


@contextmanager
def _opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as opened:
            yield opened
    except pikepdf.PasswordError:
        raise ValueError("needs a password") from None
    except (pikepdf.PdfError, RuntimeError, RecursionError):
        raise ValueError("cannot be read as a PDF") from None
