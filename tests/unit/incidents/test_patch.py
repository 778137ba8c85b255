"""A patch of a profile changes what it names and nothing else, also where a firm's base file says the value."""

from __future__ import annotations

import pytest

from generator.errors import UsageProblem
from generator.model.incident import Patch
from generator.sources.profile_patch import next_version, patched
from generator.sources.profiles import load_profile
from generator.workflows.plans import known
from tests.unit.incidents.helpers import ROOT

PROFILE = ROOT / "examples" / "loan-incident" / "trellis.yaml"


def test_one_value_is_one_line():
    loaded = load_profile(PROFILE, known())
    old = loaded.sources[0].text.splitlines()
    new = patched(
        loaded, [Patch(path="detection.signals.doc-instructions.automatic.at", value=1)], None, known()
    ).splitlines()
    assert len(old) == len(new)
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 1


def test_a_value_that_is_there_already_is_no_patch():
    with pytest.raises(UsageProblem, match="is `1` already"):
        patched(
            load_profile(PROFILE, known()),
            [Patch(path="detection.signals.doc-instructions.page.at", value=1)],
            None,
            known(),
        )


def test_a_value_of_the_base_is_laid_over_in_the_clients_own_file(tmp_path):
    for name in ("firm_base.yaml", "client_of_firm.yaml"):
        text = (ROOT / "examples" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
    own = tmp_path / "client_of_firm.yaml"
    loaded = load_profile(own, known())
    inherited = next(person for person, place in _people(loaded) if place.path.name == "firm_base.yaml")
    text = patched(loaded, [Patch(path=f"people.{inherited}.phone", value="+1 303 555 0177")], None, known())
    own.write_text(text, encoding="utf-8")
    assert load_profile(own, known()).profile.people[inherited].phone.endswith("0177")
    assert text.startswith(loaded.sources[0].text.split("\n", 1)[0])


def _people(loaded):
    return [(person, loaded.place(("people", person, "phone"))) for person in loaded.profile.people]


@pytest.mark.parametrize(("old", "new"), [("2.1", "2.2"), ("2.9", "2.10"), ("3", "4"), ("1.0.9", "1.0.10")])
def test_the_next_version(old, new):
    assert next_version(old) == new
