from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.errors import InvalidInput, UsageProblem
from generator.paths import data_folder
from generator.sources.law_folders import LawFolders, load_calendars
from generator.sources.lawbook import duty_ids, load_duty, load_lawbook

TEXT = """\
schema: 1
id: act
title: An Act
short: Act
jurisdiction: US-TX
duties:
- id: act-people
  title: Tell the people
  bound_party: owner
  recipient: people
  recipient_name: People
  versions:
  - from: 2020-01-01
    citation: {text: Act s. 1}
    trigger_words: a breach
    triggers: [personal_data_breach]
    when: {fact: 'residents:US-TX', op: at_least, value: 1}
    clock: {limbs: [{start: discovered, start_words: discovery, amount: 60, unit: calendar_days}]}
    confidence: high
"""


@pytest.fixture
def folders(tmp_path: Path) -> LawFolders:
    (tmp_path / "regulations" / "us").mkdir(parents=True)
    shutil.copytree(data_folder("catalog"), tmp_path / "catalog")
    (tmp_path / "regulations" / "us" / "act.yaml").write_text(TEXT, encoding="utf-8")
    return LawFolders((tmp_path / "regulations",), (tmp_path / "catalog",))


def change(folders: LawFolders, old: str, new: str, name: str = "act.yaml") -> None:
    assert old in TEXT
    (folders.regulations[0] / "us" / name).write_text(TEXT.replace(old, new), encoding="utf-8")


def test_a_whole_book(folders):
    book = load_lawbook(folders)
    assert list(book.duties) == ["act-people"]
    assert book.regulation_of("act-people").short == "Act"
    assert str(book.places["act-people"]) == "regulations/us/act.yaml:7:3"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[personal_data_breach]", "[personal_data_breech]",
         "duties.0.versions.0.triggers.0: no trigger `personal_data_breech`; did you mean `personal_data_breach`"),
        ("recipient: people", "recipient: peopel", "10:3: duties.0.recipient: no recipient `peopel`; did you mean `people`?"),
        ("start: discovered", "start: discoverd",
         "18:22: duties.0.versions.0.clock.limbs.0.start: no event `discoverd`; did you mean `discovered` or `recovered`?"),
        ("start: discovered", "start: 'sent:act-peple'", "no duty `act-peple`; did you mean `act-people`?"),
        ("start: discovered", "start: 'sent:act-people'", "starts with its own notice"),
        ("'residents:US-TX'", "resident", "17:5: duties.0.versions.0.when: no fact `resident`; did you mean `residents`?"),
        ("'residents:US-TX'", "'residents:US-XX'", "no place `US-XX`; add it to catalog/places.yaml"),
        ("'residents:US-TX'", "residents", "`residents` needs a place"),
        ("op: at_least, value: 1", "op: is, value: true", "`residents:US-TX` is a count, not True"),
        ("fact: 'residents:US-TX', op: at_least, value: 1", "fact: data_role, op: includes, value: controler",
         "`controler` is no value of `data_role`; did you mean `controller`?"),
        ("fact: 'residents:US-TX', op: at_least, value: 1", "fact: data_role, op: at_least, value: controller",
         "`at_least` does not fit a words"),
        ("confidence: high", "confidence: low", "19:5: duties.0.versions.0.confidence: is low, but `doubt` does not say"),
        ("confidence: high", "confidence: as_stated", "`as_stated` is for clauses of a profile"),
        ("bound_party: owner", "force: contract\n  bound_party: owner", "`contract` is for clauses of a profile"),
        ("unit: calendar_days", "unit: business_days, calendar: us-fed", "no work calendar `us-fed`"),
        ("unit: calendar_days", "unit: calendar_days, roll: next_working_day", "needs a calendar"),
        ("unit: calendar_days", "unit: calendar_days, zone: America/Texas", "no time zone `America/Texas`"),
        ("unit: calendar_days", "unit: business_days", "business days need a calendar"),
        ("bound_party: owner", "bound_party: owner\n  before: [x]\n  same_as: act-people", "no duty `x`"),
    ],
)  # fmt: skip
def test_what_is_wrong_across_files(folders, old, new, expected):
    change(folders, old, new)
    with pytest.raises(InvalidInput) as caught:
        load_lawbook(folders)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("regulations/us/act.yaml:")


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2021-01-01", "close the hole"),
        ("2022-06-01", "before the version before it ends"),
        ("2022-01-01", None),
    ],
)
def test_the_life_of_a_duty_has_no_hole_and_no_overlap(folders, until, words):
    block = TEXT[TEXT.index("  - from") :]
    change(
        folders,
        "  - from: 2020-01-01\n",
        f"{block.replace('2020-01-01', '2022-01-01')}  - from: 2020-01-01\n    until: {until}\n",
    )
    if words is None:
        assert load_lawbook(folders)
        return
    with pytest.raises(InvalidInput, match=words):
        load_lawbook(folders)


def test_one_id_stands_once(folders):
    change(folders, "id: act\n", "id: other\n", name="other.yaml")
    with pytest.raises(InvalidInput, match=r"duty `act-people` stands in regulations/us/act\.yaml:7:3 too"):
        load_lawbook(folders)


def test_a_firms_own_folder_is_laid_over(folders, tmp_path):
    own = tmp_path / "firm" / "regulations" / "us"
    own.mkdir(parents=True)
    (own / "act.yaml").write_text(TEXT.replace("amount: 60", "amount: 30"), encoding="utf-8")
    both = LawFolders((*folders.regulations, own.parent), folders.catalog)
    assert load_lawbook(both).duties["act-people"].versions[0].clock.limbs[0].amount == 30
    assert load_duty("act-people", both)[0].versions[0].clock.limbs[0].amount == 30


def test_one_duty_without_the_rest(folders):
    (folders.regulations[0] / "us" / "broken.yaml").write_text("id: [", encoding="utf-8")
    assert load_duty("act-people", folders)[1].id == "act"
    assert duty_ids(folders) == ["act-people"]
    with pytest.raises(UsageProblem, match="did you mean `act-people`"):
        load_duty("act-peeple", folders)


def test_the_shipped_law_book_has_no_problem():
    book = load_lawbook()
    assert book.duties
    assert duty_ids() == list(book.duties)


def test_every_shipped_calendar():
    shelf = load_calendars()
    assert {"us-federal", "target", "gb-eng", "de"} <= set(shelf)
    for calendar in shelf.values():
        assert set(calendar.years) >= set(range(2024, 2031)), calendar.id
