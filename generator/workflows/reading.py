"""How easy the letters of a plan to people and to the public are to read."""

from __future__ import annotations

from generator.model.plan import Plan
from generator.render.markdown import compose
from generator.render.plain_language import READERS, Grade, grade
from generator.sources.documents import load_documents


def letter_grades(plan: Plan) -> tuple[Grade, ...]:
    """The grade of each letter to people or to the public, by its path in the pack; too short ones have none."""
    specs = [spec for spec in load_documents() if spec.layout == "notice"]
    letters = [
        composed
        for composed in compose(plan, specs)
        if composed.layout == "notice" and composed.audience in READERS
    ]
    found = (grade(letter.stem, letter.markdown) for letter in letters)
    return tuple(one for one in found if one is not None)
