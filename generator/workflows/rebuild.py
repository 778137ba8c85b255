"""The sources that a pack holds, laid out in a temporary folder so that the pack can be made again from them.

A pack may be hostile: only its own files are laid out, under checked names, deep enough in the folder that a record's
`../..` stays inside it; a profile that extends another file is refused, and so is a record that points elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from generator.diff.merge import read_own
from generator.errors import InvalidInput, PlanError, Problem, SourceRef
from generator.evidence.archive import name_fault
from generator.evidence.manifest import MANIFEST, Statement, Unsigned, read_statement
from generator.evidence.rebuilt import Comparison
from generator.model.evidence import Evidence, SignerLine
from generator.render.jobs import PageSource, RenderJob
from generator.render.manifest import sha256
from generator.render.versions import tool_versions
from generator.sources.yaml_source import read_yaml
from generator.workflows.evidence import LIVING, POPULATION
from generator.workflows.evidence_pack import DATA
from generator.workflows.evidence_plan import FOLDER as PLANS
from generator.workflows.evidence_plan import NOT_RELEASED, Version
from generator.workflows.evidence_request import Request
from generator.workflows.pack_sources import EDITS, FOLDER, PROFILE
from generator.workflows.packs import Pack, prepare_pack

_DEEP = "a/b/c/d/e/f"
_ROOT = "place"


@dataclass(frozen=True, slots=True)
class Rebuildable:
    """One version of a plan in a pack, with its sources."""

    where: str
    """Its folder in the pack with `/` at the end; empty where the pack is the version itself."""
    files: Mapping[str, bytes]
    statement: Statement


class CannotRebuild(PlanError):
    """The pack does not hold what it takes, or holds what must not be followed."""


def versions_in(files: Mapping[str, bytes]) -> Iterator[Rebuildable]:
    """Every version in a pack, with or without sources."""
    for name in sorted(files):
        folder, _, last = name.rpartition("/")
        if last != MANIFEST:
            continue
        where = f"{folder}/" if folder else ""
        inner = {path.removeprefix(where): data for path, data in files.items() if path.startswith(where)}
        if "plan.json" in inner:
            yield Rebuildable(where, inner, read_statement(files[name]))


def prepare_rebuild(version: Rebuildable, folder: Path) -> Pack:
    """The version composed again from its sources. Raises CannotRebuild, InvalidInput, LawGap, RenderError."""
    if PROFILE not in version.files:
        raise CannotRebuild(f"{version.where or 'the pack'} holds no {PROFILE}: nothing to rebuild it from")
    _check_profile(version.files[PROFILE], f"{version.where}{PROFILE}")
    for name, data in version.files.items():
        if name.startswith(f"{FOLDER}/") and not name.startswith(f"{EDITS}/"):
            _put(folder, PurePosixPath(name).name, data)
    as_of = date.fromisoformat(str(json.loads(version.files["plan.json"])["as_of"]))
    pack = prepare_pack(
        folder / "profile.yaml", folder / "none", as_of=as_of, fresh=True, sources_inside=True
    )
    return replace(pack, jobs=tuple(_with_edits(job, version) for job in pack.jobs))


def _with_edits(job: RenderJob, version: Rebuildable) -> RenderJob:
    """The job with the text of the pack, where that one was edited by hand."""
    if not isinstance(job.source, PageSource):
        return job
    stem = job.name.removesuffix(".pdf").removesuffix("-print" if "-print" in job.name else "\0")
    if f"{EDITS}/{stem}.md.patch" not in version.files or f"{stem}.md" not in version.files:
        return job
    own = read_own(version.files[f"{stem}.md"])
    return job if own is None else replace(job, source=replace(job.source, markdown=own[0]))


def version_comparison(version: Rebuildable, pack: Pack, rendered: Mapping[str, bytes]) -> Comparison:
    """The rebuilt version against that in the pack."""
    patches = {
        name.removeprefix(f"{EDITS}/").removesuffix(".patch"): data
        for name, data in version.files.items()
        if name.startswith(f"{EDITS}/")
    }
    differ = tools_that_differ(version.statement)
    made = {file.name: file.data for file in pack.texts if not file.name.startswith(f"{EDITS}/")}
    made.update(rendered)
    return Comparison(version.where, version.files, made, {}, patches, differ, not rendered)


def tools_that_differ(statement: Statement) -> tuple[str, ...]:
    """Tools whose version here is another than the one that made the pack, in words."""
    here = tool_versions()
    return tuple(
        f"{name} {statement.tools.get(name, 'not stated')} there, {here[name]} here"
        for name in here
        if statement.tools.get(name) != here[name]
    )


# --- the exhibits


def lay_out(files: Mapping[str, bytes], folder: Path) -> Request:
    """The records, releases and files of an evidence pack where `airplan evidence` would find them.

    Raises CannotRebuild, InvalidInput.
    """
    if LIVING not in files or DATA not in files:
        raise CannotRebuild(f"the pack holds no {LIVING} or no {DATA}: its exhibits cannot be rebuilt")
    evidence = Evidence.model_validate_json(files[DATA])
    home = folder / _ROOT / _DEEP
    _check_profile(files[LIVING], LIVING)
    _put(home, LIVING, files[LIVING])
    for line in evidence.releases:
        if line.released_at is not None:
            for name, data in _under(files, line.folder):
                _put(home / "releases" / evidence.plan / line.version, name, data)
    known = {sha256(data): data for data in files.values()}
    for entry in evidence.incidents:
        for name, data in _under(files, entry.folder):
            if name not in ("summary.md", "summary.pdf"):
                _put(home / "incidents" / entry.id, name, data)
        _restore(home, evidence, entry.id, files[f"{entry.folder}/record.yaml"], known)
    for name, data in _under(files, "drills"):
        _put(home / "drills", name, data)
    if POPULATION in files:
        _put(home, "population.yaml", files[POPULATION])
    return Request(
        profile=home / LIVING,
        first=evidence.period.from_,
        last=evidence.period.to,
        releases=home / "releases",
        incidents=home / "incidents",
        files=home / "drills",
        population=home / "population.yaml" if POPULATION in files else None,
        built=home / "none",
        as_of=evidence.as_of_given,
        others=tuple(gap for gap in evidence.other_records if not gap.absent),
    )


def version_now(files: Mapping[str, bytes]) -> Version | None:
    """The version that is no release, where the pack holds one, as it is in the pack."""
    evidence = Evidence.model_validate_json(files[DATA])
    for line in evidence.releases:
        if line.released_at is None:
            inner = dict(_under(files, line.folder))
            return Version(line.folder, json.loads(inner["plan.json"]), None, (), inner)
    return None


def signer_lines(statement: Statement) -> tuple[SignerLine, ...]:
    """The signers that the manifest names, as the cover prints them."""
    pairs = (text.rpartition(", ") for text in statement.signers)
    return tuple(SignerLine(name=name, role=role) for name, _, role in pairs)


def evidence_comparison(
    files: Mapping[str, bytes], statement: Statement, made: Mapping[str, bytes], *, texts_only: bool
) -> Comparison:
    """The rebuilt exhibits and records against those in the pack; versions are compared on their own."""
    unsigned: dict[str, Unsigned] = {one.name: one.unsigned for one in statement.subjects if one.unsigned}
    own = {
        name: data for name, data in made.items() if not name.startswith((f"{PLANS}/", f"{NOT_RELEASED}/"))
    }
    return Comparison("", files, own, unsigned, {}, tools_that_differ(statement), texts_only)


def _under(files: Mapping[str, bytes], folder: str) -> Iterator[tuple[str, bytes]]:
    """The files of a folder of the pack, by their path in it."""
    for name in files:
        if name.startswith(f"{folder}/"):
            yield name.removeprefix(f"{folder}/"), files[name]


def _check_profile(data: bytes, name: str) -> None:
    """Refuse a profile that would read another file."""
    path = PurePosixPath(name)
    try:
        raw, _ = read_yaml(data.decode("utf-8"), path)
    except UnicodeDecodeError:
        raise InvalidInput([Problem(SourceRef(path), "", "not UTF-8 text")]) from None
    if not isinstance(raw, dict) or "extends" in raw:
        raise CannotRebuild(f"{name}: extends another file, which no pack may; nothing was rebuilt from it")


def _put(folder: Path, name: str, data: bytes) -> None:
    """Write a file of the pack under `folder`."""
    if fault := name_fault(name):
        raise CannotRebuild(f"{name}: {fault}")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _restore(home: Path, evidence: Evidence, name: str, record: bytes, known: Mapping[str, bytes]) -> None:
    """What a record binds to, beside it and where it says: its plan, its profile, the releases, the living profile."""
    raw, _ = read_yaml(record.decode("utf-8"), PurePosixPath(f"{name}/record.yaml"))
    binds: Any = raw.get("binds") if isinstance(raw, dict) else None
    if not isinstance(binds, dict):
        raise CannotRebuild(f"{name}: its record does not say what it binds to")
    folder = home / "incidents" / name
    for inner, key in (("bound/plan.json", "sha256"), ("bound/profile.yaml", "frozen_sha256")):
        data = known.get(str(binds.get(key)))
        if data is not None:
            _put(folder, inner, data)
    living = _inside(home, folder, str(binds.get("profile")), name)
    if not living.exists():
        living.parent.mkdir(parents=True, exist_ok=True)
        living.write_bytes((home / LIVING).read_bytes())
    if binds.get("source") != "release":
        return
    releases = _inside(home, folder, str(binds.get("path")), name).parent.parent
    ours = home / "releases" / evidence.plan
    if releases != ours and ours.is_dir():
        shutil.copytree(ours, releases, dirs_exist_ok=True)


def _inside(home: Path, folder: Path, name: str, record: str) -> Path:
    """Where a record's path leads, which must be inside the temporary folder."""
    root = home.parents[len(PurePosixPath(_DEEP).parts) - 1]
    path = Path(os.path.normpath(folder / name))
    if not path.is_relative_to(root):
        raise CannotRebuild(f"{record}: points to {name}, outside the pack; nothing was rebuilt from it")
    return path
