"""Signs PDFs (PAdES) and files (detached CMS), and checks such signatures. The only module that imports pyHanko.

Bytes in, bytes or reports out. No clock is read: the signing time is an argument. The network is touched for
one thing only, a timestamp that the caller asked for by its address; revocation is never fetched.
A signed file is never the same twice (nonces), so everything that must be reproducible ends before it is signed:
a signed PDF begins with exactly the bytes of the unsigned one.

Import it where it is needed, not at the top of a command: it takes half a second.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from generator.errors import UsageProblem
from generator.evidence.signature_block import (
    LEADING,
    MARGIN,
    SetText,
    SignatureBlock,
    block_lines,
    face,
    set_text,
)
from generator.evidence.signers import Signer, read_certificates
from generator.evidence.timestamps import (
    SECONDS,
    TimestampFailed,
    ask_for_timestamp,
    check_timestamp_address,
)
from generator.model.signature import SignatureReport

try:
    from asn1crypto import cms, keys, tsp, x509
    from cryptography.x509 import load_der_x509_certificate
    from pyhanko.pdf_utils import generic, layout
    from pyhanko.pdf_utils.font.api import FontEngineFactory
    from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.text import TextBoxStyle
    from pyhanko.sign import fields, signers, timestamps
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
    from pyhanko.sign.general import extract_signer_info
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
    from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
    from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
    from pyhanko.stamp import TextStampStyle
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms
    from pyhanko_certvalidator.registry import SimpleCertificateStore
except ModuleNotFoundError as missing:  # pragma: no cover - the lock always installs it
    raise UsageProblem(
        f"signatures need a library that is not installed ({missing.name}): pip install 'airplan-cli[sign]'"
    ) from None

for _library in ("pyhanko", "pyhanko_certvalidator", "fontTools"):
    # Their warnings come with tracebacks; what matters of them is in the report.
    logging.getLogger(_library).addHandler(logging.NullHandler())

MAX_PDF = 200_000_000
MAX_SIGNATURES = 50
HASH = "sha256"
FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
ROOM = 4_000
"""Bytes of a signature beside its certificates."""
ROOM_FOR_TIMESTAMP = 16_000
WEAK_HASHES = frozenset({"md2", "md5", "sha1"})
SIGNING_USES = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
ANY_ALGORITHM = CMSAlgorithmUsagePolicy.lift_policy(AcceptAllAlgorithms())
"""A weak algorithm is named in the report, not hidden behind an error."""


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
    writer = _writer(pdf)
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

    An empty field of that name is filled (and says where it shows); else one is made, at `block`. The first
    signature certifies the document: later signatures are allowed after it, every other change breaks it.
    Raises UsageProblem, or TimestampFailed.
    """
    writer = _writer(pdf)
    existing = {str(found): value for found, value, _ in fields.enumerate_sig_fields(writer.prev)}
    if existing.get(field_name) is not None:
        raise UsageProblem(f"signature field {field_name!r} is signed already")
    if field_name not in existing:
        _add_field(writer, SignatureField(field_name, f"Signature: {role}", block))
    elif block is None:
        block = _block_of(writer, field_name)
    style = None
    if block is not None:
        style = _style(set_text(block_lines(name, role, reason, signed_at), block))
    metadata = signers.PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm=HASH,
        name=name,
        reason=reason,
        location=location,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=not any(value is not None for value in existing.values()),
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    stamper = _stamper(timestamp_url, timestamp_seconds)
    pdf_signer = signers.PdfSigner(
        metadata, signer=_simple(signer), timestamper=stamper, stamp_style=style or TextStampStyle()
    )
    room = _room(signer, stamper is not None)
    try:
        session = pdf_signer.init_signing_session(writer, existing_fields_only=True)
        session.system_time = signed_at
        document = session.prepare_tbs_document(None, 2 * room)
        prepared, out = document.digest_tbs_document()
        attributes = PdfCMSSignedAttributes(signing_time=signed_at)
        asyncio.run(document.perform_signature(prepared.document_digest, attributes))
    except (TimestampFailed, UsageProblem):
        raise
    except Exception as error:
        raise UsageProblem(f"the PDF cannot be signed: {_words(error)}") from None
    signed: bytes = out.getvalue()
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


def _writer(pdf: bytes) -> Any:
    try:
        return _Writer(io.BytesIO(pdf))
    except Exception as error:
        raise UsageProblem(f"the PDF cannot be signed: {_words(error)}") from None


def _add_field(writer: Any, field: SignatureField) -> None:
    if not FIELD_NAME.fullmatch(field.name):
        raise UsageProblem(f"signature field {field.name!r}: letters, digits, `_` and `-` only")
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
    _tag(writer, reference, page_reference)


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


def _block_of(writer: Any, name: str) -> SignatureBlock | None:
    """Where an empty field shows, or None when it does not."""
    reference = next(ref for found, _, ref in fields.enumerate_sig_fields(writer) if found == name)
    left, bottom, right, top = (float(side) for side in reference.get_object()["/Rect"])
    return SignatureBlock(1, left, bottom, right, top) if right > left and top > bottom else None


def _tag(writer: Any, widget_reference: Any, page_reference: Any) -> None:
    """Hang the field into the structure tree (PDF/UA: a widget stands in a Form element)."""
    root = writer.root.get("/StructTreeRoot")
    if root is None:
        return
    numbers = root["/ParentTree"]
    while "/Kids" in numbers:
        numbers = numbers["/Kids"][-1]
    listed = numbers["/Nums"]
    key = max(
        int(root.get("/ParentTreeNextKey", 0)), 1 + max((int(n) for n in listed[::2]), default=-1)
    )
    top = root["/K"]
    document = top[0] if isinstance(top, list) else top
    holder = root.raw_get("/K")
    holder = holder.get_object() if isinstance(holder, generic.IndirectObject) else holder
    document_reference = holder.raw_get(0) if isinstance(holder, list) else root.raw_get("/K")
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
    kids = document.get("/K")
    if isinstance(kids, generic.ArrayObject):
        kids.append(element)
        writer.update_container(kids)
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

    def __init__(self, size: float) -> None:
        self.size = size

    def create_font_engine(self, writer: Any, obj_stream: Any = None) -> Any:
        return GlyphAccumulator(writer, io.BytesIO(face()), self.size, obj_stream=obj_stream)


def _style(text: SetText) -> Any:
    return TextStampStyle(
        border_width=1,
        background=None,
        # The text goes in as a value below: a `%` in a reason is no instruction.
        stamp_text=text.text.replace("%", "%%"),
        text_box_style=TextBoxStyle(
            font=_Face(text.size),
            font_size=text.size,
            leading=text.size * LEADING,
            box_layout_rule=_at_top_left(0),
        ),
        inner_content_layout=_at_top_left(MARGIN),
    )


def _at_top_left(margin: float) -> Any:
    return layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MIN,
        y_align=layout.AxisAlignment.ALIGN_MAX,
        margins=layout.Margins.uniform(margin),
    )


# ---------------------------------------------------------------- timestamps


def _stamper(address: str | None, seconds: float) -> Any:
    if address is None:
        return None
    check_timestamp_address(address)
    return _Stamper(address, seconds)


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
            response = tsp.TimeStampResp.load(answer, strict=True)
            status = response["status"]
            granted = status["status"].native in ("granted", "granted_with_mods")
            refusal = "; ".join(status["status_string"].native or ()) or status["status"].native
            token = response["time_stamp_token"] if granted else None
            info = token["content"]["encap_content_info"]["content"].parsed if token is not None else None
            imprint = info["message_imprint"] if info is not None else None
            ours = info is not None and (
                imprint["hashed_message"].native == message_digest
                and imprint["hash_algorithm"]["algorithm"].native == md_algorithm
                and info["nonce"].native == nonce
            )
        except Exception:
            raise TimestampFailed(
                f"timestamp server {self.address}: its answer is no RFC 3161 timestamp"
            ) from None
        if not granted:
            raise TimestampFailed(f"timestamp server {self.address}: refused: {refusal[:200]!r}")
        if not ours:
            raise TimestampFailed(f"timestamp server {self.address}: its timestamp is for something else")
        return token


# ---------------------------------------------------------------- checking


def check_pdf_signatures(
    pdf: bytes, *, trust: Iterable[bytes] = (), at: datetime | None = None
) -> tuple[SignatureReport, ...]:
    """A report on each signature, in the order they were made; empty for an unsigned PDF.

    `trust` are certificates (PEM or DER) that the reader trusts; nothing else is trusted. `at` is the moment to
    judge certificates for; without it a trusted timestamp's, else the one that the signer claims.
    A file that cannot be read gives one report with a `fault`, never an exception.
    Raises UsageProblem only for `trust` that holds no certificate.
    """
    anchors = _anchors(trust)
    if len(pdf) > MAX_PDF:
        return (SignatureReport(field="", fault=f"larger than {MAX_PDF} bytes, not read"),)
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = [
            (str(name), reference.get_object())
            for name, _, reference in fields.enumerate_sig_fields(reader, filled_status=True)
        ]
        if len(found) > MAX_SIGNATURES:
            return (SignatureReport(field="", fault=f"more than {MAX_SIGNATURES} signatures"),)
    except Exception as error:
        return (SignatureReport(field="", fault=f"not a PDF that can be read: {_words(error)}"),)
    reports = [_guarded(name, lambda n=name, f=field: _check_field(reader, n, f, pdf, anchors, at)) for name, field in found]  # type: ignore[misc]
    return tuple(sorted(reports, key=lambda report: report.revision))


def check_detached(
    data: bytes, signature: bytes, *, trust: Iterable[bytes] = (), at: datetime | None = None
) -> SignatureReport:
    """A report on a detached signature (CMS, DER) of `data`; garbage gives a `fault`. As check_pdf_signatures."""
    anchors = _anchors(trust)
    return _guarded("detached", lambda: _check_detached(data, signature, anchors, at))


def _guarded(name: str, check: Callable[[], SignatureReport]) -> SignatureReport:
    """Whatever a hostile file makes the library do, the answer is a report."""
    try:
        return check()
    except Exception as error:
        return SignatureReport(field=name, fault=f"the signature cannot be read: {_words(error)}")


def _words(error: Exception) -> str:
    text = " ".join(str(error).split())[:200]
    return text or type(error).__name__


def _anchors(trust: Iterable[bytes]) -> list[Any]:
    from cryptography.hazmat.primitives.serialization import Encoding

    found = [one for number, data in enumerate(trust, 1) for one in read_certificates(data, f"trusted certificate {number}")]
    return [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in found]


def _check_detached(data: bytes, signature: bytes, anchors: list[Any], at: datetime | None) -> SignatureReport:
    content = cms.ContentInfo.load(signature, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("it is no CMS signed data")
    signed = content["content"]
    if signed["encap_content_info"]["content"].native is not None:
        raise ValueError("it carries its own content, so it says nothing about the file beside it")
    judge = _Judge(signed, anchors, at)

    async def status(context: Any, stamp_context: Any) -> Any:
        return await async_validate_detached_cms(
            data,
            signed,
            signer_validation_context=context,
            ts_validation_context=stamp_context,
            key_usage_settings=SIGNING_USES,
            algorithm_policy=ANY_ALGORITHM,
        )

    return judge.report("detached", status, covers="whole file")
