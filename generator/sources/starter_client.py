"""The sections of a new profile about the client: plan, client, data, contracts, people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.sources import starter_keep as keep
from generator.sources.answers import Answers, ContractAnswer, PersonAnswer
from generator.sources.catalog import PlaceEntry
from generator.sources.key_paths import get
from generator.sources.starter_lines import Lines, ask, comment, section, slug
from generator.sources.yaml_text import block, scalar

_TERMS: dict[str, tuple[str, str, tuple[str, ...], str, str]] = {
    # kind: (direction, role of the other side, triggers, start event, start in words)
    "baa": ("we_owe", "covered_entity", ("phi_breach",), "discovered", "discovery of the breach"),
    "subcontractor_baa": ("they_owe", "subcontractor", ("phi_breach",), "discovered", "its discovery of it"),
    "dpa": ("we_owe", "controller", ("personal_data_breach",), "aware", "awareness of it"),
    "services": ("we_owe", "customer", ("service_incident", "security_incident"), "aware", "awareness of it"),
    "sla": ("we_owe", "customer", ("service_incident",), "aware", "awareness of it"),
    "insurance": ("we_owe", "insurer", ("insured_event",), "aware", "awareness of it"),
    "card_scheme": ("we_owe", "other", ("payment_card_compromise",), "aware", "awareness of it"),
    "warehouse_lender": ("we_owe", "lender", ("service_incident",), "aware", "awareness of it"),
    "other": ("we_owe", "other", ("security_incident",), "aware", "awareness of it"),
}  # fmt: skip


def head(answers: Answers, starter_name: str, modeline: str) -> Lines:
    return [
        *([modeline] if modeline else []),
        f"# Profile of {comment(answers.client)}: {comment(answers.system.name)}",
        f"# from starter {starter_name}",
        "# Every `# ask:` is a gap in the plan until it is answered. `airplan check` lists them by weight.",
        "schema: 1",
    ]


def plan(answers: Answers) -> Lines:
    data = {
        "id": slug(answers.client, answers.system.name),
        "version": "0.1",
        "effective": answers.effective.isoformat(),
        "owner": person_ids(answers)[0],
    }
    return section(
        "plan",
        "Who owns the plan. `effective` is its date: it decides which law applies.",
        data,
        "Who approves the plan? (approver: a person id)",
        "When is it read again? (next_review: a date, at most a quarter away)",
    )


def client(answers: Answers, starter: Mapping[str, Any], places: Mapping[str, PlaceEntry]) -> Lines:
    lines = [
        "# Facts about the client, never names of laws: the law book decides what binds.",
        "client:",
        *block({"name": answers.client}, 2),
        f"  seat: {{place: {scalar(answers.seat, flow=True)}}}  # {places[answers.seat].name}",
        *block({"time_zone": answers.time_zone}, 2),
    ]
    sectors = keep.words_of(starter, "client.sectors.*")
    if sectors:
        lines.append(f"  sectors: [{', '.join(sectors)}]  # from the starter: check")
    roles = _roles(answers, starter)
    if roles:
        lines += ["  roles:  # from the contracts and the starter: check, they decide which law binds"]
        lines += block(roles, 4)
    if "hipaa" not in roles:
        lines += ask(
            "PHI is handled: as covered_entity, business_associate or subcontractor? (roles: {hipaa: [...]})"
        )
    return lines + ask(
        "Which charters and licences does it hold? (charters: [none] when it holds none)",
        "Which activities that laws ask about does it carry on? (activities: [none_of_these] when none)",
        "How many employees, which revenue in US dollars? (employees, annual_revenue_usd)",
        "Is it listed on a stock exchange? (listed: not_listed when not)",
        "In which other countries or states does it have an establishment? (establishments)",
        "Who supervises it, reached how? (regulators)",
    )


def _roles(answers: Answers, starter: Mapping[str, Any]) -> dict[str, list[str]]:
    kinds = {contract.kind for contract in answers.contracts}
    hipaa = keep.words_of(starter, "client.roles.hipaa.*")
    if "baa" in kinds:
        hipaa = ["business_associate", *(role for role in hipaa if role == "subcontractor")]
    elif "phi" not in answers.data:
        hipaa = ["none"]
    else:
        hipaa = [role for role in hipaa if role != "none"]  # whoever holds PHI has a role: an open question
    data = keep.words_of(starter, "client.roles.data.*")
    if "dpa" in kinds and "processor" not in data:
        data = [*data, "processor"]
    return {key: value for key, value in (("data", data), ("hipaa", hipaa)) if value}


def data(answers: Answers, starter: Mapping[str, Any], places: Mapping[str, PlaceEntry]) -> Lines:
    lines = [
        "# Whose data it is. Counts by place decide which law binds: change one, build again, compare.",
        "data:",
    ]
    lines += block({"categories": list(answers.data)}, 2)
    lines.append("  people:")
    for code, count in answers.people.items():
        place = places.get(code)
        name = f"  # {place.name}" if place else ""
        lines.append(f"    - {{residence: {scalar(code, flow=True)}, count: {count}}}{name}")
    lines.append(f"  people_total: {sum(answers.people.values())}")
    who = get(starter, "data.who")
    if isinstance(who, str) and keep.is_structure(who, keep.invented(starter), digits=False):
        lines.append(f"  who: {scalar(who)}  # from the starter: check")
    return lines + ask(
        "Are children among them? (children: true or false)",
        "How long are prompts, outputs, logs and traces kept, and where? (retention: what vanishes first)",
        "What is encrypted, and who holds the keys? (encryption)",
    )


def contracts(answers: Answers) -> Lines:
    if not answers.contracts:
        return [
            "# contracts:",
            *ask("Which customer, insurer and supplier contracts set notice windows?", indent=0),
        ]
    used: set[str] = set()
    lines = [
        "# Contracts that say whom to tell and by when. Read each clause before you rely on it.",
        "contracts:",
    ]
    for contract in answers.contracts:
        name = slug(contract.counterparty)
        while name in used:
            name += "-2"
        used.add(name)
        lines += block([_contract(contract, name)], 2)
        lines += ask(
            "Which clause, from which event, to whom, with which content? (clause, addressee, content)",
            *(() if contract.signed else ("When was it signed? (signed)",)),
            indent=4,
        )
    return lines


def _contract(contract: ContractAnswer, name: str) -> dict[str, Any]:
    direction, role, triggers, starts, words = _TERMS[contract.kind]
    value = int(contract.value) if contract.value == int(contract.value) else float(contract.value)
    found: dict[str, Any] = {
        "id": name,
        "kind": contract.kind,
        "counterparty": contract.counterparty,
        "direction": direction,
        "counterparty_role": role,
    }
    if contract.signed:
        found["signed"] = contract.signed.isoformat()
    found["clauses"] = [
        {
            "id": "notice",
            "triggers": list(triggers),
            "starts": starts,
            "starts_words": words,
            "window": {"value": value, "unit": contract.unit},
            "clause": "clause number not yet noted",
        }
    ]
    return found


def person_ids(answers: Answers) -> tuple[str, str]:
    first, second = slug(answers.owner.name), slug(answers.backup.name)
    return first, second if second != first else f"{second}-2"


def _person(person: PersonAnswer) -> dict[str, Any]:
    return {key: value for key, value in person.model_dump().items() if value is not None}


def people(answers: Answers) -> Lines:
    owner, backup = person_ids(answers)
    lines = ["# People by id. Phone numbers with the country code.", "people:"]
    lines += block({owner: _person(answers.owner), backup: _person(answers.backup)}, 2)
    lines += ask("Who answers at night and at weekends? (on_call: true or false, for each person)")
    lines += ["", "# Who does what in an incident. One person may hold several roles.", "roles:"]
    lines += block({"incident_commander": {"primary": owner, "backup": backup}}, 2)
    return lines + ask(
        "After how many minutes is the backup called? (escalate_after)",
        "What may the holder decide alone? (authority)",
        "Who is privacy officer, counsel, communications lead, technical lead? (further roles)",
    )
