"""Whom a legal duty is sent to here: the authority's name, portal and the client's own contact there."""

from __future__ import annotations

from generator.law.facts import FactSet
from generator.model.law import Authority, Duty
from generator.model.lawbook import LawBook
from generator.model.profile import Profile
from generator.planning import words


def law_contact(
    duty: Duty, place: str | None, book: LawBook, profile: Profile, facts: FactSet
) -> tuple[str, ...]:
    """Lines for the contact column: the client's own contact at its regulator first, then the directory's authority."""
    name = recipient_name(duty, book, facts)
    lines = [_own(regulator) for regulator in profile.client.regulators if _matches(name, regulator.name)]
    for authority in _authorities(duty, place, book, profile, facts):
        text = f"{authority.name}: {authority.portal or authority.site or 'no portal verified'}"
        lines.append(text if authority.confidence == "high" else f"{text} (address not verified)")
    return tuple(dict.fromkeys(lines))


def recipient_name(duty: Duty, book: LawBook, facts: FactSet) -> str:
    """Who receives it; where the law says "primary federal regulator", the supervisor by the client's charter."""
    held = facts.get("charters")
    if duty.recipient_from != "charters" or not isinstance(held, tuple):
        return duty.recipient_name
    mine = [a.name for a in book.authorities if a.kind == duty.recipient and set(a.charters) & set(held)]
    return words.join(mine) or duty.recipient_name


def _own(regulator: object) -> str:
    parts = [getattr(regulator, name) for name in ("name", "contact", "phone", "email", "portal")]
    return ", ".join(part for part in parts if part)


def _matches(recipient_name: str, name: str) -> bool:
    recipient = recipient_name.lower()
    return (
        name.lower() in recipient
        or recipient in name.lower()
        or any(
            word.isupper() and len(word) > 2 and word in recipient_name.split()
            for word in name.replace("(", " ").replace(")", " ").split()
        )
    )


def _authorities(
    duty: Duty, place: str | None, book: LawBook, profile: Profile, facts: FactSet
) -> list[Authority]:
    """Directory entries for this duty: named by it, else of its place; in Europe the lead or each place served."""
    kind = [a for a in book.authorities if a.kind == duty.recipient]
    name = recipient_name(duty, book, facts)
    named = [a for a in kind if a.name in name or (a.short and a.short in name.split())]
    here = [a for a in named or kind if place and a.place == place]
    if here or named or duty.recipient != "data_protection_authority":
        return here or named
    eea = facts.registry.places.groups.get("EEA", ())
    member = facts.get("member_state")
    served = sorted({p.residence[:2] for p in profile.data.people if p.count and p.residence[:2] in eea})
    wanted = [member] if isinstance(member, str) and member in eea else served
    return [next(a for a in kind if a.place == code) for code in wanted if any(a.place == code for a in kind)]
