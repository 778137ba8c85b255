"""`airplan incident show`: the running clocks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import show
from generator.cli.incident_options import clock_of, now_option, record_argument
from generator.errors import UsageProblem

if TYPE_CHECKING:
    from datetime import datetime

    from generator.incidents.running import Aside
    from generator.incidents.state import DutyState, IncidentState, ReviewState
    from generator.workflows.incidents import Incident


@click.command(
    "show",
    epilog="""\b
Examples:
  airplan incident show INC-2026-001
  airplan incident show INC-2026-001 --now 2026-11-17T09:00 --json
  airplan incident show INC-2026-001 --ics > clocks.ics

Exit codes: 0 shown; 2 the record or the call is wrong; 3 the law data has no answer.
""",
)
@record_argument
@click.option("--json", "as_json", is_flag=True, default=False, help="Print the state as JSON.")
@click.option("--ics", is_flag=True, default=False, help="Print the clocks that run as a calendar file.")
@now_option
def show_(record: str, as_json: bool, ics: bool, incidents: Path, now: str | None) -> None:
    """Show record ID: every duty by act-by with time left, what is needed to send it, and what is still unknown."""
    from generator.workflows.incident_personal import all_remarks
    from generator.workflows.incidents import read_incident, state_of

    if as_json and ics:
        raise UsageProblem("--json and --ics: choose one")
    incident = read_incident(record, incidents)
    found = state_of(incident, clock_of(now)(incident.profile.client.time_zone))
    if as_json:
        show.json(_data(incident, found))
    elif ics:
        _calendar(incident, found)
    else:
        _text(incident, found)
    for remark in all_remarks(incident):
        show.warning(remark)


def left_words(left: timedelta) -> str:
    """ "2 d 4 h left" or "1 h 20 min over"."""
    minutes = abs(int(left.total_seconds())) // 60
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days} d"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if (minutes or not parts) and not days else []
    return f"{' '.join(parts)} {'left' if left >= timedelta(0) else 'over'}"


def _moment(value: datetime | None) -> str:
    from generator.deadlines.zones import shown

    return shown(value) if value else ""


def _text(incident: Incident, found: IncidentState) -> None:
    record = incident.record
    state = f"CLOSED {_moment(record.closed.at)}" if record.closed else "open"
    show.data(
        show.styled(f"{record.id} {record.title}", bold=True)
        + f"{' (DRILL)' if record.drill else ''}, {record.severity}, {state}"
    )
    for change in record.severity_changes:
        show.data(
            f"  {change.severity} since {_moment(change.at)}, before {change.former}; {change.by}: {change.because}"
        )
    binds, client = record.binds, incident.plan["identity"]["client"]
    show.data(
        f"{client}, plan {binds.plan} version {binds.version} ({binds.source}), plan.json {binds.sha256[:12]}"
    )
    show.data(f"Now {_moment(found.now)}")
    for event, moment in sorted(record.moments().items(), key=lambda pair: pair[1].at):
        gap = "  GAP: who says so, and on what ground" if "not stated" in (moment.by, moment.ground) else ""
        show.data(f"  {event:<11}{_moment(moment.at)}  {moment.by}: {moment.ground}{gap}")
    show.data(f"People: {_people(incident, found)}")
    for line in found.duties:
        _duty(line)
    _asides("OPEN, may bind", found.open)
    _asides("FALLS AWAY under the facts of the record", found.fallen)
    show.data()
    _review(found)


def _people(incident: Incident, found: IncidentState) -> str:
    places = ", ".join(
        f"{place} {entry.count}" for place, entry in sorted(incident.record.affected().items())
    )
    unlisted = "places that are not listed count with all people served"
    if found.people_total is None:
        return f"{places or 'no count by residence'}; how many in all is not stated: {unlisted}"
    rest = found.people_total - found.people_known
    more = "all placed" if found.places_complete else f"{rest} not placed yet: {unlisted}"
    return f"{found.people_total} in all; {places or 'none placed'}; {more}"


def _head(line: DutyState) -> str:
    deadline = line.due.deadline
    if line.standing == "sent" and line.sent:
        late = show.styled(" LATE", fg="red", bold=True) if line.late else ""
        return f"{show.styled('SENT', bold=True)} {_moment(line.sent.sent_at)}{late}, {line.sent.reference}"
    if line.standing == "decided" and line.decision:
        return f"{show.styled('NOT NOTIFIED', bold=True)} by {line.decision.by}: {line.decision.because}"
    if line.left is None or line.left_legal is None:
        word = "WAITS" if line.standing == "waiting" else "AT ONCE"
        return f"{show.styled(word, bold=True)} {deadline.why or deadline.standard}"
    if line.left_legal < timedelta(0):
        return show.styled(
            f"OVERDUE, legal end {_moment(deadline.due)}, {left_words(line.left_legal)}", bold=True, fg="red"
        )
    end = (
        ""
        if deadline.due == deadline.act_by
        else f"; legal end {_moment(deadline.due)}, {left_words(line.left_legal)}"
    )
    return show.styled(f"ACT BY {_moment(deadline.act_by)}, {left_words(line.left)}", bold=True) + end


def _duty(line: DutyState) -> None:
    deadline, needs = line.due.deadline, line.needs
    show.data()
    show.data(_head(line))
    role = {"supports": " [we support]", "delegation": " [by delegation]"}.get(str(line.due.verdict.role), "")
    show.data(f"  {line.due.title} -> {line.due.recipient}{role}  [{line.duty}]")
    show.data(f"  {deadline.citation}")
    if line.standing in ("sent", "decided"):
        return
    if needs.notice:
        deputy = f", else {needs.deputy}" if needs.deputy else ""
        show.data(f"  notices/{needs.notice}.md; draft {needs.drafter}; approve {needs.approver}{deputy}")
    else:
        show.data(f"  {needs.instead}")
    way = "; ".join(part for part in (needs.method, needs.portal, *needs.contact) if part)
    if way:
        show.data(f"  by {way}")
    if deadline.latest_possible:
        show.data(f"  latest possible {_moment(deadline.latest_possible)}")
    for question in needs.unknown:
        show.data(f"  unknown: {question}")
    if show.settings().verbose:
        show.data(f"  {line.due.verdict.reason}")
        for number, step in enumerate(deadline.derivation, 1):
            show.data(f"  {number:>3}. {step}")


def _asides(title: str, asides: tuple[Aside, ...]) -> None:
    if asides:
        show.data()
        show.data(show.styled(title, bold=True))
    for aside in asides:
        show.data(f"  {aside.title} -> {aside.recipient}  [{aside.duty}]")
        show.data(f"    {aside.reason}")


def _review(found: IncidentState) -> None:
    review = found.review
    days = f"{review.days} calendar days after containment"
    if review.due is None:
        mark = show.styled("GAP: ", bold=True, fg="red") if review.unstated_too_long else ""
        show.data(f"{mark}Review and new plan version: due {days}, which nobody stated yet")
        return
    held = f"review held {review.held_on.isoformat()}" if review.held_on else "no review in the record"
    word = "MISSED: " if review.missed else "LATE: " if review.late else ""
    mark = show.styled(word, bold=True, fg="red") if word else ""
    show.data(
        f"{mark}Review and new plan version: due {review.due.isoformat()} ({days}); {held}; {_version(review)}"
    )


def _version(review: ReviewState) -> str:
    new = review.new_version
    if new is None:
        return "no new plan version"
    if not new.in_force:
        return f"plan version {new.version} in the profile, not released"
    return f"plan version {new.version} since {new.on.isoformat()}"


def _calendar(incident: Incident, found: IncidentState) -> None:
    from generator.export.ics import Entry, calendar

    entries = [
        Entry(line.due.deadline, line.due.title, line.due.recipient, line.due.verdict.reason)
        for line in found.duties
        if line.standing == "running"
    ]
    show.raw(calendar(entries, incident.record.id, incident.record.aware().at))


def _data(incident: Incident, found: IncidentState) -> dict[str, Any]:
    record = incident.record
    review = found.review
    return {
        "schema": 1,
        "incident": record.id,
        "title": record.title,
        "class": record.class_,
        "severity": record.severity,
        "severity_changes": [change.model_dump(mode="json") for change in record.severity_changes],
        "drill": record.drill,
        "closed": record.closed.at.isoformat() if record.closed else None,
        "now": found.now.isoformat(),
        "binds": record.binds.model_dump(mode="json"),
        "times": {name: moment.model_dump(mode="json") for name, moment in record.moments().items()},
        "triggers": list(record.raised()),
        "people": {
            "total": found.people_total,
            "placed": found.people_known,
            "complete": found.places_complete,
            "by_residence": {place: entry.count for place, entry in record.affected().items()},
        },
        "duties": [_duty_data(line) for line in found.duties],
        "open": [_aside_data(aside) for aside in found.open],
        "falls_away": [_aside_data(aside) for aside in found.fallen],
        "review": {
            "due": review.due.isoformat() if review.due else None,
            "days": review.days,
            "held": review.held_on is not None,
            "held_on": review.held_on.isoformat() if review.held_on else None,
            "new_version": review.new_version.version if review.new_version else None,
            "new_version_on": review.new_version.on.isoformat() if review.new_version else None,
            "new_version_in_force": bool(review.new_version and review.new_version.in_force),
            "lacking": list(review.lacking),
            "missed": review.missed,
            "late": review.late,
        },
        "actions": [action.model_dump(mode="json") for action in record.actions],
    }


def _seconds(left: timedelta | None) -> int | None:
    return int(left.total_seconds()) if left is not None else None


def _duty_data(line: DutyState) -> dict[str, Any]:
    needs = line.needs
    return {
        **line.due.deadline.as_json(),
        "title": line.due.title,
        "recipient": line.due.recipient,
        "regulation": line.due.regulation,
        "source": line.due.source,
        "reason": line.due.verdict.reason,
        "role": line.due.verdict.role,
        "standing": line.standing,
        "seconds_left": _seconds(line.left),
        "seconds_left_legal": _seconds(line.left_legal),
        "sent": line.sent.model_dump(mode="json") if line.sent else None,
        "late": line.late,
        "decision": line.decision.model_dump(mode="json") if line.decision else None,
        "needs": {
            "notice": f"notices/{needs.notice}.md" if needs.notice else None,
            "no_notice": needs.instead,
            "drafter": needs.drafter,
            "approver": needs.approver,
            "deputy": needs.deputy,
            "method": needs.method,
            "portal": needs.portal,
            "contact": list(needs.contact),
            "unknown": list(needs.unknown),
        },
    }


def _aside_data(aside: Aside) -> dict[str, Any]:
    return {
        "duty": aside.duty,
        "title": aside.title,
        "recipient": aside.recipient,
        "regulation": aside.regulation,
        "verdict": aside.verdict,
        "reason": aside.reason,
        "missing": [{"fact": fact, "question": question} for fact, question in aside.missing],
    }
