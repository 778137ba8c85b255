"""Where the product's data folders are: in a checkout, or inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_data"


def data_folder(name: str) -> Path:
    """The folder `name` (`templates`, `regulations`, `catalog`, `profiles`, `schemas`).

    An installed wheel carries the folders in `generator/_data`; an editable install or a
    checkout has them beside the package.
    """
    root = _IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parent
    return root / name
