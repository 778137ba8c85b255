"""`airplan duties`: what binds a profile and why, what nearly does, what is open; or the whole law book."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import show

if TYPE_CHECKING:
    from datetime import date

    from generator.workflows.duties import DutyLine

_SECTIONS = (
    ("binds", "Binds"),
    ("coming", "Coming within a year"),
    ("near", "Nearly binds"),
    ("unknown", "Open: a fact is missing"),
    ("guidance", "Guidance, not a duty"),
    ("not", "Does not bind"),
)


@click.command(
    epilog="""\b
Examples:
  airplan duties profiles/retail_chatbot.yaml
  airplan duties profiles/retail_chatbot.yaml --all --json
  airplan duties                                 every duty of the law book
  airplan duties --audit --as-of 2026-11-24      what to look up again

Exit codes: 0 fine; 2 the profile or the call is wrong; 3 the law data has no answer.
"""
)
@click.argument("profile", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--all", "everything", is_flag=True, default=False, help="Also what does not bind, with the reason."
)
@click.option("--as-of", metavar="DATE", help="The day whose law applies (default: the plan's own date).")
@click.option(
    "--audit",
    "hygiene",
    is_flag=True,
    default=False,
    help="List duties that are stale, doubtful, proposed or unsourced; with PROFILE only those that its plan uses.",
)
@click.option(
    "--stale-after",
    type=click.IntRange(1),
    default=180,
    show_default=True,
    metavar="DAYS",
    help="With --audit: how old a verification may be.",
)
@click.option("--json", "as_json", is_flag=True, default=False, help="Print a JSON list.")
def duties(
    profile: Path | None, everything: bool, as_of: str | None, hygiene: bool, stale_after: int, as_json: bool
) -> None:
    """List duties: those that bind PROFILE, each with the reason; without a profile all of the law book."""
    from generator.cli.clock_inputs import day_from

    day = day_from(as_of) if as_of else None
    if hygiene:
        _audit(profile, day, stale_after, as_json)
        return
    from generator.workflows import duties

    if profile is None:
        lines: Sequence[DutyLine] = duties.all_duties(day)
    else:
        law, contracts = duties.profile_duties(profile, day)
        lines = (*contracts, *law)
    kept = [line for line in lines if everything or _section(line) != "not" or profile is None]
    if as_json:
        show.json([_data(line) for line in kept])
    elif profile is None:
        for line in kept:
            show.data(f"{line.duty.id}  {line.duty.title} ({line.regulation.short})")
        show.note(f"{len(kept)} duties of {len({line.regulation.id for line in kept})} regulations")
    else:
        _print(kept)


def _audit(profile: Path | None, day: date | None, stale_after: int, as_json: bool) -> None:
    """What to look up again, as of a day (default: today); with a profile only what its plan leans on."""
    from dataclasses import asdict

    from generator.cli.wall_clock import today
    from generator.workflows.audit import audit
    from generator.workflows.duties import relied_on

    day = day or today()
    found = audit(day, stale_after, only=relied_on(profile, day) if profile else None)
    if as_json:
        show.json(asdict(found))
        return
    for line in found.lines:
        show.data(f"{line.kind:<18} {line.duty}: {line.words}")
    kinds = sorted({line.kind for line in found.lines})
    counts = ", ".join(f"{sum(line.kind == kind for line in found.lines)} {kind}" for kind in kinds)
    show.note(
        f"{found.duties} duties in {found.versions} versions of {found.regulations} regulations, "
        f"{found.jurisdictions} jurisdictions: {counts or 'nothing to look at'}"
    )


def _section(line: DutyLine) -> str:
    if line.answer is None:
        return "binds"
    return "guidance" if line.answer.relevant_guidance else line.answer.verdict


def _data(line: DutyLine) -> dict[str, Any]:
    answer = line.answer
    return {
        "id": line.duty.id,
        "title": line.duty.title,
        "regulation": line.regulation.id,
        "jurisdiction": line.regulation.jurisdiction,
        "recipient": line.duty.recipient,
        "recipient_name": line.duty.recipient_name,
        "kind": line.duty.kind,
        "force": line.duty.force,
        "verdict": answer.verdict if answer else None,
        "role": answer.role if answer else None,
        "reason": answer.reason if answer else None,
        "status": answer.status if answer else None,
        "missing_facts": [missing.fact for missing in answer.missing] if answer else [],
        "near": answer.near if answer else None,
        "relevant_guidance": answer.relevant_guidance if answer else None,
        "citation": line.citation,
    }


def _print(lines: Sequence[DutyLine]) -> None:
    for key, title in _SECTIONS:
        found = [line for line in lines if _section(line) == key]
        if not found:
            continue
        show.data(show.styled(f"{title} ({len(found)})", bold=True))
        for line in found:
            answer = line.answer
            role = {"supports": " [we support]", "delegation": " [by delegation]"}.get(
                str(answer.role if answer else ""), ""
            )
            show.data(f"  {line.duty.id}{role}")
            show.data(f"      {line.duty.title} ({line.citation})")
            if answer:
                show.data(f"      {answer.reason}")
                for missing in answer.missing:
                    show.data(f"      ? {missing.question} -> {missing.profile_path or missing.fact}")
        show.data()
