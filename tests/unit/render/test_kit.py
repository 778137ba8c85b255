"""The communication kit of the four shipped plans: specific, and each reader gets only what is theirs."""

from __future__ import annotations

import re

import pytest

from generator.render.markdown import Composed, compose
from generator.sources.documents import load_documents
from tests.conftest import SHIPPED

SPECS = [spec for spec in load_documents() if spec.file.startswith("kit/")]


@pytest.fixture(scope="module")
def kits(four) -> dict[str, dict[str, Composed]]:
    """Every document of each kit, by profile and path."""
    return {name: {c.stem: c for c in compose(four[name].plan, SPECS)} for name in SHIPPED}


def letters(kit: dict[str, Composed]) -> list[Composed]:
    return [c for c in kit.values() if c.layout == "notice"]


def test_each_letter_has_its_handling_sheet(kits):
    for kit in kits.values():
        for letter in letters(kit):
            sheet = kit[letter.stem.replace("kit/", "kit/handling/")]
            assert (sheet.audience, sheet.layout) == ("internal", "handling")
            assert "It never says" in sheet.markdown
            assert sheet.id != letter.id


def test_a_letter_holds_nothing_of_the_house(kits, four):
    for name, kit in kits.items():
        switches = [entry.switch.id for entry in four[name].plan.switches]
        for letter in letters(kit):
            body = letter.markdown.split("Delete this line before sending.", 1)[1]
            assert "INTERNAL" not in body
            assert "[GAP" not in body, letter.stem
            assert "Drafted by" not in body
            found = [code for code in switches if re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", body)]
            assert not found, (letter.stem, found)


def test_everything_names_the_deployment(kits, four):
    for name, kit in kits.items():
        words = four[name].plan.deployment.name
        assert all(words in c.markdown or "delay-letter" in c.stem for c in kit.values()), name


def test_two_clients_do_not_get_the_same_script(kits):
    scripts = [set(kits[name]["kit/phone-script"].markdown.splitlines()) for name in SHIPPED]
    for a in range(len(scripts)):
        for b in range(a):
            shared = scripts[a] & scripts[b]
            assert len(shared) < 0.55 * len(scripts[a]), (SHIPPED[a], SHIPPED[b])


def test_nothing_says_whether_a_suspicious_activity_report_may_be_due(kits, four):
    plan = four["loan_multi_agent"].plan
    secret = [b for b in plan.bindings if b.confidential]
    assert secret, "the loan profile has such a duty"
    for c in kits["loan_multi_agent"].values():
        assert not any(b.recipient.name in c.markdown or b.title in c.markdown for b in secret), c.stem


def test_the_delay_letter_says_that_no_clock_stops(kits):
    sheet = kits["loan_multi_agent"]["kit/handling/delay-letter"].markdown
    assert "30 calendar days (12 CFR 1002.9" in sheet
    assert "stops no clock" in sheet
    assert "This letter is not a no." in kits["loan_multi_agent"]["kit/delay-letter"].markdown


def test_the_safety_alert_knows_the_contract_that_sets_a_time(kits):
    assert (
        "4 hours (Services Agreement CLH-2023-113"
        in kits["clinical_hipaa_ba"]["kit/handling/safety-alert"].markdown
    )


def test_capacity_is_computed_from_the_profile(kits):
    memo = kits["loan_multi_agent"]["kit/board-memo"].markdown
    assert "14 people × 11 = 154 a day, against 412 applications" in memo
    assert "grows by 258 a day and passes 1,200 files on day 5" in memo


def test_a_wait_for_law_enforcement_names_only_the_notices_whose_law_allows_it(kits):
    sheet = kits["loan_multi_agent"]["kit/law-enforcement-sheet"].markdown
    table = sheet.split("before it may wait", 1)[1].split("\n\n", 1)[0]
    assert "Illinois Attorney General" in table
    assert "Comptroller" not in table
