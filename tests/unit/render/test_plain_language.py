"""The school grade of letters: what is counted, and that letters to people stay at grade 8 or below."""

from __future__ import annotations

import pytest

from generator.render.plain_language import LIMIT, grade, reading_text
from generator.workflows import plans
from generator.workflows.reading import letter_grades
from tests.cli.run import MINIMAL, airplan
from tests.conftest import SHIPPED

HARD = (
    "Notwithstanding the aforementioned contractual considerations, the organisation unequivocally acknowledges "
    "that personally identifiable information was inadvertently disseminated to unauthorised intermediaries. "
) * 3
EASY = "We made a mistake. It was ours, not yours. Call us and a person will help you with it. " * 4


def test_hard_and_easy_words():
    hard, easy = grade("x", HARD), grade("x", EASY)
    assert hard is not None
    assert easy is not None
    assert hard.grade > 20
    assert hard.too_hard
    assert easy.grade < 3
    assert not easy.too_hard


def test_too_little_text_has_no_grade():
    assert grade("x", "We are sorry. Call us.") is None


@pytest.mark.parametrize(
    ("markdown", "sentences"),
    [
        ("# Heading\n\nOne line.\nAnd another one.", ["One line.", "And another one."]),
        ("On [ ____ date ____ ] it stopped.", ["On it it stopped."]),
        ("*[Keep this part only if data left.]* We saw it.", ["We saw it."]),
        ("We [choose: do / are doing so now] it.", ["We are doing so now it."]),
        ("It [choose: is off / runs since [ ____ date ____ ]].", ["It runs since it."]),
        ("- no sentence\n- **This is** one.\n- [ ] And this one too.", ["This is one.", "And this one too."]),
        ("Acme Ltd\\\n1 Main Street\\\n\nHello you.", ["Hello you."]),
        ("- **Phone:** +1 303 555 0142\n- **Hours:** nine to five.", []),
        ("| a b. | c d. |\n| --- | --- |", []),
        ("*Template. Drafter: Ana. Delete this line before sending.*\n\nSee [our page](https://x.example).", ["See our page."]),
        ("```\nrun it. now.\n```\n\n> Quoted words here.", ["Quoted words here."]),
    ],
)  # fmt: skip
def test_what_the_reader_gets(markdown, sentences):
    assert reading_text(markdown) == sentences


@pytest.mark.parametrize("name", SHIPPED)
def test_letters_to_people_are_at_grade_8_or_below(shipped, name):
    found = letter_grades(shipped(name).plan)
    assert any(one.name.startswith("notices/") for one in found)
    assert {one.name: one.grade for one in found if one.grade > LIMIT} == {}


def test_check_prints_the_grades_and_warns(monkeypatch):
    from generator.render import plain_language

    result = airplan("check", MINIMAL, "--content")
    assert "  grade " in result.stdout
    assert "reads like grade" not in result.stdout
    monkeypatch.setattr(plain_language, "LIMIT", -9.0)
    checked = plans.check_profile(MINIMAL, content=True)
    assert any(f.kind == "content" and "reads like grade" in str(f) for f in checked.findings)
    assert plans.check_profile(MINIMAL).grades == ()
