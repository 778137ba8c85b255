"""Control matrices that point at document and page, read from the final PDFs of the version in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.model.evidence import ControlLine, ControlTable, Place
from generator.model.plan_controls import CitedFramework
from generator.render.pdf_pages import outline_pages

Pages = Callable[[str, str], int | None]
"""(document, title of a chapter) -> page of its PDF."""
OUTCOMES = ("nist_csf",)
"""Frameworks whose ids an auditor reads as controls."""


def page_finder(files: Mapping[str, bytes]) -> Pages:
    """Pages by document and chapter, each PDF read once. `files` are those of one version."""
    read: dict[str, dict[str, int]] = {}

    def page(document: str, title: str) -> int | None:
        name = f"{document}.pdf"
        if name not in files:
            return None
        if name not in read:
            read[name] = outline_pages(files[name])
        return read[name].get(title)

    return page


def control_tables(plan: Mapping[str, Any], pages: Pages) -> tuple[ControlTable, ...]:
    """The client's controls, the criteria in scope, the HIPAA standards, the framework outcomes."""
    tables = [*_matrix(plan, pages), *_hipaa(plan, pages), *_frameworks(plan, pages)]
    return tuple(table for table in tables if table.rows)


def frameworks_used(plan: Mapping[str, Any]) -> tuple[CitedFramework, ...]:
    """Editions of the frameworks whose ids stand in the tables."""
    crosswalk = plan.get("crosswalk") or {"frameworks": []}
    return tuple(
        CitedFramework.model_validate(one, strict=False)
        for one in crosswalk["frameworks"]
        if one["id"] in OUTCOMES
    )


def _matrix(plan: Mapping[str, Any], pages: Pages) -> Iterator[ControlTable]:
    matrix = plan.get("control_matrix")
    if not matrix:
        return
    yield ControlTable(
        id="controls",
        title=f"Controls of {plan['client']['name']}",
        head="Control",
        note=None,
        rows=tuple(
            ControlLine(
                id=row["id"],
                title=row["title"],
                answered_by=tuple(row["criteria"]),
                places=_places(row["places"], pages),
                evidence=row["evidence"],
                gap=None if row["evidence"] else "the profile names no evidence",
            )
            for row in matrix["controls"]
        ),
    )
    for wanted, title in (
        (True, "Criteria in scope"),
        (False, "Criteria named by controls, outside the scope"),
    ):
        rows = [row for row in matrix["criteria"] if row["in_scope"] == wanted]
        yield ControlTable(
            id="scope" if wanted else "named",
            title=title,
            head="Criterion",
            note=None,
            rows=tuple(
                _standard(
                    row,
                    (*row["controls"], *row["policies"]),
                    "; ".join(filter(None, (row["sample"], row["population"]))),
                    pages,
                )
                for row in rows
            ),
        )


def _hipaa(plan: Mapping[str, Any], pages: Pages) -> Iterator[ControlTable]:
    hipaa = plan.get("hipaa")
    if not hipaa:
        return
    yield ControlTable(
        id="hipaa",
        title="HIPAA standards (45 CFR)",
        head="Standard",
        note=hipaa["source"],
        rows=tuple(_standard(row, row["policies"], "", pages) for row in hipaa["standards"]),
    )


def _standard(row: Mapping[str, Any], answered_by: Iterable[str], sample: str, pages: Pages) -> ControlLine:
    """A criterion or standard; where nothing says what an auditor samples, its evidence stands for it."""
    return ControlLine(
        id=row["id"],
        title=row["title"],
        answered_by=tuple(answered_by),
        places=_places(row["places"], pages),
        evidence=sample or "; ".join(row["evidence"]) or None,
        gap=row["words"] if row["standing"] == "gap" else None,
    )


def _frameworks(plan: Mapping[str, Any], pages: Pages) -> Iterator[ControlTable]:
    crosswalk = plan.get("crosswalk")
    if not crosswalk:
        return
    titles = {row["class_id"]: row["title"] for row in crosswalk["rows"]}
    for framework in crosswalk["frameworks"]:
        if framework["id"] not in OUTCOMES:
            continue
        classes: dict[str, list[str]] = {}
        for row in crosswalk["rows"]:
            for identifier in row["refs"].get(framework["id"], ()):
                classes.setdefault(identifier, []).append(row["class_id"])
        common = set(crosswalk["common"].get(framework["id"], ()))
        yield ControlTable(
            id=framework["id"].replace("_", "-"),
            title=f"{framework['title']}, {framework['edition']}",
            head="Outcome",
            note=f"Ids: {framework['verified']}.",
            rows=tuple(
                ControlLine(
                    id=one["id"],
                    title=one["words"],
                    answered_by=("every class of incident",)
                    if one["id"] in common
                    else tuple(titles[name] for name in classes.get(one["id"], ())),
                    places=_class_places(classes.get(one["id"], ()), one["id"] in common, titles, pages),
                    evidence=None,
                    gap=None,
                )
                for one in framework["used"]
                if one["id"] in common or one["id"] in classes
            ),
        )


_MOST = 3


def _class_places(
    classes: Iterable[str], common: bool, titles: Mapping[str, str], pages: Pages
) -> tuple[Place, ...]:
    """The playbooks behind an outcome: for one that every class has, the annex as a whole."""
    if common:
        return (Place(document="playbooks", title="Playbooks", page=1),)
    return tuple(_place("playbooks", titles[name], pages) for name in list(classes)[:_MOST])


def _places(words: Sequence[str], pages: Pages) -> tuple[Place, ...]:
    """`runbook, Drills` with its page."""
    pairs = (text.partition(", ") for text in words)
    return tuple(_place(document, title, pages) for document, _, title in pairs)


def _place(document: str, title: str, pages: Pages) -> Place:
    return Place(document=document, title=title, page=pages(document, title))
