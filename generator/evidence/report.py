"""What a verification found: findings in words, and whose pack it is. Values only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from generator.evidence.archive import shown
from generator.model.signature import SignatureReport

Kind = Literal["evidence pack", "release", "pack"]
Level = Literal["fail", "warning", "proven", "not proven"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer. `file` is its name in the pack, safe to print; empty for the pack as a whole."""

    level: Level
    file: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        text = f"{self.file}: {self.what}" if self.file else self.what
        return f"{text}; {self.mend}" if self.mend else text


def fail(file: str, what: str, mend: str = "") -> Finding:
    """Something is wrong: the answer is no."""
    return Finding("fail", shown(file), what, mend)


def warning(file: str, what: str, mend: str = "") -> Finding:
    """Something that a person should look at."""
    return Finding("warning", shown(file), what, mend)


def proven(file: str, what: str) -> Finding:
    """What was checked and holds."""
    return Finding("proven", shown(file), what)


def unproven(file: str, what: str, mend: str = "") -> Finding:
    """What a reader might take for granted and must not."""
    return Finding("not proven", shown(file), what, mend)


@dataclass(frozen=True, slots=True)
class Expectations:
    """What the reader asked for. A whole older pack is sound in itself: only this can tell that it is another one."""

    plan: str | None = None
    period: tuple[date, date] | None = None
    versions: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    signed_after: datetime | None = None
    manifest: str | None = None
    """SHA-256 of manifest.json, told to the reader on another way than the pack."""
    trusted: bool = False
    """The reader named certificates: somebody who leads to them must have signed."""

    @property
    def of_content(self) -> bool:
        """Whether anything was expected that another pack would not fulfil."""
        return bool(self.plan or self.period or self.versions or self.signed_after or self.manifest)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature and the file that it is over."""

    file: str
    report: SignatureReport


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose pack it is, by its manifest: a claim, and proven only as far as the signature of the manifest."""

    kind: Kind
    plan: str
    versions: tuple[str, ...]
    client: str | None
    period: tuple[str, str] | None
    redacted: str | None
    files: int
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer."""

    identity: Identity | None
    findings: tuple[Finding, ...]
    signatures: tuple[Signed, ...] = ()
    expected: Expectations = field(default_factory=Expectations)

    @property
    def verified(self) -> bool:
        """Nothing is wrong. What is proven is another question."""
        return not self.of("fail")

    def of(self, *levels: Level) -> list[Finding]:
        """The findings of some levels, in order, none twice."""
        return list(dict.fromkeys(one for one in self.findings if one.level in levels))


def some(names: Iterable[str], most: int = 6) -> str:
    """Names in a sentence, the first few of many."""
    listed = [shown(name) for name in names]
    more = len(listed) - most
    return ", ".join(listed[:most]) + (f" and {more} more" if more > 0 else "")


def counted(number: int, one: str, many: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {one if number == 1 else many}"
