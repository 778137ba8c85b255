"""How much of a runbook would stand unchanged in another client's plan: at most three sentences of ten.

Counted on the golden Markdown, so nothing is rendered. Two readings, and the limit holds for both together: a sentence
that stands word for word in another of the four runbooks, and one that stands word for word in our own texts (templates
and catalogue), where nothing of the client got into it.
"""

import importlib.util

import pytest

from tests.conftest import GOLDEN, ROOT

_spec = importlib.util.spec_from_file_location("sentence_test", ROOT / "scripts" / "sentence_test.py")
script = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(script)

PACKS = script.read(GOLDEN)


def test_the_four_runbooks_are_read():
    assert len(PACKS) == 4
    assert all(len(said) > 500 for said in PACKS.values())


@pytest.mark.parametrize("name", sorted(PACKS))
def test_at_most_three_of_ten_would_stand_in_another_plan(name):
    common = script.common(PACKS, name, script.shelf())
    assert len(common) / len(PACKS[name]) <= script.LIMIT, common[:20]


def test_what_counts_as_a_sentence():
    text = (
        "# A heading of many words is left out\n\nPull **K1** now, then call. The stop is [one person's](#x) decision.\n"
        "\n| Code | Stops the whole assistant |\n| --- | --- |\n| K1 | Everything at both sites |\n\n"
        "1. *On call, 10 minutes:* Hold what goes out. Yes.\n\n```sh\nrun this command with care\n```\n"
    )
    assert script.sentences(text) == [
        "Pull K1 now, then call.",
        "The stop is one person's decision.",
        "K1 Everything at both sites",
        "On call, 10 minutes: Hold what goes out.",
    ]


def test_a_sentence_of_another_client_or_of_our_own_texts_is_common():
    said = ["Ask Pat at the desk.", "The same words stand in both.", "Write facts, not any opinions."]
    packs = {"a": said, "b": ["The same words stand in both."]}
    assert script.common(packs, "a", "write facts, not any opinions. and more") == said[1:]
    assert script.common(packs, "a", "") == ["The same words stand in both."]
