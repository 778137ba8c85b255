"""`airplan verify`: what it says of sound packs, folders, releases and signatures, and of wrong calls."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from generator.evidence.archive import write_archive
from generator.evidence.manifest import (
    BadManifest,
    Subject,
    evidence_manifest,
    load_json,
    read_statement,
    read_sums,
    sha256,
    signature_name,
    signature_number,
    sums_bytes,
)
from generator.evidence.signing import sign_detached
from generator.evidence.verify import compare
from generator.workflows import verification
from tests.cli.run import MINIMAL, airplan
from tests.evidence import attacks
from tests.evidence.authority import NOW, honest_answer, issue, owner, root, timestamp_server
from tests.evidence.packs import (
    COVER,
    META,
    Files,
    _signer,
    cover,
    pack,
    parts,
    release,
    sealed,
    signed,
    under,
    write,
)

KEYS = [
    "pack", "verified", "kind", "plan", "versions", "client", "period", "redacted", "files", "manifest_sha256",
    "signatures", "expected", "findings",
]  # fmt: skip


@pytest.fixture
def ca(tmp_path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(root().pem)
    return path


def zipped(folder: Path, files: Files) -> Path:
    path = folder / "pack.zip"
    path.write_bytes(write_archive(files))
    return path


def answer(*words: object, exit_code: int = 0) -> dict[str, object]:
    result = airplan("verify", *words, "--json")
    assert result.exit_code == exit_code, result.output
    data = json.loads(result.stdout)
    assert list(data) == KEYS
    assert data["verified"] == (exit_code == 0)
    return data


def lines(data: dict[str, object], level: str) -> list[str]:
    return [
        f"{one['file']}: {one['what']}" if one["file"] else one["what"]
        for one in data["findings"]
        if one["level"] == level
    ]


def said(data: dict[str, object], level: str, words: str) -> bool:
    return any(words in line for line in lines(data, level))


# --- a sound pack --------------------------------------------------------------------------


def test_a_signed_pack_says_whose_it_is_and_what_is_proven(tmp_path, ca):
    data = answer(zipped(tmp_path, pack()), "--trust", ca, "--expect-plan", "acme-scribe")
    assert (data["kind"], data["plan"], data["client"]) == ("evidence pack", "acme-scribe", META.client)
    assert data["versions"] == ["1.0", "1.1"]
    assert data["period"] == {"from": "2026-01-01", "to": "2026-12-31"}
    assert data["manifest_sha256"] == sha256(pack()["manifest.json"])
    assert [(one["file"], one["signer"], one["verdict"]) for one in data["signatures"]] == [
        ("manifest.json.p7s", "Ada Owner", "good"),
        ("manifest-2.json.p7s", "Ben Approver", "good"),
        (COVER, "Ada Owner", "good"),
    ]
    assert lines(data, "fail") == lines(data, "warning") == []
    for words in (
        "all of the 16 files that manifest.json names are there, each with its SHA-256, and there are no others",
        "SHA256SUMS names the same files",
        "3 PDFs have as many pages as stated",
        "1 signed PDF begins with the unsigned document",
        "manifest.json.p7s: Ada Owner signed manifest.json, and through it every file",
        "plans/1.0/: version 1.0 is whole, 3 files",
        "plans/1.1/approvals.yaml: the record of Ben Approver (privacy officer)",
        "1 drill with an evidence file in the pack",
    ):
        assert said(data, "proven", words), words
    for words in (
        "when Ada Owner signed: at 2026-11-24 09:30+00:00 by the signer's own clock",
        "revoked",
        "drills that are asserted without an evidence file: 2026-09-10",
    ):
        assert said(data, "not proven", words), words


def test_without_trust_and_expectation_the_answer_says_how_little_that_is(tmp_path):
    result = airplan("verify", zipped(tmp_path, pack()))
    assert result.exit_code == 0
    assert "that Ada Owner is who signed: no chain leads to a certificate that you trust" in result.stdout
    assert "that this is the pack that you asked for: a whole older pack is just as sound" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("Nothing is wrong; 8 things are not proven")
    assert result.stderr == ""


def test_an_unsigned_pack_proves_little(tmp_path):
    data = answer(
        zipped(tmp_path, sealed(parts(), replace(META, signers=(), gaps=("INC-7 is not numbered",))))
    )
    assert said(data, "not proven", "who made the pack, and when: manifest.json is not signed")
    assert said(data, "not proven", "as the pack itself says: INC-7 is not numbered")


def test_a_timestamp_proves_when(tmp_path, ca):
    files = sealed(parts(), replace(META, signers=("Ada Owner",)))
    with timestamp_server(lambda query: honest_answer(query, NOW)) as address:
        made = sign_detached(files["manifest.json"], _signer(owner()), signed_at=NOW, timestamp_url=address)
    pack_file = zipped(tmp_path, files | {"manifest.json.p7s": made})
    data = answer(pack_file, "--trust", ca, "--signed-after", "2026-11-24T09:00")
    assert said(data, "proven", "Ada Owner had signed by 2026-11-24 09:30+00:00: timestamp of Example Time")
    assert said(data, "proven", "was signed after 2026-11-24 09:00+00:00, as expected")
    data = answer(pack_file)
    assert said(
        data,
        "not proven",
        "when Ada Owner signed: the timestamp of 2026-11-24 09:30+00:00 is by Example Time",
    )


def test_the_readers_expectations(tmp_path, ca):
    file = zipped(tmp_path, pack())
    mark = sha256(pack()["manifest.json"])
    good = (
        "--trust",
        ca,
        "--expect-signer",
        "ben approver",
        "--expect-manifest",
        mark.upper(),
        "--expect-version",
        "1.0",
    )
    assert not said(answer(file, *good), "not proven", "that this is the pack")
    for options, words in (
        (
            ("--expect-signer", "Cleo"),
            "manifest.json: is not signed by Cleo with a certificate that you trust",
        ),
        (("--expect-manifest", "0" * 64), "manifest.json: is another than expected"),
        (("--expect-version", "2.0"), "manifest.json: holds no version 2.0"),
        (
            ("--at", "2029-01-01"),
            "the certificate of Ada Owner was not valid on 2029-01-01 00:00+00:00 (as given by --at)",
        ),
    ):
        assert said(answer(file, "--trust", ca, *options, exit_code=1), "fail", words), options
    unsigned = zipped(tmp_path, sealed({"a.md": b"x"}, replace(META, signers=(), versions=())))
    for options in (("--trust", ca), ("--signed-after", "2026-01-01")):
        assert said(
            answer(unsigned, *options, exit_code=1), "fail", "manifest.json: has no checked signature"
        )


def test_without_the_library_signatures_are_said_to_be_unchecked(tmp_path, ca, monkeypatch):
    monkeypatch.setitem(sys.modules, "generator.evidence.signature_check", None)
    file = zipped(tmp_path, pack())
    data = answer(file)
    assert data["signatures"] == []
    result = airplan("verify", file)
    there = "manifest.json.p7s, manifest-2.json.p7s, 00-cover.pdf"
    assert (
        f"  the signatures of {there}: they are there and were not checked; install airplan-cli[sign] to check signatures"
        in result.stdout.splitlines()
    )
    assert said(answer(file, "--trust", ca, exit_code=1), "fail", "manifest.json: has no checked signature")


def test_another_signer_than_announced_is_said(tmp_path, ca):
    data = answer(zipped(tmp_path, signed(sealed(parts()), owner(), owner())), "--trust", ca)
    words = "manifest-2.json.p7s: is by Ada Owner, and manifest.json announces Ben Approver in this place"
    assert lines(data, "warning") == [words]


def test_archives_in_a_pack_are_not_opened(tmp_path):
    files = parts() | {"drills/logs.zip": b"PK\x03\x04" + b"x" * 99, "drills/minutes.docx": b"PK\x03\x04"}
    data = answer(zipped(tmp_path, sealed(files, replace(META, signers=()))))
    words = "what is inside of archives in the pack, which are not opened: drills/logs.zip"
    assert words in lines(data, "not proven")


def test_a_certificate_that_only_vouches_for_itself_is_said_so(tmp_path):
    alone = issue("Ada Owner")
    data = answer(zipped(tmp_path, signed(sealed(parts(), replace(META, signers=("Ada Owner",))), alone)))
    assert said(data, "not proven", "that Ada Owner is who signed: the certificate vouches for itself")


def test_a_strangers_signed_document_is_no_promise_of_the_pack(tmp_path, ca):
    """A drill record signed elsewhere and edited later: shown, but the pack is still what was built."""
    files = parts() | {"drills/record.pdf": attacks.appended(cover(3))}
    data = answer(zipped(tmp_path, signed(sealed(files))), "--trust", ca)
    assert said(data, "warning", "drills/record.pdf: was changed after Ada Owner signed it")


def test_versions_of_a_redacted_pack_are_no_releases(tmp_path, ca):
    """They lie under `redacted/`; whole redacted packs: test_redaction.py."""
    data = answer(
        zipped(tmp_path, signed(sealed(parts(), replace(META, redacted="auditor")))),
        "--trust",
        ca,
        exit_code=1,
    )
    assert data["redacted"] == "auditor"
    assert said(data, "fail", "redacted/plans/1.1/: is missing")
    assert said(data, "not proven", "what was taken out")


def test_a_document_of_a_release_may_be_signed_in_the_pack(tmp_path, ca):
    """Signing appends: the unsigned beginning is the document that was released."""
    from generator.evidence.manifest import Unsigned
    from generator.evidence.signing import sign_pdf

    name = "plans/1.1/runbook.pdf"
    before = parts()[name]
    after = sign_pdf(
        before, _signer(owner()), name="Ada", role="owner", reason="x", signed_at=NOW, field_name="A"
    )
    about = {"unsigned": Unsigned(sha256(before), len(before))}
    data = answer(zipped(tmp_path, signed(sealed(parts() | {name: after}, **{name: about}))), "--trust", ca)
    assert said(data, "proven", "plans/1.1/: version 1.1 is whole")
    assert said(data, "proven", f"{name}: Ada Owner signed this document")
    assert said(data, "not proven", f"{name}: that only signatures were added since the release")
    wrong = signed(sealed(parts() | {name: after}, **{name: {"unsigned": Unsigned(sha256(b"x"), 1)}}))
    assert said(
        answer(zipped(tmp_path, wrong), exit_code=1), "fail", f"{name}: does not begin with the 1 bytes"
    )


# --- folders -------------------------------------------------------------------------------


def test_an_unpacked_pack_is_verified_as_its_archive(tmp_path, ca):
    folder = write(tmp_path / "pack", pack())
    data = answer(folder, "--trust", ca)
    assert lines(data, "proven") == lines(answer(zipped(tmp_path, pack()), "--trust", ca), "proven")
    (folder / ".DS_Store").write_bytes(b"x")
    assert said(answer(folder, exit_code=1), "fail", ".DS_Store: is not of the pack")


def test_links_in_a_folder_are_refused(tmp_path):
    folder = write(tmp_path / "pack", pack())
    (folder / "plans" / "more").symlink_to("/etc")
    (folder / "one").symlink_to("manifest.json")
    data = answer(folder, exit_code=1)
    assert lines(data, "fail") == ["one: is a symbolic link", "plans/more: is a symbolic link"]


def test_a_folder_without_end_is_refused(tmp_path):
    (tmp_path / "x").joinpath(*["a"] * 20).mkdir(parents=True)
    assert said(answer(tmp_path / "x", exit_code=1), "fail", "more than 16 folders in one another")


def test_a_built_pack(tmp_path):
    assert airplan("build", MINIMAL, "-o", tmp_path, "--format", "md").exit_code == 0
    folder = tmp_path / "minimal"
    data = answer(folder)
    assert (data["kind"], data["plan"], lines(data, "warning")) == ("pack", "minimal", [])
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    assert lines(answer(folder), "warning") == ["mine.txt: is not of the pack: the manifest does not name it"]
    (folder / "runbook.md").write_text("other", encoding="utf-8")
    assert said(answer(folder, exit_code=1), "fail", "runbook.md: was changed")


def test_a_release(tmp_path):
    folder = write(tmp_path / "1.1", release("1.1"))
    data = answer(folder)
    assert data["kind"] == "release"
    assert said(data, "proven", "version 1.1 is whole, 3 files")
    assert said(data, "proven", "approvals.yaml: the record of Ben Approver")
    assert said(
        data,
        "not proven",
        "drills whose evidence file is not supplied or differs: 2026-02-19 (evidence/stop.json)",
    )
    (folder / "approvals.yaml").unlink()
    assert said(answer(folder), "not proven", "NOT APPROVED")
    (folder / "extra.md").write_text("x", encoding="utf-8")
    text = (folder / "release.yaml").read_text(encoding="utf-8")
    (folder / "release.yaml").write_text(text.replace('version: "1.1"', 'version: "1.0"'), encoding="utf-8")
    wrong = answer(folder, exit_code=1)
    assert said(wrong, "fail", "extra.md: is not of the pack")
    assert said(wrong, "fail", "release.yaml: is of version 1.0, not of 1.1")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("release.yaml", b"\xff", "release.yaml: line 1: not UTF-8 text"),
        ("release.yaml", b"schema: 1\n", "release.yaml: line 1: plan"),
        ("approvals.yaml", b"[", "approvals.yaml: line"),
        ("approvals.yaml", b"x: " + b"y" * 2_100_000, "approvals.yaml: line 1: larger than"),
        ("manifest.json", b"{}", "manifest.json: is no manifest of ours"),
        ("plan.json", b"[]", "plan.json: its id is nothing, not acme-scribe as released"),
        ("plan.json", b"[" * 20_000, "plan.json: is nested too deep"),
    ],
)
def test_broken_records_of_a_release_are_named(name, data, words, tmp_path):
    files = parts() | {f"plans/1.1/{name}": data}
    found = answer(zipped(tmp_path, sealed(files, replace(META, signers=()))), exit_code=1)
    assert said(found, "fail", f"plans/1.1/{words}"), lines(found, "fail")


def test_a_release_without_its_record_is_named(tmp_path):
    files = {name: data for name, data in parts().items() if name != "plans/1.1/release.yaml"}
    found = answer(zipped(tmp_path, sealed(files, replace(META, signers=()))), exit_code=1)
    assert said(found, "fail", "plans/1.1/release.yaml: is missing")
    more = sealed(parts() | under("plans/9.9", release("1.0")), replace(META, signers=()))
    assert said(
        answer(zipped(tmp_path, more), exit_code=1),
        "fail",
        "plans/9.9/: is a version that manifest.json does not list",
    )


def test_a_pack_one_folder_deeper_is_explained(tmp_path):
    result = airplan("verify", zipped(tmp_path, under("evidence", pack())))
    assert result.exit_code == 1
    mend = "give the folder evidence alone, or the archive as it was sent"
    assert f"  manifest.json: is missing: the pack lies one folder deeper; {mend}" in result.stdout


# --- wrong calls ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("none.zip",), "none.zip: cannot be read: No such file or directory"),
        (("text.txt",), "text.txt: is no ZIP archive"),
        (("pack.zip", "--trust", "none.pem"), "--trust none.pem: cannot be read: No such file or directory"),
        (("pack.zip", "--trust", "text.txt"), "--trust"),
        (("pack.zip", "--at", "yesterday"), "--at yesterday: write a time like"),
        (("pack.zip", "--expect-period", "2026"), "--expect-period 2026: write two days"),
        (("pack.zip", "--expect-period", "2026-02-01..2026-01-01"), "the last day is before the first"),
        (
            ("pack.zip", "--expect-manifest", "abc"),
            "--expect-manifest abc: a SHA-256 has 64 hexadecimal digits",
        ),
        (("pack.zip", "--expect-signer", "Ada"), "--expect-signer: anybody can write a name"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_2(words, fault, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    zipped(tmp_path, pack())
    Path("text.txt").write_text("hello", encoding="utf-8")
    result = airplan("verify", *words)
    assert result.exit_code == 2
    assert fault in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_the_limits_are_printed():
    shown = " ".join(airplan("verify", "--help").stdout.split())
    assert "archive 128 MiB, 20000 entries, one file 64 MiB, all files 1024 MiB unpacked" in shown


# --- limits of parsers ---------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_a_parser_that_takes_too_much_memory_is_stopped():
    with pytest.raises(verification.TooMuch, match="memory"):
        verification._Parsers().bounded(lambda: bytearray(2 * verification.PARSER_MEMORY))()
    assert len(bytearray(2 * verification.PARSER_MEMORY))  # and the limit is gone


def test_a_parser_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(verification, "FILE_SECONDS", 0.05)
    monkeypatch.setattr(verification, "PARSER_SECONDS", 0.08)

    def slow() -> None:
        try:
            time.sleep(5)
        except Exception:  # as a library does that takes every error for one of the file
            time.sleep(5)

    parsers = verification._Parsers()
    started = time.perf_counter()
    for words in ("longer", "longer", "no time left"):
        with pytest.raises(verification.TooMuch, match=words):
            parsers.bounded(slow)()
    assert time.perf_counter() - started < 2


# --- the manifest --------------------------------------------------------------------------


def test_compare_names_swaps_renames_and_copies():
    told = {"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}
    there = {"a": "2", "b": "1", "c": "9", "d": "5", "f": "5", "g": "3", "h": "8"}
    assert dict(compare(told, there)) == {
        "a": "was swapped with b: each holds the content of the other",
        "b": "was swapped with a: each holds the content of the other",
        "c": "was changed: its SHA-256 is not the one in the manifest",
        "d": "holds the content of e",
        "e": "is missing: it is there as f",
        "f": "is not of the pack under this name: it is e, renamed",
        "g": "is not of the pack: a copy of c",
        "h": "is not of the pack: the manifest does not name it",
    }
    assert dict(compare(told, told)) == {}


def test_what_is_written_is_read():
    subject = Subject("a.pdf", "0" * 64, "document", "internal", "plan 1.0", 3)
    statement = read_statement(evidence_manifest([subject], META))
    assert statement.subjects == (subject,)
    assert (statement.kind, statement.plan_id, statement.period) == ("evidence", "acme-scribe", META.period)
    assert (statement.signers, statement.tools, statement.dates) == (META.signers, META.tools, META.dates)


def test_unknown_keys_of_a_later_version_are_no_error():
    whole = json.loads(evidence_manifest([], META))
    whole["predicate"]["later"] = {"x": 1}
    whole["predicate"]["tools"]["new"] = {"x": 1}
    assert read_statement(json.dumps(whole).encode()).tools == META.tools


def test_every_fault_of_a_manifest_is_said_with_its_place():
    whole = json.loads(evidence_manifest([Subject("a", "0" * 64, "x"), Subject("b", "0" * 64, "x")], META))
    whole["subject"][0]["digest"] = {"sha256": "XYZ"}
    whole["subject"][1]["annotations"] = {"role": 3, "pages": True, "unsigned": {"sha256": 1}}
    whole["subject"] += [
        7,
        {"name": "SHA256SUMS", "digest": {"sha256": "1" * 64}, "annotations": {"role": "x"}},
    ]
    whole["predicate"]["plan"] = []
    whole["predicate"]["period"] = {"from": "2026-01-01"}
    with pytest.raises(BadManifest) as caught:
        read_statement(json.dumps(whole).encode())
    assert caught.value.faults == (
        "subject[0].digest.sha256: must be a SHA-256 in 64 small hexadecimal digits",
        "subject[1].annotations.unsigned.sha256: must be a SHA-256 in 64 small hexadecimal digits",
        "subject[1].annotations.role: must be text",
        "subject[1].annotations.pages: must be a whole number",
        "subject[2]: must be a mapping",
        "predicate.plan: must be a mapping",
        "predicate.plan.id: must be text",
        "predicate.plan.versions: must be a list of texts",
        "predicate.period.to: must be text",
        "names SHA256SUMS, which it cannot prove",
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is no JSON"),
        (b"\xff", "is not UTF-8"),
        (b'{"a": 1, "a": 2}', "the key a is there twice"),
        (b'{"a": NaN}', "holds NaN"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number that is too long"),
        (b"[" * 20_000, "nested too deep"),
        (b"[" + b"1," * 600_000 + b"1]", "more than 500000 values"),
    ],
)
def test_json_that_does_harm_is_refused(data, fault):
    with pytest.raises(BadManifest, match=fault):
        load_json(data)


def test_sums_are_what_sha256sum_reads():
    files = {
        "b/ü.md": b"x",
        "a": b"",
        "manifest.json": b"{}",
        "manifest.json.p7s": b"s",
        "SHA256SUMS": b"old",
    }
    made = sums_bytes(files)
    assert made == (f"{sha256(b'')}  a\n{sha256(b'x')}  b/ü.md\n{sha256(b'{}')}  manifest.json\n".encode())
    assert list(read_sums(made)) == ["a", "b/ü.md", "manifest.json"]
    for bad in (
        made[:-1],
        made + b"x\n",
        made + made,
        made + b"0" * 64 + b"  ../x\n",
        made.replace(b"\n", b"\r\n"),
        b"\xff",
    ):
        with pytest.raises(BadManifest):
            read_sums(bad)


def test_names_of_signatures():
    assert [signature_name(number) for number in (1, 2, 12)] == [
        "manifest.json.p7s",
        "manifest-2.json.p7s",
        "manifest-12.json.p7s",
    ]
    assert [signature_number(signature_name(number)) for number in (1, 2, 12)] == [1, 2, 12]
    for name in ("manifest-1.json.p7s", "manifest-0.json.p7s", "x/manifest.json.p7s", "manifest.json"):
        assert signature_number(name) is None
