"""Small PDFs to sign, a signed one, and revisions appended to it behind the signer's back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr
from weasyprint import HTML

from generator.evidence.signature_block import SignatureBlock
from generator.evidence.signers import Signer, load_signer
from generator.evidence.signing import SignatureField, prepare_fields, sign_pdf
from tests.evidence import authority

PAGE = """<html lang=en><head><title>Plan</title><style>
@font-face {font-family: Plan; src: url(file:%s)} * {font-family: Plan}
@page {size: A4}</style></head><body><h1>Incident response plan</h1><p>Stop the model.</p>
<h2 style="break-before: page">Second page</h2><p><label>Name <input name=lead value=Ada></label></p></body></html>"""
OWNER_BLOCK = SignatureBlock(1, 60, 80, 260, 150)
APPROVER_BLOCK = SignatureBlock(1, 300, 80, 520, 150)


def make_pdf(variant: str | None, forms: bool = False) -> bytes:
    from generator.paths import data_folder

    font = data_folder("templates") / "fonts" / "plex" / "IBMPlexSans-Regular.woff2"
    return HTML(string=PAGE % font).write_pdf(
        pdf_variant=variant, pdf_forms=forms or None, pdf_tags=variant is None
    )


@pytest.fixture(scope="session")
def plain_pdf() -> bytes:
    """Two tagged pages with a form field, as PDF/A-3a would have no form."""
    return make_pdf(None, forms=True)


@pytest.fixture(scope="session")
def ada() -> Signer:
    return load_signer(authority.owner().p12(), SecretStr(authority.PASSPHRASE))


@pytest.fixture(scope="session")
def ben() -> Signer:
    return load_signer(authority.approver().p12(), SecretStr(authority.PASSPHRASE))


@pytest.fixture(scope="session")
def prepared(plain_pdf: bytes) -> bytes:
    return prepare_fields(
        plain_pdf,
        [
            SignatureField("owner", "Signature of the owner", OWNER_BLOCK),
            SignatureField("approver", "Signature of the approver", APPROVER_BLOCK),
        ],
    )


@pytest.fixture(scope="session")
def signed(prepared: bytes, ada: Signer) -> bytes:
    """Signed by the owner; the field of the approver is still empty."""
    return sign_pdf(
        prepared,
        ada,
        name="Ada Owner",
        role="Plan owner",
        reason="I approve version 2.0, 100 %",
        signed_at=authority.NOW,
        field_name="owner",
    )


@pytest.fixture(scope="session")
def signed_twice(signed: bytes, ben: Signer) -> bytes:
    return sign_pdf(
        signed,
        ben,
        name="Ben Approver",
        role="Approver",
        reason="Approved",
        signed_at=authority.NOW,
        field_name="approver",
    )


@pytest.fixture
def appended() -> Callable[[bytes, Callable[[Any], None]], bytes]:
    """`appended(pdf, edit)`: the PDF with one more revision, in which `edit(writer)` changed something."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    def make(pdf: bytes, edit: Callable[[Any], None]) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        writer._update_meta = lambda: None
        edit(writer)
        out = io.BytesIO()
        writer.write(out)
        assert out.getvalue().startswith(pdf)
        return out.getvalue()

    return make
