"""ZIP archives: written so that the same files give the same bytes, read so that no archive can do harm. Pure.

An archive from somebody else is hostile. It is read by a parser of our own, which knows only what an evidence pack
needs: it holds the central directory against every local header, lets the entries cover the file without a gap and
without an overlap, and unpacks nothing beyond the size that the archive states and the limits allow. Nothing is ever
written to disk. Names are never cleaned: a name that could leave its folder is refused and said.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.errors import PlanError, UsageProblem

MIB = 1024 * 1024
_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = (stat.S_IFREG | 0o644) << 16
_CHUNK = MIB
_SHOWN = 12
"""Faults that are listed; of a hostile archive with thousands the rest is counted."""

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_DESCRIPTOR = struct.Struct("<3L")
_ENCRYPTED, _DESCRIBED, _UTF8 = 0x0001, 0x0008, 0x0800
_KNOWN_FLAGS = 0x0006 | _DESCRIBED | _UTF8
_STORED, _DEFLATED = 0, 8
_HARMLESS_EXTRA = frozenset({0x000A, 0x5455, 0x5855, 0x7855, 0x7875})
"""Times and owners that other programs write. All else, such as a second name or a second size, is refused."""

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most. An archive beyond them is refused before it is unpacked."""

    archive: int = 128 * MIB
    """Bytes of the archive itself."""
    entries: int = 20_000
    file: int = 64 * MIB
    """Bytes of one file, unpacked."""
    total: int = 1024 * MIB
    """Bytes of all files, unpacked."""
    ratio: int = 200
    """Unpacked bytes for each packed one, in a file of more than 1 MiB."""
    name: int = 240
    """Characters of a name with its folders."""
    parts: int = 16
    """Folders in one another, and the file."""

    def words(self) -> str:
        """The limits in a sentence."""
        return (
            f"archive {self.archive // MIB} MiB, {self.entries} entries, one file {self.file // MIB} MiB, "
            f"all files {self.total // MIB} MiB unpacked, {self.ratio} times its packed size"
        )


LIMITS = Limits()


@dataclass(frozen=True, slots=True, order=True)
class ArchiveProblem:
    """One thing that is wrong with an archive: in which entry, and what."""

    name: str
    """The entry, safe to print; empty where it is the archive as a whole."""
    what: str

    def __str__(self) -> str:
        return f"{self.name}: {self.what}" if self.name else self.what


class BadArchive(PlanError):
    """The answer is no: the archive is damaged, or made to do harm. Carries every problem found."""

    def __init__(self, problems: Sequence[ArchiveProblem]) -> None:
        self.problems = tuple(problems[:_SHOWN])
        if len(problems) > _SHOWN:
            self.problems += (ArchiveProblem("", f"and {len(problems) - _SHOWN} more faults"),)
        super().__init__("\n".join(map(str, self.problems)))


class NoArchive(UsageProblem):
    """What was given is no ZIP archive at all."""


# --- names ----------------------------------------------------------------------------------


def shown(name: str) -> str:
    """A name as it can be printed: what would steer a terminal or turn the text round is written as its number."""
    text = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in name)
    return text if len(text) <= 2 * LIMITS.name else f"{text[: LIMITS.name]}...({len(text)} characters)"


def name_fault(name: str, limits: Limits = LIMITS) -> str | None:
    """Why a file of this name could not be unpacked safely on every system, or None."""
    parts = name.split("/")
    if not name or len(name) > limits.name:
        return f"a name of {len(name)} characters; 1 to {limits.name} are allowed"
    if len(parts) > limits.parts:
        return f"a name of {len(parts)} parts; {limits.parts} are allowed"
    if any(not one.isprintable() for one in name):
        return "a control character or an unseen mark in the name"
    if "\\" in name:
        return "a backslash in the name: on Windows it would name another folder"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "an absolute name: it would be written outside the folder"
    if any(part in ("", ".", "..") for part in parts):
        return "a part of the name is . or .. or empty: it would be written outside the folder"
    if found := _FORBIDDEN.search(name):
        return f"the character {found[0]} in the name, which Windows does not allow"
    if any(part.endswith((".", " ")) or part.startswith(" ") or _DEVICE.fullmatch(part) for part in parts):
        return "a part of the name that Windows reads as another (a device, a dot or a blank at its end)"
    return None


def _folded(name: str) -> str:
    """The same for names that one file system or another takes for the same file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def name_clashes(names: Sequence[str]) -> list[ArchiveProblem]:
    """Names that are there twice, also to systems that ignore case or normal form, and files that are folders too."""
    problems = []
    first: dict[str, str] = {}
    folders = {}
    for name in names:
        key = _folded(name)
        if key not in first:
            first[key] = name
        elif first[key] == name:
            problems.append(ArchiveProblem(shown(name), "is there twice"))
        else:
            what = f"is the same name as {shown(first[key])} but for case or Unicode normal form"
            problems.append(ArchiveProblem(shown(name), what))
        position = key.find("/")
        while position > 0:
            folders[key[:position]] = name
            position = key.find("/", position + 1)
    for key in sorted(first.keys() & folders.keys()):
        what = f"is a file, and {shown(folders[key])} needs a folder of that name"
        problems.append(ArchiveProblem(shown(first[key]), what))
    return problems


# --- writing --------------------------------------------------------------------------------


def write_archive(files: Mapping[str, bytes], limits: Limits = LIMITS) -> bytes:
    """A ZIP of `files` that depends on nothing but them (and the version of zlib).

    Raises ValueError for what `read_archive` would refuse.
    """
    names = sorted(files)
    faults = [f"{shown(name)}: {fault}" for name in names if (fault := name_fault(name, limits))]
    faults += map(str, name_clashes(names))
    faults += [f"{shown(name)}: too large" for name in names if len(files[name]) > limits.file]
    if len(names) > limits.entries or sum(map(len, files.values())) > limits.total:
        faults.append(f"too much for one archive ({limits.words()})")
    if faults:
        raise ValueError("\n".join(faults))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system, info.external_attr = 3, _MODE  # "Unix" everywhere, not the machine's own
            dense = len(files[name]) > MIB and _packed_too_well(files[name], limits)
            info.compress_type = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name], compresslevel=9)
    data = out.getvalue()
    if len(data) > limits.archive:
        raise ValueError(f"too much for one archive ({limits.words()})")
    return data


def _packed_too_well(data: bytes, limits: Limits) -> bool:
    """A file so repetitive that packed it would look like a bomb."""
    return len(zlib.compress(data, 9)) * limits.ratio <= len(data)


# --- reading --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry by the central directory."""

    name: str
    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int
    folder: bool
    start: int = 0
    """Where its data begins; known once the local header was read."""


class Archive(Mapping[str, bytes]):
    """The files of an archive that was found sound. A file is unpacked when it is asked for, and not kept."""

    def __init__(self, data: bytes, entries: Mapping[str, _Entry]) -> None:
        self._data, self._entries = data, entries

    def __getitem__(self, name: str) -> bytes:
        out = io.BytesIO()  # needs less memory at its height than joining pieces
        for piece in _unpacked(self._data, self._entries[name]):
            out.write(piece)
        return out.getvalue()

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries


def read_archive(source: bytes | Path, limits: Limits = LIMITS) -> Archive:
    """The files of an archive by name, every one of them checked, sorted by name.

    Raises BadArchive with all that is wrong, NoArchive for what is no ZIP or cannot be read.
    """
    data = _read(source, limits) if isinstance(source, Path) else source
    if len(data) > limits.archive:
        raise BadArchive([ArchiveProblem("", f"larger than {limits.archive // MIB} MiB")])
    count, start, end = _directory(data)
    if count > limits.entries:
        raise BadArchive([ArchiveProblem("", f"{count} entries; {limits.entries} are allowed")])
    entries = _entries(data, count, start, end, limits)
    problems: list[ArchiveProblem] = []
    placed = _placed(data, entries, start, problems)
    total = sum(entry.size for entry in entries)
    if total > limits.total:
        what = f"the files are {total // MIB} MiB unpacked; {limits.total // MIB} are allowed"
        problems.append(ArchiveProblem("", what))
    problems += [
        ArchiveProblem(shown(entry.name), fault)
        for entry in entries
        for fault in _entry_faults(entry, limits)
    ]
    if not problems:
        problems = name_clashes([entry.name for entry in entries])
    if not problems:
        # Only now: each size is within the limits, and unpacking stops at the stated size.
        problems = [
            ArchiveProblem(shown(entry.name), fault)
            for entry in placed
            if (fault := _data_fault(data, entry))
        ]
    if problems:
        raise BadArchive(problems)
    files = sorted((entry for entry in placed if not entry.folder), key=lambda entry: entry.name)
    return Archive(data, {entry.name: entry for entry in files})


def _read(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.archive + 1)
    except OSError as error:
        raise NoArchive(f"{path}: cannot be read: {error.strerror or error}") from None


def _directory(data: bytes) -> tuple[int, int, int]:
    """How many entries there are by the end record, and where the central directory starts and ends."""
    place = len(data) - _END.size
    if place < 0 or data[place : place + 4] != b"PK\x05\x06":
        found = data.rfind(b"PK\x05\x06")
        if found >= 0 and found + _END.size <= len(data):
            what = f"{len(data) - found - _END.size} bytes after the end of the archive"
            raise BadArchive([ArchiveProblem("", what)])
        if data.startswith(b"PK\x03\x04"):
            raise BadArchive([ArchiveProblem("", "the archive is cut off: its end is missing")])
        raise NoArchive("is empty" if not data else "is no ZIP archive")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, place)
    if 0xFFFF in (here, count) or 0xFFFFFFFF in (size, start):
        raise BadArchive([ArchiveProblem("", "is a ZIP64 archive, which no evidence pack needs")])
    if disk or first_disk or here != count or comment:
        raise BadArchive([ArchiveProblem("", "its end record is damaged or names more than one disk")])
    if start + size != place:
        what = "the directory of the archive is not where its end record says: data before or inside it"
        raise BadArchive([ArchiveProblem("", what)])
    return count, start, place


def _entries(data: bytes, count: int, start: int, end: int, limits: Limits) -> list[_Entry]:
    """The central directory. Raises BadArchive when it is damaged: after that nothing in it can be trusted."""
    entries: list[_Entry] = []
    place = start
    for _ in range(count):
        before = f" after {shown(entries[-1].name)}" if entries else ""
        damaged = BadArchive([ArchiveProblem("", f"the directory of the archive is damaged{before}")])
        if place + _CENTRAL.size > end:
            raise damaged
        head = _CENTRAL.unpack_from(data, place)
        mark, _, _, flags, method, _, _, crc, packed, size, named, extra, comment, disk, _, attributes, at = (
            head
        )
        after = place + _CENTRAL.size
        place = after + named + extra + comment
        if mark != b"PK\x01\x02" or place > end or disk:
            raise damaged
        if named > 4 * limits.name:  # before it is decoded, or thousands of such names would fill the memory
            raise BadArchive([ArchiveProblem("", f"a name of {named} bytes in the directory{before}")])
        raw = data[after : after + named]
        name = raw.decode("utf-8" if flags & _UTF8 or raw.isascii() else "latin-1", "backslashreplace")
        if comment:
            raise BadArchive([ArchiveProblem(shown(name), "carries a comment in the directory")])
        if fault := _extra_fault(data[after + named : after + named + extra]):
            raise BadArchive([ArchiveProblem(shown(name), fault)])
        mode = attributes >> 16
        folder = name.endswith("/")
        if bool(attributes & 0x10) and not folder:
            mode = stat.S_IFDIR
        entries.append(_Entry(name, raw, flags, method, crc, packed, size, mode, at, folder))
    if place != end:
        raise BadArchive([ArchiveProblem("", "data after the last entry of the directory")])
    return entries


def _extra_fault(extra: bytes) -> str | None:
    place = 0
    while place < len(extra):
        if place + 4 > len(extra):
            return "a damaged extra field"
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind not in _HARMLESS_EXTRA:
            return f"an extra field of kind 0x{kind:04x}, which no evidence pack needs"
        place += 4 + length
    return None if place == len(extra) else "a damaged extra field"


def _entry_faults(entry: _Entry, limits: Limits) -> Iterator[str]:
    """What is wrong with an entry by the directory alone."""
    if not entry.raw.isascii() and not entry.flags & _UTF8:
        yield "a name that is not marked as UTF-8"
    elif entry.raw != entry.name.encode("utf-8", "surrogateescape"):
        yield "a name that is not UTF-8"
    elif fault := name_fault(entry.name[:-1] if entry.folder else entry.name, limits):
        yield fault
    if entry.flags & _ENCRYPTED:
        yield "is encrypted"
    elif entry.flags & ~_KNOWN_FLAGS:
        yield f"unknown flags 0x{entry.flags:04x}"
    if entry.method not in (_STORED, _DEFLATED):
        yield f"is packed by method {entry.method}; only stored (0) and deflated (8) are read"
    kind = stat.S_IFMT(entry.mode)
    if kind == stat.S_IFLNK:
        yield "is a symbolic link"
    elif kind not in (0, stat.S_IFDIR if entry.folder else stat.S_IFREG):
        yield "is neither a file nor a folder (a device, a pipe or a folder with a file's name)"
    if entry.mode & 0o7000:
        yield "has special permission bits (set-user-ID, set-group-ID or sticky)"
    if entry.folder and (entry.size or entry.packed > 2):
        yield "is a folder with data"
    if entry.size > limits.file:
        yield f"is {entry.size // MIB} MiB unpacked; {limits.file // MIB} are allowed"
    elif entry.size > MIB and entry.size > entry.packed * limits.ratio:
        yield f"is {entry.size // max(entry.packed, 1)} times its packed size; {limits.ratio} times is allowed"


def _placed(data: bytes, entries: Sequence[_Entry], end: int, problems: list[ArchiveProblem]) -> list[_Entry]:
    """The entries with the place of their data. They must cover the file up to the directory: no gap, no overlap."""
    placed: list[_Entry] = []
    expected, before = 0, ""
    for entry in sorted(entries, key=lambda one: one.offset):
        name = shown(entry.name)
        if entry.offset != expected:
            kind = "overlaps" if entry.offset < expected else "leaves bytes that no entry owns after"
            problems.append(ArchiveProblem(name, f"{kind} {before or 'the start of the archive'}"))
            return placed
        if entry.offset + _LOCAL.size > end:
            problems.append(ArchiveProblem(name, "its local header is damaged"))
            return placed
        mark, _, flags, method, _, _, crc, packed, size, named, extra = _LOCAL.unpack_from(data, entry.offset)
        start = entry.offset + _LOCAL.size + named + extra
        stop = start + entry.packed
        raw = data[entry.offset + _LOCAL.size : entry.offset + _LOCAL.size + named]
        told = (entry.crc, entry.packed, entry.size)
        described = bool(flags & _DESCRIBED)
        if mark != b"PK\x03\x04" or (flags, method) != (entry.flags, entry.method):
            problems.append(ArchiveProblem(name, "its local header is not that of the directory"))
            return placed
        if raw != entry.raw:
            own = shown(raw.decode("utf-8", "backslashreplace"))
            problems.append(
                ArchiveProblem(name, f"is called so in the directory, but {own} in its local header")
            )
            return placed
        if (crc, packed, size) != told and not (described and not any((crc, packed, size))):
            problems.append(
                ArchiveProblem(name, "its local header states another size or CRC than the directory")
            )
        if fault := _extra_fault(data[start - extra : start]):
            problems.append(ArchiveProblem(name, fault))
        if described:
            stop += 4 if data[stop : stop + 4] == b"PK\x07\x08" else 0
            stop += _DESCRIPTOR.size
            if stop > end or _DESCRIPTOR.unpack_from(data, stop - _DESCRIPTOR.size) != told:
                problems.append(ArchiveProblem(name, "its data descriptor differs from the directory"))
                return placed
        if stop > end:
            problems.append(ArchiveProblem(name, "reaches into the directory of the archive"))
            return placed
        placed.append(replace(entry, start=start))
        expected, before = stop, name
    if expected != end:
        problems.append(ArchiveProblem("", "bytes that no entry owns before the directory of the archive"))
    return placed


class _Damaged(Exception):
    """The data of an entry is not what the directory says."""


def _unpacked(data: bytes, entry: _Entry) -> Iterator[bytes]:
    """The content in pieces, never more than the stated size. Raises _Damaged."""
    packed = memoryview(data)[entry.start : entry.start + entry.packed]
    if entry.method == _STORED:
        if entry.packed != entry.size:
            raise _Damaged("states another size than it has")
        yield bytes(packed)
        return
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    left = entry.size
    rest: memoryview | bytes = b""
    place = 0
    while not inflate.eof:
        if not rest:
            rest = packed[place : place + _CHUNK]
            place += len(rest)
            if not rest:
                raise _Damaged("its packed data is cut off")
        try:
            piece = inflate.decompress(rest, min(_CHUNK, left + 1))
        except zlib.error as error:
            raise _Damaged(f"its packed data is damaged ({error})") from None
        rest = inflate.unconsumed_tail
        left -= len(piece)
        if left < 0:
            raise _Damaged(f"unpacks to more than the {entry.size} bytes that the archive states")
        yield piece
    if left:
        raise _Damaged(f"unpacks to {entry.size - left} bytes, not {entry.size}")
    if inflate.unused_data or place < len(packed):
        raise _Damaged("bytes after its packed data")


def _data_fault(data: bytes, entry: _Entry) -> str | None:
    """What is wrong with the content of an entry, or None."""
    crc = 0
    try:
        for piece in _unpacked(data, entry):
            crc = zlib.crc32(piece, crc)
    except _Damaged as damaged:
        return str(damaged)
    return None if crc == entry.crc else "its content does not fit its CRC-32: damaged or changed"
