"""Profile + law book + catalogue + a day -> the plan. Pure: no file, no clock, nothing printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from generator.deadlines.calendars import calendar_named
from generator.deadlines.clock import compute as compute_deadline
from generator.deadlines.clock import lookup_in
from generator.deadlines.zones import shown
from generator.law.facts import FactSet
from generator.model.catalog import Catalog, Wording
from generator.model.deadline import Deadline
from generator.model.document import DocumentSpec
from generator.model.law import Duty, Version, WorkCalendar
from generator.model.lawbook import LawBook
from generator.model.plan import (
    Binding,
    ExampleNight,
    Identity,
    LawSnapshot,
    Plan,
    PlannedDecision,
    StakesResult,
)
from generator.model.profile import Profile
from generator.planning import agents, classes, drills, first_hour, gaps, people, stakes, words
from generator.planning.annexes import annexes
from generator.planning.bindings import Bound, bind
from generator.planning.chance import chances
from generator.planning.contracts import contract_duties
from generator.planning.documents import planned_documents
from generator.planning.facts import CLOSED, profile_facts
from generator.planning.kit import plan_kit
from generator.planning.notices import plan_notices
from generator.planning.roles import Roles

EXAMPLE_TIME = time(2, 13)
_LETTER_COUNTRIES = frozenset({"US", "CA", "MX", "CL", "CO", "PH", "PR"})
REVIEW_LIMIT_DAYS = 14


@dataclass(frozen=True)
class Sources:
    """What a plan is made from, besides the profile."""

    book: LawBook
    catalog: Catalog
    calendars: Mapping[str, WorkCalendar]
    wording: Wording
    documents: tuple[DocumentSpec, ...]
    """The registry: what a pack can consist of."""


def fact_set(profile: Profile, sources: Sources) -> FactSet:
    """The profile's facts, ready for conditions."""
    return FactSet(
        values=profile_facts(profile, sources.catalog.place_groups),
        closed=CLOSED,
        registry=sources.book.registry,
        client=profile.client.name,
    )


def build_plan(profile: Profile, sources: Sources, as_of: date, leftovers: Sequence[str] = ()) -> Plan:
    """The plan for one deployment under the law of `as_of`.

    `leftovers` are starter values that are still in the profile (they make the pack a draft).
    Raises LawGap for a fault of the law data.
    """
    book, catalog = sources.book, sources.catalog
    facts = fact_set(profile, sources)
    roles = Roles(catalog.vocabulary)
    night = example_night(profile)
    result = stakes.compute(profile, catalog.stakes)
    bound = bind(
        profile,
        book,
        facts,
        as_of,
        lambda duty, version: _example(duty, version, night, facts, profile, sources, as_of),
    )
    templates = {duty.id: duty.notice for duty in book.duties.values()}
    templates |= {duty.id: duty.notice for _, _, _, duty in contract_duties(profile)}
    documents, notice_of = plan_notices(profile, bound.bindings, roles, templates)
    bindings = tuple(b.model_copy(update={"notice": notice_of.get(b.duty)}) for b in bound.bindings)
    planned, outside = classes.plan_classes(
        profile,
        catalog,
        result,
        bindings,
        {t.id: t.title for t in book.triggers.values()},
        implied_triggers(book),
    )
    modes = agents.failure_modes(profile, catalog, frozenset(c.id for c in planned))
    planned = tuple(
        c.model_copy(update={"failure_modes": tuple(m.id for m in modes if c.id in m.classes)})
        for c in planned
    )
    coverage = people.coverage(profile)
    contacts = people.contacts(profile, roles)
    due = drills.due_drills(
        profile, result, [(c.id, c.exercise_inject) for c in planned if c.lead and c.exercise_inject]
    )
    added = annexes(
        profile,
        catalog.references,
        classes=planned,
        bindings=bindings,
        notices=documents,
        due=due,
        contacts=contacts,
        roles=roles,
        stakes=result,
        on=as_of,
    )
    all_gaps = gaps.ranked(
        [
            *added.gaps(),
            *gaps.profile_gaps(profile, catalog.gaps),
            *gaps.derived_gaps(profile, coverage, planned, bound.open_questions, roles),
            *gaps.uncovered_places(
                profile,
                frozenset(regulation.jurisdiction for regulation in book.regulations.values()),
                book.registry.places.names,
                frozenset(catalog.place_groups["EEA"]),
            ),
        ]
    )
    review = _review_days(profile, result)
    stop = drills.last_stop_drill(profile)
    detection, containment = profile.detection, profile.containment
    vocabulary = catalog.vocabulary
    made = Plan.model_validate(
        {
            "identity": _identity(profile, all_gaps, leftovers, roles),
            "as_of": as_of,
            "law": _law(bound, facts, sources, as_of),
            "stakes": result,
            "windows": stakes.windows(result),
            "severities": tuple(
                (
                    s.id,
                    s.meaning,
                    words.elapsed(stakes.acknowledge_minutes(s.id, s.acknowledge_minutes, result)),
                    people.doer(profile, (s.commander,), roles)[1],
                )
                for s in vocabulary.severity
            ),
            "severity_rules": vocabulary.severity_rules,
            "client": profile.client,
            "deployment": profile.deployment,
            "volumes": profile.volumes,
            "data": profile.data,
            "providers": profile.providers,
            "contracts": profile.contracts,
            "people": profile.people,
            "contacts": contacts,
            "coverage": coverage,
            "decisions": _decisions(profile, sources),
            "call_order": first_hour.call_order(profile),
            "main_switch": first_hour.main_switch(profile),
            "first_evidence": first_hour.first_evidence(planned),
            "index": first_hour.index(profile, planned),
            "headlines": classes.headlines(planned, outside, catalog),
            "classes": planned,
            "classes_out": outside,
            "signals": detection.signals,
            "chance": chances(detection.signals, profile.volumes),
            "routes": detection.routes,
            "sampling": detection.sampling,
            "audit_log": detection.audit_log,
            "report_channels": detection.report_channels,
            "monitor_heartbeat": detection.monitor_heartbeat,
            "blind_spots": detection.blind_spots,
            "rungs": tuple((rung.id, rung.name, rung.meaning) for rung in vocabulary.rungs),
            "components": profile.deployment.components,
            "switches": drills.planned_switches(profile, {r.id: r.name for r in vocabulary.rungs}, roles),
            "containment": containment,
            "failure_modes": modes,
            "bindings": bindings,
            "open_questions": bound.open_questions,
            "near": bound.near,
            "set_aside": bound.set_aside,
            "guidance": bound.guidance,
            "standing": bound.standing,
            "triggers": {
                t.id: t.question for t in book.triggers.values() if any(t.id in b.trigger for b in bindings)
            },
            "example": _example_words(night, bindings, profile),
            "communication": profile.communication,
            "notices": documents,
            "kit": plan_kit(profile, catalog.kit, result.tier, classes.catalog_kind(profile), roles),
            "review_within_days": review,
            "review_facilitator": _who(profile, profile.review.facilitator, roles),
            "review_attendees": tuple(
                people.role_words(profile, role, roles) for role in profile.review.attendees
            ),
            "review_reader": _who(profile, profile.review.independent_reader, roles),
            "actions_tracked_in": profile.review.actions_tracked_in,
            "drills": profile.drills,
            "drills_due": due,
            "last_stop_drill": stop.date if stop else None,
            "next_stop_drill": drills.next_stop_drill(profile, result),
            "stop_drill_words": drills.stop_drill_words(profile),
            "policies": profile.policies,
            "controls": profile.controls,
            "audit": profile.audit,
            "branding": profile.branding,
            "wording": _wording(profile, sources),
            **added.parts(),
            "documents": (),
            "gaps": all_gaps,
            "revisions": profile.plan.revisions,
        }
    )
    return made.model_copy(update={"documents": planned_documents(made, sources.documents)})


def implied_triggers(book: LawBook) -> dict[str, frozenset[str]]:
    """Each trigger with itself and all that it implies, through every step."""
    reached: dict[str, frozenset[str]] = {}

    def follow(name: str, seen: frozenset[str]) -> frozenset[str]:
        if name in seen:
            return frozenset()
        found = frozenset({name})
        for other in book.triggers[name].implies:
            found |= follow(other, seen | {name})
        return found

    for name in book.triggers:
        reached[name] = follow(name, frozenset())
    return reached


def example_night(profile: Profile) -> datetime:
    """The first Sunday after the plan's date, 02:13 in the client's zone: when nobody wants to be called."""
    day = profile.plan.effective + timedelta(days=(6 - profile.plan.effective.weekday()) % 7 or 7)
    return datetime.combine(day, EXAMPLE_TIME, ZoneInfo(profile.client.time_zone))


def _example(
    duty: Duty,
    version: Version,
    night: datetime,
    facts: FactSet,
    profile: Profile,
    sources: Sources,
    as_of: date,
) -> Deadline:
    """The duty's clock on the example night, when only awareness (and so discovery) is known."""

    return compute_deadline(
        duty,
        version,
        {"aware": night, "discovered": night},
        facts,
        None,
        sources.calendars,
        client_zone=profile.client.time_zone,
        law_place=_law_place(duty, sources),
        lookup=lookup_in(sources.book, as_of),
    )


def _law_place(duty: Duty, sources: Sources) -> str:
    """The jurisdiction whose zone counts when the law means its own; a contract has none."""
    return sources.book.regulation_of(duty.id).jurisdiction if duty.id in sources.book.duties else ""


def _example_words(night: datetime, bindings: Sequence[Binding], profile: Profile) -> ExampleNight:
    timed = [
        (b.example.act_by, b.duty, b)
        for b in bindings
        if b.verdict == "binds"
        and b.role != "supports"
        and b.example
        and b.example.act_by
        and set(b.trigger) != {"service_incident"}
    ]
    act_by, _, first = min(timed, key=lambda entry: entry[:2], default=(None, "", None))
    if act_by is None or first is None:
        said = "no clock with a number starts from awareness alone"
    else:
        said = f"first act-by {shown(act_by)}: {first.title} ({first.limit_words}, {first.citation})"
    return ExampleNight(
        aware_at=night.isoformat(timespec="minutes"),
        words=shown(night),
        zone=profile.client.time_zone,
        first_act_by=act_by.isoformat(timespec="seconds") if act_by else None,
        first_duty=first.duty if first and act_by else None,
        first_words=said,
    )


def _identity(
    profile: Profile, all_gaps: Sequence[object], leftovers: Sequence[str], roles: Roles
) -> Identity:
    plan, client = profile.plan, profile.client
    reasons = []
    if all_gaps:
        reasons.append(f"{words.count(len(all_gaps), 'gap')} listed at the end of the runbook")
    if leftovers:
        reasons.append(
            f"{words.count(len(leftovers), 'invented or starter value')} (example domains, fictional phone numbers)"
        )
    return Identity(
        id=plan.id,
        version=plan.version,
        effective=plan.effective,
        next_review=plan.next_review,
        owner=profile.people[plan.owner].name,
        approver=profile.people[plan.approver].name if plan.approver else None,
        client=client.name,
        legal_name=client.legal_name or client.name,
        deployment=profile.deployment.name,
        purpose=profile.deployment.purpose,
        kind=profile.deployment.kind,
        catalog_kind=classes.catalog_kind(profile),
        zone=client.time_zone,
        paper=profile.branding.paper or ("letter" if client.seat.place[:2] in _LETTER_COUNTRIES else "a4"),
        draft=bool(reasons),
        draft_reasons=tuple(reasons),
        approved=False,
    )


def _law(bound: Bound, facts: FactSet, sources: Sources, as_of: date) -> LawSnapshot:
    """The versions relied on, and the calendars that their clocks need, cut to the years around the plan."""
    named = {limb.calendar for b in bound.bindings for limb in b.clock.limbs if limb.calendar}
    found = [calendar_named(name, facts, sources.calendars)[0] for name in sorted(named)]
    used = {calendar.id: calendar for calendar in found if calendar is not None}
    years = range(as_of.year, as_of.year + 3)
    slices = {
        name: used[name].model_copy(
            update={"years": {y: v for y, v in used[name].years.items() if y in years}}
        )
        for name in sorted(used)
    }
    return LawSnapshot(as_of=as_of, versions=bound.versions, later=bound.later, calendars=slices)


def _decisions(profile: Profile, sources: Sources) -> tuple[PlannedDecision, ...]:
    roles = Roles(sources.catalog.vocabulary)
    return tuple(
        PlannedDecision(
            id=decision.id,
            question=decision.question,
            role=decision.decider,
            who=people.role_words(profile, decision.decider, roles),
            if_yes=decision.never_delays or "",
            if_no=decision.if_silent,
            within_minutes=words.minutes(decision.within.value, decision.within.unit),
        )
        for decision in profile.decisions
    )


def _wording(profile: Profile, sources: Sources) -> dict[str, str]:
    """The exchangeable sentences: `{role}` in ours is who holds that role; the client's own as written."""
    roles = Roles(sources.catalog.vocabulary)
    ours = sources.wording.resolve(classes.catalog_kind(profile))
    for role in (role.id for role in sources.catalog.vocabulary.roles):
        name = people.doer(profile, (role,), roles)[1]
        ours = {key: text.replace(f"{{{role}}}", name) for key, text in ours.items()}
    return ours | profile.wording


def _review_days(profile: Profile, result: StakesResult) -> int:
    """The tightest of the client's own window, the tier's and the mission's 14 calendar days."""
    own = profile.review.within
    limits = [REVIEW_LIMIT_DAYS, result.levers.review_within_days]
    if own:
        limits.append(max(1, words.minutes(own.value, own.unit) // 1440))
    return min(limits)


def _who(profile: Profile, role: str | None, roles: Roles) -> str | None:
    return people.role_words(profile, role, roles) if role else None
