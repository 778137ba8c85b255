"""Signatures: what a good one proves, and that each way to tamper is caught and named."""

from __future__ import annotations

import io
import logging
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr
from pyhanko.pdf_utils import generic

from generator.errors import UsageProblem
from generator.evidence.signature_block import SignatureBlock, set_text
from generator.evidence.signature_check import check_detached, check_pdf_signatures
from generator.evidence.signers import Signer, load_signer
from generator.evidence.signing import SignatureField, prepare_fields, sign_detached, sign_pdf
from generator.evidence.timestamps import TimestampFailed
from generator.model.signature import SignatureReport
from tests.evidence import authority
from tests.evidence.authority import NOW, PASSPHRASE, honest_answer, issue, root, timestamp_server
from tests.evidence.conftest import APPROVER_BLOCK, OWNER_BLOCK, make_pdf

Append = Callable[[bytes, Callable[[Any], None]], bytes]
TRUST = (root().pem,)
WORDS = {"name": "Ada Owner", "role": "Plan owner", "reason": "Approved", "signed_at": NOW}


def only(pdf: bytes, trust: tuple[bytes, ...] = TRUST) -> SignatureReport:
    (report,) = check_pdf_signatures(pdf, trust=trust)
    return report


# ---------------------------------------------------------------- good signatures


def test_a_good_signature_says_who_when_and_over_what(plain_pdf: bytes, signed: bytes) -> None:
    report = only(signed)
    assert report.verdict == "good"
    assert (report.field, report.signer, report.claimed_name) == ("owner", "Ada Owner", "Ada Owner")
    assert report.claimed_at == NOW
    assert report.claimed_reason == "I approve version 2.0, 100 %"
    assert (report.intact, report.covers, report.changes, report.weak) == (True, "whole file", (), ())
    assert (report.trust, report.in_date, report.judged_by) == ("trusted", True, "claim")
    assert signed.startswith(plain_pdf), "hash first, sign last: the unsigned file is the beginning"


def test_two_signers_in_order(signed_twice: bytes) -> None:
    owner, approver = check_pdf_signatures(signed_twice, trust=TRUST)
    assert (owner.verdict, owner.covers, owner.changes) == (
        "good",
        "revision",
        ("signature 'approver' was added",),
    )
    assert (approver.verdict, approver.covers, approver.signer) == ("good", "whole file", "Ben Approver")
    assert owner.revision < approver.revision == approver.revisions


def test_a_field_that_was_not_prepared_would_break_the_first_signature(
    plain_pdf: bytes, ada: Signer, ben: Signer
) -> None:
    once = sign_pdf(plain_pdf, ada, **WORDS, field_name="owner", block=OWNER_BLOCK)
    with pytest.raises(UsageProblem, match="prepared before the first one"):
        sign_pdf(once, ben, **WORDS, field_name="approver", block=APPROVER_BLOCK)


def test_an_invisible_signature(plain_pdf: bytes, ada: Signer) -> None:
    assert only(sign_pdf(plain_pdf, ada, **WORDS, field_name="owner")).verdict == "good"


def test_an_unsigned_pdf_has_no_reports(plain_pdf: bytes, prepared: bytes) -> None:
    assert check_pdf_signatures(plain_pdf, trust=TRUST) == ()
    assert check_pdf_signatures(prepared, trust=TRUST) == (), "an empty field is no signature"


def test_a_field_is_signed_once(signed: bytes, ben: Signer) -> None:
    with pytest.raises(UsageProblem, match="'owner' is signed already"):
        sign_pdf(signed, ben, **WORDS, field_name="owner")


def test_the_metadata_stays_that_of_the_plan(plain_pdf: bytes, signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(plain_pdf)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        assert dict(before.docinfo) == dict(after.docinfo)


# ---------------------------------------------------------------- the visible block


def test_the_block_shows_name_role_date_and_reason_in_shipped_type(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        (widget,) = [a for a in pdf.pages[0].Annots if a.get("/T") == "owner"]
        look = widget.AP.N
        font = look.Resources.Font["/F1"]
        assert "IBMPlexSans" in str(font.BaseFont)
        assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        assert "/ToUnicode" in font
        assert int(widget.F) & 4, "it prints"
    shown = subprocess.run(
        ["pdftotext", "-layout", "-f", "1", "-l", "1", "-", "-"],
        input=signed,
        capture_output=True,
        check=True,
    )
    text = " ".join(shown.stdout.decode().split())
    for words in (
        "Signed by Ada Owner",
        "Plan owner",
        "2026-11-24 09:30 UTC",
        "Reason: I approve version 2.0, 100 %",
    ):
        assert words in text


def test_a_long_reason_is_broken_or_refused() -> None:
    block = SignatureBlock(1, 0, 0, 200, 80)
    text = set_text(["Signed by Ada", "word " * 30], block)
    assert text.text.count("\n") > 2
    with pytest.raises(UsageProblem, match="does not fit into 200 x 80"):
        set_text(["word " * 400], block)


def test_a_name_that_the_shipped_type_lacks_is_refused_and_named(plain_pdf: bytes, ada: Signer) -> None:
    words = WORDS | {"name": "山田"}
    with pytest.raises(UsageProblem, match=r"U\+5C71.*without a visible block"):
        sign_pdf(plain_pdf, ada, **words, field_name="owner", block=OWNER_BLOCK)
    assert only(sign_pdf(plain_pdf, ada, **words, field_name="owner")).claimed_name == "山田"


def test_a_field_is_prepared_once_and_has_a_plain_name(prepared: bytes) -> None:
    with pytest.raises(UsageProblem, match="'owner' is there already"):
        prepare_fields(prepared, [SignatureField("owner", "Signature")])
    with pytest.raises(UsageProblem, match="letters, digits"):
        prepare_fields(prepared, [SignatureField("a.b", "Signature")])


def test_what_is_no_pdf_cannot_be_signed(ada: Signer) -> None:
    for data in (b"", b"%PDF-1.7", b"PK"):
        with pytest.raises(UsageProblem, match="the PDF cannot be signed"):
            sign_pdf(data, ada, **WORDS, field_name="owner")
        with pytest.raises(UsageProblem, match="the PDF cannot be signed"):
            prepare_fields(data, [SignatureField("owner", "Signature")])


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (SignatureBlock(9, 10, 10, 90, 90), "page 9 of 2"),
        (SignatureBlock(1, 10, 10, 9000, 90), "outside page 1"),
    ],
)
def test_a_block_outside_the_document_is_refused(plain_pdf: bytes, block: SignatureBlock, what: str) -> None:
    with pytest.raises(UsageProblem, match=what):
        prepare_fields(plain_pdf, [SignatureField("owner", "Signature", block)])


# ---------------------------------------------------------------- standards


@pytest.mark.pdf
@pytest.mark.parametrize("variant", ["pdf/a-3a", "pdf/ua-1"])
def test_what_a_declared_variant_asks_for_survives_signing(variant: str, ada: Signer, tmp_path: Path) -> None:
    pdf = make_pdf(variant)
    signed = sign_pdf(pdf, ada, **WORDS, field_name="owner", block=OWNER_BLOCK)
    assert only(signed).verdict == "good"
    with pikepdf.open(io.BytesIO(pdf)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        assert bytes(before.Root.Metadata.read_bytes()) == bytes(after.Root.Metadata.read_bytes())
        assert bool(after.Root.MarkInfo.Marked)
        assert "/NeedAppearances" not in after.Root.AcroForm
        page = after.pages[0]
        (widget,) = page.Annots
        assert str(widget.TU) == "Signature: Plan owner"
        assert page.Tabs == "/S"
        numbers = list(after.Root.StructTreeRoot.ParentTree.Nums)
        element = numbers[numbers.index(int(widget.StructParent)) + 1]
        assert element.S == "/Form"
        assert element.K.Obj.objgen == widget.objgen
        assert element.P.S == "/Document"
        assert element.objgen in [kid.objgen for kid in element.P.K]
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


# ---------------------------------------------------------------- tampering


def test_every_flipped_bit_is_caught(signed: bytes) -> None:
    chance = random.Random(7)
    start = signed.rindex(b"/ByteRange")
    gap = signed.rindex(b"/Contents <", 0, start)
    places = [chance.randrange(len(signed)) for _ in range(25)] + [
        start + 20,
        gap + 40,
        100,
        len(signed) - 30,
    ]
    for place in places:
        changed = bytearray(signed)
        changed[place] ^= 1
        reports = check_pdf_signatures(bytes(changed), trust=TRUST)
        padding = signed[place - 40 : place + 40].strip(b"0") == b""
        assert padding or not reports or all(report.verdict != "good" for report in reports), place
        assert not padding or reports


def _page_text(writer: Any) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    stream = generic.StreamObject(stream_data=b"BT ET")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)


def _field_value(writer: Any) -> None:
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == "lead":
            field["/V"] = generic.pdf_string("Mallory")
            writer.update_container(field)
            return
    raise AssertionError("no field")


def _note(writer: Any) -> None:
    page = writer.find_page_for_modification(1)[0].get_object()
    name = generic.NameObject
    rect = generic.ArrayObject([generic.NumberObject(n) for n in (10, 10, 90, 90)])
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/FreeText"),
            name("/Rect"): rect,
            name("/Contents"): generic.pdf_string("no longer valid"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])


def _attachment(writer: Any) -> None:
    name = generic.NameObject
    stream = writer.add_object(generic.StreamObject(stream_data=b"other"))
    spec = generic.DictionaryObject(
        {
            name("/Type"): name("/Filespec"),
            name("/F"): generic.pdf_string("plan.json"),
            name("/EF"): generic.DictionaryObject({name("/F"): stream}),
        }
    )
    pairs = generic.ArrayObject([generic.pdf_string("plan.json"), writer.add_object(spec)])
    files = generic.DictionaryObject({name("/Names"): pairs})
    writer.root["/Names"] = writer.add_object(
        generic.DictionaryObject({name("/EmbeddedFiles"): writer.add_object(files)})
    )
    writer.update_root()


def _title(writer: Any) -> None:
    info = writer.trailer["/Info"]
    info["/Title"] = generic.pdf_string("Another plan")
    writer.update_container(info)


def _look(field_name: str) -> Callable[[Any], None]:
    """Another appearance for a signature field, which nobody signed."""

    def edit(writer: Any) -> None:
        name = generic.NameObject
        for reference in writer.root["/AcroForm"]["/Fields"]:
            field = reference.get_object()
            if field["/T"] == field_name:
                look = generic.StreamObject(
                    {
                        name("/Type"): name("/XObject"),
                        name("/Subtype"): name("/Form"),
                        name("/BBox"): generic.ArrayObject(
                            [generic.NumberObject(n) for n in (0, 0, 200, 70)]
                        ),
                    },
                    stream_data=b"0 0 200 70 re f",
                )
                field["/AP"] = generic.DictionaryObject({name("/N"): writer.add_object(look)})
                writer.update_container(field)

    return edit


@pytest.mark.parametrize("field", ["owner", "approver"])
def test_a_painted_signature_is_no_signature(signed: bytes, appended: Append, field: str) -> None:
    report = only(appended(signed, _look(field)))
    assert (report.modified, report.verdict) == (True, "broken")
    assert f"the signature field {field!r} looks or stands otherwise" in report.changes


def test_the_look_of_an_earlier_signature_cannot_change_with_a_later_one(
    signed: bytes, appended: Append, ben: Signer
) -> None:
    twice = sign_pdf(appended(signed, _look("owner")), ben, **WORDS, field_name="approver")
    owner, approver = check_pdf_signatures(twice, trust=TRUST)
    assert (owner.verdict, approver.verdict) == ("broken", "good")


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (_page_text, "page 1 changed (Contents)"),
        (_field_value, "form field 'lead' changed"),
        (_note, "annotation (FreeText) on page 2 added"),
        (_attachment, "the catalogue of the document changed (Names)"),
        (_title, "the title or dates of the document changed"),
    ],
)
def test_an_edit_after_signing_is_named(
    signed: bytes, appended: Append, edit: Callable[[Any], None], named: str
) -> None:
    report = only(appended(signed, edit))
    assert report.intact, "the signed bytes are still there"
    assert (report.covers, report.modified, report.verdict) == ("revision", True, "broken")
    assert named in report.changes


def test_an_edit_before_the_second_signature_breaks_the_first_only(
    signed: bytes, appended: Append, ben: Signer
) -> None:
    edited = appended(signed, _page_text)
    twice = sign_pdf(edited, ben, **WORDS, field_name="approver")
    owner, approver = check_pdf_signatures(twice, trust=TRUST)
    assert owner.verdict == "broken"
    assert owner.changes[0] == "page 1 changed (Contents)", "what breaks it stands first"
    assert approver.verdict == "good"


def test_another_catalogue_behind_the_signature_is_caught(signed: bytes, appended: Append) -> None:
    def swap(writer: Any) -> None:
        copy = generic.DictionaryObject({key: writer.root.raw_get(key) for key in writer.root})
        copy["/PageLayout"] = generic.NameObject("/OneColumn")
        writer._root = writer.add_object(copy)

    swapped = appended(signed, swap)
    with pikepdf.open(io.BytesIO(swapped)) as pdf:
        assert pdf.Root.PageLayout == "/OneColumn"
    assert only(swapped).verdict in ("broken", "unreadable")


def test_bytes_after_the_end_are_named(signed: bytes) -> None:
    report = only(signed + b"\n% more")
    assert report.verdict == "broken"
    assert report.changes == ("7 bytes were appended after the signed part",)


def test_a_cut_file_never_passes(signed: bytes) -> None:
    for size in (0, 1, 10, 500, len(signed) // 2, len(signed) - 1000, len(signed) - 20):
        assert all(report.verdict != "good" for report in check_pdf_signatures(signed[:size], trust=TRUST))


def test_a_signature_moved_to_another_file_is_broken(signed: bytes, ada: Signer) -> None:
    start, end = (signed.index(mark, signed.rindex(b"/Contents")) for mark in (b"<", b">"))
    other = sign_pdf(
        prepare_fields(make_pdf(None), [SignatureField("owner", "Signature of the owner", OWNER_BLOCK)]),
        ada,
        **WORDS,
        field_name="owner",
    )
    there, until = (other.index(mark, other.rindex(b"/Contents")) for mark in (b"<", b">"))
    assert end - start == until - there
    replayed = other[:there] + signed[start:end] + other[until:]
    report = only(replayed)
    assert (report.intact, report.verdict) == (False, "broken")


# ---------------------------------------------------------------- trust, dates, strength


def test_a_signature_by_an_unknown_authority_is_intact_and_not_trusted(signed: bytes) -> None:
    stranger = issue("Somebody Else", is_authority=True)
    for trust in ((), (stranger.pem,)):
        report = only(signed, trust)
        assert (report.intact, report.trust, report.verdict) == (True, "unknown", "doubtful")
        assert report.trust_reason == "no chain leads to a certificate that you trust"


def test_a_self_signed_certificate_is_trusted_only_when_named(plain_pdf: bytes) -> None:
    alone = issue("Alone")
    signed = sign_pdf(plain_pdf, load_signer(alone.key_pem + alone.pem, None), **WORDS, field_name="owner")
    assert (only(signed).trust, only(signed).verdict) == ("self-signed", "doubtful")
    assert only(signed, (alone.pem,)).verdict == "good"


def test_an_expired_certificate_is_told_before_and_after_signing(plain_pdf: bytes) -> None:
    old = issue("Old Owner", authority.middle(), valid_from=NOW - timedelta(days=300), days=100)
    signer = load_signer(old.p12(), SecretStr(PASSPHRASE))
    assert signer.warning(NOW) == "the certificate of Old Owner expired on 2026-05-08"
    assert signer.warning(NOW - timedelta(days=250)) is None
    report = only(sign_pdf(plain_pdf, signer, **WORDS, field_name="owner"))
    assert (report.intact, report.trust, report.in_date, report.verdict) == (
        True,
        "trusted",
        False,
        "doubtful",
    )
    (then,) = check_pdf_signatures(
        sign_pdf(plain_pdf, signer, **WORDS, field_name="owner"), trust=TRUST, at=NOW - timedelta(days=250)
    )
    assert (then.in_date, then.judged_by) == (True, "given")


def test_weak_keys_are_named(plain_pdf: bytes) -> None:
    key = rsa.generate_private_key(65537, 1024)
    weak = issue("Weak", root(), key=key)
    with pytest.raises(UsageProblem, match="RSA key of 1024 bits is too weak"):
        load_signer(weak.p12(), SecretStr(PASSPHRASE))
    strong = load_signer(authority.owner().p12(), SecretStr(PASSPHRASE))
    forced = Signer(
        name="Weak",
        valid_from=strong.valid_from,
        valid_until=strong.valid_until,
        certificate=weak.certificate.public_bytes(Encoding.DER),
        chain=(),
        key=key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    )
    report = only(sign_pdf(plain_pdf, forced, **WORDS, field_name="owner"))
    assert (report.weak, report.verdict) == (("a key of 1024 bits (RSA)",), "doubtful")


def test_trust_that_holds_no_certificate_is_refused(signed: bytes) -> None:
    with pytest.raises(UsageProblem, match="trusted certificate 1: holds no certificate"):
        check_pdf_signatures(signed, trust=(b"nothing",))


# ---------------------------------------------------------------- timestamps


def test_a_timestamp_is_verified(plain_pdf: bytes, ada: Signer) -> None:
    later = NOW + timedelta(seconds=40)
    with timestamp_server(lambda query: honest_answer(query, later)) as address:
        signed = sign_pdf(plain_pdf, ada, **WORDS, field_name="owner", timestamp_url=address)
        beside = sign_detached(plain_pdf, ada, signed_at=NOW, timestamp_url=address)
    for report in (only(signed), check_detached(plain_pdf, beside, trust=TRUST)):
        assert report.timestamp is not None
        assert (report.timestamp.at, report.timestamp.by) == (later, "Example Time")
        assert (report.timestamp.intact, report.timestamp.trust) == (True, "trusted")
        assert (report.judged_at, report.judged_by, report.verdict) == (later, "timestamp", "good")
    (unknown,) = check_pdf_signatures(signed)
    assert unknown.timestamp is not None
    assert (unknown.timestamp.trust, unknown.judged_by) == ("unknown", "claim")


def test_a_certificate_that_expired_since_is_good_by_its_timestamp(plain_pdf: bytes) -> None:
    short = load_signer(
        issue("Short", authority.middle(), valid_from=NOW - timedelta(days=1), days=2).p12(),
        SecretStr(PASSPHRASE),
    )
    with timestamp_server(lambda query: honest_answer(query, NOW)) as address:
        signed = sign_pdf(plain_pdf, short, **WORDS, field_name="owner", timestamp_url=address)
    assert (only(signed).in_date, only(signed).verdict) == (True, "good")
    (now,) = check_pdf_signatures(signed, trust=TRUST, at=NOW + timedelta(days=90))
    assert (now.in_date, now.verdict) == (False, "doubtful")


@pytest.mark.parametrize(
    ("answer", "options", "what"),
    [
        (lambda query: b"hello", {"kind": "text/html"}, "answered with text/html, not with a timestamp"),
        (lambda query: b"hello", {}, "its answer is no RFC 3161 timestamp"),
        (lambda query: b"", {}, "its answer is no RFC 3161 timestamp"),
        (lambda query: b"", {"status": 500}, "answered with HTTP status 500"),
        (lambda query: b"", {"status": 302}, "answered with HTTP status 302"),
        (lambda query: bytes.fromhex("30053003020102"), {}, "refused: 'rejection'"),
        (lambda query: b"x" * 1_000_001, {}, "the answer is too long"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_an_error_in_words(
    plain_pdf: bytes, ada: Signer, answer: Any, options: Any, what: str
) -> None:
    with timestamp_server(answer, **options) as address, pytest.raises(TimestampFailed, match=what):
        sign_pdf(plain_pdf, ada, **WORDS, field_name="owner", timestamp_url=address)


def test_a_timestamp_of_something_else_is_refused(plain_pdf: bytes, ada: Signer) -> None:
    kept: list[bytes] = []

    def replay(query: bytes) -> bytes:
        kept.append(query)
        return honest_answer(kept[0], NOW)

    with timestamp_server(replay) as address:
        sign_detached(b"first", ada, signed_at=NOW, timestamp_url=address)
        with pytest.raises(TimestampFailed, match="its timestamp is for something else"):
            sign_detached(b"second", ada, signed_at=NOW, timestamp_url=address)


def test_a_timestamp_with_a_wrong_signature_is_refused(plain_pdf: bytes, ada: Signer) -> None:
    def forged(query: bytes) -> bytes:
        answer = bytearray(honest_answer(query, NOW))
        answer[-1] ^= 1
        return bytes(answer)

    with timestamp_server(forged) as address:
        with pytest.raises(TimestampFailed, match="the signature of its timestamp is wrong"):
            sign_pdf(plain_pdf, ada, **WORDS, field_name="owner", timestamp_url=address)
        with pytest.raises(TimestampFailed, match="the signature of its timestamp is wrong"):
            sign_detached(plain_pdf, ada, signed_at=NOW, timestamp_url=address)


def test_a_silent_server_and_a_missing_one(plain_pdf: bytes, ada: Signer) -> None:
    def slow(query: bytes) -> bytes:
        time.sleep(1)
        return b""

    with (
        timestamp_server(slow) as address,
        pytest.raises(TimestampFailed, match=r"no answer within 0\.2 seconds"),
    ):
        sign_detached(b"x", ada, signed_at=NOW, timestamp_url=address, timestamp_seconds=0.2)
    with timestamp_server(slow) as address:
        pass
    with pytest.raises(TimestampFailed, match="cannot be reached"):
        sign_detached(b"x", ada, signed_at=NOW, timestamp_url=address)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://example.com/", "tsa.example.com", "http://", "http://[x/"]
)
def test_only_http_addresses_are_asked(ada: Signer, address: str) -> None:
    with pytest.raises(UsageProblem, match="begins with http:// or https://"):
        sign_detached(b"x", ada, signed_at=NOW, timestamp_url=address)


# ---------------------------------------------------------------- detached


def test_a_detached_signature_holds_for_its_file_only(ada: Signer) -> None:
    signature = sign_detached(b"manifest", ada, signed_at=NOW)
    report = check_detached(b"manifest", signature, trust=TRUST)
    assert (report.verdict, report.signer, report.claimed_at) == ("good", "Ada Owner", NOW)
    assert (report.field, report.covers) == ("detached", "whole file")
    for data in (b"manifesT", b"", b"manifest\n"):
        assert check_detached(data, signature, trust=TRUST).verdict == "broken", "replayed on another file"


def test_a_changed_detached_signature_is_never_good(ada: Signer) -> None:
    signature = sign_detached(b"manifest", ada, signed_at=NOW)
    wrong = 0
    for place in range(0, len(signature), 97):
        changed = bytearray(signature)
        changed[place] ^= 1
        wrong += check_detached(b"manifest", bytes(changed), trust=TRUST).verdict != "good"
    # A flip inside the embedded root, which the reader has for himself, changes nothing.
    assert wrong > len(range(0, len(signature), 97)) / 2
    digest = bytearray(signature)
    digest[-20] ^= 1
    assert check_detached(b"manifest", bytes(digest), trust=TRUST).verdict == "broken"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees(ada: Signer, ben: Signer, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(root().pem)
    for signer in (ada, ben):
        (tmp_path / "manifest.json").write_bytes(b'{"a": 1}\n')
        (tmp_path / "manifest.json.p7s").write_bytes(sign_detached(b'{"a": 1}\n', signer, signed_at=NOW))
        command = (
            "openssl cms -verify -binary -inform DER -content manifest.json -in manifest.json.p7s"
            f" -CAfile ca.pem -purpose any -attime {int(NOW.timestamp())} -out out"
        ).split()
        good = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert good.returncode == 0, good.stderr
        (tmp_path / "manifest.json").write_bytes(b'{"a": 2}\n')
        assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0


# ---------------------------------------------------------------- key files and secrets


def test_pem_files_are_read_like_pkcs12() -> None:
    owner = authority.owner()
    for data, passphrase in (
        (owner.key_pem + owner.pem, None),
        (owner.pem + owner.key_pem, SecretStr("not needed")),
        (owner.locked_pem(), SecretStr(PASSPHRASE)),
    ):
        assert load_signer(data, passphrase).name == "Ada Owner"
    with_chain = load_signer(owner.key_pem, None, certificates=[root().pem + owner.pem])
    assert (with_chain.name, len(with_chain.chain)) == ("Ada Owner", 1)


@pytest.mark.parametrize(
    ("data", "passphrase", "what"),
    [
        (lambda: authority.owner().p12(), "wrong", "the passphrase is wrong"),
        (lambda: authority.owner().p12(), None, "protected by a passphrase, and none was given"),
        (lambda: authority.owner().locked_pem(), "wrong", "the passphrase is wrong, or the key is damaged"),
        (lambda: authority.owner().locked_pem(), None, "protected by a passphrase, and none was given"),
        (lambda: authority.owner().pem, None, "holds no private key"),
        (lambda: authority.owner().key_pem, None, "holds a key but no certificate of it"),
        (lambda: authority.owner().key_pem + root().pem, None, "none of its certificates belongs to the key"),
        (lambda: authority.encrypting_only().p12(), PASSPHRASE, "Only Encrypts may not sign"),
        (lambda: b"garbage", "any", "is neither a PKCS#12"),
        (lambda: b"", None, "is neither a PKCS#12"),
        (lambda: b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None, "the key cannot be read"),
    ],
)  # fmt: skip
def test_a_key_file_that_will_not_do(data: Callable[[], bytes], passphrase: str | None, what: str) -> None:
    with pytest.raises(UsageProblem, match=f"^key.p12: .*{what}"):
        load_signer(data(), SecretStr(passphrase) if passphrase else None, name="key.p12")


def test_a_kind_of_key_that_pdf_readers_lack_is_refused() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(UsageProblem, match="a key of this kind is not supported"):
        load_signer(pem + root().pem, None)


def test_a_key_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="cannot be read: No such file"):
        load_signer(tmp_path / "none.p12", None)
    (tmp_path / "key.p12").write_bytes(authority.owner().p12())
    assert load_signer(tmp_path / "key.p12", SecretStr(PASSPHRASE)).name == "Ada Owner"


def test_no_secret_is_ever_repeated(plain_pdf: bytes, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    secret = SecretStr(PASSPHRASE)
    signer = load_signer(authority.owner().p12(), secret)
    signed = sign_pdf(plain_pdf, signer, **WORDS, field_name="owner")
    said += [repr(signer), str(signer), repr(secret), repr(only(signed)), only(signed).model_dump_json()]
    for bad in (authority.approver().p12("another one"), authority.owner().locked_pem("another one"), b"x"):
        with pytest.raises(UsageProblem) as caught:
            load_signer(bad, secret)
        error: BaseException | None = caught.value
        while error is not None:
            said += [str(error), repr(error)]
            error = error.__cause__
    said += [caplog.text, *capfd.readouterr()]
    everything = "\n".join(said).encode() + signed
    assert PASSPHRASE.encode() not in everything
    assert b"another one" not in everything
    assert signer.key not in everything
    assert repr(signer.key).encode() not in everything


# ---------------------------------------------------------------- hostile input


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"\0" * 5000, b"%PDF-1.7\n" + b"[" * 100_000, b"%PDF-1.7\nstartxref\n9\n%%EOF"]
)
def test_garbage_is_a_fault_and_no_traceback(data: bytes) -> None:
    (report,) = check_pdf_signatures(data, trust=TRUST)
    assert report.verdict == "unreadable"
    assert report.fault is not None
    assert check_detached(b"x", data, trust=TRUST).verdict == "unreadable"


def test_damaged_files_end_in_a_report_soon(signed_twice: bytes) -> None:
    chance = random.Random(11)
    began = time.perf_counter()
    for _ in range(40):
        damaged = bytearray(signed_twice)
        for _ in range(chance.randrange(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        cut = bytes(
            damaged[: chance.randrange(len(damaged) // 2, len(damaged))] if chance.random() < 0.3 else damaged
        )
        reports = check_pdf_signatures(cut, trust=TRUST)
        assert all(report.covers != "whole file" or report.verdict != "good" for report in reports)
    assert time.perf_counter() - began < 60


def test_a_page_tree_in_circles_ends(signed: bytes, appended: Append) -> None:
    def circle(writer: Any) -> None:
        pages = writer.root["/Pages"]
        pages["/Kids"].append(writer.root.raw_get("/Pages"))
        writer.update_container(pages)

    report = only(appended(signed, circle))
    assert report.verdict in ("broken", "unreadable")


def test_the_command_line_starts_without_the_signing_library() -> None:
    code = "import sys, generator.cli, generator.model.signature; print('pyhanko' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"
