"""Taking values out of texts: every way of writing them, and nothing else."""

from __future__ import annotations

import html
import json
import shlex
import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.evidence.redaction import EMAIL, PHONE, REDACTED, Redactor, Secret
from generator.render.escape import inline_code, plain, settle

WAYS = (
    str,
    str.upper,
    html.escape,
    json.dumps,
    lambda text: json.dumps(text, ensure_ascii=False),
    quote,
    lambda text: quote(text, safe=""),
    shlex.quote,
    lambda text: settle(f"- {plain(text)}"),
    lambda text: settle(f"| {inline_code(text)} |"),
)
NUMBER = "+1 303 555 0142"


def only(value: str, what: str = "access path", public: tuple[str, ...] = ()) -> Redactor:
    return Redactor([Secret(value, what)], public)


@given(
    st.text(string.ascii_letters + string.digits + " '\"&<>|*_`\\[](){}#+-=~:;,./%@", min_size=8, max_size=40)
)
def test_a_value_goes_however_it_is_escaped(text: str) -> None:
    value = f"at 7 {' '.join(text.split())} end9"
    redactor = only(value)
    for way in WAYS:
        found = redactor.text(f"before {way(value)} after")
        assert REDACTED in found, (way, found)
        assert "end9" not in found.casefold(), (way, found)


@pytest.mark.parametrize(
    "written",
    [
        "+1 303 555 0142", "+13035550142", "tel:+1-303-555-0142", "0013035550142", "303-555-0142", "(303) 555-0142",
        "303.555.0142", "1 303 555\u00a00142", "+1 303 555\n  0142", "3035550142 x22", "\\+1 303 555 0142",
        "%2B1%20303%20555%200142", "%2B13035550142", "1.303.555.0142",
    ],
)  # fmt: skip
def test_a_number_is_known_by_its_digits(written: str) -> None:
    found = only(NUMBER, PHONE).text(f"Call {written}, then write 2 lines on 2026-11-24.")
    assert REDACTED in found
    assert "0142" not in found
    assert found.endswith(", then write 2 lines on 2026-11-24.")


@pytest.mark.parametrize(
    "innocent",
    [
        "2026-11-24T02:13:00+02:00", "13035550142345", "a3035550142f", "1.2.3", "45 CFR 164.404", "+5 on 2026-11-24",
        "1,303 people", "@@ -780,3 +780,5 @@", "+1 202 555 0100", "press@acme.example",
    ],
)  # fmt: skip
def test_other_digits_and_public_contacts_stay(innocent: str) -> None:
    redactor = only(NUMBER, PHONE, ("+1 202 555 0100", "press@acme.example"))
    assert redactor.text(innocent) == innocent


def test_contacts_that_no_field_declares_go_too() -> None:
    redactor = only(NUMBER, PHONE)
    assert (
        redactor.text("zed@else.example or +44 7700 900123 at 02:13") == f"{REDACTED} or {REDACTED} at 02:13"
    )
    assert redactor.text("j\\_doe@else.example") == REDACTED


def test_a_published_contact_stays_in_texts_and_a_merely_public_one_does_not() -> None:
    mine = [Secret("a@b.example", EMAIL), Secret(NUMBER, PHONE)]
    published = Redactor(mine, published=["a@b.example", "+13035550142"])
    assert (
        published.text("a@b.example, 303 555 0142, +1 303 555 0142")
        == "a@b.example, 303 555 0142, +1 303 555 0142"
    )
    assert Redactor(mine, public=["a@b.example", "+13035550142"]).text("a@b.example") == REDACTED


def test_a_limit_of_the_law_is_never_taken_away() -> None:
    redactor = Redactor(
        [Secret("24 hours", "access path"), Secret("Monday to Friday", "access path")], (), ["24 hours"]
    )
    assert redactor.data({"limit_words": "24 hours"}) == {"limit_words": "24 hours"}
    assert redactor.text("within 24 hours", thorough=True) == "within 24 hours"
    policy = Redactor([Secret("Policy SM-99-1234", "number")], (), ["as Policy SM-99-1234 says"])
    assert policy.text("Policy SM-99-1234") == REDACTED, "a code is no common wording"
    assert redactor.text("open monday to friday") == f"open {REDACTED}"


def test_the_longest_value_goes_first() -> None:
    redactor = Redactor([Secret("In envelope 1", "place"), Secret("In envelope 1, night desk", "place")])
    assert redactor.text("It is in Envelope 1, night desk.") == f"It is {REDACTED}."
    assert redactor.text("in envelope 1; not in envelope 12 or within envelope 1") == (
        f"{REDACTED}; not in envelope 12 or within envelope 1"
    )


def test_plain_words_stay_in_sentences_and_go_from_their_field() -> None:
    redactor = only("Pager")
    assert redactor.text("The pager rang") == "The pager rang"
    assert redactor.text("The pager rang", thorough=True) == f"The {REDACTED} rang"
    assert redactor.data({"target": "Pager", "words": "Pager duty"}) == {
        "target": REDACTED,
        "words": "Pager duty",
    }


def test_markdown_never_becomes_a_link() -> None:
    redactor = only("code 4417")
    assert redactor.markdown("code 4417(now)") == "\\[redacted\\](now)"
    assert redactor.markdown("**\\[redacted\\]** code 4417, yes") == f"**{REDACTED}** {REDACTED}, yes"


def test_names_of_files_are_redacted() -> None:
    assert only(NUMBER, PHONE).name("calls/from-3035550142.txt") == "calls/from-redacted.txt"


def test_what_is_written_in_pieces_is_found_at_the_end() -> None:
    redactor = only("say account MH-77 now")
    assert list(redactor.left_in("'say account MH-'\\\n'77 now'")) == ["access path"]
    assert list(redactor.left_in("say accounts MH-77 now")) == []
    assert list(only(NUMBER, PHONE).left_in("30355'\\\n'50142")) == [PHONE]
