"""Every duty of the law book and of the contracts against one profile: what binds, what is near, what is open."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from generator.deadlines.zones import shown
from generator.errors import LawGap
from generator.law.applies import verdict
from generator.law.conditions import evaluate
from generator.law.facts import FactSet
from generator.law.in_force import in_force
from generator.model.conditions import FactValue
from generator.model.deadline import Deadline
from generator.model.law import Audience, Duty, Regulation, Version
from generator.model.law_answers import DutyVerdict
from generator.model.lawbook import LawBook
from generator.model.plan import Binding, LawVersion, OpenFact, Question, RecipientRef, SetAside
from generator.model.profile import Addressee, Contract, NoticeClause, Profile
from generator.planning import words
from generator.planning.contracts import contract_duties, contract_verdict, delegated_duties
from generator.planning.recipients import law_contact, recipient_name

Compute = Callable[[Duty, Version], Deadline]
"""The clock engine, applied to the example night."""


@dataclass(frozen=True)
class Bound:
    """What the law book and the contracts say to one profile."""

    bindings: tuple[Binding, ...]
    open_questions: tuple[SetAside, ...]
    near: tuple[SetAside, ...]
    set_aside: tuple[SetAside, ...]
    guidance: tuple[SetAside, ...]
    standing: tuple[SetAside, ...]
    """Binding duties that are no incident deadline: retention, cadence, delay rules."""
    versions: tuple[LawVersion, ...]
    later: tuple[str, ...]


def law_verdicts(
    profile: Profile, book: LawBook, facts: FactSet, on: date, duties: Iterable[Duty] | None = None
) -> tuple[tuple[Duty, DutyVerdict], ...]:
    """The verdict on `duties`, or on every duty of the law book by id."""
    delegating = frozenset(delegated_duties(profile, on))
    chosen = book.duties.values() if duties is None else duties
    return tuple((duty, verdict(duty, facts, on, delegating)) for duty in chosen)


def bind(profile: Profile, book: LawBook, facts: FactSet, on: date, compute: Compute) -> Bound:
    """All verdicts, sorted into what the plan prints. Raises LawGap for a fault of the law data."""
    events = {event.id: event.title for event in book.events.values()}
    bindings: list[Binding] = []
    versions: list[LawVersion] = []
    later: list[str] = []
    rest: dict[str, list[SetAside]] = {"unknown": [], "near": [], "not": [], "guidance": [], "standing": []}
    for duty, answer in law_verdicts(profile, book, facts, on):
        regulation = book.regulation_of(duty.id)
        if duty.kind != "deadline":
            if answer.verdict == "binds":
                rest["standing"].append(_aside(duty, regulation, answer))
        elif answer.verdict in ("binds", "coming") and duty.same_as is None:
            version = _version(duty, answer, on)
            bindings.append(
                _law_binding(duty, version, regulation, answer, book, profile, facts, events, compute)
            )
            versions.append(_snapshot(duty, version))
            if answer.coming_from and answer.verdict == "binds":
                later.append(
                    f"{duty.title} ({regulation.short}): a later version applies from {answer.coming_from.isoformat()}"
                )
        else:
            kind = "guidance" if answer.relevant_guidance else answer.verdict
            if kind in rest and (kind != "not" or _shares_ground(regulation, duty, profile, facts)):
                rest[kind].append(_aside(duty, regulation, answer))
    for contract, clause, regulation, duty in contract_duties(profile):
        bindings.append(_contract_binding(contract, clause, regulation, duty, book, on, events, compute))
        versions.append(_snapshot(duty, duty.versions[0]))
    bindings.sort(key=lambda b: (b.verdict == "coming", b.sort_minutes, b.source, b.duty))
    return Bound(
        bindings=tuple(bindings),
        open_questions=tuple(rest["unknown"]),
        near=tuple(rest["near"]),
        set_aside=tuple(rest["not"]),
        guidance=tuple(rest["guidance"]),
        standing=tuple(rest["standing"]),
        versions=tuple(sorted(versions, key=lambda v: v.duty)),
        later=tuple(later),
    )


def _version(duty: Duty, answer: DutyVerdict, on: date) -> Version:
    """The wording that the verdict speaks of: the one in force, or the one that is coming. Raises LawGap."""
    day = answer.coming_from if answer.verdict == "coming" and answer.coming_from else on
    version = in_force(duty, day).version
    if version is None:
        raise LawGap(f"{duty.id}: no version answers on {day}")
    return version


def _shares_ground(regulation: Regulation, duty: Duty, profile: Profile, facts: FactSet) -> bool:
    """A regime belongs in the register of those set aside when it shares the client's place, and sector or data."""
    places = {profile.client.seat.place, *profile.client.establishments}
    places |= {served.residence for served in profile.data.people if served.count}
    here = any(facts.registry.places.within(place, regulation.jurisdiction) for place in places)
    about = set(regulation.sectors)
    mine = {*profile.client.sectors, *profile.data.categories, *profile.deployment.consequential_decisions}
    return here and (not about or bool(about & mine))


def _aside(duty: Duty, regulation: Regulation, answer: DutyVerdict) -> SetAside:
    return SetAside(
        duty=duty.id,
        title=duty.title,
        regulation=regulation.short,
        jurisdiction=regulation.jurisdiction,
        verdict=answer.verdict,
        reason=answer.near or answer.reason if answer.verdict == "near" else answer.reason,
        missing=tuple(
            OpenFact(fact=m.fact, question=m.question, profile_path=m.profile_path) for m in answer.missing
        ),
    )


def _snapshot(duty: Duty, version: Version) -> LawVersion:
    text = json.dumps(version.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
    return LawVersion.model_validate(
        {
            "duty": duty.id,
            "from": version.from_,
            "until": version.until,
            "verified_on": version.verified_on,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        }
    )


def _urgency(version: Version) -> int | None:
    """Length of the shortest limit in minutes, for sorting; "if sooner" has no length of its own.

    A clock that starts at another notice sorts after it.
    """
    limbs = [limb for limb in version.clock.limbs if limb.amount] or version.clock.limbs
    lengths = [
        words.minutes(limb.amount, limb.unit)
        + (200_000 if limb.start.startswith("sent:") else 0)
        + (300_000 if limb.anchor == "end_of_calendar_year" else 0)
        for limb in limbs
        if limb.amount is not None and limb.unit is not None
    ]
    return min(lengths, default=None)


_SOON = (
    (("immediately", "at once"), 0),
    (
        (
            "as soon as",
            "promptly",
            "without undue",
            "without unreasonable",
            "most expedient",
            "without delay",
        ),
        1440,
    ),
)
"""Standards in words and where they sort: "immediately" first, "as soon as possible" behind what is due in a day."""
_LAST = 10_000_000


def _sort_minutes(version: Version) -> int:
    """Where a duty stands by urgency: its number, else what its words demand."""
    number = _urgency(version)
    if number is not None:
        return number
    words_of_law = (version.clock.standard or "").lower()
    return next((rank for starts, rank in _SOON if any(start in words_of_law for start in starts)), _LAST)


def _starts(version: Version) -> tuple[str, ...]:
    """What starts the clock, in words. "If sooner" (no amount of its own) is a limit, not a start."""
    limbs = [limb for limb in version.clock.limbs if limb.amount != 0] or version.clock.limbs
    return tuple(limb.start_words for limb in limbs)


def _audience(book: LawBook, kind: str) -> Audience:
    recipient = book.recipients.get(kind)
    return recipient.audience if recipient and recipient.audience else "internal"


def _questions(version: Version, facts: FactSet) -> tuple[Question, ...]:
    """What a person must answer. A ground that the profile's own facts rule out is not asked for."""
    effects = {
        "no_duty": "the duty falls away",
        "delays": "the clock may wait",
        "other_route": "another notice serves instead",
        "shortens": "the time is shorter",
    }
    return tuple(
        Question(id=e.id, question=e.question or e.text, effect=f"{effects[e.effect]}: {e.text}")
        for e in version.exceptions
        if e.when is None or evaluate(e.when, facts).value is not False
    )


def example_words(example: Deadline, limit: str) -> str:
    """The worked example in one sentence; without a date, why there is none."""
    if example.due is None or example.act_by is None:
        return example.why or f"no date: {limit}"
    act, end = shown(example.act_by), shown(example.due)
    return f"act by {act}" if act == end else f"act by {act}; legal end {end}"


def _law_binding(
    duty: Duty,
    version: Version,
    regulation: Regulation,
    answer: DutyVerdict,
    book: LawBook,
    profile: Profile,
    facts: FactSet,
    events: Mapping[str, str],
    compute: Compute,
) -> Binding:
    place = duty.recipient_place or (
        regulation.jurisdiction if regulation.jurisdiction.startswith("US-") else None
    )
    return _binding(
        duty,
        version,
        events,
        compute(duty, version),
        exceptions=_questions(version, facts),
        source="law",
        regulation=regulation.title,
        law_short=regulation.short,
        jurisdiction=regulation.jurisdiction,
        verdict=answer.verdict,
        role=answer.role,
        reason=answer.reason,
        status=_status(answer, version),
        recipient=RecipientRef(
            kind=duty.recipient,
            title=book.recipients[duty.recipient].title,
            name=recipient_name(duty, book, facts),
            place=place,
            audience=_audience(book, duty.recipient),
            contact=law_contact(duty, place, book, profile, facts),
        ),
        contract=None,
        clause=None,
    )


def _status(answer: DutyVerdict, version: Version) -> str:
    start = version.from_.isoformat() if version.from_ else "start not verified"
    if answer.verdict == "coming":
        return f"applies from {start}"
    end = f", until {version.until.isoformat()}" if version.until else ""
    return f"in force since {start}{end}" if version.from_ else f"in force ({start}{end})"


def _contract_binding(
    contract: Contract,
    clause: NoticeClause,
    regulation: Regulation,
    duty: Duty,
    book: LawBook,
    on: date,
    events: Mapping[str, str],
    compute: Compute,
) -> Binding:
    version = duty.versions[0]
    answer = contract_verdict(contract, clause, duty, on)
    return _binding(
        duty,
        version,
        events,
        compute(duty, version),
        source="contract",
        regulation=regulation.title,
        law_short=regulation.short,
        jurisdiction="CONTRACT",
        verdict=answer.verdict,
        role=answer.role,
        reason=answer.reason,
        status=f"signed {contract.signed.isoformat()}" if contract.signed else "signature date not stated",
        recipient=RecipientRef(
            kind=duty.recipient,
            title=book.recipients[duty.recipient].title,
            name=duty.recipient_name,
            place=contract.place,
            audience=_audience(book, duty.recipient),
            contact=_addressee(clause.addressee, contract),
        ),
        contract=contract.id,
        clause=clause.clause,
    )


def _addressee(addressee: Addressee | None, contract: Contract) -> tuple[str, ...]:
    if addressee is None:
        return (f"GAP: clause of {contract.counterparty} names no addressee",)
    parts: Iterable[FactValue | None] = (
        addressee.name,
        addressee.phone,
        addressee.email,
        addressee.address,
        addressee.portal,
    )
    return tuple(str(part) for part in parts if part)


def _binding(
    duty: Duty, version: Version, events: Mapping[str, str], example: Deadline, **rest: object
) -> Binding:
    limit = words.clock_limit(version.clock)
    return Binding.model_validate(
        {
            "duty": duty.id,
            "title": duty.title,
            "bound_party": duty.bound_party,
            "kind": duty.kind,
            "force": duty.force,
            "trigger": version.triggers,
            "trigger_words": version.trigger_words,
            "clock": version.clock,
            "clock_words": words.clock_sentence(version.clock, dict(events)),
            "limit_words": limit,
            "start_words": "; or ".join(_starts(version)),
            "satisfied_by": duty.satisfied_by,
            "exceptional": duty.exceptional,
            "confidential": duty.confidential,
            "sort_minutes": _sort_minutes(version),
            "before": duty.before,
            "after": duty.after,
            "same_as": duty.same_as,
            "citation": version.citation.text,
            "url": version.citation.url,
            "confidence": version.confidence,
            "doubt": version.doubt,
            "verified_on": version.verified_on,
            "method": version.method,
            "portal": version.portal,
            "threshold_words": "; ".join(t.words for t in version.thresholds) or None,
            "exceptions": (),
            "content": version.content,
            "notice": None,
            "example": example,
            "example_words": example_words(example, limit),
            "urgency_minutes": _urgency(version),
            **rest,
        }
    )
