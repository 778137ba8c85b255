"""docs/check-a-pack.md: its blocks do in a shell what the page says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.evidence.archive import write_archive
from tests.cli.run import MINIMAL, ROOT, airplan
from tests.evidence.authority import root
from tests.evidence.packs import pack

BLOCKS = re.findall(
    r"```sh\n(.*?)```", (ROOT / "docs" / "check-a-pack.md").read_text(encoding="utf-8"), re.DOTALL
)


def run(block: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", block], cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_the_blocks_find_what_was_changed(tmp_path):
    compare, others, *_ = BLOCKS
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


@pytest.mark.skipif(
    not (shutil.which("sha256sum") and shutil.which("openssl")), reason="needs sha256sum, openssl"
)
def test_the_blocks_check_an_evidence_pack(tmp_path):
    _, _, unpack, signature = BLOCKS
    (tmp_path / "evidence.zip").write_bytes(write_archive(pack()))
    assert run(unpack, tmp_path).stdout == "every file is as listed\n"
    folder = tmp_path / "evidence"
    (folder / "ca.pem").write_bytes(root().pem)
    assert run(signature, folder).returncode == 0
    (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes() + b"\n")
    assert run(signature, folder).returncode != 0
    (tmp_path / "evidence.zip").write_bytes(write_archive(pack() | {"drills/stop.json": b"other"}))
    assert "drills/stop.json: FAILED" in run(unpack, tmp_path).stdout
