"""The stakes tier: points from the catalogue's factors, with the arithmetic kept for print."""

from __future__ import annotations

from generator.model.catalog import Stakes, StakesFactor
from generator.model.plan import StakesResult, StakesRow, Window
from generator.model.profile import Profile
from generator.planning import words

_HEALTH_OR_CREDIT = {"phi", "health", "credit_decision", "biometric"}
_SENSITIVE = {
    "social_security_number",
    "government_id",
    "driver_licence",
    "tax_id",
    "account_number",
    "account_number_with_code",
    "card_number",
    "income",
    "credit_report",
    "religion",
    "ethnicity",
    "union",
    "politics",
    "sex_life",
    "criminal",
    "voice",
}


def answers(profile: Profile) -> dict[str, str]:
    """The profile's answer to each factor of catalog/stakes.yaml, by factor id."""
    deployment = profile.deployment
    categories = set(profile.data.categories)
    people = profile.data.people_total or sum(group.count for group in profile.data.people)
    writing = [tool for tool in deployment.tools if tool.effect != "read"]
    if categories & _HEALTH_OR_CREDIT:
        data = "health_or_credit_decision"
    elif categories & _SENSITIVE:
        data = "sensitive_or_financial"
    else:
        data = "personal"
    if len(deployment.agents) > 1:
        agents = "several_agents_with_writing_tools" if writing else "several_agents_or_tools"
    elif len(writing) > 1:
        agents = "several_agents_or_tools"
    else:
        agents = "one_writing_tool" if writing else "none"
    reach = "under_1000" if people < 1000 else "under_100000" if people < 100_000 else "100000_or_more"
    return {
        "harm": deployment.harm_if_wrong,
        "reversibility": deployment.reversibility,
        "autonomy": deployment.autonomy,
        "regulated_data": data,
        "reach": reach,
        "agents_and_write_tools": agents,
    }


def compute(profile: Profile, stakes: Stakes) -> StakesResult:
    """Tier with its addends. Raises KeyError when the catalogue lacks an answer: a fault of the data, tested."""
    given = answers(profile)
    rows = tuple(_row(factor, given[factor.id], profile) for factor in stakes.factors)
    points = sum(row.points for row in rows)
    levers = next(tier for tier in stakes.tiers if tier.from_points <= points <= tier.to_points)
    sum_words = " + ".join(str(row.points) for row in rows)
    return StakesResult(
        tier=levers.id,
        points=points,
        maximum=sum(factor.maximum for factor in stakes.factors),
        rows=rows,
        words=f"{sum_words} = {points}: tier {levers.id} ({levers.from_points} to {levers.to_points} points)",
        levers=levers,
    )


def _row(factor: StakesFactor, answer: str, profile: Profile) -> StakesRow:
    score = {score.value: score for score in factor.scores}[answer]
    because = {
        "harm": profile.deployment.harm_because,
        "reversibility": profile.deployment.reversibility_because,
    }.get(factor.id)
    return StakesRow(
        id=factor.id,
        title=factor.title,
        answer=answer.replace("_", " "),
        points=score.points,
        maximum=factor.maximum,
        words=because or score.words,
    )


def acknowledge_minutes(severity: str, default: int, result: StakesResult) -> int:
    """Within how long an incident of this severity is answered: the tier's window, else the severity's own."""
    own = {"SEV1": result.levers.acknowledge_sev1, "SEV2": result.levers.acknowledge_sev2}.get(severity)
    return words.minutes(own.value, own.unit) if own else default


def windows(result: StakesResult) -> dict[str, Window]:
    """The windows that the tier sets, each with its basis. Tier windows beat class defaults."""
    levers = result.levers
    lengths = {
        "acknowledge_sev1": levers.acknowledge_sev1,
        "acknowledge_sev2": levers.acknowledge_sev2,
        "contain": levers.contain_within,
        "assess_notice": levers.assess_notice_within,
    }
    return {
        key: Window(
            id=key,
            words=words.duration(length),
            minutes=words.minutes(length.value, length.unit),
            basis=f"{length.basis}, stakes tier {result.tier}",
        )
        for key, length in lengths.items()
    }
