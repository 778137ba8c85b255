"""The notices written in advance: one document per recipient and regime, with everything that its duties want in it."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.law import ContentItem
from generator.model.plan import Binding, NoticeDocument, NoticeItem
from generator.model.profile import NoticeOwner, Profile
from generator.planning import people
from generator.planning.roles import Roles

_PER_PLACE = ("us-state-", "us-data-owner")
_NO_DOCUMENT = {None, "internal-record"}


def plan_notices(
    profile: Profile,
    bindings: Sequence[Binding],
    roles: Roles,
    templates: dict[str, str | None],
) -> tuple[tuple[NoticeDocument, ...], dict[str, str]]:
    """The notice documents, and for each duty the document that fulfils it.

    `templates` maps duty id -> notice template id. A legal duty whose template a contract's notice uses too is
    fulfilled by the contracts' documents, so that each counterparty gets one letter.
    """
    binding = [b for b in bindings if b.verdict == "binds" and b.role in ("sends", "delegation")]
    by_contract: dict[str, list[Binding]] = {}
    by_law: dict[str, list[Binding]] = {}
    for b in binding:
        template = templates.get(b.duty)
        if template in _NO_DOCUMENT:
            continue
        if b.contract:
            by_contract.setdefault(f"{_counterparty_kind(template)}-{b.contract}", []).append(b)
        else:
            by_law.setdefault(_law_id(str(template), b), []).append(b)
    by_contract = _one_addressee_each(by_contract)
    contract_templates = {templates[b.duty] for group in by_contract.values() for b in group}
    documents: list[NoticeDocument] = []
    of_duty: dict[str, str] = {}
    for key in sorted(by_contract):
        group = by_contract[key]
        template = str(templates[group[0].duty])
        shared = [b for law in by_law.values() for b in law if templates[b.duty] == template]
        documents.append(_document(key, template, [*group, *shared], profile, roles))
        of_duty |= {b.duty: key for b in [*shared, *group]}
    for key in sorted(by_law):
        group = [b for b in by_law[key] if templates[b.duty] not in contract_templates]
        if group:
            documents.append(_document(key, str(templates[group[0].duty]), group, profile, roles))
            of_duty |= {b.duty: key for b in group}
    return tuple(sorted(documents, key=lambda d: d.id)), of_duty


def _one_addressee_each(by_contract: dict[str, list[Binding]]) -> dict[str, list[Binding]]:
    """A notice to the wrong desk is no notice: clauses of one contract with other addressees get a letter each."""
    found: dict[str, list[Binding]] = {}
    for key, group in by_contract.items():
        desks: dict[str, list[Binding]] = {}
        for b in group:
            desks.setdefault(b.recipient.name, []).append(b)
        for desk in desks.values():
            found[key if len(desks) == 1 else f"{key}-{_clause_id(desk[0])}"] = desk
    return found


def _clause_id(binding: Binding) -> str:
    """The clause's own id in the profile."""
    return binding.duty.removeprefix(f"contract-{binding.contract}-")


def _counterparty_kind(template: str | None) -> str:
    return {
        "hipaa-ba-to-covered-entity": "covered-entity",
        "hipaa-subcontractor-to-ba": "business-associate",
        "gdpr-processor-to-controller": "controller",
        "insurer": "insurer",
    }.get(str(template), "customer")


def _law_id(template: str, binding: Binding) -> str:
    """`us-state-attorney-general-tx`; without a place the template's own name."""
    place = binding.recipient.place
    if place and template.startswith(_PER_PLACE):
        return f"{template}-{place.removeprefix('US-').lower()}"
    return template


def _document(
    key: str, template: str, group: Sequence[Binding], profile: Profile, roles: Roles
) -> NoticeDocument:
    timed = [b for b in group if b.urgency_minutes is not None and not b.exceptional]
    tightest = min(timed, key=lambda b: (b.urgency_minutes or 0, b.duty), default=None)
    first = _main(group, tightest)
    owner = _owner(profile, key, template, [first, *(b for b in group if b is not first)])
    return NoticeDocument(
        id=key,
        template=template,
        title=first.title,
        audience=first.recipient.audience,
        recipient=first.recipient,
        duties=tuple(b.duty for b in group),
        items=tuple(_item(b.duty, item) for b in group for item in b.content),
        drafter=people.role_words(profile, owner.drafter, roles) if owner else "GAP: no drafter named",
        approver=people.role_words(profile, owner.approver, roles) if owner else "GAP: no approver named",
        deputy_approver=people.role_words(profile, owner.deputy_approver, roles)
        if owner and owner.deputy_approver
        else None,
        tightest=tightest.duty if tightest else None,
        role=first.role or "sends",
        contract=first.contract,
    )


def _main(group: Sequence[Binding], tightest: Binding | None) -> Binding:
    """The duty that names the document: the contract's tightest, else the tightest that is not to the public."""
    contracts = [b for b in group if b.contract]
    named = contracts or [b for b in group if b.recipient.audience != "public"] or list(group)
    return tightest if tightest is not None and tightest in named else named[0]


def _item(duty: str, item: ContentItem) -> NoticeItem:
    return NoticeItem(duty=duty, item=item.id, text=item.text, rule=item.rule, heading=item.heading)


def _owner(profile: Profile, key: str, template: str, group: Sequence[Binding]) -> NoticeOwner | None:
    """The most specific statement of the profile: the document, a clause or duty, the template, the default."""
    owners = {owner.notice: owner for owner in profile.communication.notices}
    clauses = [name for b in group for name in ((_clause_id(b), b.duty) if b.contract else (b.duty,))]
    return next((owners[name] for name in (key, *clauses, template, "default") if name in owners), None)
