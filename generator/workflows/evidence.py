"""An evidence pack: what the plan was in a period, who approved it, how it was drilled, used and improved.

Nothing is invented and nothing is left out: what is missing is a line under the gaps. The same releases, records and
profile give the same pack on another day and in another time zone; nothing here reads the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from generator.deadlines.zones import instant, zone_named
from generator.errors import InvalidInput, Problem, SourceRef
from generator.evidence.timeline import day_end
from generator.model.evidence import (
    DrillLine,
    Evidence,
    IncidentLine,
    LawLine,
    Period,
    Population,
    ReleaseLine,
    Span,
)
from generator.render.manifest import sha256
from generator.sources.frozen import frozen_text
from generator.sources.profiles import load_profile
from generator.sources.release_records import read_record
from generator.workflows.evidence_controls import control_tables, frameworks_used, page_finder
from generator.workflows.evidence_drills import drills
from generator.workflows.evidence_incidents import (
    Records,
    incident_files,
    incident_line,
    last_entry,
    read_records,
    unmatched,
)
from generator.workflows.evidence_plan import (
    Version,
    approval_lines,
    release_line,
    released_versions,
    spans,
    stamp,
    version_files,
)
from generator.workflows.evidence_request import GatheredFile, Request
from generator.workflows.plans import known

POPULATION = "incidents/population.yaml"
LIVING = "profile.yaml"
"""The profile as it was read for the pack: its drill log is newer than the last release's."""
_LIVING_HEAD = "The profile as it was read for this evidence pack, with all that it extends."


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that goes into a pack beside its own documents."""

    evidence: Evidence
    versions: tuple[Version, ...]
    files: tuple[GatheredFile, ...]

    version: Version
    """The version in force at the end of the period, else the last one: its documents, pages and law are shown."""


def versions_in_force(request: Request) -> tuple[Version, ...]:
    """Every release that was in force on some day of the period; none where the profile's plan has to be made."""
    plan, zone = plan_of(request.profile)
    return released_versions(request, plan, zone_named(zone))


def gather(request: Request, versions: Sequence[Version], *, redacted: bool = False) -> Gathered:
    """Read records, drills and population. Writes nothing.

    `versions` are those in force, else the profile's plan as it is now; `redacted`: without what may not be seen.
    Raises InvalidInput with every problem of the records, UsageProblem, LawGap.
    """
    loaded = load_profile(request.profile, known())
    profile = loaded.profile
    zone = zone_named(profile.client.time_zone)
    records = read_records(request, profile.plan.id, zone)
    population = _population(request, profile.plan.id)
    at, because = _stands_as_of(request, records, population, versions, zone)
    lines = tuple(incident_line(incident, at, zone) for incident in records.incidents)
    root = request.files or request.profile.parent
    held, drill_files = drills(profile, request, root)
    releases = tuple(release_line(one, zone) for one in versions)
    pieces = spans(request, versions, zone)
    version = at_the_end(versions, pieces)
    pages = page_finder(version.files)
    approvals = tuple(line for one in versions for line in approval_lines(one, zone))
    odd = unmatched(population, records)
    tables = control_tables(version.plan, pages)
    evidence = Evidence(
        plan=profile.plan.id,
        client=str(version.plan["identity"]["legal_name"]),
        system=str(version.plan["identity"]["deployment"]),
        period=Period.model_validate({"from": request.first, "to": request.last}),
        zone=profile.client.time_zone,
        stands_as_of=stamp(at, zone),
        stands_because=because,
        as_of_given=request.as_of,
        redacted=None,
        releases=releases,
        approvals=approvals,
        spans=pieces,
        population=population,
        incidents=lines,
        other_records=records.others,
        unmatched=odd,
        drills=held,
        actions=tuple(action for line in lines for action in line.actions),
        controls=tables,
        frameworks=frameworks_used(version.plan),
        law=_law(version.plan),
        law_as_of=date.fromisoformat(version.plan["as_of"]),
        gaps=tuple(_gaps(releases, pieces, population, odd, lines, held, records, at, redacted=redacted)),
        plan_gaps=tuple(gap["what"] for gap in version.plan["gaps"]),
        edited=tuple(f"{line.folder}/{name}" for line in releases for name in line.edited),
    )
    files = [file for one in versions for file in version_files(one)]
    packed = {sha256(data): f"{one.folder}/{name}" for one in versions for name, data in one.original.items()}
    for incident in records.incidents:
        files += incident_files(incident, packed)
    files += drill_files
    text = frozen_text(loaded.raw, _LIVING_HEAD)
    files.append(GatheredFile(LIVING, text.encode(), "source", "auditor", "the client's profile"))
    if request.population is not None:
        words = "the client's statement, copied"
        files.append(
            GatheredFile(POPULATION, request.population.read_bytes(), "population", "auditor", words)
        )
    return Gathered(evidence, tuple(versions), tuple(files), version)


def at_the_end(versions: Sequence[Version], pieces: Sequence[Span]) -> Version:
    """The version in force at the end of the period, else the last one."""
    wanted = pieces[-1].version if pieces else None
    standing = (one for one in versions if one.release and one.release.version == wanted)
    return next(standing, versions[-1])


def _population(request: Request, plan_id: str) -> Population | None:
    path = request.population
    if path is None:
        return None
    found = read_record(path, Population)
    problems = []
    if found.plan != plan_id:
        problems.append(Problem(SourceRef(path), "plan", f"is {found.plan}, the profile's plan is {plan_id}"))
    if found.from_ > request.first or found.to < request.last:
        what = f"covers {found.from_} to {found.to}, the evidence is for {request.first} to {request.last}"
        problems.append(Problem(SourceRef(path), "from", what, "run the query for the whole period"))
    if problems:
        raise InvalidInput(problems)
    return found


def _stands_as_of(
    request: Request,
    records: Records,
    population: Population | None,
    versions: Sequence[Version],
    zone: ZoneInfo,
) -> tuple[datetime, str]:
    """(moment, why): up to when the records can speak. Never after the end of the period."""
    end = day_end(request.last, zone)
    if request.as_of is not None:
        given = instant(request.as_of, str(zone), option="--as-of")
        return (given, "the moment stated") if given < end else (end, "the end of the period")
    if population is not None:
        read = population.incidents.extracted_at
        return (
            (read, "when the list of incidents was extracted")
            if read < end
            else (end, "the end of the period")
        )
    written = [
        moment
        for moment in (
            last_entry(records.incidents),
            *(version.release.released_at for version in versions if version.release),
            *(approval.at for version in versions for approval in version.approvals),
        )
        if moment is not None
    ]
    if not written or max(written) >= end:
        return end, "the end of the period"
    return max(written), "the last entry in any record; nobody stated when the records were read"


def _law(plan: Mapping[str, Any]) -> tuple[LawLine, ...]:
    bindings = {entry["duty"]: entry for entry in plan["bindings"]}
    found = []
    for version in plan["law"]["versions"]:
        about = bindings.get(version["duty"], {})
        found.append(
            LawLine.model_validate(
                {
                    "duty": version["duty"],
                    "title": about.get("title", version["duty"]),
                    "regulation": about.get("regulation", ""),
                    "citation": about.get("citation", ""),
                    "url": about.get("url"),
                    "limit": about.get("limit_words"),
                    "from": version["from"],
                    "until": version["until"],
                    "verified_on": version["verified_on"],
                    "confidence": str(about.get("confidence") or "not stated"),
                    "sha256": version["sha256"],
                },
                strict=False,
            )
        )
    return tuple(found)


def _gaps(
    releases: Sequence[ReleaseLine],
    pieces: Sequence[Span],
    population: Population | None,
    odd: Sequence[str],
    incidents: Sequence[IncidentLine],
    held: Sequence[DrillLine],
    records: Records,
    at: datetime,
    *,
    redacted: bool,
) -> Iterator[str]:
    """What an auditor would write up, heaviest first."""
    for piece in pieces:
        days = f"{piece.from_[:10]} to {piece.to[:10]}"
        if piece.version is None:
            yield f"no release of the plan was in force from {days}"
        elif piece.approval != "approved":
            yield f"version {piece.version}, in force {days}: {piece.approval}"
    if population is None:
        yield "the list of incidents is not attested: no population was supplied, so nothing shows that it is complete"
    elif population.incidents.attested_by is None:
        yield "the list of incidents is not attested: the population names nobody who says that it is complete"
    if population is not None and population.alerts is None:
        yield "alerts dismissed: the population does not list them"
    yield from odd
    for gap in records.others:
        if gap.absent:
            yield f"{gap.id}: {gap.words}"
    for line in incidents:
        yield from _incident_gaps(line, at)
    absent = [drill for drill in held if drill.supplied == "missing"]
    if absent:
        names = ", ".join(f"{drill.date} ({drill.file})" for drill in absent)
        yield f"drills whose evidence file was not supplied: {names}"
    for drill in held:
        if drill.supplied != "missing" and not drill.words.startswith("Evidenced"):
            yield f"{drill.kind} drill of {drill.date}: {drill.words.rstrip('.')}"
        if drill.missed:
            yield f"{drill.kind} drill of {drill.date}: {drill.missed} target time{'s' * (drill.missed > 1)} missed"
    if not held:
        yield "no drill in the period"
    for release in releases:
        if not release.rebuildable and not redacted:
            yield f"version {release.version} does not hold its sources: it cannot be rebuilt"


def _incident_gaps(line: IncidentLine, at: datetime) -> Iterator[str]:
    for clock in line.clocks:
        if clock.outcome.startswith(("NOT SENT", "late")):
            yield f"{line.id}: {clock.title} ({clock.recipient}): {clock.outcome}"
    if line.closed is None:
        yield f"{line.id}: not closed by {at.date()}, {line.open_duties} duties open"
    if line.review_missed:
        yield f"{line.id}: review or new plan version not there by {line.review_due}"
    for action in line.actions:
        if action.overdue:
            yield f"{line.id}, action {action.id}: overdue since {action.due}"
        elif action.state == "done" and not action.verification:
            yield f"{line.id}, action {action.id}: done, and nobody verified that it works"


def plan_of(profile: Path) -> tuple[str, str]:
    """(id of the plan, time zone) of a profile. Raises InvalidInput."""
    found = load_profile(profile, known()).profile
    return found.plan.id, found.client.time_zone


def evidence_data(evidence: Evidence) -> dict[str, Any]:
    """What the exhibits print, as plain data: evidence.json of the pack."""
    return evidence.model_dump(mode="json", by_alias=True)
