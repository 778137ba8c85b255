"""What a profile says, as facts of the registry (catalog/facts.yaml), for the conditions of law and catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.conditions import FactValue
from generator.model.profile import Profile

_ACTIVITY_FACTS = {
    "decides_on_credit": "creditor",
    "furnishes_to_bureaus": "furnishes_to_bureaus",
    "uses_consumer_reports": "uses_consumer_reports",
    "provides_services_to_banks": "bank_service_provider",
    "ftc_financial_institution": "glba_financial_institution",
    "personal_health_records": "personal_health_records",
    "part2_program": "part2_program",
    "stores_card_data": "accepts_cards",
    "manufactures_digital_products": "product_manufacturer",
    "develops_frontier_models": "frontier_developer",
    "operates_critical_infrastructure": "critical_infrastructure",
    "makes_medical_devices": "is_medical_device",
}
_STATE_BREACH_ELEMENTS = {
    "social_security_number",
    "government_id",
    "driver_licence",
    "tax_id",
    "account_number",
    "account_number_with_code",
    "card_number",
    "email_with_password",
    "health",
    "phi",
    "biometric",
}
_DATA_ROLE = {"controller": "owner_or_licensee", "processor": "maintains_for_others"}

CLOSED = frozenset({"residents:"})
"""Facts whose list is complete in every profile: a place that is not listed has no people."""


def profile_facts(profile: Profile, groups: Mapping[str, tuple[str, ...]]) -> dict[str, FactValue]:
    """The facts that `profile` states, by name. A fact that it does not state is absent, never guessed.

    `groups` are the place groups of catalog/places.yaml. Sums over countries and groups are the fact set's work.
    """
    client, data = profile.client, profile.data
    counts = _residents(profile)
    eea = set(groups["EEA"])
    facts: dict[str, FactValue] = {f"residents:{place}": number for place, number in sorted(counts.items())}
    facts["people_total"] = (
        data.people_total if data.people_total is not None else sum(p.count for p in data.people)
    )
    facts["seat"] = client.seat.place
    facts["established_in"] = tuple(
        sorted({client.seat.place, client.seat.place[:2], *client.establishments})
    )
    facts["operates_in"] = tuple(
        sorted({client.seat.place, *(place for place, number in counts.items() if number)})
    )
    facts["data_categories"] = tuple(sorted(data.categories))
    facts["holds_phi"] = "phi" in data.categories
    facts["state_breach_elements"] = bool(set(data.categories) & _STATE_BREACH_ELEMENTS)
    facts["offers_to_eu"] = any(number for place, number in counts.items() if place[:2] in eea)
    facts["offers_to_gb"] = counts.get("GB", 0) > 0
    member = next((p for p in (client.seat.place, *client.establishments) if p in eea), None)
    facts["member_state"] = member or "none"
    if client.sectors:
        facts["sectors"] = tuple(sorted(client.sectors))
    if client.charters:
        facts["charters"] = tuple(sorted(client.charters))
        facts["nydfs_covered"] = "nydfs_licensee" in client.charters
    if client.listed:
        facts["listed"] = client.listed
    if client.employees is not None:
        facts["employees"] = client.employees
    if client.annual_revenue_usd is not None:
        facts["annual_revenue_usd"] = client.annual_revenue_usd
    if client.roles.hipaa:
        facts["hipaa_role"] = tuple(sorted(client.roles.hipaa))
    elif "phi" not in data.categories:
        facts["hipaa_role"] = ("none",)
    if client.roles.data:
        facts["data_role"] = tuple(sorted(client.roles.data))
        facts["state_data_role"] = tuple(sorted(_DATA_ROLE[role] for role in client.roles.data))
    if client.roles.ai_act:
        facts["ai_act_role"] = tuple(sorted(client.roles.ai_act))
    if client.roles.nis2:
        facts["nis2_entity"] = client.roles.nis2
    if client.activities:
        facts |= {fact: activity in client.activities for activity, fact in _ACTIVITY_FACTS.items()}
    facts["consequential_decisions"] = tuple(sorted(profile.deployment.consequential_decisions)) or ("none",)
    return facts | dict(client.facts)


def _residents(profile: Profile) -> dict[str, int]:
    """People served by place, as the profile lists them."""
    counts: dict[str, int] = {}
    for served in profile.data.people:
        counts[served.residence] = counts.get(served.residence, 0) + served.count
    return counts
