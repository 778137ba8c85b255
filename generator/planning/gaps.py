"""Gaps: what the plan should say and the profile does not. Where it is missing is data (catalog/gaps.yaml)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.model.catalog import GapRule
from generator.model.plan import Coverage, Gap, OpenFact, PlannedClass, SetAside
from generator.model.profile import Profile
from generator.planning import people, words
from generator.planning.roles import Roles


def profile_gaps(profile: Profile, rules: Iterable[GapRule]) -> list[Gap]:
    """Every place of the profile where a rule finds nothing."""
    data = profile.model_dump(mode="json", by_alias=True)
    found: list[Gap] = []
    for rule in rules:
        if rule.when and _empty(_get(data, rule.when)):
            continue
        for key, item, holder in _places(data, rule.path):
            if holder is not None and not _fits(rule, holder):
                continue
            found.append(
                Gap(
                    id=f"gap-{key.replace('.', '-').replace('_', '-').lower()}",
                    key=key,
                    what=rule.what.replace("{item}", item),
                    ask=rule.ask.replace("{item}", item),
                    weight=rule.weight,
                )
            )
    return found


def _fits(rule: GapRule, holder: dict[str, Any]) -> bool:
    """Whether the rule is about an item like this one."""
    if rule.unless and not _empty(holder.get(rule.unless)):
        return False
    return not rule.needs or not _empty(holder.get(rule.needs))


def _places(data: Any, path: str) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """(key path, name of the item, the item) for each place that `path` names and that holds nothing."""
    head, star, tail = path.partition(".*.")
    value = _get(data, head)
    if not star:
        if _empty(value):
            yield head, "", None
        return
    items: Iterable[tuple[str, Any]]
    if isinstance(value, dict):
        items = value.items()
    else:
        items = ((_name_of(item), item) for item in value or ())
    for name, item in items:
        if _empty(_get(item, tail)):
            yield f"{head}.{name}.{tail}", _title_of(item, name), item


def _name_of(item: dict[str, Any]) -> str:
    return str(
        item.get("id") or item.get("date") or item.get("name") or words.slug(str(item.get("what", "item")))
    )


def _title_of(item: dict[str, Any], name: str) -> str:
    keys = ("name", "counterparty", "title", "scenario", "what")
    title = next((item[key] for key in keys if item.get(key)), None)
    return str(title) if title else name.replace("_", " ")


def _get(data: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(data, dict) or part not in data:
            return None
        data = data[part]
    return data


def _empty(value: Any) -> bool:
    return value is None or value == [] or value == {} or value == ""


def derived_gaps(
    profile: Profile,
    coverage: Sequence[Coverage],
    classes: Sequence[PlannedClass],
    questions: Sequence[SetAside],
    roles: Roles,
) -> list[Gap]:
    """Gaps that only the resolved plan shows: nobody at night, classes that cannot be seen, open legal questions."""
    found = [
        Gap(
            id=f"gap-night-{c.switch.lower()}",
            key=f"containment.switches.{c.switch}",
            what=f"switch {c.switch}: {c.words}",
            ask=f"Who can pull {c.switch} on a Sunday at 02:00, with the credential?",
            weight=9,
        )
        for c in coverage
        if c.gap
    ]
    found += [
        Gap(
            id=f"gap-blind-{c.id}",
            key="detection.audit_log.fields",
            what=f"'{c.title}' cannot be detected: the log has no {words.join(c.missing_fields)}",
            ask=f"Can the log record {words.join(c.missing_fields)}?",
            weight=6 if c.lead else 4,
        )
        for c in classes
        if not c.detectable
    ]
    found += [
        Gap(
            id=f"gap-signal-{c.id}",
            key="detection.signals",
            what=f"no signal of the client's own shows '{c.title}'",
            ask=f"Which alert would show '{c.title}'?",
            weight=6,
        )
        for c in classes
        if c.lead and not c.signals
    ]
    found += _legal_questions(questions)
    for kind, text in (
        ("confidence_scoring", "output confidence scoring"),
        ("query_anomaly", "anomalies in query patterns"),
    ):
        if not any(kind in signal.covers for signal in profile.detection.signals):
            found.append(
                Gap(
                    id=f"gap-cover-{kind.replace('_', '-')}",
                    key="detection.signals",
                    what=f"no alert on {text}",
                    ask=f"Which alert with which threshold covers {text}?",
                    weight=6,
                )
            )
    leads = [c for c in classes if c.lead]
    found += _evidence_without_place(leads)
    used = {point.role for c in leads for point in c.decisions}
    used |= {role for c in leads for role in (c.led_by_role, *(step.role for step in c.contain))}
    used -= people.without_cause(profile)
    found += [
        Gap(
            id=f"gap-role-{role.replace('_', '-')}",
            key=f"roles.{role}",
            what=f"nobody holds the role {roles.inside(role)}, which decides or acts in a lead playbook",
            ask=f"Who is {roles.inside(role)}, with a backup?",
            weight=7,
        )
        for role in sorted(used)
        if role not in profile.roles
    ]
    return found


def _evidence_without_place(leads: Sequence[PlannedClass]) -> list[Gap]:
    """One gap for all that a lead playbook wants saved and nobody says where it is."""
    titles = dict.fromkeys(item.title for c in leads for item in c.evidence if item.where is None)
    if not titles:
        return []
    things = words.count(len(titles), "thing")
    return [
        Gap(
            id="gap-evidence-places",
            key="data.retention.*.evidence",
            what=f"{things} that lead playbooks want saved: no place and no retention stated",
            ask="Where is what stands under 'Whose data' without a place, how long is it kept, how is deletion held?",
            weight=6,
        )
    ]


def uncovered_places(
    profile: Profile, jurisdictions: frozenset[str], names: Mapping[str, str], eea: frozenset[str]
) -> list[Gap]:
    """Places of people or seat whose own law the law book does not hold: its duties are missing."""
    found = []
    places = {served.residence for served in profile.data.people if served.count} | {
        profile.client.seat.place
    }
    for place in sorted(places):
        held = place in jurisdictions or place in eea or (place == "US")
        if not held:
            name = names.get(place, place)
            found.append(
                Gap(
                    id=f"gap-place-{place.lower()}",
                    key="data.people",
                    what=f"the law book holds no law of {name}: its notice duties are not in this plan",
                    ask=f"Which notice duties does counsel see under the law of {name}?",
                    weight=9,
                )
            )
    return found


def _legal_questions(questions: Sequence[SetAside]) -> list[Gap]:
    """One gap for each fact on which verdicts hang: one answer settles all of its duties."""
    hanging: dict[str, list[SetAside]] = {}
    facts: dict[str, OpenFact] = {}
    for question in questions:
        for missing in question.missing:
            hanging.setdefault(missing.fact, []).append(question)
            facts[missing.fact] = missing
    return [
        Gap(
            id=f"gap-law-{words.slug(name)}",
            key=facts[name].profile_path or "client.facts",
            what=f"open whether {words.count(len(duties), 'duty binds', 'duties bind')}: "
            + words.join(sorted({duty.regulation for duty in duties})[:4]),
            ask=facts[name].question,
            weight=8 if len(duties) > 3 else 7,
        )
        for name, duties in sorted(hanging.items())
    ]


def ranked(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Once each, what hurts most first, then by key. A legal question adds its weight to a gap at its place."""
    found = list(gaps)
    legal = {gap.id: gap for gap in found if gap.id.startswith("gap-law-")}
    weights: dict[str, int] = {}
    for gap in legal.values():
        weights[gap.key] = max(weights.get(gap.key, 0), gap.weight)
    others = {gap.id: gap for gap in found if gap.id not in legal}
    asked = {gap.key for gap in others.values()}
    kept = [gap for gap in legal.values() if gap.key not in asked]
    kept += [
        gap.model_copy(update={"weight": max(gap.weight, weights.get(gap.key, 0))}) for gap in others.values()
    ]
    return tuple(sorted(kept, key=lambda gap: (-gap.weight, gap.key, gap.id)))
