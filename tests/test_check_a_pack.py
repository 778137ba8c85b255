"""docs/check-a-pack.md: its blocks do in a shell what the page says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.run import MINIMAL, ROOT, airplan

BLOCKS = re.findall(
    r"```sh\n(.*?)```", (ROOT / "docs" / "check-a-pack.md").read_text(encoding="utf-8"), re.DOTALL
)


def run(block: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", block], cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_the_blocks_find_what_was_changed(tmp_path):
    compare, others = BLOCKS
    assert airplan("build", MINIMAL, "-o", tmp_path, "--format", "md").exit_code == 0
    pack = tmp_path / "minimal"
    assert run(compare, pack).stdout == "every file is as named\n"
    assert run(others, pack).stdout == "not of the pack:\nedited by hand:\n"
    (pack / "runbook.md").write_text("other", encoding="utf-8")
    (pack / "mine.txt").write_text("mine", encoding="utf-8")
    changed = run(compare, pack)
    assert changed.returncode != 0
    assert "runbook.md: FAILED" in changed.stdout
    assert run(others, pack).stdout.startswith("not of the pack: mine.txt\n")
