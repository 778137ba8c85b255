"""Every attack of the table: caught, named, nothing written, within memory and time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.run import ROOT, airplan
from tests.evidence.attacks import ATTACKS, sent
from tests.evidence.authority import root

MEMORY = 400 * 1024
"""KiB that `verify` may take."""
SECONDS = 60
RUN = """
import atexit, pathlib, re, resource, sys
peak = pathlib.Path(sys.argv.pop(1))
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: peak.write_text(re.search("VmHWM:\\s+([0-9]+)", status.read_text())[1]))
resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))
from generator.cli import main
main()
"""
"""Runs `airplan` under a limit and leaves the most memory that it held, in KiB."""
PAGE = ROOT / "docs" / "check-a-pack.md"


def table() -> dict[str, str]:
    """Attack -> what `verify` says, by the documentation."""
    section = PAGE.read_text(encoding="utf-8").partition("## What it catches")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!attack|---)(.+?) \| `(.+)` \|$", section, re.MULTILINE)
    return dict(rows)


def laid(folder: Path, title: str) -> tuple[Path, tuple[str, ...]]:
    """The archive and the certificates of the reader, on disk; the words of the call."""
    inner = folder / "here"
    inner.mkdir()
    (inner / "pack.zip").write_bytes(ATTACKS[title].make())
    (inner / "ca.pem").write_bytes(root().pem)
    words = tuple("ca.pem" if word == "CA" else word for word in ATTACKS[title].options)
    return inner, ("verify", "pack.zip", *words)


def printed(line: str, said: list[str]) -> bool:
    """Whether a line of the page was printed; `...` in it stands for any words."""
    pattern = re.compile(".*".join(map(re.escape, line.split("..."))))
    return any(pattern.fullmatch(one) for one in said)


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_the_page_lists_every_attack():
    assert list(table()) == list(ATTACKS)


def test_the_pack_as_sent_is_verified(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pack.zip").write_bytes(sent())
    Path("ca.pem").write_bytes(root().pem)
    good = airplan("verify", "pack.zip", "--trust", "ca.pem", "--expect-period", "2026-01-01..2026-12-31")
    assert good.exit_code == 0, good.output
    assert "WRONG" not in good.stdout


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("title", [title for title, one in ATTACKS.items() if not one.bomb])
def test_it_is_caught_and_named(title, tmp_path, monkeypatch):
    inner, words = laid(tmp_path, title)
    before = tree(tmp_path)
    monkeypatch.chdir(inner)
    result = airplan(*words)
    assert result.exit_code == ATTACKS[title].exit_code, result.output
    said = [line.removeprefix("error: ").strip() for line in result.output.splitlines()]
    assert all(line.isprintable() for line in said)
    assert printed(table()[title], said), "\n".join(said)
    assert tree(tmp_path) == before
    if ATTACKS[title].exit_code == 1:
        findings = json.loads(airplan(*words, "--json").stdout)["findings"]
        assert all(one["file"] for one in findings if one["level"] == "fail")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
@pytest.mark.parametrize("title", [title for title, one in ATTACKS.items() if one.bomb])
def test_a_bomb_does_no_harm(title, tmp_path):
    inner, words = laid(tmp_path, title)
    before = tree(tmp_path)
    started = time.perf_counter()
    output = tmp_path.parent / f"{tmp_path.name}.txt"
    peak = tmp_path.parent / f"{tmp_path.name}.peak"
    with output.open("wb") as out:
        process = subprocess.run(
            [sys.executable, "-c", RUN, peak, *words],
            cwd=inner,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    taken = time.perf_counter() - started
    used = int(peak.read_text(encoding="ascii"))
    said = [line.removeprefix("error: ").strip() for line in output.read_text(encoding="utf-8").splitlines()]
    print(f"MEASURED | {title} | {used // 1024} MiB | {taken:.1f} s")
    assert process.returncode == ATTACKS[title].exit_code, "\n".join(said)
    assert printed(table()[title], said), "\n".join(said)
    assert used < MEMORY
    assert taken < SECONDS
    assert tree(tmp_path) == before
