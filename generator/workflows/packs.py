"""A profile's pack: composed, rendered elsewhere, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.law.applies import verdict
from generator.planning.build import fact_set
from generator.render.assets import shipped
from generator.render.jobs import RenderJob
from generator.render.manifest import PackFile, PackMeta, sha256
from generator.render.markdown import compose_data
from generator.render.page import form_job, pdf_job
from generator.render.publish import PublishResult, reusable, write_pack
from generator.render.rca import filled_form
from generator.render.versions import fingerprint, tool_versions
from generator.sources.documents import load_documents, load_rca_form
from generator.sources.key_paths import dotted, walk
from generator.sources.profiles import LoadedProfile
from generator.workflows.plans import Planned, plan_json, plan_profile, sources

FORMATS = ("md", "pdf")


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


def prepare_pack(
    path: Path, output: Path, formats: Sequence[str] = FORMATS, as_of: date | None = None, fresh: bool = False
) -> Pack:
    """Read, resolve and compose one profile's pack. Renders nothing and writes nothing.

    `fresh` ignores what the last run left. Raises InvalidInput, LawGap, RenderError.
    """
    planned = plan_profile(path, as_of)
    plan = planned.plan
    data = plan.to_json_data()
    questions = load_rca_form()
    form = filled_form(questions, data)
    logo = planned.loaded.logo.read_bytes() if planned.loaded.logo else None
    folder = output / plan.identity.id
    texts = [PackFile("plan.json", plan_json(plan), "plan", "internal")]
    jobs: list[RenderJob] = []
    roles: dict[str, tuple[str, str]] = {}
    for composed in compose_data(data, load_documents(), questions):
        if "md" in formats:
            texts.append(
                PackFile(f"{composed.stem}.md", composed.markdown.encode(), "text", composed.audience)
            )
        if "pdf" in formats:
            is_form = composed.layout == "form"
            name = f"{composed.stem}-print.pdf" if is_form else f"{composed.stem}.pdf"
            jobs.append(pdf_job(composed, data, logo=logo, name=name))
            roles[name] = ("document", composed.audience)
            if is_form:
                jobs.append(form_job(form, data, name=f"{composed.stem}.pdf", logo=logo))
                roles[f"{composed.stem}.pdf"] = ("form", composed.audience)
    mark = fingerprint(shipped())
    keys = {job.name: job.key(mark) for job in jobs}
    kept = {} if fresh else {n: d for n, key in keys.items() if (d := reusable(folder, n, key)) is not None}
    return Pack(
        planned=planned,
        folder=folder,
        texts=tuple(texts),
        jobs=tuple(job for job in jobs if job.name not in kept),
        kept=kept,
        keys=keys,
        roles=roles,
    )


def finish_pack(pack: Pack, rendered: Mapping[str, bytes], force: bool = False) -> PublishResult:
    """Write the pack, whole or not at all. `rendered` holds the PDF of each of `pack.jobs` by name."""
    identity = pack.planned.plan.identity
    pdfs = {**pack.kept, **rendered}
    files = [*pack.texts, *(PackFile(name, pdfs[name], *pack.roles[name]) for name in pack.keys)]
    cache = {name: {"key": key, "sha256": sha256(pdfs[name])} for name, key in pack.keys.items()}
    meta = PackMeta(
        plan_id=identity.id,
        plan_version=identity.version,
        as_of=pack.planned.plan.as_of.isoformat(),
        effective=identity.effective.isoformat(),
        tools=tool_versions(),
    )
    return write_pack(pack.folder, files, meta, force=force, cache=cache)


def place_of_character(loaded: LoadedProfile, character: str) -> str | None:
    """Where in the profile a character stands, for a message about fonts: `file:line:column: key`."""
    for path, value in walk(loaded.raw):
        if isinstance(value, str) and character in value:
            return f"{loaded.place(path)}: {dotted(path)}"
    return None


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
