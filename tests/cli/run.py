"""Running `airplan` in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from generator.cli import cli

ROOT = Path(__file__).resolve().parents[2]
PROFILES = ROOT / "profiles"
MINIMAL = ROOT / "tests" / "data" / "minimal.yaml"


def airplan(*words: object, env: dict[str, str] | None = None) -> Result:
    """`airplan WORDS`, with stdout and stderr apart."""
    return CliRunner().invoke(cli, [str(word) for word in words], env=env, prog_name="airplan")


def data(result: Result) -> Any:
    """The JSON on stdout of a call that went well."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def minimal(folder: Path, name: str = "own.yaml", **replaced: str) -> Path:
    """A copy of the smallest profile; `replaced` are whole words of its text to write differently."""
    text = MINIMAL.read_text(encoding="utf-8")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def with_plan_id(folder: Path, plan_id: str, name: str | None = None) -> Path:
    """The smallest profile under another plan id."""
    text = MINIMAL.read_text(encoding="utf-8").replace("id: minimal", f"id: {plan_id}")
    path = folder / (name or f"{plan_id}.yaml")
    path.write_text(text, encoding="utf-8")
    return path
