"""What a release was made from: the profile with all that it extends, its logo, and the edits by hand as patches."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from datetime import date

from generator.diff.merge import read_own
from generator.render.jobs import Embedded
from generator.render.manifest import PackFile, sha256
from generator.sources.frozen import frozen_text
from generator.sources.profiles import LoadedProfile
from generator.workflows.texts import DocumentText

FOLDER = "source"
PROFILE = f"{FOLDER}/profile.yaml"
EDITS = f"{FOLDER}/edits"
ROLE = "source"

_HEAD = "The profile of this release, with all that it extends. Not edited: the release holds its hash."


def source_files(
    loaded: LoadedProfile, logo: bytes | None, documents: Iterable[DocumentText]
) -> list[PackFile]:
    """The files from which the pack can be made again."""
    name = f"logo{loaded.logo.suffix.lower()}" if loaded.logo else None
    head = f"from starter {loaded.starter}\n# {_HEAD}" if loaded.starter else _HEAD
    files = [PackFile(PROFILE, frozen_text(loaded.raw, head, logo=name).encode(), ROLE, "internal")]
    if name and logo is not None:
        files.append(PackFile(f"{FOLDER}/{name}", logo, ROLE, "internal"))
    for text in documents:
        if text.pristine is not None and text.pristine != text.data:
            patch = edit_patch(text.name, text.pristine, text.data)
            files.append(PackFile(f"{EDITS}/{text.name}.patch", patch, ROLE, "internal"))
    return files


def edit_patch(name: str, made: bytes, edited: bytes) -> bytes:
    """The edits of one text as a unified diff: `patch -R` gives the text as it was made.

    A text that is no UTF-8 is shown by its hash alone.
    """
    own = read_own(edited)
    if own is None:
        return f"{name} is no UTF-8 text; SHA-256 {sha256(edited)}\n".encode()
    before, after = made.decode().splitlines(keepends=True), own[0].splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, f"made/{name}", f"edited/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    ).encode()


def embedded_sources(plan: bytes, sources: Sequence[PackFile], as_of: date) -> tuple[Embedded, ...]:
    """plan.json and the profile as files inside a PDF; nothing where the pack holds no sources."""
    profile = next((file.data for file in sources if file.name == PROFILE), None)
    if profile is None:
        return ()
    return (
        _embedded(
            "plan.json", "application/json", "The plan as data: what every document prints", plan, as_of
        ),
        _embedded(
            "profile.yaml", "application/yaml", "The profile that the plan was made from", profile, as_of
        ),
    )


def _embedded(name: str, media_type: str, description: str, data: bytes, dated: date) -> Embedded:
    return Embedded(name, media_type, description, data, sha256(data), dated)
