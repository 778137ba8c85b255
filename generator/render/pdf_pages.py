"""How many pages a PDF has, of a file that may be hostile."""

from __future__ import annotations

import io

import pikepdf


def page_count(pdf: bytes) -> int:
    """The number of pages in the page tree, counted. Raises ValueError with words for what cannot be read as it is."""
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as opened:
            return len(opened.pages)
    except pikepdf.PasswordError:
        raise ValueError("needs a password") from None
    except (pikepdf.PdfError, RuntimeError, RecursionError):
        raise ValueError("cannot be read as a PDF") from None
