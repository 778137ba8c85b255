"""`airplan schema`: prints one, writes all."""

import json

from click.testing import CliRunner

from generator.cli import cli
from generator.cli.schema import KINDS
from generator.sources.schemas import NAMES, schema_file


def test_it_prints_the_profile_schema():
    result = CliRunner().invoke(cli, ["schema"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == "airplan profile"


def test_it_writes_all_or_one(tmp_path):
    assert CliRunner().invoke(cli, ["schema", "--write", "-o", str(tmp_path / "all")]).exit_code == 0
    assert {path.name for path in (tmp_path / "all").iterdir()} == {schema_file(name) for name in NAMES}
    assert tuple(KINDS) == NAMES
    assert (
        CliRunner().invoke(cli, ["schema", "regulation", "--write", "-o", str(tmp_path / "one")]).exit_code
        == 0
    )
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["regulation.schema.json"]
