"""A throw-away certificate authority, signers, and a timestamp server on loopback. Nothing here reaches the network."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PASSPHRASE = "correct horse 7731"


@dataclass(frozen=True)
class Identity:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def locked_pem(self, passphrase: str = PASSPHRASE) -> bytes:
        lock = BestAvailableEncryption(passphrase.encode())
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock) + self.pem

    def p12(self, passphrase: str = PASSPHRASE) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"key", self.key, self.certificate, list(self.chain), BestAvailableEncryption(passphrase.encode())
        )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Test Authority"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, sign: bool = False, certify: bool = False, encrypt: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(sign, sign, encrypt, False, False, certify, certify, False, False)


@lru_cache
def _key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def issue(
    common: str,
    issuer: Identity | None = None,
    *,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None,
    valid_from: datetime = NOW - timedelta(days=200),
    days: int = 400,
    is_authority: bool = False,
    usage: x509.KeyUsage | None = None,
    stamping: bool = False,
) -> Identity:
    own = key or _key(common)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(issuer.certificate.subject if issuer else _name(common))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_from + timedelta(days=days))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(usage or _usage(sign=not is_authority, certify=is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    if stamping:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    signer = issuer.key if issuer else own
    chain = (issuer.certificate, *issuer.chain) if issuer else ()
    return Identity(builder.sign(signer, hashes.SHA256()), own, chain)


@lru_cache
def root() -> Identity:
    return issue("Example Root", is_authority=True, days=4000, valid_from=NOW - timedelta(days=1000))


@lru_cache
def middle() -> Identity:
    return issue(
        "Example Issuing", root(), is_authority=True, days=3000, valid_from=NOW - timedelta(days=900)
    )


@lru_cache
def owner() -> Identity:
    return issue("Ada Owner", middle())


@lru_cache
def approver() -> Identity:
    return issue("Ben Approver", middle(), key=ec.generate_private_key(ec.SECP256R1()))


@lru_cache
def stamping_authority() -> Identity:
    return issue("Example Time", root(), stamping=True, days=3000, valid_from=NOW - timedelta(days=900))


def encrypting_only() -> Identity:
    return issue("Only Encrypts", middle(), usage=_usage(encrypt=True))


def honest_answer(query: bytes, at: datetime) -> bytes:
    """What a timestamp authority says to `query`."""
    identity = stamping_authority()
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(identity.certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(
            identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        certs_to_embed=[asn1_x509.Certificate.load(root().certificate.public_bytes(Encoding.DER))],
        fixed_dt=at,
    )
    return stamper.request_tsa_response(tsp.TimeStampReq.load(query)).dump()


@contextmanager
def timestamp_server(
    answer: Callable[[bytes], bytes], *, kind: str = "application/timestamp-reply", status: int = 200
) -> Iterator[str]:
    """A server on loopback that answers each query with `answer(query)`; gives its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
