"""Incident classes in the words of public frameworks, each id with the edition that it was checked in."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.plan import PlannedClass
from generator.model.plan_controls import CitedFramework, CitedId, Crosswalk, CrosswalkRow
from generator.model.references import Framework, FrameworkEntry, References

ORDER = ("owasp_llm", "owasp_agentic", "nist_csf", "ai_rmf", "iso_42001", "mast", "atlas")


def crosswalk(classes: Sequence[PlannedClass], references: References) -> Crosswalk | None:
    """The crosswalk of the classes in this plan, or None without framework data.

    An id that the data does not hold is left out (the catalogue's loader refuses it long before).
    """
    frameworks = sorted(
        references.frameworks, key=lambda f: (ORDER.index(f.id) if f.id in ORDER else len(ORDER), f.id)
    )
    if not frameworks or not classes:
        return None
    attacker = {f.id for f in frameworks if f.adversary_only}
    known = {f.id: frozenset(e.id for e in f.entries) for f in frameworks}
    refs = {
        planned.id: {
            name: tuple(i for i in planned.refs.get(name, ()) if i in ids) for name, ids in known.items()
        }
        for planned in classes
    }
    common = {
        name: tuple(i for i in refs[classes[0].id][name] if all(i in own[name] for own in refs.values()))
        for name in known
    }
    rows = [
        CrosswalkRow(
            class_id=planned.id,
            title=planned.title,
            lead=planned.lead,
            refs={
                name: tuple(i for i in ids if i not in common[name])
                for name, ids in refs[planned.id].items()
                if name not in attacker
            },
            attacker=tuple(i for name in sorted(attacker) for i in refs[planned.id][name]),
        )
        for planned in classes
    ]
    used = {i for planned in classes for ids in planned.refs.values() for i in ids}
    return Crosswalk(
        frameworks=tuple(_cited(f, used) for f in frameworks),
        common={name: ids for name, ids in common.items() if ids and name not in attacker},
        rows=tuple(rows),
    )


def _cited(framework: Framework, used: set[str]) -> CitedFramework:
    return CitedFramework(
        **framework.model_dump(include={"id", "title", "short", "edition", "url", "checked", "note"}),
        verified=_verified(framework.verified),
        adversary_only=framework.adversary_only,
        used=tuple(_entry(e, framework) for e in framework.entries if e.id in used),
    )


def _entry(entry: FrameworkEntry, framework: Framework) -> CitedId:
    words = ": ".join(text for text in (entry.title, entry.gist) if text)
    return CitedId(
        id=entry.id,
        words=words,
        edition=entry.edition or framework.edition,
        verified=entry.verified,
        successor=f"{entry.successor} {entry.successor_title}" if entry.successor else None,
    )


def _verified(mark: str) -> str:
    return {"P": "read in the publisher's own file", "S": "read in third-party copies that agree"}[mark]
