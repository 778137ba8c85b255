"""What a comparison of two plans finds, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from generator.diff.tree import Detail

Kind = Literal[
    "gained", "lost", "coming", "tightened", "loosened", "added", "removed", "moved", "changed", "reworded"
]

SIGNS: dict[Kind, str] = {
    "gained": "+", "lost": "-", "coming": "+", "tightened": "!", "loosened": "~", "added": "+", "removed": "-",
    "moved": ">", "changed": "~", "reworded": "=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One part of the plan that differs, named by its id."""

    section: str
    kind: Kind
    id: str
    title: str
    details: tuple[Detail, ...] = ()
    citation: str | None = None
    reasons: tuple[str, ...] = ()
    """Recorded reasons: a change of law, a line of the revision history, facts of the profile."""

    @property
    def wording(self) -> bool:
        """Nothing but words differs."""
        return self.kind == "reworded"


@dataclass(frozen=True, slots=True)
class Side:
    """Which plan stands on one side."""

    plan: str
    version: str
    effective: str
    as_of: str
    client: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """A document whose Markdown differs."""

    name: str
    added: int
    removed: int
    """Lines."""


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """Two plans compared."""

    old: Side
    new: Side
    changes: tuple[Change, ...]
    revisions: tuple[str, ...]
    """Lines of the revision history that only the new plan has."""
    texts: tuple[TextChange, ...] = ()
    """Documents that differ, where both sides are packs or releases."""

    @property
    def meaning(self) -> tuple[Change, ...]:
        """Changes of meaning."""
        return tuple(change for change in self.changes if not change.wording)

    @property
    def same(self) -> bool:
        """Nothing differs, no word either."""
        return not self.changes and not self.texts
