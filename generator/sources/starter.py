"""Answers + starter -> the text of a new profile. Pure.

Of the starter only structure stays (see starter_keep). What the answers do not say is left out, with a
comment `# ask:` that says what to ask the client.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.sources import starter_client as client
from generator.sources import starter_system as system
from generator.sources.answers import Answers
from generator.sources.catalog import PlaceEntry


def profile_text(
    answers: Answers,
    starter: Mapping[str, Any],
    starter_name: str,
    places: Mapping[str, PlaceEntry],
    modeline: str = "",
) -> str:
    """The YAML text of a profile that loads, with comments that teach."""
    sections = (
        client.head(answers, starter_name, modeline),
        client.plan(answers),
        client.client(answers, starter, places),
        system.deployment(answers, starter),
        system.volumes(),
        client.data(answers, starter, places),
        system.providers(),
        client.contracts(answers),
        client.people(answers),
        system.detection(starter),
        system.containment(answers),
        system.rest(),
    )
    return "\n\n".join("\n".join(section) for section in sections) + "\n"
