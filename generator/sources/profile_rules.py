"""All rules over a profile beyond its types. Errors only: what may be missing is a gap of the plan."""

from __future__ import annotations

from generator.errors import Problem
from generator.sources import rule_contradictions as contradictions
from generator.sources import rule_limits as limits
from generator.sources import rule_references as references
from generator.sources import rule_values as values
from generator.sources.rules_base import Rule, Subject, problems

RULES: tuple[Rule, ...] = (
    references.ids_are_unique,
    references.references_resolve,
    references.catalogue_names_resolve,
    values.phones_are_numbers,
    values.zones_exist,
    values.facts_are_known,
    values.names_make_folders,
    values.texts_can_be_seen,
    values.none_stands_alone,
    values.shares_are_percentages,
    values.logo_is_a_small_picture,
    contradictions.handoffs_join_two,
    contradictions.versions_differ,
    contradictions.people_add_up,
    contradictions.contracts_in_order,
    contradictions.clauses_have_their_own_ids,
    contradictions.roles_are_held,
    contradictions.switches_can_be_pulled,
    contradictions.levels_in_order,
    contradictions.dates_in_order,
    limits.drills_are_quarterly,
    limits.review_is_in_time,
)


def check(subject: Subject) -> list[Problem]:
    """Every fault that the rules find, with its place."""
    return list(problems(subject, RULES))
