"""Law hygiene: duties that are stale, doubtful, proposed, or without an official source."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from generator.law.in_force import in_force
from generator.model.law import Duty, Version
from generator.paths import data_folder
from generator.sources.yaml_source import read_yaml_file
from generator.workflows.plans import sources

STALE_AFTER_DAYS = 180


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing to look at in one version of one duty."""

    duty: str
    kind: str
    """stale, never verified, doubtful, proposed, no official source."""
    words: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What the law book holds, and what to look at."""

    duties: int
    versions: int
    regulations: int
    jurisdictions: int
    lines: tuple[AuditLine, ...]


def audit(
    as_of: date, stale_after_days: int = STALE_AFTER_DAYS, only: Collection[str] | None = None
) -> Audit:
    """Every duty of the law book, or those of `only`, looked at as of a day; findings by duty id."""
    book = sources().book
    hosts = tuple(read_yaml_file(data_folder("catalog") / "official_hosts.yaml")[0])
    duties = [duty for duty in book.duties.values() if only is None or duty.id in only]
    regulations = {book.regulation_of(duty.id).id: book.regulation_of(duty.id) for duty in duties}
    return Audit(
        duties=len(duties),
        versions=sum(len(duty.versions) for duty in duties),
        regulations=len(regulations),
        jurisdictions=len({regulation.jurisdiction for regulation in regulations.values()}),
        lines=tuple(line for duty in duties for line in _findings(duty, as_of, stale_after_days, hosts)),
    )


def _findings(duty: Duty, as_of: date, stale_after_days: int, hosts: tuple[str, ...]) -> list[AuditLine]:
    life = in_force(duty, as_of)
    version = life.version or life.nearest
    found = []
    if version.verified_on is None:
        found.append(AuditLine(duty.id, "never verified", f"nobody looked {version.citation.text} up again"))
    elif (as_of - version.verified_on).days > stale_after_days:
        found.append(AuditLine(duty.id, "stale", f"last looked up {version.verified_on.isoformat()}"))
    if version.doubt:
        found.append(AuditLine(duty.id, "doubtful", version.doubt))
    found += [
        AuditLine(duty.id, "proposed", f"{other.citation.text}: proposed, not law")
        for other in duty.versions
        if other.state == "proposed"
    ]
    if not _official(version, hosts):
        found.append(AuditLine(duty.id, "no official source", version.citation.url or "no address"))
    return found


def _official(version: Version, hosts: tuple[str, ...]) -> bool:
    host = urlsplit(version.citation.url or "").hostname or ""
    return any(host == ending or host.endswith(f".{ending}") for ending in hosts)
