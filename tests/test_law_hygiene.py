"""The shipped law book as a whole: nothing uncited, nothing unknown, nothing doubtful unsaid."""

import re
from datetime import date
from itertools import pairwise

import pytest

from generator.law.applies import verdict
from generator.planning.build import fact_set
from generator.workflows.plans import sources
from tests.conftest import ROOT, SHIPPED

BOOK = sources().book
VERSIONS = [(duty, version) for duty in BOOK.duties.values() for version in duty.versions]
NOTICES = ROOT / "templates" / "notices"
FACTS = ROOT.parent / "shared" / "facts"
_DUTIES = ("law", "regulator_rule", "scheme_rule")


def ids(found):
    return sorted({duty.id for duty, *_ in found})


def test_there_is_a_book():
    assert len(BOOK.duties) > 140
    assert len(BOOK.regulations) > 30


def test_every_version_has_a_citation_and_says_what_starts_it():
    assert ids((d, v) for d, v in VERSIONS if not v.citation.text.strip()) == []
    assert ids((d, v) for d, v in VERSIONS if not v.trigger_words.strip()) == []


def test_addresses_are_secure_and_whole():
    for duty, version in VERSIONS:
        for url in (version.citation.url, version.portal):
            if url and "://" in url:
                assert re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", url), f"{duty.id}: {url}"


def test_recipients_and_triggers_are_known():
    assert ids((d,) for d in BOOK.duties.values() if d.recipient not in BOOK.recipients) == []
    assert ids((d, v) for d, v in VERSIONS if not set(v.triggers) <= set(BOOK.triggers)) == []
    assert ids((d, v) for d, v in VERSIONS if d.kind == "deadline" and not v.triggers) == []


def test_every_trigger_that_implies_names_a_trigger():
    for trigger in BOOK.triggers.values():
        assert set(trigger.implies) <= set(BOOK.triggers), trigger.id
        assert set(trigger.events) <= set(BOOK.events), trigger.id
        assert trigger.question.endswith("?"), trigger.id


def test_every_deadline_says_from_when_it_runs():
    bare = [
        (d, v)
        for d, v in VERSIONS
        if d.kind == "deadline" and not all(limb.start_words.strip() for limb in v.clock.limbs)
    ]
    assert ids(bare) == []
    assert ids((d, v) for d, v in VERSIONS if d.kind == "deadline" and not v.clock.limbs) == []


def test_a_deadline_has_a_number_or_a_standard():
    empty = [
        (d, v)
        for d, v in VERSIONS
        if d.kind == "deadline"
        and not v.clock.standard
        and all(limb.amount is None for limb in v.clock.limbs)
    ]
    assert ids(empty) == []


def test_events_are_known_and_notices_that_start_others_exist():
    for duty, version in VERSIONS:
        for limb in version.clock.limbs:
            if limb.start.startswith("sent:"):
                assert limb.start.removeprefix("sent:") in BOOK.duties, duty.id
            else:
                assert limb.start in BOOK.events, duty.id


def test_order_and_twins_name_duties():
    for duty in BOOK.duties.values():
        assert {*duty.before, *duty.after} <= set(BOOK.duties), duty.id
        assert duty.id not in {*duty.before, *duty.after}, duty.id
        assert duty.same_as is None or duty.same_as in BOOK.duties, duty.id


def test_a_number_with_low_confidence_says_what_is_doubtful():
    assert ids((d, v) for d, v in VERSIONS if v.confidence == "low" and not v.doubt) == []


NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ],
        1,
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "sixty": 60, "ninety": 90}
KINDS = {
    "business_days": r"(?:business|working|banking)[ -]days?",
    "calendar_days": r"(?:calendar|running|consecutive)[ -]days?",
    "hours": r"(?:elapsed[ -])?hours?",
    "months": r"months?",
}
"""Words that leave no doubt about the unit ("days" alone could be either)."""
TOLD = re.compile(
    r"safe reading|strict reading|as the limit|^(?:take|use|count)\b|\bact (?:\w+ )*(?:sooner|earlier)",
    re.IGNORECASE,
)
"""A sentence of prose that tells the reader how to count."""


def contradictions(version):
    """Where the prose of a version counts otherwise than its own clock."""
    clock, limbs = version.clock, version.clock.limbs
    units = {limb.unit for limb in limbs if limb.unit}
    if not units:
        return []
    found = []
    prose = " ".join(text for text in (clock.note, version.doubt, version.notes) if text)
    told = [one for one in re.split(r"(?<=[.;:]) ", prose) if TOLD.search(one)]
    for sentence in [*told, clock.standard or ""]:
        named = {unit for unit, words in KINDS.items() if re.search(words, sentence, re.IGNORECASE)}
        if named and not named & units:
            found.append(sentence)
        if re.search(r"\bact (?:\w+ )*(?:sooner|earlier)", sentence, re.IGNORECASE):
            found.append(sentence)
    numbers = {int(one) for one in re.findall(r"\d+", clock.standard or "")}
    numbers |= {number for word, number in NUMBERS.items() if re.search(rf"\b{word}\b", clock.standard or "")}
    counts = re.search(r"\b(?:days?|hours?|months?|years?)\b", clock.standard or "")
    amounts = {limb.amount for limb in limbs} | {limb.amount / 12 for limb in limbs if limb.unit == "months"}
    if counts and numbers and not numbers & amounts:
        found.append(clock.standard)
    return found


def test_no_prose_counts_otherwise_than_its_own_clock():
    # Vietnam announces year by year which Saturday is worked for a day off: no calendar holds it.
    told = {"vn-ai-law-incident-other-5bd"}
    assert ids((duty,) for duty, version in VERSIONS if contradictions(version) and duty.id not in told) == []


def test_the_contradiction_that_stood_in_the_book_is_found():
    duty = next(duty for duty in BOOK.duties.values() if duty.id == "us-ny-ag-hipaa")
    version = duty.versions[0]
    assert {limb.unit for limb in version.clock.limbs} == {"business_days"}
    said = "Take five calendar days as the limit until counsel has read it."
    clock = version.clock.model_copy(update={"note": said})
    assert contradictions(version.model_copy(update={"clock": clock})) == [said]


def test_nobody_looked_in_the_future():
    assert ids((d, v) for d, v in VERSIONS if v.verified_on and v.verified_on > date(2026, 11, 24)) == []


def test_versions_follow_one_another_without_hole_or_overlap():
    for duty in BOOK.duties.values():
        enacted = sorted(
            (v for v in duty.versions if v.state == "enacted"), key=lambda v: v.from_ or date.min
        )
        for before, after in pairwise(enacted):
            assert before.until == after.from_, duty.id


def test_content_items_have_ids_of_their_own():
    for duty, version in VERSIONS:
        keys = [item.id for item in version.content]
        assert len(set(keys)) == len(keys), duty.id


@pytest.mark.parametrize("name", SHIPPED)
def test_guidance_never_binds(name, four):
    planned = four[name]
    facts = fact_set(planned.loaded.profile, sources())
    for duty in BOOK.duties.values():
        if duty.force not in _DUTIES:
            found = verdict(duty, facts, planned.plan.as_of)
            assert found.verdict not in ("binds", "coming"), duty.id
            assert found.reason, duty.id
    soft = {duty.id for duty in BOOK.duties.values() if duty.force not in _DUTIES}
    assert not soft & {b.duty for b in planned.plan.bindings}


def test_facts_that_conditions_ask_for_are_in_the_registry():
    """And each has a question, so that a missing one can be asked."""

    def names(condition):
        data = condition.model_dump(mode="json", by_alias=True)
        stack, found = [data], set()
        while stack:
            node = stack.pop()
            if isinstance(node, dict):
                if isinstance(node.get("fact"), str):
                    found.add(node["fact"])
                stack.extend(node.values())
            elif isinstance(node, list):
                stack.extend(node)
        return found

    for duty, version in VERSIONS:
        asked = set()
        for condition in (version.when, version.supports_when, *(e.when for e in version.exceptions)):
            asked |= names(condition) if condition is not None else set()
        asked |= {threshold.fact for threshold in version.thresholds}
        for name in asked:
            assert BOOK.registry.definition(name), f"{duty.id}: {name}"
            assert BOOK.registry.question(name).endswith("?"), f"{duty.id}: {name}"


@pytest.mark.skipif(not NOTICES.is_dir(), reason="no notice templates yet")
def test_every_notice_that_a_duty_names_has_a_template():
    there = {path.name.removesuffix(".md.j2") for path in NOTICES.glob("*.md.j2")}
    wanted = {duty.notice for duty in BOOK.duties.values() if duty.notice} - {"internal-record"}
    assert wanted - there == set()


@pytest.mark.skipif(not FACTS.is_dir(), reason="the facts that the book was written from are not here")
def test_ids_are_those_of_the_facts_or_named_alike():
    """Not every fact has to be a duty; a duty that the facts do not know is a split and stays in their family."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FACTS.glob("*.yaml")))
    known = set(re.findall(r"^- id: ([a-z0-9][a-z0-9._-]*)$", text, re.MULTILINE))
    assert len(known) > 500
    families = {"-".join(key.split("-")[:2]) for key in known}
    strangers = [key for key in BOOK.duties if key not in known]
    assert [key for key in strangers if "-".join(key.split("-")[:2]) not in families] == []
    assert len(strangers) < len(BOOK.duties) / 10


def test_the_facts_rows_are_quoted_with_their_numbers():
    """Spot checks against the law itself, so that a slip in the data is seen."""
    limits = {
        "gdpr-art33-supervisory-authority": (72, "hours"),
        "uk-gdpr-art33-ico": (72, "hours"),
        "banks-occ-36h": (36, "hours"),
        "hipaa-individuals": (60, "calendar_days"),
        "us-tx-individuals": (60, "calendar_days"),
        "us-tx-ag": (30, "calendar_days"),
        "us-ca-individuals": (30, "calendar_days"),
        "us-ca-ag": (15, "calendar_days"),
        "us-ny-individuals": (30, "calendar_days"),
    }
    for duty, limit in limits.items():
        limb = BOOK.duties[duty].versions[-1].clock.limbs[0]
        assert (limb.amount, limb.unit) == limit, duty


def test_sentences_of_facts_come_in_pairs_and_name_only_their_own_values():
    for fact in BOOK.registry.definitions.values():
        assert (fact.holds is None) == (fact.lacks is None), fact.id
        assert set(fact.words) <= set(fact.values), fact.id
        for sentence in (fact.holds, fact.lacks):
            if sentence:
                sentence.format(client="C", value="V", place="P", asked="")
