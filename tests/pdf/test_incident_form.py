"""The fillable form that comes back: read as it was filled, and refused with one clear line when it cannot be."""

from __future__ import annotations

import io

import pikepdf
import pytest

from generator.errors import InvalidInput, UsageProblem
from generator.render.jobs import run_job
from generator.render.rca import VERSION_FIELD
from generator.workflows.incident_fill import prepare_filling
from generator.workflows.incident_rca import import_rca
from generator.workflows.incidents import read_incident
from tests.unit.incidents.helpers import clock, opened

pytestmark = [pytest.mark.pdf, pytest.mark.slow]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """(incidents, id, bytes of the form that `fill` made)."""
    folder = tmp_path_factory.mktemp("case")
    incidents, name, _ = opened(folder)
    filling = prepare_filling(name, incidents, clock(), pdf=True)
    job = next(job for job in filling.jobs if job.name == "rca-form.pdf")
    return incidents, name, run_job(job)


def changed(pdf: bytes, values=(), **options) -> bytes:
    """The form with values set as a PDF reader sets them."""
    values = dict(values)
    with pikepdf.open(io.BytesIO(pdf)) as opened_pdf:
        for field in opened_pdf.Root.AcroForm.Fields:
            if (name := str(field.T)) in values:
                value = values.pop(name)
                field.V = pikepdf.Name("/Yes") if field.FT == "/Btn" else pikepdf.String(value)
        assert not values
        out = io.BytesIO()
        opened_pdf.save(out, **options)
    return out.getvalue()


def read(case, data, tmp_path, name="back.pdf"):
    incidents, incident, _ = case
    (tmp_path / name).write_bytes(data)
    return import_rca(incident, incidents, clock(), tmp_path / name, "W. Mwangi")


def test_the_form_is_prefilled_from_the_record_and_reads_back(case, tmp_path):
    data = changed(
        case[2],
        {
            "rca__what__summary": "A pay stub – with hidden text; José's file",
            "rca__identity__severity_final": "SEV2",
            "rca__dates__review_held": "2026-11-24",
        },
    )
    read(case, data, tmp_path)
    answers = read_incident(case[1], case[0]).record.rca[-1].answers
    assert answers["rca__identity__incident"] == case[1]
    assert answers["rca__identity__severity_first"] == "SEV1"
    assert answers["rca__timeline__moments__aware__at"] == "2026-11-16 08:10 -05:00"
    assert answers["rca__what__summary"] == "A pay stub – with hidden text; José's file"
    assert answers["rca__identity__severity_final"] == "SEV2"


def test_actions_with_a_patch_come_out_of_the_form(case, tmp_path):
    row = "rca__actions__list__row1__"
    data = changed(
        case[2],
        {
            f"{row}what": "Page at half the former share",
            f"{row}owner": "ai_lead",
            f"{row}due": "2026-11-27",
            f"{row}plan_change": "detection.signals.income-gap.window.value = 12",
        },
    )
    made = read(case, data, tmp_path)
    action = next(a for a in made.incident.record.actions if a.id in made.actions)
    assert (action.patch[0].path, action.patch[0].value) == ("detection.signals.income-gap.window.value", 12)
    again = changed(data, {"rca__what__harm": "none yet"})
    assert read(case, again, tmp_path).actions == ()


def test_wrong_fields_are_all_named(case, tmp_path):
    row = "rca__actions__list__row2__"
    data = changed(
        case[2],
        {
            "rca__dates__review_held": "24/11/26",
            f"{row}what": "x",
            f"{row}owner": "y",
            f"{row}due": "2026-11-27",
            f"{row}plan_change": "detection.signals.no-such.page.at = 2",
        },
    )
    with pytest.raises(InvalidInput) as caught:
        read(case, data, tmp_path)
    assert {problem.key for problem in caught.value.problems} == {
        "rca__dates__review_held",
        f"{row}plan_change",
    }


def flattened(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened_pdf:
        opened_pdf.flatten_annotations("all")
        if "/AcroForm" in opened_pdf.Root:
            del opened_pdf.Root.AcroForm
        out = io.BytesIO()
        opened_pdf.save(out)
    return out.getvalue()


def foreign() -> bytes:
    with pikepdf.new() as made:
        made.add_blank_page()
        field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=pikepdf.String("surname"), V=pikepdf.String("x"))
        made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([made.make_indirect(field)]))
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def lock(password: str) -> pikepdf.Encryption:
    return pikepdf.Encryption(owner="owner", user=password)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (flattened, "printed or flattened"),
        (lambda pdf: foreign(), "another form"),
        (lambda pdf: pdf[: len(pdf) // 3], "broken or no PDF|no fields"),
        (lambda pdf: b"", "broken or no PDF"),
        (lambda pdf: b"%PDF-1.7 nothing more", "broken or no PDF"),
        (lambda pdf: changed(pdf, encryption=lock("secret")), "is encrypted"),
        (lambda pdf: changed(pdf, encryption=lock("")), "is encrypted"),
        (lambda pdf: changed(pdf, {VERSION_FIELD: "0.9"}), "form version 0.9, older than"),
    ],
    ids=["flattened", "foreign", "cut", "empty", "head-only", "encrypted", "restricted", "older"],
)
def test_a_form_that_cannot_be_read_gets_one_clear_line(case, tmp_path, make, words):
    before = (case[0] / case[1] / "record.yaml").read_bytes()
    with pytest.raises(UsageProblem, match=words) as caught:
        read(case, make(case[2]), tmp_path)
    assert "\n" not in str(caught.value)
    assert "back.pdf" in str(caught.value)
    assert caught.value.exit_code == 2
    assert (case[0] / case[1] / "record.yaml").read_bytes() == before


def test_each_choice_returns_its_own_words(case):
    """A PDF reader puts the export value of the option into the field, so each option needs one of its own."""
    with pikepdf.open(io.BytesIO(case[2])) as opened_pdf:
        choices = [field for field in opened_pdf.Root.AcroForm.Fields if field.FT == "/Ch"]
        assert choices
        for field in choices:
            exported = [str(option[0]) for option in field.Opt]
            assert exported == [str(option[1]) for option in field.Opt]
            assert len(set(exported)) == len(exported)
