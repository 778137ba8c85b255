"""`airplan incident`: the record of one incident, from the alarm to the better plan. A table of subcommands."""

from __future__ import annotations

import click

from generator.cli.lazy import Entry, LazyGroup

STEPS = {
    "open": Entry("generator.cli.incident_open:open_", "Open a record: class, awareness, triggers."),
    "show": Entry(
        "generator.cli.incident_show:show_",
        "Show every duty with time left, what it needs, what is unknown.",
    ),
    "note": Entry("generator.cli.incident_edit:note", "Add a line to the timeline."),
    "at": Entry("generator.cli.incident_edit:at", "Say when an event was, who says so, on what ground."),
    "severity": Entry("generator.cli.incident_edit:severity", "Change the severity; say what that changes."),
    "trigger": Entry(
        "generator.cli.incident_edit:trigger",
        "Answer a trigger's question with yes, or take it back.",
    ),
    "fact": Entry("generator.cli.incident_edit:fact", "State facts; duties that come or go are named."),
    "sent": Entry("generator.cli.incident_duty:sent", "Record a notice that went out."),
    "decide": Entry("generator.cli.incident_duty:decide", "Record a reasoned decision not to notify."),
    "fill": Entry(
        "generator.cli.incident_fill:fill", "Write notices and review form, filled from the record."
    ),
    "rca": Entry("generator.cli.incident_review:rca", "Read a filled review form into the record."),
    "action": Entry("generator.cli.incident_review:action", "Add a corrective action, or change its state."),
    "apply": Entry(
        "generator.cli.incident_review:apply",
        "Turn corrective actions into a new version of the plan.",
    ),
    "close": Entry("generator.cli.incident_duty:close", "Close the record, or say what is missing."),
}


class Steps(LazyGroup):
    """The steps of `airplan incident`."""

    table = STEPS
    noun = "step"


@click.group(
    cls=Steps,
    epilog="""\b
Examples:
  airplan incident open profiles/loan_multi_agent.yaml --class indirect-prompt-injection \\
      --trigger wrong_decision_about_person --aware-at 2026-11-16T08:10 --by "A. Ansah" --ground "read run 4471"
  airplan incident show INC-2026-001

Exit codes: 0 fine; 1 not closed, something is missing; 2 the record, the profile or the call is wrong;
3 the law data has no answer; 4 a document could not be rendered.
""",
)
def incident() -> None:
    """Keep the record of one incident: clocks, notices, decisions, review, and the plan that comes of it.

    A record is a folder, incidents/INC-YYYY-NNN/, with record.yaml, which a person may edit. It binds to the release of
    the plan that was in force. Numbers of people by residence are stored, names never.
    """
