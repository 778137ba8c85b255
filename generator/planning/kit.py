"""The communication kit: which messages this plan has besides its notices, and who writes and releases each."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.catalog import KitRule
from generator.model.plan import KitDocument
from generator.model.profile import NoticeOwner, Profile
from generator.planning import people
from generator.planning.roles import Roles


def plan_kit(
    profile: Profile, rules: Sequence[KitRule], tier: str, kind: str, roles: Roles
) -> dict[str, KitDocument]:
    """The messages of the kit by their id.

    Who the profile names for a message writes and releases it; else the rule's drafter and approver, and the
    approver of the profile's `default` notice where the rule has none.
    """
    owners = {owner.notice: owner for owner in profile.communication.notices}
    return {
        rule.id: _document(rule, owners.get(rule.id), owners.get("default"), profile, roles)
        for rule in rules
        if tier in rule.tiers and (not rule.kinds or kind in rule.kinds)
    }


def _document(
    rule: KitRule,
    own: NoticeOwner | None,
    default: NoticeOwner | None,
    profile: Profile,
    roles: Roles,
) -> KitDocument:
    if own:
        drafter, approver, deputy = own.drafter, own.approver, own.deputy_approver
    else:
        drafter = rule.drafter
        approver = rule.approver or (default.approver if default else "legal_counsel")
        deputy = rule.deputy or (default.deputy_approver if default and not rule.approver else None)
    if deputy in (approver, drafter) or (deputy and deputy not in profile.roles):
        deputy = None
    return KitDocument(
        id=rule.id,
        drafter=people.role_words(profile, drafter, roles),
        approver=people.role_words(profile, approver, roles),
        deputy_approver=people.role_words(profile, deputy, roles) if deputy else None,
        same_person=_holder(profile, drafter) is not None
        and _holder(profile, drafter) == _holder(profile, approver),
    )


def _holder(profile: Profile, role: str) -> str | None:
    held = profile.roles.get(role)
    return held.primary if held else None
