"""Two plans, wherever they are, compared; the redline of the runbook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator.diff.changes import PlanDiff, TextChange
from generator.diff.plans import compare
from generator.diff.text import changed_lines, redline
from generator.errors import InvalidInput, Problem, SourceRef, UsageProblem
from generator.render.manifest import NAME, read_manifest
from generator.sources.git import checked_out, split_revision
from generator.workflows.plans import plan_profile

RUNBOOK = "runbook.md"


@dataclass(frozen=True, slots=True)
class Input:
    """One side of a comparison."""

    words: str
    """As the call names it."""
    plan: Mapping[str, Any]
    folder: Path | None
    """The pack or release that it comes from."""

    def texts(self) -> dict[str, str]:
        """The Markdown of the pack by name; empty where the input is no pack."""
        if self.folder is None:
            return {}
        try:
            entries = read_manifest((self.folder / NAME).read_bytes()) or {}
        except OSError:
            return {}
        names = [name for name in entries if name.endswith(".md") and (self.folder / name).is_file()]
        return {name: _read(self.folder / name) for name in sorted(names)}


def compare_inputs(old: str, new: str) -> tuple[PlanDiff, Input, Input]:
    """Compare two packs, releases, plan.json files, profiles or `REV:profile`. Raises UsageProblem, InvalidInput."""
    before, after = load(old), load(new)
    diff = compare(before.plan, after.plan)
    texts = (before.texts(), after.texts())
    if all(texts):
        diff = replace(diff, texts=tuple(_text_changes(*texts)))
    return diff, before, after


def _text_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[TextChange]:
    names = sorted(old.keys() | new.keys())
    pairs = [(name, old.get(name, ""), new.get(name, "")) for name in names]
    return [TextChange(name, *changed_lines(was, now)) for name, was, now in pairs if was != now]


def load(words: str) -> Input:
    """One side, from its words on the command line."""
    path = Path(words)
    if path.is_dir():
        return Input(words, _plan_file(path / "plan.json"), path)
    if path.is_file() and path.suffix == ".json":
        return Input(words, _plan_file(path), path.parent if (path.parent / NAME).is_file() else None)
    if path.is_file():
        return Input(words, plan_profile(path).plan.to_json_data(), None)
    revision = split_revision(words)
    if revision is None:
        raise UsageProblem(
            f"{words}: there is no such pack, release, plan.json or profile; a profile of git is REVISION:path"
        )
    with checked_out(*revision) as profile:
        return Input(words, plan_profile(profile).plan.to_json_data(), None)


def _plan_file(path: Path) -> Mapping[str, Any]:
    place = SourceRef(path)
    try:
        data = json.loads(path.read_bytes())
        identity = data["identity"]
        known = {"id", "version", "effective", "client"} <= identity.keys() and "as_of" in data
    except OSError as error:
        raise InvalidInput([Problem(place, "", f"cannot be read: {error.strerror or error}")]) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        known, data = False, {}
    if not known:
        raise InvalidInput([Problem(place, "", "is no plan.json of airplan", "build the pack again")])
    if data.get("schema") != 1:
        raise InvalidInput([Problem(place, "schema", f"is {data.get('schema')}, this version reads 1")])
    return dict(data)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput([Problem(SourceRef(path), "", f"cannot be read as UTF-8 text: {error}")]) from None


def runbook_of(side: Input) -> str:
    """The runbook of one side: of its pack, else composed from its plan."""
    from generator.render.markdown import compose_data
    from generator.sources.documents import load_documents

    if side.folder is not None and (side.folder / RUNBOOK).is_file():
        return _read(side.folder / RUNBOOK)
    documents = [spec for spec in load_documents() if spec.id == "runbook"]
    return compose_data(side.plan, documents)[0].markdown


def redline_text(old: Input, new: Input, diff: PlanDiff) -> str:
    """The runbook with what came in and went out marked, under a title of its own."""
    _, _, before = runbook_of(old).partition("\n")
    _, _, after = runbook_of(new).partition("\n")
    head = (
        f"# Redline of the runbook: version {diff.old.version} to {diff.new.version}\n\n"
        f"{_version(diff, old=True)} to {_version(diff, old=False)}. "
        "Underlined: came in. Struck: went out. A bar in the margin: something changed here.\n\n"
    )
    return head + redline(before, after)


def _version(diff: PlanDiff, *, old: bool) -> str:
    side = diff.old if old else diff.new
    return f"{side.plan} {side.version} (in force from {side.effective}, law as of {side.as_of})"


def redline_pdf(old: Input, new: Input, diff: PlanDiff) -> bytes:
    """The redline as a PDF. Raises RenderError."""
    from generator.render.jobs import run_job
    from generator.render.redline import redline_job

    title = f"Redline {diff.old.version} to {diff.new.version}"
    return run_job(redline_job(redline_text(old, new, diff), title, new.plan, name="redline.pdf"))
