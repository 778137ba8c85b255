"""What a check has to say about a profile that is no error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a plan would do badly, though the profile is valid. `--strict` makes it count."""

    kind: Literal["audit", "content", "coverage", "detection", "doubt", "law", "leftover"]
    key: str
    """The key path in the profile, or the id of the part of the plan that it is about."""
    what: str
    mend: str = ""
    where: str | None = None
    """`file:line:column`, when it stands in a file."""

    def __str__(self) -> str:
        text = f"{self.key}: {self.what}"
        text = f"{self.where}: {text}" if self.where else text
        return f"{text}; {self.mend}" if self.mend else text
