"""An evidence pack for a reader who may not see everything: the declared values go, everywhere.

What is sensitive stands at the fields of the profile (`generator/model/sensitive.py`). The values are read from every
version and every bound plan, and replaced in every text. A document is composed anew from the redacted plan, with what
a person edited laid over it, and rendered anew: nothing is cut out of a PDF. A redacted version is no release: it gets
a folder and a manifest of its own. What this program cannot read is left out, and said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel

from generator.deadlines.zones import zone_named
from generator.diff.merge import merge, read_own, write_own
from generator.errors import InvalidInput, PlanError, RenderError
from generator.evidence.redaction import REDACTED, Redactor, Secret
from generator.model.evidence import DrillLine, Evidence, LeftOut, Redaction
from generator.model.plan import Plan
from generator.model.profile import Profile
from generator.model.sensitive import Public, marked, replaced
from generator.render import diagram
from generator.render.jobs import Embedded, RenderJob
from generator.render.manifest import (
    NAME,
    Entry,
    PackFile,
    PackMeta,
    json_bytes,
    manifest_bytes,
    read_manifest,
    sha256,
)
from generator.render.markdown import Composed, compose_data
from generator.render.page import form_job, pdf_job
from generator.render.rca import filled_form
from generator.render.versions import tool_versions
from generator.sources.documents import load_documents, load_rca_form
from generator.sources.profiles import load_profile
from generator.sources.yaml_source import read_yaml
from generator.sources.yaml_text import block
from generator.workflows.approvals import APPROVALS, RELEASE
from generator.workflows.evidence import Gathered
from generator.workflows.evidence_drills import FOLDER as DRILLS
from generator.workflows.evidence_incidents import read_records
from generator.workflows.evidence_plan import Version
from generator.workflows.evidence_request import GatheredFile, Request
from generator.workflows.pack_sources import EDITS, PROFILE, edit_patch, embedded_sources
from generator.workflows.pack_sources import FOLDER as SOURCE
from generator.workflows.plans import known

FOLDER = "redacted"
"""Holds the redacted versions: `verify` asks those under `plans/` for their hashes."""
ORIGINAL = "original-"
"""Begins the names of the records of the release that a redacted version was made from."""
_TEXTS = frozenset({".md", ".txt", ".csv", ".svg", ".ics", ".log", ".patch"})
_YAML = frozenset({".yaml", ".yml"})
_SHAPES: Mapping[str, type[BaseModel]] = {"profile.yaml": Profile, "plan.json": Plan}
_YAML_HEAD = "# REDACTED: written anew, with values replaced by [redacted]; comments are gone."
_NO_TEXT = "this program cannot take values out of it"


class NotRedacted(PlanError):
    """The answer is no: a value would still be there."""


@dataclass(frozen=True, slots=True)
class Redacting:
    """A redacted pack on its way: its versions but for their PDFs."""

    reader: str
    redactor: Redactor
    versions: tuple[_Redacted, ...]

    @property
    def jobs(self) -> tuple[RenderJob, ...]:
        """Every PDF to render, under its name in the pack."""
        return tuple(
            replace(job, name=f"{one.folder}/{job.name}") for one in self.versions for job in one.jobs
        )


@dataclass(frozen=True, slots=True)
class _Redacted:
    """A version without the values."""

    version: Version
    folder: str
    plan: Mapping[str, Any]
    files: Mapping[str, bytes]
    """But for the PDFs and the manifest."""
    jobs: tuple[RenderJob, ...]
    left_out: tuple[LeftOut, ...]


# --- before rendering


def prepare_redaction(request: Request, versions: Sequence[Version]) -> Redacting:
    """The `versions` of the pack without the values. Renders nothing, writes nothing.

    Raises InvalidInput, UsageProblem, RenderError, NotRedacted.
    """
    loaded = load_profile(request.profile, known())
    zone = zone_named(loaded.profile.client.time_zone)
    incidents = read_records(request, loaded.profile.plan.id, zone).incidents
    profiles = [loaded.raw, *(one.profile.model_dump(mode="json", by_alias=True) for one in incidents)]
    plans = [*(one.plan for one in versions), *(one.plan for one in incidents)]
    redactor = _redactor(profiles, plans)
    made = tuple(_redacted(version, redactor, str(request.redact)) for version in versions)
    return Redacting(str(request.redact), redactor, made)


def _redactor(profiles: Iterable[Any], plans: Iterable[Mapping[str, Any]]) -> Redactor:
    """Knows every sensitive value of the profiles and plans, and the contacts that are public."""
    secrets: list[Secret] = []
    public: list[str] = []
    published: list[str] = []
    common: list[str] = []
    shaped: list[tuple[type[BaseModel], Any]] = [(Profile, data) for data in profiles]
    for plan in plans:
        shaped.append((Plan, plan))
        common += _common(plan)
        for binding in plan.get("bindings", ()):
            if binding["source"] == "law":
                public += binding["recipient"]["contact"]
    for model, data in shaped:
        for one in marked(model, data):
            if isinstance(one.mark, Public):
                (published if one.mark.published else public).append(one.value)
            elif one.value != REDACTED:
                secrets.append(Secret(one.value, one.mark.what))
    return Redactor(secrets, public, common, published)


def _common(plan: Mapping[str, Any]) -> Iterator[str]:
    """Texts in which nothing may go missing because a field happens to hold the same words: limits, classes, hours."""
    for binding in plan.get("bindings", ()):
        yield from (binding[key] for key in ("title", "limit_words", "clock_words", "trigger_words"))
    for window in plan.get("windows", {}).values():
        yield window["words"]
    for severity in plan.get("severities", ()):
        yield from severity
    for person in plan.get("people", {}).values():
        yield from filter(None, (person["title"], person["hours"]))
    for one in plan.get("classes", ()):
        yield from (
            one["title"],
            one["plain"],
            one["definition"],
            *(line["statement"] for line in one["triggers"]),
        )
    yield from (step["text"] for one in plan.get("classes", ()) for step in one["contain"])


def _redacted(version: Version, redactor: Redactor, reader: str) -> _Redacted:
    plan = redactor.data(replaced(Plan, version.plan, REDACTED))
    files: dict[str, bytes] = {"plan.json": json_bytes(plan)}
    sources = []
    if PROFILE in version.files:
        files[PROFILE] = _yaml(version.files[PROFILE], PROFILE, redactor, Profile)
        sources.append(PackFile(PROFILE, files[PROFILE], "source", "internal"))
    shown = _said_on_each_page(plan)
    embedded = embedded_sources(files["plan.json"], sources, date.fromisoformat(str(plan["as_of"])))
    texts, jobs = _documents(version, plan, shown, redactor, embedded)
    files |= texts
    if diagram.NAME in version.files and (drawn := diagram.pipeline(plan)):
        files[diagram.NAME] = drawn.svg
    for name in (RELEASE, APPROVALS):
        if name in version.files:
            files[f"{ORIGINAL}{name}"] = version.files[name]
    here = {*files, *(job.name for job in jobs), RELEASE, APPROVALS, NAME}
    left_out = tuple(
        _left_out(f"{version.folder}/{name}", data)
        for name, data in version.files.items()
        if name not in here and not name.startswith(f"{EDITS}/")
    )
    folder = f"{FOLDER}/{version.folder}"
    _check({f"{folder}/{name}": data for name, data in files.items()}, redactor)
    return _Redacted(version, folder, plan, files, jobs, left_out)


def _said_on_each_page(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """The plan whose pages say that they are redacted, beside what they say anyway."""
    identity = plan["identity"]
    words = ("REDACTED", *(("DRAFT",) if identity["draft"] else ()), "NOT THE RELEASED FILE")
    return {**plan, "identity": {**identity, "state": " · ".join(words)}}


def _left_out(name: str, data: bytes) -> LeftOut:
    """A file of a version. Of one that we make of texts, the hash would tell a value to whoever tries them all."""
    if f"/{SOURCE}/" in name:
        return LeftOut(name=name, sha256=sha256(data), why="a picture")
    return LeftOut(name=name, sha256=None, why="only its redacted text is here")


def _documents(
    version: Version,
    plan: Mapping[str, Any],
    shown: Mapping[str, Any],
    redactor: Redactor,
    embedded: Sequence[Embedded],
) -> tuple[dict[str, bytes], tuple[RenderJob, ...]]:
    """(texts and patches of edits by name, PDFs to render) of a version. `shown` is the plan for the pages' edges."""
    documents, questions = load_documents(), load_rca_form()
    try:
        base = {one.stem: one for one in compose_data(version.plan, documents, questions)}
        new = {one.stem: one for one in compose_data(plan, documents, questions)}
    except (RenderError, KeyError) as error:
        identity = version.plan["identity"]
        raise NotRedacted(
            f"version {identity['version']} cannot be redacted: its plan is of an older program, and this one cannot "
            f"compose its documents ({error}); redact it with the program that made it"
        ) from error
    entries = read_manifest(version.files[NAME]) or {}
    texts: dict[str, bytes] = {}
    jobs: list[RenderJob] = []
    for name in sorted(version.files):
        stem = name.removesuffix(".md")
        if stem == name or name not in entries or entries[name].role != "text":
            continue
        own = read_own(version.files[name])
        if own is None:
            raise NotRedacted(f"{version.folder}/{name} is no UTF-8 text: nothing can be taken out of it")
        composed = new.get(stem)
        text = _text(own[0], base.get(stem), composed, redactor)
        texts[name] = write_own(text, own[1])
        if composed and text != composed.markdown:
            patch = edit_patch(name, redactor.markdown(composed.markdown).encode(), text.encode())
            if patch and f"{EDITS}/{name}.patch" in version.files:
                texts[f"{EDITS}/{name}.patch"] = patch
        for pdf in (f"{stem}.pdf", f"{stem}-print.pdf"):
            if composed is None or pdf not in entries:
                continue
            if entries[pdf].role == "form":
                jobs.append(form_job(filled_form(questions, plan), shown, name=pdf))
            else:
                jobs.append(pdf_job(composed, shown, markdown=text, name=pdf, embedded=embedded))
    return texts, tuple(jobs)


def _text(own: str, base: Composed | None, new: Composed | None, redactor: Redactor) -> str:
    """A document's text without the values: made anew, with all in which the released text differs laid over it."""
    if base is None or new is None:
        return redactor.markdown(own, thorough=True)
    settled = partial(redactor.markdown, thorough=True)
    return redactor.markdown(merge(base.markdown, own, new.markdown, settled).text)


# --- after rendering


def redacted_versions(work: Redacting, rendered: Mapping[str, bytes]) -> tuple[Version, ...]:
    """The versions with their PDFs and a manifest of their own."""
    return tuple(_finished(one, work, rendered) for one in work.versions)


def _finished(one: _Redacted, work: Redacting, rendered: Mapping[str, bytes]) -> Version:
    version = one.version
    entries = read_manifest(version.files[NAME]) or {}
    files = {**one.files, **{job.name: rendered[f"{one.folder}/{job.name}"] for job in one.jobs}}
    identity = version.plan["identity"]
    listed = [
        Entry(
            name,
            sha256(data),
            entries[name].role if name in entries else "record",
            entries[name].audience if name in entries else "internal",
            name in entries and entries[name].edited,
        )
        for name, data in files.items()
    ]
    meta = PackMeta(
        plan_id=identity["id"],
        plan_version=identity["version"],
        as_of=version.plan["as_of"],
        effective=identity["effective"],
        tools=tool_versions(),
        redacted=work.reader,
    )
    files[NAME] = manifest_bytes(listed, meta)
    return replace(version, folder=one.folder, plan=one.plan, files=files, before=version.files)


def redact_gathered(gathered: Gathered, work: Redacting) -> Gathered:
    """Evidence and files without the values. The versions are redacted already. Raises NotRedacted."""
    redactor = work.redactor
    folders = tuple(f"{version.folder}/" for version in gathered.versions)
    files: dict[str, GatheredFile] = {}
    left_out = [line for one in work.versions for line in one.left_out]
    for file in gathered.files:
        if file.name.startswith(folders):
            files[file.name] = file
            continue
        data = None if file.name.startswith(f"{DRILLS}/") else _file(file, redactor)
        name = _free(redactor.name(file.name), files)
        if data is None:
            why = "a client's file, kept as it was hashed" if file.name.startswith(f"{DRILLS}/") else _NO_TEXT
            left_out.append(LeftOut(name=name, sha256=sha256(file.data), why=why))
            continue
        _check({name: data}, redactor)
        files[name] = replace(file, name=name, data=data, source=f"{redactor.text(file.source)}, redacted")
    evidence = _evidence(gathered.evidence, work, left_out)
    return replace(gathered, evidence=evidence, files=tuple(files.values()))


def _evidence(evidence: Evidence, work: Redacting, left_out: list[LeftOut]) -> Evidence:
    kinds = Counter(one.what for one in work.redactor.secrets)
    redaction = Redaction(
        reader=work.reader,
        kinds=tuple(sorted(kinds.items())),
        left_out=tuple(sorted(left_out, key=lambda line: line.name)),
    )
    changed = evidence.model_copy(
        update={
            "drills": tuple(_drill(line) for line in evidence.drills),
            "gaps": (*evidence.gaps, *_gaps(left_out)),
        }
    )
    data = work.redactor.data(changed.model_dump(mode="json", by_alias=True))
    data |= {"redacted": work.reader, "redaction": redaction.model_dump(mode="json")}
    return Evidence.model_validate_json(json.dumps(data))


def _drill(line: DrillLine) -> DrillLine:
    """A drill whose file is left out."""
    if line.packed is None:
        return line
    update: dict[str, Any] = {"packed": None}
    if line.supplied == "matches":
        update["supplied"] = "left out"
    if line.words.startswith("Evidenced"):
        update["words"] = (
            "Evidenced when this pack was made: the file had the hash in the profile. "
            "It is left out of this redacted pack."
        )
    return line.model_copy(update=update)


def _gaps(left_out: list[LeftOut]) -> Iterator[str]:
    yield (
        "redacted: the documents are not byte for byte those that were released and approved; whoever holds "
        "the release compares the hash of its manifest.json with the one in original-release.yaml"
    )
    if left_out:
        yield f"redacted: {len(left_out)} file{'s' * (len(left_out) > 1)} left out, listed on the cover"


def _file(file: GatheredFile, redactor: Redactor) -> bytes | None:
    """The file without the values; None where it cannot be read as text."""
    path = PurePosixPath(file.name)
    own = read_own(file.data)
    if own is None:
        return None
    shape = _SHAPES.get(path.name)
    if path.suffix in _YAML:
        try:
            return _yaml(file.data, file.name, redactor, shape)
        except InvalidInput:
            return None
    if path.suffix == ".json":
        try:
            data = json.loads(own[0])
        except ValueError:
            return None
        return json_bytes(redactor.data(replaced(shape, data, REDACTED) if shape else data))
    if path.suffix == ".md":
        return write_own(redactor.markdown(own[0]), own[1])
    return write_own(redactor.text(own[0]), own[1]) if path.suffix in _TEXTS else None


def _yaml(data: bytes, name: str, redactor: Redactor, shape: type[BaseModel] | None) -> bytes:
    """A YAML file written anew without the values and without its comments. Raises InvalidInput."""
    values, _ = read_yaml(data.decode("utf-8-sig"), PurePosixPath(name))
    values = redactor.data(replaced(shape, values, REDACTED) if shape else values)
    return "\n".join([_YAML_HEAD, *block(values), ""]).encode()


def _free(name: str, taken: Mapping[str, object]) -> str:
    """The name, or one beside it where two names are the same without their secrets."""
    path, number = PurePosixPath(name), 2
    while name in taken:
        name = path.with_name(f"{path.stem}-{number}{path.suffix}").as_posix()
        number += 1
    return name


def _check(files: Mapping[str, bytes], redactor: Redactor) -> None:
    """Raises NotRedacted where a value is still there in another way of writing it."""
    for name, data in files.items():
        own = read_own(data)
        if own and (found := next(redactor.left_in(own[0]), None)):
            raise NotRedacted(
                f"{name}: still holds a value ({found}) that may not be in a redacted pack; nothing is written"
            )
