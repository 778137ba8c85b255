"""The text of each document of a pack: composed, with a person's edits and the stamp of an approval where it belongs.

An approval covers a release: exactly its plan.json, and its texts as they were. A document is stamped APPROVED only
when the text that it would have without the stamp is the released one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.diff.merge import Clash, merge, read_own, write_own
from generator.render.edits import Edit
from generator.render.manifest import sha256
from generator.render.markdown import Composed, compose_data
from generator.sources.documents import load_documents


@dataclass(frozen=True, slots=True)
class DocumentText:
    """One document's text, ready to write and to render."""

    composed: Composed
    plan: Mapping[str, Any]
    """The plan as data that this document prints, with approvals or without."""
    markdown: str
    """With the person's edits, `\\n` line ends: what the PDF is made of."""
    data: bytes
    """What is written: the same, with the person's line ends."""
    pristine: bytes | None = None
    replaces: str | None = None
    clashes: tuple[Clash, ...] = ()

    @property
    def name(self) -> str:
        """Path of the Markdown in the pack."""
        return f"{self.composed.stem}.md"


def document_texts(
    plan: Mapping[str, Any],
    form: Mapping[str, Any],
    edits: Mapping[str, Edit],
    approved: Mapping[str, Any] | None = None,
    released: Mapping[str, str] | None = None,
) -> tuple[DocumentText, ...]:
    """Every document of the plan.

    `approved` is the plan with its approvals, `released` the hash of each text of the release that they approve.
    """
    documents = load_documents()
    plain = [merged_text(one, plan, edits) for one in compose_data(plan, documents, form=form)]
    if approved is None or released is None:
        return tuple(plain)
    stamped = {one.stem: one for one in compose_data(approved, documents, form=form)}
    return tuple(_stamped(one, stamped[one.composed.stem], approved, edits, released) for one in plain)


def _stamped(
    plain: DocumentText,
    composed: Composed,
    approved: Mapping[str, Any],
    edits: Mapping[str, Edit],
    released: Mapping[str, str],
) -> DocumentText:
    """The document with the stamp, where its text is the released one."""
    if plain.clashes or released.get(plain.name) != sha256(plain.data):
        return plain
    stamped = merged_text(composed, approved, edits)
    return plain if stamped.clashes else stamped


def merged_text(composed: Composed, plan: Mapping[str, Any], edits: Mapping[str, Edit]) -> DocumentText:
    """One document with the person's edits laid over it."""
    made = composed.markdown.encode()
    edit = edits.get(f"{composed.stem}.md")
    if edit is None:
        return DocumentText(composed, plan, composed.markdown, made)
    own = read_own(edit.own)
    if own is None:
        clash = Clash(1, "(the file is no UTF-8 text)", "")
        return DocumentText(composed, plan, composed.markdown, made, clashes=(clash,))
    result = merge(edit.base, own[0], composed.markdown)
    return DocumentText(
        composed,
        plan,
        result.text,
        write_own(result.text, own[1]) if result.holds_edits else made,
        pristine=made,
        replaces=sha256(edit.own),
        clashes=result.clashes,
    )


def clash_words(texts: Sequence[DocumentText], beside: Mapping[str, str], folder: str) -> str:
    """What to do about edits that clash with the new text: one line each place, then how to go on."""
    lines = []
    for text in texts:
        for clash in text.clashes:
            yours = f"yours: {_short(clash.own)}" if clash.own else "you removed it"
            new = f"new: {_short(clash.new)}" if clash.new else "new: removed"
            lines.append(
                f"{folder}/{text.name}:{clash.own_line}: your edit and the new text clash: {yours}; {new}"
            )
    names = ", ".join(f"{text.name} ({beside[text.name]})" for text in texts)
    lines.append(
        f"{folder}: edited by hand and not to be merged, so nothing else was written: {names}. Take over what you want "
        "from the new text beside it, delete that file, and build again; or --force writes it anew (a backup is kept)"
    )
    return "\n".join(lines)


def _short(text: str) -> str:
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"
