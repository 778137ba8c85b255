"""Where PHI can be in this deployment, how it is found there, and who could have seen it."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.plan_controls import PhiRow, PhiStore
from generator.model.profile import Profile, Retention
from generator.model.references import PhiKind
from generator.planning import words

_YEAR = 365
"""Days after which deletion does not run against an investigation."""
_VIEW_FIELDS = (
    "app.resource.tenant_id",
    "app.identity.on_behalf_of",
    "app.egress.destination",
    "app.canary.hit",
    "app.document.acl_checked",
    "app.note.signed_at",
    "app.review.dwell_seconds",
    "gen_ai.retrieval.documents",
    "server.address",
    "user.id",
)
"""Log fields that tell whether content reached a person or a place outside."""


def phi_rows(profile: Profile, kinds: Sequence[PhiKind]) -> tuple[PhiRow, ...]:
    """Each kind of store that this deployment has; a kind without a place is a visible gap."""
    claimed = {evidence for kind in kinds for evidence in kind.evidence}
    rows = []
    for kind in kinds:
        if not _applies(kind, profile):
            continue
        stores = (*_kept(kind, claimed, profile), *_elsewhere(kind, profile), *_logged(kind, profile))
        gap = None if stores else f"where {_lower(kind.title)} are kept and for how long, or that none are"
        rows.append(
            PhiRow(id=kind.id, title=kind.title, stores=stores, find=kind.find, count=kind.count, gap=gap)
        )
    return tuple(rows)


def recipients(profile: Profile) -> tuple[str, ...]:
    """Who could get PHI by a fault of this deployment: other tenants, suppliers, people in the house."""
    tenants = [f"staff of {tenant.name}" for tenant in profile.deployment.tenants]
    suppliers = [f"{p.name} ({p.region or 'region not stated'})" for p in profile.providers if p.subprocessor]
    return (*tenants, *suppliers, f"workforce of {profile.client.name} outside its task", "somebody unknown")


def view_fields(profile: Profile) -> tuple[str, ...]:
    """The fields of the client's log that show whether content was seen."""
    log = profile.detection.audit_log
    return tuple(field for field in _VIEW_FIELDS if log and field in log.fields)


def _applies(kind: PhiKind, profile: Profile) -> bool:
    components = {component.kind for component in profile.deployment.components}
    retrieval = profile.deployment.retrieval
    return {
        "any": True,
        "model": bool(profile.providers) or bool(components & {"model", "weights", "recognition"}),
        "recording": "recognition" in components or "voice" in profile.data.categories,
        "index": "index" in components or bool(retrieval and retrieval.index),
    }[kind.needs]


def _kept(kind: PhiKind, claimed: set[str], profile: Profile) -> tuple[PhiStore, ...]:
    """What the retention table says; what names no evidence item, or one of no kind, stands with the traces."""
    return tuple(
        PhiStore(
            what=kept.what,
            where=kept.where,
            kept=words.count(kept.days, "day"),
            hold=kept.hold or ("kept a year or longer" if kept.days >= _YEAR else None),
            size=_size(kept, profile),
        )
        for kept in profile.data.retention
        if kept.evidence in kind.evidence or (kind.id == "trace" and kept.evidence not in claimed)
    )


def _elsewhere(kind: PhiKind, profile: Profile) -> tuple[PhiStore, ...]:
    """What lies with a provider (prompts), in an index, or in an agent's memory."""
    deployment = profile.deployment
    if kind.id == "prompt":
        return tuple(
            PhiStore(
                what=f"{p.name}: {p.model or p.service}",
                where=p.region or "region not stated",
                kept=f"{p.retention or 'retention not stated'}; use: {p.data_use or 'not stated'}",
                hold=f"demand: {p.records_to_demand[0]}" if p.records_to_demand else None,
                size=None,
            )
            for p in profile.providers
            if p.subprocessor
        )
    if kind.id != "vector":
        return ()
    memories = [(f"Memory of {agent.name}", agent.memory) for agent in deployment.agents if agent.memory]
    indexes = [(c.name, f"live version {c.live}") for c in deployment.components if c.kind == "index"]
    stated = deployment.retrieval.index if deployment.retrieval else None
    claims = [("What the index holds, as stated", stated)] if stated else []
    return tuple(
        PhiStore(what=what, where=where, kept="until rebuilt", hold="copy before any rebuild", size=None)
        for what, where in (*claims, *indexes, *memories)
    )


def _logged(kind: PhiKind, profile: Profile) -> tuple[PhiStore, ...]:
    """The audit log itself, where it holds content and not only ids."""
    log = profile.detection.audit_log
    fields = [field for field in kind.fields if log and field in log.fields]
    if log is None or not fields:
        return ()
    days = log.retention_days
    return (
        PhiStore(
            what="Audit log, content fields",
            where=f"{words.join(fields)} in: {log.store}",
            kept=words.count(days, "day") if days is not None else "retention not stated",
            hold="export for the window: runbook, The audit log" if log.export else None,
            size=None,
        ),
    )


def _size(kept: Retention, profile: Profile) -> str | None:
    """`about 17,550 visits at 5,850 a day`: the days kept, or the life of the system if shorter, times the volume."""
    volumes = profile.volumes
    if volumes is None or kept.days == 0:
        return None
    live = profile.deployment.live_since
    age = (profile.plan.effective - live).days if live else kept.days
    days = min(kept.days, max(age, 1))
    total = words.number(days * volumes.per_day)
    return f"about {total} {volumes.unit} at {words.number(volumes.per_day)} a day"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
