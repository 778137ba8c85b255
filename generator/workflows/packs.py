"""A profile's pack: composed, rendered elsewhere, written whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.errors import EXIT_NO
from generator.law.applies import verdict
from generator.model.release import ApprovalStamp
from generator.planning.build import fact_set
from generator.render import diagram
from generator.render.assets import shipped
from generator.render.edits import lay_beside, read_edits
from generator.render.jobs import PageSource, RenderJob
from generator.render.manifest import PackFile, PackMeta, sha256
from generator.render.page import docx_job, form_job, pdf_job, reference_doc
from generator.render.publish import PublishResult, resting_place, reusable, write_pack
from generator.render.rca import filled_form
from generator.render.versions import fingerprint, tool_versions
from generator.sources.documents import load_rca_form
from generator.sources.key_paths import dotted, walk
from generator.sources.profiles import LoadedProfile
from generator.sources.yaml_source import KeyPath
from generator.workflows.approvals import approval_of
from generator.workflows.pack_sources import embedded_sources, source_files
from generator.workflows.plans import Planned, plan_json, plan_profile, sources, with_approvals
from generator.workflows.texts import DocumentText, clash_words, document_texts

_LONG = 30
"""Shorter texts are not worth a word on their length."""
_NAMED = 5
"""How many texts a message names."""

FORMATS = ("md", "pdf", "docx")
DEFAULT_FORMATS = ("md", "pdf")


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack on its way: its texts, and the PDFs that still have to be made."""

    planned: Planned
    folder: Path
    texts: tuple[PackFile, ...]
    jobs: tuple[RenderJob, ...]
    """PDFs to render now."""
    kept: Mapping[str, bytes]
    """PDFs of the last run that were made from exactly the same input."""
    keys: Mapping[str, str]
    roles: Mapping[str, tuple[str, str]]
    """PDF name -> (role, audience)."""
    clashing: tuple[DocumentText, ...] = ()
    """Texts whose edits by hand cannot be merged: then nothing is rendered and no pack is written."""
    stamps: tuple[ApprovalStamp, ...] = ()
    """Who approved this plan."""
    not_stamped: tuple[str, ...] = ()
    """Texts of an approved plan that are not the approved ones."""


def prepare_pack(
    path: Path,
    output: Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
    as_of: date | None = None,
    fresh: bool = False,
    *,
    force: bool = False,
    releases: Path | None = None,
    reference: Path | None = None,
    sources_inside: bool = False,
) -> Pack:
    """Read, resolve and compose one profile's pack. Renders nothing and writes nothing.

    Edits by hand that are in the pack are merged into the texts, unless `force`. `releases` is the folder whose
    approval records count; `reference` is a Word document whose look the DOCX take. `fresh` ignores the PDFs and
    DOCX of the last run; `sources_inside` adds the sources, for a release. Raises InvalidInput, LawGap, RenderError.
    """
    planned = plan_profile(path, as_of)
    plan = planned.plan
    data = plan.to_json_data()
    questions = load_rca_form()
    form = filled_form(questions, data)
    logo = planned.loaded.logo.read_bytes() if planned.loaded.logo else None
    folder = output / plan.identity.id
    standing = resting_place(folder)
    plan_bytes = plan_json(plan)
    approval = (
        approval_of(releases, plan.identity.id, plan.identity.version, sha256(plan_bytes))
        if releases
        else None
    )
    documents = document_texts(
        data,
        form,
        {} if force else read_edits(standing),
        with_approvals(plan, approval.stamps).to_json_data() if approval else None,
        approval.texts if approval else None,
    )
    word = reference_doc(reference) if "docx" in formats else None
    texts = [PackFile("plan.json", plan_bytes, "plan", "internal")]
    if drawn := diagram.pipeline(data):
        texts.append(PackFile(diagram.NAME, drawn.svg, "diagram", "internal"))
    own = source_files(planned.loaded, logo, documents) if sources_inside else []
    texts += own
    embedded = embedded_sources(plan_bytes, own, plan.as_of)
    jobs: list[RenderJob] = []
    roles: dict[str, tuple[str, str]] = {}
    for text in documents:
        composed = text.composed
        if "md" in formats:
            texts.append(
                PackFile(text.name, text.data, "text", composed.audience, text.pristine, text.replaces)
            )
        if "pdf" in formats:
            is_form = composed.layout == "form"
            name = f"{composed.stem}-print.pdf" if is_form else f"{composed.stem}.pdf"
            jobs.append(
                pdf_job(composed, text.plan, markdown=text.markdown, logo=logo, name=name, embedded=embedded)
            )
            roles[name] = ("document", composed.audience)
            if is_form:
                jobs.append(form_job(form, text.plan, name=f"{composed.stem}.pdf", logo=logo))
                roles[f"{composed.stem}.pdf"] = ("form", composed.audience)
        if word is not None:
            jobs.append(docx_job(composed, text.plan, word, markdown=text.markdown, logo=logo))
            roles[f"{composed.stem}.docx"] = ("word", composed.audience)
    clashing = tuple(text for text in documents if text.clashes)
    mark = fingerprint(shipped())
    keys = {job.name: job.key(mark) for job in jobs}
    kept = {} if fresh else {n: d for n, key in keys.items() if (d := reusable(standing, n, key)) is not None}
    return Pack(
        planned=planned,
        folder=folder,
        texts=tuple(texts),
        jobs=() if clashing else tuple(job for job in jobs if job.name not in kept),
        kept=kept,
        keys=keys,
        roles=roles,
        clashing=clashing,
        stamps=approval.stamps if approval else (),
        not_stamped=tuple(
            text.name for text in documents if approval and not text.plan["identity"]["approved"]
        ),
    )


def finish_pack(pack: Pack, rendered: Mapping[str, bytes], force: bool = False) -> PublishResult:
    """Write the pack, whole or not at all. `rendered` holds the PDF of each of `pack.jobs` by name.

    Where edits clash with the new texts, these are written beside the edited files and nothing else.
    """
    if pack.clashing:
        folder = resting_place(pack.folder)
        beside = lay_beside(folder, {text.name: text.composed.markdown.encode() for text in pack.clashing})
        return PublishResult(
            folder,
            edited=tuple(text.name for text in pack.clashing),
            exit_code=EXIT_NO,
            message=clash_words(pack.clashing, beside, str(folder)),
        )
    files = pack_files(pack, rendered)
    pdfs = {file.name: file for file in files}
    cache = {name: {"key": key, "sha256": sha256(pdfs[name].data)} for name, key in pack.keys.items()}
    return write_pack(pack.folder, files, pack_meta(pack), force=force, cache=cache)


def pack_files(pack: Pack, rendered: Mapping[str, bytes]) -> list[PackFile]:
    """Every file of the pack."""
    pdfs = {**pack.kept, **rendered}
    return [*pack.texts, *(PackFile(name, pdfs[name], *pack.roles[name]) for name in pack.keys)]


def pack_meta(pack: Pack) -> PackMeta:
    """Which plan the pack is of and what made it."""
    identity = pack.planned.plan.identity
    return PackMeta(
        plan_id=identity.id,
        plan_version=identity.version,
        as_of=pack.planned.plan.as_of.isoformat(),
        effective=identity.effective.isoformat(),
        tools=tool_versions(),
    )


@dataclass(frozen=True, slots=True)
class PlacesInProfile:
    """Finds what a message about a failed job should name in the profile."""

    loaded: LoadedProfile
    job: RenderJob

    def of_character(self, character: str) -> str | None:
        """Where a character stands, for a message about fonts: `file:line:column: key`."""
        return next((self._at(path) for path, value in self._texts() if character in value), None)

    def longest(self) -> tuple[str, ...]:
        """The longest texts that stand in the document: `file:line:column: key (120 characters)`."""
        if not isinstance(self.job.source, PageSource):
            return ()
        printed = _letters(self.job.source.markdown)
        found = [
            (path, value)
            for path, value in self._texts()
            if len(value) >= _LONG and _letters(value) in printed
        ]
        found.sort(key=lambda entry: -len(entry[1]))
        return tuple(f"{self._at(path)} ({len(value)} characters)" for path, value in found[:_NAMED])

    def _texts(self) -> Iterator[tuple[KeyPath, str]]:
        return ((path, value) for path, value in walk(self.loaded.raw) if isinstance(value, str))

    def _at(self, path: KeyPath) -> str:
        return f"{self.loaded.place(path)}: {dotted(path)}"


def _letters(text: str) -> str:
    """A text without marks of Markdown and without capitals, which templates change."""
    return re.sub(r"[\W_]+", " ", text).casefold().strip()


@dataclass(frozen=True, slots=True)
class Change:
    """A duty or notice that a rebuild gained or lost."""

    sign: str
    kind: str
    words: str


def changes_since(folder: Path, planned: Planned) -> tuple[Change, ...]:
    """Which duties and notices the plan gained or lost against the plan.json that is in `folder`."""
    plan = planned.plan
    try:
        old = json.loads((folder / "plan.json").read_bytes())
        before = {b["duty"]: b for b in old["bindings"] if b["verdict"] == "binds"}
        notices = {n["id"]: n["title"] for n in old["notices"]}
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    after = {b.duty: b for b in plan.bindings if b.verdict == "binds"}
    now = {n.id: n.title for n in plan.notices}
    found = [
        Change("+", "duty", f"{d}: {after[d].title}; {after[d].reason}")
        for d in sorted(after.keys() - before)
    ]
    found += [
        Change("-", "duty", f"{d}: {before[d]['title']}; {_why_gone(d, planned)}")
        for d in sorted(before.keys() - after)
    ]
    found += [Change("+", "notice", f"notices/{n}: {now[n]}") for n in sorted(now.keys() - notices)]
    found += [Change("-", "notice", f"notices/{n}: {notices[n]}") for n in sorted(notices.keys() - now)]
    return tuple(found)


def _why_gone(duty: str, planned: Planned) -> str:
    """The reason why a duty does not bind any more: the verdict of the law book, or that the contract is gone."""
    found = sources().book.duties.get(duty)
    if found is None:
        return "the contract no longer sets it"
    facts = fact_set(planned.loaded.profile, sources())
    return verdict(found, facts, planned.plan.as_of).reason
