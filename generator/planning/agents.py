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
    general = [s for s in seeds if s.deployment == "any"]
    found: list[PlannedFailureMode] = []
    for index, agent in enumerate(deployment.agents):
        kinds = _agent_kinds(agent, index, deployment)
        found += _modes(agent.failure_modes, special, general, kinds, agent.id, agent.name, class_ids)
        for handoff in deployment.handoffs:
            if handoff.from_ == agent.id:
                title = _handoff_title(handoff, deployment)
                kinds = _handoff_kinds(handoff, deployment)
                found += _modes(handoff.failure_modes, special, general, kinds, handoff.id, title, class_ids)
    placed = {mode.id for mode in found}
    homeless = [s.model_copy(update={"when": "whole_run"}) for s in special if s.id not in placed]
    found += _modes((), homeless, general, {"whole_run"}, WHOLE_RUN, "Whole run", class_ids)
    return tuple(found)


def _handoff_title(handoff: Handoff, deployment: Deployment) -> str:
    names = {agent.id: agent.name for agent in deployment.agents}
    target = names.get(handoff.to or "", handoff.to or handoff.to_outside or "outside")
    return f"{names.get(handoff.from_, handoff.from_)} to {target}"


def _modes(
    own: Iterable[FailureMode],
    special: Iterable[SeedFailureMode],
    general: Iterable[SeedFailureMode],
    kinds: set[str],
    place: str,
    title: str,
    class_ids: frozenset[str],
) -> list[PlannedFailureMode]:
    """The client's own modes and those of this kind of deployment; the general ones where there are none of these."""
    fitting = _own(own, place, title, class_ids) + _derived(special, kinds, place, title, class_ids)
    return fitting or _derived(general, kinds, place, title, class_ids)


def _agent_kinds(agent: Agent, index: int, deployment: Deployment) -> set[str]:
    """The kinds of place that an agent is."""
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
    return kinds


def _handoff_kinds(handoff: Handoff, deployment: Deployment) -> set[str]:
    kinds = {"any_handoff"}
    last = deployment.agents[-1].id
    if handoff.to_outside or handoff.from_ == last:
        kinds.add("notice")
    return kinds


def _own(
    modes: Iterable[FailureMode], place: str, title: str, class_ids: frozenset[str]
) -> list[PlannedFailureMode]:
    return [_planned(mode, mode.sign, place, title, class_ids) for mode in modes]


def _derived(
    seeds: Iterable[SeedFailureMode],
    kinds: set[str],
    place: str,
    title: str,
    class_ids: frozenset[str],
) -> list[PlannedFailureMode]:
    return [
        _planned(seed, _sign(seed), place, title, class_ids)
        for seed in seeds
        if seed.when in kinds and _fits(seed, place, title)
    ]


def _planned(
    mode: FailureMode | SeedFailureMode, sign: str, place: str, title: str, class_ids: frozenset[str]
) -> PlannedFailureMode:
    return PlannedFailureMode(
        id=mode.id,
        place=place,
        place_title=title,
        what=mode.what,
        sign=sign,
        isolate=mode.isolate,
        find=mode.find,
        meaning_for_person=mode.meaning_for_person,
        classes=tuple(c for c in mode.classes if c in class_ids),
        own=isinstance(mode, FailureMode),
    )


def _fits(seed: SeedFailureMode, place: str, title: str) -> bool:
    """A seed of a named stage goes to the stage that bears the name; "intake to underwriting" to that hand-off only."""
    if seed.deployment == "any" or seed.when == "whole_run":
        return True
    ends, here = seed.where.lower().split(" to "), f"{place} {title}".lower().split(" to ")
    if len(ends) != len(here):
        return len(here) == 1 and len(ends) == 1
    return all(_named(stage, side) for stage, side in zip(ends, here, strict=True))


def _named(stage: str, side: str) -> bool:
    """Whether a word of the seed's stage stands in the place's name (stems, so that "drafting" finds "draft")."""
    stems = [word[:5] for word in stage.replace("-", " ").split() if len(word) > 3]
    return not stems or any(stem in side for stem in stems)


def _sign(seed: SeedFailureMode) -> str:
    field = f" (`{seed.log_field}`)" if seed.log_field else ""
    threshold = f"; default {seed.default_threshold}" if seed.default_threshold else ""
    return f"{seed.sign}{threshold}{field}"
