"""Contract clauses as duties: the same type as the law's, so that every clock is computed by one engine."""

from __future__ import annotations

import re
from datetime import date

from generator.model.law import Citation, Clock, ContentItem, Duty, Limb, Regulation, Version
from generator.model.law_answers import DutyVerdict
from generator.model.profile import ClauseLimit, Contract, NoticeClause, Profile
from generator.planning import words

_RECIPIENT = {
    "covered_entity": "covered_entity",
    "business_associate": "business_associate",
    "subcontractor": "supplier",
    "controller": "controller",
    "processor": "supplier",
    "customer": "business_customer",
    "insurer": "insurer",
    "supplier": "supplier",
    "lender": "business_customer",
    "other": "business_customer",
}
_TEMPLATE = {
    "covered_entity": "hipaa-ba-to-covered-entity",
    "business_associate": "hipaa-subcontractor-to-ba",
    "controller": "gdpr-processor-to-controller",
    "insurer": "insurer",
}

_BUSINESS_DAYS = "client"
"""A contract that says business days and names no calendar means those of the client's seat."""


def duty_id(contract: Contract, clause: NoticeClause) -> str:
    """`contract-baa-northlake-breach`: from the profile's own ids, so that a diff can name it."""
    return f"contract-{contract.id}-{clause.id}"


def clause_number(clause: str) -> str:
    """`7.2` of a clause written as `7.2: within five days ...`."""
    return clause.partition(":")[0].strip()


def clause_words(clause: str) -> str:
    """`clause 7.2`; a clause that is named in words, such as `Exhibit B`, stands as it is."""
    return f"clause {clause}" if re.match(r"[0-9§(]|[IVXLC]+\b", clause) else clause


def is_signed(contract: Contract, on: date) -> bool:
    """Whether a contract binds on a day; without a date it is taken as signed."""
    return contract.signed is None or contract.signed <= on


def contract_verdict(contract: Contract, clause: NoticeClause, duty: Duty, on: date) -> DutyVerdict:
    """A contract binds from its signature; before that it is coming."""
    signed = is_signed(contract, on)
    verb = "binds" if signed else f"binds from {contract.signed}"
    paper = contract.reference or f"agreement with {contract.counterparty}"
    return DutyVerdict(
        duty=duty.id,
        verdict="binds" if signed else "coming",
        role="sends",
        reason=f"{verb} under {paper}, {clause_words(clause_number(clause.clause))} (contracts.{contract.id})",
        force=duty.force,
        status="in_force" if signed else "not_yet",
        coming_from=None if signed else contract.signed,
    )


def contract_duties(profile: Profile) -> tuple[tuple[Contract, NoticeClause, Regulation, Duty], ...]:
    """Every notice duty that the client owes under a contract, in the profile's order."""
    return tuple(
        (contract, clause, *_duty(contract, clause, profile))
        for contract in profile.contracts
        if contract.direction == "we_owe"
        for clause in contract.clauses
    )


def delegated_duties(profile: Profile, on: date) -> dict[str, tuple[Contract, ...]]:
    """Legal duties of a counterparty that a contract in force on a day hands to the client, by duty id."""
    found: dict[str, tuple[Contract, ...]] = {}
    for contract in profile.contracts:
        if contract.direction == "we_owe" and is_signed(contract, on):
            for duty in contract.delegated_duties:
                found[duty] = (*found.get(duty, ()), contract)
    return found


def _duty(contract: Contract, clause: NoticeClause, profile: Profile) -> tuple[Regulation, Duty]:
    limbs = (_limb(clause, by_then=False), *(_limb(limit, by_then=True) for limit in clause.earlier_of))
    windows = (clause.window, *(limit.window for limit in clause.earlier_of))
    undefined = any(window is not None and window.unit == "days_undefined" for window in windows)
    note = (
        'The contract says "days" and defines none: counted the strict way, as calendar days.'
        if undefined
        else None
    )
    version = Version.model_validate(
        {
            "from": contract.signed,
            "citation": Citation(
                text=f"{contract.reference or contract.counterparty}, {clause_words(clause.clause)}"
            ),
            "trigger_words": clause.starts_words,
            "triggers": clause.triggers,
            "clock": Clock(
                combine="single" if len(limbs) == 1 else "earlier_of",
                limbs=limbs,
                standard=clause.standard,
                note=note,
            ),
            "content": tuple(
                ContentItem.model_validate({"id": words.slug(text), "text": text, "rule": rule})
                for rule, texts in (("must", clause.content), ("must_not", clause.must_not))
                for text in texts
            ),
            "method": clause.method,
            "confidence": "as_stated",
        }
    )
    recipient = _RECIPIENT[contract.counterparty_role]
    duty = Duty(
        id=duty_id(contract, clause),
        title=f"Notice to {contract.counterparty}",
        force="contract",
        bound_party=profile.client.name,
        recipient=recipient,
        recipient_name=clause.addressee.name if clause.addressee else contract.counterparty,
        after=clause.after,
        notice=_TEMPLATE.get(contract.counterparty_role, "business-customer"),
        versions=(version,),
    )
    regulation = Regulation(
        id=f"contract-{contract.id}",
        title=contract.reference or f"Agreement with {contract.counterparty}",
        short=contract.reference or contract.counterparty,
        jurisdiction="CONTRACT",
        duties=(duty,),
    )
    return regulation, duty


def _limb(limit: NoticeClause | ClauseLimit, *, by_then: bool) -> Limb:
    """One limit of a clause. `by_then`: without a window it ends at its own start, in the words of the clause."""
    window = limit.window
    unit = window.unit if window else "hours" if by_then else None
    return Limb.model_validate(
        {
            "start": limit.starts,
            "start_words": limit.starts_words,
            "amount": window.value if window else 0 if by_then else None,
            "unit": "calendar_days" if unit == "days_undefined" else unit,
            "calendar": (window.calendar or _BUSINESS_DAYS) if window and unit == "business_days" else None,
            "zone": "client",
        }
    )
