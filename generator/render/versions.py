"""Versions of what decides the bytes of a PDF, found without loading it."""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from generator import __version__
from generator.paths import data_folder

PACKAGES = (
    "weasyprint",
    "pydyf",
    "fonttools",
    "tinycss2",
    "tinyhtml5",
    "pyphen",
    "pikepdf",
    "markdown-it-py",
    "jinja2",
    "python-docx",
    "lxml",
)
_SYSTEM = {
    "pango": ("libpango-1.0.so.0", "pango-1.0", "pango_version_string"),
    "harfbuzz": ("libharfbuzz.so.0", "harfbuzz", "hb_version_string"),
}


@lru_cache(maxsize=1)
def tool_versions() -> Mapping[str, str]:
    """Program, libraries and system libraries with their versions; "absent" where one is missing."""
    found = {"airplan": __version__, "python": ".".join(map(str, sys.version_info[:3]))}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    found |= {name: _system_version(*where) for name, where in _SYSTEM.items()}
    return found


def _system_version(file: str, short: str, function: str) -> str:
    try:
        library = ctypes.CDLL(file)
    except OSError:
        path = ctypes.util.find_library(short)
        if path is None:
            return "absent"
        library = ctypes.CDLL(path)
    call = getattr(library, function)
    call.restype = ctypes.c_char_p
    answer: bytes = call()
    return answer.decode()


@lru_cache(maxsize=1)
def _own_code() -> str:
    """Hash of what turns a document into a PDF on our side: this package's code and the page templates."""
    here = Path(__file__).parent
    templates = data_folder("templates")
    digest = hashlib.sha256()
    for path in sorted([*here.glob("*.py"), *templates.glob("*/*.html.j2")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def fingerprint(assets: Mapping[str, bytes]) -> str:
    """Hash of shipped files, own code and every version: part of the key of a cached PDF."""
    digest = hashlib.sha256(_own_code().encode())
    for name, data in sorted(assets.items()):
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    for name, text in sorted(tool_versions().items()):
        digest.update(f"{name}={text}\0".encode())
    return digest.hexdigest()
