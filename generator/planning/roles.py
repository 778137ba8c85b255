"""What roles are called: by the vocabulary, or a role of the client's own by its id."""

from __future__ import annotations

import re
from functools import cached_property

from generator.model.catalog import RoleDefinition, Vocabulary


class Roles:
    """The roles that the vocabulary defines, and the short names that stay in capitals."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @cached_property
    def _by_id(self) -> dict[str, RoleDefinition]:
        return {role.id: role for role in self._vocabulary.roles}

    @cached_property
    def _acronyms(self) -> dict[str, str]:
        return {name.lower(): name for name in self._vocabulary.acronyms}

    def owns(self, role: str) -> str:
        """What a role answers for, where the vocabulary says it."""
        return self._by_id[role].owns if role in self._by_id else ""

    def title(self, role: str) -> str:
        """`GPU on call` of `gpu_on_call`; the vocabulary's own title first."""
        if role in self._by_id:
            return self._by_id[role].title
        parts = [self._acronyms.get(part.lower(), part) for part in re.split(r"[_.-]", role) if part]
        first = parts[0] if parts[0] in self._acronyms.values() else parts[0].capitalize()
        return " ".join([first, *parts[1:]])

    def inside(self, role: str) -> str:
        """The title in the middle of a sentence: `AI lead`, `incident commander`."""
        return " ".join(
            word if word in self._acronyms.values() else word.lower() for word in self.title(role).split(" ")
        )
