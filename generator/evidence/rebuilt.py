"""Rebuilt files against those of a pack. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator.evidence.manifest import Unsigned
from generator.evidence.report import Finding, fail, proven, some, unproven

Patch = Callable[[str, bytes, bytes], bytes]
"""(name, text as made, text in the pack) -> the edits as a patch."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What to compare, and how much a difference means."""

    where: str
    """Path of the folder in the pack, with `/` at the end; empty for the pack itself."""
    packed: Mapping[str, bytes]
    made: Mapping[str, bytes]
    unsigned: Mapping[str, Unsigned]
    """A signed file counts by its unsigned beginning."""
    patches: Mapping[str, bytes]
    """Listed edits by the name of the text."""
    tools_differ: tuple[str, ...]
    """Tools of another version here than those that made the pack, in words."""
    texts_only: bool
    """PDFs were not made: their tools differ."""


def compare_rebuilt(what: Comparison, patch: Patch) -> Iterator[Finding]:
    """A finding for each file that differs, and what was proven of the rest."""
    same: list[str] = []
    edited: list[str] = []
    for name in sorted(what.made):
        made, packed = what.made[name], what.packed.get(name)
        shown = f"{what.where}{name}"
        if packed is None:
            yield _differs(what, shown, "is made from the sources, and the pack does not hold it")
            continue
        before = what.unsigned.get(name)
        if before is not None:
            packed = packed[: before.size]
        if packed == made:
            same.append(name)
        elif name in what.patches and patch(name, made, packed) == what.patches[name]:
            edited.append(name)
        else:
            yield _differs(what, shown, "is not what the sources give")
    place = what.where or "the exhibits: "
    if same:
        pdfs = sum(name.endswith(".pdf") for name in same)
        kinds = (
            f"{len(same) - pdfs} texts and data files and {pdfs} PDFs"
            if pdfs
            else f"{len(same)} texts and data files"
        )
        yield proven(place.rstrip(": "), f"rebuilt from the sources in the pack, byte for byte: {kinds}")
    if edited:
        yield proven(
            place.rstrip(": "), f"rebuilt, with exactly the edits by hand that the pack lists: {some(edited)}"
        )
    if what.texts_only:
        yield unproven(
            place.rstrip(": "),
            f"that the PDFs come from these texts: not rebuilt, since tools differ ({'; '.join(what.tools_differ)})",
        )


def _differs(what: Comparison, name: str, words: str) -> Finding:
    """Wrong where the tools are those that made the pack; else only not proven."""
    if what.tools_differ:
        return unproven(name, f"{words}; tools differ: {'; '.join(what.tools_differ)}")
    return fail(name, words)
