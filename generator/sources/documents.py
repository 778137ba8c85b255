"""templates/documents.yaml and templates/rca/questions.yaml -> the registry of documents and the form."""

from __future__ import annotations

from pathlib import Path, PurePath

from generator.model.document import DocumentSpec
from generator.model.rca import RcaForm
from generator.paths import data_folder
from generator.sources.validation import validate, validate_each
from generator.sources.yaml_source import read_text_file, read_yaml


def load_documents(path: Path | None = None) -> tuple[DocumentSpec, ...]:
    """The registry, in its own order. Raises InvalidInput with every problem."""
    source = path or data_folder("templates") / "documents.yaml"
    shown = source if path else PurePath("templates/documents.yaml")
    data, places = read_yaml(read_text_file(source), shown)
    return validate_each(DocumentSpec, data, places)


def load_exhibits() -> tuple[DocumentSpec, ...]:
    """The exhibits of an evidence pack, in the order of its index. Raises InvalidInput with every problem."""
    return load_documents(data_folder("templates") / "evidence" / "exhibits.yaml")


def load_rca_form(path: Path | None = None) -> RcaForm:
    """The questions of the RCA form. Raises InvalidInput with every problem."""
    source = path or data_folder("templates") / "rca" / "questions.yaml"
    shown = source if path else PurePath("templates/rca/questions.yaml")
    data, places = read_yaml(read_text_file(source), shown)
    return validate(RcaForm, data, places)
