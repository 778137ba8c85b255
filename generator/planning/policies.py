"""When the client's own policies are reviewed next."""

from __future__ import annotations

from datetime import date

from generator.deadlines.counting import after_months
from generator.model.profile import Profile
from generator.planning import words

_SOON = 30
"""Days ahead in which a review that falls due is a finding."""


def reviews_due(profile: Profile, on: date) -> dict[str, str]:
    """Policy id -> what is due: reviews that are overdue on a day, or fall due within 30 days of it."""
    found = {}
    for policy in profile.policies:
        if policy.reviewed is None:
            continue
        due = after_months(policy.reviewed, policy.review_every_months)
        days = (due - on).days
        if days > _SOON:
            continue
        when = (
            f"the next review falls due on {due.isoformat()}, in {words.count(days, 'day')}"
            if days >= 0
            else f"the next review was due on {due.isoformat()}, {words.count(-days, 'day')} ago"
        )
        found[policy.id] = (
            f"policy {policy.id} ({policy.title}): reviewed {policy.reviewed.isoformat()}, {when}"
        )
    return found
