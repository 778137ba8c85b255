"""A copy of the shipped catalogue with one mistake in it."""

import shutil
from pathlib import Path

import pytest

from generator.errors import InvalidInput
from generator.paths import data_folder
from generator.sources.catalog import load_catalog


def broken(tmp_path: Path, file: str, old: str, new: str) -> list[str]:
    """What loading says when `new` stands in `file` for the first `old`."""
    folder = tmp_path / "catalog"
    shutil.copytree(data_folder("catalog"), folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_catalog([folder])
    return [str(problem) for problem in caught.value.problems]
