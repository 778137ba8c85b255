"""Every element that a law or contract wants in a notice is mapped to the paragraph that covers it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from generator.model.plan import NoticeItem
from generator.paths import data_folder
from generator.render import coverage
from generator.render.coverage import CONTRACT, covered, paragraph_of, uncovered_items, unique
from generator.render.lookups import look_ups
from generator.render.templating import markdown_environment, render
from generator.render.words import filters, functions
from generator.sources.lawbook import load_lawbook
from generator.workflows.plans import plan_profile

TEMPLATES = data_folder("templates")
NOTICES = TEMPLATES / "notices"
NAMES = sorted(path.name.removesuffix(".md.j2") for path in NOTICES.glob("*.md.j2"))
BOOK = load_lawbook()
WITHOUT_LETTER = {None, "internal-record"}


def template_keys(name: str) -> frozenset[str]:
    def read(part: str) -> str:
        return (TEMPLATES / part).read_text(encoding="utf-8")

    return covered(read(f"notices/{name}.md.j2"), read)


def aliases() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((NOTICES / "coverage.toml").read_text(encoding="utf-8"))


def item(
    text: str, *, name: str = "x", rule: str = "must", duty: str = "d", heading: str | None = None
) -> dict[str, Any]:
    return {"duty": duty, "item": name, "text": text, "rule": rule, "heading": heading}


def notice(template: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"id": "n", "template": template, "items": list(items)}


def own(folder: Path, template: str, toml: str = "") -> dict[str, Any]:
    (folder / "notices").mkdir()
    (folder / "notices" / "letter.md.j2").write_text(template, encoding="utf-8")
    (folder / "notices" / "coverage.toml").write_text(toml, encoding="utf-8")
    return coverage.functions([folder])


# --- reading templates ---------------------------------------------------------------------------------------


def test_marks_are_read_from_one_or_several_keys_over_lines():
    source = "{{ covers('what-happened') }}\n{{ covers('contact',\n   'dates', ) }}"
    assert covered(source) == {"what-happened", "contact", "dates"}


def test_a_mark_in_a_comment_counts_for_nothing_but_a_heading_id_is_no_comment():
    assert covered("{# covers('a') #} ## Title {#top}\n{{ covers('b') }}\n{# end #}") == {"b"}


def test_marks_of_included_parts_count_and_those_of_imported_macros_do_not():
    parts = {"p": "{{ covers('in-part') }}"}
    assert covered('{% include "p" %}{% from "q" import m %}', parts.__getitem__) == {"in-part"}


def test_no_macro_library_marks_anything():
    imported = {
        name
        for path in NOTICES.glob("*.md.j2")
        for name in re.findall(r'{% from "([^"]+)" import', path.read_text(encoding="utf-8"))
    }
    assert imported
    for name in sorted(imported):
        assert covered((TEMPLATES / name).read_text(encoding="utf-8")) == frozenset(), name


# --- item -> paragraph ---------------------------------------------------------------------------------------


def test_an_item_without_an_entry_is_its_own_paragraph():
    assert paragraph_of("t", "d", "contact", {}) == "contact"


def test_the_template_wins_over_the_general_table_and_the_duty_over_the_item():
    table = {"any": {"a": ["x"]}, "t": {"b": ["x"], "c": ["d/x"]}}
    assert paragraph_of("other", "d", "x", table) == "a"
    assert paragraph_of("t", "e", "x", table) == "b"
    assert paragraph_of("t", "d", "x", table) == "c"


def test_what_a_contract_asks_for_is_one_paragraph_whatever_its_words():
    assert paragraph_of("t", "contract-baa-north-breach", "date-of-discovery", {}) == CONTRACT


def test_no_item_id_stands_twice_in_one_table():
    for table, entries in aliases().items():
        names = [name for ids in entries.values() for name in ids]
        assert sorted(names) == sorted(set(names)), table


def test_tables_of_the_alias_file_are_templates():
    assert set(aliases()) - {"any"} <= set(NAMES)


# --- the law book --------------------------------------------------------------------------------------------


def test_every_notice_that_a_duty_names_has_a_template():
    wanted = {duty.notice for duty in BOOK.duties.values()} - WITHOUT_LETTER
    assert wanted <= set(NAMES)


def test_every_must_item_of_the_law_book_is_in_a_paragraph_of_its_template():
    table = aliases()
    lost = [
        f"{duty.id}/{entry.id} in {duty.notice}: {entry.text}"
        for duty in BOOK.duties.values()
        if duty.notice not in WITHOUT_LETTER
        for version in duty.versions
        for entry in version.content
        if entry.rule == "must"
        and paragraph_of(str(duty.notice), duty.id, entry.id, table) not in template_keys(str(duty.notice))
    ]
    assert lost == []


def test_contract_templates_print_what_the_contract_asks_for():
    for name in ("hipaa-ba-to-covered-entity", "hipaa-subcontractor-to-ba", "gdpr-processor-to-controller",
                 "business-customer", "insurer"):  # fmt: skip
        assert CONTRACT in template_keys(name)


# --- what templates ask --------------------------------------------------------------------------------------


def test_functions_read_rules_and_headings_of_the_items(tmp_path):
    call = own(tmp_path, "{{ covers('a') }}", '[any]\nnumber-of-people = ["no-count"]\n')
    letter = notice(
        "letter",
        item("Not the number.", name="no-count", rule="must_not"),
        item("B.", name="b", heading="Second Heading"),
        item("A.", name="a", heading="First Heading"),
    )
    assert call["covers"]("a", "b") == ""
    assert call["forbids"](letter, "number-of-people")
    assert not call["wants"](letter, "number-of-people")
    assert call["wants"](letter, "a")
    assert not call["forbids"](letter, "a")
    assert call["heading_of"](letter, "a", "Ours") == "First Heading"
    assert call["heading_of"](letter, "z", "Ours") == "Ours"
    assert call["in_order"](letter, ["z", "a", "b"]) == ["b", "a", "z"]


def test_what_no_paragraph_covers_is_handed_to_the_letter_once(tmp_path):
    call = own(tmp_path, "{{ covers('a') }}")
    letter = notice(
        "letter",
        item("Covered.", name="a"),
        item("New.", name="new", duty="d1"),
        item("New.", name="new", duty="d2"),
        item("Perhaps.", name="perhaps", rule="if_known"),
        item("Never.", name="never", rule="must_not"),
        item("Nice.", name="nice", rule="optional"),
    )
    assert [found["text"] for found in call["missing_items"](letter)] == ["New.", "Perhaps."]


def test_uncovered_items_are_findings_with_the_notice_and_the_words(tmp_path):
    own(tmp_path, "{{ covers('a') }}")
    items = (
        NoticeItem(duty="d", item="a", text="Covered.", rule="must", heading=None),
        NoticeItem(duty="d", item="b", text="Lost words.", rule="must", heading=None),
        NoticeItem(duty="d", item="c", text="Only if known.", rule="if_known", heading=None),
    )
    plan: Any = SimpleNamespace(notices=(SimpleNamespace(id="n-1", template="letter", items=items),))
    assert [(name, "Lost words." in words) for name, words in uncovered_items(plan, [tmp_path])] == [
        ("n-1", True)
    ]


def test_a_notice_without_a_template_covers_nothing(tmp_path):
    entry = NoticeItem(duty="d", item="a", text="Words.", rule="must", heading=None)
    plan: Any = SimpleNamespace(notices=(SimpleNamespace(id="n", template="none", items=(entry,)),))
    assert len(uncovered_items(plan, [tmp_path])) == 1


def test_unique_keeps_the_first_of_equal_texts():
    assert [entry["duty"] for entry in unique([item("T", duty="one"), item("T", duty="two")])] == ["one"]


# --- rules of the notices ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_notice_has_a_sheet_to_detach_and_the_block_for_what_is_missing(name):
    source = (NOTICES / f"{name}.md.j2").read_text(encoding="utf-8")
    assert re.search(r"{{ sheet\(notice|{% call sheet\(notice", source)
    assert "{{ further(notice) }}" in source
    assert "{#letter}" in source


# --- the shipped profiles: what is really printed --------------------------------------------------------------


def printed(plan: dict[str, Any], entry: dict[str, Any]) -> tuple[str, set[str]]:
    """The notice as text, and the paragraph keys whose marks were reached."""
    reached: set[str] = set()

    def covers(*keys: str) -> str:
        reached.update(keys)
        return ""

    environment = markdown_environment(
        (TEMPLATES,),
        filters(american=True),
        {
            **functions(),
            **look_ups(plan),
            **coverage.functions([TEMPLATES]),
            "covers": covers,
            "plan": plan,
        },
    )
    values = {"notice": entry, "document": {"id": entry["id"], "title": entry["title"]}}
    return render(environment, f"notices/{entry['template']}.md.j2", values), reached


@pytest.mark.parametrize(
    "profile", sorted(data_folder("profiles").glob("*.yaml")), ids=lambda path: path.stem
)
def test_every_notice_of_a_shipped_profile_prints_what_it_must_say(profile):
    plan = plan_profile(profile).plan.to_json_data()
    assert plan["notices"]
    table = aliases()
    for entry in plan["notices"]:
        text, reached = printed(plan, entry)
        lost = [
            f"{entry['id']}: {wanted['duty']}/{wanted['item']}"
            for wanted in entry["items"]
            if wanted["rule"] == "must"
            and paragraph_of(entry["template"], wanted["duty"], wanted["item"], table) not in reached
        ]
        assert lost == []
        sheet, letter = text.split("\n---\n", 1)
        assert "INTERNAL" in sheet
        for name in (entry["drafter"], entry["approver"]):
            assert name.split(" (")[0] in sheet
            assert name.split(" (")[0] not in letter
        assert "handling sheet" not in letter.split("{#letter}", 1)[1]
        prescribed = [wanted["heading"] for wanted in entry["items"] if wanted["heading"]]
        assert [
            found for found in re.findall(r"^#{2,3} (.+?) {#", letter, re.M) if found in prescribed
        ] == prescribed


def test_every_duty_of_the_law_book_gets_a_notice_that_prints_what_it_must_say():
    """Also the duties that bind none of the shipped profiles: one notice a duty, from a plan that is not theirs."""
    plan = plan_profile(data_folder("profiles") / "clinical_hipaa_ba.yaml").plan.to_json_data()
    table, lost = aliases(), []
    for duty in BOOK.duties.values():
        if duty.notice in WITHOUT_LETTER:
            continue
        items = [
            item(entry.text, name=entry.id, rule=entry.rule, duty=duty.id, heading=entry.heading)
            for entry in duty.versions[-1].content
        ]
        place = duty.recipient_place
        entry = {
            **plan["notices"][0],
            "id": duty.id,
            "template": duty.notice,
            "title": duty.title,
            "contract": None,
            "duties": [duty.id],
            "items": items,
            "recipient": {**plan["notices"][0]["recipient"], "name": duty.recipient_name, "place": place},
        }
        _, reached = printed(plan, entry)
        lost += [
            f"{duty.id}/{wanted['item']}"
            for wanted in items
            if wanted["rule"] == "must"
            and paragraph_of(str(duty.notice), duty.id, wanted["item"], table) not in reached
        ]
    assert lost == []


def test_a_state_that_forbids_the_description_gets_a_letter_without_it():
    """The form of Massachusetts' law, whose file comes later: no nature of the breach, no number of people."""
    plan = plan_profile(data_folder("profiles") / "soc2_saas.yaml").plan.to_json_data()
    entry = next(n for n in plan["notices"] if n["template"] == "us-state-individuals")
    forbidding = [
        item("Not the nature of the breach.", name="no-nature", rule="must_not"),
        item("Not the number of residents.", name="no-number-of-residents", rule="must_not"),
        item("The right to a police report.", name="police-report"),
    ]
    text, _ = printed(plan, {**entry, "items": forbidding})
    letter = text.split("{#letter}", 1)[1]
    assert "police report" in letter
    for word in (
        "What Happened",
        "artificial intelligence",
        plan["deployment"]["name"],
        "people are affected",
        "mistake",
    ):
        assert word not in letter


# --- where in the letter it stands -----------------------------------------------------------------------------


def test_a_paragraph_key_leads_to_the_headings_above_its_marks():
    part = "### Inside {#inside}\n\n{{ covers('two') }}\n"
    source = (
        "## Letter {#letter}\n\n{{ covers('one') }}\n\n### {{ title }} {#first}\n\n{{ covers('one', 'three') }}\n"
        "{# not this: {{ covers('four') }} #}\n{% include \"part.md.j2\" %}\n"
    )
    found = coverage.anchors(source, {"part.md.j2": part}.__getitem__)
    assert found == {"one": ("letter", "first"), "three": ("first",), "two": ("inside",)}


def test_a_place_becomes_the_first_heading_that_is_there():
    text = "- {@gone|here}: x\n- {@gone}: y\n- \\{@here}: z\n\n### 2. What it means {#here}\n"
    assert coverage.name_places(text).split("\n\n")[0] == "- 2. What it means: x\n- : y\n- \\{@here}: z"
