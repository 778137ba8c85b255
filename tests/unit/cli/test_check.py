"""`airplan check`: exit codes over one and many profiles; what is printed."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import cli
from generator.errors import InvalidInput, LawGap, Problem, SourceRef
from generator.model.findings import Finding
from generator.workflows import plans


@dataclass(frozen=True)
class Gap:
    key: str
    what: str
    ask: str
    weight: int


@dataclass(frozen=True)
class Result:
    gaps: tuple[Gap, ...] = ()
    findings: tuple[Finding, ...] = ()
    draft_reasons: tuple[str, ...] = ()
    grades: tuple[object, ...] = ()


@dataclass
class Fake:
    answers: dict[str, object] = field(default_factory=dict)

    def __call__(self, path: Path, **more: object) -> object:
        answer = self.answers[path.name]
        if isinstance(answer, Exception):
            raise answer
        return answer


FOUND = Result(
    gaps=(
        Gap("volumes", "no volumes", "How many a day?", 6),
        Gap("people.ana.phone", "no phone", "Which number?", 9),
    ),
    findings=(Finding("law", "plan.effective", "a later version is known", "rebuild", "own.yaml:4:3"),),
    draft_reasons=("2 gaps",),
)
WRONG = InvalidInput([Problem(SourceRef(Path("bad.yaml"), 3, 5), "plan.owner", "is missing", "add it")])


@pytest.fixture
def check(monkeypatch):
    fake = Fake({"clean": Result(), "own": FOUND, "bad": WRONG, "gap": LawGap("no law for 1900-01-01")})
    monkeypatch.setattr(plans, "check_profile", fake)
    return lambda *words: CliRunner().invoke(cli, ["check", *words])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["clean"], 0),
        (["own"], 0),
        (["own", "--strict"], 1),
        (["own", "--content"], 1),
        (["clean", "--strict"], 0),
        (["bad"], 2),
        (["bad", "own", "--strict"], 2),
        (["gap", "bad", "clean"], 3),
    ],
)
def test_exit_codes(check, words, code):
    assert check(*words).exit_code == code


def test_gaps_come_by_weight_and_findings_with_their_place(check):
    output = check("own").stdout
    assert output.index("gap 9  people.ana.phone") < output.index("gap 6  volumes")
    assert "finding  own.yaml:4:3: plan.effective: a later version is known; rebuild" in output
    assert "DRAFT: 2 gaps" in output


def test_one_bad_profile_does_not_hide_the_rest(check):
    result = check("bad", "own")
    assert "bad.yaml:3:5: plan.owner: is missing; add it" in result.stderr
    assert "own: no error, 2 gaps, 1 finding" in result.stdout


def test_many_leftovers_are_cut_short_unless_verbose(monkeypatch):
    many = Result(findings=tuple(Finding("leftover", f"people.p{n}.phone", "fiction") for n in range(9)))
    monkeypatch.setattr(plans, "check_profile", Fake({"own": many}))
    assert "and 4 more leftovers" in CliRunner().invoke(cli, ["check", "own"]).stdout
    assert "people.p8.phone" in CliRunner().invoke(cli, ["check", "own", "-v"]).stdout


def test_a_profile_that_is_not_there():
    result = CliRunner().invoke(cli, ["check", "nowhere.yaml"])
    assert result.exit_code == 2
    assert "nowhere.yaml:1:1: cannot be read" in result.stderr


def test_phi_without_a_role_under_hipaa_is_a_finding(tmp_path):
    own = tmp_path / "own.yaml"
    text = (Path(__file__).parents[2] / "data" / "minimal.yaml").read_text(encoding="utf-8")
    text = text.replace("categories: [name,", "categories: [phi, name,")
    own.write_text(
        text.replace("  name: Minimal", "  roles: {hipaa: [none]}\n  name: Minimal"), encoding="utf-8"
    )
    found = [finding for finding in plans.check_profile(own).findings if finding.key == "client.roles.hipaa"]
    assert len(found) == 1
    assert "no HIPAA duty binds" in found[0].what
    assert found[0].where == f"{own}:9:11"
    own.write_text(text, encoding="utf-8")
    assert not [one for one in plans.check_profile(own).findings if one.key == "client.roles.hipaa"]
