"""Rules: things that cannot both be true, about people, agents, versions, dates and contracts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from generator.sources.key_paths import day, find, get, mappings, number
from generator.sources.rules_base import Fault, Subject

LONGEST_ID = 80
"""Characters of an id, as the models have it."""


def handoffs_join_two(subject: Subject) -> Iterator[Fault]:
    """A hand-off leads from one agent to another agent, or to one outside."""
    for path, handoff in mappings(subject.data, "deployment.handoffs.*"):
        inside, outside = handoff.get("to"), handoff.get("to_outside")
        if inside is not None and inside == handoff.get("from"):
            yield Fault(
                (*path, "to"), f"hands off from `{inside}` to itself", "name the agent that receives it"
            )
        if inside is not None and outside is not None:
            yield Fault((*path, "to_outside"), "stands beside `to`", "keep one of the two")
        if inside is None and outside is None:
            yield Fault(path, "leads nowhere", "add `to: AGENT`, or `to_outside:` for a person or system")


def versions_differ(subject: Subject) -> Iterator[Fault]:
    """The last good version, and what a rollback goes to, is not the version in use."""
    live: dict[str, Any] = {}
    fixed: set[str] = set()
    for path, part in mappings(subject.data, "deployment.components.*"):
        name, running = str(part.get("id")), part.get("live")
        live[name] = running
        if running is not None and part.get("last_good") == running:
            yield Fault(
                (*path, "last_good"),
                f"`{running}` is the live version too",
                "name an earlier version, or leave it out",
            )
        if part.get("can_roll_back") is False:
            fixed.add(name)
            if not part.get("why_not"):
                yield Fault(
                    (*path, "can_roll_back"), "cannot be rolled back, and nothing says why", "add `why_not:`"
                )
    for path, back in mappings(subject.data, "containment.rollback.*"):
        name = str(back.get("component"))
        if back.get("to") is not None and back.get("to") == live.get(name):
            yield Fault(
                (*path, "to"),
                f"`{back['to']}` is the live version of `{name}`",
                "name the version that it goes back to",
            )
        if name in fixed:
            yield Fault(path, f"`{name}` is said not to roll back", "remove this, or `can_roll_back: false`")


def people_add_up(subject: Subject) -> Iterator[Fault]:
    """The people by place are not more than the people in all."""
    total = number(get(subject.data, "data.people_total"))
    if total is None:
        return
    counts = [number(value) or 0 for _, value in find(subject.data, "data.people.*.count")]
    if sum(counts) > total:
        yield Fault(
            ("data", "people_total"),
            f"the counts by place come to {sum(counts):,.0f}, more than {total:,.0f}",
            "correct a count, or the total",
        )


def contracts_in_order(subject: Subject) -> Iterator[Fault]:
    """Data comes after the signature, and the signature not after the plan's date."""
    effective = day(get(subject.data, "plan.effective"))
    for path, contract in mappings(subject.data, "contracts.*"):
        signed, since = day(contract.get("signed")), day(contract.get("data_since"))
        what = "PHI" if contract.get("kind") in ("baa", "subcontractor_baa") else "data"
        if signed and since and since < signed:
            yield Fault(
                (*path, "data_since"),
                f"{what} since {since}, before the agreement was signed on {signed}",
                "correct a date; if both are right, ask counsel before the plan is used",
            )
        if signed and effective and signed > effective:
            yield Fault(
                (*path, "signed"),
                f"signed on {signed}, after the plan's date {effective}",
                "correct it, or `plan.effective`",
            )
    for path, provider in mappings(subject.data, "providers.*"):
        signed = day(provider.get("signed"))
        if signed and effective and signed > effective:
            yield Fault(
                (*path, "signed"),
                f"signed on {signed}, after the plan's date {effective}",
                "correct it, or `plan.effective`",
            )


def clauses_have_their_own_ids(subject: Subject) -> Iterator[Fault]:
    """The duty of a clause is called `contract-<contract>-<clause>`: one of a kind, and short enough for a name.

    `-`, `_` and `.` are one and the same in the name of a form field.
    """
    first: dict[str, str] = {}
    for path, contract in mappings(subject.data, "contracts.*"):
        for inner, clause in mappings(contract, "clauses.*"):
            duty = f"contract-{contract.get('id')}-{clause.get('id')}"
            here = (*path, *inner, "id")
            if len(duty) > LONGEST_ID:
                yield Fault(
                    here, f"makes a name of {len(duty)} characters, `{duty}`", "shorten one of the two ids"
                )
            other = first.setdefault(re.sub(r"[._]", "-", duty), f"{contract.get('id')}, {clause.get('id')}")
            if other != f"{contract.get('id')}, {clause.get('id')}":
                yield Fault(here, f"makes the name `{duty}`, as that of `{other}` does", "rename one")


def roles_are_held(subject: Subject) -> Iterator[Fault]:
    """A role has a person and another as backup, or a rota; somebody with a phone and a backup exists."""
    reachable = False
    people = get(subject.data, "people")
    phones = {path[0] for path, person in mappings(people, "*") if person.get("phone")}
    for path, holder in mappings(subject.data, "roles.*"):
        primary, backup, rota = holder.get("primary"), holder.get("backup"), holder.get("rota")
        if primary is not None and rota is not None:
            yield Fault(path, "has both a person and a rota", "keep `primary` or `rota`")
        if primary is None and rota is None:
            yield Fault(path, "is held by nobody", "add `primary: PERSON` or a `rota`")
        if primary is not None and primary == backup:
            yield Fault(
                (*path, "backup"), f"`{backup}` is the primary too", "name somebody else, or leave it out"
            )
        if rota is not None or (primary in phones and backup in phones and primary != backup):
            reachable = True
    if not reachable and isinstance(get(subject.data, "roles"), dict):
        yield Fault(
            ("roles",),
            "no role has a person with a phone and a backup with a phone",
            "name both for one role at least, or give it a rota",
        )
    for path, notice in mappings(subject.data, "communication.notices.*"):
        deputy = notice.get("deputy_approver")
        if deputy is not None and deputy == notice.get("approver"):
            yield Fault(
                (*path, "deputy_approver"),
                f"`{deputy}` is the approver too",
                "name another role, or leave it out",
            )


def switches_can_be_pulled(subject: Subject) -> Iterator[Fault]:
    """A switch has at least one way to pull it."""
    for path, switch in mappings(subject.data, "containment.switches.*"):
        if not any(switch.get(way) for way in ("command", "console", "manual")):
            yield Fault(path, "cannot be pulled", "add `command`, `console` or `manual`")


def levels_in_order(subject: Subject) -> Iterator[Fault]:
    """Warning comes before paging, and paging before acting, in the direction of the signal."""
    names = ("warn", "page", "automatic")
    for path, signal in mappings(subject.data, "detection.signals.*"):
        below = signal.get("direction") == "below"
        side = "below" if below else "above"
        levels = [(name, number(get(signal, f"{name}.at"))) for name in names]
        given = [(name, at) for name, at in levels if at is not None]
        for (first, low), (second, high) in pairwise(given):
            if (low < high) if below else (low > high):
                yield Fault(
                    (*path, second, "at"),
                    f"{second} at {high:g} comes before {first} at {low:g}, for a signal that is bad {side}",
                    "swap the numbers, or correct `direction`",
                )


def dates_in_order(subject: Subject) -> Iterator[Fault]:
    """Nothing is done after the plan's date; the next review and the end of a period lie after the start."""
    data = subject.data
    effective, review = day(get(data, "plan.effective")), day(get(data, "plan.next_review"))
    if effective and review and review < effective:
        yield Fault(
            ("plan", "next_review"),
            f"{review} is before the plan's date {effective}",
            "correct one of the two",
        )
    start, end = day(get(data, "audit.period_from")), day(get(data, "audit.period_to"))
    if start and end and end < start:
        yield Fault(
            ("audit", "period_to"), f"{end} is before the start of the period {start}", "swap the two"
        )
    if effective:
        yield from _not_after(data, effective)


_DONE = (
    ("drills.log.*.date", "a drill held"),
    ("containment.switches.*.last_drill", "a drill held"),
    ("containment.fallback.*.last_tested", "a test done"),
)


def _not_after(data: Any, effective: date) -> Iterator[Fault]:
    for pattern, what in _DONE:
        for path, value in find(data, pattern):
            done = day(value)
            if done and done > effective:
                yield Fault(
                    path,
                    f"{what} on {done}, after the plan's date {effective}",
                    "correct it, or `plan.effective`",
                )
