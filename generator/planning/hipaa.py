"""The HIPAA addendum: standards and the client's policies behind each part, agreements by urgency, subcontractors."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.plan import Binding
from generator.model.plan_controls import (
    EntityRow,
    HipaaPlan,
    PartRow,
    PolicyRef,
    StandardRow,
    Standing,
    SubcontractorRow,
)
from generator.model.profile import Contract, NoticeClause, Policy, Profile, Provider
from generator.model.references import Criterion, PlanPart, References
from generator.planning import words
from generator.planning.citations import (
    any_touches,
    cites_of,
    normal,
    place,
    places,
    policies_behind,
)
from generator.planning.contracts import duty_id
from generator.planning.phi import phi_rows, recipients, view_fields
from generator.planning.roles import Roles

_UPWARD = ("covered_entity", "business_associate")
_AGENT = {
    "agent": "we are its agent: what we discover, it has discovered at that moment",
    "independent_contractor": "independent contractor: its clock starts when it hears from us",
    "not_said": "the agreement does not say whether we are its agent: treat it as if we were",
}


def hipaa_plan(
    profile: Profile, bindings: Sequence[Binding], references: References, titles: Roles
) -> HipaaPlan | None:
    """The addendum's content, or None for a client without a role under HIPAA."""
    roles = tuple(role for role in profile.client.roles.hipaa if role != "none")
    standards = references.criteria_set("hipaa")
    if not roles or standards is None:
        return None
    rows = [_standard(entry, roles, profile, bindings, references.parts) for entry in standards.entries]
    own = tuple(row for row in rows if row.standing != "other")
    tightest = min((m for c in profile.contracts if _is_upward(c) for m in _minutes(c)), default=None)
    return HipaaPlan(
        roles=tuple(role.replace("_", " ") for role in roles),
        covered_entity="covered_entity" in roles,
        policies=tuple(
            PolicyRef(
                id=policy.id,
                title=policy.title,
                owner=titles.title(policy.owner) if policy.owner else None,
                reviewed=policy.reviewed,
            )
            for policy in profile.policies
        ),
        parts=_parts(profile.policies, standards.entries, own, references.parts),
        standards=own,
        others=tuple(row for row in rows if row.standing == "other"),
        unlisted=_unlisted(profile.policies, standards.entries),
        entities=_entities(profile, {b.duty: b for b in bindings}),
        subcontractors=tuple(_subcontractor(p, profile.contracts, tightest) for p in profile.providers),
        phi=phi_rows(profile, references.phi),
        recipients=recipients(profile),
        view_fields=view_fields(profile),
        source=f"{standards.title}: {standards.edition}. Checked: {standards.checked}.",
    )


def _standard(
    entry: Criterion,
    roles: tuple[str, ...],
    profile: Profile,
    bindings: Sequence[Binding],
    parts: Sequence[PlanPart],
) -> StandardRow:
    behind = policies_behind(cites_of(entry), profile.policies)
    standing, said = _standing(entry, roles, behind, profile.contracts, bindings)
    return StandardRow(
        id=entry.id,
        title=entry.title,
        specification=entry.specification or "standard",
        meaning=entry.meaning,
        places=places(entry.parts, parts),
        policies=behind,
        standing=standing,
        words=said,
        evidence=entry.evidence,
        confidence=entry.confidence,
    )


def _standing(
    entry: Criterion,
    roles: tuple[str, ...],
    behind: tuple[str, ...],
    contracts: Sequence[Contract],
    bindings: Sequence[Binding],
) -> tuple[Standing, str]:
    """Does a policy stand behind the standard, must one, or does it bind somebody else?"""
    if entry.bound and not set(entry.bound) & set(roles):
        return "other", _others_words(entry, contracts, bindings)
    if behind:
        return "policy", words.join(behind)
    if entry.specification == "definition":
        return "definition", "a test to apply; no policy needed"
    if entry.specification == "addressable":
        return "assess", "no policy; write down: met, or replaced by what"
    return "gap", "no policy named"


def _others_words(entry: Criterion, contracts: Sequence[Contract], bindings: Sequence[Binding]) -> str:
    bound = words.join((role.replace("_", " ") for role in entry.bound), "or")
    handed = [c for c in contracts if set(c.delegated_duties) & set(entry.duties)]
    if handed:
        names = words.join(
            f"{c.counterparty} ({(c.delegation_clause or '').partition(':')[0].strip() or 'clause not noted'})"
            for c in handed
        )
        return f"binds a {bound}; this client does it on behalf of {names}"
    if any(b.duty in entry.duties and b.role == "supports" for b in bindings):
        return f"binds a {bound}; this client hands over what it needs"
    if "group_health_plan" in entry.bound:
        return "binds a group health plan; the profile names none"
    return f"binds a {bound}; this client owes it only where an agreement says so"


def _parts(
    policies: Sequence[Policy],
    entries: Sequence[Criterion],
    own: Sequence[StandardRow],
    parts: Sequence[PlanPart],
) -> tuple[PartRow, ...]:
    """Every part that a policy covers or a standard asks for; then what a policy covers and the plan lacks."""
    behind = {row.id: row for row in own}
    rows = []
    for where in dict.fromkeys(place(part) for part in parts):
        here = {part.id for part in parts if place(part) == where}
        asked = [entry.id for entry in entries if here & set(entry.parts) and entry.id in behind]
        named = {identifier for standard in asked for identifier in behind[standard].policies}
        standing = tuple(p.id for p in policies if here & set(p.covers) or p.id in named)
        if standing or asked:
            rows.append(
                PartRow(
                    part=min(here),
                    place=where,
                    policies=standing,
                    standards=tuple(asked),
                    gap=not standing and any(behind[standard].standing == "gap" for standard in asked),
                )
            )
    known = {part.id for part in parts}
    for name in sorted({name for policy in policies for name in policy.covers} - known):
        covering = tuple(policy.id for policy in policies if name in policy.covers)
        rows.append(
            PartRow(part=name, place=f"{name}: no such part here", policies=covering, standards=(), gap=False)
        )
    return tuple(rows)


def _unlisted(policies: Sequence[Policy], entries: Sequence[Criterion]) -> tuple[str, ...]:
    """Federal health-information citations of the policies that the list of standards does not hold."""
    cites = [cite for entry in entries for cite in cites_of(entry)]
    return tuple(
        f"{standard} ({policy.id})"
        for policy in policies
        for standard in policy.standards
        if normal(standard).startswith(("160.", "162.", "164.")) and not any_touches(cites, [standard])
    )


def _is_upward(contract: Contract) -> bool:
    """An agreement under which the client answers to whoever owns the PHI."""
    baa = contract.kind in ("baa", "subcontractor_baa")
    return baa and contract.direction == "we_owe" and contract.counterparty_role in _UPWARD


def _minutes(contract: Contract) -> list[int]:
    return [words.minutes(c.window.value, c.window.unit) for c in contract.clauses if c.window]


def _entities(profile: Profile, bindings: dict[str, Binding]) -> tuple[EntityRow, ...]:
    """The notice clauses of the agreements upward, tightest first."""
    found = [
        (bindings.get(duty_id(contract, clause)), contract, clause)
        for contract in profile.contracts
        if _is_upward(contract)
        for clause in contract.clauses
    ]
    found.sort(key=lambda f: (f[0] is None, f[0].sort_minutes if f[0] else 0, f[1].id, f[2].id))
    return tuple(_entity(binding, contract, clause) for binding, contract, clause in found)


def _entity(binding: Binding | None, contract: Contract, clause: NoticeClause) -> EntityRow:
    to, example = clause.addressee, binding.example if binding else None
    return EntityRow(
        contract=contract.id,
        counterparty=contract.counterparty,
        reference=contract.reference,
        duty=duty_id(contract, clause),
        clause=clause.clause,
        limit=_limit(clause),
        starts=clause.starts_words,
        addressee=tuple(str(part) for part in (to.name, to.phone, to.email, to.portal) if part) if to else (),
        method=clause.method,
        tells_people={
            "us": f"we do, under {(contract.delegation_clause or 'the agreement').partition(':')[0]}",
            "them": "it does, never we",
            "as_agreed_per_incident": "agreed for each incident",
            None: "",
        }[contract.tells_people],
        agent=_AGENT[contract.agent or "not_said"],
        act_by=example.act_by.isoformat() if example and example.act_by else None,
        due=example.due.isoformat() if example and example.due else None,
        people=contract.people,
    )


def _limit(clause: NoticeClause) -> str:
    """`promptly; 10 days (not defined; counted as calendar days)`."""
    limit = words.length(clause.window.value, clause.window.unit) if clause.window else None
    sooner = [
        words.length(one.window.value, one.window.unit) if one.window else words.lower_first(one.starts_words)
        for one in clause.earlier_of
    ]
    if limit and sooner:
        limit = f"the earlier of {words.join([limit, *sooner])}"
    return "; ".join(part for part in (clause.standard, limit) if part) or "no limit in the clause"


def _subcontractor(
    provider: Provider, contracts: Sequence[Contract], tightest: int | None
) -> SubcontractorRow:
    mine = [c for c in contracts if c.direction == "they_owe" and c.counterparty == provider.name]
    clauses = [clause for contract in mine for clause in contract.clauses]
    theirs = min((m for contract in mine for m in _minutes(contract)), default=None)
    if not provider.subprocessor:
        slack = "holds no PHI by its agreement: check that this stayed true"
    elif theirs is None or tightest is None:
        slack = "its window has no number here to compare with ours"
    elif theirs > tightest:
        late = words.elapsed(theirs - tightest)
        slack = f"{late} longer than the tightest that we owe: call it, do not wait for it"
    else:
        slack = "not longer than the tightest that we owe"
    missing = [
        word
        for word, value in (
            ("agreement", provider.agreement),
            ("date of signature", provider.signed),
            ("notice clause", clauses or provider.notice),
        )
        if provider.subprocessor and not value
    ]
    return SubcontractorRow(
        **provider.model_dump(
            include={
                "id",
                "name",
                "service",
                "agreement",
                "signed",
                "subprocessor",
                "region",
                "data_use",
                "retention",
            }
        ),
        owes_us="; ".join(clause.clause for clause in clauses) or provider.notice,
        slack=slack,
        gap=f"{words.join(missing)} of {provider.name}" if missing else None,
    )
