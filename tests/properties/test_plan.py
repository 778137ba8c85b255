"""Properties of the whole plan: nothing but the input decides its bytes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.planning.build import build_plan
from generator.workflows.plans import plan_json, sources
from tests.conftest import ROOT, SHIPPED
from tests.unit.planning.vary import plan, profile, vary

_CODE = """
import hashlib, sys
from pathlib import Path
from generator.workflows.plans import plan_json, plan_profile
for name in sys.argv[1:]:
    print(hashlib.sha256(plan_json(plan_profile(Path(name)).plan)).hexdigest())
"""


def hashes(cwd, **env):
    files = [str(ROOT / "profiles" / f"{name}.yaml") for name in SHIPPED]
    done = subprocess.run(
        [sys.executable, "-c", _CODE, *files], cwd=cwd, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **env},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.slow
def test_zone_hash_seed_folder_and_language_change_no_byte(four, tmp_path):
    here = [hashlib.sha256(plan_json(four[name].plan)).hexdigest() for name in SHIPPED]
    assert hashes(tmp_path, TZ="Pacific/Kiritimati", PYTHONHASHSEED="1", LC_ALL="C") == here
    assert hashes(ROOT, TZ="America/St_Johns", PYTHONHASHSEED="4711", LC_ALL="C.UTF-8") == here


@settings(max_examples=12)
@given(st.permutations(range(9)), st.permutations(range(8)))
def test_the_order_of_places_and_of_data_categories_means_nothing(places, categories):
    base = profile("retail_chatbot")
    people = [base.data.people[at].model_dump(mode="json", exclude_none=True) for at in places]
    turned = vary(
        base, {"data.people": people, "data.categories": [base.data.categories[at] for at in categories]}
    )
    made, plain = (build_plan(one, sources(), one.plan.effective) for one in (turned, base))
    assert made.bindings == plain.bindings
    assert made.near == plain.near
    assert made.gaps == plain.gaps
    assert made.classes == plain.classes
    assert made.stakes == plain.stakes


@settings(max_examples=15)
@given(st.integers(0, 400))
def test_people_in_texas_decide_the_attorney_general_and_nothing_else(count):
    people = [
        {"residence": p.residence, "count": count if p.residence == "US-TX" else p.count}
        for p in profile("retail_chatbot").data.people
    ]
    made = plan("retail_chatbot", {"data.people": people, "data.people_total": 33420 + count})
    binds = {b.duty for b in made.bindings}
    assert ("us-tx-ag" in binds) == (count >= 250)
    assert ("us-tx-ag" in {entry.duty for entry in made.near}) == (0 < count < 250)
    assert {b.duty for b in plan("retail_chatbot").bindings} - {"us-tx-ag", "us-tx-individuals"} <= binds


@settings(max_examples=15)
@given(st.integers(0, 800))
def test_every_day_near_the_plan_has_an_answer(days):
    day = date(2026, 6, 1) + timedelta(days=days)
    for name in ("retail_chatbot", "clinical_hipaa_ba"):
        made = plan(name, as_of=day)
        assert made.bindings
        assert 1 <= made.review_within_days <= 14
        for b in made.bindings:
            assert b.example.act_by is None or b.example.act_by <= b.example.due
