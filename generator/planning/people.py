"""Roles with names and phones, and who can be reached when nobody wants to be."""

from __future__ import annotations

from generator.model.catalog import ON_CALL
from generator.model.plan import Contact, Coverage
from generator.model.profile import Person, Profile, RoleHolder, Switch
from generator.planning import words
from generator.planning.first_hour import call_order
from generator.planning.roles import Roles


def contacts(profile: Profile, roles: Roles) -> dict[str, Contact]:
    """Every role of the profile, ready to print, in the profile's order."""
    return {role: _contact(role, holder, profile, roles) for role, holder in profile.roles.items()}


def _contact(role: str, holder: RoleHolder, profile: Profile, roles: Roles) -> Contact:
    primary = profile.people.get(holder.primary) if holder.primary else None
    backup = profile.people.get(holder.backup) if holder.backup else None
    name, phone, note = _first(holder, primary)
    return Contact(
        role=role,
        title=roles.title(role),
        owns=roles.owns(role),
        primary=name,
        primary_phone=phone,
        primary_note=note,
        backup=backup.name if backup else None,
        backup_phone=backup.phone if backup else None,
        escalate_minutes=words.minutes(holder.escalate_after.value, holder.escalate_after.unit)
        if holder.escalate_after
        else None,
        authority=holder.authority,
        may_not=holder.may_not,
        gap=primary is None and holder.rota is None,
    )


def _first(holder: RoleHolder, primary: Person | None) -> tuple[str, str | None, str | None]:
    """Name, phone and note of who is called first: the rota, the person, or the visible gap."""
    if holder.rota:
        return holder.rota.name, holder.rota.phone, f"{holder.rota.hours}; {holder.rota.schedule}"
    if primary:
        return primary.name, primary.phone, _note(primary)
    return "GAP: nobody named", None, None


def _note(person: Person) -> str | None:
    parts = [
        part for part in (person.title, person.hours, "answers at night" if person.on_call else None) if part
    ]
    return "; ".join(parts) or None


def role_words(profile: Profile, role: str, roles: Roles) -> str:
    """`Dana Okafor (privacy officer)`; a rota by its name alone. A role nobody holds falls to a stand-in."""
    title = roles.inside(role)
    holder = profile.roles.get(role)
    if holder is None:
        stand_in = next((r for r in _STAND_INS if r in profile.roles), None)
        if stand_in is None:
            return f"GAP: nobody holds the role {title}"
        name = _holder_name(profile, profile.roles[stand_in])
        held = roles.inside(stand_in)
        return f"{name} ({held}, for the {title})"
    name = _holder_name(profile, holder)
    if holder.rota:
        return name
    return f"{name} ({title})" if name else f"GAP: nobody holds the role {title}"


def doer(profile: Profile, wanted: tuple[str, ...], roles: Roles) -> tuple[str, str]:
    """(role, name) of who does a step: the first of `wanted` that is held and has cause here.

    `on_call` is whoever is called first. Where nobody holds the last role either, its stand-in, named as such.
    """
    spare = without_cause(profile)
    for role in wanted:
        held = next(iter(call_order(profile)), role) if role == ON_CALL else role
        if held in profile.roles and held not in spare:
            name = _holder_name(profile, profile.roles[held])
            return held, name or role_words(profile, held, roles)
    return wanted[-1], role_words(profile, wanted[-1], roles)


def without_cause(profile: Profile) -> set[str]:
    """Roles that a deployment of this kind does not need: their questions are not asked."""
    spare = set()
    if "credit" not in profile.deployment.consequential_decisions:
        spare.add("fair_lending_officer")
    if "clinical" not in profile.deployment.tags and profile.deployment.kind != "clinical_scribe":
        spare.add("clinical_safety_officer")
    return spare


_STAND_INS = ("incident_commander", "product_owner", "executive_sponsor", "on_call")
"""Who decides for a role that nobody holds, the first that is held."""


def _holder_name(profile: Profile, holder: RoleHolder) -> str:
    if holder.rota:
        return holder.rota.name
    person = profile.people.get(holder.primary or "")
    return person.name if person else ""


def reachable_at_night(profile: Profile, role: str) -> list[str]:
    """Names that hold `role` and can be reached on a Sunday at 02:00 local time."""
    holder = profile.roles.get(role)
    if holder is None:
        return []
    found = [f"{holder.rota.name} {holder.rota.phone}"] if holder.rota else []
    for person_id in (holder.primary, holder.backup):
        person = profile.people.get(person_id or "")
        if person and person.on_call and person.phone:
            found.append(f"{person.name} {person.phone}")
    return found


def coverage(profile: Profile) -> tuple[Coverage, ...]:
    """For each switch: who could pull it on a Sunday at 02:00, having both the right and the credential."""
    return tuple(_switch_coverage(profile, switch) for switch in profile.containment.switches)


def _switch_coverage(profile: Profile, switch: Switch) -> Coverage:
    may = _names(profile, switch.who)
    can = _names(profile, switch.credential.holders) if switch.credential else may
    both = [name for name in may if name in can]
    if both:
        text = words.join(both, "or")
    elif not may:
        text = "nobody who may pull it answers on a Sunday at 02:00"
    else:
        text = "those who may pull it answer, but nobody who holds the credential does"
    return Coverage(switch=switch.id, who=tuple(both), words=text, gap=not both)


def _names(profile: Profile, roles: tuple[str, ...]) -> list[str]:
    found: dict[str, None] = {}
    for role in roles:
        found.update(dict.fromkeys(reachable_at_night(profile, role)))
    return list(found)
