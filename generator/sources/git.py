"""A profile as it was at a revision of the git repository that holds it. The only module that calls git.

The files are laid out in a temporary folder as they lie in the repository: the profile, what it extends, its logo.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from generator.errors import PlanError, UsageProblem
from generator.sources.yaml_source import MAX_BYTES, read_yaml

REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./~^@{}+-]{0,199}")
_MAX_FILES = 6
_LIMIT_S = 30


def split_revision(text: str) -> tuple[str, str] | None:
    """`REV:path` as (revision, path), or None when it has not that form."""
    revision, colon, path = text.partition(":")
    return (
        (revision, path) if colon and path and REVISION.fullmatch(revision) and ".." not in revision else None
    )


@contextmanager
def checked_out(revision: str, path: str) -> Iterator[Path]:
    """The profile `path` at `revision`, in a temporary folder with what it needs.

    `path` is relative to the current folder, else to the root of the repository. Raises UsageProblem.
    """
    top, inside = _inside(path)
    with TemporaryDirectory(prefix="airplan-") as folder:
        root = Path(folder)
        try:
            yield _laid_out(top, revision, inside, root)
        except PlanError as error:
            words = str(error).replace(f"{root.as_posix()}/", f"{revision}:")
            raise UsageProblem(words) from None


def _inside(path: str) -> tuple[Path, PurePosixPath]:
    """The root of the repository, and the file's path from there."""
    here = Path(path)
    start = here.parent if here.parent.is_dir() else Path.cwd()
    top = Path(_git(start, "rev-parse", "--show-toplevel").decode().strip())
    absolute = (Path.cwd() / here).resolve()
    names = [absolute.relative_to(top.resolve())] if absolute.is_relative_to(top.resolve()) else []
    inside = PurePosixPath((names[0] if names and here.parent.is_dir() else here).as_posix())
    if inside.is_absolute() or ".." in inside.parts:
        raise UsageProblem(f"{path}: must lie in a git repository, without `..`")
    return top, inside


def _laid_out(top: Path, revision: str, inside: PurePosixPath, root: Path) -> Path:
    """Write the profile and the files that it names, and give its place."""
    first = root / inside
    wanted, seen = [inside], set[PurePosixPath]()
    while wanted and len(seen) < _MAX_FILES:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        data = _git(top, "show", f"{revision}:{name.as_posix()}")
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if len(data) <= MAX_BYTES and name.suffix in (".yaml", ".yml"):
            wanted += _named(data, name, target)
    return first


def _named(data: bytes, name: PurePosixPath, target: Path) -> list[PurePosixPath]:
    """The files that a profile names: its base and its logo."""
    try:
        content, _ = read_yaml(data.decode("utf-8-sig"), target)
    except (PlanError, UnicodeDecodeError):
        return []
    if not isinstance(content, dict):
        return []
    branding = content.get("branding")
    named = [content.get("extends"), branding.get("logo") if isinstance(branding, dict) else None]
    found = []
    for one in named:
        if (
            isinstance(one, str)
            and not PurePosixPath(one).is_absolute()
            and "\\" not in one
            and ":" not in one
        ):
            parts: list[str] = []
            for part in (name.parent / one).parts:
                if part == "..":
                    if not parts:
                        break
                    parts.pop()
                else:
                    parts.append(part)
            else:
                found.append(PurePosixPath(*parts))
    return found


def _git(folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True,
            check=False,
            timeout=_LIMIT_S,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise UsageProblem("git is not installed; compare files or packs instead") from None
    except subprocess.TimeoutExpired:
        raise UsageProblem(f"git {words[0]} took longer than {_LIMIT_S} s") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageProblem(f"git {' '.join(words)}: {said[-1] if said else 'failed'}")
    return done.stdout
