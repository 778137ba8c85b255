from __future__ import annotations

import time
from pathlib import Path, PurePath

import pytest

from generator.errors import InvalidInput
from generator.sources import yaml_source
from generator.sources.yaml_source import read_yaml, read_yaml_file

HERE = PurePath("profiles/loan.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("12:30", "12:30"), ("0777", "0777"), ("0x1F", "0x1F"),
        ("2026-11-24", "2026-11-24"), ("+4930123456", "+4930123456"), ("1_000", "1_000"), (".inf", ".inf"),
        ("9" * 5000, "9" * 5000), ("1e999", "1e999"), ("true", True), ("False", False), ("null", None), ("~", None),
        ("", None), ("5", 5), ("-3", -3), ("0", 0), ("0.5", 0.5), ("1e3", 1000.0), ("'5'", "5"), ('"no"', "no"),
        ("|\n  5\n", "5\n"),
    ],
)  # fmt: skip
def test_scalars(text, value):
    data, _ = read_yaml(f"a: {text}\n", HERE)
    assert data["a"] == value
    assert type(data["a"]) is type(value)


def test_keys_are_always_strings():
    data, places = read_yaml("2026: 1\ntrue: 2\n", HERE)
    assert data == {"2026": 1, "true": 2}
    assert ("2026",) in places


def test_places_of_keys_and_items():
    _, places = read_yaml("client:\n  name: Acme\npeople:\n- id: a\n  phone: '1'\n- b\n", HERE)
    shown = {".".join(map(str, key)): f"{where.line}:{where.column}" for key, where in places.items()}
    assert shown == {
        "": "1:1", "client": "1:1", "client.name": "2:3", "people": "3:1", "people.0": "4:3", "people.0.id": "4:3",
        "people.0.phone": "5:3", "people.1": "6:3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1", "twice, first in line 1"),
        ("a:\n  b: 1\n  b: 2\n", "3:3", "a.b: `b` is there twice"),
        ("a: !!str 5\n", "1:4", "tag"),
        ("a: !python/object:x.Y {}\n", "1:4", "tag"),
        ("x: &a {b: 1}\ny:\n  <<: *a\n", "3:3", "merge key"),
        ("a: &a [*a]\n", "1:8", "no finished anchor"),
        ("a: *nope\n", "1:4", "no finished anchor"),
        ("---\na: 1\n---\nb: 1\n", "3:1", "second document"),
        ("", "1:1", "empty"),
        ("# only a comment\n", "1:1", "empty"),
        ("a: [1,\nb: 2\n", "3:1", "a flow sequence that begins in line 1, did not find"),
        ("\ta: 1\n", "1:1", "not valid YAML"),
        ("a: x\x00y\n", "1:5", "U+0000"),
        ("a: \ud800\n", "1:4", "U+D800"),
        ("? [1]\n: 2\n", "1:3", "a key must be a word"),
        ("[" * 100_000, "1:41", "nested deeper"),
        ("{a: " * 5000, "1:", "nested deeper"),
        ("- " * 5000 + "x", "1:", "nested deeper"),
    ],
)
def test_refused_with_its_place(text, place, words):
    with pytest.raises(InvalidInput) as caught:
        read_yaml(text, HERE)
    message = str(caught.value)
    assert message.startswith(f"profiles/loan.yaml:{place}")
    assert words in message


def test_every_fault_is_reported():
    with pytest.raises(InvalidInput) as caught:
        read_yaml("a: !x 1\nb: 1\nb: 2\nc: {<<: {}}\n", HERE)
    assert [problem.where.line for problem in caught.value.problems] == [1, 3, 4]


def test_a_few_aliases_are_fine_and_have_places():
    data, places = read_yaml("a: &x {n: 1}\nb: *x\n", HERE)
    assert data == {"a": {"n": 1}, "b": {"n": 1}}
    assert places[("b", "n")].line == 1


def test_alias_bomb_is_refused_quickly():
    rows = ["k0: &k0 [x,x,x,x,x,x,x,x,x]"] + [
        f"k{n}: &k{n} [{','.join([f'*k{n - 1}'] * 4)}]" for n in range(1, 13)
    ]
    began = time.perf_counter()
    with pytest.raises(InvalidInput, match=r"more than \d+ (values|aliases)"):
        read_yaml("\n".join(rows), HERE)
    assert time.perf_counter() - began < 1


def test_aliases_cannot_nest_past_the_limit():
    rows = ["k0: &k0 [x]"] + [f"k{n}: &k{n} [*k{n - 1}]" for n in range(1, 49)]
    with pytest.raises(InvalidInput, match="nested deeper"):
        read_yaml("\n".join(rows), HERE)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"a: \xff\n", ":1:4: not UTF-8"),
        (b"a: 1\nbb: \xfc", ":2:5: not UTF-8"),
        (b"#" * 2_000_001, "larger than"),
    ],
)
def test_files_that_are_not_text(tmp_path: Path, raw, words):
    file = tmp_path / "x.yaml"
    file.write_bytes(raw)
    with pytest.raises(InvalidInput, match=words):
        read_yaml_file(file)


def test_missing_file_and_folder(tmp_path: Path):
    with pytest.raises(InvalidInput, match="No such file"):
        read_yaml_file(tmp_path / "none.yaml")
    with pytest.raises(InvalidInput, match="is a folder"):
        read_yaml_file(tmp_path)


def test_byte_order_mark_and_crlf(tmp_path: Path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: x\r\n")
    data, places = read_yaml_file(file)
    assert data == {"a": 1, "b": "x"}
    assert places[("b",)].line == 2


def test_pure_python_parser_gives_the_same(monkeypatch):
    text = "a: [1, {b: 'x'}]\nc: &d yes\ne: *d\n"
    fast = read_yaml(text, HERE)
    monkeypatch.setattr(yaml_source, "_PARSER", yaml_source.yaml.BaseLoader)
    assert read_yaml(text, HERE) == fast
