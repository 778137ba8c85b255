"""Another severity for an incident: written with the former one and its reason, with what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.errors import UsageProblem
from generator.incidents.severity import Consequences, consequences
from generator.model.catalog import Severity
from generator.sources.records import Change, LoadedRecord, change_record, find_record
from generator.sources.round_trip import Tree, with_entry
from generator.workflows.incident_changes import still_open
from generator.workflows.incidents import Clock, Incident, joined, own_duties, timeline_line
from generator.workflows.plans import known


@dataclass(frozen=True, slots=True)
class Regraded:
    """A record with another severity than before."""

    incident: Incident
    former: Severity
    consequences: Consequences


def set_severity(
    name: str, incidents: Path, clock: Clock, level: Severity, because: str, by: str
) -> Regraded:
    """Change the severity of a record. Raises UsageProblem where it is closed or has that severity, InvalidInput."""
    told: list[tuple[Severity, Consequences]] = []

    def change(loaded: LoadedRecord) -> Change:
        incident = joined(loaded)
        still_open(incident)
        former = incident.record.severity
        if former == level:
            raise UsageProblem(f"{incident.record.id} is {level} already")
        now = clock(incident.profile.client.time_zone)
        told.append((former, consequences(incident.plan, former, level, now)))
        tree = Tree(loaded.text)
        tree.set(("severity",), level)
        entry = {"former": former, "severity": level, "because": because, "by": by, "at": now.isoformat()}
        text = with_entry(tree.text(), "severity_changes", entry)
        words = f"Severity {level}, before {former}. Because: {because}"
        return Change(with_entry(text, "timeline", timeline_line(now, by, words, "statement")))

    after = change_record(find_record(name, incidents), known(), own_duties, change)
    return Regraded(joined(after), *told[-1])
