"""Every text of the four packs, and plan.json, exactly as accepted. `make golden` accepts a change."""

import re
from pathlib import Path

import pytest

from generator.workflows.packs import prepare_pack
from tests.conftest import ROOT, SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_the_texts_of_the_pack(name, golden, tmp_path):
    pack = prepare_pack(ROOT / "profiles" / f"{name}.yaml", tmp_path, formats=("md",))
    golden.pack(pack.folder.name, {file.name: file.data.decode() for file in pack.texts})


def test_no_golden_pack_too_many(golden, four):
    golden.folders(planned.plan.identity.id for planned in four.values())


def test_the_pack_holds_every_document_of_the_contract(four, tmp_path):
    for name, planned in four.items():
        pack = prepare_pack(ROOT / "profiles" / f"{name}.yaml", Path(tmp_path), formats=("md",))
        names = {file.name for file in pack.texts}
        assert {"plan.json", "runbook.md", "quick-card.md", "deadlines.md", "rca-form.md"} <= names
        notices = {f"notices/{notice.id}.md" for notice in planned.plan.notices}
        handling = {f"notices/handling/{notice.id}.md" for notice in planned.plan.notices}
        assert notices <= names
        assert names >= {f"{document.file}.md" for document in planned.plan.documents}
        assert {one for one in names if one.startswith("notices/")} <= notices | handling


def test_texts_are_clean(four, tmp_path):
    """UTF-8 with LF, one newline at the end, no trailing blanks, no template left unfilled."""
    for name in SHIPPED:
        for file in prepare_pack(ROOT / "profiles" / f"{name}.yaml", Path(tmp_path), formats=("md",)).texts:
            text = file.data.decode()
            assert text.endswith("\n"), file.name
            assert not text.endswith("\n\n"), file.name
            assert "\r" not in text, file.name
            outside = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
            assert not re.search(r"[^\n]\n#{1,6} ", outside), (
                f"{file.name}: a heading without a blank line before it"
            )
            assert not re.search(r"\{%|\{\{ ?(?:plan|notice|document|rca)\b", text), file.name
