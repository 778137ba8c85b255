"""Look-ups for template authors: things of the plan by id, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from generator.render.escape import plain
from generator.render.templating import RawMarkdown
from generator.render.words import gap

Data = Mapping[str, Any]


def look_ups(plan: Data) -> dict[str, Callable[..., Any]]:
    """Every look-up by the name that templates use. A thing that is not in the plan is None."""
    bindings = _by(plan["bindings"], "duty")
    classes = _by(plan["classes"], "id")
    signals = _by(plan["signals"], "id")
    switches = {entry["switch"]["id"]: entry for entry in plan["switches"]}
    notices = _by(plan["notices"], "id")
    contracts = _by(plan["contracts"], "id")
    components = _by(plan["components"], "id")
    agents = _by(plan["deployment"]["agents"], "id")
    people: Data = plan["people"]
    contacts: Data = plan["contacts"]

    def contact(role: str) -> Data:
        """The holder of a role; a role that nobody holds is a visible gap."""
        return contacts.get(role) or _nobody(role)

    def person(identifier: str | None) -> Data | None:
        return people.get(identifier) if identifier else None

    def who(role: str) -> RawMarkdown:
        """A role's holder on one line: name, phone, backup."""
        return _contact_line(contact(role))

    return {
        "contact": contact,
        "who": who,
        "person": person,
        "duty": bindings.get,
        "klass": classes.get,
        "signal": signals.get,
        "switch": switches.get,
        "notice_document": notices.get,
        "contract": contracts.get,
        "component": components.get,
        "agent": agents.get,
    }


def _by(entries: Iterable[Data], key: str) -> dict[str, Data]:
    return {entry[key]: entry for entry in entries}


def _nobody(role: str) -> Data:
    title = role.replace("_", " ").replace("-", " ")
    return {
        "role": role,
        "title": title[:1].upper() + title[1:],
        "owns": "",
        "primary": gap(f"who is {title}"),
        "primary_phone": None,
        "primary_note": None,
        "backup": None,
        "backup_phone": None,
        "escalate_minutes": None,
        "authority": [],
        "may_not": [],
        "gap": True,
    }


def _contact_line(contact: Data) -> RawMarkdown:
    """Name and phone; then the backup."""
    primary = contact["primary"]
    text = primary if isinstance(primary, RawMarkdown) else RawMarkdown(plain(primary))
    if contact["primary_phone"]:
        text += RawMarkdown(f" {plain(contact['primary_phone'])}")
    elif not contact["gap"]:
        text += RawMarkdown(" ") + gap("phone")
    if contact["backup"]:
        after = f" after {contact['escalate_minutes']} minutes" if contact["escalate_minutes"] else ""
        text += RawMarkdown(f"; backup{after} {plain(contact['backup'])}")
        if contact["backup_phone"]:
            text += RawMarkdown(f" {plain(contact['backup_phone'])}")
    return text
