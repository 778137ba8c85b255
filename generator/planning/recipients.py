"""Whom a legal duty is sent to here: the authority's name, portal and the client's own contact there."""

from __future__ import annotations

from generator.law.facts import FactSet
from generator.model.law import Authority, Duty
from generator.model.lawbook import LawBook
from generator.model.profile import Profile


def law_contact(
    duty: Duty, place: str | None, book: LawBook, profile: Profile, facts: FactSet
) -> tuple[str, ...]:
    """Lines for the contact column: the client's own contact at its regulator first, then the directory's authority."""
    lines = [_own(regulator) for regulator in profile.client.regulators if _matches(duty, regulator.name)]
    for authority in _authorities(duty, place, book, profile, facts):
        text = f"{authority.name}: {authority.portal or authority.site or 'no portal verified'}"
        lines.append(text if authority.confidence == "high" else f"{text} (address not verified)")
    return tuple(dict.fromkeys(lines))


def _own(regulator: object) -> str:
    parts = [getattr(regulator, name) for name in ("name", "contact", "phone", "email", "portal")]
    return ", ".join(part for part in parts if part)


def _matches(duty: Duty, name: str) -> bool:
    recipient = duty.recipient_name.lower()
    return (
        name.lower() in recipient
        or recipient in name.lower()
        or any(
            word.isupper() and len(word) > 2 and word in duty.recipient_name.split()
            for word in name.replace("(", " ").replace(")", " ").split()
        )
    )


def _authorities(
    duty: Duty, place: str | None, book: LawBook, profile: Profile, facts: FactSet
) -> list[Authority]:
    """Directory entries for this duty: of its place, or for a European duty of the lead or of each place served."""
    found = [a for a in book.authorities if a.kind == duty.recipient and place and a.place == place]
    if found or duty.recipient != "data_protection_authority":
        return found
    member = facts.get("member_state")
    eea = facts.registry.places.groups.get("EEA", ())
    if isinstance(member, str) and member in eea:
        return [a for a in book.authorities if a.kind == duty.recipient and a.place == member][:2]
    served = sorted({p.residence[:2] for p in profile.data.people if p.count and p.residence[:2] in eea})
    return [a for code in served for a in book.authorities if a.kind == duty.recipient and a.place == code]
