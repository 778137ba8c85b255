"""What the first page needs: who is called in which order, the switch that stops the most, what vanishes first."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.plan import IndexEntry, PlannedClass, PlannedEvidence
from generator.model.profile import Profile

_CALLED_FIRST = (
    "on_call",
    "night_phone",
    "incident_commander",
    "clinical_safety_on_call",
    "clinical_safety_officer",
    "fair_lending_officer",
    "privacy_officer",
    "legal_counsel",
    "ai_lead",
    "security_lead",
    "deputy",
    "orchestration_lead",
    "customer_lead",
    "executive_sponsor",
)
_MOST_CALLS = 8
_MOST_EVIDENCE = 6


def call_order(profile: Profile) -> tuple[str, ...]:
    """Roles to call, the first responder first. Two roles of the same person are one call."""
    called: dict[tuple[str | None, str | None], str] = {}
    for role in _CALLED_FIRST:
        holder = profile.roles.get(role)
        if holder:
            key = (holder.primary, holder.rota.phone if holder.rota else None)
            called.setdefault(key, role)
    if not called:
        called = {(role, None): role for role in profile.roles}
    return tuple(called.values())[:_MOST_CALLS]


def main_switch(profile: Profile) -> str:
    """The switch of the widest scope on the highest rung; the profile's order decides between equals."""
    switches = profile.containment.switches
    return max(switches, key=lambda s: (s.scope == "everything", s.rung, -switches.index(s))).id


def first_evidence(classes: Sequence[PlannedClass]) -> tuple[PlannedEvidence, ...]:
    """What the lead classes want saved, fastest to vanish first."""
    items = {item.id: item for class_ in classes if class_.lead for item in class_.evidence}
    fast = sorted(
        items.values(), key=lambda i: (i.volatility, i.kept_days if i.kept_days is not None else 9999, i.id)
    )
    return tuple(item for item in fast if item.volatility <= 2)[:_MOST_EVIDENCE]


def index(profile: Profile, classes: Sequence[PlannedClass]) -> tuple[IndexEntry, ...]:
    """What a person sees, leads first; then every alert by its name."""
    sights = [IndexEntry(kind="sight", words=c.plain, class_id=c.id, switches=c.switches) for c in classes]
    planned = {c.id: c for c in classes}
    alerts = []
    for signal in profile.detection.signals:
        met = [planned[name] for name in signal.classes if name in planned]
        if met:
            alerts.append(
                IndexEntry(
                    kind="alert",
                    words=signal.alert or signal.title,
                    class_id=met[0].id,
                    switches=met[0].switches,
                )
            )
    return (*sights, *sorted(alerts, key=lambda entry: entry.words.lower()))
