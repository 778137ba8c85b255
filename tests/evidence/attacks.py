"""What somebody may do to a pack on its way: each makes the file that the reader gets from the pack that was sent."""

from __future__ import annotations

import io
import random
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import pikepdf

from generator.evidence.archive import MIB, write_archive
from generator.evidence.manifest import sums_bytes
from tests.evidence.authority import NOW, issue
from tests.evidence.packs import (
    COVER,
    META,
    Files,
    cover,
    pack,
    parts,
    pdf,
    release,
    sealed,
    signed,
    under,
)

RUNBOOK = "plans/1.1/runbook.md"
NOTICE = "incidents/INC-1/notice.md"


@dataclass(frozen=True)
class Attack:
    """One attack, and how the reader calls `verify` on what it made."""

    make: Callable[[], bytes]
    options: tuple[str, ...] = ("--trust", "CA")
    exit_code: int = 1
    bomb: bool = False
    """Made to exhaust memory or time: run apart, under a limit."""


ATTACKS: dict[str, Attack] = {}


def attack(
    title: str, **about: object
) -> Callable[[Callable[[], bytes | Files]], Callable[[], bytes | Files]]:
    def keep(function: Callable[[], bytes | Files]) -> Callable[[], bytes | Files]:
        def make() -> bytes:
            made = function()
            return made if isinstance(made, bytes) else write_archive(made)

        ATTACKS[title] = Attack(make, **about)  # type: ignore[arg-type]
        return function

    return keep


def flipped(data: bytes, place: int | None = None) -> bytes:
    made = bytearray(data)
    made[len(data) // 2 if place is None else place] ^= 1
    return bytes(made)


def resealed(files: Files, **meta: object) -> Files:
    """The manifest and SHA256SUMS made anew to fit the files, by somebody without a key; the old signatures stay."""
    kept = {name: data for name, data in files.items() if name.endswith(".p7s")}
    rest = {
        name: data
        for name, data in files.items()
        if name not in kept and name not in ("manifest.json", "SHA256SUMS")
    }
    return sealed(rest, replace(META, **meta)) | kept


def without(files: Files, *names: str) -> Files:
    return {name: data for name, data in files.items() if name not in names}


def rewritten(files: Files, old: bytes, new: bytes) -> Files:
    """Words of the manifest changed, SHA256SUMS made to fit."""
    assert old in files["manifest.json"]
    made = files | {"manifest.json": files["manifest.json"].replace(old, new, 1)}
    return made | {"SHA256SUMS": sums_bytes(made)}


@cache
def sent() -> bytes:
    return write_archive(pack())


def entry(name: str) -> tuple[int, int, int]:
    """Where the packed data of a file begins in the archive, where it ends, and where its directory entry is."""
    data = sent()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(name)
        start = info.header_offset + 30 + len(name.encode())
        place = archive.start_dir
        for one in archive.infolist():
            if one.filename == name:
                break
            place += 46 + len(one.filename.encode())
    return start, start + info.compress_size, place


def added(name: str, data: bytes = b"x", mode: int = stat.S_IFREG | 0o644) -> bytes:
    """The archive with one more entry, of any name and kind."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in pack().items():
            archive.writestr(one, content)
        info = zipfile.ZipInfo("x")
        info.filename = info.orig_filename = name
        info.external_attr, info.create_system = mode << 16, 3
        archive.writestr(info, data)
    return out.getvalue()


# --- bits ---------------------------------------------------------------------------------------


@attack("flip a bit of a document")
def _() -> Files:
    return pack() | {RUNBOOK: flipped(pack()[RUNBOOK])}


@attack("flip a bit of a PDF")
def _() -> Files:
    return pack() | {"plans/1.1/runbook.pdf": flipped(pack()["plans/1.1/runbook.pdf"])}


@attack("flip a bit of packed data")
def _() -> bytes:
    start, end, _ = entry(NOTICE)
    return flipped(sent(), (start + end) // 2)


@attack("flip a bit of stored data")
def _() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in pack().items():
            archive.writestr(name, data)
    data = out.getvalue()
    return flipped(data, data.index(b"# Notice") + 3)


@attack("flip a bit of a name in the directory of the archive")
def _() -> bytes:
    return flipped(sent(), entry(NOTICE)[2] + 46 + 2)


@attack("flip a bit of a size in the directory of the archive")
def _() -> bytes:
    return flipped(sent(), entry(NOTICE)[2] + 24)


@attack("state another CRC")
def _() -> bytes:
    start, _, place = entry(NOTICE)
    data = bytearray(sent())
    crc = struct.pack("<L", zlib.crc32(b"other"))
    header = start - 30 - len(NOTICE)
    data[header + 14 : header + 18] = data[place + 16 : place + 20] = crc
    return bytes(data)


@attack("flip a bit of the manifest")
def _() -> Files:
    data = pack()["manifest.json"]
    return pack() | {"manifest.json": flipped(data, data.index(b"Acme"))}


@attack("flip a bit of SHA256SUMS")
def _() -> Files:
    return pack() | {"SHA256SUMS": flipped(pack()["SHA256SUMS"], 70)}


@attack("flip a bit of a signature")
def _() -> Files:
    return pack() | {"manifest.json.p7s": flipped(pack()["manifest.json.p7s"], -9)}


# --- files --------------------------------------------------------------------------------------


@attack("swap two files")
def _() -> Files:
    return pack() | {
        "plans/1.0/runbook.pdf": pack()["plans/1.1/runbook.pdf"],
        "plans/1.1/runbook.pdf": pack()["plans/1.0/runbook.pdf"],
    }


@attack("put one file in the place of another")
def _() -> Files:
    return pack() | {"plans/1.1/runbook.md": pack()["plans/1.0/runbook.md"]}


@attack("add a file")
def _() -> Files:
    return pack() | {"incidents/INC-2/record.yaml": b"id: INC-2\n"}


@attack("drop a file")
def _() -> Files:
    return without(pack(), "incidents/INC-1/record.yaml")


@attack("drop an incident and make manifest and SHA256SUMS anew")
def _() -> Files:
    return resealed(without(pack(), "incidents/INC-1/record.yaml", NOTICE))


@attack("rename a file")
def _() -> Files:
    return without(pack(), NOTICE) | {"incidents/INC-1/letter.md": pack()[NOTICE]}


@attack("drop the manifest")
def _() -> Files:
    return without(pack(), "manifest.json")


@attack("drop SHA256SUMS")
def _() -> Files:
    return without(pack(), "SHA256SUMS")


# --- manifest and signatures --------------------------------------------------------------------


def appended(data: bytes) -> bytes:
    """A PDF with a changed title in an update at its end, as an editor saves it."""
    size = max(int(number) for number in re.findall(rb"(\d+) 0 obj", data)) + 1
    start = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    with pikepdf.open(io.BytesIO(data)) as opened:
        root = opened.Root.objgen[0]
        page = opened.pages[0].obj.objgen[0]
        parent = opened.Root.Pages.objgen[0]
    body = b"%d 0 obj\n<</Type/Page/Parent %d 0 R/MediaBox[0 0 500 700]>>\nendobj\n" % (page, parent)
    xref = b"xref\n%d 1\n%010d 00000 n \n" % (page, len(data))
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (size, root, start)
    return data + body + xref + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(body))


@attack("edit a signed PDF incrementally and make manifest and SHA256SUMS anew")
def _() -> Files:
    return resealed(pack() | {COVER: appended(pack()[COVER])})


@attack("change the manifest and make SHA256SUMS anew")
def _() -> Files:
    return rewritten(pack(), b"Acme Health", b"Acme Wealth")


@attack("change a file, make everything anew, leave the signatures away")
def _() -> Files:
    return sealed(parts() | {NOTICE: b"# Another notice\n"}, replace(META, signers=()))


@attack("change a file, make everything anew, sign as a stranger of the same name")
def _() -> Files:
    stranger = issue("Ada Owner")
    return signed(
        sealed(parts() | {NOTICE: b"# Another notice\n"}, replace(META, signers=("Ada Owner",))), stranger
    )


@attack("take the signatures of the manifest away")
def _() -> Files:
    return without(pack(), "manifest.json.p7s", "manifest-2.json.p7s")


@attack("take one signature of the manifest away")
def _() -> Files:
    return without(pack(), "manifest-2.json.p7s")


@attack("take the signature of a PDF away and make manifest and SHA256SUMS anew")
def _() -> Files:
    return resealed(pack() | {COVER: pdf(2, "Cover")})


@attack("put another document under the signature's name")
def _() -> Files:
    return resealed(pack() | {COVER: cover(1)})


@attack("state another number of pages")
def _() -> Files:
    return rewritten(pack(), b'"pages": 3', b'"pages": 4')


@attack("sign with a certificate that had expired")
def _() -> Files:
    late = issue("Ada Owner", None, valid_from=NOW - timedelta(days=800), days=400)
    return signed(sealed(parts(), replace(META, signers=())), late)


# --- other packs and releases -------------------------------------------------------------------


def older() -> Files:
    meta = replace(META, versions=("1.0",), period=("2025-01-01", "2025-12-31"))
    kept = {name: data for name, data in parts().items() if not name.startswith("plans/1.1/")}
    return signed(sealed(kept, meta), at=NOW - timedelta(days=100))


@attack(
    "send the pack of the year before", options=("--trust", "CA", "--expect-period", "2026-01-01..2026-12-31")
)
def _() -> Files:
    return older()


@attack("send a pack without the newest version", options=("--trust", "CA", "--expect-version", "1.1"))
def _() -> Files:
    return older()


@attack("send an older pack", options=("--trust", "CA", "--signed-after", "2026-11-01"))
def _() -> Files:
    return older()


@attack("send the pack of another plan", options=("--trust", "CA", "--expect-plan", "acme-triage"))
def _() -> Files:
    return pack()


@attack("put the older release under the newer version and make the rest anew")
def _() -> Files:
    return resealed(pack() | under("plans/1.1", release("1.0")))


@attack("put an older approval beside a newer release and make the rest anew")
def _() -> Files:
    return resealed(pack() | {"plans/1.1/approvals.yaml": pack()["plans/1.0/approvals.yaml"]})


@attack("change a release, keep its approval, make the rest anew")
def _() -> Files:
    return resealed(pack() | under("plans/1.1", without(release("1.1", title="Weaker"), "approvals.yaml")))


@attack("change a document of a release and make the outer manifest anew")
def _() -> Files:
    return resealed(pack() | {RUNBOOK: b"# Weaker\n"})


@attack("leave a whole version out and make the manifest anew")
def _() -> Files:
    return resealed({name: data for name, data in pack().items() if not name.startswith("plans/1.0/")})


# --- archives made to do harm -------------------------------------------------------------------


@attack("a name that leaves the folder")
def _() -> bytes:
    return added("../../evil.sh")


@attack("an absolute name")
def _() -> bytes:
    return added("/tmp/evil.sh")


@attack("a name for another drive")
def _() -> bytes:
    return added("C:/evil.bat")


@attack("a name with backslashes")
def _() -> bytes:
    return added("..\\..\\evil.bat")


@attack("a name that steers the terminal")
def _() -> bytes:
    return added("ok\x1b[2K\rNothing is wrong")


@attack("a symbolic link")
def _() -> bytes:
    return added("link", b"/etc/passwd", stat.S_IFLNK | 0o777)


@attack("a file twice, the second one bad")
def _() -> bytes:
    return added(NOTICE, b"# Another notice\n")


@attack("a name that differs but for case")
def _() -> bytes:
    return added(NOTICE.upper())


@attack("data before the archive")
def _() -> bytes:
    return b"#!/bin/sh\n" + sent()


@attack("data after the archive")
def _() -> bytes:
    return sent() + b"more"


@attack("a cut archive")
def _() -> bytes:
    return sent()[:-30]


@attack("an empty file", exit_code=2)
def _() -> bytes:
    return b""


@attack("no archive at all", exit_code=2)
def _() -> bytes:
    return b"%PDF-1.7 hello"


def zeros(mib: int) -> bytes:
    """`mib` MiB of zeros, packed: ten GiB are ten MB. After a full flush each block stands alone, so one is enough."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * mib + b"\x03\x00"


def raw(entries: list[tuple[str, bytes, int, int]]) -> bytes:
    """An archive of (name, packed data, stated size, stated CRC)."""
    body, directory = b"", b""
    for name, data, size, crc in entries:
        about = struct.pack("<4H3L2H", 0x800, 8, 0, 0x21, crc, len(data), size, len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<2H", 20, 20) + about
        directory += struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\x03\x04" + struct.pack("<H", 20) + about + name.encode() + data
    end = struct.pack("<4H2LH", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


@attack("10 GiB of zeros, with their size stated as far as it goes", bomb=True)
def _() -> bytes:
    return raw([("zeros.bin", zeros(10 * 1024), 0xFFFFFFF0, 0)])


@attack("10 GiB of zeros that claim to be 60 MiB", bomb=True)
def _() -> bytes:
    return raw([("zeros.bin", zeros(10 * 1024), 60 * MIB, 0)])


@attack("many files of 60 MiB each", bomb=True)
def _() -> bytes:
    """Each is padded so that it packs no better than allowed; together they are 2.4 GiB."""
    data = zeros(60) + bytes(MIB)
    return raw([(f"zeros-{number}.bin", data, 60 * MIB, 0) for number in range(40)])


@attack("entries that overlap and quote each other", bomb=True)
def _() -> bytes:
    """All 2,000 share one block of zeros: the data of each is the header of the next, quoted as stored, and so on."""
    block, header, directory, ends = zeros(21), b"", b"", []
    for number in reversed(range(2000)):
        if header:
            block = b"\x00" + struct.pack("<2H", len(header), len(header) ^ 0xFFFF) + header + block
        name = b"%04d" % number
        about = struct.pack("<4H3L2H", 0x800, 8, 0, 0x21, 0, len(block), 22 * MIB, len(name), 0)
        header = b"PK\x03\x04" + struct.pack("<H", 20) + about + name
        ends.append((about, name, len(header) + len(block)))
    body = header + block
    for about, name, length in reversed(ends):
        directory += b"PK\x01\x02" + struct.pack("<2H", 20, 20) + about
        directory += struct.pack("<3H2L", 0, 0, 0, 0, len(body) - length) + name
    end = struct.pack("<4H2LH", 0, 0, len(ends), len(ends), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


@attack("an archive inside of the archive, itself a bomb", bomb=True)
def _() -> Files:
    return pack() | {"inner.zip": raw([("zeros.bin", zeros(10 * 1024), 0xFFFFFFF0, 0)])}


# --- files made to do harm ----------------------------------------------------------------------


@attack("a manifest of 60 MiB", bomb=True)
def _() -> bytes:
    return raw_stored({"manifest.json": b'{"_type": "' + b"x" * (60 * MIB) + b'"}'})


def raw_stored(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@attack("a manifest of a million lists", bomb=True)
def _() -> bytes:
    return raw_stored({"manifest.json": b"[" + b"[]," * 1_000_000 + b"[]]"})


@attack("a manifest nested a hundred thousand deep", bomb=True)
def _() -> bytes:
    return raw_stored({"manifest.json": b'{"_type":' + b"[" * 100_000 + b"]" * 100_000 + b"}"})


@attack("a manifest that is no JSON")
def _() -> Files:
    return pack() | {"manifest.json": b"<html>"}


@attack("a manifest of another type")
def _() -> Files:
    return rewritten(pack(), b"urn:airplan:evidence:1", b"urn:airplan:evidence:9")


@attack("a manifest that names files outside")
def _() -> Files:
    return rewritten(pack(), b'"name": "drills/stop.json"', b'"name": "../../etc/passwd"')


@attack("a manifest with a key twice")
def _() -> Files:
    return rewritten(pack(), b'"redacted": null', b'"redacted": null, "redacted": "auditor"')


@attack("a release.yaml that grows by aliases", bomb=True)
def _() -> Files:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]" for number in range(1, 12)]
    return resealed(pack() | {"plans/1.1/release.yaml": "\n".join(lines).encode()})


@attack("a PDF of one megabyte whose table of objects is a gigabyte", bomb=True)
def _() -> Files:
    return resealed(pack() | {"plans/1.1/runbook.pdf": table_bomb(1024)})


@attack("a signed PDF whose table of objects is a gigabyte", bomb=True)
def _() -> Files:
    return resealed(pack() | {COVER: table_bomb(1024) + b"% /ByteRange\n"})


@attack("a signed PDF with millions of objects in its table", bomb=True)
def _() -> Files:
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    count = 3_000_000
    rows = b"0000000009 00000 n \n" * count
    table = b"xref\n0 %d\n" % count + rows + b"trailer\n<</Size %d/Root 1 0 R>>\n%% /ByteRange\n" % count
    return resealed(pack() | {COVER: head + table + b"startxref\n%d\n%%%%EOF\n" % len(head)})


@cache
def table_bomb(mib: int) -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    check = 1
    for _ in range(mib):
        check = zlib.adler32(bytes(MIB), check)
    stream = b"\x78\xda" + zeros(mib) + struct.pack(">L", check)
    about = b"3 0 obj\n<</Type/XRef/Size %d/W[1 4 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    row = about % (mib * MIB // 6, len(stream)) + stream + b"\nendstream\nendobj\n"
    return head + row + b"startxref\n%d\n%%%%EOF\n" % len(head)


@attack("a signature of 50 MiB", bomb=True)
def _() -> Files:
    noise = random.Random(1).randbytes(50 * MIB)
    return pack() | {"manifest.json.p7s": b"\x30\x84\x03\x1f\xff\xfa" + noise}
