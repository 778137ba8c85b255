"""Signs PDFs (PAdES) and files (detached CMS). With signature_check.py the only module that imports pyHanko.

Bytes in, bytes out. No clock is read: the signing time is an argument. The network is touched for one thing
only, a timestamp that the caller asked for by its address.
A signed file is never the same twice (nonces), so everything that must be reproducible ends before it is signed:
a signed PDF begins with exactly the bytes of the unsigned one.

Import it where it is needed, not at the top of a command: it takes half a second.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from generator.errors import PlanError, UsageProblem
from generator.evidence.signature_block import (
    LEADING,
    MARGIN,
    SetText,
    SignatureBlock,
    block_lines,
    face,
    set_text,
)
from generator.evidence.signature_check import PackedReader, check_detached, check_pdf_signatures
from generator.evidence.signers import Signer
from generator.evidence.timestamps import (
    SECONDS,
    TimestampFailed,
    ask_for_timestamp,
    check_timestamp_address,
)
from generator.model.signature import SignatureReport

try:
    from asn1crypto import cms, core, keys, tsp, x509
    from pyhanko.pdf_utils import generic, layout
    from pyhanko.pdf_utils.font.api import FontEngineFactory
    from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.text import TextBoxStyle
    from pyhanko.sign import fields, signers, timestamps
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
    from pyhanko.stamp import TextStampStyle
    from pyhanko_certvalidator.registry import SimpleCertificateStore
except ModuleNotFoundError as missing:  # pragma: no cover - the lock always installs it
    raise UsageProblem(
        f"signatures need a library that is not installed ({missing.name}): pip install 'airplan-cli[sign]'"
    ) from None

for _library in ("pyhanko", "pyhanko_certvalidator", "fontTools"):
    # Their warnings come with tracebacks; what matters of them is in the report.
    logging.getLogger(_library).addHandler(logging.NullHandler())

HASH = "sha256"
FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
ROOM = 4_000
"""Bytes of a signature beside its certificates."""
ROOM_FOR_TIMESTAMP = 16_000


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A place for a signature that somebody will make. Without a block it is invisible."""

    name: str
    """Letters, digits, `_` and `-`."""
    label: str
    """What a screen reader says, e.g. "Signature of the approver"."""
    block: SignatureBlock | None = None


# ---------------------------------------------------------------- signing


def prepare_fields(pdf: bytes, wanted: Sequence[SignatureField]) -> bytes:
    """The PDF with an empty signature field for each signer, tagged for screen readers.

    Done before the first signature, so that each later one only fills its own field.
    """
    with _in_words():
        writer = _Writer.from_reader(PackedReader(io.BytesIO(pdf)))
        for field in wanted:
            _add_field(writer, field)
        out = io.BytesIO()
        writer.write(out)
    return out.getvalue()


def sign_pdf(
    pdf: bytes,
    signer: Signer,
    *,
    name: str,
    role: str,
    reason: str,
    location: str | None = None,
    signed_at: datetime,
    field_name: str,
    block: SignatureBlock | None = None,
    timestamp_url: str | None = None,
    timestamp_seconds: float = SECONDS,
) -> bytes:
    """The PDF with one more signature: PAdES B-B, or B-T where a timestamp server is given.

    An empty field of that name is filled, where it stands; else one is made, at `block`. The first
    signature certifies the document: after it only prepared fields may be signed, and every other change shows.
    Raises UsageProblem, or TimestampFailed.
    """
    with _in_words():
        writer = _Writer.from_reader(PackedReader(io.BytesIO(pdf)))
        block = _ready_field(writer, field_name, role, block)
        text = set_text(block_lines(name, role, reason, signed_at), block) if block else None
        metadata = signers.PdfSignatureMetadata(
            field_name=field_name,
            md_algorithm=HASH,
            name=name,
            reason=reason,
            location=location,
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=not _is_signed(writer),
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        )
        pdf_signer = signers.PdfSigner(
            metadata,
            signer=_simple(signer),
            timestamper=_stamper(timestamp_url, timestamp_seconds),
            stamp_style=_style(text) if text else TextStampStyle(),
        )
        session = pdf_signer.init_signing_session(writer, existing_fields_only=True)
        session.system_time = signed_at
        document = session.prepare_tbs_document(None, 2 * _room(signer, timestamp_url is not None))
        prepared, out = document.digest_tbs_document()
        attributes = PdfCMSSignedAttributes(signing_time=signed_at)
        asyncio.run(document.perform_signature(prepared.document_digest, attributes))
    signed: bytes = out.getvalue()
    if timestamp_url is not None:
        made = next(report for report in check_pdf_signatures(signed) if report.field == field_name)
        _check_timestamp(made, timestamp_url)
    return signed


def sign_detached(
    data: bytes,
    signer: Signer,
    *,
    signed_at: datetime,
    timestamp_url: str | None = None,
    timestamp_seconds: float = SECONDS,
) -> bytes:
    """A detached CMS signature (DER) of any file; `openssl cms -verify -binary -inform DER` checks it."""
    stamper = _stamper(timestamp_url, timestamp_seconds)
    signature = asyncio.run(
        _simple(signer).async_sign_general_data(
            data,
            HASH,
            detached=True,
            timestamper=stamper,
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=signed_at),
        )
    )
    der: bytes = signature.dump()
    if timestamp_url is not None:
        _check_timestamp(check_detached(data, der), timestamp_url)
    return der


def _simple(signer: Signer) -> Any:
    store = SimpleCertificateStore()
    store.register_multiple([x509.Certificate.load(der) for der in signer.chain])
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(signer.certificate),
        signing_key=keys.PrivateKeyInfo.load(signer.key),
        cert_registry=store,
    )


def _room(signer: Signer, timestamped: bool) -> int:
    certificates = len(signer.certificate) + sum(map(len, signer.chain))
    return ROOM + certificates + (ROOM_FOR_TIMESTAMP if timestamped else 0)


class _Writer(IncrementalPdfFileWriter):  # type: ignore[misc]
    """Leaves the metadata alone: its dates are those of the plan, and pyHanko would read the clock."""

    def _update_meta(self) -> None:
        pass


@contextmanager
def _in_words() -> Iterator[None]:
    """Whatever pyHanko makes of a PDF that it cannot take, the user gets one line."""
    try:
        yield
    except PlanError:
        raise
    except Exception as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise UsageProblem(f"the PDF cannot be signed: {why}") from None


def _add_field(writer: Any, field: SignatureField) -> None:
    if not FIELD_NAME.fullmatch(field.name):
        raise UsageProblem(f"signature field {field.name!r}: letters, digits, `_` and `-` only")
    if any(name == field.name for name, _, _ in fields.enumerate_sig_fields(writer)):
        raise UsageProblem(f"signature field {field.name!r} is there already")
    block = field.block
    pages = int(writer.prev.root["/Pages"]["/Count"])
    if block is not None and not 1 <= block.page <= pages:
        raise UsageProblem(f"signature field {field.name!r}: page {block.page} of {pages} does not exist")
    page = block.page - 1 if block else 0
    if block is not None:
        _check_box(writer, block, field.name)
    box = (block.left, block.bottom, block.right, block.top) if block else None
    fields.append_signature_field(
        writer,
        fields.SigFieldSpec(field.name, on_page=page, box=box, readable_field_name=field.label),
    )
    reference = next(ref for name, _, ref in fields.enumerate_sig_fields(writer) if name == field.name)
    page_reference = writer.find_page_for_modification(page)[0]
    if not _is_signed(writer):
        # After a signature the structure may not change: only a field prepared before it can be tagged.
        _tag(writer, reference, page_reference)


def _ready_field(writer: Any, name: str, role: str, block: SignatureBlock | None) -> SignatureBlock | None:
    """Makes the field to sign unless it is there and empty; gives where it shows."""
    there = {str(found): (value, field) for found, value, field in fields.enumerate_sig_fields(writer.prev)}
    if name not in there:
        if "/Perms" in writer.root:
            raise UsageProblem(
                f"signature field {name!r}: the PDF is certified, so it takes a signature only in a field"
                " that was prepared before the first one"
            )
        _add_field(writer, SignatureField(name, f"Signature: {role}", block))
        return block
    value, reference = there[name]
    if value is not None:
        raise UsageProblem(f"signature field {name!r} is signed already")
    left, bottom, right, top = (int(side) for side in reference.get_object()["/Rect"])
    # The page does not matter here: the field is on it already.
    return SignatureBlock(1, left, bottom, right, top) if right > left and top > bottom else None


def _is_signed(writer: Any) -> bool:
    return any(True for _ in fields.enumerate_sig_fields(writer.prev, filled_status=True))


def _check_box(writer: Any, block: SignatureBlock, name: str) -> None:
    page = writer.find_page_for_modification(block.page - 1)[0].get_object()
    media = [float(side) for side in _inherited(page, "/MediaBox")]
    inside = (
        media[0] <= block.left < block.right <= media[2] and media[1] <= block.bottom < block.top <= media[3]
    )
    if not inside:
        raise UsageProblem(f"signature field {name!r}: its box lies outside page {block.page}")


def _inherited(page: Any, key: str) -> Any:
    for _ in range(50):
        if key in page:
            return page[key]
        page = page["/Parent"]
    raise UsageProblem(f"the PDF cannot be signed: a page has no {key}")


def _tag(writer: Any, widget_reference: Any, page_reference: Any) -> None:
    """Hang the field into the structure tree (PDF/UA: a widget stands in a Form element)."""
    if "/StructTreeRoot" not in writer.root:
        return
    root = writer.root["/StructTreeRoot"]
    numbers = root["/ParentTree"]
    while "/Kids" in numbers:
        numbers = numbers["/Kids"][-1]
    listed = numbers["/Nums"]
    key = 1 + max((int(number) for number in list(listed)[::2]), default=-1)
    if "/ParentTreeNextKey" in root:
        key = max(key, int(root["/ParentTreeNextKey"]))
    # The element of the whole document is the only child of the root, alone or in a list.
    top: Any = root["/K"]
    document_reference: Any = top.raw_get(0) if isinstance(top, generic.ArrayObject) else root.raw_get("/K")
    document = document_reference.get_object()
    name = generic.NameObject
    element = writer.add_object(
        generic.DictionaryObject(
            {
                name("/Type"): name("/StructElem"),
                name("/S"): name("/Form"),
                name("/P"): document_reference,
                name("/Pg"): page_reference,
                name("/K"): generic.DictionaryObject(
                    {
                        name("/Type"): name("/OBJR"),
                        name("/Obj"): widget_reference,
                        name("/Pg"): page_reference,
                    }
                ),
            }
        )
    )
    if "/K" in document and isinstance(document["/K"], generic.ArrayObject):
        document["/K"].append(element)
        writer.update_container(document["/K"])
    else:
        there = [document.raw_get("/K")] if "/K" in document else []
        document["/K"] = generic.ArrayObject([*there, element])
        writer.update_container(document)
    listed.append(generic.NumberObject(key))
    listed.append(element)
    writer.update_container(listed)
    if "/Limits" in numbers:
        numbers["/Limits"] = generic.ArrayObject([numbers["/Limits"][0], generic.NumberObject(key)])
        writer.update_container(numbers)
    root["/ParentTreeNextKey"] = generic.NumberObject(key + 1)
    writer.update_container(root)
    widget = widget_reference.get_object()
    widget["/StructParent"] = generic.NumberObject(key)
    writer.update_container(widget)
    page = page_reference.get_object()
    page["/Tabs"] = name("/S")
    writer.update_container(page)


class _Face(FontEngineFactory):  # type: ignore[misc]
    """The shipped sans-serif, of which only the letters used are embedded."""

    def __init__(self, size: int) -> None:
        self.size = size

    def create_font_engine(self, writer: Any, obj_stream: Any = None) -> Any:
        return GlyphAccumulator(writer, io.BytesIO(face()), self.size, obj_stream=obj_stream)


def _style(text: SetText) -> Any:
    return TextStampStyle(
        border_width=1,
        background=None,
        # A `%` in a reason is no instruction.
        stamp_text=text.text.replace("%", "%%"),
        text_box_style=TextBoxStyle(
            font=_Face(text.size),
            font_size=text.size,
            leading=text.size + LEADING,
            box_layout_rule=_at_top_left(0),
        ),
        inner_content_layout=_at_top_left(MARGIN),
    )


def _at_top_left(margin: int) -> Any:
    return layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MIN,
        y_align=layout.AxisAlignment.ALIGN_MAX,
        margins=layout.Margins.uniform(margin),
    )


# ---------------------------------------------------------------- timestamps


def _check_timestamp(report: SignatureReport, address: str) -> None:
    """A broken timestamp would break the signature for every reader: better none at all."""
    if report.timestamp is None or not report.timestamp.intact:
        raise TimestampFailed(f"timestamp server {address}: the signature of its timestamp is wrong")


def _answers(token: Any, digest: bytes, algorithm: str, nonce: int) -> bool:
    """The token is over this digest, and made for this question."""
    told = token["content"]["encap_content_info"]["content"].parsed
    imprint = told["message_imprint"]
    return bool(
        imprint["hashed_message"].native == digest
        and imprint["hash_algorithm"]["algorithm"].native == algorithm
        and told["nonce"].native == nonce
    )


def _stamper(address: str | None, seconds: float) -> Any:
    if address is None:
        return None
    check_timestamp_address(address)
    return _Stamper(address, seconds)


class _Answer(core.Sequence):  # type: ignore[misc]
    """TimeStampResp; asn1crypto's own does not know that a refusal comes without a token."""

    _fields = [("status", tsp.PKIStatusInfo), ("token", cms.ContentInfo, {"optional": True})]


class _Stamper(timestamps.TimeStamper):  # type: ignore[misc]
    """Asks once for each signature, and takes only an answer to its own question."""

    def __init__(self, address: str, seconds: float) -> None:
        super().__init__()
        self.address = address
        self.seconds = seconds

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        nonce, query = self.request_cms(message_digest, md_algorithm)
        answer = ask_for_timestamp(self.address, query.dump(), self.seconds)
        try:
            response = _Answer.load(answer, strict=True)
            status = response["status"]
            granted = status["status"].native in ("granted", "granted_with_mods")
            refusal = "; ".join(status["status_string"].native or ()) or status["status"].native
            token = response["token"]
            ours = granted and _answers(token, message_digest, md_algorithm, nonce)
        except Exception:
            raise TimestampFailed(
                f"timestamp server {self.address}: its answer is no RFC 3161 timestamp"
            ) from None
        if not granted:
            raise TimestampFailed(f"timestamp server {self.address}: refused: {refusal[:200]!r}")
        if not ours:
            raise TimestampFailed(f"timestamp server {self.address}: its timestamp is for something else")
        return token
