"""What an auditor's sample is drawn from, as far as the profile can count it."""

from __future__ import annotations

from datetime import date

from generator.model.profile import Audit, Profile
from generator.model.references import Population
from generator.planning import words

_RESTORES = ("rollback", "fallback", "restore")


def in_period(day: date, audit: Audit | None) -> bool:
    """Whether a day lies in the audit's period; without a period every day does."""
    if audit is None:
        return True
    after = audit.period_from is None or day >= audit.period_from
    return after and (audit.period_to is None or day <= audit.period_to)


def population(kind: Population, profile: Profile, counts: dict[str, int]) -> str:
    """In words with numbers: `13 drills in the period, 1 of them not evidenced`."""
    audit, containment, detection = profile.audit, profile.containment, profile.detection
    held = [d for d in profile.drills.log if in_period(d.date, audit)]
    match kind:
        case "channels":
            return words.count(len(detection.report_channels), "report channel")
        case "classes":
            here = words.count(counts["classes"], "class", "classes")
            return f"incident tracker of the period; {here} can happen here"
        case "components":
            changed = [c for c in profile.deployment.components if c.changed and in_period(c.changed, audit)]
            parts = words.count(len(profile.deployment.components), "component")
            return f"{parts}, {len(changed)} last changed in the period"
        case "contracts":
            owed = [c for c in profile.contracts if c.direction == "we_owe" and c.clauses]
            clauses = words.count(sum(len(c.clauses) for c in owed), "notice clause")
            return f"{words.count(len(owed), 'contract')} with {clauses}"
        case "drills":
            bare = [d for d in held if d.unproved]
            return f"{words.count(len(held), 'drill')} in the period, {len(bare)} of them not evidenced"
        case "fallbacks":
            tested = [f.last_tested for f in containment.fallback if f.last_tested]
            last = f"last tested {max(tested).isoformat()}" if tested else "never tested"
            return f"{words.count(len(containment.fallback), 'fallback')}, {last}"
        case "findings":
            found = words.count(sum(len(d.findings) for d in held), "finding")
            return f"{found} in the drills of the period; reviews of incidents"
        case "notices":
            written = words.count(counts["notices"], "notice")
            return f"{written} written in advance; incidents of the period with personal data"
        case "policies":
            days = sorted(p.reviewed for p in profile.policies if p.reviewed)
            oldest = f", the oldest review {days[0].isoformat()}" if days else ""
            return f"{words.count(len(profile.policies), 'policy', 'policies')}{oldest}"
        case "providers":
            subs = [p for p in profile.providers if p.subprocessor]
            bare_subs = [p for p in subs if not (p.signed and p.notice)]
            return (
                f"{words.count(len(profile.providers), 'supplier')}, {words.count(len(subs), 'subprocessor')}, "
                f"{len(bare_subs)} of these without date of signature or notice clause"
            )
        case "restores":
            kept = [d for d in held if d.kind in _RESTORES]
            return f"{words.count(len(kept), 'drill')} of rollback, fallback or restore in the period"
        case "signals":
            paging = [s for s in detection.signals if s.page]
            bare_signals = [s for s in detection.signals if not s.route]
            signals = words.count(len(detection.signals), "signal")
            return f"{signals}, {len(paging)} with a page level, {len(bare_signals)} without an alert route"
        case "switches":
            never = [
                s
                for s in containment.switches
                if not s.last_drill and not any(s.id in d.switches for d in profile.drills.log)
            ]
            return (
                f"{words.count(len(containment.switches), 'switch', 'switches')}, {len(never)} never drilled"
            )
