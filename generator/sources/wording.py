"""templates/wording.yaml: the sentences of the pack that a client or a firm may replace with its own."""

from __future__ import annotations

from pathlib import Path

from generator.model.catalog import Wording, WordingEntry
from generator.paths import data_folder
from generator.sources.validation import validate_each
from generator.sources.yaml_source import read_yaml_file


def load_wording(path: Path | None = None) -> Wording:
    """The shipped sentences. Raises InvalidInput with every problem."""
    file = path or data_folder("templates") / "wording.yaml"
    data, places = read_yaml_file(file)
    return Wording(entries=tuple(validate_each(WordingEntry, data, places)))
