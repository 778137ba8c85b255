"""Loading: what is inherited from where, all problems at once, migrations, numbers that pass."""

import hashlib
from pathlib import Path

import pytest

from generator.errors import InvalidInput
from generator.sources import phones
from generator.sources.leftovers import leftovers
from generator.sources.migrations import migrate
from generator.sources.profiles import load_profile, load_profile_text
from generator.sources.rule_limits import longest_days
from generator.sources.tree import Node, grow, plain
from generator.sources.yaml_source import read_yaml

DATA = Path(__file__).parents[2] / "data"
MINIMAL = DATA / "minimal.yaml"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def base(folder: Path, name: str = "base.yaml") -> Path:
    return written(folder, name, MINIMAL.read_text(encoding="utf-8"))


def problems_of(path: Path) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        load_profile(path)
    return [str(problem) for problem in caught.value.problems]


def test_about_forty_lines_are_enough():
    text = MINIMAL.read_text(encoding="utf-8")
    loaded = load_profile(MINIMAL)
    assert len(text.splitlines()) <= 42
    assert loaded.profile.client.seat.place == "US-CO"
    assert loaded.sources[0].sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert loaded.logo is None
    assert loaded.starter is None


def test_every_mistake_is_reported_at_once(tmp_path):
    text = MINIMAL.read_text(encoding="utf-8")
    text = text.replace("owner: ana", "owner: anna").replace("count: 40", "count: forty")
    text = text.replace("+1 303 555 0143", "303 555 0143").replace("kind: chatbot", "kind: chatbott")
    found = problems_of(written(tmp_path, "p.yaml", text))
    assert [line.split(": ")[1] for line in found] == [
        "plan.owner",
        "deployment.kind",
        "data.people.1.count",
        "people.ben.phone",
    ]


class TestExtends:
    def test_own_values_win_and_inherited_ones_keep_their_place(self, tmp_path):
        base(tmp_path)
        own = written(tmp_path, "own.yaml", "schema: 1\nextends: base.yaml\nclient:\n  name: Own Name\n")
        loaded = load_profile(own)
        assert loaded.profile.client.name == "Own Name"
        assert str(loaded.place(("client", "name"))) == f"{own.as_posix()}:4:3"
        assert loaded.place(("client", "time_zone")).path == tmp_path / "base.yaml"
        assert [source.path.name for source in loaded.sources] == ["own.yaml", "base.yaml"]

    def test_lists_of_named_items_merge_item_by_item(self, tmp_path):
        base(tmp_path)
        own = written(
            tmp_path,
            "own.yaml",
            "schema: 1\nextends: base.yaml\ndata:\n  people:\n    - {residence: DE, count: 7}\n"
            "    - {residence: FR, count: 5}\n",
        )
        loaded = load_profile(own)
        people = {group.residence: group.count for group in loaded.profile.data.people}
        assert people == {"US-CO": 1200, "DE": 7, "FR": 5}
        assert loaded.place(("data", "people", 0, "count")).path.name == "base.yaml"
        assert loaded.place(("data", "people", 1, "count")).path.name == "own.yaml"

    def test_other_lists_are_replaced(self, tmp_path):
        base(tmp_path)
        own = written(tmp_path, "own.yaml", "schema: 1\nextends: base.yaml\ndata: {categories: [phi]}\n")
        assert load_profile(own).profile.data.categories == ("phi",)

    def test_null_removes_an_inherited_key(self, tmp_path):
        base(tmp_path)
        extra = written(
            tmp_path, "middle.yaml", "schema: 1\nextends: base.yaml\nvolumes: {unit: chats, per_day: 90}\n"
        )
        own = written(tmp_path, "own.yaml", "schema: 1\nextends: middle.yaml\nvolumes: null\n")
        assert load_profile(extra).profile.volumes is not None
        assert load_profile(own).profile.volumes is None

    def test_a_base_in_the_folder_above_is_fine_and_one_higher_is_not(self, tmp_path):
        base(tmp_path / "firm", "house.yaml")
        own = written(tmp_path / "firm/client", "own.yaml", "schema: 1\nextends: ../house.yaml\n")
        assert load_profile(own).profile.plan.id == "minimal"
        base(tmp_path, "house.yaml")
        far = written(tmp_path / "firm/client", "far.yaml", "schema: 1\nextends: ../../house.yaml\n")
        assert "leads out of the folder above" in problems_of(far)[0]

    def test_a_link_does_not_lead_out(self, tmp_path):
        secret = base(tmp_path, "secret.yaml")
        own = written(tmp_path / "a/b", "own.yaml", "schema: 1\nextends: link.yaml\n")
        (tmp_path / "a/b/link.yaml").symlink_to(secret)
        assert "leads out" in problems_of(own)[0]

    def test_a_circle_of_two_and_a_chain_of_six(self, tmp_path):
        one = written(tmp_path, "one.yaml", "schema: 1\nextends: two.yaml\n")
        written(tmp_path, "two.yaml", "schema: 1\nextends: one.yaml\n")
        assert "in a circle" in problems_of(one)[0]
        for number in range(6):
            written(tmp_path, f"n{number}.yaml", f"schema: 1\nextends: n{number + 1}.yaml\n")
        base(tmp_path, "n6.yaml")
        assert "more than 5 files" in problems_of(tmp_path / "n0.yaml")[0]
        assert load_profile(tmp_path / "n2.yaml").profile.plan.id == "minimal"

    def test_a_mistake_in_the_base_is_reported_there(self, tmp_path):
        path = base(tmp_path)
        path.write_text(
            path.read_text(encoding="utf-8").replace("America/Denver", "Denver"), encoding="utf-8"
        )
        own = written(tmp_path, "own.yaml", "schema: 1\nextends: base.yaml\n")
        assert problems_of(own)[0].startswith(f"{path.as_posix()}:11:3: client.time_zone: ")


class TestLogo:
    def test_it_is_relative_to_the_file_that_names_it(self, tmp_path):
        (tmp_path / "firm").mkdir()
        (tmp_path / "firm/logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 20)
        text = MINIMAL.read_text(encoding="utf-8") + "branding: {logo: logo.png}\n"
        written(tmp_path / "firm", "house.yaml", text)
        own = written(tmp_path / "firm/client", "own.yaml", "schema: 1\nextends: ../house.yaml\n")
        assert load_profile(own).logo == tmp_path / "firm/client/../logo.png"

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("logo.png", b"GIF89a", "not a PNG file inside"),
            ("logo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 2_000_001, "larger than 2 MB"),
            ("logo.gif", b"GIF89a", "no picture that can be printed"),
        ],
    )
    def test_what_is_no_small_picture_is_refused(self, tmp_path, name, content, words):
        (tmp_path / name).write_bytes(content)
        text = MINIMAL.read_text(encoding="utf-8") + f"branding: {{logo: {name}}}\n"
        assert words in problems_of(written(tmp_path, "p.yaml", text))[0]

    def test_a_link_does_not_lead_out(self, tmp_path):
        (tmp_path / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        text = MINIMAL.read_text(encoding="utf-8") + "branding: {logo: logo.png}\n"
        path = written(tmp_path / "client", "p.yaml", text)
        (tmp_path / "client/logo.png").symlink_to(tmp_path / "secret.png")
        assert "leads out" in problems_of(path)[0]


def test_a_migration_keeps_the_places():
    data, places = read_yaml("schema: 1\nold: 5\n", Path("old.yaml"))

    def rename(root: Node) -> Node:
        return Node(
            {("new" if key == "old" else key): value for key, value in root.value.items()}, root.where
        )

    moved = migrate(grow(data, places), newest=2, steps={1: rename})
    assert plain(moved) == {"schema": 2, "new": 5}
    assert moved.value["new"].where.line == 2


def test_a_missing_migration_is_said():
    data, places = read_yaml("schema: 1\n", Path("old.yaml"))
    with pytest.raises(InvalidInput, match="no way from 1 to 2"):
        migrate(grow(data, places), newest=2, steps={})


FICTIONAL = [
    "+1 303 555 0142",
    "+1 (212) 555-0199",
    "+44 7700 900123",
    "+44 20 7946 0123",
    "+44 1632 960123",
    "+49 30 23125 042",
    "+49 171 3920012",
    "+353 20 910 1234",
    "+33 1 99 00 12 34",
]


@pytest.mark.parametrize("number", FICTIONAL)
def test_numbers_set_aside_for_fiction_are_well_formed(number):
    assert phones.fault(number) is None
    assert phones.is_fictional(number)


@pytest.mark.parametrize(
    "number", ["+1 303 456 7890", "+44 20 7123 4567", "+49 30 901820", "+353 1 679 9999"]
)
def test_other_numbers_are_not_fictional(number):
    assert phones.fault(number) is None
    assert not phones.is_fictional(number)


@pytest.mark.parametrize(
    ("value", "unit", "days"),
    [
        (3, "months", 92),
        (92, "calendar_days", 92),
        (13, "weeks", 91),
        (9, "business_days", 11),
        (10, "business_days", 15),
        (336, "hours", 14),
    ],
)
def test_the_longest_that_a_length_can_last(value, unit, days):
    assert longest_days(value, unit) == pytest.approx(days)


def test_leftovers_of_examples():
    text = MINIMAL.read_text(encoding="utf-8").replace(
        "phone: +1 303 555 0143", "phone: +1 303 456 7890, email: ben@shop.example"
    )
    found = dict(leftovers(load_profile_text(text, MINIMAL)))
    assert set(found) == {"people.ana.phone", "people.ben.email"}


def test_leftovers_of_a_starter_and_a_starter_with_itself():
    loaded = load_profile(MINIMAL)
    starter = {**loaded.raw, "client": {"name": "Minimal Company", "seat": {"place": "DE"}}}
    found = dict(leftovers(loaded, {"minimal": starter}))
    assert found["client.name"] == "the same as in the starter minimal"
    assert "people.ana.name" in found
    assert "client.name" not in dict(leftovers(loaded, {"minimal": loaded.raw}))
