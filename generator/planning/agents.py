"""Failure modes for each agent and each hand-off: the client's own and those that the catalogue derives."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model.catalog import Catalog, SeedFailureMode
from generator.model.plan import PlannedFailureMode
from generator.model.profile import Agent, Deployment, FailureMode, Handoff, Profile
from generator.planning.classes import catalog_kind

WHOLE_RUN = "whole-run"


def failure_modes(
    profile: Profile, catalog: Catalog, class_ids: frozenset[str]
) -> tuple[PlannedFailureMode, ...]:
    """In pipeline order: for each agent and hand-off its own modes, then the derived ones; the whole run last.

    A deployment without agents has none. A derived mode whose classes all cannot happen here is left out.
    """
    deployment = profile.deployment
    if not deployment.agents:
        return ()
    kind = catalog_kind(profile)
    seeds = [
        s
        for s in catalog.failure_modes
        if s.deployment in (kind, "any") and (not s.classes or class_ids & set(s.classes))
    ]
    special = [s for s in seeds if s.deployment == kind]
    seeds = special + [s for s in seeds if s.deployment == "any"]
    found: list[PlannedFailureMode] = []
    for index, agent in enumerate(deployment.agents):
        found += _own(agent.failure_modes, agent.id, agent.name, class_ids)
        found += _derived(seeds, _agent_places(agent, index, deployment), agent.id, agent.name, class_ids)
        for handoff in deployment.handoffs:
            if handoff.from_ == agent.id:
                title = _handoff_title(handoff, deployment)
                found += _own(handoff.failure_modes, handoff.id, title, class_ids)
                found += _derived(seeds, _handoff_places(handoff, deployment), handoff.id, title, class_ids)
    found += _derived(seeds, {("whole_run", "")}, WHOLE_RUN, "Whole run", class_ids)
    return tuple(found)


def _handoff_title(handoff: Handoff, deployment: Deployment) -> str:
    names = {agent.id: agent.name for agent in deployment.agents}
    return f"{names.get(handoff.from_, handoff.from_)} to {names.get(handoff.to or '', handoff.to or handoff.to_outside or 'outside')}"


def _agent_places(agent: Agent, index: int, deployment: Deployment) -> set[tuple[str, str]]:
    """The kinds of place that an agent is, each with the agent's id."""
    position = (
        "first_agent"
        if index == 0
        else "last_agent"
        if index == len(deployment.agents) - 1
        else "middle_agent"
    )
    kinds = {"any_agent", position}
    if agent.gate:
        kinds.add("gate")
    if agent.tools:
        kinds.add("tools")
    if agent.shares_model_with:
        kinds.add("shared_model")
    if agent.memory:
        kinds.add("memory")
    return {(kind, agent.id) for kind in kinds}


def _handoff_places(handoff: Handoff, deployment: Deployment) -> set[tuple[str, str]]:
    kinds = {"any_handoff"}
    last = deployment.agents[-1].id
    if handoff.to_outside or handoff.from_ == last:
        kinds.add("notice")
    return {(kind, handoff.id) for kind in kinds}


def _own(
    modes: Iterable[FailureMode], place: str, title: str, class_ids: frozenset[str]
) -> list[PlannedFailureMode]:
    return [
        PlannedFailureMode(
            id=mode.id,
            place=place,
            place_title=title,
            what=mode.what,
            sign=mode.sign,
            isolate=mode.isolate,
            find=mode.find,
            meaning_for_person=mode.meaning_for_person,
            classes=tuple(c for c in mode.classes if c in class_ids),
            own=True,
        )
        for mode in modes
    ]


def _derived(
    seeds: Iterable[SeedFailureMode],
    places: set[tuple[str, str]],
    place: str,
    title: str,
    class_ids: frozenset[str],
) -> list[PlannedFailureMode]:
    kinds = {kind for kind, _ in places}
    return [
        PlannedFailureMode(
            id=seed.id,
            place=place,
            place_title=title,
            what=seed.what,
            sign=_sign(seed),
            isolate=seed.isolate,
            find=seed.find,
            meaning_for_person=seed.meaning_for_person,
            classes=tuple(c for c in seed.classes if c in class_ids),
            own=False,
        )
        for seed in seeds
        if seed.when in kinds and _fits(seed, place, title)
    ]


def _fits(seed: SeedFailureMode, place: str, title: str) -> bool:
    """A seed of a named stage ("intake", "intake to underwriting") goes to the stage that bears the name."""
    if seed.deployment == "any" or seed.when == "whole_run":
        return True
    stage = {word for word in seed.where.lower().replace("-", " ").split() if len(word) > 3}
    here = f"{place} {title}".lower()
    return not stage or any(word[:6] in here for word in stage)


def _sign(seed: SeedFailureMode) -> str:
    field = f" (`{seed.log_field}`)" if seed.log_field else ""
    threshold = f"; default {seed.default_threshold}" if seed.default_threshold else ""
    return f"{seed.sign}{threshold}{field}"
