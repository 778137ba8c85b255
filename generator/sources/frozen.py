"""A profile frozen as one file, with all that it extends written out: the source of a release and of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.sources.yaml_text import block


def frozen_text(raw: Mapping[str, Any], head: str, *, logo: str | None = None) -> str:
    """The merged profile `raw` as YAML under a comment `head`.

    `logo` is the name of the logo's copy beside the file; without it the logo stays behind.
    """
    merged = {key: value for key, value in raw.items() if key != "extends"}
    branding = {key: value for key, value in (merged.get("branding") or {}).items() if key != "logo"}
    if logo:
        branding["logo"] = logo
    if branding:
        merged["branding"] = branding
    return f"# {head}\n" + "\n".join(block(merged)) + "\n"
