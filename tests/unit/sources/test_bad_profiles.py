"""A folder of profiles with one mistake each: where it is reported, and with which words."""

from pathlib import Path

import pytest

from generator.errors import InvalidInput
from generator.sources.profiles import load_profile
from generator.sources.yaml_source import MAX_BYTES, read_yaml_file
from tests.unit.sources.known import KNOWN

FOLDER = Path(__file__).parents[2] / "bad_profiles"
EXPECTED, _ = read_yaml_file(FOLDER / "expected.yaml")
CASES = sorted({path.stem for path in FOLDER.glob("*.yaml")} - {"base_ok", "expected"})


def test_every_bad_profile_has_an_expectation():
    assert sorted(EXPECTED) == CASES
    assert len(CASES) >= 30


def test_the_base_is_fine():
    assert load_profile(FOLDER / "base_ok.yaml", KNOWN).profile.plan.id == "base"


@pytest.mark.parametrize("name", CASES)
def test_the_mistake_is_reported_where_it_stands(name):
    expected = EXPECTED[name]
    with pytest.raises(InvalidInput) as caught:
        load_profile(FOLDER / f"{name}.yaml", KNOWN)
    (problem,) = caught.value.problems
    assert problem.where.path == FOLDER / expected.get("in", f"{name}.yaml")
    assert f"{problem.where.line}:{problem.where.column}" == expected["at"]
    assert problem.key == expected["key"]
    assert expected["says"] in problem.what
    assert "\n" not in str(problem)
    assert caught.value.exit_code == 2


def test_a_file_that_is_not_utf_8(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("schema: 1\nclient: {name: Müller}\n".encode("latin-1"))
    with pytest.raises(InvalidInput, match=r"latin\.yaml:2:17: not UTF-8 text"):
        load_profile(path)


def test_a_file_of_ten_megabytes(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_text("schema: 1\n" + "# filler\n" * 1_200_000, encoding="utf-8")
    with pytest.raises(InvalidInput, match=f"larger than {MAX_BYTES} bytes"):
        load_profile(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InvalidInput, match=r"nowhere\.yaml:1:1: cannot be read"):
        load_profile(tmp_path / "nowhere.yaml")
