"""Worked deadlines, one YAML table a part of the world; each entry says where its answer comes from."""

from datetime import datetime
from pathlib import Path

import pytest

from generator.cli.clock_inputs import computed
from generator.sources.yaml_source import read_yaml_file

TABLES = sorted((Path(__file__).parent / "vectors").glob("*.yaml"))


def entries():
    for table in TABLES:
        for number, entry in enumerate(read_yaml_file(table)[0], 1):
            yield pytest.param(entry, id=f"{table.stem}-{number}-{entry['duty']}")


def moment(text):
    return datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize("entry", list(entries()))
def test_the_worked_answer(entry):
    at = entry.get("at") or {}
    facts = entry.get("facts") or {}
    deadline, _ = computed(
        entry["duty"],
        entry["start"],
        tz=entry.get("tz"),
        at=tuple(f"{name}={value}" for name, value in at.items()) if isinstance(at, dict) else tuple(at),
        fact=tuple(f"{name}={value}" for name, value in facts.items())
        if isinstance(facts, dict)
        else tuple(facts),
        holidays=None,
        hypothetical=bool(entry.get("hypothetical", False)),
        as_of=entry.get("as_of"),
    )
    assert entry["source"]
    assert (deadline.due, deadline.act_by) == (moment(entry["due"]), moment(entry["act_by"])), (
        deadline.derivation
    )


def test_every_table_has_entries():
    assert len(list(entries())) >= 12 * len(TABLES)
