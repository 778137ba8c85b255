"""Errors that reach a user, and the exit codes that the shell sees.

Every error about a file carries the place (`path:line:column`), the dotted key path, what is
wrong and how to mend it. A run reports all problems that it found, not the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

EXIT_OK = 0
EXIT_NO = 1
EXIT_INPUT = 2
EXIT_LAW_GAP = 3
EXIT_RENDER = 4


@dataclass(frozen=True, slots=True, order=True)
class SourceRef:
    """A place in a file that a person can open. Lines and columns count from 1."""

    path: PurePath
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file: `where: key: what; mend`."""

    where: SourceRef
    key: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.key}: {self.what}" if self.key else f"{self.where}: {self.what}"
        return f"{text}; {self.mend}" if self.mend else text


class PlanError(Exception):
    """Base of all errors that a user sees; `exit_code` is what the shell sees."""

    exit_code = EXIT_NO


class UsageProblem(PlanError):
    """The words of the call are wrong (an unknown duty, zone or event): one clear line."""

    exit_code = EXIT_INPUT


class InvalidInput(PlanError):
    """A file is wrong. Carries every problem found, sorted by place."""

    exit_code = EXIT_INPUT

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class LawGap(PlanError):
    """The law data has no answer for the date asked. Never guess: stop."""

    exit_code = EXIT_LAW_GAP


class RenderError(PlanError):
    """A document could not be made exactly as it should be (missing glyph, blocked file ...)."""

    exit_code = EXIT_RENDER


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one profile's run ended with, in a run over many."""

    name: str
    exit_code: int
    messages: tuple[str, ...] = field(default=())
