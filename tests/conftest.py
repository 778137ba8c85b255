"""Shared by all tests: golden files, one zone database, hypothesis that never depends on luck, the four shipped plans."""

from __future__ import annotations

import difflib
import os
import zoneinfo
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from generator.workflows.plans import Planned

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden"
SHIPPED = ("clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas")
"""The shipped profiles, by the name of their file."""
_DIFF_LINES = 40

zoneinfo.reset_tzpath(())  # the tzdata package decides, never the machine's own files

settings.register_profile("ci", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        default=False,
        help="write tests/golden anew; each change needs a line in CHANGELOG.md",
    )


class Golden:
    """Compares texts with the files under tests/golden, or writes these with `--update-golden`."""

    def __init__(self, folder: Path, update: bool) -> None:
        self.folder = folder
        self.update = update

    def __call__(self, name: str, text: str) -> None:
        """Fail unless the golden file `name` holds exactly `text`."""
        problem = self._problem(name, text)
        if problem:
            pytest.fail(problem, pytrace=False)

    def pack(self, folder: str, texts: dict[str, str]) -> None:
        """Fail unless the golden folder holds exactly these files with exactly these texts; every difference is named."""
        problems = [
            found for name in sorted(texts) if (found := self._problem(f"{folder}/{name}", texts[name]))
        ]
        for name in sorted(self._there(folder) - texts.keys()):
            if self.update:
                (self.folder / folder / name).unlink()
            else:
                problems.append(
                    f"tests/golden/{folder}/{name}: superfluous, nothing makes this file any more"
                )
        if problems:
            pytest.fail("\n".join([*problems, "`make golden` accepts the change"]), pytrace=False)

    def folders(self, names: Iterable[str]) -> None:
        """Fail unless tests/golden holds exactly these folders."""
        there = {path.name for path in self.folder.iterdir() if path.is_dir()}
        assert there == set(names), "tests/golden holds a pack too many or too few"

    def _there(self, folder: str) -> set[str]:
        base = self.folder / folder
        return {path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file()}

    def _problem(self, name: str, text: str) -> str | None:
        path = self.folder / name
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            return None
        if not path.is_file():
            return f"tests/golden/{name}: missing"
        old = path.read_bytes().decode()
        if old == text:
            return None
        lines = list(
            difflib.unified_diff(old.splitlines(), text.splitlines(), "golden", "now", n=1, lineterm="")
        )
        more = f"\n... {len(lines) - _DIFF_LINES} more lines" if len(lines) > _DIFF_LINES else ""
        return f"tests/golden/{name}: differs\n" + "\n".join(lines[:_DIFF_LINES]) + more


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """`golden(name, text)`: compare with tests/golden/NAME."""
    return Golden(GOLDEN, bool(request.config.getoption("--update-golden")))


@pytest.fixture(scope="session")
def shipped() -> Callable[[str], Planned]:
    """`shipped(name)`: a shipped profile as read, with its plan; each planned once."""
    from generator.workflows.plans import plan_profile

    made: dict[str, Planned] = {}

    def planned(name: str) -> Planned:
        if name not in made:
            made[name] = plan_profile(ROOT / "profiles" / f"{name}.yaml")
        return made[name]

    return planned


@pytest.fixture(scope="session")
def four(shipped: Callable[[str], Planned]) -> dict[str, Planned]:
    """The four shipped profiles with their plans, by the name of their file."""
    return {name: shipped(name) for name in SHIPPED}
