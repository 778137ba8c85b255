"""Looks for values in everything that a pack holds: texts, file names, every stream of every PDF, what PDFs show."""

from __future__ import annotations

import html
import io
import json
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from urllib.parse import quote
from zipfile import ZipFile

import pikepdf

from generator.render.escape import inline_code, plain, settle


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of an archive by name."""
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def searched(files: Mapping[str, bytes]) -> dict[str, str]:
    """Everything that can be read in a pack, by the place where it stands."""
    found = {"names of files": "\n".join(files)}
    for name, data in files.items():
        if name.endswith(".pdf"):
            found |= {f"{name}: {where}": text for where, text in _pdf(data)}
        else:
            found[name] = data.decode("utf-8", "replace")
    return found


def _pdf(data: bytes) -> Iterator[tuple[str, str]]:
    shown = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
    yield "text", shown.stdout.decode()
    yield "bytes", data.decode("latin-1")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, one in enumerate(pdf.objects):
            if isinstance(one, pikepdf.Stream):
                try:
                    yield f"stream {number}", one.read_bytes().decode("utf-8", "replace")
                except pikepdf.PdfError:  # a picture: its data as it is
                    yield f"stream {number}", one.read_raw_bytes().decode("latin-1")
        strings = [text for one in pdf.objects for text in _strings(one)]
        yield "strings", "\n".join(strings)
        yield "metadata", str(pdf.docinfo) + pdf.open_metadata().__str__()
        for name, attachment in pdf.attachments.items():
            yield f"attachment {name}", attachment.get_file().read_bytes().decode("utf-8", "replace")


def _strings(value: object, depth: int = 0) -> Iterator[str]:
    """Texts of a PDF object: titles, outlines, alternative texts, fields, links."""
    if isinstance(value, pikepdf.String):
        yield str(value)
    elif depth < 6 and isinstance(value, pikepdf.Array):
        for one in value:
            yield from _strings(one, depth + 1)
    elif depth < 6 and isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        for key, one in value.items():
            if key not in ("/Parent", "/P", "/Pg", "/K", "/Kids", "/Next", "/Prev", "/Widths", "/W"):
                yield from _strings(one, depth + 1)


def variants(value: str) -> set[str]:
    """The ways in which a value may be written."""
    ways = {
        value,
        settle(plain(value)).strip(),
        settle(inline_code(value)).strip("`\n "),
        html.escape(value),
        html.escape(value, quote=False),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        quote(value),
        quote(value, safe=""),
        shlex.quote(value).strip("'"),
    }
    if value.startswith("+"):
        digits = re.sub(r"\D", "", value)
        assert digits.startswith("1"), "the tests' numbers are North American"
        area, office, line = digits[1:4], digits[4:7], digits[7:]
        for separator in ("", " ", "-", ".", "\u00a0"):
            ways |= {f"{area}{separator}{office}{separator}{line}", f"({area}) {office}{separator}{line}"}
    return ways


def leaks(files: Mapping[str, bytes], values: Mapping[str, str]) -> list[tuple[str, str]]:
    """(place, name of the value) of each of `values` that is there, however it is written."""
    found = []
    texts = {
        place: (text.casefold(), "".join(text.casefold().split())) for place, text in searched(files).items()
    }
    for name, value in values.items():
        ways = {way.casefold() for way in variants(value)}
        tight = {"".join(way.split()) for way in ways}
        for place, (text, squeezed) in texts.items():
            if any(way in text for way in ways) or any(way in squeezed for way in tight):
                found.append((place, name))
    return found
