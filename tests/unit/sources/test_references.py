"""Framework ids: every one printed is in the committed data, none is withdrawn, ambiguous or from memory."""

import re
from pathlib import Path

import pytest

from generator.model.catalog import FrameworkRefs
from generator.paths import data_folder
from generator.sources.catalog import load_catalog
from tests.broken_catalog import broken

TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.:-][A-Za-z0-9]+)*")


@pytest.fixture(scope="module")
def references():
    return load_catalog().references


def test_there_is_a_framework_for_every_kind_of_ref(references):
    assert {f.id for f in references.frameworks} == set(FrameworkRefs.model_fields)
    assert {f.id for f in references.frameworks if f.adversary_only} == {"atlas"}


def test_every_id_once_with_edition_and_mark(references):
    for framework in references.frameworks:
        ids = [entry.id for entry in framework.entries]
        assert len(ids) == len(set(ids)), framework.id
        assert framework.edition, framework.id
        assert framework.checked, framework.id


def test_the_2026_column_names_each_new_number_once(references):
    owasp = next(f for f in references.frameworks if f.id == "owasp_llm")
    assert sorted(e.successor for e in owasp.entries) == [f"LLM{n:02d}:2026" for n in range(1, 11)]
    assert {e.id: e.successor for e in owasp.entries}["LLM06:2025"] == "LLM03:2026"


def rejected_in(text, references):
    patterns = [re.compile(entry.pattern) for entry in references.rejected]
    return sorted({t for t in TOKEN.findall(text) for p in patterns if p.search(t)})


def test_the_patterns_find_what_they_must(references):
    assert rejected_in("AT0012, LLM06; AML.T0058. RS.AN-04", references) == [
        "AML.T0058", "AT0012", "LLM06", "RS.AN-04",
    ]  # fmt: skip
    assert rejected_in("LLM06:2025 AML.T0051.001 RS.AN-03", references) == []


def test_no_rejected_id_in_catalogue_and_templates(references):
    files = [
        *data_folder("templates").rglob("*.j2"),
        *data_folder("templates").rglob("*.yaml"),
        *(p for p in data_folder("catalog").rglob("*.yaml") if p.name != "reject.yaml"),
    ]
    # a note of a framework may name what was folded away; ids stand in entries and classes
    found = {str(p): rejected_in(_without_notes(p), references) for p in files}
    assert {name: ids for name, ids in found.items() if ids} == {}


def _without_notes(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith(("note:", "#")))


def test_every_section_that_a_part_names_is_in_its_template(references):
    folders = {"runbook": "runbook", "deadlines": "deadlines", "hipaa-addendum": "hipaa"}
    for part in references.parts:
        texts = (data_folder("templates") / folders[part.document]).glob("*.j2")
        heading = f"# {part.title} {{#{part.section}}}"
        assert any(heading in text.read_text(encoding="utf-8") for text in texts), heading


def test_places_of_phi_name_evidence_of_the_catalogue(references):
    known = {item.id for item in load_catalog().vocabulary.evidence}
    assert {e for kind in references.phi for e in kind.evidence} <= known


def test_an_unknown_id_is_named_with_its_line(tmp_path):
    said = broken(tmp_path, "incidents/wrong-patient-note.yaml", "FM-1.4", "FM-9.9")
    assert len(said) == 1
    assert re.search(r"wrong-patient-note\.yaml:\d+:\d+.*`FM-9\.9` is not in catalog/frameworks", said[0])


def test_a_withdrawn_id_says_why(tmp_path):
    said = broken(tmp_path, "incidents/wrong-patient-note.yaml", "RS.AN-08", "RS.AN-04")
    assert "withdrawn" in said[0]


def test_an_id_from_memory_is_refused(tmp_path):
    said = broken(
        tmp_path,
        "frameworks/nist-ai-rmf.yaml",
        'periodic review are planned, with owners", verified: S',
        'periodic review are planned, with owners", verified: R',
    )
    assert any("verified" in line for line in said)


def test_an_unknown_part_of_the_plan(tmp_path):
    said = broken(
        tmp_path, "controls/soc2.yaml", "parts: [report_channels, roles", "parts: [report_canals, roles"
    )
    assert "`report_canals` is no part of a plan" in said[0]
    assert "report_channels" in said[0]
