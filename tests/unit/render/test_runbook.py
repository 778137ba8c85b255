"""What the shipped runbook template makes of a plan: names that must not mislead, lines that must not run together."""

from generator.render.markdown import compose
from generator.sources.documents import load_documents

SPECS = [spec for spec in load_documents() if spec.id == "runbook"]


def runbook(plan, **changes):
    (composed,) = compose(plan.model_copy(update=changes), SPECS)
    return composed.markdown


def told(plan, *contact):
    """The plan with these lines as contact of the GDPR authority."""
    changed = []
    for b in plan.bindings:
        if b.duty == "gdpr-art33-supervisory-authority":
            recipient = b.recipient.model_copy(update={"contact": contact})
            b = b.model_copy(update={"recipient": recipient})
        changed.append(b)
    return tuple(changed)


def test_an_authority_goes_by_its_name_when_one_alone_is_competent(four):
    plan = four["retail_chatbot"].plan
    assert "**72 hours** to Data Protection Commission, from" in runbook(plan)


def test_several_authorities_keep_the_name_of_the_law(four):
    plan = four["retail_chatbot"].plan
    two = told(plan, "Data Protection Commission: https://one.example", "CNIL: https://two.example")
    text = runbook(plan, bindings=two)
    assert "**72 hours** to competent supervisory authority, from" in text
    assert "to Data Protection Commission, from" not in text


def test_the_clients_own_contact_is_not_the_name(four):
    plan = four["retail_chatbot"].plan
    text = runbook(plan, bindings=told(plan, "Data Protection Commission, Ms Byrne, +353 20 915 0100"))
    assert "**72 hours** to Data Protection Commission, from" in text


def test_parts_that_cannot_go_back_are_a_line_each(four):
    plan = four["loan_multi_agent"].plan
    parts = tuple(
        part.model_copy(update={"can_roll_back": False, "why_not": "It is gone"})
        for part in plan.components[:3]
    )
    text = runbook(plan, components=parts)
    lines = [line for line in text.splitlines() if "cannot go back: it is gone." in line]
    assert len(lines) == 3
    assert all(line.startswith("- **") for line in lines)


def test_percent_keeps_its_plural(four):
    """`1 percent of runs`, never `1 percent of run`; `1 answer` for the unit alone."""
    for planned in four.values():
        text = runbook(planned.plan)
        assert "percent of run;" not in text
    assert "**warn** at 1 percent of runs" in runbook(four["soc2_saas"].plan)


def test_the_hash_of_a_drill_is_whole_and_said_to_be_the_clients(four):
    for planned in four.values():
        text = runbook(planned.plan)
        held = [drill for drill in planned.plan.drills.log if drill.evidence]
        assert "airplan has not seen the files" in text
        assert sum(drill.evidence.sha256 in text for drill in held) >= min(3, len(held))
