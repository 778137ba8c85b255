"""manifest.json of an evidence pack, in the shape of an in-toto Statement, and SHA256SUMS beside it. Pure.

Reading expects the worst: every fault is said with its place in the file, and nothing that a manifest says is used
before it was found to have the right shape.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from generator.evidence.archive import MIB, name_clashes, name_fault, shown

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
EVIDENCE_TYPE = "urn:airplan:evidence:1"
PACK_TYPE = "urn:airplan:pack:1"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"

MAX_JSON = 8 * MIB
MAX_VALUES = 500_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_SIGNATURE = re.compile(r"manifest(?:-([2-9]|[1-9][0-9]))?\.json\.p7s")


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A signed PDF as it was before the first signature: signing only appends."""

    sha256: str
    size: int
    """Bytes, from the beginning of the file."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One file of a pack, as the manifest knows it."""

    name: str
    sha256: str
    role: str
    audience: str | None = None
    source: str | None = None
    """What it was made from, in words."""
    pages: int | None = None
    unsigned: Unsigned | None = None
    edited: bool = False
    """In the manifest of a built pack: holds edits by hand."""


@dataclass(frozen=True, slots=True)
class EvidenceMeta:
    """What an evidence pack is of, and what made it."""

    plan_id: str
    versions: tuple[str, ...]
    client: str
    period: tuple[str, str]
    """First and last day, ISO."""
    redacted: str | None = None
    tools: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    signers: tuple[str, ...] = ()
    """Who signs the manifest, in order: fewer signatures than names mean that one was taken away."""
    gaps: tuple[str, ...] = ()
    """What the pack does not hold and a reader will look for, in words."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A manifest that was read: of an evidence pack, or of a built pack or release."""

    kind: Literal["evidence", "pack"]
    subjects: tuple[Subject, ...]
    plan_id: str
    versions: tuple[str, ...]
    client: str | None = None
    period: tuple[str, str] | None = None
    redacted: str | None = None
    signers: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, str]:
        """Name -> hash of every file that it names."""
        return {subject.name: subject.sha256 for subject in self.subjects}


def sha256(data: bytes) -> str:
    """Hash in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def signature_name(number: int) -> str:
    """The file of the nth signer's signature of the manifest; the first is 1."""
    return "manifest.json.p7s" if number == 1 else f"manifest-{number}.json.p7s"


def signature_number(name: str) -> int | None:
    """Which signer's signature a file is; None for every other file."""
    found = _SIGNATURE.fullmatch(name)
    return int(found[1] or 1) if found else None


# --- writing --------------------------------------------------------------------------------


def evidence_manifest(subjects: Iterable[Subject], meta: EvidenceMeta) -> bytes:
    """The manifest as text: stable order, UTF-8, one newline at the end."""
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [_written(subject) for subject in sorted(subjects, key=lambda one: one.name)],
        "predicateType": EVIDENCE_TYPE,
        "predicate": {
            "plan": {"id": meta.plan_id, "versions": list(meta.versions)},
            "client": meta.client,
            "period": {"from": meta.period[0], "to": meta.period[1]},
            "redacted": meta.redacted,
            "signers": list(meta.signers),
            "gaps": list(meta.gaps),
            "tools": dict(sorted(meta.tools.items())),
            "dates": dict(sorted(meta.dates.items())),
        },
    }
    return (json.dumps(statement, ensure_ascii=False, indent=1) + "\n").encode()


def _written(subject: Subject) -> dict[str, Any]:
    before = subject.unsigned
    return {
        "name": subject.name,
        "digest": {"sha256": subject.sha256},
        "annotations": {
            "role": subject.role,
            "audience": subject.audience,
            "source": subject.source,
            "pages": subject.pages,
            "unsigned": {"sha256": before.sha256, "size": before.size} if before else None,
        },
    }


def sums_bytes(files: Mapping[str, bytes]) -> bytes:
    """SHA256SUMS, as `sha256sum -c` reads it: every file but itself and the signatures of the manifest."""
    names = sorted(name for name in files if name != SUMS and signature_number(name) is None)
    return "".join(f"{sha256(files[name])}  {name}\n" for name in names).encode()


# --- reading --------------------------------------------------------------------------------


class BadManifest(ValueError):
    """A manifest or a list of hashes that cannot be used. Carries every fault found."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


def load_json(data: bytes) -> Any:
    """JSON of bounded size. Raises BadManifest, also for a key that is there twice and for `NaN`."""
    if len(data) > MAX_JSON:
        raise BadManifest([f"larger than {MAX_JSON // MIB} MiB"])
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > MAX_VALUES:
        raise BadManifest([f"more than {MAX_VALUES} values"])
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise BadManifest(["is not UTF-8 text"]) from None
    except RecursionError:
        raise BadManifest(["is nested too deep"]) from None
    except json.JSONDecodeError as error:
        raise BadManifest([f"is no JSON: line {error.lineno}, column {error.colno}: {error.msg}"]) from None
    except BadManifest:
        raise
    except ValueError:
        raise BadManifest(["holds a number that is too long"]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadManifest([f"the key {shown(twice)} is there twice"])
    return found


def _no_number(word: str) -> Any:
    raise BadManifest([f"holds {word}, which is no number"])


def read_statement(data: bytes) -> Statement:
    """The manifest of an evidence pack, a built pack or a release. Raises BadManifest with every fault."""
    whole = load_json(data)
    if not isinstance(whole, dict) or whole.get("_type") != STATEMENT_TYPE:
        raise BadManifest(["is no manifest of ours: its _type is not that of an in-toto Statement"])
    kind = whole.get("predicateType")
    if kind not in (EVIDENCE_TYPE, PACK_TYPE):
        known = f"{EVIDENCE_TYPE} and {PACK_TYPE}"
        raise BadManifest([f"is of the unknown type {_value(kind)}; known are {known}"])
    reader = _Reader()
    listed = reader.list(whole, "subject")
    subjects = [
        found
        for number, one in enumerate(listed)
        if (found := reader.subject(one, f"subject[{number}]", kind)) is not None
    ]
    predicate = reader.mapping(whole, "predicate")
    plan = reader.mapping(predicate, "plan", "predicate.")
    plan_id = reader.text(plan, "id", "predicate.plan.")
    if kind == PACK_TYPE:
        versions: tuple[str, ...] = (reader.text(plan, "version", "predicate.plan."),)
        client, period, redacted = None, None, None
    else:
        versions = reader.texts(plan, "versions", "predicate.plan.")
        client = reader.text(predicate, "client", "predicate.")
        days = reader.mapping(predicate, "period", "predicate.")
        period = (
            reader.text(days, "from", "predicate.period."),
            reader.text(days, "to", "predicate.period."),
        )
        redacted = reader.text_or_none(predicate, "redacted", "predicate.")
    statement = Statement(
        kind="evidence" if kind == EVIDENCE_TYPE else "pack",
        subjects=tuple(subjects),
        plan_id=plan_id,
        versions=versions,
        client=client,
        period=period,
        redacted=redacted,
        signers=reader.texts(predicate, "signers", "predicate.", needed=False),
        gaps=reader.texts(predicate, "gaps", "predicate.", needed=False),
        tools=reader.words(predicate, "tools", "predicate."),
        dates=reader.words(predicate, "dates", "predicate."),
    )
    reader.faults += _name_faults(statement)
    if reader.faults:
        raise BadManifest(reader.faults)
    return statement


def _name_faults(statement: Statement) -> Iterator[str]:
    names = [subject.name for subject in statement.subjects]
    for name in names:
        if fault := name_fault(name):
            yield f"names {shown(name)}: {fault}"
        elif statement.kind == "evidence" and (name in (MANIFEST, SUMS) or signature_number(name)):
            yield f"names {name}, which it cannot prove"
    for clash in name_clashes(names):
        yield f"names {clash}"


def _value(value: object) -> str:
    """A value in a message: short, and safe to print."""
    return shown(value)[:80] if isinstance(value, str) else f"({type(value).__name__})"


class _Reader:
    """Takes values out of plain data and notes each that is missing or of another kind."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, where: str, what: str) -> None:
        if len(self.faults) < 20:
            self.faults.append(f"{shown(where)}: {what}")

    def mapping(self, data: Mapping[str, Any], key: str, at: str = "") -> Mapping[str, Any]:
        value = data.get(key)
        if isinstance(value, dict):
            return value
        self.fault(at + key, "must be a mapping")
        return {}

    def list(self, data: Mapping[str, Any], key: str) -> list[Any]:
        value = data.get(key)
        if isinstance(value, list):
            return value
        self.fault(key, "must be a list")
        return []

    def text(self, data: Mapping[str, Any], key: str, at: str) -> str:
        value = data.get(key)
        if isinstance(value, str) and value:
            return value
        self.fault(at + key, "must be text")
        return ""

    def text_or_none(self, data: Mapping[str, Any], key: str, at: str) -> str | None:
        return None if data.get(key) is None else self.text(data, key, at)

    def texts(self, data: Mapping[str, Any], key: str, at: str, *, needed: bool = True) -> tuple[str, ...]:
        value = data.get(key)
        if value is None and not needed:
            return ()
        if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
            return tuple(value)
        self.fault(at + key, "must be a list of texts")
        return ()

    def words(self, data: Mapping[str, Any], key: str, at: str) -> Mapping[str, str]:
        """A mapping of names to words; values of other kinds are later versions' and passed over."""
        value = data.get(key, {})
        if isinstance(value, dict):
            return {name: word for name, word in value.items() if isinstance(word, str)}
        self.fault(at + key, "must be a mapping")
        return {}

    def count(self, data: Mapping[str, Any], key: str, at: str) -> int | None:
        value = data.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        self.fault(at + key, "must be a whole number")
        return None

    def hash(self, data: Mapping[str, Any], at: str) -> str:
        value = data.get("sha256")
        if isinstance(value, str) and _SHA256.fullmatch(value):
            return value
        self.fault(f"{at}sha256", "must be a SHA-256 in 64 small hexadecimal digits")
        return ""

    def subject(self, one: Any, where: str, kind: str) -> Subject | None:
        if not isinstance(one, dict):
            self.fault(where, "must be a mapping")
            return None
        at = f"{where}."
        about = self.mapping(one, "annotations", at)
        before = about.get("unsigned")
        unsigned = None
        if before is not None:
            inner = self.mapping(about, "unsigned", f"{at}annotations.")
            size = self.count(inner, "size", f"{at}annotations.unsigned.")
            unsigned = Unsigned(self.hash(inner, f"{at}annotations.unsigned."), size or 0)
        return Subject(
            name=self.text(one, "name", at),
            sha256=self.hash(self.mapping(one, "digest", at), f"{at}digest."),
            role=self.text(about, "role", f"{at}annotations."),
            audience=self.text_or_none(about, "audience", f"{at}annotations."),
            source=self.text_or_none(about, "source", f"{at}annotations."),
            pages=self.count(about, "pages", f"{at}annotations."),
            unsigned=unsigned,
            edited=kind == PACK_TYPE and about.get("edited") is True,
        )


def read_sums(data: bytes) -> dict[str, str]:
    """Name -> hash by SHA256SUMS. Raises BadManifest."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadManifest(["is not UTF-8 text"]) from None
    faults = [] if text.endswith("\n") or not text else ["its last line is cut off"]
    found: dict[str, str] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        match = _SUM_LINE.fullmatch(line)
        if not match:
            faults.append(f"line {number} is not a hash, two blanks and a name")
        elif match[2] in found:
            faults.append(f"names {shown(match[2])} twice")
        elif fault := name_fault(match[2]):
            faults.append(f"names {shown(match[2])}: {fault}")
        else:
            found[match[2]] = match[1]
    if faults:
        raise BadManifest(
            [*faults[:20], *([f"and {len(faults) - 20} more faults"] if len(faults) > 20 else [])]
        )
    return found
