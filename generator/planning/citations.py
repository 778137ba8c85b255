"""Do two citations speak of the same rule? Policies, controls and audits each write them their own way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from generator.model.profile import Policy
from generator.model.references import Criterion, PlanPart

_NOTE = re.compile(r" \([^()]*[a-z]{3}[^()]*\)$")
_PREFIX = re.compile(r"^(?:45 CFR |SOC 2 |TSC )")


@lru_cache(maxsize=4096)
def normal(citation: str) -> str:
    """`45 CFR 164.308(a)` as `164.308(a)`; `12 CFR 30 Appendix B (information security)` as `12 CFR 30 App. B`."""
    text = " ".join(citation.replace("§", " ").split()).replace("Appendix", "App.").replace("U.S.C.", "USC")
    return _PREFIX.sub("", _NOTE.sub("", text))


def touches(one: str, other: str) -> bool:
    """Whether one rule is the other, or lies inside it: `164.308(a)(6)` and `164.308(a)(6)(ii)`."""
    a, b = sorted((normal(one), normal(other)), key=len)
    return b.startswith(a) and (len(a) == len(b) or not (b[len(a)].isdigit() or b[len(a)].isupper()))


def any_touches(cites: Iterable[str], named: Sequence[str]) -> bool:
    """Whether one of `named` speaks of one of `cites`."""
    return any(touches(cite, other) for cite in cites for other in named)


def cites_of(entry: Criterion) -> tuple[str, ...]:
    """What a policy or control may name to stand behind a criterion."""
    return entry.cites or (entry.id,)


def policies_behind(cites: Iterable[str], policies: Iterable[Policy]) -> tuple[str, ...]:
    """Numbers of the client's policies that name one of `cites`."""
    wanted = tuple(cites)
    return tuple(policy.id for policy in policies if any_touches(wanted, policy.standards))


def place(part: PlanPart) -> str:
    """`runbook, Drills`: where a part of the plan stands."""
    return f"{part.document}, {part.title}"


def places(ids: Iterable[str], parts: Iterable[PlanPart]) -> tuple[str, ...]:
    """Where these parts stand, each once, in the order of the plan."""
    wanted = set(ids)
    return tuple(dict.fromkeys(place(part) for part in parts if part.id in wanted))
