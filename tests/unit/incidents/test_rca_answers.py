"""Answers of the review form: what is wrong is named by field; Markdown and YAML say the same as the PDF."""

from __future__ import annotations

import pytest

from generator.errors import InvalidInput, UsageProblem
from generator.render.rca import filled_form
from generator.render.rca_answers import check_version, checked, fields_of, from_markdown, is_date
from generator.sources.documents import load_rca_form
from generator.workflows import incident_rca
from generator.workflows.incident_fill import prepare_filling
from generator.workflows.incidents import read_incident
from tests.unit.incidents.helpers import clock, opened

ROW = "rca__actions__list__row1__"


@pytest.fixture
def form(shipped):
    return filled_form(load_rca_form(), shipped("loan_multi_agent").plan.to_json_data())


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2026-11-24", True),
        ("2026-11-24 16:30 -05:00", True),
        ("2026-11-24T16:30", True),
        ("2026-11-24 16:30 America/New_York", True),
        ("2026-11-24, 16:30 EST", True),
        ("2026-02-30", False),
        ("2026-11-24 25:00", False),
        ("24.11.2026", False),
        ("11/24/2026", False),
        ("Tuesday", False),
    ],
)
def test_dates_are_text_that_is_checked(text, fits):
    assert is_date(text) is fits


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("rca__dates__review_held", "24 Nov 2026", "is no date"),
        ("rca__extent__cases_total", "many", "is no number"),
        ("rca__identity__severity_final", "SEV9", "none of the choices"),
        ("rca__signoff__complete", "perhaps", "is no tick"),
        ("rca__what__sumary", "x", "is no field of this plan's form"),
        (f"{ROW}what", "Page sooner", "the action has no owner"),
        (f"{ROW}owner", "ai_lead", "the row says no action"),
    ],
)
def test_a_wrong_answer_is_named_by_field(form, field, value, words):
    _, faults = checked(form, {field: value})
    assert words in "; ".join(fault.what for fault in faults)
    assert all(fault.field.startswith("rca__") for fault in faults)


def test_not_known_is_an_answer(form):
    answers, faults = checked(
        form, {"rca__dates__review_held": "not known", "rca__extent__cases_total": "not known"}
    )
    assert faults == []
    assert len(answers) == 2


@pytest.mark.parametrize(
    ("found", "words"), [(None, "no form version"), ("0.9", "older than"), ("2.0", "newer than")]
)
def test_another_version_is_refused(found, words):
    with pytest.raises(UsageProblem, match=words):
        check_version(found, "1.0")


def markdown(tmp_path):
    incidents, name, _ = opened(tmp_path)
    filling = prepare_filling(name, incidents, clock(), pdf=False)
    return incidents, name, filling.texts["rca-form.md"].decode(), filling.texts["rca-form.yaml"].decode()


def test_markdown_and_yaml_written_by_fill_read_back_alike(tmp_path):
    incidents, name, text, yaml = markdown(tmp_path)
    for file, content in (("form.md", text), ("form.yaml", yaml)):
        (tmp_path / file).write_text(content, encoding="utf-8")
        incident_rca.import_rca(name, incidents, clock(), tmp_path / file, "b")
    first, second = read_incident(name, incidents).record.rca
    assert first.answers == second.answers
    assert first.answers["rca__identity__severity_first"] == "SEV1"
    assert first.answers["rca__timeline__moments__aware__at"] == "2026-11-16 08:10 -05:00"


WRITTEN = """\
## What happened

**In plain words, for somebody who was not there**

A stub held hidden text.
The agent followed it.
[ ________ ]

**Design fact that stopped being true, by its id:** DF-4

## Causes by layer

**Sixteen layers**

| Layer | Finding | What was wrong | Control | Why | Evidence |
| --- | --- | --- | --- | --- | --- |
| Source data | ☐ root cause ☒ contributed ☐ checked, not a cause | stub \\| page 2 |  |  | ☒ reproduced |

## Sign-off

- [x] The new plan version is released and the team was told what changed

Form version 1.0.
"""


def test_answers_written_into_the_markdown_are_read(form):
    text = WRITTEN
    version, answers, lines = from_markdown(text, form)
    assert version == "1.0"
    assert answers["rca__what__summary"] == "A stub held hidden text. The agent followed it."
    assert answers["rca__what__design_fact"] == "DF-4"
    assert answers["rca__causes__layers__source_data__finding"] == "contributed"
    assert answers["rca__causes__layers__source_data__evidence"] == "reproduced"
    assert answers["rca__signoff__plan_changed"] == "yes"
    assert lines["rca__what__design_fact"] == 9
    assert checked(form, answers)[1] == []


def test_every_field_of_the_form_has_a_name_the_yaml_holds(tmp_path, form):
    _, _, _, yaml = markdown(tmp_path)
    assert all(f"  {name}: " in yaml for name in fields_of(form))


def test_a_wrong_yaml_names_line_and_field_and_writes_nothing(tmp_path):
    incidents, name, _, yaml = markdown(tmp_path)
    file = tmp_path / "form.yaml"
    file.write_text(
        yaml.replace('rca__dates__review_held: ""', "rca__dates__review_held: next week"), encoding="utf-8"
    )
    line = next(n for n, words in enumerate(yaml.splitlines(), 1) if "rca__dates__review_held" in words)
    before = (incidents / name / "record.yaml").read_bytes()
    with pytest.raises(InvalidInput) as caught:
        incident_rca.import_rca(name, incidents, clock(), file, "b")
    assert f"form.yaml:{line}:3: rca__dates__review_held: `next week` is no date" in str(caught.value)
    assert (incidents / name / "record.yaml").read_bytes() == before


def test_a_form_of_another_incident_is_refused(tmp_path):
    incidents, name, _, yaml = markdown(tmp_path)
    (tmp_path / "form.yaml").write_text(
        yaml.replace(f"incident: {name}", "incident: INC-2026-009"), encoding="utf-8"
    )
    with pytest.raises(InvalidInput, match="says `INC-2026-009`, this record is INC-2026-001"):
        incident_rca.import_rca(name, incidents, clock(), tmp_path / "form.yaml", "b")


def test_a_second_reading_keeps_the_first_and_the_same_file_twice_is_one(tmp_path):
    incidents, name, _, yaml = markdown(tmp_path)
    file = tmp_path / "form.yaml"
    file.write_text(yaml, encoding="utf-8")
    incident_rca.import_rca(name, incidents, clock(), file, "b")
    assert incident_rca.import_rca(name, incidents, clock(), file, "b").again
    file.write_text(
        yaml.replace('rca__what__luck: ""', 'rca__what__luck: ""').replace(
            'rca__response__luck: ""', "rca__response__luck: It was a weekend"
        ),
        encoding="utf-8",
    )
    incident_rca.import_rca(name, incidents, clock(), file, "b")
    record = read_incident(name, incidents).record
    assert len(record.rca) == 2
    assert "rca__response__luck" not in record.rca[0].answers
    assert record.rca[1].answers["rca__response__luck"] == "It was a weekend"
    assert (incidents / name / record.rca[0].file).read_text(encoding="utf-8") == yaml
