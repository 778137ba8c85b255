"""Two plans compared by meaning: by ids, with old and new words and the recorded reason."""

from __future__ import annotations

import json

import pytest

from generator.diff.plans import DERIVED, PARTS, compare
from generator.diff.report import as_data, as_markdown, as_text, counted
from generator.diff.tree import differences, is_wording, moved_keys


@pytest.fixture(scope="module")
def plan(shipped):
    return json.dumps(shipped("loan_multi_agent").plan.to_json_data())


@pytest.fixture
def old(plan):
    return json.loads(plan)


@pytest.fixture
def new(plan):
    return json.loads(plan)


def only(diff):
    assert len(diff.changes) == 1, [(c.section, c.id) for c in diff.changes]
    return diff.changes[0]


def test_the_same_plan_is_the_same(old, new):
    diff = compare(old, new)
    assert diff.same
    assert counted(diff) == "no difference"


@pytest.mark.parametrize(
    "key", ["signals", "components", "notices", "controls", "gaps", "classes", "bindings", "providers"]
)
def test_the_place_in_a_list_is_never_a_change(old, new, key):
    new[key].reverse()
    assert compare(old, new).same


def test_every_key_of_a_plan_is_compared_or_named_as_derived(old):
    """A key that appears in the plan later is compared without being listed; these lists only name keys that exist."""
    assert (PARTS.keys() | DERIVED) <= old.keys()
    for key in old.keys() - DERIVED:
        other = {**old, key: "something else" if isinstance(old[key], str) else None}
        if key in ("identity", "as_of") or old[key] in (None, [], {}):
            continue
        assert compare(old, other).changes, key


def test_a_shorter_limit_is_tightened_with_old_and_new_words(old, new):
    binding = new["bindings"][0]
    binding.update(clock_words="2 hours from awareness", urgency_minutes=120)
    change = only(compare(old, new))
    assert (change.section, change.kind, change.id) == ("Duties", "tightened", binding["duty"])
    (detail,) = change.details
    assert (detail.old, detail.new) == (old["bindings"][0]["clock_words"], "2 hours from awareness")
    assert binding["citation"] in change.citation
    assert only(compare(new, old)).kind == "loosened"


def test_a_number_where_there_was_none_is_tightened(old, new):
    soft = next(b for b in new["bindings"] if b["urgency_minutes"] is None)
    soft.update(clock_words="5 days", urgency_minutes=7200)
    assert only(compare(old, new)).kind == "tightened"


def test_a_duty_that_goes_says_why(old, new):
    gone = new["bindings"].pop()
    keys = ("duty", "title", "regulation", "jurisdiction")
    new["near"] = [
        {**{k: gone[k] for k in keys}, "verdict": "near", "reason": "the profile says 0", "missing": []}
    ]
    change = only(compare(old, new))
    assert (change.kind, change.id, change.reasons) == ("lost", gone["duty"], ("the profile says 0",))
    back = only(compare(new, old))
    assert (back.kind, back.reasons) == ("gained", (gone["reason"],))


def test_a_change_of_law_is_the_reason_with_its_date(old, new):
    duty = next(b for b in new["bindings"] if b["source"] == "law")
    duty["clock_words"] = "other words"
    version = next(v for v in new["law"]["versions"] if v["duty"] == duty["duty"])
    version.update(sha256="0" * 64, **{"from": "2027-01-01"})
    assert only(compare(old, new)).reasons == (
        f"change of law: {duty['citation']}, in force from 2027-01-01",
    )


def revise(plan, summary, because):
    line = {"version": "9.9", "date": "2026-12-01", "summary": summary, "because": because, "by": None}
    plan["revisions"].insert(0, line)


def test_a_line_of_the_history_is_the_reason_of_what_it_names_and_of_nothing_else(old, new):
    signal, person = new["signals"][0], next(iter(new["people"]))
    signal["page"]["at"] = 7
    new["people"][person]["phone"] = "+1 303 555 0100"
    revise(new, f"Level of {signal['id']} raised", "INC-2026-001, action 2")
    found = {change.id: change.reasons for change in compare(old, new).changes}
    assert found[signal["id"]] == (
        f"revision 9.9, 2026-12-01: Level of {signal['id']} raised (because: INC-2026-001, action 2)",
    )
    assert found[person] == ("profile edit",)


@pytest.mark.parametrize(("direction", "at", "kind"), [
    ("above", 0.5, "tightened"), ("above", 9, "loosened"), ("below", 9, "tightened"), ("below", 0.5, "loosened"),
])  # fmt: skip
def test_a_level_is_tightened_in_the_direction_of_its_signal(old, new, direction, at, kind):
    for plan in (old, new):
        plan["signals"][0]["direction"] = direction
        plan["signals"][0].update(warn=None, automatic=None, page={"at": 1, "basis": "judgement"})
    new["signals"][0]["page"]["at"] = at
    assert only(compare(old, new)).kind == kind


def test_a_step_that_moves_goes_or_comes(old, new):
    steps = new["classes"][0]["contain"]
    steps.insert(0, steps.pop())
    change = only(compare(old, new))
    assert change.kind == "moved"
    assert [detail.kind for detail in change.details] == ["moved"]
    gone = steps.pop(1)
    assert {d.kind for d in only(compare(old, new)).details} == {"moved", "removed"}
    assert any(gone["id"] in detail.path for detail in only(compare(old, new)).details)


def test_a_command_is_shown_whole(old, new):
    new["switches"][0]["switch"]["command"].append("--now")
    (detail,) = only(compare(old, new)).details
    assert detail.new == f"{detail.old} --now"


def test_another_name_is_wording_another_number_is_not(old, new):
    new["classes"][0]["title"] += " here"
    diff = compare(old, new)
    assert (only(diff).wording, diff.meaning, diff.same) == (True, (), False)
    assert counted(diff) == "no change of meaning, 1 of wording only"
    assert not is_wording("title", "within 5 days", "within 6 days")
    assert is_wording("text", "Stop, then call.", "Stop — then call")
    assert not is_wording("text", "Do call them.", "Do not call them.")


def test_a_sentence_of_a_list_reworded_is_one_change():
    found = [
        *differences(
            {"steps": ["Call the site on its line", "Stop"]}, {"steps": ["Call the site on the line", "Stop"]}
        )
    ]
    assert [(d.kind, d.old, d.new) for d in found] == [
        ("changed", "Call the site on its line", "Call the site on the line")
    ]


@pytest.mark.parametrize(("old", "new", "moved"), [
    ("abcd", "abcd", ""), ("abcd", "dabc", "d"), ("abcd", "bacd", 1), ("abc", "abxc", ""), ("abc", "ac", ""),
])  # fmt: skip
def test_the_fewest_moves(old, new, moved):
    found = moved_keys(old, new)
    assert (len(found) if isinstance(moved, int) else "".join(sorted(found))) == moved


def test_every_format_says_the_same_change(old, new):
    new["notices"][0]["approver"] = "Jo | *Doe*\nX"
    diff = compare(old, new)
    name = new["notices"][0]["id"]
    assert any(name in line for line in as_text(diff))
    assert "Jo | *Doe* X" in "\n".join(as_text(diff))
    assert r"Jo \| \*Doe\* X" in as_markdown(diff)
    (change,) = as_data(diff)["changes"]
    assert (change["id"], change["details"][0]["path"], change["wording_only"]) == (name, "approver", False)
    json.dumps(as_data(diff))
