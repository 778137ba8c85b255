"""The fillable form and its accessible twin."""

from __future__ import annotations

import io
import subprocess

import pikepdf
import pytest

from generator.render.forms import field_values
from generator.render.jobs import run_job
from generator.render.markdown import compose
from generator.render.page import form_job, pdf_job
from generator.render.pdf import font_names
from generator.render.rca import VERSION_FIELD, field_names, filled_form
from generator.sources.documents import load_documents, load_rca_form
from tests.plan_factory import plan

pytestmark = [pytest.mark.pdf, pytest.mark.slow]


@pytest.fixture(scope="module")
def form() -> bytes:
    """The fillable form of the hand-made plan."""
    data = plan().to_json_data()
    return run_job(form_job(filled_form(load_rca_form(), data), data, name="rca-form.pdf"))


def test_every_question_is_a_field(form):
    expected = set(field_names(filled_form(load_rca_form(), plan().to_json_data())["sections"]))
    assert set(field_values(form)) == expected | {VERSION_FIELD}


def test_what_the_plan_knows_stands_in_the_fields(form):
    values = field_values(form)
    assert values["rca__identity__plan"] == "acme-assistant"
    assert values["rca__identity__client"] == "Acme Outdoor Ltd."
    assert values[VERSION_FIELD] == load_rca_form().version
    assert values["rca__what__summary"] == ""


def test_fields_have_looks_and_a_font_to_type_in(form):
    with pikepdf.open(io.BytesIO(form)) as pdf:
        acro = pdf.Root.AcroForm
        assert not acro.get("/NeedAppearances", False)
        assert acro.DR.Font["/PlanSans"].Encoding == "/WinAnsiEncoding"
        kinds = set()
        for field in acro.Fields:
            kinds.add(str(field.FT))
            assert "/AP" in field or field.FT == "/Btn", field.T
            if str(field.T) == VERSION_FIELD:
                assert int(field.Ff) & 1
        assert kinds == {"/Tx", "/Ch", "/Btn"}
        assert "/Lang" in pdf.Root
    assert all(name.startswith("Plan-") for name in font_names(form))


def test_prefilled_text_can_be_read_on_the_page(form):
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=form, capture_output=True, check=True
    ).stdout.decode()
    assert "acme-assistant" in text
    assert "Acme Outdoor Ltd." in text


def test_filled_in_values_come_back(form):
    with pikepdf.open(io.BytesIO(form)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.T) == "rca__what__summary":
                field.V = pikepdf.String("It told a customer the wrong price.")
            if str(field.T) == "rca__signoff__complete":
                field.V = pikepdf.Name("/on")
        saved = io.BytesIO()
        pdf.save(saved)
    values = field_values(saved.getvalue())
    assert values["rca__what__summary"] == "It told a customer the wrong price."
    assert values["rca__signoff__complete"] == "on"


def test_the_same_input_gives_the_same_form(form):
    data = plan().to_json_data()
    assert run_job(form_job(filled_form(load_rca_form(), data), data, name="rca-form.pdf")) == form


def test_the_twin_is_tagged_and_has_no_fields():
    made = plan()
    spec = [entry for entry in load_documents() if entry.layout == "form"]
    composed = compose(made, spec, load_rca_form())[0]
    data = run_job(pdf_job(composed, made.to_json_data(), name="rca-form-print.pdf"))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert "/AcroForm" not in pdf.Root
    assert "☐ root cause" in composed.markdown.replace("\u00a0", " ")


def test_header_cells_say_whether_they_head_a_column_or_a_row(form):
    with pikepdf.open(io.BytesIO(form)) as pdf:
        heads = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TH"]
        scopes = {(str(cell.P.P.S), str(cell.A.get("/Scope"))) for cell in heads}
    assert scopes == {("/THead", "/Column"), ("/TBody", "/Row")}
