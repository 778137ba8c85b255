"""Archives: the same bytes for the same files, and nothing read that could do harm."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.evidence.archive import (
    LIMITS,
    MIB,
    BadArchive,
    NoArchive,
    name_clashes,
    name_fault,
    read_archive,
    shown,
    write_archive,
)

FILES = {
    "plan.json": b'{"a": 1}\n' * 50,
    "b/Zürich.txt": "größer".encode(),
    "empty": b"",
    "z.bin": bytes(range(256)) * 20,
}


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, **about: object) -> bytearray:
    """An archive as a stranger's program would write it, with names as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.filename = name  # ZipInfo cleans some names
            info.compress_type = method
            info.create_system = 3
            info.external_attr = about.get("mode", stat.S_IFREG | 0o644) << 16
            info.extra = about.get("extra", b"")
            archive.writestr(info, data)
    return bytearray(out.getvalue())


def central(data: bytes, nth: int = 0) -> int:
    """Where the nth entry of the directory begins."""
    place = struct.unpack_from("<L", data, len(data) - 6)[0]
    for _ in range(nth):
        place += 46 + sum(struct.unpack_from("<3H", data, place + 28))
    return place


def faults(data: bytes, **limits: int) -> str:
    with pytest.raises(BadArchive) as caught:
        read_archive(bytes(data), replace(LIMITS, **limits))
    return str(caught.value)


# --- writing -----------------------------------------------------------------------------


def test_what_is_written_is_read_and_sorted():
    archive = read_archive(write_archive(FILES))
    assert dict(archive) == FILES
    assert list(archive) == sorted(FILES)


def test_the_bytes_depend_on_the_files_alone():
    data = write_archive(FILES)
    assert write_archive(dict(reversed(FILES.items()))) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            assert (info.date_time, info.create_system, info.extra) == ((1980, 1, 1, 0, 0, 0), 3, b"")
            assert info.external_attr >> 16 == stat.S_IFREG | 0o644
        assert archive.testzip() is None
        assert archive.read("b/Zürich.txt") == FILES["b/Zürich.txt"]


@pytest.mark.parametrize("name", ["../x", "/x", "a\\b", "c:x", "a//b", "con.txt", "x\n", "a/./b", ""])
def test_no_archive_is_written_that_would_not_be_read(name):
    with pytest.raises(ValueError):
        write_archive({name: b""})


def test_clashing_names_are_not_written():
    with pytest.raises(ValueError, match=r"a\.md"):
        write_archive({"A.md": b"", "a.md": b""})


def test_a_very_repetitive_file_is_stored_so_that_it_is_no_bomb():
    files = {"zeros": bytes(3 * MIB)}
    assert dict(read_archive(write_archive(files))) == files


@given(st.dictionaries(st.text(max_size=12), st.binary(max_size=200), max_size=6))
def test_any_files_come_back_or_are_refused_for_a_reason(files):
    try:
        data = write_archive(files)
    except ValueError:
        assert [name for name in files if name_fault(name)] or name_clashes(list(files))
    else:
        assert dict(read_archive(data)) == files


# --- names -------------------------------------------------------------------------------

NAMES = {
    "../evil": "is . or .. or empty",
    "a/../../evil": "is . or .. or empty",
    "/etc/passwd": "absolute",
    "C:/evil": "absolute",
    "C:evil": "absolute",
    "..\\evil": "backslash",
    "a\\b": "backslash",
    "a\x1b[2J": "control character",
    "a\u202egpj.exe": "unseen mark",
    "a//b": "is . or .. or empty",
    "./a": "is . or .. or empty",
    "ab:c": "the character :",
    "a?b": "the character ?",
    "NUL": "device",
    "x/com1.txt": "device",
    "a./b": "dot or a blank",
    "b ": "dot or a blank",
    "x" * 300: "300 characters",
    "a/" * 16 + "b": "17 parts",
}


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])
def test_names_that_could_leave_the_folder_are_refused(name):
    said = faults(packed({"good": b"x", name: b"y"}))
    assert NAMES[name] in said
    assert said.isprintable()
    assert said.startswith(shown(name))


@pytest.mark.parametrize(
    "name", ["a", "a/b.md", "Zürich.txt", "a b.md", ".airplan", "..a", "notices/BaFin (1).md"]
)
def test_usual_names_are_fine(name):
    assert name_fault(name) is None


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (("a", "a"), "there twice"),
        (("A", "a"), "but for case"),
        (("Z\u00fcrich", "Zu\u0308rich"), "normal form"),
        (("STRASSE", "straße"), "but for case"),
        (("a", "a/b"), "needs a folder"),
        (("A", "a/b/c"), "needs a folder"),
    ],
)
def test_clashes_are_named(names, word):
    assert word in str(name_clashes(names)[0])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_second_of_two_entries_is_not_quietly_taken():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("plan.json", b"good")
        archive.writestr("plan.json", b"bad")
    assert faults(out.getvalue()) == "plan.json: is there twice"


def test_a_name_of_many_bytes_is_not_even_decoded():
    assert faults(packed({"a": b"x", "é" * 600: b"y"})) == "a name of 1200 bytes in the directory after a"


# --- kinds of entries --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "word"),
    [
        (stat.S_IFLNK | 0o777, "symbolic link"),
        (stat.S_IFIFO | 0o644, "neither a file nor a folder"),
        (stat.S_IFCHR | 0o644, "neither a file nor a folder"),
        (stat.S_IFDIR | 0o755, "neither a file nor a folder"),
        (stat.S_IFREG | 0o4755, "special permission bits"),
    ],
)
def test_only_plain_files_are_read(mode, word):
    assert word in faults(packed({"x": b"/etc/passwd"}, mode=mode))


def test_a_folder_entry_is_passed_over_and_one_with_data_refused():
    assert dict(read_archive(bytes(packed({"a/": b"", "a/b": b"x"}, mode=0)))) == {"a/b": b"x"}
    assert "folder with data" in faults(packed({"a/": b"hidden", "a/b": b"x"}, mode=0))


def test_encrypted_entries_and_unknown_methods_are_refused():
    data = packed({"x": b"abc"})
    data[6] |= 1
    data[central(data) + 8] |= 1
    assert "encrypted" in faults(data)
    assert "method 12" in faults(packed({"x": b"abc" * 99}, zipfile.ZIP_BZIP2))


@pytest.mark.parametrize("kind", [0x7075, 0x0001, 0x9901])
def test_extra_fields_that_could_carry_another_truth_are_refused(kind):
    data = packed({"x": b"abc"}, extra=struct.pack("<2HB", kind, 1, 1))
    assert f"0x{kind:04x}" in faults(data)


def test_an_archive_made_by_another_program_is_read():
    """Times in extra fields, a data descriptor, a folder entry: what unpacking and packing again leaves."""

    class Pipe(io.BytesIO):
        """Cannot be sought in, so zipfile writes data descriptors."""

        def seek(self, *_: int) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("a/x", (2026, 11, 24, 10, 0, 0))
        info.extra = struct.pack("<2HBL", 0x5455, 5, 1, 0)
        archive.writestr(info, b"abc" * 100)
        archive.writestr("b", b"d")
    data = out.getvalue()
    assert b"PK\x07\x08" in data
    assert dict(read_archive(data)) == {"a/x": b"abc" * 100, "b": b"d"}
    wrong = bytearray(data)
    wrong[data.index(b"PK\x07\x08") + 4] ^= 1
    assert "data descriptor" in faults(wrong)


# --- bytes that do not belong ------------------------------------------------------------


def test_data_before_between_and_after_is_refused():
    data = bytes(packed({"a": b"abc" * 20, "b": b"def" * 20}))
    assert "before or inside" in faults(b"#!/bin/sh\n" + data)
    assert "4 bytes after the end" in faults(data + b"more")
    moved = bytearray(data)
    cut = central(moved)
    struct.pack_into("<L", moved, len(moved) - 6, cut + 3)
    assert "before the directory" in faults(moved[:cut] + b"xyz" + moved[cut:])
    second = data.index(b"PK\x03\x04", 4)
    between = bytearray(data[:second] + b"xyz" + data[second:])
    struct.pack_into("<L", between, len(between) - 6, cut + 3)
    struct.pack_into("<L", between, central(between, 1) + 42, second + 3)
    assert faults(between) == "b: leaves bytes that no entry owns after a"


def test_overlapping_entries_are_refused_before_anything_is_unpacked():
    data = packed({"a": b"abc" * 20, "b": b"def" * 20})
    struct.pack_into("<L", data, central(data, 1) + 42, 0)
    assert "overlaps" in faults(data)


@pytest.mark.parametrize("place", [26, 30, 14, 18, 22, 8])
def test_a_local_header_that_tells_another_story_is_refused(place):
    data = packed({"abc": b"abc" * 20})
    data[place] ^= 1
    assert re.search("abc: .*local header", faults(data))


def test_a_second_end_record_or_a_comment_is_refused():
    data = bytes(packed({"a": b"abc"}))
    assert "after the end" in faults(data[:-2] + b"\x05\x00hello")
    assert faults(data + data)


def test_what_is_no_archive_is_the_callers_mistake(tmp_path):
    for data in (b"", b"hello", b"%PDF-1.7\n" * 10):
        with pytest.raises(NoArchive):
            read_archive(data)
    with pytest.raises(NoArchive, match="cannot be read"):
        read_archive(tmp_path / "none.zip")


def test_a_truncated_archive_is_damaged_at_every_length():
    data = bytes(packed({"a": b"abc" * 30, "b": b"x"}))
    for length in range(4, len(data)):
        with pytest.raises(BadArchive):
            read_archive(data[:length])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_no_single_bit_can_change_a_file_unseen(method):
    files = {"a": b"abc" * 30, "b/c": b"x"}
    data = bytes(packed(files, method))
    for place in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[place] ^= 1 << bit
            try:
                read = dict(read_archive(bytes(changed)))
            except (BadArchive, NoArchive):
                continue
            assert read == files


# --- limits ------------------------------------------------------------------------------


def test_each_limit_is_held():
    data = packed({"a": b"abcdefgh" * 8, "b": b"x" * 64}, zipfile.ZIP_STORED)
    assert "2 entries; 1 are allowed" in faults(data, entries=1)
    assert "a: is 0 MiB unpacked" in faults(data, file=63)
    assert "the files are" in faults(data, total=127)
    assert "larger than" in faults(data, archive=100)
    assert "times its packed size; 200 times is allowed" in faults(packed({"zeros": bytes(2 * MIB)}))
    assert dict(read_archive(bytes(data), replace(LIMITS, entries=2, file=64, total=128)))


def test_a_size_that_lies_is_caught_while_unpacking():
    data = packed({"a": bytes(5 * MIB), "b": b"x"})
    for place in (22, central(data) + 24):
        struct.pack_into("<L", data, place, 100)
    assert faults(data) == "a: unpacks to more than the 100 bytes that the archive states"


def test_a_crc_that_lies_is_caught():
    data = packed({"a": b"abc" * 30})
    for place in (14, central(data) + 16):
        struct.pack_into("<L", data, place, zlib.crc32(b"other"))
    assert "a: its content does not fit its CRC-32" in faults(data)


def test_many_faults_are_counted_not_printed():
    said = faults(packed({f"../{number}": b"" for number in range(100)}))
    assert said.endswith("and 88 more faults")
    assert len(said.splitlines()) == 13


@given(st.binary(max_size=300))
def test_noise_is_refused_for_a_reason(noise):
    for data in (noise, b"PK\x03\x04" + noise, noise + b"PK\x05\x06" + bytes(18)):
        with suppress(BadArchive, NoArchive):
            read_archive(data)
