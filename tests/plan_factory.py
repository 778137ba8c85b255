"""A small plan made by hand, for tests of what comes after the plan. `plan(...)` changes parts of it."""

from __future__ import annotations

import copy
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from generator.model.plan import Plan


def _clock(amount: int | None, unit: str | None, words: str) -> dict[str, Any]:
    limb = {"start": "aware", "start_words": words, "amount": amount, "unit": unit}
    return {"combine": "single", "limbs": [limb]}


def binding(duty: str = "gdpr-art33-supervisory-authority", **changes: Any) -> dict[str, Any]:
    """One binding as plain data."""
    data: dict[str, Any] = {
        "duty": duty,
        "title": "Notice to the supervisory authority",
        "source": "law",
        "regulation": "GDPR",
        "law_short": "GDPR",
        "jurisdiction": "EU",
        "verdict": "binds",
        "role": "sends",
        "reason": "People served live in DE (1,200) and the client is a controller.",
        "bound_party": "controller",
        "kind": "deadline",
        "force": "law",
        "trigger": ["personal_data_breach"],
        "trigger_words": "A personal data breach, unless a risk to people is unlikely.",
        "recipient": {
            "kind": "data_protection_authority",
            "title": "Data protection authority",
            "name": "Lead supervisory authority",
            "place": "DE",
            "audience": "regulator",
            "contact": ["Portal: https://www.example.org/report"],
        },
        "clock": _clock(72, "hours", "awareness with reasonable certainty"),
        "clock_words": "72 hours from awareness, without undue delay",
        "limit_words": "72 hours",
        "start_words": "aware with reasonable certainty",
        "satisfied_by": "sent",
        "exceptional": False,
        "confidential": None,
        "sort_minutes": 4320,
        "before": [],
        "after": [],
        "same_as": None,
        "citation": "Regulation (EU) 2016/679 Art. 33(1)",
        "url": "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
        "status": "in force",
        "confidence": "high",
        "doubt": None,
        "verified_on": "2026-11-01",
        "method": "Online form of the authority.",
        "portal": None,
        "threshold_words": None,
        "exceptions": [],
        "content": [{"id": "nature", "text": "The nature of the breach."}],
        "notice": "gdpr-authority",
        "contract": None,
        "clause": None,
        "example": None,
        "example_words": "Aware Sunday 02:13: act by Wednesday 01:13.",
        "urgency_minutes": 4320,
    }
    return {**data, **changes}


def switch(identifier: str, **changes: Any) -> dict[str, Any]:
    """One planned switch as plain data."""
    data: dict[str, Any] = {
        "switch": {
            "id": identifier,
            "name": "Stop everything",
            "stops": "All answers of the assistant",
            "rung": "C6",
            "command": ["kubectl", "scale", "deployment/assistant", "--replicas=0", "-n", "prod"],
            "who": ["on-call"],
            "effect": {"value": 40, "unit": "seconds"},
        },
        "rung_name": "Full stop",
        "last_drill": None,
        "drill_words": "NEVER DRILLED",
        "who_words": "Ana Ruiz +1 303 555 0142",
    }
    data["switch"] = {**data["switch"], **changes}
    return data


def notice(identifier: str = "gdpr-authority", **changes: Any) -> dict[str, Any]:
    """One notice as plain data."""
    data: dict[str, Any] = {
        "id": identifier,
        "template": "plain",
        "title": "Notice to the data protection authority",
        "audience": "regulator",
        "recipient": binding()["recipient"],
        "duties": ["gdpr-art33-supervisory-authority"],
        "items": [],
        "drafter": "Privacy lead: Ana Ruiz",
        "approver": "Counsel: Ben Okafor",
        "deputy_approver": None,
        "tightest": "gdpr-art33-supervisory-authority",
        "role": "sends",
        "contract": None,
    }
    return {**data, **changes}


def _contact(role: str, title: str, primary: str, phone: str | None, gap: bool = False) -> dict[str, Any]:
    return {
        "role": role,
        "title": title,
        "owns": "The stop",
        "primary": primary,
        "primary_phone": phone,
        "primary_note": None,
        "backup": "Ben Okafor",
        "backup_phone": "+1 303 555 0143",
        "escalate_minutes": 10,
        "authority": ["pull any switch"],
        "may_not": ["restart"],
        "gap": gap,
    }


def plan_data(**changes: Any) -> dict[str, Any]:
    """The plan as plain data; `changes` replace top-level parts, `identity` is merged."""
    identity = {
        "id": "acme-assistant",
        "version": "1.2",
        "effective": "2026-11-24",
        "next_review": "2027-02-24",
        "owner": "Head of Support: Ana Ruiz",
        "approver": "Managing director: Ben Okafor",
        "client": "Acme Outdoor",
        "legal_name": "Acme Outdoor Ltd.",
        "deployment": "Acme Assistant",
        "purpose": "Answers customers' questions on orders.",
        "kind": "chatbot",
        "catalog_kind": "retail_faq_chatbot",
        "zone": "America/Denver",
        "paper": "letter",
        "draft": True,
        "draft_reasons": ["Two gaps are open."],
        "approved": False,
    }
    levers = {
        "id": "B",
        "from_points": 5,
        "to_points": 8,
        "words": "medium stakes",
        "acknowledge_sev1": {"value": 15, "unit": "minutes"},
        "acknowledge_sev2": {"value": 30, "unit": "minutes"},
        "contain_within": {"value": 30, "unit": "minutes"},
        "assess_notice_within": {"value": 4, "unit": "hours"},
        "who_may_stop": "on call",
        "restart_signatures": 2,
        "restart_words": "two people",
        "sampling": "100 a day",
        "exit_sample": "300 clean",
        "exit_sample_size": 300,
        "lookback": "sample",
        "evidence_retention": "1 year",
        "fallback": "earlier bundle",
        "tabletop_every_months": 3,
        "stop_drill_every_months": 3,
        "gate_checks": "spot",
        "review_within_days": 10,
        "depth": "standard",
        "lead_classes": 6,
    }
    data: dict[str, Any] = {
        "schema": 1,
        "identity": identity,
        "as_of": "2026-11-24",
        "law": {"as_of": "2026-11-24", "versions": [], "later": [], "calendars": {}},
        "stakes": {"tier": "B", "points": 6, "maximum": 18, "rows": [], "words": "6 of 18", "levers": levers},
        "windows": {
            key: {"id": key, "words": f"{minutes} minutes", "minutes": minutes, "basis": "judgement"}
            for key, minutes in (
                ("acknowledge_sev1", 15),
                ("acknowledge_sev2", 30),
                ("contain", 30),
                ("assess_notice", 720),
            )
        },
        "severities": [],
        "severity_rules": [],
        "client": {
            "name": "Acme Outdoor",
            "seat": {"place": "US-CO"},
            "time_zone": "America/Denver",
        },
        "deployment": {
            "id": "assistant",
            "name": "Acme Assistant",
            "purpose": "Answers customers' questions on orders.",
            "kind": "chatbot",
            "autonomy": "informs",
            "harm_if_wrong": "small_loss",
            "reversibility": "with_effort",
            "agents": [{"id": "intake", "name": "Intake agent", "role": "reads files"}],
        },
        "volumes": None,
        "data": {"categories": ["contact"], "people": [{"residence": "DE", "count": 1200}]},
        "providers": [],
        "contracts": [],
        "people": {"ana": {"name": "Ana Ruiz", "phone": "+1 303 555 0142"}},
        "call_order": ["on-call"],
        "contacts": {
            "on-call": _contact("on-call", "On call", "Ana Ruiz", "+1 303 555 0142"),
            "counsel": _contact("counsel", "Counsel", "Ben Okafor", None),
        },
        "coverage": [],
        "decisions": [],
        "headlines": [],
        "classes": [],
        "classes_out": [],
        "signals": [],
        "routes": [],
        "sampling": [],
        "audit_log": None,
        "report_channels": [],
        "monitor_heartbeat": None,
        "blind_spots": [],
        "rungs": [],
        "components": [],
        "switches": [switch("K1")],
        "containment": {"switches": [switch("K1")["switch"]]},
        "failure_modes": [],
        "bindings": [binding()],
        "open_questions": [],
        "near": [],
        "set_aside": [],
        "guidance": [],
        "triggers": {"personal_data_breach": "Was personal data lost or disclosed?"},
        "example": {
            "aware_at": "2026-11-29T02:13:00-07:00",
            "words": "Sunday 29 November 2026, 02:13",
            "zone": "America/Denver",
            "first_act_by": None,
            "first_duty": None,
            "first_words": "",
        },
        "communication": {},
        "notices": [notice()],
        "review_within_days": 10,
        "review_facilitator": None,
        "review_attendees": [],
        "review_reader": None,
        "actions_tracked_in": None,
        "drills": {},
        "drills_due": [],
        "last_stop_drill": None,
        "next_stop_drill": None,
        "stop_drill_words": "NEVER DRILLED",
        "policies": [],
        "controls": [],
        "audit": None,
        "branding": {},
        "wording": {},
        "documents": [],
        "gaps": [],
        "revisions": [],
    }
    changes = copy.deepcopy(changes)
    data["identity"] = {**identity, **changes.pop("identity", {})}
    return {**_empty(Plan), **data, **changes}


def _empty(model: type[BaseModel]) -> dict[str, Any]:
    """An empty value for every required part, so that a new part of the plan does not break the factory."""
    return {
        field.alias or name: _nothing(field.annotation)
        for name, field in model.model_fields.items()
        if field.is_required()
    }


def _nothing(kind: Any) -> Any:
    if type(None) in get_args(kind):
        return None
    origin = get_origin(kind) or kind
    return {tuple: [], dict: {}, str: "", int: 0, bool: False}.get(origin)


def plan(**changes: Any) -> Plan:
    """The plan as a value."""
    return Plan.model_validate(plan_data(**changes))
